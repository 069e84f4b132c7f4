// A convolution is made: how it pads and multiplies, and the primitives for a whole chunk; weights are put into oneDNN's order.
#include <stdlib.h>

#include "convolution/convolution_primitives.h"
#include "convolution/geometry_checks.h"
#include "ck_core.h"
#include "ck_nn.h"
#include "core/primitive_descriptions.h"
#include "core/status.h"

static dnnl_primitive_t make_reorder(struct cdnn_convolution *c, cdnn_form from,
                                     cdnn_form to) {
    dnnl_primitive_desc_t d = NULL;
    dnnl_primitive_t reorder = NULL;
    if (dnnl_reorder_primitive_desc_create(&d, from, c->engine, to, c->engine, NULL) != dnnl_success) return NULL;
    if (dnnl_primitive_create(&reorder, d) != dnnl_success) reorder = NULL;
    dnnl_primitive_desc_destroy(d);
    return reorder;
}

dnnl_status_t cdnn_reorder(struct cdnn_convolution *c, dnnl_primitive_t reorder, cdnn_form from,
                           const void *source, cdnn_form to, void *target) {
    ck_one_openmp_thread();
    struct cdnn_context *context = cdnn_take_context(c);
    if (!context) return dnnl_out_of_memory;
    struct cdnn_argument arguments[] = {{DNNL_ARG_FROM, from, (void *)source}, {DNNL_ARG_TO, to, target}};
    dnnl_status_t status = cdnn_run(c, context, reorder, 2, arguments);
    cdnn_give_context(c, context);
    return status;
}

/// Half of a kernel's reach: as much padding as the weight gradient in blocks takes.
static ptrdiff_t half_reach(ptrdiff_t kernel, ptrdiff_t dilation) { return ((kernel - 1) * dilation + 1) / 2; }

static ptrdiff_t larger_of(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

static void set_inner(struct cdnn_convolution *c) {
    struct cdnn_geometry *g = &c->inner;
    *g = c->geometry;
    if (g->source_layout != CK_LAYOUT_BLOCKED) return;
    ptrdiff_t rows = half_reach(g->kernel_height, g->dilation_height);
    ptrdiff_t columns = half_reach(g->kernel_width, g->dilation_width);
    ptrdiff_t bottom = larger_of(0, g->padding_bottom - rows), right = larger_of(0, g->padding_right - columns);
    c->inset_top = larger_of(0, g->padding_top - rows);
    c->inset_left = larger_of(0, g->padding_left - columns);
    c->is_inset = c->inset_top || c->inset_left || bottom || right;
    g->height += c->inset_top + bottom;
    g->width += c->inset_left + right;
    g->padding_top -= c->inset_top;
    g->padding_left -= c->inset_left;
    g->padding_bottom -= bottom;
    g->padding_right -= right;
}

/// Whether Winograd's way (tiles of 4 x 4 results, a quarter of the products, and the transforms of both sides) is the
/// faster one: by the shape alone, so that it never depends on a measurement. A product saved is weighed against a
/// number transformed: 1/60 to 0.85 ns on Zen 4, and on Zen 5, whose products take half as long, 16 channels to 16 gain a tenth
/// without it and 32 to 32 lose as much.
int32_t cdnn_suits_winograd(const struct cdnn_geometry *g) {
    CK_ASSERT_GIVEN(g);
    if (!g->winograd || g->source_layout != CK_LAYOUT_BLOCKED || g->result_layout != CK_LAYOUT_BLOCKED ||
        g->groups != 1 || g->kernel_height != 3 || g->kernel_width != 3 || g->stride_height != 1 || g->stride_width != 1 ||
        g->dilation_height != 1 || g->dilation_width != 1 || g->channels % 16 != 0 || g->outputs % 16 != 0)
        return 0;
    double results = (double)g->result_height * (double)g->result_width;
    double tiled = (double)((g->result_height + 3) / 4) * (double)((g->result_width + 3) / 4) * 16;
    double saved = (9 * results - 2.25 * tiled) * (double)g->channels * (double)g->outputs;
    return saved > 60 * tiled * (double)(g->channels + g->outputs);
}

/// Whether a column of the kernel lies beside the image in every window, where windows step over pixels. There oneDNN
/// 2.6.3's weight gradient in bfloat16 multiplies by memory that it has not written.
static int has_idle_column(const struct cdnn_geometry *g) {
    for (ptrdiff_t column = 0; g->stride_width > 1 && column < g->kernel_width; column++) {
        int meets = 0;
        for (ptrdiff_t window = 0; window < g->result_width && !meets; window++) {
            ptrdiff_t pixel = window * g->stride_width - g->padding_left + column * g->dilation_width;
            meets = pixel >= 0 && pixel < g->width;
        }
        if (!meets) return 1;
    }
    return 0;
}

static void choose_ways(struct cdnn_convolution *c) {
    const struct cdnn_geometry *g = &c->inner;
    if (g->half == CDNN_ROUNDED) {
        c->forward = c->data = c->weights = (struct cdnn_way){.rounded = 1};
        return;
    }
    int winograd = cdnn_suits_winograd(g);
    c->forward = c->data = (struct cdnn_way){.half = g->half, .winograd = winograd && !g->half};
    // The weight gradient in bfloat16 is slower than Winograd's, except with few channels.
    int half = g->half && !(winograd && g->channels >= 32 && g->outputs >= 32) && !has_idle_column(g);
    c->weights = (struct cdnn_way){.half = half, .winograd = winograd && !half};
}

static struct cdnn_primitives *make_whole(struct cdnn_convolution *c) {
    // What a chunk reads and writes stays in half a megabyte, half of a core's second cache. Winograd's way has more
    // to read in any case, and to transform for each chunk.
    ptrdiff_t bytes = (c->inner_step + c->result_step) * (ptrdiff_t)sizeof(float);
    ptrdiff_t most = c->forward.winograd || c->weights.winograd ? 2048 << 10 : 512 << 10;
    c->chunk = bytes > 0 ? most / bytes : 1;
    if (c->chunk < 1) c->chunk = 1;
    if (c->chunk > CDNN_LARGEST_CHUNK) c->chunk = CDNN_LARGEST_CHUNK;
    return cdnn_primitives_for(c, c->chunk);
}

struct cdnn_convolution *cdnn_convolution_make(const struct cdnn_geometry *geometry) {
    cdnn_check_geometry(geometry);
    dnnl_engine_t engine = cdnn_engine();
    struct cdnn_convolution *c = calloc(1, sizeof *c);
    if (!c || !engine) {
        free(c);
        return NULL;
    }
    c->geometry = *geometry;
    c->engine = engine;
    pthread_mutex_init(&c->lock, NULL);
    set_inner(c);
    const struct cdnn_geometry *g = &c->inner;
    c->source_step = ck_image_count(g->source_layout, 1, g->channels, geometry->height * geometry->width);
    c->inner_step = ck_image_count(g->source_layout, 1, g->channels, g->height * g->width);
    c->result_step = ck_image_count(g->result_layout, 1, g->outputs, g->result_height * g->result_width);
    choose_ways(c);
    c->plain_weights = cdnn_weights_form(g, dnnl_f32, 1);
    struct cdnn_primitives *p = c->plain_weights ? make_whole(c) : NULL;
    if (!p && c->plain_weights && (c->forward.winograd || c->weights.winograd)) {
        // oneDNN has Winograd's way for AVX-512 alone.
        c->forward = c->data = c->weights = (struct cdnn_way){.half = g->half};
        p = make_whole(c);
    }
    if (p) {
        c->pack_forward = make_reorder(c, c->plain_weights, p->forward_weights);
        c->pack_data = make_reorder(c, c->plain_weights, p->data_weights);
        c->unpack_gradient = make_reorder(c, p->weight_gradient, c->plain_weights);
    }
    if (!p || !c->pack_forward || !c->pack_data || !c->unpack_gradient) {
        cdnn_convolution_free(c);
        return NULL;
    }
    c->gradient_count = (ptrdiff_t)(dnnl_memory_desc_get_size(p->weight_gradient) / sizeof(float));
    return c;
}

void cdnn_convolution_free(struct cdnn_convolution *c) {
    if (!c) return;
    for (int i = 0; i <= CDNN_LARGEST_CHUNK; i++) {
        struct cdnn_primitives *p = atomic_load(&c->primitives[i]);
        // Those of a longer chunk stand in its own place too.
        if (p && p->images == i) cdnn_free_primitives(p);
    }
    for (int i = 0; i < CDNN_CONTEXTS; i++) cdnn_free_context(atomic_load(&c->contexts[i]));
    if (c->pack_forward) dnnl_primitive_destroy(c->pack_forward);
    if (c->pack_data) dnnl_primitive_destroy(c->pack_data);
    if (c->unpack_gradient) dnnl_primitive_destroy(c->unpack_gradient);
    cdnn_form_free(c->plain_weights);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

ptrdiff_t cdnn_packed_size(struct cdnn_convolution *c, int32_t data_gradient) {
    CK_ASSERT_GIVEN(c);
    struct cdnn_primitives *p = cdnn_primitives_for(c, c->chunk);
    if (!p) return 0;
    return (ptrdiff_t)dnnl_memory_desc_get_size(data_gradient ? p->data_weights : p->forward_weights);
}

enum ck_status cdnn_pack_weights(struct cdnn_convolution *c, int32_t data_gradient, const float *weights,
                                 void *packed) {
    CK_ASSERT_GIVEN(c);
    CK_ASSERT_GIVEN(weights);
    CK_ASSERT_GIVEN(packed);
    struct cdnn_primitives *p = cdnn_primitives_for(c, c->chunk);
    if (!p) return CK_FAILED;
    float *rounded = NULL;
    if (c->forward.rounded) {
        size_t size = dnnl_memory_desc_get_size(c->plain_weights);
        rounded = cdnn_aligned(size);
        if (!rounded) return CK_NO_MEMORY;
        ck_round_to_bfloat16((ptrdiff_t)(size / sizeof(float)), weights, rounded);
    }
    dnnl_status_t status =
        cdnn_reorder(c, data_gradient ? c->pack_data : c->pack_forward, c->plain_weights, rounded ? rounded : weights,
                     data_gradient ? p->data_weights : p->forward_weights, packed);
    free(rounded);
    return cdnn_status(status);
}
