// oneDNN 2 (Debian 12, Ubuntu 22.04) describes an operation first and then looks for its implementation, and memory is a
// structure that everybody sees; oneDNN 3 (Debian 13, Ubuntu 24.04) does both in one call, and memory is an object.
#include <stdlib.h>
#include <string.h>

#include "core/versions.h"

/// oneDNN's name of an activation, with the parameters that it has there.
static dnnl_alg_kind_t activation(const struct cdnn_operation *o, float *alpha, float *beta) {
    *alpha = o->alpha;
    *beta = o->beta;
    switch (o->activation) {
    case CDNN_AFTER_CLIP: return dnnl_eltwise_clip;
    case CDNN_AFTER_SIGMOID: return dnnl_eltwise_logistic;
    case CDNN_AFTER_SWISH: return dnnl_eltwise_swish;
    case CDNN_AFTER_HARD_SWISH:
        *alpha = 1.0f / 6;
        *beta = 0.5f;
        return dnnl_eltwise_hardswish;
    default: return dnnl_eltwise_relu;
    }
}

static dnnl_status_t append(dnnl_post_ops_t list, const struct cdnn_operation *o) {
    dnnl_status_t status = dnnl_success;
    float alpha, beta;
    dnnl_alg_kind_t kind = activation(o, &alpha, &beta);
#if DNNL_VERSION_MAJOR < 3
    if (o->adds) status = dnnl_post_ops_append_sum(list, 1);
    if (status == dnnl_success && o->activation) status = dnnl_post_ops_append_eltwise(list, 1, kind, alpha, beta);
#else
    if (o->adds) status = dnnl_post_ops_append_sum(list, 1, 0, dnnl_data_type_undef);
    if (status == dnnl_success && o->activation) status = dnnl_post_ops_append_eltwise(list, kind, alpha, beta);
#endif
    return status;
}

dnnl_primitive_attr_t cdnn_attributes(const struct cdnn_operation *o) {
    dnnl_primitive_attr_t attributes;
    if (dnnl_primitive_attr_create(&attributes) != dnnl_success) return NULL;
    dnnl_status_t status = dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
    if (status == dnnl_success && (o->adds || o->activation)) {
        dnnl_post_ops_t list = NULL;
        status = dnnl_post_ops_create(&list);
        if (status == dnnl_success) status = append(list, o);
        if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(attributes, list);
        if (list) dnnl_post_ops_destroy(list);
    }
    if (status == dnnl_success) return attributes;
    dnnl_primitive_attr_destroy(attributes);
    return NULL;
}

#if DNNL_VERSION_MAJOR < 3

/// `made`, if it was made; else it is freed.
static cdnn_form kept(cdnn_form made, dnnl_status_t status) {
    if (made && status == dnnl_success) return made;
    free(made);
    return NULL;
}

cdnn_form cdnn_form_tagged(int dimensions, const dnnl_dims_t size, dnnl_data_type_t type, dnnl_format_tag_t tag) {
    cdnn_form form = calloc(1, sizeof *form);
    return kept(form, form ? dnnl_memory_desc_init_by_tag(form, dimensions, size, type, tag) : dnnl_out_of_memory);
}

cdnn_form cdnn_form_strided(int dimensions, const dnnl_dims_t size, dnnl_data_type_t type, const dnnl_dims_t strides) {
    cdnn_form form = calloc(1, sizeof *form);
    return kept(form,
                form ? dnnl_memory_desc_init_by_strides(form, dimensions, size, type, strides) : dnnl_out_of_memory);
}

cdnn_form cdnn_form_of(const_dnnl_primitive_desc_t description, dnnl_query_t what) {
    const dnnl_memory_desc_t *found = dnnl_primitive_desc_query_md(description, what, 0);
    cdnn_form form = found ? malloc(sizeof *form) : NULL;
    if (form) *form = *found;
    return form;
}

void cdnn_form_free(cdnn_form form) { free(form); }

ptrdiff_t cdnn_output_blocks(cdnn_form weights, ptrdiff_t strides[4]) {
    const dnnl_blocking_desc_t *order = &weights->format_desc.blocking;
    if (weights->format_kind != dnnl_blocked || weights->data_type != dnnl_f32 || weights->ndims != 4 ||
        weights->offset0 != 0 || order->inner_nblks != 1 || order->inner_idxs[0] != 0)
        return 0;
    for (int axis = 0; axis < 4; axis++) strides[axis] = order->strides[axis];
    return order->inner_blks[0];
}

dnnl_status_t cdnn_describe_convolution(dnnl_primitive_desc_t *description, dnnl_engine_t engine,
                                        const struct cdnn_operation *o, const_dnnl_primitive_attr_t attributes,
                                        const_dnnl_primitive_desc_t forward) {
    dnnl_convolution_desc_t operation;
    dnnl_status_t status;
    if (o->pass == dnnl_backward_data)
        status = dnnl_dilated_convolution_backward_data_desc_init(&operation, o->algorithm, o->source, o->weights,
                                                                  o->result, o->strides, o->dilations, o->before,
                                                                  o->after);
    else if (o->pass == dnnl_backward_weights)
        status = dnnl_dilated_convolution_backward_weights_desc_init(&operation, o->algorithm, o->source, o->weights,
                                                                     o->bias, o->result, o->strides, o->dilations,
                                                                     o->before, o->after);
    else
        status = dnnl_dilated_convolution_forward_desc_init(&operation, o->pass, o->algorithm, o->source, o->weights,
                                                            o->bias, o->result, o->strides, o->dilations, o->before,
                                                            o->after);
    return status == dnnl_success ? dnnl_primitive_desc_create(description, &operation, attributes, engine, forward)
                                  : status;
}

dnnl_status_t cdnn_describe_product(dnnl_primitive_desc_t *description, dnnl_engine_t engine, cdnn_form a, cdnn_form b,
                                    cdnn_form c) {
    dnnl_matmul_desc_t operation;
    dnnl_status_t status = dnnl_matmul_desc_init(&operation, a, b, NULL, c);
    return status == dnnl_success ? dnnl_primitive_desc_create(description, &operation, NULL, engine, NULL) : status;
}

#else

cdnn_form cdnn_form_tagged(int dimensions, const dnnl_dims_t size, dnnl_data_type_t type, dnnl_format_tag_t tag) {
    cdnn_form form = NULL;
    return dnnl_memory_desc_create_with_tag(&form, dimensions, size, type, tag) == dnnl_success ? form : NULL;
}

cdnn_form cdnn_form_strided(int dimensions, const dnnl_dims_t size, dnnl_data_type_t type, const dnnl_dims_t strides) {
    cdnn_form form = NULL;
    return dnnl_memory_desc_create_with_strides(&form, dimensions, size, type, strides) == dnnl_success ? form : NULL;
}

cdnn_form cdnn_form_of(const_dnnl_primitive_desc_t description, dnnl_query_t what) {
    const_dnnl_memory_desc_t found = dnnl_primitive_desc_query_md(description, what, 0);
    cdnn_form form = NULL;
    return found && dnnl_memory_desc_clone(&form, found) == dnnl_success ? form : NULL;
}

void cdnn_form_free(cdnn_form form) {
    if (form) dnnl_memory_desc_destroy(form);
}

ptrdiff_t cdnn_output_blocks(cdnn_form weights, ptrdiff_t strides[4]) {
    dnnl_format_kind_t kind = dnnl_format_kind_undef;
    dnnl_data_type_t type = dnnl_data_type_undef;
    int dimensions = 0, blocks = 0;
    dnnl_dim_t offset = 0;
    const dnnl_dims_t *lengths = NULL, *axes = NULL, *found = NULL;
    if (dnnl_memory_desc_query(weights, dnnl_query_format_kind, &kind) != dnnl_success || kind != dnnl_blocked ||
        dnnl_memory_desc_query(weights, dnnl_query_data_type, &type) != dnnl_success || type != dnnl_f32 ||
        dnnl_memory_desc_query(weights, dnnl_query_ndims_s32, &dimensions) != dnnl_success || dimensions != 4 ||
        dnnl_memory_desc_query(weights, dnnl_query_submemory_offset_s64, &offset) != dnnl_success || offset != 0 ||
        dnnl_memory_desc_query(weights, dnnl_query_inner_nblks_s32, &blocks) != dnnl_success || blocks != 1 ||
        dnnl_memory_desc_query(weights, dnnl_query_inner_blks, &lengths) != dnnl_success ||
        dnnl_memory_desc_query(weights, dnnl_query_inner_idxs, &axes) != dnnl_success || (*axes)[0] != 0 ||
        dnnl_memory_desc_query(weights, dnnl_query_strides, &found) != dnnl_success)
        return 0;
    for (int axis = 0; axis < 4; axis++) strides[axis] = (*found)[axis];
    return (*lengths)[0];
}

/// Whether no window meets a pixel of the image along an axis: all of them lie in the padding, or step over the image.
static int meets_no_pixel(const struct cdnn_operation *o) {
    const dnnl_dims_t *source = NULL, *weights = NULL, *result = NULL;
    int axes = 0;
    if (dnnl_memory_desc_query(o->source, dnnl_query_dims, &source) != dnnl_success ||
        dnnl_memory_desc_query(o->weights, dnnl_query_dims, &weights) != dnnl_success ||
        dnnl_memory_desc_query(o->weights, dnnl_query_ndims_s32, &axes) != dnnl_success ||
        dnnl_memory_desc_query(o->result, dnnl_query_dims, &result) != dnnl_success)
        return 0;
    for (int axis = 0; axis < 2; axis++) {
        int meets = 0;
        for (ptrdiff_t window = 0; window < (*result)[2 + axis] && !meets; window++)
            for (ptrdiff_t place = 0; place < (*weights)[axes - 2 + axis] && !meets; place++) {
                ptrdiff_t pixel = window * o->strides[axis] - o->before[axis] + place * (o->dilations[axis] + 1);
                meets = pixel >= 0 && pixel < (*source)[2 + axis];
            }
        if (!meets) return 1;
    }
    return 0;
}

/// Goes on to the first implementation that is not by batches of small products.
static dnnl_status_t skip_small_products(dnnl_primitive_desc_t *description) {
    const char *name = NULL;
    while (dnnl_primitive_desc_query(*description, dnnl_query_impl_info_str, 0, &name) == dnnl_success && name &&
           strncmp(name, "brg", 3) == 0) {
        dnnl_status_t status = dnnl_primitive_desc_next_impl(*description);
        if (status == dnnl_success) continue;
        dnnl_primitive_desc_destroy(*description);
        *description = NULL;
        return status;
    }
    return dnnl_success;
}

static dnnl_status_t describe(dnnl_primitive_desc_t *description, dnnl_engine_t engine, const struct cdnn_operation *o,
                              const_dnnl_primitive_attr_t attributes, const_dnnl_primitive_desc_t forward) {
    if (o->pass == dnnl_backward_data)
        return dnnl_convolution_backward_data_primitive_desc_create(description, engine, o->algorithm, o->source,
                                                                    o->weights, o->result, o->strides, o->dilations,
                                                                    o->before, o->after, forward, attributes);
    if (o->pass == dnnl_backward_weights)
        return dnnl_convolution_backward_weights_primitive_desc_create(
            description, engine, o->algorithm, o->source, o->weights, o->bias, o->result, o->strides, o->dilations,
            o->before, o->after, forward, attributes);
    return dnnl_convolution_forward_primitive_desc_create(description, engine, o->pass, o->algorithm, o->source,
                                                          o->weights, o->bias, o->result, o->strides, o->dilations,
                                                          o->before, o->after, attributes);
}

dnnl_status_t cdnn_describe_convolution(dnnl_primitive_desc_t *description, dnnl_engine_t engine,
                                        const struct cdnn_operation *o, const_dnnl_primitive_attr_t attributes,
                                        const_dnnl_primitive_desc_t forward) {
    dnnl_status_t status = describe(description, engine, o, attributes, forward);
    // oneDNN 3.7.2 makes brg_conv_fwd:avx2 for them, which has no kernel then and calls NULL.
    return status == dnnl_success && meets_no_pixel(o) ? skip_small_products(description) : status;
}

dnnl_status_t cdnn_describe_product(dnnl_primitive_desc_t *description, dnnl_engine_t engine, cdnn_form a, cdnn_form b,
                                    cdnn_form c) {
    return dnnl_matmul_primitive_desc_create(description, engine, a, b, NULL, c, NULL);
}

#endif
