// Private to this target: what differs between versions 2 and 3 of oneDNN, and nothing else. All other code here is the
// same for both.
#ifndef CDNN_CORE_VERSIONS_H
#define CDNN_CORE_VERSIONS_H

#include <dnnl.h>

#include "cdnn_convolution.h"

/// How the numbers of an argument lie: version 2 shows it, version 3 keeps it to itself. Either way it is made and freed
/// here, and functions of oneDNN take it as it is.
#if DNNL_VERSION_MAJOR < 3
typedef dnnl_memory_desc_t *cdnn_form;
#else
typedef dnnl_memory_desc_t cdnn_form;
#endif

/// A form by its tag, or by the distances between its numbers; NULL if oneDNN cannot, or without memory.
cdnn_form cdnn_form_tagged(int dimensions, const dnnl_dims_t size, dnnl_data_type_t type, dnnl_format_tag_t tag);
cdnn_form cdnn_form_strided(int dimensions, const dnnl_dims_t size, dnnl_data_type_t type, const dnnl_dims_t strides);
/// What a description says of one of its arguments; NULL if it has none, or without memory.
cdnn_form cdnn_form_of(const_dnnl_primitive_desc_t description, dnnl_query_t what);
void cdnn_form_free(cdnn_form form);
/// How many outputs float32 weights have side by side, and the distances along the four axes, where outputs and nothing else
/// are in blocks; 0 if they lie otherwise.
ptrdiff_t cdnn_output_blocks(cdnn_form weights, ptrdiff_t strides[4]);

/// One pass of a convolution. Of a pass back, one of the forms is that of a gradient: by the result always, by the weights
/// and the bias for `dnnl_backward_weights`, by the source for `dnnl_backward_data`.
struct cdnn_operation {
    dnnl_prop_kind_t pass;
    dnnl_alg_kind_t algorithm;
    cdnn_form source, weights, bias, result;  // bias: NULL without one
    dnnl_dims_t strides, dilations, before, after;
    int32_t adds;        // whether the result is added to what is there
    int32_t activation;  // CDNN_AFTER_..., of the sum
    float alpha, beta;   // its parameters
};

/// Attributes for what follows a pass forward in it; NULL without memory, or where oneDNN does not know it.
dnnl_primitive_attr_t cdnn_attributes(const struct cdnn_operation *operation);

/// The first implementation of a pass. `forward`: the description of the forward pass, for the passes back. Returns
/// oneDNN's status.
dnnl_status_t cdnn_describe_convolution(dnnl_primitive_desc_t *description, dnnl_engine_t engine,
                                        const struct cdnn_operation *operation, const_dnnl_primitive_attr_t attributes,
                                        const_dnnl_primitive_desc_t forward);
/// c = a b. Returns oneDNN's status.
dnnl_status_t cdnn_describe_product(dnnl_primitive_desc_t *description, dnnl_engine_t engine, cdnn_form a, cdnn_form b,
                                    cdnn_form c);

#endif
