// A single image in two bands of rows, each through all convolutions by a thread of its own: one hand-over for all of
// them, for the price of computing the rows at the cut twice.
#include <stdlib.h>
#include <string.h>

#include "ck_core.h"
#include "network/network_stages.h"

/// What handing work to a second thread costs, in multiply-adds for each lane of a vector: about three microseconds, by
/// which LeNet gains nothing with sixteen lanes.
#define CDNN_HANDING_OVER 9375

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
static double band(const struct cdnn_network *n, int32_t count, ptrdiff_t first, ptrdiff_t end,
                   struct cdnn_layer *layers, ptrdiff_t *first_row) {
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

static ptrdiff_t out_rows(const struct cdnn_layer *last) {
    return last->pooling.kernel_height ? last->pooling.height : last->geometry.result_height;
}

void cdnn_bands_make(struct cdnn_network *n) {
    int32_t count = n->convolutions;
    // Rows of the first images lie one after another only where they have one channel.
    if (count == 0 || n->stages[0].layer.geometry.channels != 1) return;
    ptrdiff_t rows = out_rows(&n->stages[count - 1].layer), best_cut = 0, first_row;
    struct cdnn_layer *layers = calloc((size_t)count, sizeof *layers);
    if (!layers) return;
    double best = 0, handing_over = (double)(CDNN_HANDING_OVER * n->lanes);
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
        struct cdnn_band *one = &n->bands[k];
        one->first_out = k == 0 ? 0 : best_cut;
        one->end_out = k == 0 ? best_cut : rows;
        band(n, count, one->first_out, one->end_out, layers, &one->first_row);
        one->network = cdnn_network_make_layers(layers, count, 1);
        // Layouts follow from the channels, and pairing from the pooling's windows: a band must lie as the whole does.
        int fits = one->network != NULL;
        for (int32_t i = 0; i < count && fits; i++)
            fits = one->network->stages[i].out_layout == n->stages[i].out_layout;
        if (!fits) {
            cdnn_bands_free(n);
            break;
        }
    }
    free(layers);
    n->is_direct = 1;
    for (int32_t i = 0; i < count; i++) n->is_direct &= n->stages[i].is_direct;
}

void cdnn_bands_free(struct cdnn_network *n) {
    for (int k = 0; k < 2; k++) {
        cdnn_network_free(n->bands[k].network);
        n->bands[k].network = NULL;
    }
}

struct bands {
    struct cdnn_network *network;
    const float *image;
    float *out;
    _Atomic int32_t status;
};

static void run_band(void *context, int32_t part) {
    struct bands *bands = context;
    ck_one_openmp_thread();
    struct cdnn_network *whole = bands->network;
    const struct cdnn_band *one = &whole->bands[part];
    const struct cdnn_stage *last = &whole->stages[one->network->count - 1];
    const struct cdnn_layer *layer = &last->layer;
    ptrdiff_t width = layer->pooling.kernel_height ? layer->pooling.width : layer->geometry.result_width;
    struct ck_form form = ck_image_form(last->out_layout, layer->geometry.outputs, 1);
    struct cdnn_rows rows = {form.blocks, width * form.lanes, out_rows(layer), one->first_out, one->end_out};
    const float *image = bands->image + one->first_row * whole->stages[0].layer.geometry.width;
    dnnl_status_t status = cdnn_network_run_rows(one->network, image, &rows, bands->out);
    if (status != dnnl_success) atomic_store(&bands->status, (int32_t)status);
}

dnnl_status_t cdnn_bands_run(struct cdnn_network *n, const float *image, float *out) {
    struct bands bands = {n, image, out, 0};
    ck_parallel(2, run_band, &bands);
    return (dnnl_status_t)atomic_load(&bands.status);
}
