// Private to this target: one matrix product in bfloat16, on the calling thread.
#ifndef CDNN_PRODUCTS_HALF_PRODUCTS_H
#define CDNN_PRODUCTS_HALF_PRODUCTS_H

#include <dnnl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// C = op(A) op(B), as `dnnl_sgemm` has it with beta 0; sums in float32.
dnnl_status_t cdnn_half_product(bool transpose_a, bool transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                                const uint16_t *a, ptrdiff_t lda, const uint16_t *b, ptrdiff_t ldb, float *c,
                                ptrdiff_t ldc);

#endif
