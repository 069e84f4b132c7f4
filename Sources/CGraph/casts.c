// From one type of element to another.
#include "ck_core.h"
#include "elements.h"

// Each element goes by way of the widest number of its kind, which keeps all of it.
#define CASTS_READ_WHOLE(type) ((const type *)x)[i]

/// A real number as a whole one: towards zero, the nearest that there is outside the range, 0 for NaN.
static inline int64_t whole_of(double v) {
    return v != v ? 0 : v >= 9223372036854775807.0 ? INT64_MAX : v <= -9223372036854775808.0 ? INT64_MIN : (int64_t)v;
}
static inline uint64_t natural_of(double v) {
    return v >= 18446744073709551615.0 ? UINT64_MAX : v > 0 ? (uint64_t)v : (uint64_t)whole_of(v);
}

enum kind { WHOLE, NATURAL, REAL };

static enum kind kind_of(int32_t type) {
    switch (type) {
    case CG_FLOAT32: case CG_FLOAT64: case CG_FLOAT16: case CG_BFLOAT16: return REAL;
    case CG_UINT64: return NATURAL;
    default: return WHOLE;
    }
}

struct number {
    int64_t whole;
    uint64_t natural;
    double real;
};

static inline int read(int32_t type, const void *x, ptrdiff_t i, struct number *n) {
    switch (type) {
    case CG_UINT8: n->whole = CASTS_READ_WHOLE(uint8_t); break;
    case CG_INT8: n->whole = CASTS_READ_WHOLE(int8_t); break;
    case CG_UINT16: n->whole = CASTS_READ_WHOLE(uint16_t); break;
    case CG_INT16: n->whole = CASTS_READ_WHOLE(int16_t); break;
    case CG_INT32: n->whole = CASTS_READ_WHOLE(int32_t); break;
    case CG_UINT32: n->whole = CASTS_READ_WHOLE(uint32_t); break;
    case CG_INT64: n->whole = CASTS_READ_WHOLE(int64_t); break;
    case CG_BOOL: n->whole = CASTS_READ_WHOLE(uint8_t) != 0; break;
    case CG_UINT64: n->natural = CASTS_READ_WHOLE(uint64_t); break;
    case CG_FLOAT32: n->real = ((const float *)x)[i]; break;
    case CG_FLOAT64: n->real = ((const double *)x)[i]; break;
    case CG_FLOAT16: n->real = cg_from_float16(CASTS_READ_WHOLE(uint16_t)); break;
    case CG_BFLOAT16: n->real = cg_from_bfloat16(CASTS_READ_WHOLE(uint16_t)); break;
    default: return 0;
    }
    return 1;
}

static inline int write(int32_t type, enum kind kind, const struct number *n, void *y, ptrdiff_t i) {
    double real = kind == REAL ? n->real : kind == NATURAL ? (double)n->natural : (double)n->whole;
    // A float32 of a whole number is rounded once.
    float single = kind == REAL ? (float)n->real : kind == NATURAL ? (float)n->natural : (float)n->whole;
    int64_t whole = kind == REAL ? whole_of(n->real) : kind == NATURAL ? (int64_t)n->natural : n->whole;
    switch (type) {
    case CG_UINT8: ((uint8_t *)y)[i] = (uint8_t)whole; break;
    case CG_INT8: ((int8_t *)y)[i] = (int8_t)whole; break;
    case CG_UINT16: ((uint16_t *)y)[i] = (uint16_t)whole; break;
    case CG_INT16: ((int16_t *)y)[i] = (int16_t)whole; break;
    case CG_INT32: ((int32_t *)y)[i] = (int32_t)whole; break;
    case CG_UINT32: ((uint32_t *)y)[i] = (uint32_t)whole; break;
    case CG_INT64: ((int64_t *)y)[i] = whole; break;
    case CG_UINT64: ((uint64_t *)y)[i] = kind == REAL ? natural_of(n->real) : (uint64_t)whole; break;
    case CG_BOOL: ((uint8_t *)y)[i] = kind == REAL ? n->real != 0 : whole != 0; break;
    case CG_FLOAT32: ((float *)y)[i] = single; break;
    case CG_FLOAT64: ((double *)y)[i] = real; break;
    case CG_FLOAT16: ((uint16_t *)y)[i] = cg_to_float16(single); break;
    case CG_BFLOAT16: ((uint16_t *)y)[i] = cg_to_bfloat16(single); break;
    default: return 0;
    }
    return 1;
}

struct pass {
    int32_t from, to, parts;
    ptrdiff_t count;
    const void *x;
    void *y;
};

static void run_part(void *context, int32_t part) {
    const struct pass *p = context;
    ptrdiff_t first, end;
    ck_part_range(p->count, p->parts, part, &first, &end);
    // What pictures begin with.
    if (p->from == CG_UINT8 && p->to == CG_FLOAT32) {
        for (ptrdiff_t i = first; i < end; i++) ((float *)p->y)[i] = ((const uint8_t *)p->x)[i];
        return;
    }
    enum kind kind = kind_of(p->from);
    for (ptrdiff_t i = first; i < end; i++) {
        struct number n = {0, 0, 0};
        read(p->from, p->x, i, &n);
        write(p->to, kind, &n, p->y, i);
    }
}

int32_t cg_cast(int32_t from, int32_t to, ptrdiff_t count, const void *x, void *y) {
    struct number n = {0, 0, 0};
    uint64_t probe = 0;
    if (!read(from, &probe, 0, &n) || !write(to, kind_of(from), &n, &probe, 0)) return 0;
    struct pass p = {from, to, ck_elementwise_parts(count), count, x, y};
    ck_parallel(p.parts, run_part, &p);
    return 1;
}
