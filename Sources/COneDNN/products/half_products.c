// oneDNN has no public gemm in bfloat16: its matmul of sizes known only when it runs is one. The four primitives are
// made when first asked for and never change.
#include <pthread.h>

#include "products/half_products.h"
#include "ck_core.h"
#include "core/primitive_descriptions.h"

static dnnl_engine_t engine;
static dnnl_primitive_t primitives[2][2];
static pthread_once_t made = PTHREAD_ONCE_INIT;

static cdnn_form form_of(ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t step, bool transposed, dnnl_data_type_t type) {
    dnnl_dims_t size = {rows, columns}, strides = {transposed ? 1 : step, transposed ? step : 1};
    return cdnn_form_strided(2, size, type, strides);
}

static void make_one(bool transpose_a, bool transpose_b, dnnl_primitive_t *primitive) {
    const ptrdiff_t later = DNNL_RUNTIME_DIM_VAL;
    cdnn_form a = form_of(later, later, later, transpose_a, dnnl_bf16);
    cdnn_form b = form_of(later, later, later, transpose_b, dnnl_bf16);
    cdnn_form c = form_of(later, later, later, false, dnnl_f32);
    dnnl_primitive_desc_t d = NULL;
    if (a && b && c && cdnn_describe_product(&d, engine, a, b, c) == dnnl_success) {
        if (dnnl_primitive_create(primitive, d) != dnnl_success) *primitive = NULL;
        dnnl_primitive_desc_destroy(d);
    }
    cdnn_form_free(a);
    cdnn_form_free(b);
    cdnn_form_free(c);
}

static void make(void) {
    // oneDNN divides the work over the threads that it sees while a primitive is made.
    ck_one_openmp_thread();
    engine = cdnn_engine();
    for (int way = 0; way < 4 && engine; way++) make_one(way & 1, way >> 1, &primitives[way & 1][way >> 1]);
}

dnnl_status_t cdnn_half_product(bool transpose_a, bool transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                                const uint16_t *a, ptrdiff_t lda, const uint16_t *b, ptrdiff_t ldb, float *c,
                                ptrdiff_t ldc) {
    pthread_once(&made, make);
    dnnl_primitive_t primitive = primitives[transpose_a][transpose_b];
    if (!primitive) return dnnl_unimplemented;
    ck_one_openmp_thread();
    cdnn_form forms[3] = {form_of(m, k, lda, transpose_a, dnnl_bf16), form_of(k, n, ldb, transpose_b, dnnl_bf16),
                          form_of(m, n, ldc, false, dnnl_f32)};
    void *places[3] = {(void *)a, (void *)b, c};
    dnnl_exec_arg_t arguments[3] = {{DNNL_ARG_SRC, NULL}, {DNNL_ARG_WEIGHTS, NULL}, {DNNL_ARG_DST, NULL}};
    dnnl_stream_t stream = NULL;
    dnnl_status_t status = dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
    for (int i = 0; i < 3 && status == dnnl_success; i++)
        status = forms[i] ? dnnl_memory_create(&arguments[i].memory, forms[i], engine, places[i]) : dnnl_out_of_memory;
    if (status == dnnl_success) status = dnnl_primitive_execute(primitive, stream, 3, arguments);
    for (int i = 0; i < 3; i++) {
        if (arguments[i].memory) dnnl_memory_destroy(arguments[i].memory);
        cdnn_form_free(forms[i]);
    }
    if (stream) dnnl_stream_destroy(stream);
    return status;
}
