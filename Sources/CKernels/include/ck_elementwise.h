// Element-wise work on strided arrays of any number of axes: binary and unary operations, selection,
// copies, conversions.
//
// Strides are in elements, one per axis, and may be zero (broadcasting) or negative. Every element that a
// shape and its strides reach must lie in memory that the caller owns. Operands may be the same memory as
// the result only element for element. Work of more than about 64k elements is divided over the pool.
#ifndef CK_ELEMENTWISE_H
#define CK_ELEMENTWISE_H

#include <stdint.h>

/// More axes than this are the caller's error (NumPy has the same limit).
#define CK_MAX_DIMENSIONS 64

enum { CK_F32, CK_F64, CK_I32, CK_I64, CK_U8, CK_BOOL };

/// Results have the type of the operands, and bool from CK_EQ to CK_GE. Integers wrap; bool has the comparisons, CK_MAX
/// and CK_MIN, and the logic. Shifts are for integers: by as many bits as there are, or a negative number, nothing but
/// the sign is left. CK_FMOD is for numbers; CK_DIV, CK_ATAN2 and what follows CK_FMOD for floating point only.
enum {
    CK_ADD, CK_SUB, CK_MUL, CK_DIV, CK_POW, CK_MOD, CK_FLOOR_DIV, CK_MAX, CK_MIN, CK_ATAN2,
    CK_AND, CK_OR, CK_XOR, CK_SHIFT_LEFT, CK_SHIFT_RIGHT,
    CK_FMOD, CK_HYPOT, CK_COPY_SIGN, CK_FMAX, CK_FMIN, CK_LOG_ADD_EXP, CK_LOG_ADD_EXP2,
    CK_EQ, CK_NE, CK_LT, CK_LE, CK_GT, CK_GE
};

/// Integers have CK_NEG, CK_ABS, CK_SQUARE, CK_SIGN and CK_NOT (bitwise), bool has CK_NOT; the last four
/// give bool and are for floating point.
enum {
    CK_NEG, CK_ABS, CK_SQUARE, CK_SIGN, CK_NOT,
    CK_SQRT, CK_EXP, CK_LOG, CK_TANH, CK_SIGMOID,
    CK_FLOOR, CK_CEIL, CK_RINT, CK_TRUNC, CK_RECIPROCAL,
    CK_EXPM1, CK_LOG1P, CK_LOG2, CK_LOG10, CK_SIN, CK_COS, CK_TAN, CK_ASIN, CK_ACOS, CK_ATAN, CK_SINH, CK_COSH,
    CK_ASINH, CK_ACOSH, CK_ATANH, CK_EXP2, CK_CBRT,
    CK_IS_NAN, CK_IS_INF, CK_IS_FINITE, CK_SIGN_BIT
};

void ck_binary(int32_t type, int32_t operation, int32_t axes, const intptr_t *shape, const void *a,
               const intptr_t *a_strides, const void *b, const intptr_t *b_strides, void *out,
               const intptr_t *out_strides);

void ck_unary(int32_t type, int32_t operation, int32_t axes, const intptr_t *shape, const void *a,
              const intptr_t *a_strides, void *out, const intptr_t *out_strides);

/// out = condition ? a : b.
void ck_select(int32_t type, int32_t axes, const intptr_t *shape, const void *condition,
               const intptr_t *condition_strides, const void *a, const intptr_t *a_strides, const void *b,
               const intptr_t *b_strides, void *out, const intptr_t *out_strides);

/// Copies; a transposition is done in tiles.
void ck_copy(int32_t type, int32_t axes, const intptr_t *shape, const void *from, const intptr_t *from_strides,
             void *to, const intptr_t *to_strides);

/// Converts `count` elements that lie one after another. Floating point to integer cuts off the fraction; what
/// does not fit becomes the smallest integer (its low byte for u8). Anything but zero is true.
void ck_convert(int32_t from_type, int32_t to_type, intptr_t count, const void *from, void *to);

#endif
