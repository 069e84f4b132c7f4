// Operators of one tensor.
#include "ck_core.h"
#include "elements.h"

/// exp(x) in float32 by a polynomial, which the compiler makes vectors of; x beyond -87.3...88.7 is taken for the bound.
CK_INLINE float bounded_exponential(float x) {
    float bounded = x < -87.3f ? -87.3f : x > 88.7f ? 88.7f : x;
    float whole = __builtin_rintf(bounded * 1.44269504f);
    float r = bounded - whole * 0.693359375f + whole * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    // Two factors, because 2^128 is no float.
    int32_t power = (int32_t)whole, half = power / 2;
    union { int32_t bits; float value; } first = {(half + 127) << 23}, second = {(power - half + 127) << 23};
    return p * first.value * second.value;
}
/// exp(x) in float32, within 2 units of the last place.
CK_INLINE float exponential(float x) {
    float result = bounded_exponential(x);
    return x != x ? x : x > 88.72283f ? INFINITY : x < -103.9f ? 0 : x < -87.3f ? expf(x) : result;
}
/// The same where results below 1e-38 may be zero.
CK_INLINE float rough_exponential(float x) {
    float result = bounded_exponential(x);
    return x != x ? x : x < -87.3f ? 0 : result;
}

#define UNARY_LOOP(operator, expression)                                                                                    \
    case operator:                                                                                                    \
        for (ptrdiff_t i = 0; i < count; i++) {                                                                       \
            real v = x[i];                                                                                            \
            y[i] = (real)(expression);                                                                                \
        }                                                                                                             \
        return 1;

#define UNARY_REAL_UNARY(type, F, EXP, SIGMOID)                                                                             \
    CK_CLONES static int32_t unary_##type(enum cg_unary_operator op, ptrdiff_t count, const type *x, double da,       \
                                          double db, type *y) {                                                       \
        typedef type real;                                                                                            \
        const real a = (real)da, b = (real)db;                                                                        \
        (void)b;                                                                                                      \
        switch (op) {                                                                                                 \
            UNARY_LOOP(CG_ABS, F(fabs)(v))                                                                                  \
            UNARY_LOOP(CG_NEG, -v)                                                                                          \
            UNARY_LOOP(CG_SIGN, v > 0 ? 1 : v < 0 ? -1 : v)                                                                 \
            UNARY_LOOP(CG_RELU, v < 0 ? 0 : v)                                                                              \
            UNARY_LOOP(CG_CLIP, v < a ? (a < b ? a : b) : v > b ? b : v)                                                    \
            UNARY_LOOP(CG_EXP, EXP(v))                                                                                      \
            UNARY_LOOP(CG_LOG, F(log)(v))                                                                                   \
            UNARY_LOOP(CG_SQRT, F(sqrt)(v))                                                                                 \
            UNARY_LOOP(CG_RECIPROCAL, 1 / v)                                                                                \
            UNARY_LOOP(CG_FLOOR, F(floor)(v))                                                                               \
            UNARY_LOOP(CG_CEIL, F(ceil)(v))                                                                                 \
            UNARY_LOOP(CG_ROUND, F(nearbyint)(v))                                                                           \
            UNARY_LOOP(CG_SIN, F(sin)(v))                                                                                   \
            UNARY_LOOP(CG_COS, F(cos)(v))                                                                                   \
            UNARY_LOOP(CG_TAN, F(tan)(v))                                                                                   \
            UNARY_LOOP(CG_ASIN, F(asin)(v))                                                                                 \
            UNARY_LOOP(CG_ACOS, F(acos)(v))                                                                                 \
            UNARY_LOOP(CG_ATAN, F(atan)(v))                                                                                 \
            UNARY_LOOP(CG_SINH, F(sinh)(v))                                                                                 \
            UNARY_LOOP(CG_COSH, F(cosh)(v))                                                                                 \
            UNARY_LOOP(CG_TANH, F(tanh)(v))                                                                                 \
            UNARY_LOOP(CG_ASINH, F(asinh)(v))                                                                               \
            UNARY_LOOP(CG_ACOSH, F(acosh)(v))                                                                               \
            UNARY_LOOP(CG_ATANH, F(atanh)(v))                                                                               \
            UNARY_LOOP(CG_ERF, F(erf)(v))                                                                                   \
            UNARY_LOOP(CG_SIGMOID, SIGMOID(v))                                                                              \
            UNARY_LOOP(CG_SOFTPLUS, v > 0 ? v + F(log1p)(F(exp)(-v)) : F(log1p)(F(exp)(v)))                                 \
            UNARY_LOOP(CG_SOFTSIGN, v / (1 + F(fabs)(v)))                                                                   \
            UNARY_LOOP(CG_LEAKY_RELU, v < 0 ? a * v : v)                                                                    \
            UNARY_LOOP(CG_ELU, v < 0 ? a * F(expm1)(v) : v)                                                                 \
            UNARY_LOOP(CG_SELU, v > 0 ? b * v : b * a * F(expm1)(v))                                                        \
            UNARY_LOOP(CG_CELU, v < 0 ? a * F(expm1)(v / a) : v)                                                            \
            UNARY_LOOP(CG_GELU, (real)0.5 * v * (1 + F(erf)(v * (real)0.70710678118654752)))                                \
            UNARY_LOOP(CG_GELU_TANH,                                                                                        \
                 (real)0.5 * v *                                                                                      \
                     (1 + F(tanh)((real)0.79788456080286536 * (v + (real)0.044715 * v * v * v))))                     \
            UNARY_LOOP(CG_HARD_SIGMOID, a *v + b < 0 ? 0 : a * v + b > 1 ? 1 : a * v + b)                                   \
            UNARY_LOOP(CG_HARD_SWISH, v *(v < -3 ? 0 : v > 3 ? 1 : v * (real)(1.0 / 6) + (real)0.5))                        \
            UNARY_LOOP(CG_MISH, v *F(tanh)(v > 20 ? v : F(log1p)(F(exp)(v))))                                               \
            UNARY_LOOP(CG_THRESHOLDED_RELU, v > a ? v : 0)                                                                  \
            UNARY_LOOP(CG_SHRINK, v < -a ? v + b : v > a ? v - b : 0)                                                       \
            UNARY_LOOP(CG_SWISH, v *SIGMOID(a *v))                                                                          \
        default: return 0;                                                                                            \
        }                                                                                                             \
    }
#define UNARY_SINGLE(name) name##f
#define UNARY_DOUBLE(name) name
#define UNARY_SIGMOID_F(v) (1 / (1 + rough_exponential(-(v))))
#define UNARY_SIGMOID_D(v) (1 / (1 + exp(-(v))))
UNARY_REAL_UNARY(float, UNARY_SINGLE, exponential, UNARY_SIGMOID_F)
UNARY_REAL_UNARY(double, UNARY_DOUBLE, exp, UNARY_SIGMOID_D)

#define UNARY_WHOLE_UNARY(code, type, wide)                                                                                 \
    CK_CLONES static int32_t unary_##type(enum cg_unary_operator op, ptrdiff_t count, const type *x, type *y) {       \
        typedef type real;                                                                                            \
        switch (op) {                                                                                                 \
            UNARY_LOOP(CG_ABS, v < 0 ? (type)(0 - (uint64_t)v) : v)                                                         \
            UNARY_LOOP(CG_NEG, 0 - (uint64_t)v)                                                                             \
            UNARY_LOOP(CG_SIGN, (v > 0) - (v < 0))                                                                          \
            UNARY_LOOP(CG_RELU, v < 0 ? 0 : v)                                                                              \
            UNARY_LOOP(CG_BIT_NOT, ~v)                                                                                      \
        default: return 0;                                                                                            \
        }                                                                                                             \
    }
CG_WHOLE_TYPES(UNARY_WHOLE_UNARY)

struct pass {
    enum cg_unary_operator op;
    int32_t type, parts;
    ptrdiff_t count;
    const void *x;
    double alpha, beta;
    void *y;
};

static int32_t run(enum cg_unary_operator op, int32_t type, ptrdiff_t first, ptrdiff_t count, const void *x,
                   double alpha, double beta, void *y) {
    switch (type) {
#define UNARY_CASE(code, type, wide)                                                                                        \
    case code: return unary_##type(op, count, (const type *)x + first, (type *)y + first);
        CG_WHOLE_TYPES(UNARY_CASE)
    case CG_FLOAT32: return unary_float(op, count, (const float *)x + first, alpha, beta, (float *)y + first);
    case CG_FLOAT64: return unary_double(op, count, (const double *)x + first, alpha, beta, (double *)y + first);
    default: return 0;
    }
}

static void run_part(void *context, int32_t part) {
    const struct pass *p = context;
    ptrdiff_t first, end;
    ck_part_range(p->count, p->parts, part, &first, &end);
    run(p->op, p->type, first, end - first, p->x, p->alpha, p->beta, p->y);
}

int32_t cg_unary(enum cg_unary_operator op, int32_t type, ptrdiff_t count, const void *x, double alpha, double beta,
                 void *y) {
    if (!run(op, type, 0, 0, x, alpha, beta, y)) return 0;
    struct pass p = {op, type, ck_elementwise_parts(count), count, x, alpha, beta, y};
    ck_parallel(p.parts, run_part, &p);
    return 1;
}

int32_t cg_classify(int32_t type, ptrdiff_t count, const void *x, int32_t infinite, uint8_t *y) {
    for (ptrdiff_t i = 0; i < count; i++) {
        double v;
        switch (type) {
        case CG_FLOAT32: v = ((const float *)x)[i]; break;
        case CG_FLOAT64: v = ((const double *)x)[i]; break;
        default: return 0;
        }
        y[i] = infinite ? (uint8_t)((v == INFINITY && infinite & 1) || (v == -INFINITY && infinite & 2)) : v != v;
    }
    return 1;
}

#define UNARY_CLIP(type)                                                                                                    \
    CK_CLONES static void clip_##type(ptrdiff_t count, const type *x, const type *low, const type *high, type *y) {   \
        for (ptrdiff_t i = 0; i < count; i++) {                                                                       \
            type v = x[i];                                                                                            \
            if (low) v = v < *low ? *low : v;                                                                         \
            if (high) v = v > *high ? *high : v;                                                                      \
            y[i] = v;                                                                                                 \
        }                                                                                                             \
    }
#define UNARY_CLIP_WHOLE(code, type, wide) UNARY_CLIP(type)
CG_WHOLE_TYPES(UNARY_CLIP_WHOLE)
UNARY_CLIP(float)
UNARY_CLIP(double)

int32_t cg_clip(int32_t type, ptrdiff_t count, const void *x, const void *low, const void *high, void *y) {
    switch (type) {
#define UNARY_CLIP_CASE(code, type, wide)                                                                                   \
    case code: clip_##type(count, x, low, high, y); return 1;
        CG_WHOLE_TYPES(UNARY_CLIP_CASE)
        UNARY_CLIP_CASE(CG_FLOAT32, float, float)
        UNARY_CLIP_CASE(CG_FLOAT64, double, double)
    default: return 0;
    }
}
