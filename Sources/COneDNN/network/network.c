// Images through the layers of a network that only looks forward.
#include <stdlib.h>
#include <string.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "core/primitive_descriptions.h"
#include "core/status.h"
#include "network/network_stages.h"

/// A dense layer of more numbers than this is read by two threads for a single row: more than half of a core's second cache.
#define CDNN_WORTH_SHARING 100000

/// oneDNN's arguments for a piece on one workplace's memory.
struct prepared {
    dnnl_exec_arg_t arguments[5];
    dnnl_memory_t source, result, scratch;
    const void *source_at, *scratch_at;
};

/// What one thread works with: lent to one run, or to one part of a run, at a time.
struct cdnn_workplace {
    float *images[2];    // what a layer reads and what it gives, in turn
    float *result;       // of a convolution before its pooling, or what a direct stage works with
    uint16_t *halves;    // a convolution's source in bfloat16
    float *filled;       // examples with zeros after them, when first needed
    float *features;     // what the convolutions give, where dense layers take more rows than go through those together
    dnnl_stream_t streams[2];
    void *scratch[2];  // oneDNN's own, with each stream
    size_t scratch_size[2];
    int32_t count;
    struct prepared (*prepared)[CDNN_PIECES];  // of each layer
};

static void *aligned(ptrdiff_t bytes) { return aligned_alloc(64, ((size_t)bytes + 127) & ~(size_t)63); }

static void free_workplace(struct cdnn_workplace *w) {
    if (!w) return;
    for (int i = 0; i < w->count; i++)
        for (int p = 0; p < CDNN_PIECES; p++) {
            struct prepared *one = &w->prepared[i][p];
            if (one->source) dnnl_memory_destroy(one->source);
            if (one->result) dnnl_memory_destroy(one->result);
            if (one->scratch) dnnl_memory_destroy(one->scratch);
        }
    for (int k = 0; k < 2; k++) {
        free(w->images[k]);
        free(w->scratch[k]);
        if (w->streams[k]) dnnl_stream_destroy(w->streams[k]);
    }
    free(w->result);
    free(w->halves);
    free(w->filled);
    free(w->features);
    free(w->prepared);
    free(w);
}

static struct cdnn_workplace *make_workplace(struct cdnn_network *n) {
    ptrdiff_t images = 0, result = 0, rows = 0, features = 0;
    for (int32_t i = 0; i < n->count; i++) {
        const struct cdnn_stage *s = &n->stages[i];
        if (s->in_step > images) images = s->in_step;
        if (s->out_step > images) images = s->out_step;
        if (s->result_step > result) result = s->result_step;
        if (s->is_direct && cdnn_direct_count(s) > result) result = cdnn_direct_count(s);
        if (i < n->convolutions) continue;
        if (i == n->convolutions) features = s->in_step;
        if (s->out_step > rows) rows = s->out_step;
    }
    images *= n->most_images;
    if (rows * n->most_rows > images) images = rows * n->most_rows;
    result *= n->most_images;
    struct cdnn_workplace *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    w->prepared = calloc((size_t)n->count, sizeof *w->prepared);
    int whole = w->prepared != NULL;
    if (whole) w->count = n->count;
    for (int k = 0; k < 2; k++) {
        w->images[k] = aligned(images * (ptrdiff_t)sizeof(float));
        whole = whole && w->images[k] &&
                dnnl_stream_create(&w->streams[k], n->engine, dnnl_stream_default_flags) == dnnl_success;
    }
    w->result = aligned(result * (ptrdiff_t)sizeof(float));
    w->halves = aligned(images * (ptrdiff_t)sizeof(uint16_t));
    w->features = aligned(n->most_rows > n->most_images ? features * n->most_rows * (ptrdiff_t)sizeof(float) : 0);
    if (whole && w->result && w->halves && w->features) return w;
    free_workplace(w);
    return NULL;
}

static struct cdnn_workplace *take_workplace(struct cdnn_network *n) {
    for (int i = 0; i < 64; i++) {
        if (!atomic_load_explicit(&n->workplaces[i], memory_order_relaxed)) continue;
        struct cdnn_workplace *lent = atomic_exchange(&n->workplaces[i], NULL);
        if (lent) return lent;
    }
    return make_workplace(n);
}

static void give_workplace(struct cdnn_network *n, struct cdnn_workplace *w) {
    for (int i = 0; i < 64; i++) {
        struct cdnn_workplace *none = NULL;
        if (atomic_compare_exchange_strong(&n->workplaces[i], &none, w)) return;
    }
    free_workplace(w);
}

/// A primitive's own memory on stream `k`; NULL when there is none.
static void *scratch_for(struct cdnn_workplace *w, int k, const struct cdnn_piece *piece) {
    size_t size = dnnl_memory_desc_get_size(piece->scratch) + cdnn_spare_scratch(&piece->geometry);
    if (!w->scratch[k] || size > w->scratch_size[k]) {
        free(w->scratch[k]);
        w->scratch[k] = aligned((ptrdiff_t)size);
        w->scratch_size[k] = w->scratch[k] ? size : 0;
    }
    return w->scratch[k];
}

/// The arguments on stream `k` for a piece that reads `source` and writes `result`.
static struct prepared *prepare(struct cdnn_network *n, struct cdnn_workplace *w, int32_t index, int32_t which, int k,
                                const struct cdnn_piece *piece, const void *source, float *result) {
    struct prepared *p = &w->prepared[index][which];
    void *scratch = p->scratch && p->scratch_at == w->scratch[k] ? w->scratch[k] : scratch_for(w, k, piece);
    if (!scratch) return NULL;
    if (!p->scratch) {
        if (dnnl_memory_create(&p->source, piece->source, n->engine, (void *)source) != dnnl_success ||
            dnnl_memory_create(&p->result, piece->result, n->engine, result) != dnnl_success ||
            dnnl_memory_create(&p->scratch, piece->scratch, n->engine, scratch) != dnnl_success)
            return NULL;
        dnnl_exec_arg_t arguments[] = {
            {DNNL_ARG_SRC, p->source}, {DNNL_ARG_WEIGHTS, piece->packed}, {DNNL_ARG_BIAS, piece->packed_bias},
            {DNNL_ARG_DST, p->result}, {DNNL_ARG_SCRATCHPAD, p->scratch},
        };
        memcpy(p->arguments, arguments, sizeof arguments);
    } else {
        // The first layer's source moves, and the scratch memory when a piece needs more of it.
        if (p->source_at != source && dnnl_memory_set_data_handle(p->source, (void *)source) != dnnl_success) return NULL;
        if (p->scratch_at != scratch && dnnl_memory_set_data_handle(p->scratch, scratch) != dnnl_success) return NULL;
    }
    p->source_at = source;
    p->scratch_at = scratch;
    return p;
}

/// What follows the product: the activation and the pooling. Not oneDNN's own ReLU, which makes zero of a NaN; of a pooled
/// image only what is kept goes through ReLU.
static void finish(const struct cdnn_network *n, const struct cdnn_stage *stage, const struct cdnn_piece *piece,
                   float *result, float *out) {
    const struct cdnn_layer *layer = &stage->layer;
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

/// One piece of a convolution: from `source` to `out`, both of the whole images. `k`: which of the two streams.
static dnnl_status_t run_piece(struct cdnn_network *n, struct cdnn_workplace *w, int32_t index, int32_t which, int k,
                               const float *source, float *out) {
    struct cdnn_stage *stage = &n->stages[index];
    struct cdnn_piece *piece = cdnn_piece_for(n, index, which);
    if (!piece) return dnnl_unimplemented;
    int direct = stage->layer.pooling.kernel_height == 0 && stage->out_layout == n->blocks;
    float *result = (direct ? out : w->result) + piece->result_offset;
    const void *read = source + piece->source_offset;
    if (piece->geometry.half) read = w->halves + piece->source_offset;
    struct prepared *p = prepare(n, w, index, which, k, piece, read, result);
    if (!p) return dnnl_out_of_memory;
    dnnl_status_t status = dnnl_primitive_execute(piece->primitive, w->streams[k], 5, p->arguments);
    if (status == dnnl_success) finish(n, stage, piece, result, direct ? result : out + piece->out_offset);
    return status;
}

struct shared {
    struct cdnn_network *network;
    struct cdnn_workplace *workplace;
    int32_t index;
    const float *source;
    float *out;
    _Atomic int32_t status;
};

static void half_of_image(void *context, int32_t part) {
    struct shared *s = context;
    ck_one_openmp_thread();
    dnnl_status_t status = run_piece(s->network, s->workplace, s->index, CDNN_HALF_IMAGE(part), part, s->source, s->out);
    if (status != dnnl_success) atomic_store(&s->status, (int32_t)status);
}

static dnnl_status_t convolve(struct cdnn_network *n, struct cdnn_workplace *w, int32_t index, ptrdiff_t images,
                              const float *source, float *out) {
    struct cdnn_stage *stage = &n->stages[index];
    if (stage->is_direct) {
        cdnn_direct_run(stage, images, source, w->result, out);
        return dnnl_success;
    }
    if (stage->layer.geometry.half) ck_to_bfloat16(images * stage->in_step, source, w->halves);
    if (images > 1 || !stage->halves) return run_piece(n, w, index, (int32_t)images, 0, source, out);
    struct shared shared = {n, w, index, source, out, 0};
    ck_parallel(2, half_of_image, &shared);
    return (dnnl_status_t)atomic_load(&shared.status);
}

static void half_of_columns(void *context, int32_t part) {
    struct shared *s = context;
    const struct cdnn_stage *stage = &s->network->stages[s->index];
    ptrdiff_t vectors = stage->out_step / 16, cut = (vectors + 1) / 2;
    ptrdiff_t first = part == 0 ? 0 : cut, end = part == 0 ? cut : vectors;
    ck_row_product_f32(stage->in_step, stage->out_step, 16 * first, 16 * (end - first), s->source, stage->matrix, s->out);
}

static dnnl_status_t multiply(struct cdnn_network *n, int32_t index, ptrdiff_t images, const float *source,
                              float *out) {
    struct cdnn_stage *stage = &n->stages[index];
    ptrdiff_t step = stage->out_step;
    if (images == 1 && stage->skips_zeros) {
        if (stage->in_step * step >= CDNN_WORTH_SHARING && step > 16) {
            struct shared shared = {n, NULL, index, source, out, 0};
            ck_parallel(2, half_of_columns, &shared);
        } else {
            ck_row_product_f32(stage->in_step, step, 0, step, source, stage->matrix, out);
        }
    } else {
        dnnl_status_t status = dnnl_sgemm('N', 'N', images, step, stage->in_step, 1.0f, source, stage->in_step,
                                          stage->matrix, step, 0.0f, out, step);
        if (status != dnnl_success) return status;
    }
    ck_bias_activation_f32(stage->layer.activation, stage->layer.parameter, images, step, stage->bias, out);
    return dnnl_success;
}

/// Images, at most `most_images`, through layers `first` ..< `end`; NULL, with the reason in `status`, if that fails.
static const float *run_layers(struct cdnn_network *n, struct cdnn_workplace *w, int32_t first, int32_t end,
                               ptrdiff_t images, const float *source, dnnl_status_t *status) {
    *status = dnnl_success;
    for (int32_t i = first; i < end; i++) {
        struct cdnn_stage *stage = &n->stages[i];
        const struct cdnn_geometry *g = &stage->layer.geometry;
        float *out = w->images[i % 2];
        if (stage->layer.kind == CDNN_LAYER_CONVOLUTION) {
            if (i == 0 && stage->in_layout != CK_LAYOUT_ROWS) {
                ck_relayout_images(images, g->channels, g->height * g->width, CK_LAYOUT_ROWS, source, stage->in_layout,
                                   w->images[1]);
                source = w->images[1];
            }
            *status = convolve(n, w, i, images, source, out);
        } else {
            *status = multiply(n, i, images, source, out);
        }
        if (*status != dnnl_success) return NULL;
        source = out;
    }
    return source;
}

/// Numbers of one example.
static ptrdiff_t example_step(const struct cdnn_network *n) {
    const struct cdnn_layer *first = &n->stages[0].layer;
    const struct cdnn_geometry *g = &first->geometry;
    return first->kind == CDNN_LAYER_DENSE ? first->inputs : g->channels * g->height * g->width;
}

/// `length` examples: the `images` given, and zeros; NULL without memory.
static const float *filled_up(const struct cdnn_network *n, struct cdnn_workplace *w, ptrdiff_t images,
                              ptrdiff_t length, const float *examples) {
    if (length == images) return examples;
    ptrdiff_t step = example_step(n);
    if (!w->filled) w->filled = cdnn_zeros(n->most_images * step);
    if (!w->filled) return NULL;
    memcpy(w->filled, examples, (size_t)(images * step) * sizeof(float));
    memset(w->filled + images * step, 0, (size_t)((length - images) * step) * sizeof(float));
    return w->filled;
}

/// Images through the convolutions, at most `most_images` at a time. `rows`: how many there are then, with those that fill
/// up a single run of them.
static const float *run_convolutions(struct cdnn_network *n, struct cdnn_workplace *w, ptrdiff_t images,
                                     const float *examples, ptrdiff_t *rows, dnnl_status_t *status) {
    *rows = images;
    // Cutting costs rows that are computed twice.
    int cuts = images == 1 && n->bands[0].network && (!n->is_direct || ck_thread_count() > 1);
    if (cuts) {
        float *features = w->images[(n->convolutions - 1) % 2];
        *status = cdnn_bands_run(n, examples, features);
        return *status == dnnl_success ? features : NULL;
    }
    ptrdiff_t step = n->convolutions < n->count ? n->stages[n->convolutions].in_step : 0;
    for (ptrdiff_t first = 0; first < images; first += n->most_images) {
        ptrdiff_t count = images - first < n->most_images ? images - first : n->most_images;
        ptrdiff_t length = cdnn_length_for(n, count);
        const float *given = filled_up(n, w, count, length, examples + first * example_step(n));
        *status = given ? dnnl_success : dnnl_out_of_memory;
        const float *found = given ? run_layers(n, w, 0, n->convolutions, length, given, status) : NULL;
        if (!found) return NULL;
        if (images <= n->most_images) {
            *rows = length;
            return found;
        }
        memcpy(w->features + first * step, found, (size_t)(count * step) * sizeof(float));
    }
    return w->features;
}

/// Some images, at most `most_rows`, through all layers.
static dnnl_status_t run_images(struct cdnn_network *n, ptrdiff_t images, const float *examples, float *results) {
    struct cdnn_workplace *w = take_workplace(n);
    if (!w) return dnnl_out_of_memory;
    dnnl_status_t status = dnnl_success;
    ptrdiff_t rows;
    const float *features = run_convolutions(n, w, images, examples, &rows, &status);
    const float *last = features ? run_layers(n, w, n->convolutions, n->count, rows, features, &status) : NULL;
    ptrdiff_t outputs = n->stages[n->count - 1].layer.outputs, step = n->stages[n->count - 1].out_step;
    for (ptrdiff_t k = 0; k < images && last; k++)
        memcpy(results + k * outputs, last + k * step, (size_t)outputs * sizeof(float));
    give_workplace(n, w);
    return status;
}

dnnl_status_t cdnn_network_run_rows(struct cdnn_network *n, const float *image, const struct cdnn_rows *rows,
                                    float *out) {
    struct cdnn_workplace *w = take_workplace(n);
    if (!w) return dnnl_out_of_memory;
    dnnl_status_t status;
    const float *last = run_layers(n, w, 0, n->count, 1, image, &status);
    ptrdiff_t count = (rows->end - rows->first) * rows->row_step;
    for (ptrdiff_t k = 0; k < rows->planes && last; k++)
        memcpy(out + (k * rows->rows + rows->first) * rows->row_step, last + k * count, (size_t)count * sizeof(float));
    give_workplace(n, w);
    return status;
}

struct run {
    struct cdnn_network *network;
    ptrdiff_t images, in_step, outputs;
    int32_t parts;
    const float *examples;
    float *results;
    _Atomic int32_t status;
};

static void run_part(void *context, int32_t part) {
    struct run *run = context;
    ck_one_openmp_thread();
    ptrdiff_t first, end;
    ck_part_range(run->images, run->parts, part, &first, &end);
    for (ptrdiff_t most = run->network->most_rows; first < end; first += most) {
        ptrdiff_t images = end - first < most ? end - first : most;
        dnnl_status_t status = run_images(run->network, images, run->examples + first * run->in_step,
                                          run->results + first * run->outputs);
        if (status != dnnl_success) atomic_store(&run->status, (int32_t)status);
    }
}

enum ck_status cdnn_network_run(struct cdnn_network *n, ptrdiff_t images, const float *examples, float *results) {
    CK_ASSERT_GIVEN(n);
    CK_ASSERT(images, >= 0);
    CK_ASSERT_MEMORY(examples, images);
    CK_ASSERT_MEMORY(results, images);
    ck_one_openmp_thread();
    if (images == 0) return CK_OK;
    if (images == 1) return cdnn_status(run_images(n, 1, examples, results));
    // An even number of parts, so that two threads have the same to do.
    ptrdiff_t parts = 2 * ((images + 2 * n->most_rows - 1) / (2 * n->most_rows));
    if (parts > CK_MAX_PARTS) parts = CK_MAX_PARTS - 1;
    struct run run = {n, images, example_step(n), n->stages[n->count - 1].layer.outputs, (int32_t)parts, examples, results, 0};
    ck_parallel(run.parts, run_part, &run);
    return cdnn_status((dnnl_status_t)atomic_load(&run.status));
}

// MARK: a network's life

struct cdnn_network *cdnn_network_make_layers(const struct cdnn_layer *layers, ptrdiff_t count, ptrdiff_t most_images) {
    dnnl_engine_t engine = cdnn_engine();
    struct cdnn_network *n = count > 0 && count <= CDNN_MOST_LAYERS && engine ? calloc(1, sizeof *n) : NULL;
    if (!n) return NULL;
    n->engine = engine;
    n->count = (int32_t)count;
    n->most_images = most_images;
    // Without AVX-512 oneDNN has fast kernels for blocks of eight; of other processors nothing is known.
    n->lanes = ck_this_processor()->vector_bits == 256 ? 8 : 16;
    n->blocks = n->lanes == 8 ? CK_LAYOUT_EIGHTS : CK_LAYOUT_BLOCKED;
    pthread_mutex_init(&n->lock, NULL);
    for (int32_t i = 0; i < count; i++) n->stages[i].layer = layers[i];
    while (n->convolutions < count && layers[n->convolutions].kind == CDNN_LAYER_CONVOLUTION) n->convolutions++;
    if (cdnn_stages_make(n)) return n;
    cdnn_network_free(n);
    return NULL;
}

struct cdnn_network *cdnn_network_make(const struct cdnn_layer *layers, ptrdiff_t count) {
    CK_ASSERT(count, > 0);
    CK_ASSERT_MEMORY(layers, count);
    struct cdnn_network *n = cdnn_network_make_layers(layers, count, 0);
    if (n) cdnn_bands_make(n);
    return n;
}

void cdnn_network_free(struct cdnn_network *n) {
    if (!n) return;
    for (int i = 0; i < 64; i++) free_workplace(atomic_load(&n->workplaces[i]));
    cdnn_bands_free(n);
    cdnn_stages_free(n);
    pthread_mutex_destroy(&n->lock);
    free(n);
}
