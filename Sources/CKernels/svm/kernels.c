// Kernel functions of inner products, and the sums over support vectors.
#include <string.h>

#include "ck_core.h"
#include "ck_svm.h"
#include "core/vmath.h"

/// x to a whole power, by squaring; `degree` is a constant of the loop around it.
CK_INLINE float power(float x, int32_t degree) {
    float result = degree & 1 ? x : 1.0f;
    for (int32_t left = degree >> 1; left > 0; left >>= 1) {
        x *= x;
        if (left & 1) result *= x;
    }
    return result;
}

/// A product as float; it may stand in memory as an integer.
CK_INLINE float product(const float *values, ptrdiff_t c, const int integers, int32_t shift) {
    if (!integers) return values[c];
    int32_t whole;
    memcpy(&whole, values + c, sizeof whole);
    return (float)(whole + shift);
}

#define KERNELS_FOR_PRODUCTS(expression)                   \
    for (ptrdiff_t c = 0; c < count; c++) {                \
        float dot = product(values, c, integers, shift);   \
        values[c] = (expression);                          \
    }

CK_INLINE void apply(const ck_svm_kernel *k, const int integers, int32_t shift, float norm, const float *norms,
                     float *values, ptrdiff_t count) {
    float factor = k->gamma * k->scale, constant = k->constant;
    switch (k->kind) {
    case CK_SVM_LINEAR: KERNELS_FOR_PRODUCTS(dot * k->scale) break;
    case CK_SVM_POLYNOMIAL:
        switch (k->degree) {
        case 2: KERNELS_FOR_PRODUCTS(power(dot * factor + constant, 2)) break;
        case 3: KERNELS_FOR_PRODUCTS(power(dot * factor + constant, 3)) break;
        case 4: KERNELS_FOR_PRODUCTS(power(dot * factor + constant, 4)) break;
        default: KERNELS_FOR_PRODUCTS(power(dot * factor + constant, k->degree)) break;
        }
        break;
    case CK_SVM_RBF: {
        // A distance may come out below zero by rounding.
        for (ptrdiff_t c = 0; c < count; c++) {
            float squared = (norm + norms[c]) - 2.0f * product(values, c, integers, shift);
            values[c] = ck_exp32(-factor * (squared > 0.0f ? squared : 0.0f));
        }
        break;
    }
    default: KERNELS_FOR_PRODUCTS(ck_tanh32(dot * factor + constant)) break;
    }
}

CK_CLONES
void ck_svm_apply(const ck_svm_kernel *kernel, int32_t integers, int32_t shift, float norm, const float *norms,
                  float *values, ptrdiff_t count) {
    CK_ASSERT_GIVEN(kernel);
    CK_ASSERT_IN(kernel->kind, CK_SVM_LINEAR, CK_SVM_SIGMOID);
    CK_ASSERT(count, >= 0);
    CK_ASSERT(norms || kernel->kind != CK_SVM_RBF || count == 0, == 1);
    CK_ASSERT_MEMORY(values, count);
    if (integers)
        apply(kernel, 1, shift, norm, norms, values, count);
    else
        apply(kernel, 0, 0, norm, norms, values, count);
}

#define KERNELS_CHUNK 256
#define KERNELS_COMBINED 16

/// One block of at most KERNELS_COMBINED columns, four rows at a time so that a coefficient is loaded once for the four.
CK_INLINE void combine_block(const float *values, ptrdiff_t stride, ptrdiff_t count, const float *coefficients,
                             ptrdiff_t width, ptrdiff_t columns, double *sums, const int rows) {
    for (ptrdiff_t first = 0; first < count; first += KERNELS_CHUNK) {
        ptrdiff_t end = first + KERNELS_CHUNK < count ? first + KERNELS_CHUNK : count;
        float partial[4][KERNELS_COMBINED] = {{0}};
        if (columns == KERNELS_COMBINED) {
            for (ptrdiff_t s = first; s < end; s++)
                for (int r = 0; r < rows; r++)
                    for (int w = 0; w < KERNELS_COMBINED; w++)
                        partial[r][w] += values[r * stride + s] * coefficients[s * width + w];
        } else {
            for (ptrdiff_t s = first; s < end; s++)
                for (int r = 0; r < rows; r++)
                    for (ptrdiff_t w = 0; w < columns; w++)
                        partial[r][w] += values[r * stride + s] * coefficients[s * width + w];
        }
        for (int r = 0; r < rows; r++)
            for (ptrdiff_t w = 0; w < columns; w++) sums[r * width + w] += partial[r][w];
    }
}

CK_CLONES
void ck_svm_combine(const float *values, ptrdiff_t rows, ptrdiff_t stride, ptrdiff_t count, const float *coefficients,
                    ptrdiff_t width, double *sums) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(count, >= 0);
    CK_ASSERT(stride, >= count);
    CK_ASSERT(width, > 0);
    CK_ASSERT_MEMORY(values, rows * count);
    CK_ASSERT_MEMORY(coefficients, count * width);
    CK_ASSERT_MEMORY(sums, rows * width);
    for (ptrdiff_t w = 0; w < width; w += KERNELS_COMBINED) {
        ptrdiff_t columns = width - w < KERNELS_COMBINED ? width - w : KERNELS_COMBINED, r = 0;
        for (; r + 4 <= rows; r += 4)
            combine_block(values + r * stride, stride, count, coefficients + w, width, columns, sums + r * width + w, 4);
        for (; r < rows; r++)
            combine_block(values + r * stride, stride, count, coefficients + w, width, columns, sums + r * width + w, 1);
    }
}
