// Element-wise operators, reductions and products of tensors of any type. Nothing here checks a shape: callers do.
#ifndef CG_ELEMENTS_H
#define CG_ELEMENTS_H

#include <stddef.h>
#include <stdint.h>

// Types of elements, with ONNX's numbers.
#define CG_FLOAT32 1
#define CG_UINT8 2
#define CG_INT8 3
#define CG_UINT16 4
#define CG_INT16 5
#define CG_INT32 6
#define CG_INT64 7
#define CG_BOOL 9
#define CG_FLOAT16 10
#define CG_FLOAT64 11
#define CG_UINT32 12
#define CG_UINT64 13
#define CG_BFLOAT16 16

/// The most axes that a tensor may have.
#define CG_MAX_RANK 16

// Operators of two elements. The comparisons and the logical ones write bytes, 0 or 1.
enum cg_binary_operator {
    CG_ADD, CG_SUB, CG_MUL, CG_DIV, CG_MIN, CG_MAX, CG_POW, CG_MOD, CG_FMOD, CG_PRELU,
    CG_BIT_AND, CG_BIT_OR, CG_BIT_XOR, CG_SHIFT_LEFT, CG_SHIFT_RIGHT,
    CG_EQUAL, CG_LESS, CG_LESS_EQUAL, CG_GREATER, CG_GREATER_EQUAL, CG_AND, CG_OR, CG_XOR,
};

/// c = a op b for contiguous c of `shape`; strides in elements, 0 along an axis that is repeated. A whole number divided by
/// zero is zero. 1 where the operator knows the type, else 0. In parallel.
int32_t cg_binary(enum cg_binary_operator op, int32_t type, int32_t rank, const ptrdiff_t *shape, const void *a,
                  const ptrdiff_t *a_strides, const void *b, const ptrdiff_t *b_strides, void *c);

enum cg_unary_operator {
    CG_ABS, CG_NEG, CG_SIGN, CG_RELU, CG_CLIP, CG_BIT_NOT,
    // Of floating types alone.
    CG_EXP, CG_LOG, CG_SQRT, CG_RECIPROCAL, CG_FLOOR, CG_CEIL, CG_ROUND, CG_SIN, CG_COS, CG_TAN, CG_ASIN, CG_ACOS,
    CG_ATAN, CG_SINH, CG_COSH, CG_TANH, CG_ASINH, CG_ACOSH, CG_ATANH, CG_ERF, CG_SIGMOID, CG_SOFTPLUS, CG_SOFTSIGN,
    CG_LEAKY_RELU, CG_ELU, CG_SELU, CG_CELU, CG_GELU, CG_GELU_TANH, CG_HARD_SIGMOID, CG_HARD_SWISH, CG_MISH,
    CG_THRESHOLDED_RELU, CG_SHRINK, CG_SWISH,
};

/// y = op(x); y may be x. `alpha`, `beta`: the operator's parameters; of CG_CLIP the bounds. 1 where the operator knows the
/// type, else 0. In parallel.
int32_t cg_unary(enum cg_unary_operator op, int32_t type, ptrdiff_t count, const void *x, double alpha, double beta,
                 void *y);
/// Whether each element is NaN (`infinite` 0), or infinite: bit 1 for above zero, bit 2 for below.
int32_t cg_classify(int32_t type, ptrdiff_t count, const void *x, int32_t infinite, uint8_t *y);
/// y = max(low, min(x, high)) with bounds of the type itself, each NULL for none.
int32_t cg_clip(int32_t type, ptrdiff_t count, const void *x, const void *low, const void *high, void *y);

/// From one type to another: towards zero and within the type's range from floating to whole numbers, bool is not zero.
/// 1 where both are known, else 0. In parallel.
int32_t cg_cast(int32_t from, int32_t to, ptrdiff_t count, const void *x, void *y);

enum cg_reduction {
    CG_SUM, CG_MEAN, CG_LARGEST, CG_SMALLEST, CG_PRODUCT, CG_SQUARES, CG_L1, CG_L2, CG_LOG_SUM, CG_LOG_SUM_EXP,
};
/// y[outer, inner] = reduction over the middle of x[outer, reduced, inner]; of none of them what the operator begins with.
int32_t cg_reduce(enum cg_reduction op, int32_t type, ptrdiff_t outer, ptrdiff_t reduced, ptrdiff_t inner, const void *x,
                  void *y);
/// The place of the largest or smallest; of equals the first, or the last. `reduced` is at least 1.
int32_t cg_place(int32_t smallest, int32_t last, int32_t type, ptrdiff_t outer, ptrdiff_t reduced, ptrdiff_t inner,
                 const void *x, int64_t *y);

/// softmax, or its logarithm, over the middle of x[outer, middle, inner], float32 or float64.
int32_t cg_softmax(int32_t logarithm, int32_t type, ptrdiff_t outer, ptrdiff_t middle, ptrdiff_t inner, const void *x,
                   void *y);
/// y = (x - mean) / sqrt(variance + epsilon) of each row; `mean` and `inverse` may be NULL. float32 or float64.
int32_t cg_normalize_rows(int32_t type, ptrdiff_t rows, ptrdiff_t columns, double epsilon, const void *x, void *y,
                          void *mean, void *inverse);
/// y[o, c, i] = x[o, c, i] * scale[c] + shift[c]; shift may be NULL. float32 or float64.
int32_t cg_affine(int32_t type, ptrdiff_t outer, ptrdiff_t channels, ptrdiff_t inner, const void *x, const void *scale,
                  const void *shift, void *y);
/// y = x / (bias + alpha / size * sum of squares of the neighbouring channels)^beta, float32, [N, C, inner].
void cg_local_response(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t inner, ptrdiff_t size, float alpha, float beta,
                       float bias, const float *x, float *y);

/// C = A B of one matrix, whole numbers (float64, int32, int64, uint32, uint64): M x K, K x N, M x N, row-major.
int32_t cg_matmul(int32_t type, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a, const void *b, void *c);

/// y = saturated(round(x / scale) + zero) of x[outer, channels, inner] in float32; `type`: uint8, int8, uint16, int16. `zero`:
/// int32, NULL for none.
int32_t cg_quantize(int32_t type, ptrdiff_t outer, ptrdiff_t channels, ptrdiff_t inner, const float *x,
                    const float *scale, const int32_t *zero, void *y);
/// y = (x - zero) * scale, x in int32.
void cg_dequantize(ptrdiff_t outer, ptrdiff_t channels, ptrdiff_t inner, const int32_t *x, const float *scale,
                   const int32_t *zero, float *y);

#endif
