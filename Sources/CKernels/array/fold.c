// Sums, products and extremes of one plane along its rows, in order.
#include "array/fold.h"
#include "ck_core.h"

/// out[j] = EXPRESSION over the rows in order, four rows to a pass; IDENTITY when there are no rows.
#define FOLD_ROWS(T, IDENTITY, EXPRESSION)                                               \
    if (n == 0) {                                                                        \
        for (ptrdiff_t j = 0; j < inner; j++) out[j] = (T)(IDENTITY);                    \
    } else if (inner == 1) {                                                             \
        T x = a[0];                                                                      \
        for (ptrdiff_t i = 1; i < n; i++) { T y = a[i]; x = (T)(EXPRESSION); }           \
        out[0] = x;                                                                      \
    } else {                                                                             \
        for (ptrdiff_t j = first; j < end; j++) out[j] = a[j];                           \
        ptrdiff_t i = 1;                                                                 \
        for (; i + 4 <= n; i += 4) {                                                     \
            const T *row = a + i * inner;                                                \
            CK_VECTORIZED for (ptrdiff_t j = first; j < end; j++) {                      \
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
            CK_VECTORIZED for (ptrdiff_t j = first; j < end; j++) {                      \
                T x = out[j], y = row[j];                                                \
                out[j] = (T)(EXPRESSION);                                                \
            }                                                                            \
        }                                                                                \
    }                                                                                    \
    break;

#define FOLD_LANES 64

// Many independent extremes, so that the loop is not bound by the latency of one comparison.
#define FOLD_INTEGER_EXTREME(suffix, T, SMALLEST, WINS)                       \
    if (inner == 1 && n >= FOLD_LANES) {                                      \
        T best[FOLD_LANES];                                                   \
        for (int l = 0; l < FOLD_LANES; l++) best[l] = a[l];                  \
        ptrdiff_t i = FOLD_LANES;                                             \
        for (; i + FOLD_LANES <= n; i += FOLD_LANES)                          \
            for (int l = 0; l < FOLD_LANES; l++) {                            \
                T x = best[l], y = a[i + l];                                  \
                best[l] = WINS ? x : y;                                       \
            }                                                                 \
        /* The last FOLD_LANES again: an extreme does not mind. */            \
        for (int l = 0; l < FOLD_LANES; l++) {                                \
            T x = best[l], y = a[n - FOLD_LANES + l];                         \
            best[l] = WINS ? x : y;                                           \
        }                                                                     \
        for (int width = FOLD_LANES / 2; width > 0; width /= 2)               \
            for (int l = 0; l < width; l++) {                                 \
                T x = best[l], y = best[l + width];                           \
                best[l] = WINS ? x : y;                                       \
            }                                                                 \
        out[0] = best[0];                                                     \
        break;                                                                \
    }                                                                         \
    FOLD_ROWS(T, 0, WINS ? x : y)

// Of equal elements the later stays, which decides between the zeros as NumPy does; NaN wins. A short row is taken in
// order first: only for a zero the order can matter.
#define FOLD_FLOATING_EXTREME(suffix, T, SMALLEST, WINS)                      \
    if (inner == 1 && n >= FOLD_LANES) {                                      \
        out[0] = ck_extreme_row_##suffix(SMALLEST, n, a);                     \
        break;                                                                \
    }                                                                         \
    if (inner == 1 && n > 0) {                                                \
        T x = a[0];                                                           \
        for (ptrdiff_t i = 1; i < n; i++) {                                   \
            T y = a[i];                                                       \
            x = WINS || x != x ? x : y;                                       \
        }                                                                     \
        out[0] = x == 0 ? ck_extreme_row_##suffix(SMALLEST, n, a) : x;        \
        break;                                                                \
    }                                                                         \
    FOLD_ROWS(T, 0, WINS || x != x ? x : y)

#define FOLD_REDUCE(suffix, T, U, FOLD_SUMS, EXTREME)                                                     \
    /* One (count, inner) plane, columns first ..< end of it. */                                          \
    CK_CLONES void ck_fold_##suffix(int32_t reduction, ptrdiff_t n, ptrdiff_t inner, ptrdiff_t first,     \
                                    ptrdiff_t end, const T *a, T *out) {                                  \
        switch (reduction) {                                                                              \
            FOLD_SUMS                                                                                     \
            case CK_LARGEST: EXTREME(suffix, T, 0, (x > y))                                               \
            case CK_SMALLEST: EXTREME(suffix, T, 1, (x < y))                                              \
            default: break;                                                                               \
        }                                                                                                 \
    }
#define FOLD_SUMS(T, U)                                                \
    case CK_SUM:                                                       \
    case CK_SUM_IN_ORDER: FOLD_ROWS(T, 0, (U)x + (U)y)                 \
    case CK_PRODUCT: FOLD_ROWS(T, 1, (U)x * (U)y)
FOLD_REDUCE(f32, float, float, FOLD_SUMS(float, float), FOLD_FLOATING_EXTREME)
FOLD_REDUCE(f64, double, double, FOLD_SUMS(double, double), FOLD_FLOATING_EXTREME)
FOLD_REDUCE(i32, int32_t, uint32_t, , FOLD_INTEGER_EXTREME)
FOLD_REDUCE(i64, int64_t, uint64_t, FOLD_SUMS(int64_t, uint64_t), FOLD_INTEGER_EXTREME)
FOLD_REDUCE(u8, uint8_t, uint8_t, , FOLD_INTEGER_EXTREME)
