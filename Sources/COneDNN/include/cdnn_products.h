// Products of matrices.
#ifndef CDNN_PRODUCTS_H
#define CDNN_PRODUCTS_H

#include <stddef.h>
#include <stdint.h>

#include "ck_core.h"

/// C = op(A) op(B) + beta C in float32, all row-major. op(A) is M x K, op(B) is K x N, C is M x N;
/// a leading dimension is the distance between rows of the matrix as stored. The rows of C are divided into
/// parts by the problem's size alone, so the bits do not depend on the number of threads.
enum ck_status cdnn_matmul_f32(int32_t transpose_a, int32_t transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                               const float *a, ptrdiff_t lda, const float *b, ptrdiff_t ldb, float beta, float *c,
                               ptrdiff_t ldc);
/// C = op(A) op(B) of matrices in bfloat16 (`ck_to_bfloat16`), with sums in float32; k is at least 1. Divided as above.
enum ck_status cdnn_matmul_half(int32_t transpose_a, int32_t transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
                         const uint16_t *a, ptrdiff_t lda, const uint16_t *b, ptrdiff_t ldb, float *c, ptrdiff_t ldc);

// MARK: Products on the calling thread: callers divide the work themselves.

/// C = A B in float32: A is M x K, B is K x N, C is M x N, all row-major.
enum ck_status cdnn_serial_matmul_f32(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda,
                                      const float *b, ptrdiff_t ldb, float *c, ptrdiff_t ldc);

/// Whether cdnn_inner_products_u8s8 is exact and fast here (AVX-512 VNNI): 1 or 0. Without it oneDNN adds products of
/// bytes in 16 bits, which overflow.
int32_t cdnn_multiplies_bytes(void);

/// C = A B^T: A is M x K bytes, B is N x K signed bytes, C is M x N int32, all row-major. K * 255 * 128 must fit in 31
/// bits.
enum ck_status cdnn_inner_products_u8s8(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const uint8_t *a, ptrdiff_t lda,
                                        const int8_t *b, ptrdiff_t ldb, int32_t *c, ptrdiff_t ldc);

/// C = A B^T in float32: A is M x K, B is N x K, C is M x N, all row-major.
enum ck_status cdnn_inner_products_f32(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t lda,
                                       const float *b, ptrdiff_t ldb, float *c, ptrdiff_t ldc);

#endif
