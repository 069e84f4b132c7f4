#include "COneDNN.h"

#include <dnnl.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "ck_pool.h"

struct product {
    bool transpose_a, transpose_b, by_columns;
    int64_t m, n, k, lda, ldb, ldc;
    const float *a, *b;
    float beta, *c;
    int32_t parts;
    _Atomic int32_t status;
};

static void multiply_part(void *context, int32_t part) {
    struct product *p = context;
    int64_t first, end;
    ck_part_range(p->by_columns ? p->n : p->m, p->parts, part, &first, &end);
    if (first == end) return;
    ck_one_openmp_thread();
    int64_t m = p->m, n = p->n;
    const float *a = p->a, *b = p->b;
    float *c = p->c;
    if (p->by_columns) {
        n = end - first;
        b += p->transpose_b ? first * p->ldb : first;
        c += first;
    } else {
        m = end - first;
        a += p->transpose_a ? first : first * p->lda;
        c += first * p->ldc;
    }
    dnnl_status_t status = dnnl_sgemm(p->transpose_a ? 'T' : 'N', p->transpose_b ? 'T' : 'N', m, n, p->k, 1.0f, a,
                                      p->lda, b, p->ldb, p->beta, c, p->ldc);
    if (status != dnnl_success) atomic_store(&p->status, (int32_t)status);
}

int32_t cdnn_matmul_f32(int32_t transpose_a, int32_t transpose_b, int64_t m, int64_t n, int64_t k,
                        const float *a, int64_t lda, const float *b, int64_t ldb, float beta, float *c,
                        int64_t ldc) {
    if (m == 0 || n == 0) return 0;
    // Every part copies the undivided matrix into the order that the processor multiplies in, so the longer side of C
    // is divided, and never into strips thinner than that copy is worth.
    bool by_columns = n > m;
    int64_t side = by_columns ? n : m;
    // A part below about a megaflop costs more to hand over than it saves.
    double work = 2.0 * (double)m * (double)n * (double)k;
    // Few rows are as fast as the other matrix can be read: two caches hold twice as much of it as one.
    bool reads_much = m <= 4 && n >= 32 && k * n >= 100000;
    int32_t parts = work < 2e6 && !reads_much ? 1 : work < 64e6 ? 2 : side >= 2048 ? 16 : side >= 512 ? 4 : 2;
    if (parts > side) parts = (int32_t)side;
    struct product product = {transpose_a, transpose_b, by_columns, m, n, k, lda, ldb, ldc, a, b, beta, c, parts, 0};
    ck_parallel(parts, multiply_part, &product);
    return atomic_load(&product.status);
}
