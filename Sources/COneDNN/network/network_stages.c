// Makes the primitives of networks that only look forward.
#include <stdlib.h>
#include <string.h>

#include "network/network_stages.h"
#include "ck_core.h"
#include "ck_nn.h"
#include "convolution/convolution_primitives.h"
#include "core/primitive_descriptions.h"

/// Below this many multiply-adds, for each lane of a vector, a single image is not worth a second thread.
#define CDNN_WORTH_HALVING 18750
/// What the images that go through the layers together read and write at most: they stay in a core's second cache.
#define CDNN_MOST_BYTES (1 << 20)
/// A dense layer's weights beyond that come from further away for each product; as many rows share them.
#define CDNN_MOST_ROWS 32

static dnnl_format_tag_t tag(int32_t layout) {
    switch (layout) {
    case CK_LAYOUT_EIGHTS: return dnnl_nChw8c;
    case CK_LAYOUT_BLOCKED: return dnnl_nChw16c;
    default: return dnnl_nchw;
    }
}

/// The geometry that computes two neighbours of a row at once: output (j, k) of a pixel is channel k of its neighbour j,
/// by a kernel one wider, w'[(j, k), c, r, s] = w[k, c, r, s - j], at every second column. With few outputs this fills the
/// lanes of a vector that would else be empty, for S + 1 columns of weights instead of 2 S.
static struct cdnn_geometry paired_geometry(struct cdnn_geometry g) {
    g.outputs *= 2;
    g.kernel_width += 1;
    g.stride_width = 2;
    g.result_width /= 2;
    return g;
}

/// In blocks of sixteen: in blocks of eight it would need a vector for each neighbour again.
static int can_be_paired(const struct cdnn_network *n, const struct cdnn_layer *layer) {
    const struct cdnn_geometry *g = &layer->geometry;
    return n->lanes == 16 && g->outputs <= 8 && g->kernel_width > 1 && g->stride_width == 1 && g->dilation_width == 1 &&
           g->result_width % 2 == 0 && g->channels < 16 && cdnn_pools_whole_squares(g, &layer->pooling);
}

static void free_forms(struct cdnn_piece *piece) {
    cdnn_form *forms[] = {&piece->source, &piece->weights, &piece->result, &piece->bias, &piece->scratch};
    for (int i = 0; i < 5; i++) {
        cdnn_form_free(*forms[i]);
        *forms[i] = NULL;
    }
}

static int make_primitive(struct cdnn_network *n, const struct cdnn_stage *stage, struct cdnn_piece *piece,
                          dnnl_alg_kind_t way) {
    const struct cdnn_geometry *g = &piece->geometry;
    dnnl_data_type_t in = g->half ? dnnl_bf16 : dnnl_f32;
    dnnl_dims_t source = {piece->images, g->channels, g->height, g->width};
    dnnl_dims_t result = {piece->images, g->outputs, g->result_height, g->result_width};
    dnnl_dims_t kernel = {g->outputs, g->channels, g->kernel_height, g->kernel_width}, bias = {g->outputs};
    cdnn_form forms[] = {
        cdnn_form_tagged(4, source, in, tag(stage->in_layout)), cdnn_form_tagged(4, result, dnnl_f32, tag(n->blocks)),
        cdnn_form_tagged(1, bias, dnnl_f32, dnnl_a), cdnn_form_tagged(4, kernel, in, dnnl_format_tag_any),
    };
    struct cdnn_operation operation = {
        .pass = dnnl_forward_inference,
        .algorithm = way,
        .source = forms[0],
        .result = forms[1],
        .bias = forms[2],
        .weights = forms[3],
        .strides = {g->stride_height, g->stride_width},
        .dilations = {g->dilation_height - 1, g->dilation_width - 1},
        .before = {g->padding_top, g->padding_left},
        .after = {g->padding_bottom, g->padding_right},
    };
    int whole = forms[0] && forms[1] && forms[2] && forms[3];
    dnnl_primitive_desc_t d = whole ? cdnn_describe(n->engine, &operation, 0, NULL) : NULL;
    cdnn_form_free(forms[3]);
    free_forms(piece);
    piece->source = forms[0];
    piece->result = forms[1];
    piece->bias = forms[2];
    if (!d) return 0;
    piece->weights = cdnn_form_of(d, dnnl_query_weights_md);
    piece->scratch = cdnn_form_of(d, dnnl_query_scratchpad_md);
    int made = piece->weights && piece->scratch && dnnl_primitive_create(&piece->primitive, d) == dnnl_success;
    dnnl_primitive_desc_destroy(d);
    return made;
}

/// Half `k` of a single image: half of the blocks of outputs, or, where there is one block only and images lie row by row,
/// half of the rows.
static void cut_half(const struct cdnn_network *n, const struct cdnn_stage *stage, struct cdnn_piece *piece,
                     ptrdiff_t k) {
    struct cdnn_geometry *g = &piece->geometry;
    const struct cdnn_pooling *pool = &stage->layer.pooling;
    ptrdiff_t blocks = (g->outputs + n->lanes - 1) / n->lanes;
    ptrdiff_t out_pixels = pool->kernel_height ? pool->height * pool->width : g->result_height * g->result_width;
    if (blocks > 1) {
        ptrdiff_t first = k == 0 ? 0 : blocks / 2 * n->lanes, end = k == 0 ? blocks / 2 * n->lanes : g->outputs;
        piece->first_output = first;
        piece->result_offset = first * g->result_height * g->result_width;
        piece->out_offset = first * out_pixels;
        g->outputs = end - first;
        return;
    }
    // Cut between two windows of the pooling.
    ptrdiff_t step = pool->kernel_height ? 2 : 1, cut = (g->result_height / 2 + step - 1) / step * step;
    ptrdiff_t first = k == 0 ? 0 : cut, end = k == 0 ? cut : g->result_height;
    ptrdiff_t top = first * g->stride_height - g->padding_top;
    ptrdiff_t bottom = (end - 1) * g->stride_height - g->padding_top + (g->kernel_height - 1) * g->dilation_height + 1;
    ptrdiff_t first_row = top > 0 ? top : 0, end_row = bottom < g->height ? bottom : g->height;
    ptrdiff_t lanes = stage->in_layout == n->blocks ? n->lanes : 1;
    piece->source_offset = first_row * g->width * lanes;
    piece->result_offset = first * g->result_width * n->lanes;
    piece->out_offset = pool->kernel_height ? first / 2 * pool->width * n->lanes : piece->result_offset;
    g->padding_top = first_row - top;
    g->padding_bottom = bottom - end_row;
    g->height = end_row - first_row;
    g->result_height = end - first;
}

static int can_be_halved(const struct cdnn_network *n, const struct cdnn_stage *stage) {
    const struct cdnn_geometry *g = &stage->layer.geometry;
    ptrdiff_t work = g->channels * g->outputs * g->kernel_height * g->kernel_width * g->result_height * g->result_width;
    if (work < CDNN_WORTH_HALVING * n->lanes || stage->paired || stage->out_layout != n->blocks) return 0;
    if (g->outputs > n->lanes) return 1;
    // Rows lie one after another where there is one block, or one channel; every window must lie in one half.
    int lies_in_rows = stage->in_layout == n->blocks ? g->channels <= n->lanes : g->channels == 1;
    int fits = stage->layer.pooling.kernel_height == 0 || cdnn_pools_whole_squares(g, &stage->layer.pooling);
    // A half must not begin outside the image, nor end before it.
    ptrdiff_t half = g->result_height / 2 * g->stride_height;
    return lies_in_rows && fits && half > g->padding_top + g->kernel_height * g->dilation_height;
}

static void free_piece(struct cdnn_piece *piece) {
    if (!piece) return;
    if (piece->primitive) dnnl_primitive_destroy(piece->primitive);
    if (piece->packed) dnnl_memory_destroy(piece->packed);
    if (piece->packed_bias) dnnl_memory_destroy(piece->packed_bias);
    free_forms(piece);
    free(piece);
}

static struct cdnn_piece *make_piece(struct cdnn_network *n, struct cdnn_stage *stage, int32_t which) {
    struct cdnn_piece *piece = calloc(1, sizeof *piece);
    if (!piece) return NULL;
    int half_image = which > CDNN_MOST_IMAGES;
    piece->geometry = stage->paired ? paired_geometry(stage->layer.geometry) : stage->layer.geometry;
    piece->images = half_image ? 1 : which;
    if (half_image) cut_half(n, stage, piece, which - CDNN_HALF_IMAGE(0));
    // What oneDNN cannot do by Winograd's way it does directly.
    int made = (stage->winograd && make_primitive(n, stage, piece, dnnl_convolution_winograd)) ||
               make_primitive(n, stage, piece, dnnl_convolution_direct);
    if (made) {
        made = dnnl_memory_create(&piece->packed, piece->weights, n->engine, DNNL_MEMORY_ALLOCATE) == dnnl_success &&
               dnnl_memory_create(&piece->packed_bias, piece->bias, n->engine, DNNL_MEMORY_ALLOCATE) == dnnl_success &&
               cdnn_piece_pack(n, stage, piece) == dnnl_success;
    }
    if (!made) {
        free_piece(piece);
        return NULL;
    }
    return piece;
}

struct cdnn_piece *cdnn_piece_for(struct cdnn_network *n, int32_t index, int32_t which) {
    struct cdnn_stage *stage = &n->stages[index];
    struct cdnn_piece *found = atomic_load_explicit(&stage->pieces[which], memory_order_acquire);
    if (found) return found;
    pthread_mutex_lock(&n->lock);
    found = atomic_load(&stage->pieces[which]);
    if (!found) {
        // oneDNN divides the work over the threads that it sees while a primitive is made.
        ck_one_openmp_thread();
        found = make_piece(n, stage, which);
        atomic_store_explicit(&stage->pieces[which], found, memory_order_release);
    }
    pthread_mutex_unlock(&n->lock);
    return found;
}

static int has_pieces(struct cdnn_network *n, ptrdiff_t images) {
    for (int32_t i = 0; i < n->count; i++) {
        const struct cdnn_stage *stage = &n->stages[i];
        // The halves of a single image were made with the network.
        if (stage->layer.kind != CDNN_LAYER_CONVOLUTION || stage->is_direct || (images == 1 && stage->halves)) continue;
        if (!cdnn_piece_for(n, i, (int32_t)images)) return 0;
    }
    return 1;
}

ptrdiff_t cdnn_length_for(struct cdnn_network *n, ptrdiff_t images) {
    ptrdiff_t length = atomic_load_explicit(&n->lengths[images], memory_order_acquire);
    if (length) return length;
    for (length = images; length < n->most_images && !has_pieces(n, length);) length++;
    atomic_store_explicit(&n->lengths[images], length, memory_order_release);
    return length;
}

static void choose_layouts(const struct cdnn_network *n, struct cdnn_stage *stage, const struct cdnn_stage *next) {
    struct cdnn_layer *layer = &stage->layer;
    struct cdnn_geometry *g = &layer->geometry;
    // With less than a block of channels oneDNN reads rows, as it does with one.
    stage->in_layout = g->channels < n->lanes ? CK_LAYOUT_ROWS : n->blocks;
    stage->paired = can_be_paired(n, layer);
    int next_reads_rows = next && next->layer.kind == CDNN_LAYER_CONVOLUTION && g->outputs < n->lanes;
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
    stage->is_direct = cdnn_is_direct(n, stage);
    stage->halves = !stage->is_direct && can_be_halved(n, stage);
    struct cdnn_geometry lies = *g;
    lies.source_layout = stage->in_layout;
    lies.result_layout = n->blocks;
    int suits = cdnn_suits_winograd(&lies);
    // With so many channels it is faster in float32 than all products in bfloat16.
    if (suits && g->channels >= 32 && g->outputs >= 32) g->half = 0;
    stage->winograd = suits && !g->half;
}

float *cdnn_zeros(ptrdiff_t count) {
    size_t bytes = ((size_t)count * sizeof(float) + 63) & ~(size_t)63;
    float *memory = aligned_alloc(64, bytes ? bytes : 64);
    if (memory) memset(memory, 0, bytes);
    return memory;
}

int cdnn_stages_make(struct cdnn_network *n) {
    ptrdiff_t bytes = 1;
    for (int32_t i = 0; i < n->count; i++) {
        struct cdnn_stage *stage = &n->stages[i];
        if (stage->layer.kind == CDNN_LAYER_CONVOLUTION) {
            choose_layouts(n, stage, i + 1 < n->count ? stage + 1 : NULL);
            ptrdiff_t own = (stage->in_step + stage->result_step) * (ptrdiff_t)sizeof(float);
            if (own > bytes) bytes = own;
        } else {
            stage->in_step = i == 0 ? stage->layer.inputs : n->stages[i - 1].out_step;
            stage->out_step = (stage->layer.outputs + 15) & ~(ptrdiff_t)15;
        }
    }
    if (n->most_images == 0) n->most_images = CDNN_MOST_BYTES / bytes;
    if (n->most_images < 1) n->most_images = 1;
    if (n->most_images > CDNN_MOST_IMAGES) n->most_images = CDNN_MOST_IMAGES;
    n->most_rows = n->most_images;
    for (int32_t i = 0; i < n->count; i++) {
        struct cdnn_stage *stage = &n->stages[i];
        const struct cdnn_geometry *g = &stage->layer.geometry;
        int is_dense = stage->layer.kind == CDNN_LAYER_DENSE;
        stage->matrix = cdnn_zeros(is_dense ? stage->in_step * stage->out_step
                                            : g->outputs * g->channels * g->kernel_height * g->kernel_width);
        if (is_dense && stage->in_step * stage->out_step * (ptrdiff_t)sizeof(float) > CDNN_MOST_BYTES) n->most_rows = CDNN_MOST_ROWS;
        stage->bias = cdnn_zeros(is_dense ? stage->out_step : g->outputs);
        if (!stage->matrix || !stage->bias) return 0;
        if (stage->is_direct && !cdnn_direct_make(stage)) return 0;
        if (is_dense || stage->is_direct) continue;
        if (!cdnn_piece_for(n, i, (int32_t)n->most_images)) return 0;
        for (int k = 0; k < 2 && stage->halves; k++)
            if (!cdnn_piece_for(n, i, CDNN_HALF_IMAGE(k))) return 0;
    }
    return 1;
}

void cdnn_stages_free(struct cdnn_network *n) {
    for (int32_t i = 0; i < n->count; i++) {
        struct cdnn_stage *stage = &n->stages[i];
        for (int p = 0; p < CDNN_PIECES; p++) free_piece(atomic_load(&stage->pieces[p]));
        free(stage->matrix);
        free(stage->bias);
        free(stage->blocked);
    }
}
