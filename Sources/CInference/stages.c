// Layers become stages: how images lie between them, how many go through together, and which kernels do it.
#include <stdlib.h>
#include <string.h>

#include "chain.h"
#include "ck_core.h"
#include "ck_nn.h"
#include "direct_convolution.h"
#include "memory.h"

/// What the images that go through the layers together read and write at most: they stay in a core's second cache.
#define CI_MOST_BYTES (1 << 20)
/// A dense layer's weights beyond that come from further away for each product; as many rows share them.
#define CI_MOST_ROWS 32

static void choose_layouts(const struct ci_chain *n, struct ci_stage *stage, const struct ci_stage *next) {
    struct ci_layer *layer = &stage->layer;
    struct cdnn_geometry *g = &layer->geometry;
    // With less than a block of channels oneDNN reads rows, as it does with one.
    stage->in_layout = g->channels < n->lanes ? CK_LAYOUT_ROWS : n->blocks;
    stage->paired = ci_can_be_paired(n, layer);
    int next_reads_rows = next && next->layer.kind == CI_LAYER_CONVOLUTION && g->outputs < n->lanes;
    stage->out_layout = next_reads_rows || stage->paired ? CK_LAYOUT_ROWS : n->blocks;
    // In rows bfloat16 is no faster.
    if (stage->in_layout == CK_LAYOUT_ROWS) g->half = 0;
    ptrdiff_t result_pixels = g->result_height * g->result_width;
    stage->in_step = ck_image_count(stage->in_layout, 1, g->channels, g->height * g->width);
    stage->result_step = ck_image_count(n->blocks, 1, stage->paired ? 2 * g->outputs : g->outputs,
                                        stage->paired ? result_pixels / 2 : result_pixels);
    ptrdiff_t out_pixels = layer->pooling.kernel_height ? layer->pooling.height * layer->pooling.width : result_pixels;
    stage->out_step = ck_image_count(stage->out_layout, 1, g->outputs, out_pixels);
    layer->pooling.layout = stage->out_layout;
    stage->is_direct = ci_is_direct(n, stage);
    stage->halves = !stage->is_direct && ci_can_be_halved(n, stage);
    struct cdnn_geometry lies = *g;
    lies.source_layout = stage->in_layout;
    lies.result_layout = n->blocks;
    int suits = cdnn_suits_winograd(&lies);
    // With so many channels it is faster in float32 than all products in bfloat16.
    if (suits && g->channels >= 32 && g->outputs >= 32) g->half = 0;
    stage->winograd = suits && !g->half;
}

/// Layouts, memory for the weights, and the pieces for whole images; 0 if oneDNN cannot, or without memory.
static int make_stages(struct ci_chain *n) {
    ptrdiff_t bytes = 1;
    for (int32_t i = 0; i < n->count; i++) {
        struct ci_stage *stage = &n->stages[i];
        if (stage->layer.kind == CI_LAYER_CONVOLUTION) {
            choose_layouts(n, stage, i + 1 < n->count ? stage + 1 : NULL);
            ptrdiff_t own = (stage->in_step + stage->result_step) * (ptrdiff_t)sizeof(float);
            if (own > bytes) bytes = own;
        } else {
            stage->in_step = i == 0 ? stage->layer.inputs : n->stages[i - 1].out_step;
            stage->out_step = (stage->layer.outputs + 15) & ~(ptrdiff_t)15;
        }
    }
    if (n->most_images == 0) n->most_images = CI_MOST_BYTES / bytes;
    if (n->most_images < 1) n->most_images = 1;
    if (n->most_images > CI_MOST_IMAGES) n->most_images = CI_MOST_IMAGES;
    n->most_rows = n->most_images;
    for (int32_t i = 0; i < n->count; i++) {
        struct ci_stage *stage = &n->stages[i];
        const struct cdnn_geometry *g = &stage->layer.geometry;
        int is_dense = stage->layer.kind == CI_LAYER_DENSE;
        stage->matrix = ci_zeros(is_dense ? stage->in_step * stage->out_step
                                            : g->outputs * g->channels * g->kernel_height * g->kernel_width);
        if (is_dense && stage->in_step * stage->out_step * (ptrdiff_t)sizeof(float) > CI_MOST_BYTES) n->most_rows = CI_MOST_ROWS;
        stage->bias = ci_zeros(is_dense ? stage->out_step : g->outputs);
        if (!stage->matrix || !stage->bias) return 0;
        if (stage->is_direct && !ci_direct_make(stage)) return 0;
        if (is_dense || stage->is_direct) continue;
        if (!ci_piece_for(n, i, (int32_t)n->most_images)) return 0;
        for (int k = 0; k < 2 && stage->halves; k++)
            if (!ci_piece_for(n, i, CI_HALF_IMAGE(k))) return 0;
    }
    return 1;
}

ptrdiff_t ci_example_step(const struct ci_chain *n) {
    const struct ci_layer *first = &n->stages[0].layer;
    const struct cdnn_geometry *g = &first->geometry;
    return first->kind == CI_LAYER_DENSE ? first->inputs : g->channels * g->height * g->width;
}

struct ci_chain *ci_chain_make(const struct ci_layer *layers, ptrdiff_t count, ptrdiff_t most_images) {
    struct ci_chain *n = count > 0 && count <= CI_MOST_LAYERS ? calloc(1, sizeof *n) : NULL;
    if (!n) return NULL;
    n->count = (int32_t)count;
    n->most_images = most_images;
    // Without AVX-512 oneDNN has fast kernels for blocks of eight; of other processors nothing is known.
    n->lanes = ck_this_processor()->vector_bits == 256 ? 8 : 16;
    n->blocks = n->lanes == 8 ? CK_LAYOUT_EIGHTS : CK_LAYOUT_BLOCKED;
    pthread_mutex_init(&n->lock, NULL);
    for (int32_t i = 0; i < count; i++) n->stages[i].layer = layers[i];
    while (n->convolutions < count && layers[n->convolutions].kind == CI_LAYER_CONVOLUTION) n->convolutions++;
    if (make_stages(n)) return n;
    ci_chain_free(n);
    return NULL;
}

void ci_chain_free(struct ci_chain *n) {
    if (!n) return;
    // Their calls run the pieces' passes.
    ci_free_workplaces(n);
    for (int32_t i = 0; i < n->count; i++) {
        struct ci_stage *stage = &n->stages[i];
        for (int p = 0; p < CI_PIECES; p++) ci_piece_free(atomic_load(&stage->pieces[p]));
        free(stage->matrix);
        free(stage->bias);
        free(stage->blocked);
    }
    pthread_mutex_destroy(&n->lock);
    free(n);
}
