// Passes of a graph: one image, part of the outputs, with what follows.
#include <stdlib.h>
#include <string.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "cdnn_convolution.h"
#include "convolution/geometry_checks.h"
#include "core/primitive_descriptions.h"
#include "core/status.h"

struct cdnn_graph_pass {
    dnnl_engine_t engine;
    dnnl_primitive_t primitive;
    cdnn_form source, weights, result, bias, scratch;
    dnnl_memory_t packed, packed_bias;
    ptrdiff_t scratch_size;
};

static dnnl_format_tag_t tag(int32_t layout) {
    switch (layout) {
    case CK_LAYOUT_CHANNELS_LAST: return dnnl_nhwc;
    case CK_LAYOUT_EIGHTS: return dnnl_nChw8c;
    case CK_LAYOUT_BLOCKED: return dnnl_nChw16c;
    default: return dnnl_nchw;
    }
}

static void free_forms(struct cdnn_graph_pass *f) {
    cdnn_form *forms[] = {&f->source, &f->weights, &f->result, &f->bias, &f->scratch};
    for (int i = 0; i < 5; i++) {
        cdnn_form_free(*forms[i]);
        *forms[i] = NULL;
    }
}

/// The weights as they are given, or in the order that a primitive chooses.
static cdnn_form weights_form(const struct cdnn_geometry *g, int plain) {
    dnnl_dims_t grouped = {g->groups, g->outputs / g->groups, g->channels / g->groups, g->kernel_height,
                           g->kernel_width};
    if (g->groups == 1)
        return cdnn_form_tagged(4, grouped + 1, dnnl_f32, plain ? dnnl_oihw : dnnl_format_tag_any);
    return cdnn_form_tagged(5, grouped, dnnl_f32, plain ? dnnl_goihw : dnnl_format_tag_any);
}

static int make_primitive(struct cdnn_graph_pass *f, const struct cdnn_geometry *g, const struct cdnn_after *after,
                          dnnl_alg_kind_t way) {
    dnnl_dims_t source = {1, g->channels, g->height, g->width};
    dnnl_dims_t result = {1, g->outputs, g->result_height, g->result_width}, bias = {g->outputs};
    free_forms(f);
    f->source = cdnn_form_tagged(4, source, dnnl_f32, tag(g->source_layout));
    f->result = cdnn_form_tagged(4, result, dnnl_f32, tag(g->result_layout));
    f->bias = cdnn_form_tagged(1, bias, dnnl_f32, dnnl_a);
    cdnn_form any = weights_form(g, 0);
    struct cdnn_operation operation = {
        .pass = dnnl_forward_inference,
        .algorithm = way,
        .source = f->source,
        .result = f->result,
        .bias = f->bias,
        .weights = any,
        .strides = {g->stride_height, g->stride_width},
        .dilations = {g->dilation_height - 1, g->dilation_width - 1},
        .before = {g->padding_top, g->padding_left},
        .after = {g->padding_bottom, g->padding_right},
        .adds = after->adds,
        .activation = after->activation,
        .alpha = after->alpha,
        .beta = after->beta,
    };
    int whole = f->source && f->result && f->bias && any;
    dnnl_primitive_desc_t d = whole ? cdnn_describe(f->engine, &operation, 0, NULL) : NULL;
    cdnn_form_free(any);
    if (!d) return 0;
    f->weights = cdnn_form_of(d, dnnl_query_weights_md);
    f->scratch = cdnn_form_of(d, dnnl_query_scratchpad_md);
    int made = f->weights && f->scratch && dnnl_primitive_create(&f->primitive, d) == dnnl_success;
    dnnl_primitive_desc_destroy(d);
    return made;
}

/// Copies weights into the order of the primitive.
static dnnl_status_t pack(const struct cdnn_graph_pass *f, cdnn_form plain, const float *weights) {
    dnnl_primitive_desc_t d = NULL;
    dnnl_primitive_t reorder = NULL;
    dnnl_memory_t from = NULL;
    dnnl_stream_t stream = NULL;
    dnnl_status_t status =
        plain ? dnnl_reorder_primitive_desc_create(&d, plain, f->engine, f->weights, f->engine, NULL)
              : dnnl_out_of_memory;
    if (status == dnnl_success) status = dnnl_primitive_create(&reorder, d);
    if (status == dnnl_success) status = dnnl_memory_create(&from, plain, f->engine, (void *)weights);
    if (status == dnnl_success) status = dnnl_stream_create(&stream, f->engine, dnnl_stream_default_flags);
    if (status == dnnl_success) {
        dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, f->packed}};
        status = dnnl_primitive_execute(reorder, stream, 2, arguments);
    }
    if (stream) dnnl_stream_destroy(stream);
    if (from) dnnl_memory_destroy(from);
    if (reorder) dnnl_primitive_destroy(reorder);
    if (d) dnnl_primitive_desc_destroy(d);
    return status;
}

struct cdnn_graph_pass *cdnn_graph_pass_make(const struct cdnn_geometry *g, const struct cdnn_after *after,
                                             const float *weights, const float *bias) {
    cdnn_check_geometry(g);
    CK_ASSERT_GIVEN(after);
    CK_ASSERT_GIVEN(weights);
    CK_ASSERT_GIVEN(bias);
    CK_ASSERT_IN(after->activation, CDNN_AFTER_NOTHING, CDNN_AFTER_HARD_SWISH);
    dnnl_engine_t engine = cdnn_engine();
    struct cdnn_graph_pass *f = engine ? calloc(1, sizeof *f) : NULL;
    if (!f) return NULL;
    f->engine = engine;
    // oneDNN divides the work over the threads that it sees while a primitive is made.
    ck_one_openmp_thread();
    // Winograd's way knows no other activation than max(0, y).
    int winograd = g->winograd && g->groups == 1 &&
                   (after->activation == CDNN_AFTER_NOTHING || (after->activation == CDNN_AFTER_RELU && after->alpha == 0));
    void *to = NULL;
    if (((winograd && make_primitive(f, g, after, dnnl_convolution_winograd)) ||
         make_primitive(f, g, after, dnnl_convolution_direct)) &&
        dnnl_memory_create(&f->packed, f->weights, engine, DNNL_MEMORY_ALLOCATE) == dnnl_success &&
        dnnl_memory_create(&f->packed_bias, f->bias, engine, DNNL_MEMORY_ALLOCATE) == dnnl_success &&
        dnnl_memory_get_data_handle(f->packed_bias, &to) == dnnl_success) {
        cdnn_form plain = weights_form(g, 1);
        dnnl_status_t status = pack(f, plain, weights);
        cdnn_form_free(plain);
        memcpy(to, bias, (size_t)g->outputs * sizeof(float));
        f->scratch_size = (ptrdiff_t)(dnnl_memory_desc_get_size(f->scratch) + cdnn_spare_scratch(g));
        if (status == dnnl_success) return f;
    }
    cdnn_graph_pass_free(f);
    return NULL;
}

void cdnn_graph_pass_free(struct cdnn_graph_pass *f) {
    if (!f) return;
    if (f->primitive) dnnl_primitive_destroy(f->primitive);
    if (f->packed) dnnl_memory_destroy(f->packed);
    if (f->packed_bias) dnnl_memory_destroy(f->packed_bias);
    free_forms(f);
    free(f);
}

ptrdiff_t cdnn_graph_pass_scratch(const struct cdnn_graph_pass *f) {
    CK_ASSERT_GIVEN(f);
    return f->scratch_size;
}

enum ck_status cdnn_graph_pass_run(const struct cdnn_graph_pass *f, const float *source, float *result, void *scratch) {
    CK_ASSERT_GIVEN(f);
    CK_ASSERT_GIVEN(source);
    CK_ASSERT_GIVEN(result);
    ck_one_openmp_thread();
    dnnl_stream_t stream = NULL;
    dnnl_memory_t from = NULL, to = NULL, own = NULL;
    dnnl_status_t status = dnnl_stream_create(&stream, f->engine, dnnl_stream_default_flags);
    if (status == dnnl_success) status = dnnl_memory_create(&from, f->source, f->engine, (void *)source);
    if (status == dnnl_success) status = dnnl_memory_create(&to, f->result, f->engine, result);
    if (status == dnnl_success) status = dnnl_memory_create(&own, f->scratch, f->engine, scratch);
    if (status == dnnl_success) {
        dnnl_exec_arg_t arguments[] = {
            {DNNL_ARG_SRC, from}, {DNNL_ARG_WEIGHTS, f->packed},  {DNNL_ARG_BIAS, f->packed_bias},
            {DNNL_ARG_DST, to},   {DNNL_ARG_SCRATCHPAD, own},
        };
        status = dnnl_primitive_execute(f->primitive, stream, 5, arguments);
    }
    if (own) dnnl_memory_destroy(own);
    if (to) dnnl_memory_destroy(to);
    if (from) dnnl_memory_destroy(from);
    if (stream) dnnl_stream_destroy(stream);
    return cdnn_status(status);
}
