// Private to this target: oneDNN's status, as the callers of this target know it.
#ifndef CDNN_CORE_STATUS_H
#define CDNN_CORE_STATUS_H

#include <dnnl.h>

#include "ck_core.h"

static inline enum ck_status cdnn_status(dnnl_status_t status) {
    switch (status) {
    case dnnl_success: return CK_OK;
    case dnnl_out_of_memory: return CK_NO_MEMORY;
    case dnnl_unimplemented: return CK_UNSUPPORTED;
    default: return CK_FAILED;
    }
}

#endif
