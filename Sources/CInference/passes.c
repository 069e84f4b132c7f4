// Images through the stages of a chain, on the memory of one workplace.
#include <stdlib.h>

#include "cdnn_products.h"
#include "chain.h"
#include "ck_core.h"
#include "ck_nn.h"
#include "direct_convolution.h"
#include "memory.h"

/// A dense layer of more numbers than this is read by two threads for a single row: more than half of a core's second cache.
#define CI_WORTH_SHARING 100000

/// What follows the product: the activation and the pooling. Not oneDNN's own ReLU, which makes zero of a NaN; of a pooled
/// image only what is kept goes through ReLU.
static void finish(const struct ci_chain *n, const struct ci_stage *stage, const struct ci_piece *piece,
                   float *result, float *out) {
    const struct ci_layer *layer = &stage->layer;
    const struct cdnn_geometry *g = &piece->geometry;
    const struct cdnn_pooling *pool = &layer->pooling;
    ptrdiff_t images = piece->images, channels = stage->paired ? layer->geometry.outputs : g->outputs;
    ptrdiff_t width = stage->paired ? 2 * g->result_width : g->result_width;
    int32_t relu_last = layer->activation == CK_ACTIVATION_RELU && pool->kernel_height > 0;
    if (layer->activation != CK_ACTIVATION_IDENTITY && !relu_last) {
        // Whatever this makes of the channels that are not there, the weights behind them are zero.
        ptrdiff_t count = images * ck_image_count(n->blocks, 1, g->outputs, g->result_height * g->result_width);
        ck_activate_f32(layer->activation, layer->parameter, count, result, result);
    }
    if (pool->kernel_height == 0) {
        if (out != result)
            ck_relayout_images(images, channels, g->result_height * width, n->blocks, result, stage->out_layout, out);
        return;
    }
    ptrdiff_t height = stage->halves && g->result_height < layer->geometry.result_height ? g->result_height / 2 : pool->height;
    if (cdnn_pools_squares(pool) && (stage->out_layout == n->blocks || channels <= n->lanes)) {
        ck_largest_of_squares(images, channels, g->result_height, width, height, pool->width, stage->paired, relu_last,
                              n->blocks, result, stage->out_layout, out);
        return;
    }
    struct ck_windows windows = {
        g->result_height,    g->result_width,     height,           pool->width, pool->kernel_height, pool->kernel_width,
        pool->stride_height, pool->stride_width,  pool->padding_top, pool->padding_left,
    };
    ck_largest_of_windows(&windows, images, channels, relu_last, n->blocks, result, stage->out_layout, out);
}

/// The call of a piece on a thread's memory; NULL without memory.
static struct cdnn_call *call_for(struct ci_workplace *w, int32_t index, int32_t which, const struct ci_piece *piece) {
    struct cdnn_call **call = &w->calls[index][which];
    if (!*call) *call = cdnn_call_make(piece->forward);
    return *call;
}

/// The scratch memory of half `k`, as much as a piece needs; NULL when there is none.
static void *scratch_for(struct ci_workplace *w, int k, const struct ci_piece *piece) {
    ptrdiff_t size = cdnn_forward_scratch(piece->forward);
    if (!w->scratch[k] || size > w->scratch_size[k]) {
        free(w->scratch[k]);
        w->scratch[k] = ci_aligned(size);
        w->scratch_size[k] = w->scratch[k] ? size : 0;
    }
    return w->scratch[k];
}

/// One piece of a convolution: from `source` to `out`, both of the whole images. `k`: which of the two scratch memories.
static enum ck_status run_piece(struct ci_chain *n, struct ci_workplace *w, int32_t index, int32_t which, int k,
                               const float *source, float *out) {
    struct ci_stage *stage = &n->stages[index];
    struct ci_piece *piece = ci_piece_for(n, index, which);
    if (!piece) return CK_UNSUPPORTED;
    int direct = stage->layer.pooling.kernel_height == 0 && stage->out_layout == n->blocks;
    float *result = (direct ? out : w->result) + piece->result_offset;
    const void *read = source + piece->source_offset;
    if (piece->geometry.half) read = w->halves + piece->source_offset;
    struct cdnn_call *call = call_for(w, index, which, piece);
    void *scratch = scratch_for(w, k, piece);
    if (!call || !scratch) return CK_NO_MEMORY;
    enum ck_status status = cdnn_call_run(call, read, result, scratch);
    if (status == CK_OK) finish(n, stage, piece, result, direct ? result : out + piece->out_offset);
    return status;
}

struct passes_job {
    struct ci_chain *chain;
    struct ci_workplace *workplace;
    int32_t index;
    const float *source;
    float *out;
    _Atomic int32_t status;
};

static void half_of_image(void *context, int32_t part) {
    struct passes_job *s = context;
    ck_one_openmp_thread();
    enum ck_status status = run_piece(s->chain, s->workplace, s->index, CI_HALF_IMAGE(part), part, s->source, s->out);
    if (status != CK_OK) atomic_store(&s->status, (int32_t)status);
}

static enum ck_status convolve(struct ci_chain *n, struct ci_workplace *w, int32_t index, ptrdiff_t images,
                              const float *source, float *out) {
    struct ci_stage *stage = &n->stages[index];
    if (stage->is_direct) {
        ci_direct_run(stage, images, source, w->result, out);
        return CK_OK;
    }
    if (stage->layer.geometry.half) ck_to_bfloat16(images * stage->in_step, source, w->halves);
    if (images > 1 || !stage->halves) return run_piece(n, w, index, (int32_t)images, 0, source, out);
    struct passes_job shared = {n, w, index, source, out, 0};
    ck_parallel(2, half_of_image, &shared);
    return (enum ck_status)atomic_load(&shared.status);
}

static void half_of_columns(void *context, int32_t part) {
    struct passes_job *s = context;
    const struct ci_stage *stage = &s->chain->stages[s->index];
    ptrdiff_t vectors = stage->out_step / 16, cut = (vectors + 1) / 2;
    ptrdiff_t first = part == 0 ? 0 : cut, end = part == 0 ? cut : vectors;
    ck_row_product_f32(stage->in_step, stage->out_step, 16 * first, 16 * (end - first), s->source, stage->matrix, s->out);
}

static enum ck_status multiply(struct ci_chain *n, int32_t index, ptrdiff_t images, const float *source,
                              float *out) {
    struct ci_stage *stage = &n->stages[index];
    ptrdiff_t step = stage->out_step;
    if (images == 1 && stage->skips_zeros) {
        if (stage->in_step * step >= CI_WORTH_SHARING && step > 16) {
            struct passes_job shared = {n, NULL, index, source, out, 0};
            ck_parallel(2, half_of_columns, &shared);
        } else {
            ck_row_product_f32(stage->in_step, step, 0, step, source, stage->matrix, out);
        }
    } else {
        enum ck_status status = cdnn_serial_matmul_f32(images, step, stage->in_step, source, stage->in_step,
                                                       stage->matrix, step, out, step);
        if (status != CK_OK) return status;
    }
    ck_bias_activation_f32(stage->layer.activation, stage->layer.parameter, images, step, stage->bias, out);
    return CK_OK;
}

const float *ci_run_stages(struct ci_chain *n, struct ci_workplace *w, int32_t first, int32_t end,
                           ptrdiff_t images, const float *source, enum ck_status *status) {
    *status = CK_OK;
    for (int32_t i = first; i < end; i++) {
        struct ci_stage *stage = &n->stages[i];
        const struct cdnn_geometry *g = &stage->layer.geometry;
        float *out = w->images[i % 2];
        if (stage->layer.kind == CI_LAYER_CONVOLUTION) {
            if (i == 0 && stage->in_layout != CK_LAYOUT_ROWS) {
                ck_relayout_images(images, g->channels, g->height * g->width, CK_LAYOUT_ROWS, source, stage->in_layout,
                                   w->images[1]);
                source = w->images[1];
            }
            *status = convolve(n, w, i, images, source, out);
        } else {
            *status = multiply(n, i, images, source, out);
        }
        if (*status != CK_OK) return NULL;
        source = out;
    }
    return source;
}
