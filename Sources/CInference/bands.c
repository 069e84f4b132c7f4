// A single image in two bands of rows, each through all convolutions by a thread of its own: one hand-over for all of
// them, for the price of computing the rows at the cut twice.
#include <stdlib.h>
#include <string.h>

#include "bands.h"
#include "ck_core.h"

/// What handing work to a second thread costs, in multiply-adds for each lane of a vector: about three microseconds, by
/// which LeNet gains nothing with sixteen lanes.
#define CI_HANDING_OVER 9375

static double work(const struct cdnn_geometry *g) {
    return (double)(g->channels * g->outputs * g->kernel_height * g->kernel_width * g->result_height) *
           (double)g->result_width;
}

/// The rows of `length` that windows `*first` ..< `*end` see, and the padding that is left above and below them.
static void seen_rows(ptrdiff_t length, ptrdiff_t kernel, ptrdiff_t stride, ptrdiff_t *padding_top,
                      ptrdiff_t *padding_bottom, ptrdiff_t *first, ptrdiff_t *end) {
    ptrdiff_t top = *first * stride - *padding_top, bottom = (*end - 1) * stride - *padding_top + kernel;
    *first = top > 0 ? top : 0;
    *end = bottom < length ? bottom : length;
    *padding_top = *first - top;
    *padding_bottom = bottom - *end;
}

/// The layers that give rows `first` ..< `end` of the last one's images; their work.
static double band(const struct ci_chain *n, int32_t count, ptrdiff_t first, ptrdiff_t end,
                   struct ci_layer *layers, ptrdiff_t *first_row) {
    double sum = 0;
    for (int32_t i = count - 1; i >= 0; i--) {
        layers[i] = n->stages[i].layer;
        struct cdnn_geometry *g = &layers[i].geometry;
        struct cdnn_pooling *p = &layers[i].pooling;
        ptrdiff_t below = 0;
        if (p->kernel_height) {
            p->height = end - first;
            seen_rows(g->result_height, p->kernel_height, p->stride_height, &p->padding_top, &below, &first, &end);
        }
        g->result_height = end - first;
        seen_rows(g->height, (g->kernel_height - 1) * g->dilation_height + 1, g->stride_height, &g->padding_top,
                  &g->padding_bottom, &first, &end);
        g->height = end - first;
        // Windows that see nothing but padding are no band.
        if (g->height < 1 || g->padding_top < 0 || g->padding_bottom < 0) return 1e300;
        sum += work(g);
    }
    *first_row = first;
    return sum;
}

static ptrdiff_t out_rows(const struct ci_layer *last) {
    return last->pooling.kernel_height ? last->pooling.height : last->geometry.result_height;
}

void ci_bands_make(struct ci_bands *bands, const struct ci_chain *n) {
    int32_t count = n->convolutions;
    // Rows of the first images lie one after another only where they have one channel.
    if (count == 0 || n->stages[0].layer.geometry.channels != 1) return;
    ptrdiff_t rows = out_rows(&n->stages[count - 1].layer), best_cut = 0, first_row;
    struct ci_layer *layers = calloc((size_t)count, sizeof *layers);
    if (!layers) return;
    double best = 0, handing_over = (double)(CI_HANDING_OVER * n->lanes);
    for (int32_t i = 0; i < count; i++) {
        double whole = work(&n->stages[i].layer.geometry);
        best += n->stages[i].halves ? whole / 2 + handing_over : whole;
    }
    for (ptrdiff_t cut = 1; cut < rows; cut++) {
        double above = band(n, count, 0, cut, layers, &first_row), below = band(n, count, cut, rows, layers, &first_row);
        double longer = (above > below ? above : below) + handing_over;
        if (longer >= best) continue;
        best = longer;
        best_cut = cut;
    }
    for (int k = 0; k < 2 && best_cut > 0; k++) {
        struct ci_band *one = &bands->band[k];
        one->first_out = k == 0 ? 0 : best_cut;
        one->end_out = k == 0 ? best_cut : rows;
        band(n, count, one->first_out, one->end_out, layers, &one->first_row);
        one->chain = ci_chain_make(layers, count, 1);
        // Layouts follow from the channels, and pairing from the pooling's windows: a band must lie as the whole does.
        int fits = one->chain != NULL;
        for (int32_t i = 0; i < count && fits; i++)
            fits = one->chain->stages[i].out_layout == n->stages[i].out_layout;
        if (!fits) {
            ci_bands_free(bands);
            break;
        }
    }
    free(layers);
    bands->is_direct = 1;
    for (int32_t i = 0; i < count; i++) bands->is_direct &= n->stages[i].is_direct;
}

void ci_bands_free(struct ci_bands *bands) {
    for (int k = 0; k < 2; k++) {
        ci_chain_free(bands->band[k].chain);
        bands->band[k].chain = NULL;
    }
}

enum ck_status ci_bands_set(struct ci_bands *bands, int32_t layer, const float *weights, const float *bias) {
    enum ck_status status = CK_OK;
    for (int k = 0; k < 2 && bands->band[k].chain && status == CK_OK; k++)
        status = ci_chain_set(bands->band[k].chain, layer, weights, bias);
    return status;
}

struct bands_job {
    const struct ci_bands *bands;
    const struct ci_chain *whole;
    const float *image;
    float *out;
    _Atomic int32_t status;
};

/// One band's rows, put where they belong in `out`: in each plane, or block of channels.
static enum ck_status run(const struct bands_job *job, const struct ci_band *one) {
    struct ci_workplace *w = ci_take_workplace(one->chain);
    if (!w) return CK_NO_MEMORY;
    const struct ci_stage *last = &job->whole->stages[one->chain->count - 1];
    const struct ci_layer *layer = &last->layer;
    ptrdiff_t width = layer->pooling.kernel_height ? layer->pooling.width : layer->geometry.result_width;
    struct ck_form form = ck_image_form(last->out_layout, layer->geometry.outputs, 1);
    ptrdiff_t row_step = width * form.lanes, count = (one->end_out - one->first_out) * row_step;
    const float *image = job->image + one->first_row * job->whole->stages[0].layer.geometry.width;
    enum ck_status status;
    const float *found = ci_run_stages(one->chain, w, 0, one->chain->count, 1, image, &status);
    for (ptrdiff_t k = 0; k < form.blocks && found; k++)
        memcpy(job->out + (k * out_rows(layer) + one->first_out) * row_step, found + k * count,
               (size_t)count * sizeof(float));
    ci_give_workplace(one->chain, w);
    return status;
}

static void run_band(void *context, int32_t part) {
    struct bands_job *job = context;
    ck_one_openmp_thread();
    enum ck_status status = run(job, &job->bands->band[part]);
    if (status != CK_OK) atomic_store(&job->status, (int32_t)status);
}

enum ck_status ci_bands_run(const struct ci_bands *bands, const struct ci_chain *whole, const float *image, float *out) {
    struct bands_job job = {bands, whole, image, out, 0};
    ck_parallel(2, run_band, &job);
    return (enum ck_status)atomic_load(&job.status);
}
