// Unary operations.
#include <math.h>

#include "ck_core.h"
#include "array/nd.h"
#include "core/loops.h"
#include "core/vmath.h"

// Loops that call the C library stay scalar; clang need not say so for each.
#pragma clang diagnostic ignored "-Wpass-failed"

#define UNARY_ROW(T, R, EXPRESSION)                                                                 \
    do {                                                                                            \
        const ptrdiff_t sa = step[0], so = step[1];                                                 \
        if (so == sizeof(R) && sa == sizeof(T)) {                                                   \
            const T *a = (const T *)p[0];                                                           \
            R *o = (R *)p[1];                                                                       \
            CK_VECTORIZED for (ptrdiff_t i = 0; i < n; i++) { T x = a[i]; o[i] = (R)(EXPRESSION); } \
        } else {                                                                                    \
            CK_NOT_VECTORIZED for (ptrdiff_t i = 0; i < n; i++) {                                   \
                T x = *(const T *)(p[0] + i * sa);                                                  \
                *(R *)(p[1] + i * so) = (R)(EXPRESSION);                                            \
            }                                                                                       \
        }                                                                                           \
    } while (0)

#define UNARY_FLOATING(suffix, bits, T, f)                                                              \
    CK_CLONES static void ck_unary_row_##suffix(int32_t operation, ptrdiff_t n, char *const *p,         \
                                         const ptrdiff_t *step) {                                       \
        switch (operation) {                                                                            \
            case CK_NEG: UNARY_ROW(T, T, -x); break;                                                    \
            case CK_ABS: UNARY_ROW(T, T, fabs##f(x)); break;                                            \
            case CK_SQUARE: UNARY_ROW(T, T, x * x); break;                                              \
            case CK_SIGN: UNARY_ROW(T, T, x > 0 ? (T)1 : x < 0 ? (T)-1 : x == 0 ? (T)0 : x); break;     \
            case CK_SQRT: UNARY_ROW(T, T, sqrt##f(x)); break;                                           \
            case CK_EXP: UNARY_ROW(T, T, ck_exp##bits(x)); break;                                       \
            case CK_LOG: UNARY_ROW(T, T, ck_log##bits(x)); break;                                       \
            case CK_TANH: UNARY_ROW(T, T, ck_tanh##bits(x)); break;                                     \
            case CK_SIGMOID: UNARY_ROW(T, T, ck_sigmoid##bits(x)); break;                               \
            case CK_FLOOR: UNARY_ROW(T, T, floor##f(x)); break;                                         \
            case CK_CEIL: UNARY_ROW(T, T, ceil##f(x)); break;                                           \
            case CK_RINT: UNARY_ROW(T, T, rint##f(x)); break;                                           \
            case CK_TRUNC: UNARY_ROW(T, T, trunc##f(x)); break;                                         \
            case CK_RECIPROCAL: UNARY_ROW(T, T, 1 / x); break;                                          \
            case CK_EXPM1: UNARY_ROW(T, T, expm1##f(x)); break;                                         \
            case CK_LOG1P: UNARY_ROW(T, T, log1p##f(x)); break;                                         \
            case CK_LOG2: UNARY_ROW(T, T, log2##f(x)); break;                                           \
            case CK_LOG10: UNARY_ROW(T, T, log10##f(x)); break;                                         \
            case CK_SIN: UNARY_ROW(T, T, sin##f(x)); break;                                             \
            case CK_COS: UNARY_ROW(T, T, cos##f(x)); break;                                             \
            case CK_TAN: UNARY_ROW(T, T, tan##f(x)); break;                                             \
            case CK_ASIN: UNARY_ROW(T, T, asin##f(x)); break;                                           \
            case CK_ACOS: UNARY_ROW(T, T, acos##f(x)); break;                                           \
            case CK_ATAN: UNARY_ROW(T, T, atan##f(x)); break;                                           \
            case CK_SINH: UNARY_ROW(T, T, sinh##f(x)); break;                                           \
            case CK_COSH: UNARY_ROW(T, T, cosh##f(x)); break;                                           \
            case CK_ASINH: UNARY_ROW(T, T, asinh##f(x)); break;                                         \
            case CK_ACOSH: UNARY_ROW(T, T, acosh##f(x)); break;                                         \
            case CK_ATANH: UNARY_ROW(T, T, atanh##f(x)); break;                                         \
            case CK_EXP2: UNARY_ROW(T, T, exp2##f(x)); break;                                           \
            case CK_CBRT: UNARY_ROW(T, T, cbrt##f(x)); break;                                           \
            case CK_IS_NAN: UNARY_ROW(T, uint8_t, x != x); break;                                       \
            case CK_IS_INF: UNARY_ROW(T, uint8_t, fabs##f(x) == (T)INFINITY); break;                    \
            case CK_IS_FINITE: UNARY_ROW(T, uint8_t, fabs##f(x) < (T)INFINITY); break;                  \
            case CK_SIGN_BIT: UNARY_ROW(T, uint8_t, signbit(x) != 0); break;                            \
            default: break;                                                                             \
        }                                                                                               \
    }

UNARY_FLOATING(f32, 32, float, f)
UNARY_FLOATING(f64, 64, double, )

#define UNARY_INTEGER(suffix, T, U)                                                             \
    CK_CLONES static void ck_unary_row_##suffix(int32_t operation, ptrdiff_t n, char *const *p, \
                                         const ptrdiff_t *step) {                               \
        switch (operation) {                                                                    \
            case CK_NEG: UNARY_ROW(T, T, 0 - (U)x); break;                                      \
            case CK_ABS: UNARY_ROW(T, T, x < 0 ? 0 - (U)x : (U)x); break;                       \
            case CK_SQUARE: UNARY_ROW(T, T, (U)x * (U)x); break;                                \
            case CK_SIGN: UNARY_ROW(T, T, (x > 0) - (x < 0)); break;                            \
            case CK_NOT: UNARY_ROW(T, T, ~x); break;                                            \
            default: break;                                                                     \
        }                                                                                       \
    }
UNARY_INTEGER(i32, int32_t, uint32_t)
UNARY_INTEGER(i64, int64_t, uint64_t)
UNARY_INTEGER(u8, uint8_t, uint32_t)

static void not_row(int32_t operation, ptrdiff_t n, char *const *p, const ptrdiff_t *step) {
    (void)operation;
    UNARY_ROW(uint8_t, uint8_t, x ^ 1);
}

void ck_unary(int32_t type, int32_t operation, ptrdiff_t axes, const ptrdiff_t *shape, const void *a,
              const ptrdiff_t *a_strides, void *out, const ptrdiff_t *out_strides) {
    CK_ASSERT_IN(type, CK_F32, CK_BOOL);
    CK_ASSERT_IN(operation, CK_NEG, CK_SIGN_BIT);
    CK_ASSERT_IN(axes, 0, CK_MAX_DIMENSIONS);
    CK_ASSERT_MEMORY(shape, axes);
    CK_ASSERT_MEMORY(a_strides, axes);
    CK_ASSERT_MEMORY(out_strides, axes);
    CK_ASSERT_GIVEN(a);
    CK_ASSERT_GIVEN(out);
    static const ck_inner rows[] = {ck_unary_row_f32, ck_unary_row_f64, ck_unary_row_i32,
                                    ck_unary_row_i64, ck_unary_row_u8,  not_row};
    ck_nd nd;
    ptrdiff_t size = ck_type_size(type);
    ck_nd_begin(&nd, axes, shape, operation, rows[type]);
    ck_nd_add(&nd, a, a_strides, size);
    ck_nd_add(&nd, out, out_strides, operation >= CK_IS_NAN ? 1 : size);
    ck_nd_run(&nd);
}
