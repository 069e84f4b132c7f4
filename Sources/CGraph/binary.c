// Operators of two tensors, with broadcasting.
#include "ck_core.h"
#include "elements.h"

/// A loop over a box, with as few axes as its strides allow.
struct pass {
    enum cg_binary_operator op;
    int32_t type, rank, parts;
    ptrdiff_t shape[CG_MAX_RANK], a_strides[CG_MAX_RANK], b_strides[CG_MAX_RANK], count;
    const void *a, *b;
    void *c;
};

/// One run of the last axis.
typedef void (*row)(ptrdiff_t count, const void *a, ptrdiff_t a_step, const void *b, ptrdiff_t b_step, void *c);

// A loop for each pair of steps that occurs, so that the compiler makes vectors of them.
#define BINARY_ROW(name, type, result, expression)                                                                           \
    CK_CLONES static void name(ptrdiff_t count, const void *pa, ptrdiff_t a_step, const void *pb, ptrdiff_t b_step,    \
                               void *pc) {                                                                            \
        const type *restrict a = pa, *restrict b = pb;                                                                \
        result *restrict c = pc;                                                                                      \
        if (a_step == 1 && b_step == 1) {                                                                             \
            for (ptrdiff_t i = 0; i < count; i++) { type x = a[i], y = b[i]; c[i] = (result)(expression); }           \
        } else if (a_step == 1 && b_step == 0) {                                                                      \
            const type y = *b;                                                                                        \
            for (ptrdiff_t i = 0; i < count; i++) { type x = a[i]; c[i] = (result)(expression); }                     \
        } else if (a_step == 0 && b_step == 1) {                                                                      \
            const type x = *a;                                                                                        \
            for (ptrdiff_t i = 0; i < count; i++) { type y = b[i]; c[i] = (result)(expression); }                     \
        } else {                                                                                                      \
            for (ptrdiff_t i = 0; i < count; i++) {                                                                   \
                type x = a[i * a_step], y = b[i * b_step];                                                            \
                c[i] = (result)(expression);                                                                          \
            }                                                                                                         \
        }                                                                                                             \
    }

#define BINARY_COMMON(type, tag)                                                                                             \
    BINARY_ROW(equal_##tag, type, uint8_t, x == y)                                                                           \
    BINARY_ROW(less_##tag, type, uint8_t, x < y)                                                                             \
    BINARY_ROW(less_equal_##tag, type, uint8_t, x <= y)                                                                      \
    BINARY_ROW(greater_##tag, type, uint8_t, x > y)                                                                          \
    BINARY_ROW(greater_equal_##tag, type, uint8_t, x >= y)

#define BINARY_COMMON_OF(tag)                                                                                                \
    case CG_EQUAL: return equal_##tag;                                                                                \
    case CG_LESS: return less_##tag;                                                                                  \
    case CG_LESS_EQUAL: return less_equal_##tag;                                                                      \
    case CG_GREATER: return greater_##tag;                                                                            \
    case CG_GREATER_EQUAL: return greater_equal_##tag;

// A sum or product that overflows wraps, as unsigned numbers do.
#define BINARY_WHOLE(type, wide, low, is_signed)                                                                             \
    static type power_##type(type x, type y) {                                                                        \
        if (y < 0) return x == 1 ? 1 : x == (type)-1 ? (y & 1 ? (type)-1 : 1) : 0;                                    \
        uint64_t result = 1, base = (uint64_t)x;                                                                      \
        for (uint64_t e = (uint64_t)y; e; e >>= 1) {                                                                  \
            if (e & 1) result *= base;                                                                                \
            base *= base;                                                                                             \
        }                                                                                                             \
        return (type)result;                                                                                          \
    }                                                                                                                 \
    static inline type quotient_##type(type x, type y) {                                                              \
        return y == 0 ? 0 : is_signed && y == (type)-1 ? (type)(0 - (uint64_t)x) : (type)(x / y);                     \
    }                                                                                                                 \
    static inline type rest_##type(type x, type y) {                                                                  \
        return y == 0 || (is_signed && y == (type)-1) ? 0 : (type)(x % y);                                            \
    }                                                                                                                 \
    static inline type modulus_##type(type x, type y) {                                                               \
        type r = rest_##type(x, y);                                                                                   \
        return r != 0 && ((r < 0) != (y < 0)) ? (type)(r + y) : r;                                                    \
    }                                                                                                                 \
    BINARY_ROW(add_##type, type, type, (wide)x + (wide)y)                                                                    \
    BINARY_ROW(sub_##type, type, type, (wide)x - (wide)y)                                                                    \
    BINARY_ROW(mul_##type, type, type, (uint64_t)x * (uint64_t)y)                                                            \
    BINARY_ROW(div_##type, type, type, quotient_##type(x, y))                                                                \
    BINARY_ROW(min_##type, type, type, x < y ? x : y)                                                                        \
    BINARY_ROW(max_##type, type, type, x > y ? x : y)                                                                        \
    BINARY_ROW(pow_##type, type, type, power_##type(x, y))                                                                   \
    BINARY_ROW(mod_##type, type, type, modulus_##type(x, y))                                                                 \
    BINARY_ROW(fmod_##type, type, type, rest_##type(x, y))                                                                   \
    BINARY_ROW(prelu_##type, type, type, x < 0 ? (type)((uint64_t)x * (uint64_t)y) : x)                                      \
    BINARY_ROW(and_##type, type, type, x &y)                                                                                 \
    BINARY_ROW(or_##type, type, type, x | y)                                                                                 \
    BINARY_ROW(xor_##type, type, type, x ^ y)                                                                                \
    BINARY_ROW(left_##type, type, type, y < 0 || (uint64_t)y >= sizeof(type) * 8 ? 0 : (type)((uint64_t)x << y))             \
    BINARY_ROW(right_##type, type, type,                                                                                     \
        y < 0 || (uint64_t)y >= sizeof(type) * 8 ? (x < 0 ? (type)-1 : 0) : (type)(x >> y))                                                 \
    BINARY_COMMON(type, type)                                                                                                \
    static row row_of_##type(enum cg_binary_operator op) {                                                            \
        switch (op) {                                                                                                 \
        case CG_ADD: return add_##type;                                                                               \
        case CG_SUB: return sub_##type;                                                                               \
        case CG_MUL: return mul_##type;                                                                               \
        case CG_DIV: return div_##type;                                                                               \
        case CG_MIN: return min_##type;                                                                               \
        case CG_MAX: return max_##type;                                                                               \
        case CG_POW: return pow_##type;                                                                               \
        case CG_MOD: return mod_##type;                                                                               \
        case CG_FMOD: return fmod_##type;                                                                             \
        case CG_PRELU: return prelu_##type;                                                                           \
        case CG_BIT_AND: return and_##type;                                                                           \
        case CG_BIT_OR: return or_##type;                                                                             \
        case CG_BIT_XOR: return xor_##type;                                                                           \
        case CG_SHIFT_LEFT: return left_##type;                                                                       \
        case CG_SHIFT_RIGHT: return right_##type;                                                                     \
            BINARY_COMMON_OF(type)                                                                                           \
        default: return NULL;                                                                                         \
        }                                                                                                             \
    }
#define BINARY_WHOLE_OF(code, type, wide) BINARY_WHOLE(type, wide, 0, ((type)-1 < 1))
CG_WHOLE_TYPES(BINARY_WHOLE_OF)

// The smaller and the larger of a number and NaN is NaN, as NumPy has it.
#define BINARY_REAL(type, power, remainder)                                                                                  \
    static inline type modulus_##type(type x, type y) {                                                               \
        type r = remainder(x, y);                                                                                     \
        return r != 0 && ((r < 0) != (y < 0)) ? r + y : r;                                                            \
    }                                                                                                                 \
    BINARY_ROW(add_##type, type, type, x + y)                                                                                \
    BINARY_ROW(sub_##type, type, type, x - y)                                                                                \
    BINARY_ROW(mul_##type, type, type, x *y)                                                                                 \
    BINARY_ROW(div_##type, type, type, x / y)                                                                                \
    BINARY_ROW(min_##type, type, type, (x < y || x != x) ? x : y)                                                            \
    BINARY_ROW(max_##type, type, type, (x > y || x != x) ? x : y)                                                            \
    BINARY_ROW(pow_##type, type, type, power(x, y))                                                                          \
    BINARY_ROW(mod_##type, type, type, modulus_##type(x, y))                                                                 \
    BINARY_ROW(fmod_##type, type, type, remainder(x, y))                                                                     \
    BINARY_ROW(prelu_##type, type, type, x < 0 ? x * y : x)                                                                  \
    BINARY_COMMON(type, type)                                                                                                \
    static row row_of_##type(enum cg_binary_operator op) {                                                            \
        switch (op) {                                                                                                 \
        case CG_ADD: return add_##type;                                                                               \
        case CG_SUB: return sub_##type;                                                                               \
        case CG_MUL: return mul_##type;                                                                               \
        case CG_DIV: return div_##type;                                                                               \
        case CG_MIN: return min_##type;                                                                               \
        case CG_MAX: return max_##type;                                                                               \
        case CG_POW: return pow_##type;                                                                               \
        case CG_MOD: return mod_##type;                                                                               \
        case CG_FMOD: return fmod_##type;                                                                             \
        case CG_PRELU: return prelu_##type;                                                                           \
            BINARY_COMMON_OF(type)                                                                                           \
        default: return NULL;                                                                                         \
        }                                                                                                             \
    }
BINARY_REAL(float, powf, fmodf)
BINARY_REAL(double, pow, fmod)

BINARY_ROW(and_truth, uint8_t, uint8_t, x && y)
BINARY_ROW(or_truth, uint8_t, uint8_t, x || y)
BINARY_ROW(xor_truth, uint8_t, uint8_t, !x != !y)
BINARY_ROW(equal_truth, uint8_t, uint8_t, !x == !y)

static row row_of_truth(enum cg_binary_operator op) {
    switch (op) {
    case CG_AND: return and_truth;
    case CG_OR: return or_truth;
    case CG_XOR: return xor_truth;
    case CG_EQUAL: return equal_truth;
    default: return NULL;
    }
}

static row row_of(enum cg_binary_operator op, int32_t type, ptrdiff_t *size, ptrdiff_t *result) {
    int compares = op >= CG_EQUAL;
    switch (type) {
#define BINARY_CASE(code, type, wide)                                                                                        \
    case code:                                                                                                        \
        *size = sizeof(type);                                                                                         \
        *result = compares ? 1 : *size;                                                                               \
        return row_of_##type(op);
        CG_WHOLE_TYPES(BINARY_CASE)
        BINARY_CASE(CG_FLOAT32, float, float)
        BINARY_CASE(CG_FLOAT64, double, double)
    case CG_BOOL: *size = *result = 1; return row_of_truth(op);
    default: return NULL;
    }
}

static void run_part(void *context, int32_t part) {
    const struct pass *p = context;
    ptrdiff_t first, end, size = 1, result = 1;
    row run = row_of(p->op, p->type, &size, &result);
    ck_part_range(p->count, p->parts, part, &first, &end);
    ptrdiff_t last = p->rank - 1, length = p->shape[last];
    for (ptrdiff_t at = first; at < end;) {
        ptrdiff_t within = at % length, index = at / length;
        ptrdiff_t a = within * p->a_strides[last], b = within * p->b_strides[last];
        for (ptrdiff_t axis = last - 1; axis >= 0; axis--) {
            ptrdiff_t i = index % p->shape[axis];
            index /= p->shape[axis];
            a += i * p->a_strides[axis];
            b += i * p->b_strides[axis];
        }
        ptrdiff_t count = length - within < end - at ? length - within : end - at;
        run(count, (const char *)p->a + a * size, p->a_strides[last], (const char *)p->b + b * size,
            p->b_strides[last], (char *)p->c + at * result);
        at += count;
    }
}

int32_t cg_binary(enum cg_binary_operator op, int32_t type, int32_t rank, const ptrdiff_t *shape, const void *a,
                  const ptrdiff_t *a_strides, const void *b, const ptrdiff_t *b_strides, void *c) {
    ptrdiff_t size, result;
    if (!row_of(op, type, &size, &result)) return 0;
    struct pass p = {.op = op, .type = type, .count = 1, .a = a, .b = b, .c = c};
    for (int32_t axis = 0; axis < rank; axis++) {
        p.count *= shape[axis];
        if (shape[axis] == 1) continue;
        int32_t k = p.rank - 1;
        // Two axes are one where both operands go on after the inner one's end.
        if (k >= 0 && p.a_strides[k] == a_strides[axis] * shape[axis] &&
            p.b_strides[k] == b_strides[axis] * shape[axis]) {
            p.shape[k] *= shape[axis];
        } else {
            k = p.rank++;
            p.shape[k] = shape[axis];
        }
        p.a_strides[k] = a_strides[axis];
        p.b_strides[k] = b_strides[axis];
    }
    if (p.count == 0) return 1;
    if (p.rank == 0) {
        p.rank = 1;
        p.shape[0] = 1;
    }
    p.parts = ck_elementwise_parts(p.count);
    ck_parallel(p.parts, run_part, &p);
    return 1;
}
