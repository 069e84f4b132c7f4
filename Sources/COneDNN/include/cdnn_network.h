// A network of convolutions and dense layers that only looks forward: its layers' primitives are made once, its weights are
// packed once, and images go through all layers on buffers that were there before.
#ifndef CDNN_NETWORK_H
#define CDNN_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include "cdnn_convolution.h"

#define CDNN_LAYER_CONVOLUTION 0
#define CDNN_LAYER_DENSE 1

/// One layer, with the activation and the pooling that follow it.
struct cdnn_layer {
    int32_t kind;
    struct cdnn_geometry geometry;  // a convolution's, in one group; what lies how is chosen here, a bias is always added
    struct cdnn_pooling pooling;    // of a convolution's activated result; kernel_height 0: none
    ptrdiff_t inputs, outputs;        // a dense layer's
    int32_t activation;             // CK_ACTIVATION_...
    float parameter;                // the activation's
};

/// Such a network. One thread at a time sets weights, and none runs it then; else several may run it at once.
struct cdnn_network;

/// Makes the primitives for layers in order; dense ones only after the last convolution. The first one reads images
/// [N, C, H, W] or rows [N, D]. NULL when oneDNN has no fast implementation, or no memory is left.
struct cdnn_network *cdnn_network_make(const struct cdnn_layer *layers, ptrdiff_t count);
void cdnn_network_free(struct cdnn_network *network);

/// Takes a layer's weights, [K, C, R, S] or [inputs, outputs], and its bias [K] or [outputs].
enum ck_status cdnn_network_set(struct cdnn_network *network, int32_t layer, const float *weights, const float *bias);

/// What the last layer, a dense one, gives for `images` examples, [images, outputs]. They are divided by their number
/// alone.
enum ck_status cdnn_network_run(struct cdnn_network *network, ptrdiff_t images, const float *examples, float *results);

#endif
