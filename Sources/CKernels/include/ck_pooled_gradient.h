// The weight gradient of a convolution of few channels whose result is pooled: three of four results have none, and are
// passed over.
#ifndef CK_POOLED_GRADIENT_H
#define CK_POOLED_GRADIENT_H

#include <stdint.h>

/// Images [N, C, H, W] in rows, convolved with a square kernel of `kernel` pixels at a stride of one, to `outputs`
/// channels, of which the largest of each 2 x 2 is kept: `height` x `width` of them.
struct ck_pooled_convolution {
    int64_t channels, source_height, source_width, padding_top, padding_left, kernel;
    int64_t outputs, height, width;
    int32_t layout;  // of the gradient and the places: CK_LAYOUT_CHANNELS_LAST or CK_LAYOUT_BLOCKED
};

/// Whether this processor (AVX-512) has the kernel for it: kernels of 3 and 5.
int32_t ck_has_pooled_gradient(const struct ck_pooled_convolution *c);
/// Numbers of `sums`: [blocks of sixteen outputs][C][kernel][kernel][16], and [blocks][16] for the biases.
int64_t ck_pooled_gradient_count(const struct ck_pooled_convolution *c);
/// Numbers of `plane`, room for one image with its padding.
int64_t ck_pooled_gradient_plane(const struct ck_pooled_convolution *c);
/// Adds the gradients of `images` images to `sums`. `places`: 0 to 3, or CK_NO_PLACE. Serial.
void ck_add_pooled_gradient(const struct ck_pooled_convolution *c, int64_t images, const float *source,
                            const float *gradient, const uint8_t *places, float *plane, float *sums);
/// The sums as weights [K, C, kernel, kernel] and biases [K]; `biases` may be NULL.
void ck_pooled_gradient_result(const struct ck_pooled_convolution *c, const float *sums, float *weights,
                               float *biases);

#endif
