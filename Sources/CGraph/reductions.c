// Reductions along the middle axis of three.
#include <float.h>

#include "ck_core.h"
#include "elements.h"

struct pass {
    int32_t op, type, parts, last;
    ptrdiff_t outer, reduced, inner;
    const void *x;
    void *y;
};

// Sums of numbers that are no float64 are made in it, or in whole numbers of 64 bits, in ascending order.
#define REDUCTIONS_REDUCE(type, wide, lowest, highest, is_real)                                                                  \
    CK_CLONES static int32_t reduce_##type(enum cg_reduction op, ptrdiff_t reduced, ptrdiff_t inner, const type *x,   \
                                           type *y) {                                                                 \
        if (op == CG_LARGEST || op == CG_SMALLEST) {                                                                  \
            type best = op == CG_LARGEST ? lowest : highest;                                                          \
            for (ptrdiff_t r = 0; r < reduced; r++) {                                                                 \
                type v = x[r * inner];                                                                                \
                if (op == CG_LARGEST ? v > best : v < best) best = v;                                                 \
                if (v != v) { best = v; break; }                                                                      \
            }                                                                                                         \
            *y = best;                                                                                                \
            return 1;                                                                                                 \
        }                                                                                                             \
        wide sum = op == CG_PRODUCT ? 1 : 0;                                                                          \
        double real = 0, largest = -INFINITY;                                                                         \
        switch (op) {                                                                                                 \
        case CG_SUM: case CG_MEAN: case CG_LOG_SUM:                                                                   \
            for (ptrdiff_t r = 0; r < reduced; r++) sum += (wide)x[r * inner];                                        \
            break;                                                                                                    \
        case CG_PRODUCT:                                                                                              \
            for (ptrdiff_t r = 0; r < reduced; r++) sum *= (wide)x[r * inner];                                        \
            break;                                                                                                    \
        case CG_SQUARES: case CG_L2:                                                                                  \
            for (ptrdiff_t r = 0; r < reduced; r++) sum += (wide)x[r * inner] * (wide)x[r * inner];                   \
            break;                                                                                                    \
        case CG_L1:                                                                                                   \
            for (ptrdiff_t r = 0; r < reduced; r++) sum += x[r * inner] < 0 ? -(wide)x[r * inner] : (wide)x[r * inner]; \
            break;                                                                                                    \
        case CG_LOG_SUM_EXP:                                                                                          \
            for (ptrdiff_t r = 0; r < reduced; r++)                                                                   \
                if ((double)x[r * inner] > largest) largest = (double)x[r * inner];                                   \
            if (!(largest > -INFINITY && largest < INFINITY)) largest = 0;                                            \
            for (ptrdiff_t r = 0; r < reduced; r++) real += exp((double)x[r * inner] - largest);                      \
            break;                                                                                                    \
        default: return 0;                                                                                            \
        }                                                                                                             \
        switch (op) {                                                                                                 \
        case CG_MEAN: *y = is_real || reduced != 0 ? (type)(sum / (wide)reduced) : 0; break;                          \
        case CG_L2: *y = (type)sqrt((double)sum); break;                                                              \
        case CG_LOG_SUM: *y = (type)log((double)sum); break;                                                          \
        case CG_LOG_SUM_EXP: *y = (type)(log(real) + largest); break;                                                 \
        default: *y = (type)sum;                                                                                      \
        }                                                                                                             \
        return 1;                                                                                                     \
    }
REDUCTIONS_REDUCE(float, double, -INFINITY, INFINITY, 1)
REDUCTIONS_REDUCE(double, double, -INFINITY, INFINITY, 1)
REDUCTIONS_REDUCE(uint8_t, uint64_t, 0, UINT8_MAX, 0)
REDUCTIONS_REDUCE(int8_t, int64_t, INT8_MIN, INT8_MAX, 0)
REDUCTIONS_REDUCE(uint16_t, uint64_t, 0, UINT16_MAX, 0)
REDUCTIONS_REDUCE(int16_t, int64_t, INT16_MIN, INT16_MAX, 0)
REDUCTIONS_REDUCE(uint32_t, uint64_t, 0, UINT32_MAX, 0)
REDUCTIONS_REDUCE(int32_t, int64_t, INT32_MIN, INT32_MAX, 0)
REDUCTIONS_REDUCE(uint64_t, uint64_t, 0, UINT64_MAX, 0)
// Wraps where it overflows, as the smaller ones do.
CK_CLONES static int32_t reduce_int64_t(enum cg_reduction op, ptrdiff_t reduced, ptrdiff_t inner, const int64_t *x,
                                        int64_t *y) {
    uint64_t sum = op == CG_PRODUCT ? 1 : 0;
    int64_t best = op == CG_LARGEST ? INT64_MIN : INT64_MAX;
    double real = 0;
    for (ptrdiff_t r = 0; r < reduced; r++) {
        int64_t v = x[r * inner];
        switch (op) {
        case CG_LARGEST: best = v > best ? v : best; break;
        case CG_SMALLEST: best = v < best ? v : best; break;
        case CG_PRODUCT: sum *= (uint64_t)v; break;
        case CG_SQUARES: sum += (uint64_t)v * (uint64_t)v; break;
        case CG_L1: sum += v < 0 ? 0 - (uint64_t)v : (uint64_t)v; break;
        case CG_L2: real += (double)v * (double)v; break;
        case CG_LOG_SUM_EXP: real += exp((double)v); break;
        default: sum += (uint64_t)v;
        }
    }
    switch (op) {
    case CG_LARGEST: case CG_SMALLEST: *y = best; break;
    case CG_MEAN: *y = reduced ? (int64_t)sum / reduced : 0; break;
    case CG_L2: *y = (int64_t)sqrt(real); break;
    case CG_LOG_SUM: *y = (int64_t)log((double)(int64_t)sum); break;
    case CG_LOG_SUM_EXP: *y = (int64_t)log(real); break;
    default: *y = (int64_t)sum;
    }
    return 1;
}

#define REDUCTIONS_EACH(X)                                                                                                       \
    X(CG_UINT8, uint8_t) X(CG_INT8, int8_t) X(CG_UINT16, uint16_t) X(CG_INT16, int16_t) X(CG_INT32, int32_t)          \
    X(CG_UINT32, uint32_t) X(CG_INT64, int64_t) X(CG_UINT64, uint64_t) X(CG_FLOAT32, float) X(CG_FLOAT64, double)

static int32_t reduce_one(const struct pass *p, ptrdiff_t outer, ptrdiff_t inner) {
    ptrdiff_t at = outer * p->reduced * p->inner + inner, to = outer * p->inner + inner;
    switch (p->type) {
#define REDUCTIONS_CASE(code, type)                                                                                              \
    case code:                                                                                                        \
        return reduce_##type((enum cg_reduction)p->op, p->reduced, p->inner, (const type *)p->x + at, (type *)p->y + to);
        REDUCTIONS_EACH(REDUCTIONS_CASE)
    case CG_BOOL: {
        const uint8_t *x = (const uint8_t *)p->x + at;
        uint8_t any = 0, all = 1;
        for (ptrdiff_t r = 0; r < p->reduced; r++) {
            any |= x[r * p->inner] != 0;
            all &= x[r * p->inner] != 0;
        }
        ((uint8_t *)p->y)[to] = p->op == CG_LARGEST ? any : all;
        return p->op == CG_LARGEST || p->op == CG_SMALLEST;
    }
    default: return 0;
    }
}

static void reduce_part(void *context, int32_t part) {
    const struct pass *p = context;
    ptrdiff_t first, end;
    ck_part_range(p->outer * p->inner, p->parts, part, &first, &end);
    for (ptrdiff_t i = first; i < end; i++) reduce_one(p, i / p->inner, i % p->inner);
}

static int32_t parts_of(ptrdiff_t results, ptrdiff_t reduced) {
    int32_t parts = ck_elementwise_parts(results * (reduced + 1));
    return parts > results ? (results ? (int32_t)results : 1) : parts;
}

int32_t cg_reduce(enum cg_reduction op, int32_t type, ptrdiff_t outer, ptrdiff_t reduced, ptrdiff_t inner, const void *x,
                  void *y) {
    struct pass p = {op, type, 1, 0, outer, reduced, inner, x, y};
    if (outer * inner == 0) return 1;
    if (!reduce_one(&p, 0, 0)) return 0;
    p.parts = parts_of(outer * inner, reduced);
    ck_parallel(p.parts, reduce_part, &p);
    return 1;
}

#define REDUCTIONS_PLACE(code, type)                                                                                             \
    static int64_t place_##type(int32_t smallest, int32_t last, ptrdiff_t reduced, ptrdiff_t inner, const type *x) {  \
        int64_t place = 0;                                                                                            \
        type best = x[0];                                                                                             \
        for (ptrdiff_t r = 1; r < reduced && best == best; r++) {                                                     \
            type v = x[r * inner];                                                                                    \
            int better = smallest ? v < best : v > best;                                                              \
            if (better || v != v || (last && v == best)) {                                                            \
                best = v;                                                                                             \
                place = r;                                                                                            \
            }                                                                                                         \
        }                                                                                                             \
        return place;                                                                                                 \
    }
REDUCTIONS_EACH(REDUCTIONS_PLACE)

static int32_t place_one(const struct pass *p, ptrdiff_t i) {
    ptrdiff_t at = i / p->inner * p->reduced * p->inner + i % p->inner;
    switch (p->type) {
#define REDUCTIONS_PLACE_CASE(code, type)                                                                                        \
    case code:                                                                                                        \
        ((int64_t *)p->y)[i] = place_##type(p->op, p->last, p->reduced, p->inner, (const type *)p->x + at);           \
        return 1;
        REDUCTIONS_EACH(REDUCTIONS_PLACE_CASE)
    default: return 0;
    }
}

static void place_part(void *context, int32_t part) {
    const struct pass *p = context;
    ptrdiff_t first, end;
    ck_part_range(p->outer * p->inner, p->parts, part, &first, &end);
    for (ptrdiff_t i = first; i < end; i++) place_one(p, i);
}

int32_t cg_place(int32_t smallest, int32_t last, int32_t type, ptrdiff_t outer, ptrdiff_t reduced, ptrdiff_t inner,
                 const void *x, int64_t *y) {
    struct pass p = {smallest, type, 1, last, outer, reduced, inner, x, y};
    if (outer * inner == 0) return 1;
    if (!place_one(&p, 0)) return 0;
    p.parts = parts_of(outer * inner, reduced);
    ck_parallel(p.parts, place_part, &p);
    return 1;
}
