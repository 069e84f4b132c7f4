// What CHighway declares, by the C library's sort: so the checks need no C++ library for another processor.
#include <stdlib.h>

#include "CHighway.h"

#define SORT_ROWS(name, T, BEFORE)                                                             \
    static int by_##name(const void *a, const void *b) {                                       \
        const T *x = a, *y = b;                                                                \
        return BEFORE(*x, *y) ? -1 : BEFORE(*y, *x) ? 1 : 0;                                   \
    }                                                                                          \
    void chwy_sort_##name(T *keys, intptr_t rows, intptr_t count) {                            \
        for (intptr_t row = 0; row < rows; row++)                                              \
            qsort(keys + row * count, (size_t)count, sizeof(T), by_##name);                    \
    }
#define LESS(x, y) ((x) < (y))
#define PAIR_LESS(x, y) ((x).high < (y).high || ((x).high == (y).high && (x).low < (y).low))
SORT_ROWS(i32, int32_t, LESS)
SORT_ROWS(i64, int64_t, LESS)
SORT_ROWS(u64, uint64_t, LESS)
SORT_ROWS(pairs, chwy_pair, PAIR_LESS)
