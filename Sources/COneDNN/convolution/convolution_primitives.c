// Makes oneDNN's convolution primitives, once for each geometry and chunk.
#include <stdlib.h>

#include "convolution/convolution_primitives.h"
#include "ck_core.h"
#include "ck_nn.h"
#include "core/primitive_descriptions.h"

static dnnl_format_tag_t tag(int32_t layout) {
    switch (layout) {
    case CK_LAYOUT_CHANNELS_LAST: return dnnl_nhwc;
    case CK_LAYOUT_BLOCKED: return dnnl_nChw16c;
    default: return dnnl_nchw;
    }
}

cdnn_form cdnn_weights_form(const struct cdnn_geometry *g, dnnl_data_type_t type, int plain) {
    if (g->groups > 1) {
        dnnl_dims_t size = {g->groups, g->outputs / g->groups, g->channels / g->groups, g->kernel_height,
                            g->kernel_width};
        return cdnn_form_tagged(5, size, type, plain ? dnnl_goihw : dnnl_format_tag_any);
    }
    dnnl_dims_t size = {g->outputs, g->channels, g->kernel_height, g->kernel_width};
    return cdnn_form_tagged(4, size, type, plain ? dnnl_oihw : dnnl_format_tag_any);
}

static dnnl_data_type_t numbers(struct cdnn_way way) { return way.half ? dnnl_bf16 : dnnl_f32; }

void cdnn_free_primitives(struct cdnn_primitives *p) {
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
        struct packings packings = {cdnn_weights_form(g, numbers(c->forward), 0), cdnn_weights_form(g, numbers(c->data), 0),
                                    cdnn_weights_form(g, dnnl_f32, 0), 1, g->source_layout == CK_LAYOUT_ROWS && !c->data.half};
        ok = make_all(c, made, &packings);
        cdnn_form_free(packings.forward);
        cdnn_form_free(packings.data);
        cdnn_form_free(packings.gradient);
    }
    if (ok) return made;
    cdnn_free_primitives(made);
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
