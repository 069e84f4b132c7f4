// Unary operations.
#include <math.h>

#include "ck_core.h"
#include "array/nd.h"
#include "core/vmath.h"

// Loops that call the C library stay scalar; clang need not say so for each.
#pragma clang diagnostic ignored "-Wpass-failed"
#define VECTOR _Pragma("clang loop vectorize(assume_safety)")
#define SCALAR _Pragma("clang loop vectorize(disable)")

#define ROW(T, R, EXPRESSION)                                                                \
    do {                                                                                     \
        const intptr_t sa = step[0], so = step[1];                                           \
        if (so == sizeof(R) && sa == sizeof(T)) {                                            \
            const T *a = (const T *)p[0];                                                    \
            R *o = (R *)p[1];                                                                \
            VECTOR for (intptr_t i = 0; i < n; i++) { T x = a[i]; o[i] = (R)(EXPRESSION); }  \
        } else {                                                                             \
            SCALAR for (intptr_t i = 0; i < n; i++) {                                        \
                T x = *(const T *)(p[0] + i * sa);                                           \
                *(R *)(p[1] + i * so) = (R)(EXPRESSION);                                     \
            }                                                                                \
        }                                                                                    \
    } while (0)

#define FLOATING(suffix, bits, T, f)                                                                    \
    CK_CLONES void ck_unary_row_##suffix(int32_t operation, intptr_t n, char *const *p,                 \
                                         const intptr_t *step) {                                        \
        switch (operation) {                                                                            \
            case CK_NEG: ROW(T, T, -x); break;                                                          \
            case CK_ABS: ROW(T, T, fabs##f(x)); break;                                                  \
            case CK_SQUARE: ROW(T, T, x * x); break;                                                    \
            case CK_SIGN: ROW(T, T, x > 0 ? (T)1 : x < 0 ? (T)-1 : x == 0 ? (T)0 : x); break;           \
            case CK_SQRT: ROW(T, T, sqrt##f(x)); break;                                                 \
            case CK_EXP: ROW(T, T, ck_exp##bits(x)); break;                                             \
            case CK_LOG: ROW(T, T, ck_log##bits(x)); break;                                             \
            case CK_TANH: ROW(T, T, ck_tanh##bits(x)); break;                                           \
            case CK_SIGMOID: ROW(T, T, ck_sigmoid##bits(x)); break;                                     \
            case CK_FLOOR: ROW(T, T, floor##f(x)); break;                                               \
            case CK_CEIL: ROW(T, T, ceil##f(x)); break;                                                 \
            case CK_RINT: ROW(T, T, rint##f(x)); break;                                                 \
            case CK_TRUNC: ROW(T, T, trunc##f(x)); break;                                               \
            case CK_RECIPROCAL: ROW(T, T, 1 / x); break;                                                \
            case CK_EXPM1: ROW(T, T, expm1##f(x)); break;                                               \
            case CK_LOG1P: ROW(T, T, log1p##f(x)); break;                                               \
            case CK_LOG2: ROW(T, T, log2##f(x)); break;                                                 \
            case CK_LOG10: ROW(T, T, log10##f(x)); break;                                               \
            case CK_SIN: ROW(T, T, sin##f(x)); break;                                                   \
            case CK_COS: ROW(T, T, cos##f(x)); break;                                                   \
            case CK_TAN: ROW(T, T, tan##f(x)); break;                                                   \
            case CK_ASIN: ROW(T, T, asin##f(x)); break;                                                 \
            case CK_ACOS: ROW(T, T, acos##f(x)); break;                                                 \
            case CK_ATAN: ROW(T, T, atan##f(x)); break;                                                 \
            case CK_SINH: ROW(T, T, sinh##f(x)); break;                                                 \
            case CK_COSH: ROW(T, T, cosh##f(x)); break;                                                 \
            case CK_ASINH: ROW(T, T, asinh##f(x)); break;                                               \
            case CK_ACOSH: ROW(T, T, acosh##f(x)); break;                                               \
            case CK_ATANH: ROW(T, T, atanh##f(x)); break;                                               \
            case CK_EXP2: ROW(T, T, exp2##f(x)); break;                                                 \
            case CK_CBRT: ROW(T, T, cbrt##f(x)); break;                                                 \
            case CK_IS_NAN: ROW(T, uint8_t, x != x); break;                                             \
            case CK_IS_INF: ROW(T, uint8_t, fabs##f(x) == (T)INFINITY); break;                          \
            case CK_IS_FINITE: ROW(T, uint8_t, fabs##f(x) < (T)INFINITY); break;                        \
            case CK_SIGN_BIT: ROW(T, uint8_t, signbit(x) != 0); break;                                  \
            default: break;                                                                             \
        }                                                                                               \
    }

FLOATING(f32, 32, float, f)
FLOATING(f64, 64, double, )

#define INTEGER(suffix, T, U)                                                                \
    CK_CLONES void ck_unary_row_##suffix(int32_t operation, intptr_t n, char *const *p,      \
                                         const intptr_t *step) {                             \
        switch (operation) {                                                                 \
            case CK_NEG: ROW(T, T, 0 - (U)x); break;                                         \
            case CK_ABS: ROW(T, T, x < 0 ? 0 - (U)x : (U)x); break;                          \
            case CK_SQUARE: ROW(T, T, (U)x * (U)x); break;                                   \
            case CK_SIGN: ROW(T, T, (x > 0) - (x < 0)); break;                               \
            case CK_NOT: ROW(T, T, ~x); break;                                               \
            default: break;                                                                  \
        }                                                                                    \
    }
INTEGER(i32, int32_t, uint32_t)
INTEGER(i64, int64_t, uint64_t)
INTEGER(u8, uint8_t, uint32_t)

static void not_row(int32_t operation, intptr_t n, char *const *p, const intptr_t *step) {
    (void)operation;
    ROW(uint8_t, uint8_t, x ^ 1);
}

void ck_unary(int32_t type, int32_t operation, int32_t axes, const intptr_t *shape, const void *a,
              const intptr_t *a_strides, void *out, const intptr_t *out_strides) {
    static const ck_inner rows[] = {ck_unary_row_f32, ck_unary_row_f64, ck_unary_row_i32,
                                    ck_unary_row_i64, ck_unary_row_u8,  not_row};
    ck_nd nd;
    intptr_t size = ck_type_size(type);
    ck_nd_begin(&nd, axes, shape, operation, rows[type]);
    ck_nd_add(&nd, a, a_strides, size);
    ck_nd_add(&nd, out, out_strides, operation >= CK_IS_NAN ? 1 : size);
    ck_nd_run(&nd);
}
