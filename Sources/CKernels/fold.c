// Sums, products and extremes of one plane along its rows, in order.
#include "ck_clones.h"
#include "ck_fold.h"

/// out[j] = EXPRESSION over the rows in order, four rows to a pass; IDENTITY when there are no rows.
#define FOLD_ROWS(T, IDENTITY, EXPRESSION)                                               \
    if (n == 0) {                                                                        \
        for (intptr_t j = 0; j < inner; j++) out[j] = (T)(IDENTITY);                     \
    } else if (inner == 1) {                                                             \
        T x = a[0];                                                                      \
        for (intptr_t i = 1; i < n; i++) { T y = a[i]; x = (T)(EXPRESSION); }            \
        out[0] = x;                                                                      \
    } else {                                                                             \
        for (intptr_t j = first; j < end; j++) out[j] = a[j];                            \
        intptr_t i = 1;                                                                  \
        for (; i + 4 <= n; i += 4) {                                                     \
            const T *row = a + i * inner;                                                \
            VECTOR for (intptr_t j = first; j < end; j++) {                              \
                T x = out[j], y = row[j];                                                \
                x = (T)(EXPRESSION);                                                     \
                y = row[j + inner];                                                      \
                x = (T)(EXPRESSION);                                                     \
                y = row[j + 2 * inner];                                                  \
                x = (T)(EXPRESSION);                                                     \
                y = row[j + 3 * inner];                                                  \
                out[j] = (T)(EXPRESSION);                                                \
            }                                                                            \
        }                                                                                \
        for (; i < n; i++) {                                                             \
            const T *row = a + i * inner;                                                \
            VECTOR for (intptr_t j = first; j < end; j++) {                              \
                T x = out[j], y = row[j];                                                \
                out[j] = (T)(EXPRESSION);                                                \
            }                                                                            \
        }                                                                                \
    }                                                                                    \
    break;

#define LANES 64

// Many independent extremes, so that the loop is not bound by the latency of one comparison. A NaN is only noticed,
// in a second look at each block of 4096 while it is near, and then looked for.
#define EXTREME_ROW(T, BETTER, KEEP)                                          \
    if (inner == 1 && n >= LANES) {                                           \
        T best[LANES];                                                        \
        uint8_t odd = 0;                                                      \
        for (int l = 0; l < LANES; l++) best[l] = a[l];                       \
        intptr_t i = 0;                                                       \
        while (i + LANES <= n) {                                              \
            intptr_t start = i, end = n - i < 4096 ? n : i + 4096;            \
            for (; i + LANES <= end; i += LANES)                              \
                for (int l = 0; l < LANES; l++) {                             \
                    T x = best[l], y = a[i + l];                              \
                    best[l] = BETTER ? y : x;                                 \
                }                                                             \
            for (intptr_t k = start; k < i; k++) odd |= a[k] != a[k];         \
        }                                                                     \
        /* The last LANES again: an extreme does not mind. */                 \
        for (int l = 0; l < LANES; l++) {                                     \
            T x = best[l], y = a[n - LANES + l];                              \
            best[l] = BETTER ? y : x;                                         \
            odd |= y != y;                                                    \
        }                                                                     \
        for (int width = LANES / 2; width > 0; width /= 2)                    \
            for (int l = 0; l < width; l++) {                                 \
                T x = best[l], y = best[l + width];                           \
                best[l] = BETTER ? y : x;                                     \
            }                                                                 \
        T result = best[0];                                                   \
        if (odd)                                                              \
            for (intptr_t k = n - 1; k >= 0; k--)                             \
                if (a[k] != a[k]) result = a[k];                              \
        out[0] = result;                                                      \
        break;                                                                \
    }                                                                         \
    FOLD_ROWS(T, 0, KEEP ? x : y)

#define REDUCE(suffix, T, U, SUMS)                                                                        \
    /* One (count, inner) plane, columns first ..< end of it. */                                          \
    CK_CLONES void ck_fold_##suffix(int32_t reduction, intptr_t n, intptr_t inner, intptr_t first,        \
                                    intptr_t end, const T *a, T *out) {                                   \
        switch (reduction) {                                                                              \
            SUMS                                                                                          \
            case CK_LARGEST: EXTREME_ROW(T, (y > x), (x >= y || x != x))                                           \
            case CK_SMALLEST: EXTREME_ROW(T, (y < x), (x <= y || x != x))                                          \
            default: break;                                                                               \
        }                                                                                                 \
    }
#define SUMS(T, U)                                                     \
    case CK_SUM:                                                       \
    case CK_SUM_IN_ORDER: FOLD_ROWS(T, 0, (U)x + (U)y)                 \
    case CK_PRODUCT: FOLD_ROWS(T, 1, (U)x * (U)y)
REDUCE(f32, float, float, SUMS(float, float))
REDUCE(f64, double, double, SUMS(double, double))
REDUCE(i32, int32_t, uint32_t, )
REDUCE(i64, int64_t, uint64_t, SUMS(int64_t, uint64_t))
REDUCE(u8, uint8_t, uint8_t, )
