// A thin layer over oneDNN: the products that Arrays and Autodiff ask for, on Descent's own threads.
// Versions 2 and 3 of oneDNN; what differs between them is in versions.c.
#ifndef DESCENT_CONEDNN_H
#define DESCENT_CONEDNN_H

#include <stdint.h>

#include "cdnn_convolution.h"
#include "cdnn_inner_products.h"
#include "cdnn_network.h"

/// C = op(A) op(B) + beta C in float32, all row-major. op(A) is M x K, op(B) is K x N, C is M x N;
/// a leading dimension is the distance between rows of the matrix as stored. The rows of C are divided into
/// parts by the problem's size alone, so the bits do not depend on the number of threads.
/// Returns 0, or oneDNN's status.
int32_t cdnn_matmul_f32(int32_t transpose_a, int32_t transpose_b, int64_t m, int64_t n, int64_t k,
                        const float *a, int64_t lda, const float *b, int64_t ldb, float beta, float *c,
                        int64_t ldc);
/// C = op(A) op(B) of matrices in bfloat16 (`ck_to_bfloat16`), with sums in float32; k is at least 1. Divided and returned as
/// above.
int32_t cdnn_matmul_half(int32_t transpose_a, int32_t transpose_b, int64_t m, int64_t n, int64_t k,
                         const uint16_t *a, int64_t lda, const uint16_t *b, int64_t ldb, float *c, int64_t ldc);

#endif
