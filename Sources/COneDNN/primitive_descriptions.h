// What all of oneDNN's convolution primitives begin with: the engine, and a description with memory of the caller's.
#ifndef PRIMITIVE_DESCRIPTIONS_H
#define PRIMITIVE_DESCRIPTIONS_H

#include <dnnl.h>

/// The processor, made once; NULL if oneDNN cannot.
dnnl_engine_t cdnn_engine(void);

/// What a description says of one of its arguments; empty if it has none.
dnnl_memory_desc_t cdnn_query(const_dnnl_primitive_desc_t d, dnnl_query_t what, int index);

/// The first implementation for an operation; scratch memory is the caller's. NULL when there is none, or only the
/// reference implementation, which is a hundred times slower, where it may not be that.
dnnl_primitive_desc_t cdnn_describe(dnnl_engine_t engine, const_dnnl_op_desc_t operation, int relu,
                                    int may_be_reference, const_dnnl_primitive_desc_t hint);

#endif
