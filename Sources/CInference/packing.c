// Weights as the stages read them.
#include <stdlib.h>
#include <string.h>

#include "chain.h"
#include "ck_core.h"
#include "ck_nn.h"
#include "direct_convolution.h"
#include "memory.h"

/// The weights and the bias of a piece's outputs, paired if it is.
static void arrange(const struct ci_stage *stage, const struct ci_piece *piece, float *weights, float *bias) {
    const struct cdnn_geometry *g = &stage->layer.geometry;
    ptrdiff_t rows = g->channels * g->kernel_height, width = g->kernel_width;
    ptrdiff_t wide = piece->geometry.kernel_width;
    for (ptrdiff_t o = 0; o < piece->geometry.outputs; o++) {
        ptrdiff_t k = stage->paired ? o % g->outputs : piece->first_output + o, shift = stage->paired ? o / g->outputs : 0;
        bias[o] = stage->bias[k];
        for (ptrdiff_t r = 0; r < rows; r++)
            memcpy(weights + (o * rows + r) * wide + shift, stage->matrix + (k * rows + r) * width,
                   (size_t)width * sizeof(float));
    }
}

enum ck_status ci_piece_pack(const struct ci_stage *stage, struct ci_piece *piece) {
    const struct cdnn_geometry *g = &piece->geometry;
    float *weights = ci_zeros(g->outputs * g->channels * g->kernel_height * g->kernel_width);
    float *bias = ci_zeros(g->outputs);
    enum ck_status status = CK_NO_MEMORY;
    if (weights && bias) {
        arrange(stage, piece, weights, bias);
        status = cdnn_forward_set(piece->forward, weights, bias);
    }
    free(weights);
    free(bias);
    return status;
}

/// A dense layer's rows in the order in which the numbers before it lie.
static void set_dense(struct ci_chain *n, int32_t index, const float *weights, const float *bias) {
    struct ci_stage *stage = &n->stages[index];
    const struct ci_stage *before = index > 0 ? stage - 1 : NULL;
    ptrdiff_t outputs = stage->layer.outputs, pixels = 0;
    if (before && before->layer.kind == CI_LAYER_CONVOLUTION && before->out_layout == n->blocks)
        pixels = stage->layer.inputs / before->layer.geometry.outputs;
    for (ptrdiff_t d = 0; d < stage->layer.inputs; d++) {
        ptrdiff_t channel = pixels ? d / pixels : 0;
        ptrdiff_t row = pixels ? (channel / n->lanes * pixels + d % pixels) * n->lanes + channel % n->lanes : d;
        memcpy(stage->matrix + row * stage->out_step, weights + d * outputs, (size_t)outputs * sizeof(float));
    }
    memcpy(stage->bias, bias, (size_t)outputs * sizeof(float));
    stage->skips_zeros = ck_all_finite_f32(stage->layer.inputs * outputs, weights);
}

enum ck_status ci_chain_set(struct ci_chain *n, int32_t layer, const float *weights, const float *bias) {
    struct ci_stage *stage = &n->stages[layer];
    if (stage->layer.kind == CI_LAYER_DENSE) {
        set_dense(n, layer, weights, bias);
        return CK_OK;
    }
    const struct cdnn_geometry *g = &stage->layer.geometry;
    ptrdiff_t count = g->outputs * g->channels * g->kernel_height * g->kernel_width;
    memcpy(stage->matrix, weights, (size_t)count * sizeof(float));
    memcpy(stage->bias, bias, (size_t)g->outputs * sizeof(float));
    if (stage->is_direct) ci_direct_set(stage);
    enum ck_status status = CK_OK;
    for (int32_t p = 0; p < CI_PIECES && status == CK_OK; p++) {
        struct ci_piece *piece = atomic_load(&stage->pieces[p]);
        if (piece) status = ci_piece_pack(stage, piece);
    }
    return status;
}
