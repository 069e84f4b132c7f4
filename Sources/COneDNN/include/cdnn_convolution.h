// Convolutions by oneDNN: the primitives of one geometry, their passes over a batch on Descent's own threads, and single
// passes forward for those who divide the work themselves.
#ifndef DESCENT_CDNN_CONVOLUTION_H
#define DESCENT_CDNN_CONVOLUTION_H

#include <stddef.h>
#include <stdint.h>

#include "ck_nn.h"

/// Factors in float32; in bfloat16, by instructions for it; rounded to bfloat16, then multiplied in float32: the same
/// results on a processor without such instructions, and slower than not rounding them.
#define CDNN_SINGLE 0
#define CDNN_HALF 1
#define CDNN_ROUNDED 2

/// One convolution of images [N, C, H, W] with weights [K, C/groups, R, S], to results [N, K, P, Q].
struct cdnn_geometry {
    ptrdiff_t channels, height, width;
    ptrdiff_t outputs, kernel_height, kernel_width;
    ptrdiff_t stride_height, stride_width;
    ptrdiff_t padding_top, padding_left, padding_bottom, padding_right;
    ptrdiff_t dilation_height, dilation_width;  // 1: none
    ptrdiff_t groups;
    ptrdiff_t result_height, result_width;  // P, Q; they follow from the rest
    int32_t source_layout, result_layout;  // CK_LAYOUT_...
    int32_t bias;                          // whether one is added
    int32_t relu;                          // whether max(0, y) follows
    int32_t winograd;                      // whether Winograd's way may be taken; its transforms round whole numbers too
    int32_t half;                          // what is multiplied, below; sums and all memory outside are float32
};

/// The primitives of one geometry for chunks of `chunk` images, and those for a shorter last chunk, made when first
/// needed. They may be used by several threads at once.
struct cdnn_convolution;

/// Makes the primitives. Returns NULL when oneDNN has no implementation of this geometry.
struct cdnn_convolution *cdnn_convolution_make(const struct cdnn_geometry *geometry);
void cdnn_convolution_free(struct cdnn_convolution *convolution);

/// Bytes of the weights in the order that the forward pass (data_gradient 0) or the data gradient (1) reads.
ptrdiff_t cdnn_packed_size(struct cdnn_convolution *convolution, int32_t data_gradient);
/// Puts weights [K, C/groups, R, S] into that order.
enum ck_status cdnn_pack_weights(struct cdnn_convolution *convolution, int32_t data_gradient, const float *weights,
                                 void *packed);

/// The pooling after the convolution in the same pass: none (kernel 0), or the largest of each window.
struct cdnn_pooling {
    ptrdiff_t kernel_height, kernel_width, stride_height, stride_width;
    ptrdiff_t padding_top, padding_left;
    ptrdiff_t height, width;  // of the pooled images
    int32_t layout;         // of the pooled images, and of the gradient by them
};
/// The layout of the maxima's places: that of the pooled images, except that those in rows have the places in the
/// layout of the convolution's result.
int32_t cdnn_places_layout(int32_t result_layout, int32_t pooled_layout);

/// result = [pool](relu?(source * weights + bias)), chunk by chunk, so that intermediate results stay in the caches.
/// With pooling, `places` gets each maximum's place in its window (one byte for each element of the pooled images).
enum ck_status cdnn_convolve(struct cdnn_convolution *convolution, ptrdiff_t images, const float *source,
                             const void *packed, const float *bias, const struct cdnn_pooling *pooling, float *result,
                             uint8_t *places);

/// The gradients by the source (if `source_gradient` is not NULL), the weights (likewise, for weights that are frozen)
/// and, with them, the bias (if not NULL), given that by the result. `weights`: [K, C/groups, R, S]. `result` is what the forward pass gave; it is read for relu without pooling
/// only.
enum ck_status cdnn_convolution_gradients(struct cdnn_convolution *convolution, ptrdiff_t images, const float *source,
                                          const float *weights, const struct cdnn_pooling *pooling, const float *result,
                                          const uint8_t *places, const float *result_gradient, float *source_gradient,
                                          float *weight_gradient, float *bias_gradient);

/// The gradient by the source alone, without relu or pooling: the forward pass of a transposed convolution.
enum ck_status cdnn_convolution_transposed(struct cdnn_convolution *convolution, ptrdiff_t images,
                                           const void *packed_for_data, const float *result_gradient,
                                           float *source_gradient);

// MARK: Single passes forward
//
// For those who divide batches and images themselves: the weights belong to the pass, all other memory to the caller.

/// The forward pass over some number of images, and its weights in the order in which it reads them. Any number of threads may
/// run it at once, each with a call of its own, while its weights do not change.
struct cdnn_forward;

/// A pass over `images` images of a geometry in one group, without relu. Layouts: rows, or blocks of sixteen or eight
/// channels; the source is in bfloat16 where `half` is CDNN_HALF. `winograd`: Winograd's way is tried first. NULL where
/// oneDNN has no fast implementation, or without memory.
struct cdnn_forward *cdnn_forward_make(const struct cdnn_geometry *geometry, ptrdiff_t images);
void cdnn_forward_free(struct cdnn_forward *forward);
/// Takes weights [K, C, R, S] and a bias [K].
enum ck_status cdnn_forward_set(struct cdnn_forward *forward, const float *weights, const float *bias);
/// Bytes of scratch memory that a run needs.
ptrdiff_t cdnn_forward_scratch(const struct cdnn_forward *forward);

/// One thread's way to run a pass: oneDNN's objects for its arguments, which a run only tells where they are.
struct cdnn_call;

/// NULL without memory. It must be freed before the pass is.
struct cdnn_call *cdnn_call_make(const struct cdnn_forward *forward);
void cdnn_call_free(struct cdnn_call *call);
/// result = source * weights + bias, on the calling thread.
enum ck_status cdnn_call_run(struct cdnn_call *call, const void *source, float *result, void *scratch);

// MARK: Passes of a graph
//
// One convolution in groups, with what follows it in the same pass, for part of an image's outputs.

#define CDNN_AFTER_NOTHING 0
#define CDNN_AFTER_RELU 1  // alpha: the slope below zero
#define CDNN_AFTER_CLIP 2  // to alpha ... beta
#define CDNN_AFTER_SIGMOID 3
#define CDNN_AFTER_SWISH 4  // x sigmoid(alpha x)
#define CDNN_AFTER_HARD_SWISH 5

/// What follows a convolution.
struct cdnn_after {
    int32_t adds;        // the result is added to what is in its place
    int32_t activation;  // CDNN_AFTER_..., after that
    float alpha, beta;
};

/// A pass over one image, which holds its weights. Any number of threads may run it at once.
struct cdnn_graph_pass;

/// A pass for a geometry in any number of groups; takes weights [K, C / groups, R, S] and a bias [K]. NULL where oneDNN has
/// only its reference implementation, or without memory.
struct cdnn_graph_pass *cdnn_graph_pass_make(const struct cdnn_geometry *geometry, const struct cdnn_after *after,
                                             const float *weights, const float *bias);
void cdnn_graph_pass_free(struct cdnn_graph_pass *pass);
/// Bytes of scratch memory that a run needs.
ptrdiff_t cdnn_graph_pass_scratch(const struct cdnn_graph_pass *pass);
/// result = after(source * weights + bias), on the calling thread.
enum ck_status cdnn_graph_pass_run(const struct cdnn_graph_pass *pass, const float *source, float *result,
                                   void *scratch);

/// Whether Winograd's algorithm is faster for a geometry, by its shape alone: 1 or 0.
int32_t cdnn_suits_winograd(const struct cdnn_geometry *geometry);

// MARK: Which convolutions and poolings our own kernels know

/// Whether a pooling takes the maximum of 2 x 2 windows that do not overlap.
static inline int32_t cdnn_pools_squares(const struct cdnn_pooling *p) {
    return p->kernel_height == 2 && p->kernel_width == 2 && p->stride_height == 2 && p->stride_width == 2 &&
           p->padding_top == 0 && p->padding_left == 0;
}

/// Whether such a pooling covers a convolution's result without a remainder.
static inline int32_t cdnn_pools_whole_squares(const struct cdnn_geometry *g, const struct cdnn_pooling *p) {
    return cdnn_pools_squares(p) && p->height * 2 <= g->result_height && p->width * 2 <= g->result_width;
}

/// Whether a convolution has stride 1, no dilation and one group.
static inline int32_t cdnn_steps_by_one(const struct cdnn_geometry *g) {
    return g->groups == 1 && g->stride_height == 1 && g->stride_width == 1 && g->dilation_height == 1 &&
           g->dilation_width == 1;
}

#endif
