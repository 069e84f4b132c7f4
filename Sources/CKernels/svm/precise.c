// Kernel functions, products and sums in double precision.
#include <math.h>
#include <string.h>

#include "ck_core.h"
#include "ck_svm.h"
#include "core/vmath.h"

// Products of a few rows with panels of columns, the sums in registers: PRECISE_LANES columns in a vector.
typedef double vector __attribute__((vector_size(64)));
typedef double loose __attribute__((vector_size(64), aligned(8)));
#define PRECISE_LANES 8
#define PRECISE_ROWS 4
#define PRECISE_DEPTH 256
#define PRECISE_LOAD(p) ((vector)*(const loose *)(p))
#define PRECISE_STORE(p, v) (*(loose *)(p) = (v))

/// target[r][c] (+)= sum over k < depth of left[r][k] panel[k][c], for `rows` rows and the PRECISE_LANES columns of a panel.
CK_INLINE void multiply(const double *left, ptrdiff_t width, const double *panel, ptrdiff_t depth, int adds,
                        double *target, ptrdiff_t stride, ptrdiff_t columns, const int rows) {
    vector sums[PRECISE_ROWS];
    for (int r = 0; r < rows; r++) sums[r] = (vector){0};
    for (ptrdiff_t k = 0; k < depth; k++) {
        vector other = PRECISE_LOAD(panel + k * PRECISE_LANES);
        for (int r = 0; r < rows; r++) sums[r] += left[r * width + k] * other;
    }
    for (int r = 0; r < rows; r++) {
        double lanes[PRECISE_LANES];
        PRECISE_STORE(lanes, sums[r]);
        for (ptrdiff_t c = 0; c < columns; c++) target[r * stride + c] = adds ? target[r * stride + c] + lanes[c] : lanes[c];
    }
}

CK_CLONES
void ck_svm_products_f64(const double *left, ptrdiff_t rows, const double *right, ptrdiff_t columns, ptrdiff_t width,
                         double *target, ptrdiff_t stride) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(columns, >= 0);
    CK_ASSERT(width, >= 0);
    CK_ASSERT(stride, >= columns);
    CK_ASSERT_MEMORY(left, rows * width);
    CK_ASSERT_MEMORY(right, columns * width);
    CK_ASSERT_MEMORY(target, rows * columns);
    double panel[PRECISE_DEPTH * PRECISE_LANES];
    for (ptrdiff_t c = 0; c < columns; c += PRECISE_LANES) {
        ptrdiff_t here = columns - c < PRECISE_LANES ? columns - c : PRECISE_LANES;
        for (ptrdiff_t first = 0; first < width || first == 0; first += PRECISE_DEPTH) {
            ptrdiff_t depth = width - first < PRECISE_DEPTH ? width - first : PRECISE_DEPTH;
            for (ptrdiff_t k = 0; k < depth; k++)
                for (ptrdiff_t l = 0; l < PRECISE_LANES; l++)
                    panel[k * PRECISE_LANES + l] = l < here ? right[(c + l) * width + first + k] : 0;
            ptrdiff_t r = 0;
            for (; r + PRECISE_ROWS <= rows; r += PRECISE_ROWS)
                multiply(left + r * width + first, width, panel, depth, first > 0, target + r * stride + c, stride, here,
                         PRECISE_ROWS);
            for (; r < rows; r++)
                multiply(left + r * width + first, width, panel, depth, first > 0, target + r * stride + c, stride, here,
                         1);
        }
    }
}

CK_INLINE double power(double x, int32_t degree) {
    double result = degree & 1 ? x : 1.0;
    for (int32_t left = degree >> 1; left > 0; left >>= 1) {
        x *= x;
        if (left & 1) result *= x;
    }
    return result;
}

#define PRECISE_FOR_PRODUCTS(expression)         \
    for (ptrdiff_t c = 0; c < count; c++) {      \
        double dot = products[c];                \
        values[c] = (expression);                \
    }

CK_CLONES
void ck_svm_apply_f64(const ck_svm_precise *k, const double *products, double norm, const double *norms,
                      double *values, ptrdiff_t count) {
    CK_ASSERT_GIVEN(k);
    CK_ASSERT_IN(k->kind, CK_SVM_LINEAR, CK_SVM_SIGMOID);
    CK_ASSERT(count, >= 0);
    CK_ASSERT(norms || k->kind != CK_SVM_RBF || count == 0, == 1);
    CK_ASSERT_MEMORY(products, count);
    CK_ASSERT_MEMORY(values, count);
    double gamma = k->gamma, constant = k->constant;
    switch (k->kind) {
    case CK_SVM_LINEAR: PRECISE_FOR_PRODUCTS(dot) break;
    case CK_SVM_POLYNOMIAL:
        switch (k->degree) {
        case 1: PRECISE_FOR_PRODUCTS(dot * gamma + constant) break;
        case 2: PRECISE_FOR_PRODUCTS(power(dot * gamma + constant, 2)) break;
        case 3: PRECISE_FOR_PRODUCTS(power(dot * gamma + constant, 3)) break;
        case 4: PRECISE_FOR_PRODUCTS(power(dot * gamma + constant, 4)) break;
        default: PRECISE_FOR_PRODUCTS(power(dot * gamma + constant, k->degree)) break;
        }
        break;
    case CK_SVM_RBF:
        for (ptrdiff_t c = 0; c < count; c++) {
            double squared = (norm + norms[c]) - 2.0 * products[c];
            // A distance may come out below zero by rounding; NaN stays NaN.
            values[c] = ck_exp64(-gamma * (squared < 0.0 ? 0.0 : squared));
        }
        break;
    default: PRECISE_FOR_PRODUCTS(ck_tanh64(dot * gamma + constant)) break;
    }
}

CK_CLONES
void ck_svm_relative(const double *values, double anchor, const double *anchors, float *target, ptrdiff_t count) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(values, count);
    CK_ASSERT_MEMORY(anchors, count);
    CK_ASSERT_MEMORY(target, count);
    for (ptrdiff_t c = 0; c < count; c++) target[c] = (float)((values[c] - anchor) - anchors[c]);
}

CK_CLONES
void ck_svm_apply_offset(const ck_svm_precise *k, double offset, const double *offsets, double anchor,
                         const double *anchors, float *values, ptrdiff_t count) {
    CK_ASSERT_GIVEN(k);
    CK_ASSERT_IN(k->kind, CK_SVM_LINEAR, CK_SVM_SIGMOID);
    CK_ASSERT(count, >= 0);
    CK_ASSERT(k->kind, != CK_SVM_RBF);
    CK_ASSERT_MEMORY(offsets, count);
    CK_ASSERT_MEMORY(anchors, count);
    CK_ASSERT_MEMORY(values, count);
    double products[256];
    for (ptrdiff_t first = 0; first < count; first += 256) {
        ptrdiff_t here = count - first < 256 ? count - first : 256;
        for (ptrdiff_t c = 0; c < here; c++) products[c] = (double)values[first + c] + (offset + offsets[first + c]);
        ck_svm_apply_f64(k, products, 0, products, products, here);
        ck_svm_relative(products, anchor, anchors + first, values + first, here);
    }
}

CK_CLONES
ptrdiff_t ck_svm_not_finite(const float *values, ptrdiff_t count) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(values, count);
    for (ptrdiff_t first = 0; first < count; first += 1024) {
        ptrdiff_t end = count - first < 1024 ? count : first + 1024;
        uint32_t most = 0;
        for (ptrdiff_t c = first; c < end; c++) {
            uint32_t exponent = ck_bits32(values[c]) & 0x7f800000u;
            most = exponent > most ? exponent : most;
        }
        if (most < 0x7f800000u) continue;
        for (ptrdiff_t c = first; c < end; c++)
            if (!isfinite(values[c])) return c;
    }
    return -1;
}

CK_CLONES
void ck_svm_combine_f64(const double *values, ptrdiff_t rows, ptrdiff_t stride, ptrdiff_t count,
                        const double *coefficients, ptrdiff_t length, ptrdiff_t width, double *sums) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(count, >= 0);
    CK_ASSERT(stride, >= count);
    CK_ASSERT(length, >= count);
    CK_ASSERT(width, > 0);
    CK_ASSERT_MEMORY(values, rows * count);
    CK_ASSERT_MEMORY(coefficients, count * width);
    CK_ASSERT_MEMORY(sums, rows * width);
    for (ptrdiff_t r = 0; r < rows; r++)
        for (ptrdiff_t w = 0; w < width; w++) {
            // Eight sums, so that one need not wait for the other.
            double lanes[PRECISE_LANES] = {0};
            const double *own = coefficients + w * length, *row = values + r * stride;
            ptrdiff_t s = 0;
            for (; s + PRECISE_LANES <= count; s += PRECISE_LANES)
                for (int l = 0; l < PRECISE_LANES; l++) lanes[l] += row[s + l] * own[s + l];
            for (; s < count; s++) lanes[0] += row[s] * own[s];
            for (int half = PRECISE_LANES / 2; half > 0; half /= 2)
                for (int l = 0; l < half; l++) lanes[l] += lanes[l + half];
            sums[r * width + w] += lanes[0];
        }
}
