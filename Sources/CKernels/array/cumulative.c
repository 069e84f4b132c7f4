// Running sums, products and extremes.
#include "ck_core.h"
#include "ck_array.h"

/// o[i] = EXPRESSION of x = o[i - 1] and y = a[i] along the middle axis.
#define CUMULATIVE(T, EXPRESSION)                                                               \
    for (ptrdiff_t plane = 0; plane < outer; plane++) {                                         \
        const T *a = (const T *)in + plane * count * inner;                                     \
        T *o = (T *)out + plane * count * inner;                                                \
        if (inner == 1) { /* the result stays in a register */                                  \
            T x = count > 0 ? a[0] : 0;                                                         \
            if (count > 0) o[0] = x;                                                            \
            for (ptrdiff_t i = 1; i < count; i++) {                                             \
                T y = a[i];                                                                     \
                o[i] = x = (T)(EXPRESSION);                                                     \
            }                                                                                   \
            continue;                                                                           \
        }                                                                                       \
        for (ptrdiff_t j = 0; j < inner && count > 0; j++) o[j] = a[j];                         \
        for (ptrdiff_t i = inner; i < count * inner; i++) {                                     \
            T x = o[i - inner], y = a[i];                                                       \
            o[i] = (T)(EXPRESSION);                                                             \
        }                                                                                       \
    }                                                                                           \
    break;

#define CUMULATIVE_EXTREMES(T)                                           \
    case CK_LARGEST: CUMULATIVE(T, x > y || x != x ? x : y)              \
    case CK_SMALLEST: CUMULATIVE(T, x < y || x != x ? x : y)             \
    default: break;
#define CUMULATIVE_ALL(suffix, T, U)                                                                      \
    static void cumulative_##suffix(int32_t reduction, ptrdiff_t outer, ptrdiff_t count, ptrdiff_t inner, \
                                    const void *in, void *out) {                                          \
        switch (reduction) {                                                                              \
            case CK_SUM: CUMULATIVE(T, (U)x + (U)y)                                                       \
            case CK_PRODUCT: CUMULATIVE(T, (U)x * (U)y)                                                   \
            CUMULATIVE_EXTREMES(T)                                                                        \
        }                                                                                                 \
    }
CUMULATIVE_ALL(f32, float, float)
CUMULATIVE_ALL(f64, double, double)
CUMULATIVE_ALL(i64, int64_t, uint64_t)

void ck_cumulative(int32_t type, int32_t reduction, ptrdiff_t outer, ptrdiff_t count, ptrdiff_t inner, const void *in,
                   void *out) {
    CK_ASSERT_IN(type, CK_F32, CK_BOOL);
    CK_ASSERT_IN(reduction, CK_SUM, CK_SMALLEST);
    CK_ASSERT(outer, >= 0);
    CK_ASSERT(count, >= 0);
    CK_ASSERT(inner, >= 0);
    CK_ASSERT_MEMORY(in, outer * count * inner);
    CK_ASSERT_MEMORY(out, outer * count * inner);
    switch (type) {
        case CK_F32: cumulative_f32(reduction, outer, count, inner, in, out); break;
        case CK_F64: cumulative_f64(reduction, outer, count, inner, in, out); break;
        case CK_I64: cumulative_i64(reduction, outer, count, inner, in, out); break;
        case CK_I32:
            switch (reduction) { CUMULATIVE_EXTREMES(int32_t) }
            break;
        default:
            switch (reduction) { CUMULATIVE_EXTREMES(uint8_t) }
            break;
    }
}
