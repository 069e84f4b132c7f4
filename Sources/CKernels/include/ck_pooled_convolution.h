// Convolutions of few channels whose result is pooled, both ways in one pass over the windows: no result before the
// pooling is ever written, three of four results have no gradient and are passed over, and so are windows of zeros, which
// most of a picture of a digit is.
#ifndef CK_POOLED_CONVOLUTION_H
#define CK_POOLED_CONVOLUTION_H

#include <stdint.h>

/// Images [N, C, H, W], or [N, H, W, C] (`channels_last`), convolved with a square kernel of `kernel` pixels at a stride of one, to `outputs`
/// channels, of which the largest of each 2 x 2 is kept: `height` x `width` of them.
struct ck_pooled_convolution {
    int64_t channels, source_height, source_width, padding_top, padding_left, kernel;
    int64_t outputs, height, width;
    int32_t channels_last;
    int32_t layout;  // of the pooled images, the gradient by them and the places: CHANNELS_LAST or BLOCKED; forward, EIGHTS too
};

/// Weights in blocks of sixteen outputs, or twice eight: w[k, c, r, s] is at
/// k / 16 block + k / 8 % 2 half + c channel + r row + s column + k % 8; the outputs that are not there have zeros, and of
/// eight of which none is there nothing is read.
struct ck_blocked_weights {
    const float *weights;
    int64_t block, half, channel, row, column;
};
/// Whether this processor has the kernels for it: kernels of 3 and 5, AVX-512 for weights whose halves lie side by side
/// (`half` 8) and results not in EIGHTS, or AVX2.
int32_t ck_has_pooled_convolution(const struct ck_pooled_convolution *c, const struct ck_blocked_weights *weights);
/// Numbers of `planes`, room for one image with its padding.
int64_t ck_pooled_planes_count(const struct ck_pooled_convolution *c);

/// out = the largest of each 2 x 2 of [relu](x * w + b), and its place: 0 to 3, or CK_NO_PLACE where relu makes it zero.
/// `places` may be NULL. Serial.
void ck_pooled_convolve(const struct ck_pooled_convolution *c, int64_t images, const float *source,
                        const struct ck_blocked_weights *weights, const float *bias, int32_t relu, float *planes,
                        float *out, uint8_t *places);

/// Numbers of `sums`: [blocks of sixteen outputs][C][kernel][kernel][16], and [blocks][16] for the biases.
int64_t ck_pooled_gradient_count(const struct ck_pooled_convolution *c);
/// Adds the gradients of `images` images to `sums`. Serial.
void ck_add_pooled_gradient(const struct ck_pooled_convolution *c, int64_t images, const float *source,
                            const float *gradient, const uint8_t *places, float *planes, float *sums);
/// The sums as weights [K, C, kernel, kernel] and biases [K]; `biases` may be NULL.
void ck_pooled_gradient_result(const struct ck_pooled_convolution *c, const float *sums, float *weights,
                               float *biases);

#endif
