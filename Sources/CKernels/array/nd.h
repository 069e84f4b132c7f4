// Walks up to four strided arrays of one shape together and hands rows to an inner loop.
#ifndef CK_ARRAY_ND_H
#define CK_ARRAY_ND_H

#include "ck_array.h"

#define CK_MAX_OPERANDS 4

/// One row of `count` elements: the operands' addresses and the steps between their elements in bytes.
typedef void (*ck_inner)(int32_t operation, ptrdiff_t count, char *const *p, const ptrdiff_t *step);

typedef struct {
    int32_t operands, axes, operation;
    ptrdiff_t shape[CK_MAX_DIMENSIONS];
    ptrdiff_t step[CK_MAX_OPERANDS][CK_MAX_DIMENSIONS];  // bytes
    char *base[CK_MAX_OPERANDS];
    ck_inner inner;
} ck_nd;

static inline ptrdiff_t ck_type_size(int32_t type) {
    static const ptrdiff_t size[] = {4, 8, 4, 8, 1, 1};
    return size[type];
}

/// Sets the shape; then each operand is added with its strides in elements.
void ck_nd_begin(ck_nd *nd, ptrdiff_t axes, const ptrdiff_t *shape, int32_t operation, ck_inner inner);
void ck_nd_add(ck_nd *nd, const void *base, const ptrdiff_t *strides, ptrdiff_t size);
/// Leaves out axes of length 1 and merges neighbours that all operands walk as one. Returns the element count.
ptrdiff_t ck_nd_coalesce(ck_nd *nd);
void ck_nd_run(ck_nd *nd);

#endif
