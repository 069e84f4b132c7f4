// Makes oneDNN's convolution primitives, once for each geometry and chunk.
#include <stdlib.h>
#include <string.h>

#include "convolution/convolution_primitives.h"
#include "ck_core.h"
#include "ck_nn.h"
#include "core/primitive_descriptions.h"
#include "core/status.h"

static dnnl_format_tag_t tag(int32_t layout) {
    switch (layout) {
    case CK_LAYOUT_CHANNELS_LAST: return dnnl_nhwc;
    case CK_LAYOUT_BLOCKED: return dnnl_nChw16c;
    default: return dnnl_nchw;
    }
}

static cdnn_form weights_form(const struct cdnn_geometry *g, dnnl_data_type_t type, int plain) {
    if (g->groups > 1) {
        dnnl_dims_t size = {g->groups, g->outputs / g->groups, g->channels / g->groups, g->kernel_height,
                            g->kernel_width};
        return cdnn_form_tagged(5, size, type, plain ? dnnl_goihw : dnnl_format_tag_any);
    }
    dnnl_dims_t size = {g->outputs, g->channels, g->kernel_height, g->kernel_width};
    return cdnn_form_tagged(4, size, type, plain ? dnnl_oihw : dnnl_format_tag_any);
}

static dnnl_data_type_t numbers(struct cdnn_way way) { return way.half ? dnnl_bf16 : dnnl_f32; }

static void free_primitives(struct cdnn_primitives *p) {
    if (!p) return;
    if (p->forward) dnnl_primitive_destroy(p->forward);
    if (p->data) dnnl_primitive_destroy(p->data);
    if (p->weights) dnnl_primitive_destroy(p->weights);
    const cdnn_form forms[] = {
        p->source,          p->result,       p->forward_source,  p->weights_source, p->weights_result,
        p->data_result,     p->result_rows,  p->forward_weights, p->data_weights,   p->weight_gradient,
        p->bias,            p->forward_scratch, p->data_scratch, p->weights_scratch,
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) cdnn_form_free(forms[i]);
    free(p);
}

/// What the descriptions of the three passes have in common.
static struct cdnn_operation operation_of(const struct cdnn_geometry *g, dnnl_prop_kind_t pass, struct cdnn_way way) {
    return (struct cdnn_operation){
        .pass = pass,
        .algorithm = way.winograd ? dnnl_convolution_winograd : dnnl_convolution_direct,
        .strides = {g->stride_height, g->stride_width},
        .dilations = {g->dilation_height - 1, g->dilation_width - 1},
        .before = {g->padding_top, g->padding_left},
        .after = {g->padding_bottom, g->padding_right},
    };
}

/// How images lie for a pass, and in which numbers; 0 without memory.
static int set_forms(struct cdnn_convolution *c, struct cdnn_primitives *p) {
    const struct cdnn_geometry *g = &c->inner;
    dnnl_dims_t source = {p->images, g->channels, g->height, g->width};
    dnnl_dims_t result = {p->images, g->outputs, g->result_height, g->result_width};
    dnnl_dims_t bias = {g->outputs};
    dnnl_format_tag_t source_tag = tag(g->source_layout), result_tag = tag(g->result_layout);
    p->source = cdnn_form_tagged(4, source, dnnl_f32, source_tag);
    p->result = cdnn_form_tagged(4, result, dnnl_f32, result_tag);
    p->result_rows = cdnn_form_tagged(4, result, dnnl_f32, dnnl_nchw);
    p->bias = cdnn_form_tagged(1, bias, dnnl_f32, dnnl_a);
    p->forward_source = cdnn_form_tagged(4, source, numbers(c->forward), source_tag);
    p->weights_source = cdnn_form_tagged(4, source, numbers(c->weights), source_tag);
    p->weights_result = cdnn_form_tagged(4, result, numbers(c->weights), result_tag);
    p->data_result = cdnn_form_tagged(4, result, numbers(c->data), result_tag);
    return p->source && p->result && p->result_rows && p->bias && p->forward_source && p->weights_source &&
           p->weights_result && p->data_result;
}

/// The weights as they are packed already for a whole chunk, which a shorter one reads too, or in any order for the whole.
struct packings {
    cdnn_form forward, data, gradient;
    int may_have_data_in_blocks, may_have_data_in_rows;
};

static dnnl_primitive_desc_t make_forward(struct cdnn_convolution *c, struct cdnn_primitives *p, cdnn_form weights,
                                          int may_be_reference) {
    struct cdnn_operation o = operation_of(&c->inner, dnnl_forward_training, c->forward);
    o.source = p->forward_source;
    o.weights = weights;
    o.bias = c->inner.bias ? p->bias : NULL;
    o.result = p->result;
    dnnl_primitive_desc_t d = cdnn_describe(c->engine, &o, may_be_reference, NULL);
    if (!d) return NULL;
    p->forward_weights = cdnn_form_of(d, dnnl_query_weights_md);
    p->forward_scratch = cdnn_form_of(d, dnnl_query_scratchpad_md);
    if (p->forward_weights && p->forward_scratch && dnnl_primitive_create(&p->forward, d) == dnnl_success) return d;
    dnnl_primitive_desc_destroy(d);
    return NULL;
}

static int make_weights(struct cdnn_convolution *c, struct cdnn_primitives *p, cdnn_form gradient, int may_be_reference,
                        const_dnnl_primitive_desc_t forward) {
    struct cdnn_operation o = operation_of(&c->inner, dnnl_backward_weights, c->weights);
    o.source = p->weights_source;
    o.weights = gradient;
    o.bias = c->inner.bias ? p->bias : NULL;
    o.result = p->weights_result;
    dnnl_primitive_desc_t d = cdnn_describe(c->engine, &o, may_be_reference, forward);
    if (!d) return 0;
    p->weight_gradient = cdnn_form_of(d, dnnl_query_diff_weights_md);
    p->weights_scratch = cdnn_form_of(d, dnnl_query_scratchpad_md);
    int made = p->weight_gradient && p->weights_scratch && dnnl_primitive_create(&p->weights, d) == dnnl_success;
    dnnl_primitive_desc_destroy(d);
    return made;
}

static int make_data(struct cdnn_convolution *c, struct cdnn_primitives *p, const struct packings *packings,
                     int in_rows, const_dnnl_primitive_desc_t forward) {
    struct cdnn_operation o = operation_of(&c->inner, dnnl_backward_data, c->data);
    o.source = p->source;
    o.weights = packings->data;
    o.result = p->data_result;
    dnnl_primitive_desc_t d = NULL;
    if (packings->may_have_data_in_blocks) d = cdnn_describe(c->engine, &o, in_rows, forward);
    if (!d && packings->may_have_data_in_rows) {
        // With a channel or three only the matrix product in rows is fast; the result's gradient is put into them.
        p->data_in_rows = 1;
        o.result = p->result_rows;
        d = cdnn_describe(c->engine, &o, 1, forward);
    }
    if (!d) return 0;
    p->data_weights = cdnn_form_of(d, dnnl_query_weights_md);
    p->data_scratch = cdnn_form_of(d, dnnl_query_scratchpad_md);
    int made = p->data_weights && p->data_scratch && dnnl_primitive_create(&p->data, d) == dnnl_success;
    dnnl_primitive_desc_destroy(d);
    return made;
}

static int make_all(struct cdnn_convolution *c, struct cdnn_primitives *p, const struct packings *packings) {
    const struct cdnn_geometry *g = &c->inner;
    if (!set_forms(c, p) || !packings->forward || !packings->data || !packings->gradient) return 0;
    int in_rows = g->source_layout == CK_LAYOUT_ROWS && g->result_layout == CK_LAYOUT_ROWS;
    dnnl_primitive_desc_t forward = make_forward(c, p, packings->forward, in_rows);
    if (!forward) return 0;
    int made = make_weights(c, p, packings->gradient, in_rows, forward) && make_data(c, p, packings, in_rows, forward);
    dnnl_primitive_desc_destroy(forward);
    return made;
}

static struct cdnn_primitives *make_primitives(struct cdnn_convolution *c, ptrdiff_t images) {
    const struct cdnn_geometry *g = &c->inner;
    struct cdnn_primitives *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    made->images = images;
    const struct cdnn_primitives *whole = images == c->chunk ? NULL : atomic_load(&c->primitives[c->chunk]);
    int ok;
    if (whole) {
        // A context has memory for the gradient as the whole chunk's pass reads it.
        struct packings packings = {whole->forward_weights, whole->data_weights, whole->weight_gradient,
                                    !whole->data_in_rows, whole->data_in_rows};
        ok = make_all(c, made, &packings);
    } else {
        struct packings packings = {weights_form(g, numbers(c->forward), 0), weights_form(g, numbers(c->data), 0),
                                    weights_form(g, dnnl_f32, 0), 1, g->source_layout == CK_LAYOUT_ROWS && !c->data.half};
        ok = make_all(c, made, &packings);
        cdnn_form_free(packings.forward);
        cdnn_form_free(packings.data);
        cdnn_form_free(packings.gradient);
    }
    if (ok) return made;
    free_primitives(made);
    return NULL;
}

struct cdnn_primitives *cdnn_primitives_for(struct cdnn_convolution *c, ptrdiff_t images) {
    struct cdnn_primitives *found = atomic_load_explicit(&c->primitives[images], memory_order_acquire);
    if (found) return found;
    pthread_mutex_lock(&c->lock);
    // oneDNN divides the work over the threads that it sees while a primitive is made.
    ck_one_openmp_thread();
    // For some lengths oneDNN has nothing that reads the weights as they are packed for the whole chunk; a longer one,
    // at last the whole, is there.
    for (ptrdiff_t length = images; length <= c->chunk && !found; length++) {
        found = atomic_load(&c->primitives[length]);
        if (!found) found = make_primitives(c, length);
    }
    if (found) {
        atomic_store_explicit(&c->primitives[found->images], found, memory_order_release);
        atomic_store_explicit(&c->primitives[images], found, memory_order_release);
    }
    pthread_mutex_unlock(&c->lock);
    return found;
}

/// The object for an argument at its address; NULL if oneDNN cannot.
static dnnl_memory_t memory_for(struct cdnn_convolution *c, struct cdnn_context *k, const struct cdnn_argument *a) {
    for (int i = 0; i < k->kept_count; i++)
        if (k->kept[i].form == a->form && k->kept[i].which == a->which)
            return dnnl_memory_set_data_handle(k->kept[i].memory, a->data) == dnnl_success ? k->kept[i].memory : NULL;
    if (k->kept_count == CDNN_KEPT) return NULL;
    struct cdnn_kept kept = {a->which, a->form, NULL};
    if (dnnl_memory_create(&kept.memory, a->form, c->engine, a->data) != dnnl_success) return NULL;
    k->kept[k->kept_count++] = kept;
    return kept.memory;
}

dnnl_status_t cdnn_run(struct cdnn_convolution *c, struct cdnn_context *context, dnnl_primitive_t primitive,
                       int count, const struct cdnn_argument *arguments) {
    dnnl_exec_arg_t list[6];
    for (int i = 0; i < count; i++) {
        list[i].arg = arguments[i].which;
        list[i].memory = memory_for(c, context, &arguments[i]);
        if (!list[i].memory) return dnnl_out_of_memory;
    }
    return dnnl_primitive_execute(primitive, context->stream, count, list);
}

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
/// number transformed as Zen 4 takes them, 1/60 to 0.85 ns.
int cdnn_suits_winograd(const struct cdnn_geometry *g) {
    if (!g->winograd || g->source_layout != CK_LAYOUT_BLOCKED || g->result_layout != CK_LAYOUT_BLOCKED ||
        g->groups != 1 || g->kernel_height != 3 || g->kernel_width != 3 || g->stride_height != 1 || g->stride_width != 1 ||
        g->dilation_height != 1 || g->dilation_width != 1 || g->channels % 16 != 0 || g->outputs % 16 != 0)
        return 0;
    double results = (double)g->result_height * (double)g->result_width;
    double tiled = (double)((g->result_height + 3) / 4) * (double)((g->result_width + 3) / 4) * 16;
    double saved = (9 * results - 2.25 * tiled) * (double)g->channels * (double)g->outputs;
    return saved > 51 * tiled * (double)(g->channels + g->outputs);
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

static void check_geometry(const struct cdnn_geometry *g) {
    CK_ASSERT(g->channels, > 0);
    CK_ASSERT(g->height, > 0);
    CK_ASSERT(g->width, > 0);
    CK_ASSERT(g->outputs, > 0);
    CK_ASSERT(g->kernel_height, > 0);
    CK_ASSERT(g->kernel_width, > 0);
    CK_ASSERT(g->stride_height, > 0);
    CK_ASSERT(g->stride_width, > 0);
    CK_ASSERT(g->dilation_height, > 0);
    CK_ASSERT(g->dilation_width, > 0);
    CK_ASSERT(g->groups, > 0);
    CK_ASSERT(g->channels % g->groups, == 0);
    CK_ASSERT(g->outputs % g->groups, == 0);
    CK_ASSERT(g->result_height, > 0);
    CK_ASSERT(g->result_width, > 0);
    CK_ASSERT_IN(g->source_layout, CK_LAYOUT_ROWS, CK_LAYOUT_EIGHTS);
    CK_ASSERT_IN(g->result_layout, CK_LAYOUT_ROWS, CK_LAYOUT_EIGHTS);
    CK_ASSERT_IN(g->half, CDNN_SINGLE, CDNN_ROUNDED);
}

struct cdnn_convolution *cdnn_convolution_make(const struct cdnn_geometry *geometry) {
    CK_ASSERT_GIVEN(geometry);
    check_geometry(geometry);
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
    c->plain_weights = weights_form(g, dnnl_f32, 1);
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
        if (p && p->images == i) free_primitives(p);
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
