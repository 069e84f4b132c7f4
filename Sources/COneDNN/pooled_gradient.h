// Private to this target: weight gradients of first layers whose results are pooled.
#ifndef CDNN_POOLED_GRADIENT_H
#define CDNN_POOLED_GRADIENT_H

#include "convolution_primitives.h"

/// Whether the weight gradient may pass over the three of four results that have none.
int cdnn_suits_pooled_gradient(const struct cdnn_convolution *c, const struct cdnn_pooling *pooling);

/// The gradients by weights and bias of images in rows, given that by the pooled images. Returns oneDNN's status.
int32_t cdnn_pooled_gradient(const struct cdnn_convolution *c, int64_t images, const float *source,
                             const struct cdnn_pooling *pooling, const uint8_t *places, const float *pooled_gradient,
                             float *weight_gradient, float *bias_gradient);

#endif
