// Running sums.
#include "ck_elementwise.h"
#include "ck_reduce.h"

#define CUMULATIVE(T, U)                                                                        \
    for (intptr_t plane = 0; plane < outer; plane++) {                                          \
        const T *a = (const T *)in + plane * count * inner;                                     \
        T *o = (T *)out + plane * count * inner;                                                \
        if (inner == 1) { /* the sum stays in a register */                                     \
            T sum = count > 0 ? a[0] : 0;                                                       \
            if (count > 0) o[0] = sum;                                                          \
            for (intptr_t i = 1; i < count; i++) o[i] = sum = (T)((U)sum + (U)a[i]);            \
            continue;                                                                           \
        }                                                                                       \
        for (intptr_t j = 0; j < inner && count > 0; j++) o[j] = a[j];                          \
        for (intptr_t i = inner; i < count * inner; i++) o[i] = (T)((U)o[i - inner] + (U)a[i]); \
    }                                                                                           \
    break;

void ck_cumulative_sum(int32_t type, intptr_t outer, intptr_t count, intptr_t inner, const void *in, void *out) {
    switch (type) {
        case CK_F32: CUMULATIVE(float, float)
        case CK_F64: CUMULATIVE(double, double)
        default: CUMULATIVE(int64_t, uint64_t)
    }
}
