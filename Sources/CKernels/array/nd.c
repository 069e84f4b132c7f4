// Walking strided arrays: axes that lie one after another become one, and rows are dealt to the pool.
#include "array/nd.h"
#include "ck_core.h"

// Below this many elements one thread is quicker than two.
#define ND_PARALLEL_FROM 65536
#define ND_PART_ELEMENTS 32768

void ck_nd_begin(ck_nd *nd, ptrdiff_t axes, const ptrdiff_t *shape, int32_t operation, ck_inner inner) {
    nd->operands = 0;
    nd->axes = (int32_t)axes;
    nd->operation = operation;
    nd->inner = inner;
    for (ptrdiff_t i = 0; i < axes; i++) nd->shape[i] = shape[i];
}

void ck_nd_add(ck_nd *nd, const void *base, const ptrdiff_t *strides, ptrdiff_t size) {
    int32_t k = nd->operands++;
    nd->base[k] = (char *)base;
    for (int32_t i = 0; i < nd->axes; i++) nd->step[k][i] = strides[i] * size;
}

ptrdiff_t ck_nd_coalesce(ck_nd *nd) {
    ptrdiff_t count = 1;
    int32_t kept = 0;
    for (int32_t i = 0; i < nd->axes; i++) {
        ptrdiff_t length = nd->shape[i];
        count *= length;
        if (length == 1) continue;
        int merge = kept > 0;
        for (int32_t k = 0; merge && k < nd->operands; k++)
            merge = nd->step[k][kept - 1] == nd->step[k][i] * length;
        if (merge) {
            nd->shape[kept - 1] *= length;
        } else {
            nd->shape[kept++] = length;
        }
        for (int32_t k = 0; k < nd->operands; k++) nd->step[k][kept - 1] = nd->step[k][i];
    }
    if (kept == 0) {  // one element
        nd->shape[0] = 1;
        for (int32_t k = 0; k < nd->operands; k++) nd->step[k][0] = 0;
        kept = 1;
    }
    nd->axes = kept;
    return count;
}

/// Runs the rows whose first index lies in first ..< end.
static void run_range(const ck_nd *nd, ptrdiff_t first, ptrdiff_t end) {
    char *p[CK_MAX_OPERANDS];
    ptrdiff_t step[CK_MAX_OPERANDS], index[CK_MAX_DIMENSIONS];
    int32_t last = nd->axes - 1;
    for (int32_t k = 0; k < nd->operands; k++) {
        p[k] = nd->base[k] + first * nd->step[k][0];
        step[k] = nd->step[k][last];
    }
    if (last == 0) {
        nd->inner(nd->operation, end - first, p, step);
        return;
    }
    for (int32_t i = 0; i < last; i++) index[i] = 0;
    index[0] = first;
    for (;;) {
        nd->inner(nd->operation, nd->shape[last], p, step);
        int32_t axis = last - 1;
        for (;;) {
            for (int32_t k = 0; k < nd->operands; k++) p[k] += nd->step[k][axis];
            if (++index[axis] < (axis == 0 ? end : nd->shape[axis])) break;
            if (axis == 0) return;
            for (int32_t k = 0; k < nd->operands; k++) p[k] -= nd->step[k][axis] * nd->shape[axis];
            index[axis--] = 0;
        }
    }
}

typedef struct {
    const ck_nd *nd;
    int32_t parts;
} region;

static void run_part(void *context, int32_t part) {
    const region *r = context;
    ptrdiff_t first, end;
    ck_part_range(r->nd->shape[0], r->parts, part, &first, &end);
    if (first < end) run_range(r->nd, first, end);
}

void ck_nd_run(ck_nd *nd) {
    ptrdiff_t count = ck_nd_coalesce(nd);
    if (count == 0) return;
    ptrdiff_t parts = count / ND_PART_ELEMENTS;
    if (parts > nd->shape[0]) parts = nd->shape[0];
    if (parts > 256) parts = 256;
    if (count < ND_PARALLEL_FROM || parts < 2) {
        run_range(nd, 0, nd->shape[0]);
    } else {
        region r = {nd, (int32_t)parts};
        ck_parallel((int32_t)parts, run_part, &r);
    }
}
