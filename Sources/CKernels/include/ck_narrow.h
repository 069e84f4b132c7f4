// A dense layer of few outputs, such as the scores of ten classes, as one primitive: product, bias and activation in one
// pass, and its gradients in another. A product of a hundred rows takes less time than a library needs to arrange it.
//
// Each sum is taken whole, in one order, by one part.
#ifndef CK_NARROW_H
#define CK_NARROW_H

#include <stdint.h>

/// Whether a layer from D inputs to H outputs, for N rows, is one of these; larger products are a library's.
static inline int32_t ck_is_narrow(int64_t rows, int64_t depth, int64_t outputs) {
    return depth >= 8 && outputs >= 8 && outputs <= 32 && rows * depth <= 200000 / outputs;
}

/// y = activation(x w + bias). x: N x D, w: D x H, bias: H, y: N x H; `activation` is a ck_activation.
void ck_narrow_forward_f32(int64_t rows, int64_t depth, int64_t outputs, const float *x, const float *w,
                           const float *bias, int32_t activation, float parameter, float *y);

/// x_gradient = delta transpose(w), w_gradient = transpose(x) delta, bias_gradient: the sums of delta over N; any of them
/// may be NULL.
void ck_narrow_gradients_f32(int64_t rows, int64_t depth, int64_t outputs, const float *x, const float *w,
                             const float *delta, float *x_gradient, float *w_gradient, float *bias_gradient);

#endif
