// What the files of the reductions share.
#ifndef CK_ARRAY_FOLD_H
#define CK_ARRAY_FOLD_H

#include "ck_array.h"
#include "core/loops.h"

/// The array as (outer, count, inner), and how its reduction is divided.
typedef struct {
    int32_t type, reduction, parts, by_column;
    ptrdiff_t outer, count, inner;
    const void *in;
    void *out;
} ck_reduction;

/// The sum of a row in NumPy's order (pairwise.c); of integers modulo 2^64.
float ck_sum_row_f32(const float *a, ptrdiff_t n);
double ck_sum_row_f64(const double *a, ptrdiff_t n);
int64_t ck_sum_row_i64(const int64_t *a, ptrdiff_t n);

/// One (count, inner) plane in order, columns first ..< end of it (fold.c).
#define CK_FOLD(suffix, T)                                                                                 \
    void ck_fold_##suffix(int32_t reduction, ptrdiff_t n, ptrdiff_t inner, ptrdiff_t first, ptrdiff_t end, \
                          const T *a, T *out);
CK_FOLD(f32, float)
CK_FOLD(f64, double)
CK_FOLD(i32, int32_t)
CK_FOLD(i64, int64_t)
CK_FOLD(u8, uint8_t)
#undef CK_FOLD

/// The largest or smallest of a row in floating point, of equal zeros the one that NumPy gives (extreme.c); n > 0. The
/// second divides the row over the pool.
#define CK_EXTREME(suffix, T)                                                        \
    T ck_extreme_row_##suffix(int32_t smallest, ptrdiff_t n, const T *row);          \
    T ck_extreme_long_row_##suffix(int32_t smallest, ptrdiff_t n, const T *row);
CK_EXTREME(f32, float)
CK_EXTREME(f64, double)
#undef CK_EXTREME

#endif
