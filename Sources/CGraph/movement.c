// Copies of boxes, gathering, selection.
#include <string.h>

#include "ck_core.h"
#include "cg_elements.h"
#include "cg_movement.h"

/// A loop over a box with up to four operands, of as few axes as their strides allow.
struct box {
    int32_t rank, operands, parts;
    ptrdiff_t shape[CG_MAX_RANK], strides[4][CG_MAX_RANK], count, size;
    const void *from[3];
    void *to;
};

static void add_axis(struct box *b, ptrdiff_t length, const ptrdiff_t *strides) {
    b->count *= length;
    if (length == 1) return;
    int32_t k = b->rank - 1, joined = k >= 0;
    for (int32_t o = 0; o < b->operands && joined; o++) joined = b->strides[o][k] == strides[o] * length;
    if (joined) {
        b->shape[k] *= length;
    } else {
        k = b->rank++;
        b->shape[k] = length;
    }
    for (int32_t o = 0; o < b->operands; o++) b->strides[o][k] = strides[o];
}

static void finish(struct box *b) {
    if (b->rank == 0) {
        b->rank = 1;
        b->shape[0] = 1;
    }
    b->parts = ck_elementwise_parts(b->count);
}

/// The places of the operands at an element of the box.
static void places(const struct box *b, ptrdiff_t at, ptrdiff_t *result) {
    for (int32_t o = 0; o < b->operands; o++) result[o] = 0;
    for (ptrdiff_t axis = b->rank - 1; axis >= 0; axis--) {
        ptrdiff_t i = at % b->shape[axis];
        at /= b->shape[axis];
        for (int32_t o = 0; o < b->operands; o++) result[o] += i * b->strides[o][axis];
    }
}

#define MOVEMENT_COPY_RUN(type)                                                                                                \
    {                                                                                                                 \
        const type *f = (const type *)b->from[0] + at[0];                                                             \
        type *t = (type *)b->to + at[1];                                                                              \
        for (ptrdiff_t i = 0; i < count; i++) t[i * to_step] = f[i * from_step];                                      \
    }

static void copy_part(void *context, int32_t part) {
    const struct box *b = context;
    ptrdiff_t first, end, at[4], last = b->rank - 1, length = b->shape[last];
    ptrdiff_t from_step = b->strides[0][last], to_step = b->strides[1][last];
    ck_part_range(b->count, b->parts, part, &first, &end);
    for (ptrdiff_t i = first; i < end;) {
        places(b, i, at);
        ptrdiff_t within = i % length, count = length - within < end - i ? length - within : end - i;
        if (from_step == 1 && to_step == 1) {
            memcpy((char *)b->to + at[1] * b->size, (const char *)b->from[0] + at[0] * b->size,
                   (size_t)(count * b->size));
        } else {
            switch (b->size) {
            case 1: MOVEMENT_COPY_RUN(uint8_t) break;
            case 2: MOVEMENT_COPY_RUN(uint16_t) break;
            case 4: MOVEMENT_COPY_RUN(uint32_t) break;
            default: MOVEMENT_COPY_RUN(uint64_t) break;
            }
        }
        i += count;
    }
}

void cg_copy(ptrdiff_t size, int32_t rank, const ptrdiff_t *shape, const void *from, const ptrdiff_t *from_strides,
             void *to, const ptrdiff_t *to_strides) {
    struct box b = {.operands = 2, .count = 1, .size = size, .from = {from}, .to = to};
    for (int32_t axis = 0; axis < rank; axis++) {
        ptrdiff_t strides[] = {from_strides[axis], to_strides[axis]};
        add_axis(&b, shape[axis], strides);
    }
    if (b.count == 0) return;
    finish(&b);
    ck_parallel(b.parts, copy_part, &b);
}

void cg_fill(ptrdiff_t size, ptrdiff_t count, const void *value, void *to) {
    if (count == 0) return;
    memcpy(to, value, (size_t)size);
    for (ptrdiff_t done = 1; done < count;) {
        ptrdiff_t more = done < count - done ? done : count - done;
        memcpy((char *)to + done * size, to, (size_t)(more * size));
        done += more;
    }
}

void cg_gather(ptrdiff_t outer, ptrdiff_t axis, ptrdiff_t count, ptrdiff_t bytes, const int64_t *indices,
               const void *from, void *to) {
    for (ptrdiff_t o = 0; o < outer; o++) {
        const char *block = (const char *)from + o * axis * bytes;
        for (ptrdiff_t i = 0; i < count; i++) {
            memcpy(to, block + indices[i] * bytes, (size_t)bytes);
            to = (char *)to + bytes;
        }
    }
}

#define MOVEMENT_SELECT_RUN(type)                                                                                              \
    {                                                                                                                 \
        const uint8_t *c = (const uint8_t *)b->from[0] + at[0];                                                       \
        const type *f = (const type *)b->from[1] + at[1], *g = (const type *)b->from[2] + at[2];                      \
        type *t = (type *)b->to + at[3];                                                                              \
        for (ptrdiff_t k = 0; k < count; k++)                                                                         \
            t[k] = c[k * step[0]] ? f[k * step[1]] : g[k * step[2]];                                                  \
    }

static void select_part(void *context, int32_t part) {
    const struct box *b = context;
    ptrdiff_t first, end, at[4], last = b->rank - 1, length = b->shape[last];
    ptrdiff_t step[3] = {b->strides[0][last], b->strides[1][last], b->strides[2][last]};
    ck_part_range(b->count, b->parts, part, &first, &end);
    for (ptrdiff_t i = first; i < end;) {
        places(b, i, at);
        ptrdiff_t within = i % length, count = length - within < end - i ? length - within : end - i;
        switch (b->size) {
        case 1: MOVEMENT_SELECT_RUN(uint8_t) break;
        case 2: MOVEMENT_SELECT_RUN(uint16_t) break;
        case 4: MOVEMENT_SELECT_RUN(uint32_t) break;
        default: MOVEMENT_SELECT_RUN(uint64_t) break;
        }
        i += count;
    }
}

void cg_select(ptrdiff_t size, int32_t rank, const ptrdiff_t *shape, const uint8_t *condition,
               const ptrdiff_t *condition_strides, const void *a, const ptrdiff_t *a_strides, const void *b,
               const ptrdiff_t *b_strides, void *to) {
    struct box box = {.operands = 4, .count = 1, .size = size, .from = {condition, a, b}, .to = to};
    ptrdiff_t row[CG_MAX_RANK];
    ptrdiff_t step = 1;
    for (int32_t axis = rank - 1; axis >= 0; axis--) {
        row[axis] = step;
        step *= shape[axis];
    }
    for (int32_t axis = 0; axis < rank; axis++) {
        ptrdiff_t strides[] = {condition_strides[axis], a_strides[axis], b_strides[axis], row[axis]};
        add_axis(&box, shape[axis], strides);
    }
    if (box.count == 0) return;
    finish(&box);
    ck_parallel(box.parts, select_part, &box);
}
