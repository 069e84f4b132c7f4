// Gradients of convolutions whose results were pooled by 2 x 2, of which one in four has a gradient at most, and after relu
// about one in eight: what is zero is left out instead of multiplied.
#ifndef CK_POOLED_GRADIENTS_H
#define CK_POOLED_GRADIENTS_H

#include <stdint.h>

/// Images [N, H, W, C] (CK_LAYOUT_CHANNELS_LAST), convolved at a stride of one to `outputs` channels, of which the largest
/// of each 2 x 2 was kept: `height` x `width` of them.
struct ck_pooled_gradients {
    int64_t channels, source_height, source_width, padding_top, padding_left, kernel_height, kernel_width;
    int64_t outputs, height, width;
    int32_t layout;           // of the places: CHANNELS_LAST or BLOCKED
    int32_t gradient_layout;  // of the gradient by the pooled images: the same, or CK_LAYOUT_ROWS
};

/// Whether leaving out pays, by the processor and the shape: AVX2 is the widest (with AVX-512 oneDNN's products have fewer
/// steps, Winograd's way; others were not measured), and a row of the kernel fills a vector.
int32_t ck_has_pooled_gradients(const struct ck_pooled_gradients *g);

/// The gradients by source (images as above; NULL: not asked for), weights [K, C, kernel height, kernel width] and bias
/// (may be NULL) of `images` images, given that by the pooled images and the places of the largest: 0 to 3, or
/// CK_NO_PLACE. On all threads; the sums are made in one order. Returns 0, -1 without memory, or 1 where a number is not finite:
/// what is left out is zero then no more, and nothing that was given is of use.
int32_t ck_pooled_gradients(const struct ck_pooled_gradients *g, int64_t images, const float *source,
                            const float *weights, const float *gradient, const uint8_t *places, float *source_gradient,
                            float *weight_gradient, float *bias_gradient);

#endif
