// Sorting by Highway's vectorised quicksort (hwy/contrib/sort), which is C++, for callers in C.
//
// Highway chooses by itself, when the program runs, between what it was compiled for: SSE4, AVX2, AVX-512, NEON, SVE.
// Its pivots are random, so keys that compare equal must also look equal: that is why there are integers only.
#ifndef CHIGHWAY_H
#define CHIGHWAY_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A number of 128 bits: `high` decides, then `low`.
typedef struct {
    uint64_t low, high;
} chwy_pair;

/// Each sorts `rows` rows of `count` keys upwards, in place; the rows lie one after another.
void chwy_sort_i32(int32_t *keys, intptr_t rows, intptr_t count);
void chwy_sort_i64(int64_t *keys, intptr_t rows, intptr_t count);
void chwy_sort_u64(uint64_t *keys, intptr_t rows, intptr_t count);
void chwy_sort_pairs(chwy_pair *keys, intptr_t rows, intptr_t count);

#ifdef __cplusplus
}
#endif

#endif
