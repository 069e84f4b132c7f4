// NumPy's operations on arrays: element by element, along an axis, and in sorted order.
#ifndef CK_ARRAY_H
#define CK_ARRAY_H

#include <stddef.h>
#include <stdint.h>

// MARK: Element by element
//
// Element-wise work on strided arrays of any number of axes: binary and unary operations, selection,
// copies, conversions.
//
// Strides are in elements, one per axis, and may be zero (broadcasting) or negative. Every element that a shape and its
// strides reach must be in memory that the caller owns. Operands may be the same memory as the result only element for
// element. Work of more than about 64k elements is divided over the pool.

/// More axes than this are the caller's error (NumPy has the same limit).
#define CK_MAX_DIMENSIONS 64

enum { CK_F32, CK_F64, CK_I32, CK_I64, CK_U8, CK_BOOL };

/// Results have the type of the operands, and bool from CK_EQ to CK_GE. Integers wrap; bool has the comparisons, CK_MAX
/// and CK_MIN, and the logic. Shifts are for integers: by as many bits as there are, or a negative number, only the
/// sign remains. CK_FMOD is for all types but bool; CK_DIV, CK_ATAN2 and the codes after CK_FMOD for floating point
/// only.
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

void ck_binary(int32_t type, int32_t operation, ptrdiff_t axes, const ptrdiff_t *shape, const void *a,
               const ptrdiff_t *a_strides, const void *b, const ptrdiff_t *b_strides, void *out,
               const ptrdiff_t *out_strides);

void ck_unary(int32_t type, int32_t operation, ptrdiff_t axes, const ptrdiff_t *shape, const void *a,
              const ptrdiff_t *a_strides, void *out, const ptrdiff_t *out_strides);

/// out = condition ? a : b.
void ck_select(int32_t type, ptrdiff_t axes, const ptrdiff_t *shape, const void *condition,
               const ptrdiff_t *condition_strides, const void *a, const ptrdiff_t *a_strides, const void *b,
               const ptrdiff_t *b_strides, void *out, const ptrdiff_t *out_strides);

/// Copies; a transposition is done in tiles.
void ck_copy(int32_t type, ptrdiff_t axes, const ptrdiff_t *shape, const void *from, const ptrdiff_t *from_strides,
             void *to, const ptrdiff_t *to_strides);

/// Converts `count` contiguous elements. Floating point to integer truncates the fraction; a value that does not fit
/// becomes the smallest integer (its low byte for u8). Anything but zero is true.
void ck_convert(int32_t from_type, int32_t to_type, ptrdiff_t count, const void *from, void *to);

// MARK: Reductions
//
// Reductions of a row-major array seen as (outer, count, inner) along its middle axis.

/// CK_SUM and CK_PRODUCT: f32, f64, i64. CK_SUM adds by pairs as NumPy does when inner is 1 (halves down to blocks
/// of 128, eight running sums in a block), and in order otherwise; CK_SUM_IN_ORDER always in order.
/// CK_LARGEST and CK_SMALLEST: every type, count at least 1; NaN wins.
enum { CK_SUM, CK_SUM_IN_ORDER, CK_PRODUCT, CK_LARGEST, CK_SMALLEST };

void ck_reduce(int32_t type, int32_t reduction, ptrdiff_t outer, ptrdiff_t count, ptrdiff_t inner, const void *in,
               void *out);

/// The place of the first largest (smallest) element; NaN counts as both. Count at least 1.
void ck_arg_extreme(int32_t type, int32_t smallest, ptrdiff_t outer, ptrdiff_t count, ptrdiff_t inner,
                    const void *in, int64_t *out);

/// Running sums (CK_SUM) and products (f32, f64, i64), largest and smallest elements (every type; NaN stays, of equal
/// zeros the later).
void ck_cumulative(int32_t type, int32_t reduction, ptrdiff_t outer, ptrdiff_t count, ptrdiff_t inner, const void *in,
                   void *out);

/// The number of non-zero bytes among `count`.
ptrdiff_t ck_count_nonzero(ptrdiff_t count, const uint8_t *in);

/// C = A B in integers: A is M x K, B is K x N, all row-major.
void ck_matmul_i64(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const int64_t *a, const int64_t *b, int64_t *c);

// MARK: Sorting and moving
//
// Sorting rows, and moving elements by index or by mask.

/// Sorts each of `rows` rows of `count` elements upwards, -0 before 0, NaN last and without its sign; `scratch` has
/// ck_sort_scratch bytes.
void ck_sort(int32_t type, ptrdiff_t rows, ptrdiff_t count, void *elements, void *scratch);
ptrdiff_t ck_sort_scratch(int32_t type, ptrdiff_t rows, ptrdiff_t count);
/// For each row the places of its elements in sorted order; equal ones keep their order. `scratch` has
/// ck_argsort_scratch bytes, aligned to 16.
void ck_argsort(int32_t type, ptrdiff_t rows, ptrdiff_t count, const void *elements, int64_t *places,
                void *scratch);
ptrdiff_t ck_argsort_scratch(int32_t type, ptrdiff_t rows, ptrdiff_t count);

/// Orders each of `rows` rows so that each of `places`, which ascend, holds what it would hold after sorting (NaN last),
/// with nothing larger before it and nothing smaller behind it. `from`, unless NULL, gets where each element came from.
void ck_partition(int32_t type, ptrdiff_t rows, ptrdiff_t count, void *elements, int64_t *from, ptrdiff_t place_count,
                  const ptrdiff_t *places);
/// For each value how many of the sorted elements (NaN last) are smaller, or not larger when `right` is not 0.
void ck_search_sorted(int32_t type, ptrdiff_t count, const void *sorted, ptrdiff_t value_count, const void *values,
                      int32_t right, int64_t *places);

/// out[o][k] = in[o][places[k]] for blocks of `bytes` bytes, `length` of them in each of `outer` planes. The places are
/// in 0 ..< length.
void ck_take(ptrdiff_t outer, ptrdiff_t length, ptrdiff_t bytes, const void *in, ptrdiff_t count,
             const ptrdiff_t *places, void *out);

/// Writes the elements whose mask byte is not zero one after another, and returns how many they are.
ptrdiff_t ck_compress(int32_t type, ptrdiff_t count, const void *in, const uint8_t *mask, void *out);
/// elements[i] = mask[i] ? value : elements[i].
void ck_fill_masked(int32_t type, ptrdiff_t count, void *elements, const uint8_t *mask, const void *value);

// MARK: Sorting by bytes
//
// Sorts by bytes (radix.c): upwards; `scratch` has room for the row. Rows shorter than CK_RADIX_FROM or longer than
// CK_RADIX_TO are merged instead.

/// Shorter rows: the tables of counts would cost more than the sorting.
#define CK_RADIX_FROM 256
/// Longer ones would need wider counts.
#define CK_RADIX_TO UINT32_MAX

void ck_radix_i32(int32_t *row, ptrdiff_t n, void *scratch);
void ck_radix_i64(int64_t *row, ptrdiff_t n, void *scratch);
void ck_radix_u8(uint8_t *row, ptrdiff_t n);
/// By the high four bytes only: the low ones are in order already.
void ck_radix_placed(uint64_t *row, ptrdiff_t n, void *scratch);

#endif
