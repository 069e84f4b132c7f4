// Products of matrices, divided over the pool by rows.
#include <dnnl.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "ck_core.h"
#include "cdnn_products.h"
#include "core/status.h"
#include "products/half_products.h"

struct product {
    bool transpose_a, transpose_b, by_columns;
    ptrdiff_t m, n, k, lda, ldb, ldc;
    const float *a, *b;
    const uint16_t *half_a, *half_b;  // in their place, if the factors are in bfloat16
    float beta, *c;
    int32_t parts;
    _Atomic int32_t status;
};

static void multiply_part(void *context, int32_t part) {
    struct product *p = context;
    ptrdiff_t first, end;
    ck_part_range(p->by_columns ? p->n : p->m, p->parts, part, &first, &end);
    if (first == end) return;
    ck_one_openmp_thread();
    ptrdiff_t m = p->m, n = p->n, a = 0, b = 0, c = 0;
    if (p->by_columns) {
        n = end - first;
        b = p->transpose_b ? first * p->ldb : first;
        c = first;
    } else {
        m = end - first;
        a = p->transpose_a ? first : first * p->lda;
        c = first * p->ldc;
    }
    dnnl_status_t status =
        p->half_a ? cdnn_half_product(p->transpose_a, p->transpose_b, m, n, p->k, p->half_a + a, p->lda, p->half_b + b,
                                      p->ldb, p->c + c, p->ldc)
                  : dnnl_sgemm(p->transpose_a ? 'T' : 'N', p->transpose_b ? 'T' : 'N', m, n, p->k, 1.0f, p->a + a,
                               p->lda, p->b + b, p->ldb, p->beta, p->c + c, p->ldc);
    if (status != dnnl_success) atomic_store(&p->status, (int32_t)status);
}

static enum ck_status multiply(struct product p) {
    if (p.m == 0 || p.n == 0) return CK_OK;
    // Every part copies the undivided matrix into the order that the processor multiplies in, so the longer side of C
    // is divided, and never into strips thinner than that copy is worth.
    p.by_columns = p.n > p.m;
    ptrdiff_t side = p.by_columns ? p.n : p.m;
    // A part below about a megaflop costs more to hand over than it saves.
    double work = 2.0 * (double)p.m * (double)p.n * (double)p.k;
    // Few rows are as fast as the other matrix can be read: two caches hold twice as much of it as one.
    bool reads_much = p.m <= 4 && p.n >= 32 && p.k * p.n >= 100000;
    p.parts = work < 2e6 && !reads_much ? 1 : work < 64e6 ? 2 : side >= 2048 ? 16 : side >= 512 ? 4 : 2;
    if (p.parts > side) p.parts = (int32_t)side;
    ck_parallel(p.parts, multiply_part, &p);
    return cdnn_status((dnnl_status_t)atomic_load(&p.status));
}

enum ck_status cdnn_matmul_f32(int32_t transpose_a, int32_t transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                               const float *a, ptrdiff_t lda, const float *b, ptrdiff_t ldb, float beta, float *c,
                               ptrdiff_t ldc) {
    CK_ASSERT(m, >= 0);
    CK_ASSERT(n, >= 0);
    CK_ASSERT(k, >= 0);
    CK_ASSERT(lda, >= (transpose_a ? m : k));
    CK_ASSERT(ldb, >= (transpose_b ? k : n));
    CK_ASSERT(ldc, >= n);
    CK_ASSERT_MEMORY(a, m * k);
    CK_ASSERT_MEMORY(b, k * n);
    CK_ASSERT_MEMORY(c, m * n);
    return multiply((struct product){
        .transpose_a = transpose_a, .transpose_b = transpose_b, .m = m, .n = n, .k = k, .lda = lda, .ldb = ldb,
        .ldc = ldc, .a = a, .b = b, .beta = beta, .c = c});
}

enum ck_status cdnn_matmul_half(int32_t transpose_a, int32_t transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                         const uint16_t *a, ptrdiff_t lda, const uint16_t *b, ptrdiff_t ldb, float *c, ptrdiff_t ldc) {
    CK_ASSERT(m, >= 0);
    CK_ASSERT(n, >= 0);
    CK_ASSERT(k, >= 0);
    CK_ASSERT(lda, >= (transpose_a ? m : k));
    CK_ASSERT(ldb, >= (transpose_b ? k : n));
    CK_ASSERT(ldc, >= n);
    CK_ASSERT_MEMORY(a, m * k);
    CK_ASSERT_MEMORY(b, k * n);
    CK_ASSERT_MEMORY(c, m * n);
    return multiply((struct product){
        .transpose_a = transpose_a, .transpose_b = transpose_b, .m = m, .n = n, .k = k, .lda = lda, .ldb = ldb,
        .ldc = ldc, .half_a = a, .half_b = b, .c = c});
}
