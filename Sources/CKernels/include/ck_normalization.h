// Layer normalisation of rows, N x D; for float (_f32) and double (_f64).
#ifndef CK_NORMALIZATION_H
#define CK_NORMALIZATION_H

#include <stdint.h>

#define CK_DECLARE_NORMALIZATION(real, suffix)                                                               \
    /* y = (x - mean) inverse gain + shift, mean over the row, inverse = 1 / sqrt(variance + epsilon).       \
       `moments` gets of each row the mean, what it is beyond its rounding, and inverse: 3 N numbers.        \
       Needs columns > 0. */                                                                                 \
    void ck_layer_norm_##suffix(int64_t rows, int64_t columns, real epsilon, const real *x,                  \
                                const real *gain, const real *shift, real *y, real *moments);                \
    /* delta = the gradient by x. */                                                                         \
    void ck_layer_norm_gradient_##suffix(int64_t rows, int64_t columns, const real *x, const real *gain,     \
                                         const real *moments, const real *upstream, real *delta);            \
    /* The gradients by gain and shift, rows ascending. */                                                   \
    void ck_layer_norm_sums_##suffix(int64_t rows, int64_t columns, const real *x, const real *moments,      \
                                     const real *upstream, real *gain, real *shift);

CK_DECLARE_NORMALIZATION(float, f32)
CK_DECLARE_NORMALIZATION(double, f64)

#endif
