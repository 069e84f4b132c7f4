// Operators that move elements without a look at them.
#ifndef CG_MOVEMENT_H
#define CG_MOVEMENT_H

#include <stddef.h>
#include <stdint.h>

/// Copies a box of `shape` from `from` to `to`; strides in elements of `size` bytes (1, 2, 4, 8), of any sign. In parallel.
void cg_copy(ptrdiff_t size, int32_t rank, const ptrdiff_t *shape, const void *from, const ptrdiff_t *from_strides,
             void *to, const ptrdiff_t *to_strides);
/// Writes `count` elements of `size` bytes.
void cg_fill(ptrdiff_t size, ptrdiff_t count, const void *value, void *to);
/// to[o, i] = from[o, indices[i]] of blocks of `bytes`; indices in 0 ..< axis.
void cg_gather(ptrdiff_t outer, ptrdiff_t axis, ptrdiff_t count, ptrdiff_t bytes, const int64_t *indices,
               const void *from, void *to);
/// to[i] = condition[i] ? a[i] : b[i]; strides in elements, 0 along an axis that is repeated.
void cg_select(ptrdiff_t size, int32_t rank, const ptrdiff_t *shape, const uint8_t *condition,
               const ptrdiff_t *condition_strides, const void *a, const ptrdiff_t *a_strides, const void *b,
               const ptrdiff_t *b_strides, void *to);

#endif
