// What all of oneDNN's convolution primitives begin with: the engine, and a description with memory of the caller's.
#ifndef CDNN_CORE_PRIMITIVE_DESCRIPTIONS_H
#define CDNN_CORE_PRIMITIVE_DESCRIPTIONS_H

#include <stddef.h>

#include "cdnn_convolution.h"
#include "core/versions.h"

/// The processor, made once; NULL if oneDNN cannot.
dnnl_engine_t cdnn_engine(void);

/// The first implementation of a convolution's pass; scratch memory is the caller's. NULL when there is none, or only the
/// reference implementation, which is a hundred times slower, where it may not be that.
dnnl_primitive_desc_t cdnn_describe(dnnl_engine_t engine, const struct cdnn_operation *operation, int may_be_reference,
                                    const_dnnl_primitive_desc_t forward);

/// Bytes of scratch memory that passes of this geometry write behind what they ask for. For windows of one pixel that are
/// further apart, oneDNN first copies the pixels seen, and with channels last of less than a vector it asks for too little
/// (seen in 2.6 on AVX2: 2 channels, 12 x 13 pixels, 80 bytes too far). It never copies more than an image.
size_t cdnn_spare_scratch(const struct cdnn_geometry *geometry);

#endif
