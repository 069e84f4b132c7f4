// Private to this target: first layers whose results are pooled, by kernels of our own: oneDNN computes and writes what
// three of four times is thrown away.
#ifndef CDNN_CONVOLUTION_POOLED_CONVOLUTION_H
#define CDNN_CONVOLUTION_POOLED_CONVOLUTION_H

#include "ck_nn.h"
#include "convolution/convolution_primitives.h"

/// Whether the two passes below are there for this geometry and pooling (NULL: none).
int cdnn_suits_pooled(struct cdnn_convolution *c, const struct cdnn_pooling *pooling);

/// `images` images of a chunk through convolution and pooling; the pooled images lie as their places do. `packed`: the
/// weights as oneDNN's forward pass reads them. Returns oneDNN's status.
dnnl_status_t cdnn_pooled_forward(struct cdnn_convolution *c, struct cdnn_context *k, ptrdiff_t images,
                                  const float *source, const void *packed, const float *bias,
                                  const struct cdnn_pooling *pooling, float *pooled, uint8_t *places);

/// The gradients by weights and bias of images in rows or with their channels last,
/// given that by the pooled images.
enum ck_status cdnn_pooled_gradient(const struct cdnn_convolution *c, ptrdiff_t images, const float *source,
                             const struct cdnn_pooling *pooling, const uint8_t *places, const float *pooled_gradient,
                             float *weight_gradient, float *bias_gradient);

/// Whether the gradients, by the source too, are better made of the largest results alone, as `form` says.
int cdnn_suits_pooled_gradients(const struct cdnn_convolution *c, const struct cdnn_pooling *pooling,
                                struct ck_pooled_gradients *form);

#endif
