// The largest and smallest of a row in floating point.
//
// Which of two equal zeros comes out depends on the order in which the elements meet. NumPy puts the first element
// into every lane of a vector of 32 bytes, passes the rest by vector after vector, folds the upper half of the lanes
// into the lower until one is left, and takes what does not fill a vector at the end; of two equal elements the later
// stays. So does this, with lanes of 32 bytes on every processor, so that the bits do not depend on it.
#include <math.h>

#include "ck_core.h"
#include "array/fold.h"

#define EXTREME_PIECES 16

#define EXTREME_AT(k) (*(const stored *)(row + i + (k) * COUNT))

// `best` is passed by the whole vectors of i ..< end. A NaN is only noticed, in a second look at each block of 4096
// while it is near, and looked for at the end.
#define EXTREME_FOLD(OPERATOR)                                                                  \
    while (i + COUNT <= end) {                                                                  \
        const ptrdiff_t start = i, stop = end - i < 4096 ? end : i + 4096;                      \
        for (; i + 8 * COUNT <= stop; i += 8 * COUNT) {                                         \
            lanes a = EXTREME_AT(0), b = EXTREME_AT(1), c = EXTREME_AT(2), d = EXTREME_AT(3);   \
            lanes e = EXTREME_AT(4), f = EXTREME_AT(5), g = EXTREME_AT(6), h = EXTREME_AT(7);   \
            a = a OPERATOR b ? a : b;                                                           \
            c = c OPERATOR d ? c : d;                                                           \
            e = e OPERATOR f ? e : f;                                                           \
            g = g OPERATOR h ? g : h;                                                           \
            a = a OPERATOR c ? a : c;                                                           \
            e = e OPERATOR g ? e : g;                                                           \
            a = a OPERATOR e ? a : e;                                                           \
            best = best OPERATOR a ? best : a;                                                  \
        }                                                                                       \
        for (; i + COUNT <= stop; i += COUNT) {                                                 \
            lanes a = EXTREME_AT(0);                                                            \
            best = best OPERATOR a ? best : a;                                                  \
        }                                                                                       \
        for (ptrdiff_t k = start; k < i; k++) odd |= row[k] != row[k];                          \
    }

#define EXTREME_HALF(OPERATOR, ...)                                                             \
    {                                                                                           \
        lanes upper = __builtin_shufflevector(best, best, __VA_ARGS__);                         \
        best = best OPERATOR upper ? best : upper;                                              \
    }
#define EXTREME_HALVES_f32(OPERATOR)               \
    EXTREME_HALF(OPERATOR, 4, 5, 6, 7, 4, 5, 6, 7) \
    EXTREME_HALF(OPERATOR, 2, 3, 2, 3, 2, 3, 2, 3) \
    EXTREME_HALF(OPERATOR, 1, 1, 1, 1, 1, 1, 1, 1)
#define EXTREME_HALVES_f64(OPERATOR)           \
    EXTREME_HALF(OPERATOR, 2, 3, 2, 3)         \
    EXTREME_HALF(OPERATOR, 1, 1, 1, 1)

// The lanes of `best` and the elements from i on, in one.
#define EXTREME_JOIN(suffix, OPERATOR)                                                          \
    {                                                                                           \
        EXTREME_HALVES_##suffix(OPERATOR)                                                       \
        result = best[0];                                                                       \
        for (; i < n; i++) {                                                                    \
            odd |= row[i] != row[i];                                                            \
            result = result OPERATOR row[i] ? result : row[i];                                  \
        }                                                                                       \
    }

#define EXTREME(suffix, T)                                                                               \
    typedef T lanes_##suffix __attribute__((ext_vector_type(32 / sizeof(T))));                           \
    typedef lanes_##suffix stored_##suffix __attribute__((aligned(sizeof(T)), may_alias));               \
    static T first_nan_##suffix(const T *row) {                                                          \
        while (*row == *row) row++; /* it is there */                                                    \
        return *row;                                                                                     \
    }                                                                                                    \
    CK_CLONES T ck_extreme_row_##suffix(int32_t smallest, ptrdiff_t n, const T *row) {                   \
        enum { COUNT = 32 / sizeof(T) };                                                                 \
        typedef lanes_##suffix lanes;                                                                    \
        typedef stored_##suffix stored;                                                                  \
        lanes best = row[0];                                                                             \
        uint8_t odd = row[0] != row[0];                                                                  \
        const ptrdiff_t end = n;                                                                         \
        ptrdiff_t i = 1;                                                                                 \
        T result;                                                                                        \
        if (smallest) {                                                                                  \
            EXTREME_FOLD(<)                                                                              \
            EXTREME_JOIN(suffix, <)                                                                      \
        } else {                                                                                         \
            EXTREME_FOLD(>)                                                                              \
            EXTREME_JOIN(suffix, >)                                                                      \
        }                                                                                                \
        return odd ? first_nan_##suffix(row) : result;                                                   \
    }                                                                                                    \
    /* The lanes of one piece of a long row; whether there was NaN. */                                   \
    CK_CLONES static int32_t ck_extreme_lanes_##suffix(int32_t smallest, ptrdiff_t first, ptrdiff_t end, \
                                                const T *row, T begin, T *found) {                       \
        enum { COUNT = 32 / sizeof(T) };                                                                 \
        typedef lanes_##suffix lanes;                                                                    \
        typedef stored_##suffix stored;                                                                  \
        lanes best = begin;                                                                              \
        uint8_t odd = begin != begin;                                                                    \
        ptrdiff_t i = first;                                                                             \
        if (smallest) {                                                                                  \
            EXTREME_FOLD(<)                                                                              \
        } else {                                                                                         \
            EXTREME_FOLD(>)                                                                              \
        }                                                                                                \
        for (int l = 0; l < COUNT; l++) found[l] = best[l];                                              \
        return odd;                                                                                      \
    }                                                                                                    \
    typedef struct {                                                                                     \
        int32_t smallest, odd[EXTREME_PIECES];                                                           \
        ptrdiff_t n;                                                                                     \
        const T *row;                                                                                    \
        T lanes[EXTREME_PIECES][32 / sizeof(T)];                                                         \
    } long_##suffix;                                                                                     \
    static void piece_##suffix(void *context, int32_t part) {                                            \
        enum { COUNT = 32 / sizeof(T) };                                                                 \
        long_##suffix *work = context;                                                                   \
        ptrdiff_t first, end;                                                                            \
        ck_part_range((work->n - 1) / COUNT, EXTREME_PIECES, part, &first, &end);                        \
        /* The row's first element is the earliest, so only the first piece may hold it. */              \
        T begin = part == 0 ? work->row[0] : work->smallest ? (T)INFINITY : (T)-INFINITY;                \
        work->odd[part] = ck_extreme_lanes_##suffix(work->smallest, 1 + first * COUNT,                   \
                                                    1 + end * COUNT, work->row, begin,                   \
                                                    work->lanes[part]);                                  \
    }                                                                                                    \
    T ck_extreme_long_row_##suffix(int32_t smallest, ptrdiff_t n, const T *row) {                        \
        enum { COUNT = 32 / sizeof(T) };                                                                 \
        long_##suffix work = {.smallest = smallest, .n = n, .row = row};                                 \
        ck_parallel(EXTREME_PIECES, piece_##suffix, &work);                                              \
        typedef lanes_##suffix lanes;                                                                    \
        lanes best = *(const stored_##suffix *)work.lanes[0];                                            \
        int32_t odd = work.odd[0];                                                                       \
        for (int p = 1; p < EXTREME_PIECES; p++) {                                                       \
            lanes later = *(const stored_##suffix *)work.lanes[p];                                       \
            odd |= work.odd[p];                                                                          \
            if (smallest) best = best < later ? best : later;                                            \
            else best = best > later ? best : later;                                                     \
        }                                                                                                \
        T result;                                                                                        \
        ptrdiff_t i = 1 + (n - 1) / COUNT * COUNT;                                                       \
        if (smallest) EXTREME_JOIN(suffix, <)                                                            \
        else EXTREME_JOIN(suffix, >)                                                                     \
        return odd ? first_nan_##suffix(row) : result;                                                   \
    }
EXTREME(f32, float)
EXTREME(f64, double)
