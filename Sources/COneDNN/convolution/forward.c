// Single passes forward of convolutions, with weights of their own, on the calling thread.
#include <stdlib.h>
#include <string.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "cdnn_convolution.h"
#include "convolution/geometry_checks.h"
#include "core/primitive_descriptions.h"
#include "core/status.h"

struct cdnn_forward {
    struct cdnn_geometry geometry;
    dnnl_engine_t engine;
    dnnl_primitive_t primitive;
    cdnn_form source, weights, result, bias, scratch;
    dnnl_memory_t packed, packed_bias;  // as the primitive reads them
    ptrdiff_t scratch_size;
};

struct cdnn_call {
    dnnl_primitive_t primitive;
    dnnl_stream_t stream;
    dnnl_memory_t source, result, scratch;
    const void *source_at, *result_at, *scratch_at;
    dnnl_exec_arg_t arguments[5];
};

static dnnl_format_tag_t tag(int32_t layout) {
    switch (layout) {
    case CK_LAYOUT_CHANNELS_LAST: return dnnl_nhwc;
    case CK_LAYOUT_EIGHTS: return dnnl_nChw8c;
    case CK_LAYOUT_BLOCKED: return dnnl_nChw16c;
    default: return dnnl_nchw;
    }
}

static void free_forms(struct cdnn_forward *f) {
    cdnn_form *forms[] = {&f->source, &f->weights, &f->result, &f->bias, &f->scratch};
    for (int i = 0; i < 5; i++) {
        cdnn_form_free(*forms[i]);
        *forms[i] = NULL;
    }
}

static int make_primitive(struct cdnn_forward *f, ptrdiff_t images, dnnl_alg_kind_t way) {
    const struct cdnn_geometry *g = &f->geometry;
    dnnl_data_type_t in = g->half ? dnnl_bf16 : dnnl_f32;
    dnnl_dims_t source = {images, g->channels, g->height, g->width};
    dnnl_dims_t result = {images, g->outputs, g->result_height, g->result_width};
    dnnl_dims_t kernel = {g->outputs, g->channels, g->kernel_height, g->kernel_width}, bias = {g->outputs};
    free_forms(f);
    f->source = cdnn_form_tagged(4, source, in, tag(g->source_layout));
    f->result = cdnn_form_tagged(4, result, dnnl_f32, tag(g->result_layout));
    f->bias = cdnn_form_tagged(1, bias, dnnl_f32, dnnl_a);
    cdnn_form any = cdnn_form_tagged(4, kernel, in, dnnl_format_tag_any);
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

struct cdnn_forward *cdnn_forward_make(const struct cdnn_geometry *geometry, ptrdiff_t images) {
    cdnn_check_geometry(geometry);
    CK_ASSERT(geometry->groups, == 1);
    CK_ASSERT_IN(geometry->half, CDNN_SINGLE, CDNN_HALF);
    CK_ASSERT(images, > 0);
    dnnl_engine_t engine = cdnn_engine();
    struct cdnn_forward *f = engine ? calloc(1, sizeof *f) : NULL;
    if (!f) return NULL;
    f->geometry = *geometry;
    f->engine = engine;
    // oneDNN divides the work over the threads that it sees while a primitive is made.
    ck_one_openmp_thread();
    // What oneDNN cannot do by Winograd's way it does directly.
    if (((geometry->winograd && make_primitive(f, images, dnnl_convolution_winograd)) ||
         make_primitive(f, images, dnnl_convolution_direct)) &&
        dnnl_memory_create(&f->packed, f->weights, engine, DNNL_MEMORY_ALLOCATE) == dnnl_success &&
        dnnl_memory_create(&f->packed_bias, f->bias, engine, DNNL_MEMORY_ALLOCATE) == dnnl_success) {
        f->scratch_size = (ptrdiff_t)(dnnl_memory_desc_get_size(f->scratch) + cdnn_spare_scratch(geometry));
        return f;
    }
    cdnn_forward_free(f);
    return NULL;
}

void cdnn_forward_free(struct cdnn_forward *f) {
    if (!f) return;
    if (f->primitive) dnnl_primitive_destroy(f->primitive);
    if (f->packed) dnnl_memory_destroy(f->packed);
    if (f->packed_bias) dnnl_memory_destroy(f->packed_bias);
    free_forms(f);
    free(f);
}

ptrdiff_t cdnn_forward_scratch(const struct cdnn_forward *f) {
    CK_ASSERT_GIVEN(f);
    return f->scratch_size;
}

static dnnl_status_t reorder_weights(const struct cdnn_forward *f, const float *weights) {
    const struct cdnn_geometry *g = &f->geometry;
    dnnl_dims_t dims = {g->outputs, g->channels, g->kernel_height, g->kernel_width};
    cdnn_form form = cdnn_form_tagged(4, dims, dnnl_f32, dnnl_oihw);
    if (!form) return dnnl_out_of_memory;
    dnnl_primitive_desc_t d = NULL;
    dnnl_primitive_t reorder = NULL;
    dnnl_memory_t from = NULL;
    dnnl_stream_t stream = NULL;
    dnnl_status_t status = dnnl_reorder_primitive_desc_create(&d, form, f->engine, f->weights, f->engine, NULL);
    if (status == dnnl_success) status = dnnl_primitive_create(&reorder, d);
    if (status == dnnl_success) status = dnnl_memory_create(&from, form, f->engine, (void *)weights);
    if (status == dnnl_success) status = dnnl_stream_create(&stream, f->engine, dnnl_stream_default_flags);
    if (status == dnnl_success) {
        dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, f->packed}};
        status = dnnl_primitive_execute(reorder, stream, 2, arguments);
    }
    if (stream) dnnl_stream_destroy(stream);
    if (from) dnnl_memory_destroy(from);
    if (reorder) dnnl_primitive_destroy(reorder);
    if (d) dnnl_primitive_desc_destroy(d);
    cdnn_form_free(form);
    return status;
}

enum ck_status cdnn_forward_set(struct cdnn_forward *f, const float *weights, const float *bias) {
    CK_ASSERT_GIVEN(f);
    CK_ASSERT_GIVEN(weights);
    CK_ASSERT_GIVEN(bias);
    ck_one_openmp_thread();
    dnnl_status_t status = reorder_weights(f, weights);
    void *to = NULL;
    if (status == dnnl_success) status = dnnl_memory_get_data_handle(f->packed_bias, &to);
    if (status == dnnl_success) memcpy(to, bias, (size_t)f->geometry.outputs * sizeof(float));
    return cdnn_status(status);
}

struct cdnn_call *cdnn_call_make(const struct cdnn_forward *f) {
    CK_ASSERT_GIVEN(f);
    struct cdnn_call *call = calloc(1, sizeof *call);
    if (!call) return NULL;
    call->primitive = f->primitive;
    if (dnnl_stream_create(&call->stream, f->engine, dnnl_stream_default_flags) != dnnl_success ||
        dnnl_memory_create(&call->source, f->source, f->engine, DNNL_MEMORY_NONE) != dnnl_success ||
        dnnl_memory_create(&call->result, f->result, f->engine, DNNL_MEMORY_NONE) != dnnl_success ||
        dnnl_memory_create(&call->scratch, f->scratch, f->engine, DNNL_MEMORY_NONE) != dnnl_success) {
        cdnn_call_free(call);
        return NULL;
    }
    dnnl_exec_arg_t arguments[] = {
        {DNNL_ARG_SRC, call->source}, {DNNL_ARG_WEIGHTS, f->packed},       {DNNL_ARG_BIAS, f->packed_bias},
        {DNNL_ARG_DST, call->result}, {DNNL_ARG_SCRATCHPAD, call->scratch},
    };
    memcpy(call->arguments, arguments, sizeof arguments);
    return call;
}

void cdnn_call_free(struct cdnn_call *call) {
    if (!call) return;
    if (call->source) dnnl_memory_destroy(call->source);
    if (call->result) dnnl_memory_destroy(call->result);
    if (call->scratch) dnnl_memory_destroy(call->scratch);
    if (call->stream) dnnl_stream_destroy(call->stream);
    free(call);
}

/// Tells an argument where its numbers are, if that is elsewhere than last time.
static dnnl_status_t place(dnnl_memory_t memory, const void **known, const void *at) {
    if (*known == at) return dnnl_success;
    dnnl_status_t status = dnnl_memory_set_data_handle(memory, (void *)at);
    *known = status == dnnl_success ? at : NULL;
    return status;
}

enum ck_status cdnn_call_run(struct cdnn_call *call, const void *source, float *result, void *scratch) {
    CK_ASSERT_GIVEN(call);
    CK_ASSERT_GIVEN(source);
    CK_ASSERT_GIVEN(result);
    dnnl_status_t status = place(call->source, &call->source_at, source);
    if (status == dnnl_success) status = place(call->result, &call->result_at, result);
    if (status == dnnl_success) status = place(call->scratch, &call->scratch_at, scratch);
    if (status == dnnl_success) status = dnnl_primitive_execute(call->primitive, call->stream, 5, call->arguments);
    return cdnn_status(status);
}
