// Inner products of the rows of two matrices, on the calling thread: callers cut the work themselves.
#ifndef CDNN_INNER_PRODUCTS_H
#define CDNN_INNER_PRODUCTS_H

#include <stdint.h>

/// Whether cdnn_inner_products_u8s8 is exact and fast here (AVX-512 VNNI): 1 or 0. Without it oneDNN adds products of
/// bytes in 16 bits, which overflow.
int32_t cdnn_multiplies_bytes(void);

/// C = A B^T: A is M x K bytes, B is N x K signed bytes, C is M x N int32, all row-major. K * 255 * 128 must fit in 31
/// bits. Returns 0, or oneDNN's status.
int32_t cdnn_inner_products_u8s8(int64_t m, int64_t n, int64_t k, const uint8_t *a, int64_t lda, const int8_t *b,
                                 int64_t ldb, int32_t *c, int64_t ldc);

/// C = A B^T in float32: A is M x K, B is N x K, C is M x N, all row-major. Returns 0, or oneDNN's status.
int32_t cdnn_inner_products_f32(int64_t m, int64_t n, int64_t k, const float *a, int64_t lda, const float *b,
                                int64_t ldb, float *c, int64_t ldc);

#endif
