// Operators of one tensor.
#include "ck_core.h"
#include "elements.h"

/// exp(x) in float32 by a polynomial, which the compiler makes vectors of; within 2 units of the last place.
CK_INLINE float exponential(float x) {
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
    float result = p * first.value * second.value;
    return x != x ? x : x > 88.72283f ? INFINITY : x < -103.9f ? 0 : x < -87.3f ? expf(x) : result;
}
/// The same where results below 1e-38 may be zero.
CK_INLINE float rough_exponential(float x) {
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
    int32_t power = (int32_t)whole, half = power / 2;
    union { int32_t bits; float value; } first = {(half + 127) << 23}, second = {(power - half + 127) << 23};
    float result = p * first.value * second.value;
    return x != x ? x : x < -87.3f ? 0 : result;
}

#define LOOP(operator, expression)                                                                                    \
    case operator:                                                                                                    \
        for (ptrdiff_t i = 0; i < count; i++) {                                                                       \
            real v = x[i];                                                                                            \
            y[i] = (real)(expression);                                                                                \
        }                                                                                                             \
        return 1;

#define REAL_UNARY(type, F, EXP, SIGMOID)                                                                             \
    CK_CLONES static int32_t unary_##type(enum cg_unary_operator op, ptrdiff_t count, const type *x, double da,       \
                                          double db, type *y) {                                                       \
        typedef type real;                                                                                            \
        const real a = (real)da, b = (real)db;                                                                        \
        (void)b;                                                                                                      \
        switch (op) {                                                                                                 \
            LOOP(CG_ABS, F(fabs)(v))                                                                                  \
            LOOP(CG_NEG, -v)                                                                                          \
            LOOP(CG_SIGN, v > 0 ? 1 : v < 0 ? -1 : v)                                                                 \
            LOOP(CG_RELU, v < 0 ? 0 : v)                                                                              \
            LOOP(CG_CLIP, v < a ? (a < b ? a : b) : v > b ? b : v)                                                    \
            LOOP(CG_EXP, EXP(v))                                                                                      \
            LOOP(CG_LOG, F(log)(v))                                                                                   \
            LOOP(CG_SQRT, F(sqrt)(v))                                                                                 \
            LOOP(CG_RECIPROCAL, 1 / v)                                                                                \
            LOOP(CG_FLOOR, F(floor)(v))                                                                               \
            LOOP(CG_CEIL, F(ceil)(v))                                                                                 \
            LOOP(CG_ROUND, F(nearbyint)(v))                                                                           \
            LOOP(CG_SIN, F(sin)(v))                                                                                   \
            LOOP(CG_COS, F(cos)(v))                                                                                   \
            LOOP(CG_TAN, F(tan)(v))                                                                                   \
            LOOP(CG_ASIN, F(asin)(v))                                                                                 \
            LOOP(CG_ACOS, F(acos)(v))                                                                                 \
            LOOP(CG_ATAN, F(atan)(v))                                                                                 \
            LOOP(CG_SINH, F(sinh)(v))                                                                                 \
            LOOP(CG_COSH, F(cosh)(v))                                                                                 \
            LOOP(CG_TANH, F(tanh)(v))                                                                                 \
            LOOP(CG_ASINH, F(asinh)(v))                                                                               \
            LOOP(CG_ACOSH, F(acosh)(v))                                                                               \
            LOOP(CG_ATANH, F(atanh)(v))                                                                               \
            LOOP(CG_ERF, F(erf)(v))                                                                                   \
            LOOP(CG_SIGMOID, SIGMOID(v))                                                                              \
            LOOP(CG_SOFTPLUS, v > 0 ? v + F(log1p)(F(exp)(-v)) : F(log1p)(F(exp)(v)))                                 \
            LOOP(CG_SOFTSIGN, v / (1 + F(fabs)(v)))                                                                   \
            LOOP(CG_LEAKY_RELU, v < 0 ? a * v : v)                                                                    \
            LOOP(CG_ELU, v < 0 ? a * F(expm1)(v) : v)                                                                 \
            LOOP(CG_SELU, v > 0 ? b * v : b * a * F(expm1)(v))                                                        \
            LOOP(CG_CELU, v < 0 ? a * F(expm1)(v / a) : v)                                                            \
            LOOP(CG_GELU, (real)0.5 * v * (1 + F(erf)(v * (real)0.70710678118654752)))                                \
            LOOP(CG_GELU_TANH,                                                                                        \
                 (real)0.5 * v *                                                                                      \
                     (1 + F(tanh)((real)0.79788456080286536 * (v + (real)0.044715 * v * v * v))))                     \
            LOOP(CG_HARD_SIGMOID, a *v + b < 0 ? 0 : a * v + b > 1 ? 1 : a * v + b)                                   \
            LOOP(CG_HARD_SWISH, v *(v < -3 ? 0 : v > 3 ? 1 : v * (real)(1.0 / 6) + (real)0.5))                        \
            LOOP(CG_MISH, v *F(tanh)(v > 20 ? v : F(log1p)(F(exp)(v))))                                               \
            LOOP(CG_THRESHOLDED_RELU, v > a ? v : 0)                                                                  \
            LOOP(CG_SHRINK, v < -a ? v + b : v > a ? v - b : 0)                                                       \
            LOOP(CG_SWISH, v *SIGMOID(a *v))                                                                          \
        default: return 0;                                                                                            \
        }                                                                                                             \
    }
#define SINGLE(name) name##f
#define DOUBLE(name) name
#define SIGMOID_F(v) (1 / (1 + rough_exponential(-(v))))
#define SIGMOID_D(v) (1 / (1 + exp(-(v))))
REAL_UNARY(float, SINGLE, exponential, SIGMOID_F)
REAL_UNARY(double, DOUBLE, exp, SIGMOID_D)

#define WHOLE_UNARY(code, type, wide)                                                                                 \
    CK_CLONES static int32_t unary_##type(enum cg_unary_operator op, ptrdiff_t count, const type *x, type *y) {       \
        typedef type real;                                                                                            \
        switch (op) {                                                                                                 \
            LOOP(CG_ABS, v < 0 ? (type)(0 - (uint64_t)v) : v)                                                         \
            LOOP(CG_NEG, 0 - (uint64_t)v)                                                                             \
            LOOP(CG_SIGN, (v > 0) - (v < 0))                                                                          \
            LOOP(CG_RELU, v < 0 ? 0 : v)                                                                              \
            LOOP(CG_BIT_NOT, ~v)                                                                                      \
        default: return 0;                                                                                            \
        }                                                                                                             \
    }
CG_WHOLE_TYPES(WHOLE_UNARY)

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
#define CASE(code, type, wide)                                                                                        \
    case code: return unary_##type(op, count, (const type *)x + first, (type *)y + first);
        CG_WHOLE_TYPES(CASE)
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

#define CLIP(type)                                                                                                    \
    CK_CLONES static void clip_##type(ptrdiff_t count, const type *x, const type *low, const type *high, type *y) {   \
        for (ptrdiff_t i = 0; i < count; i++) {                                                                       \
            type v = x[i];                                                                                            \
            if (low) v = v < *low ? *low : v;                                                                         \
            if (high) v = v > *high ? *high : v;                                                                      \
            y[i] = v;                                                                                                 \
        }                                                                                                             \
    }
#define CLIP_WHOLE(code, type, wide) CLIP(type)
CG_WHOLE_TYPES(CLIP_WHOLE)
CLIP(float)
CLIP(double)

int32_t cg_clip(int32_t type, ptrdiff_t count, const void *x, const void *low, const void *high, void *y) {
    switch (type) {
#define CLIP_CASE(code, type, wide)                                                                                   \
    case code: clip_##type(count, x, low, high, y); return 1;
        CG_WHOLE_TYPES(CLIP_CASE)
        CLIP_CASE(CG_FLOAT32, float, float)
        CLIP_CASE(CG_FLOAT64, double, double)
    default: return 0;
    }
}
