// The engine, and descriptions of primitives.
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "ck_core.h"
#include "core/primitive_descriptions.h"

static dnnl_engine_t shared_engine;
static pthread_once_t engine_once = PTHREAD_ONCE_INIT;
static void make_engine(void) {
    if (dnnl_engine_create(&shared_engine, dnnl_cpu, 0) != dnnl_success) shared_engine = NULL;
}

dnnl_engine_t cdnn_engine(void) {
    pthread_once(&engine_once, make_engine);
    return shared_engine;
}

/// Describes a convolution while no other thread does. oneDNN 2.6.3 keeps in a variable of the whole process by how many its
/// batches of small products take channels together, one for float32 and two for bfloat16: where two threads described both
/// at once, a convolution of an odd number of channels in float32 went through its weights in steps of one channel more, and
/// gave wrong results as long as its primitive lived. Later versions have a variable for each thread.
static dnnl_status_t describe_alone(dnnl_primitive_desc_t *description, dnnl_engine_t engine,
                                    const struct cdnn_operation *operation, const_dnnl_primitive_attr_t attributes,
                                    const_dnnl_primitive_desc_t forward) {
    static pthread_mutex_t alone = PTHREAD_MUTEX_INITIALIZER;
    static _Atomic int32_t describing;
    pthread_mutex_lock(&alone);
    int32_t others = atomic_fetch_add(&describing, 1);
    CK_ASSERT(others, == 0);
    dnnl_status_t status = cdnn_describe_convolution(description, engine, operation, attributes, forward);
    atomic_fetch_sub(&describing, 1);
    pthread_mutex_unlock(&alone);
    return status;
}

dnnl_primitive_desc_t cdnn_describe(dnnl_engine_t engine, const struct cdnn_operation *operation, int may_be_reference,
                                    const_dnnl_primitive_desc_t forward) {
    dnnl_primitive_attr_t attributes = cdnn_attributes(operation);
    if (!attributes) return NULL;
    dnnl_primitive_desc_t result = NULL;
    if (describe_alone(&result, engine, operation, attributes, forward) != dnnl_success) result = NULL;
    dnnl_primitive_attr_destroy(attributes);
    // The reference implementation is a hundred times slower; only images in rows may end there.
    const char *name = NULL;
    if (result && !may_be_reference &&
        dnnl_primitive_desc_query(result, dnnl_query_impl_info_str, 0, &name) == dnnl_success && name &&
        strncmp(name, "ref", 3) == 0) {
        dnnl_primitive_desc_destroy(result);
        return NULL;
    }
    return result;
}

size_t cdnn_spare_scratch(const struct cdnn_geometry *g) {
    if (g->kernel_height != 1 || g->kernel_width != 1 || (g->stride_height == 1 && g->stride_width == 1)) return 0;
    return (size_t)((g->height * g->width + 16) * ((g->channels + 15) / 16 * 16)) * sizeof(float);
}
