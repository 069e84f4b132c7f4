// Products by oneDNN on the calling thread.
#include <dnnl.h>

#include "ck_core.h"
#include "cdnn_products.h"
#include "core/status.h"

int32_t cdnn_multiplies_bytes(void) {
    // 0x40: VNNI among the instructions that oneDNN uses, which ONEDNN_MAX_CPU_ISA can forbid it.
    return ck_this_processor()->multiplies_bytes && (dnnl_get_effective_cpu_isa() & 0x40) != 0 ? 1 : 0;
}

enum ck_status cdnn_inner_products_u8s8(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const uint8_t *a, ptrdiff_t lda,
                                        const int8_t *b, ptrdiff_t ldb, int32_t *c, ptrdiff_t ldc) {
    CK_ASSERT(m, >= 0);
    CK_ASSERT(n, >= 0);
    CK_ASSERT(k, >= 0);
    CK_ASSERT(lda, >= k);
    CK_ASSERT(ldb, >= k);
    CK_ASSERT(ldc, >= n);
    CK_ASSERT_MEMORY(a, m * k);
    CK_ASSERT_MEMORY(b, n * k);
    CK_ASSERT_MEMORY(c, m * n);
    if (m == 0 || n == 0) return CK_OK;
    ck_one_openmp_thread();
    int32_t zero = 0;
    return cdnn_status(dnnl_gemm_u8s8s32('N', 'T', 'F', m, n, k, 1.0f, a, lda, 0, b, ldb, 0, 0.0f, c, ldc, &zero));
}

enum ck_status cdnn_inner_products_f32(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda,
                                       const float *b, ptrdiff_t ldb, float *c, ptrdiff_t ldc) {
    CK_ASSERT(m, >= 0);
    CK_ASSERT(n, >= 0);
    CK_ASSERT(k, >= 0);
    CK_ASSERT(lda, >= k);
    CK_ASSERT(ldb, >= k);
    CK_ASSERT(ldc, >= n);
    CK_ASSERT_MEMORY(a, m * k);
    CK_ASSERT_MEMORY(b, n * k);
    CK_ASSERT_MEMORY(c, m * n);
    if (m == 0 || n == 0) return CK_OK;
    ck_one_openmp_thread();
    return cdnn_status(dnnl_sgemm('N', 'T', m, n, k, 1.0f, a, lda, b, ldb, 0.0f, c, ldc));
}

enum ck_status cdnn_serial_matmul_f32(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda,
                                      const float *b, ptrdiff_t ldb, float *c, ptrdiff_t ldc) {
    CK_ASSERT(m, >= 0);
    CK_ASSERT(n, >= 0);
    CK_ASSERT(k, >= 0);
    CK_ASSERT(lda, >= k);
    CK_ASSERT(ldb, >= n);
    CK_ASSERT(ldc, >= n);
    CK_ASSERT_MEMORY(a, m * k);
    CK_ASSERT_MEMORY(b, k * n);
    CK_ASSERT_MEMORY(c, m * n);
    if (m == 0 || n == 0) return CK_OK;
    ck_one_openmp_thread();
    return cdnn_status(dnnl_sgemm('N', 'N', m, n, k, 1.0f, a, lda, b, ldb, 0.0f, c, ldc));
}
