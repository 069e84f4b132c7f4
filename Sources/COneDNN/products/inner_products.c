// Inner products of rows by oneDNN, on the calling thread.
#include <dnnl.h>

#include "ck_core.h"
#include "cdnn_products.h"

int32_t cdnn_multiplies_bytes(void) {
    // 0x40: VNNI among the instructions that oneDNN uses, which ONEDNN_MAX_CPU_ISA can forbid it.
    return ck_this_processor()->multiplies_bytes && (dnnl_get_effective_cpu_isa() & 0x40) != 0 ? 1 : 0;
}

int32_t cdnn_inner_products_u8s8(int64_t m, int64_t n, int64_t k, const uint8_t *a, int64_t lda, const int8_t *b,
                                 int64_t ldb, int32_t *c, int64_t ldc) {
    if (m == 0 || n == 0) return 0;
    ck_one_openmp_thread();
    int32_t zero = 0;
    return (int32_t)dnnl_gemm_u8s8s32('N', 'T', 'F', m, n, k, 1.0f, a, lda, 0, b, ldb, 0, 0.0f, c, ldc, &zero);
}

int32_t cdnn_inner_products_f32(int64_t m, int64_t n, int64_t k, const float *a, int64_t lda, const float *b,
                                int64_t ldb, float *c, int64_t ldc) {
    if (m == 0 || n == 0) return 0;
    ck_one_openmp_thread();
    return (int32_t)dnnl_sgemm('N', 'T', m, n, k, 1.0f, a, lda, b, ldb, 0.0f, c, ldc);
}
