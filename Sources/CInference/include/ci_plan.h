// A plan of inference: the primitives, the packed weights and the working memory of convolutions and dense layers, made once,
// so that a batch of examples is one call.
#ifndef CI_PLAN_H
#define CI_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "cdnn_convolution.h"

#define CI_LAYER_CONVOLUTION 0
#define CI_LAYER_DENSE 1

/// One layer, with the activation and the pooling that follow it.
struct ci_layer {
    int32_t kind;
    struct cdnn_geometry geometry;  // a convolution's, in one group; layouts are chosen here, a bias is always added
    struct cdnn_pooling pooling;    // of a convolution's activated result; kernel_height 0: none
    ptrdiff_t inputs, outputs;      // a dense layer's
    int32_t activation;             // CK_ACTIVATION_...
    float parameter;                // the activation's
};

/// Weights are set by one thread while no other uses the plan; after that any number of threads may run it at once.
struct ci_plan;

/// Makes the primitives for layers in order; dense ones only after the last convolution. The first one reads images
/// [N, C, H, W] or rows [N, D]. NULL when oneDNN has no fast implementation, or no memory is left.
struct ci_plan *ci_plan_make(const struct ci_layer *layers, ptrdiff_t count);
void ci_plan_free(struct ci_plan *plan);

/// Copies a layer's weights, [K, C, R, S] or [inputs, outputs], and its bias [K] or [outputs].
enum ck_status ci_plan_set(struct ci_plan *plan, int32_t layer, const float *weights, const float *bias);

/// The results of the last layer, a dense one, for `examples` examples: [examples, outputs]. Their division into parts
/// is a function of their number alone, so the bits depend neither on the number of threads nor on other runs of the
/// plan.
enum ck_status ci_plan_run(struct ci_plan *plan, ptrdiff_t examples, const float *inputs, float *results);

#endif
