// Binary operations and selection: one function per type, a switch over the operation, plain loops inside.
#include <math.h>

#include "ck_core.h"
#include "array/nd.h"
#include "core/loops.h"

// The result is either other memory or an operand's own, element for element, so nothing is carried from one
// turn of the loop to the next.
// Loops that call the C library stay scalar; clang need not say so for each.
#pragma clang diagnostic ignored "-Wpass-failed"

#define ELEMENTWISE_ROW(T, R, EXPRESSION)                                                                     \
    do {                                                                                                      \
        const ptrdiff_t sa = step[0], sb = step[1], so = step[2];                                             \
        if (so == sizeof(R) && sa == sizeof(T) && sb == sizeof(T)) {                                          \
            const T *a = (const T *)p[0], *b = (const T *)p[1];                                               \
            R *o = (R *)p[2];                                                                                 \
            CK_VECTORIZED for (ptrdiff_t i = 0; i < n; i++) { T x = a[i], y = b[i]; o[i] = (R)(EXPRESSION); } \
        } else if (so == sizeof(R) && sa == sizeof(T) && sb == 0) {                                           \
            const T *a = (const T *)p[0], y = *(const T *)p[1];                                               \
            R *o = (R *)p[2];                                                                                 \
            CK_VECTORIZED for (ptrdiff_t i = 0; i < n; i++) { T x = a[i]; o[i] = (R)(EXPRESSION); }           \
        } else if (so == sizeof(R) && sa == 0 && sb == sizeof(T)) {                                           \
            const T x = *(const T *)p[0], *b = (const T *)p[1];                                               \
            R *o = (R *)p[2];                                                                                 \
            CK_VECTORIZED for (ptrdiff_t i = 0; i < n; i++) { T y = b[i]; o[i] = (R)(EXPRESSION); }           \
        } else {                                                                                              \
            CK_NOT_VECTORIZED for (ptrdiff_t i = 0; i < n; i++) {                                             \
                T x = *(const T *)(p[0] + i * sa), y = *(const T *)(p[1] + i * sb);                           \
                *(R *)(p[2] + i * so) = (R)(EXPRESSION);                                                      \
            }                                                                                                 \
        }                                                                                                     \
    } while (0)

#define ELEMENTWISE_COMPARISONS(T)                          \
    case CK_EQ: ELEMENTWISE_ROW(T, uint8_t, x == y); break; \
    case CK_NE: ELEMENTWISE_ROW(T, uint8_t, x != y); break; \
    case CK_LT: ELEMENTWISE_ROW(T, uint8_t, x < y); break;  \
    case CK_LE: ELEMENTWISE_ROW(T, uint8_t, x <= y); break; \
    case CK_GT: ELEMENTWISE_ROW(T, uint8_t, x > y); break;  \
    case CK_GE: ELEMENTWISE_ROW(T, uint8_t, x >= y); break;

#define ELEMENTWISE_FLOATING(suffix, T, f)                                                                         \
    /* The remainder has the divisor's sign, as in Python. */                                                      \
    CK_INLINE T modulo_##suffix(T x, T y) {                                                                        \
        T m = fmod##f(x, y);                                                                                       \
        if (y == 0) return m;                                                                                      \
        if (m == 0) return copysign##f(0, y);                                                                      \
        return (y < 0) != (m < 0) ? m + y : m;                                                                     \
    }                                                                                                              \
    CK_INLINE T floor_divide_##suffix(T x, T y) {                                                                  \
        if (y == 0) return x / y;                                                                                  \
        T m = fmod##f(x, y), quotient = (x - m) / y;                                                               \
        if (m != 0 && (y < 0) != (m < 0)) quotient -= 1;                                                           \
        if (quotient == 0) return copysign##f(0, x / y);                                                           \
        T whole = floor##f(quotient);                                                                              \
        return quotient - whole > (T)0.5 ? whole + 1 : whole;                                                      \
    }                                                                                                              \
    /* ln(e^x + e^y) and its like to base 2, without overflow; equal infinities have no difference. */             \
    CK_INLINE T log_add_##suffix(T x, T y) {                                                                       \
        if (x == y) return x + (T)0.693147180559945309417232121458176568;                                          \
        T d = x - y;                                                                                               \
        return d > 0 ? x + log1p##f(exp##f(-d)) : d <= 0 ? y + log1p##f(exp##f(d)) : d;                            \
    }                                                                                                              \
    CK_INLINE T log_add2_##suffix(T x, T y) {                                                                      \
        const T perE = (T)1.442695040888963407359924681001892137;                                                  \
        if (x == y) return x + 1;                                                                                  \
        T d = x - y;                                                                                               \
        return d > 0    ? x + log1p##f(exp2##f(-d)) * perE                                                         \
               : d <= 0 ? y + log1p##f(exp2##f(d)) * perE                                                          \
                        : d;                                                                                       \
    }                                                                                                              \
    CK_CLONES static void ck_binary_row_##suffix(int32_t operation, ptrdiff_t n, char *const *p,                   \
                                          const ptrdiff_t *step) {                                                 \
        switch (operation) {                                                                                       \
            case CK_ADD: ELEMENTWISE_ROW(T, T, x + y); break;                                                      \
            case CK_SUB: ELEMENTWISE_ROW(T, T, x - y); break;                                                      \
            case CK_MUL: ELEMENTWISE_ROW(T, T, x * y); break;                                                      \
            case CK_DIV: ELEMENTWISE_ROW(T, T, x / y); break;                                                      \
            case CK_POW:                                                                                           \
                if (step[1] == 0 && *(const T *)p[1] == 2) ELEMENTWISE_ROW(T, T, ((void)y, x * x));                \
                else if (step[1] == 0 && *(const T *)p[1] == (T)0.5) ELEMENTWISE_ROW(T, T, ((void)y, sqrt##f(x))); \
                else ELEMENTWISE_ROW(T, T, pow##f(x, y));                                                          \
                break;                                                                                             \
            case CK_MOD: ELEMENTWISE_ROW(T, T, modulo_##suffix(x, y)); break;                                      \
            case CK_FLOOR_DIV: ELEMENTWISE_ROW(T, T, floor_divide_##suffix(x, y)); break;                          \
            /* NaN wins; of two zeros the second, as in NumPy. */                                                  \
            case CK_MAX: ELEMENTWISE_ROW(T, T, (x > y || x != x) ? x : y); break;                                  \
            case CK_MIN: ELEMENTWISE_ROW(T, T, (x < y || x != x) ? x : y); break;                                  \
            case CK_ATAN2: ELEMENTWISE_ROW(T, T, atan2##f(x, y)); break;                                           \
            case CK_FMOD: ELEMENTWISE_ROW(T, T, fmod##f(x, y)); break;                                             \
            case CK_HYPOT: ELEMENTWISE_ROW(T, T, hypot##f(x, y)); break;                                           \
            case CK_COPY_SIGN: ELEMENTWISE_ROW(T, T, copysign##f(x, y)); break;                                    \
            /* A number wins over NaN; of two zeros the first stays. */                                            \
            case CK_FMAX: ELEMENTWISE_ROW(T, T, (x >= y || y != y) ? x : y); break;                                \
            case CK_FMIN: ELEMENTWISE_ROW(T, T, (x <= y || y != y) ? x : y); break;                                \
            case CK_LOG_ADD_EXP: ELEMENTWISE_ROW(T, T, log_add_##suffix(x, y)); break;                             \
            case CK_LOG_ADD_EXP2: ELEMENTWISE_ROW(T, T, log_add2_##suffix(x, y)); break;                           \
            ELEMENTWISE_COMPARISONS(T)                                                                             \
            default: break;                                                                                        \
        }                                                                                                          \
    }

ELEMENTWISE_FLOATING(f32, float, f)
ELEMENTWISE_FLOATING(f64, double, )

// Sums and products wrap: they are made in the unsigned type.
#define ELEMENTWISE_INTEGER(suffix, T, U)                                                                           \
    CK_INLINE T power_##suffix(T base, T exponent) {                                                                \
        U result = 1, factor = (U)base;                                                                             \
        for (U e = (U)exponent; e != 0; e >>= 1) {                                                                  \
            if (e & 1) result *= factor;                                                                            \
            factor *= factor;                                                                                       \
        }                                                                                                           \
        return (T)result;                                                                                           \
    }                                                                                                               \
    CK_INLINE T floor_divide_##suffix(T x, T y) {                                                                   \
        if (y == 0) return 0;                                                                                       \
        if (y == (T)-1) return (T)(0 - (U)x);                                                                       \
        T q = x / y;                                                                                                \
        return (x % y != 0 && (x < 0) != (y < 0)) ? q - 1 : q;                                                      \
    }                                                                                                               \
    CK_INLINE T modulo_##suffix(T x, T y) {                                                                         \
        if (y == 0 || y == (T)-1) return 0;                                                                         \
        T m = x % y;                                                                                                \
        return (m != 0 && (m < 0) != (y < 0)) ? m + y : m;                                                          \
    }                                                                                                               \
    CK_CLONES static void ck_binary_row_##suffix(int32_t operation, ptrdiff_t n, char *const *p,                    \
                                          const ptrdiff_t *step) {                                                  \
        switch (operation) {                                                                                        \
            case CK_ADD: ELEMENTWISE_ROW(T, T, (U)x + (U)y); break;                                                 \
            case CK_SUB: ELEMENTWISE_ROW(T, T, (U)x - (U)y); break;                                                 \
            case CK_MUL: ELEMENTWISE_ROW(T, T, (U)x * (U)y); break;                                                 \
            case CK_POW: ELEMENTWISE_ROW(T, T, power_##suffix(x, y)); break;                                        \
            case CK_MOD: ELEMENTWISE_ROW(T, T, modulo_##suffix(x, y)); break;                                       \
            case CK_FLOOR_DIV: ELEMENTWISE_ROW(T, T, floor_divide_##suffix(x, y)); break;                           \
            case CK_MAX: ELEMENTWISE_ROW(T, T, x >= y ? x : y); break;                                              \
            case CK_MIN: ELEMENTWISE_ROW(T, T, x <= y ? x : y); break;                                              \
            case CK_AND: ELEMENTWISE_ROW(T, T, x & y); break;                                                       \
            case CK_OR: ELEMENTWISE_ROW(T, T, x | y); break;                                                        \
            case CK_XOR: ELEMENTWISE_ROW(T, T, x ^ y); break;                                                       \
            case CK_SHIFT_LEFT: ELEMENTWISE_ROW(T, T, (U)y < 8 * sizeof(T) ? (U)x << y : 0); break;                 \
            case CK_SHIFT_RIGHT: ELEMENTWISE_ROW(T, T, x >> ((U)y < 8 * sizeof(T) ? y : 8 * sizeof(T) - 1)); break; \
            case CK_FMOD: ELEMENTWISE_ROW(T, T, y == 0 || y == (T)-1 ? 0 : x % y); break;                           \
            ELEMENTWISE_COMPARISONS(T)                                                                              \
            default: break;                                                                                         \
        }                                                                                                           \
    }

ELEMENTWISE_INTEGER(i32, int32_t, uint32_t)
ELEMENTWISE_INTEGER(i64, int64_t, uint64_t)

// The unsigned byte has no negative quotients; -1 above would be 255.
CK_CLONES static void ck_binary_row_u8(int32_t operation, ptrdiff_t n, char *const *p, const ptrdiff_t *step) {
    switch (operation) {
        case CK_ADD: ELEMENTWISE_ROW(uint8_t, uint8_t, x + y); break;
        case CK_SUB: ELEMENTWISE_ROW(uint8_t, uint8_t, x - y); break;
        case CK_MUL: ELEMENTWISE_ROW(uint8_t, uint8_t, x * y); break;
        case CK_POW: ELEMENTWISE_ROW(uint8_t, uint8_t, power_i32(x, y)); break;
        case CK_MOD: ELEMENTWISE_ROW(uint8_t, uint8_t, y == 0 ? 0 : x % y); break;
        case CK_FLOOR_DIV: ELEMENTWISE_ROW(uint8_t, uint8_t, y == 0 ? 0 : x / y); break;
        case CK_MAX: ELEMENTWISE_ROW(uint8_t, uint8_t, x >= y ? x : y); break;
        case CK_MIN: ELEMENTWISE_ROW(uint8_t, uint8_t, x <= y ? x : y); break;
        case CK_AND: ELEMENTWISE_ROW(uint8_t, uint8_t, x & y); break;
        case CK_OR: ELEMENTWISE_ROW(uint8_t, uint8_t, x | y); break;
        case CK_XOR: ELEMENTWISE_ROW(uint8_t, uint8_t, x ^ y); break;
        case CK_SHIFT_LEFT: ELEMENTWISE_ROW(uint8_t, uint8_t, y < 8 ? x << y : 0); break;
        case CK_SHIFT_RIGHT: ELEMENTWISE_ROW(uint8_t, uint8_t, y < 8 ? x >> y : 0); break;
        case CK_FMOD: ELEMENTWISE_ROW(uint8_t, uint8_t, y == 0 ? 0 : x % y); break;
        ELEMENTWISE_COMPARISONS(uint8_t)
        default: break;
    }
}

void ck_binary(int32_t type, int32_t operation, ptrdiff_t axes, const ptrdiff_t *shape, const void *a,
               const ptrdiff_t *a_strides, const void *b, const ptrdiff_t *b_strides, void *out,
               const ptrdiff_t *out_strides) {
    CK_ASSERT_IN(type, CK_F32, CK_BOOL);
    CK_ASSERT_IN(operation, CK_ADD, CK_GE);
    CK_ASSERT_IN(axes, 0, CK_MAX_DIMENSIONS);
    CK_ASSERT_MEMORY(shape, axes);
    CK_ASSERT_MEMORY(a_strides, axes);
    CK_ASSERT_MEMORY(b_strides, axes);
    CK_ASSERT_MEMORY(out_strides, axes);
    CK_ASSERT_GIVEN(a);
    CK_ASSERT_GIVEN(b);
    CK_ASSERT_GIVEN(out);
    // A bool is a byte of 0 or 1, and the operations that it has keep it so.
    static const ck_inner rows[] = {ck_binary_row_f32, ck_binary_row_f64, ck_binary_row_i32,
                                    ck_binary_row_i64, ck_binary_row_u8,  ck_binary_row_u8};
    ck_nd nd;
    ptrdiff_t size = ck_type_size(type);
    ck_nd_begin(&nd, axes, shape, operation, rows[type]);
    ck_nd_add(&nd, a, a_strides, size);
    ck_nd_add(&nd, b, b_strides, size);
    ck_nd_add(&nd, out, out_strides, operation >= CK_EQ ? 1 : size);
    ck_nd_run(&nd);
}

#define ELEMENTWISE_SELECT_ROW(suffix, T)                                                                  \
    CK_CLONES static void ck_select_row_##suffix(int32_t operation, ptrdiff_t n, char *const *p,           \
                                          const ptrdiff_t *step) {                                         \
        (void)operation;                                                                                   \
        if (step[0] == 1 && step[1] == sizeof(T) && step[2] == sizeof(T) && step[3] == sizeof(T)) {        \
            const uint8_t *c = (const uint8_t *)p[0];                                                      \
            const T *a = (const T *)p[1], *b = (const T *)p[2];                                            \
            T *o = (T *)p[3];                                                                              \
            CK_VECTORIZED for (ptrdiff_t i = 0; i < n; i++) { T x = a[i], y = b[i]; o[i] = c[i] ? x : y; } \
        } else {                                                                                           \
            for (ptrdiff_t i = 0; i < n; i++)                                                              \
                *(T *)(p[3] + i * step[3]) = *(const uint8_t *)(p[0] + i * step[0])                        \
                                                 ? *(const T *)(p[1] + i * step[1])                        \
                                                 : *(const T *)(p[2] + i * step[2]);                       \
        }                                                                                                  \
    }
ELEMENTWISE_SELECT_ROW(1, uint8_t)
ELEMENTWISE_SELECT_ROW(4, uint32_t)
ELEMENTWISE_SELECT_ROW(8, uint64_t)

void ck_select(int32_t type, ptrdiff_t axes, const ptrdiff_t *shape, const void *condition,
               const ptrdiff_t *condition_strides, const void *a, const ptrdiff_t *a_strides, const void *b,
               const ptrdiff_t *b_strides, void *out, const ptrdiff_t *out_strides) {
    CK_ASSERT_IN(type, CK_F32, CK_BOOL);
    CK_ASSERT_IN(axes, 0, CK_MAX_DIMENSIONS);
    CK_ASSERT_MEMORY(shape, axes);
    CK_ASSERT_MEMORY(condition_strides, axes);
    CK_ASSERT_MEMORY(a_strides, axes);
    CK_ASSERT_MEMORY(b_strides, axes);
    CK_ASSERT_MEMORY(out_strides, axes);
    CK_ASSERT_GIVEN(condition);
    CK_ASSERT_GIVEN(a);
    CK_ASSERT_GIVEN(b);
    CK_ASSERT_GIVEN(out);
    ck_nd nd;
    ptrdiff_t size = ck_type_size(type);
    ck_inner row = size == 1 ? ck_select_row_1 : size == 4 ? ck_select_row_4 : ck_select_row_8;
    ck_nd_begin(&nd, axes, shape, 0, row);
    ck_nd_add(&nd, condition, condition_strides, 1);
    ck_nd_add(&nd, a, a_strides, size);
    ck_nd_add(&nd, b, b_strides, size);
    ck_nd_add(&nd, out, out_strides, size);
    ck_nd_run(&nd);
}
