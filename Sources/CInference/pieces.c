// The convolutions of some images, or of half an image, made when they are first asked for.
#include <stdlib.h>

#include "chain.h"
#include "ck_core.h"

/// Below this many multiply-adds, for each lane of a vector, a single image is not worth a second thread.
#define CI_WORTH_HALVING 18750

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
int ci_can_be_paired(const struct ci_chain *n, const struct ci_layer *layer) {
    const struct cdnn_geometry *g = &layer->geometry;
    return n->lanes == 16 && g->outputs <= 8 && g->kernel_width > 1 && g->stride_width == 1 && g->dilation_width == 1 &&
           g->result_width % 2 == 0 && g->channels < 16 && cdnn_pools_whole_squares(g, &layer->pooling);
}

/// Half `k` of a single image: half of the blocks of outputs, or, where there is one block only and images lie row by row,
/// half of the rows.
static void cut_half(const struct ci_chain *n, const struct ci_stage *stage, struct ci_piece *piece,
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

int ci_can_be_halved(const struct ci_chain *n, const struct ci_stage *stage) {
    const struct cdnn_geometry *g = &stage->layer.geometry;
    ptrdiff_t work = g->channels * g->outputs * g->kernel_height * g->kernel_width * g->result_height * g->result_width;
    if (work < CI_WORTH_HALVING * n->lanes || stage->paired || stage->out_layout != n->blocks) return 0;
    if (g->outputs > n->lanes) return 1;
    // Rows lie one after another where there is one block, or one channel; every window must lie in one half.
    int lies_in_rows = stage->in_layout == n->blocks ? g->channels <= n->lanes : g->channels == 1;
    int fits = stage->layer.pooling.kernel_height == 0 || cdnn_pools_whole_squares(g, &stage->layer.pooling);
    // A half must not begin outside the image, nor end before it.
    ptrdiff_t half = g->result_height / 2 * g->stride_height;
    return lies_in_rows && fits && half > g->padding_top + g->kernel_height * g->dilation_height;
}

void ci_piece_free(struct ci_piece *piece) {
    if (!piece) return;
    cdnn_forward_free(piece->forward);
    free(piece);
}

static struct ci_piece *make_piece(const struct ci_chain *n, const struct ci_stage *stage, int32_t which) {
    struct ci_piece *piece = calloc(1, sizeof *piece);
    if (!piece) return NULL;
    int half_image = which > CI_MOST_IMAGES;
    piece->geometry = stage->paired ? paired_geometry(stage->layer.geometry) : stage->layer.geometry;
    piece->images = half_image ? 1 : which;
    if (half_image) cut_half(n, stage, piece, which - CI_HALF_IMAGE(0));
    piece->geometry.source_layout = stage->in_layout;
    piece->geometry.result_layout = n->blocks;
    piece->geometry.winograd = stage->winograd;
    piece->forward = cdnn_forward_make(&piece->geometry, piece->images);
    if (piece->forward && ci_piece_pack(stage, piece) == CK_OK) return piece;
    ci_piece_free(piece);
    return NULL;
}

struct ci_piece *ci_piece_for(struct ci_chain *n, int32_t index, int32_t which) {
    struct ci_stage *stage = &n->stages[index];
    struct ci_piece *found = atomic_load_explicit(&stage->pieces[which], memory_order_acquire);
    if (found) return found;
    pthread_mutex_lock(&n->lock);
    found = atomic_load(&stage->pieces[which]);
    if (!found) {
        found = make_piece(n, stage, which);
        atomic_store_explicit(&stage->pieces[which], found, memory_order_release);
    }
    pthread_mutex_unlock(&n->lock);
    return found;
}

static int has_pieces(struct ci_chain *n, ptrdiff_t images) {
    for (int32_t i = 0; i < n->count; i++) {
        const struct ci_stage *stage = &n->stages[i];
        // The halves of a single image were made with the chain.
        if (stage->layer.kind != CI_LAYER_CONVOLUTION || stage->is_direct || (images == 1 && stage->halves)) continue;
        if (!ci_piece_for(n, i, (int32_t)images)) return 0;
    }
    return 1;
}

ptrdiff_t ci_length_for(struct ci_chain *n, ptrdiff_t images) {
    ptrdiff_t length = atomic_load_explicit(&n->lengths[images], memory_order_acquire);
    if (length) return length;
    for (length = images; length < n->most_images && !has_pieces(n, length);) length++;
    atomic_store_explicit(&n->lengths[images], length, memory_order_release);
    return length;
}
