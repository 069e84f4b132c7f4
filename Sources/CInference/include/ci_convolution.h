// One convolution of a graph: images in parts, each image's outputs in parts too, each with its packed weights.
#ifndef CI_CONVOLUTION_H
#define CI_CONVOLUTION_H

#include <stddef.h>
#include <stdint.h>

#include "cdnn_convolution.h"

/// Immutable once made: any number of threads may run it at once.
struct ci_convolution;

/// Makes the primitives and packs weights [K, C / groups, R, S] and a bias [K]. NULL where oneDNN has no fast
/// implementation for these layouts, or without memory.
struct ci_convolution *ci_convolution_make(const struct cdnn_geometry *geometry, const struct cdnn_after *after,
                                           const float *weights, const float *bias);
void ci_convolution_free(struct ci_convolution *convolution);

/// result = after(source * weights + bias) for `images` images. How it is cut follows from the geometry alone, and each
/// image is computed by itself: the bits depend neither on the threads nor on the number of images.
enum ck_status ci_convolution_run(const struct ci_convolution *convolution, ptrdiff_t images, const float *source,
                                  float *result);

/// Pooling of images in blocks of channels: the largest, or the mean, of each window.
struct ci_pooling {
    ptrdiff_t channels;
    ptrdiff_t height, width, result_height, result_width;
    ptrdiff_t kernel_height, kernel_width, stride_height, stride_width;
    ptrdiff_t padding_top, padding_left, padding_bottom, padding_right;
    int32_t mean;           // the mean, else the largest
    int32_t counts_padding; // the mean counts the zeros of the padding
    int32_t layout;         // CK_LAYOUT_BLOCKED or CK_LAYOUT_EIGHTS, of both
};
/// In parallel.
enum ck_status ci_pool(const struct ci_pooling *pooling, ptrdiff_t images, const float *source, float *result);

/// y = x scale[c] + shift[c], then max(0, y) with `relu`, of images in blocks; `scale`, `shift`: for whole blocks. In parallel.
void ci_scale(int32_t layout, ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, const float *x, const float *scale,
              const float *shift, int32_t relu, float *y);

#endif
