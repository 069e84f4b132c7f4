// Private to this target: which convolutions and poolings our own kernels know.
#ifndef CDNN_CONVOLUTION_SQUARES_H
#define CDNN_CONVOLUTION_SQUARES_H

#include "cdnn_convolution.h"

/// Whether a pooling takes the largest of each 2 x 2 numbers, and all of them are its own.
static inline int cdnn_pools_squares(const struct cdnn_pooling *p) {
    return p->kernel_height == 2 && p->kernel_width == 2 && p->stride_height == 2 && p->stride_width == 2 &&
           p->padding_top == 0 && p->padding_left == 0;
}

/// Whether it does so of a convolution's result, and leaves it nowhere.
static inline int cdnn_pools_whole_squares(const struct cdnn_geometry *g, const struct cdnn_pooling *p) {
    return cdnn_pools_squares(p) && p->height * 2 <= g->result_height && p->width * 2 <= g->result_width;
}

/// Whether a convolution goes pixel by pixel over neighbouring pixels, with all channels for each output.
static inline int cdnn_steps_by_one(const struct cdnn_geometry *g) {
    return g->groups == 1 && g->stride_height == 1 && g->stride_width == 1 && g->dilation_height == 1 &&
           g->dilation_width == 1;
}

#endif
