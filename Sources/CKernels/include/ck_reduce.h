// Reductions of a row-major array seen as (outer, count, inner) along its middle axis.
#ifndef CK_REDUCE_H
#define CK_REDUCE_H

#include <stdint.h>

/// CK_SUM and CK_PRODUCT: f32, f64, i64. CK_SUM adds by pairs as NumPy does when inner is 1 (halves down to blocks
/// of 128, eight running sums in a block), and in order otherwise; CK_SUM_IN_ORDER always in order.
/// CK_LARGEST and CK_SMALLEST: every type, count at least 1; NaN wins.
enum { CK_SUM, CK_SUM_IN_ORDER, CK_PRODUCT, CK_LARGEST, CK_SMALLEST };

void ck_reduce(int32_t type, int32_t reduction, intptr_t outer, intptr_t count, intptr_t inner, const void *in,
               void *out);

/// The place of the first largest (smallest) element; NaN counts as both. Count at least 1.
void ck_arg_extreme(int32_t type, int32_t smallest, intptr_t outer, intptr_t count, intptr_t inner,
                    const void *in, int64_t *out);

/// Running sums (CK_SUM) and products (f32, f64, i64), largest and smallest elements (every type; NaN stays, of equal
/// zeros the later).
void ck_cumulative(int32_t type, int32_t reduction, intptr_t outer, intptr_t count, intptr_t inner, const void *in,
                   void *out);

/// How many of `count` bytes are not zero.
int64_t ck_count_nonzero(intptr_t count, const uint8_t *in);

/// C = A B in integers: A is M x K, B is K x N, all row-major.
void ck_matmul_i64(intptr_t m, intptr_t n, intptr_t k, const int64_t *a, const int64_t *b, int64_t *c);

#endif
