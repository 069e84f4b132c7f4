// Copies between strided arrays, and conversions between types.
#include <math.h>
#include <string.h>

#include "ck_core.h"
#include "array/nd.h"

#define COPY_TILE 32

#define COPY_ROW(T)                                                                                   \
    static void copy_row_##T(int32_t operation, ptrdiff_t n, char *const *p, const ptrdiff_t *step) { \
        (void)operation;                                                                              \
        ptrdiff_t from = step[0], to = step[1];                                                       \
        if (from == sizeof(T) && to == sizeof(T)) {                                                   \
            memcpy(p[1], p[0], (size_t)n * sizeof(T));                                                \
        } else if (to == sizeof(T) && from == 0) {                                                    \
            T value = *(const T *)p[0], *o = (T *)p[1];                                               \
            for (ptrdiff_t i = 0; i < n; i++) o[i] = value;                                           \
        } else {                                                                                      \
            for (ptrdiff_t i = 0; i < n; i++) *(T *)(p[1] + i * to) = *(const T *)(p[0] + i * from);  \
        }                                                                                             \
    }

/// to[i][j] = from[j][i] in tiles that stay in the first cache; blocks of B x B by BLOCK, the rest one by one.
#define COPY_TRANSPOSE(T, B, BLOCK)                                                                       \
    CK_CLONES static void ck_transpose_##T(const char *from, char *to, ptrdiff_t rows, ptrdiff_t columns, \
                                    ptrdiff_t from_step, ptrdiff_t to_step) {                             \
        for (ptrdiff_t ii = 0; ii < rows; ii += COPY_TILE) {                                              \
            ptrdiff_t i_end = ii + COPY_TILE < rows ? ii + COPY_TILE : rows;                              \
            for (ptrdiff_t j = 0; j < columns; j += B) {                                                  \
                ptrdiff_t i = ii;                                                                         \
                if (j + B <= columns)                                                                     \
                    for (; i + B <= i_end; i += B)                                                        \
                        BLOCK(from + j * from_step + i * (ptrdiff_t)sizeof(T),                            \
                              to + i * to_step + j * (ptrdiff_t)sizeof(T), from_step, to_step);           \
                for (; i < i_end; i++)                                                                    \
                    for (ptrdiff_t k = j; k < j + B && k < columns; k++)                                  \
                        ((T *)(to + i * to_step))[k] = ((const T *)(from + k * from_step))[i];            \
            }                                                                                             \
        }                                                                                                 \
    }

typedef uint32_t four __attribute__((vector_size(16), aligned(4)));
typedef uint64_t wide __attribute__((vector_size(32), aligned(8)));

/// A block of 4 x 4 in two rounds of shuffles.
CK_INLINE void block_uint32_t(const char *from, char *to, ptrdiff_t from_step, ptrdiff_t to_step) {
    four a = *(const four *)from, b = *(const four *)(from + from_step);
    four c = *(const four *)(from + 2 * from_step), d = *(const four *)(from + 3 * from_step);
    four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    four ef = __builtin_shufflevector(a, b, 2, 6, 3, 7), gh = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    *(four *)to = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    *(four *)(to + to_step) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    *(four *)(to + 2 * to_step) = __builtin_shufflevector(ef, gh, 0, 1, 4, 5);
    *(four *)(to + 3 * to_step) = __builtin_shufflevector(ef, gh, 2, 3, 6, 7);
}

CK_INLINE void block_uint64_t(const char *from, char *to, ptrdiff_t from_step, ptrdiff_t to_step) {
    wide a = *(const wide *)from, b = *(const wide *)(from + from_step);
    wide c = *(const wide *)(from + 2 * from_step), d = *(const wide *)(from + 3 * from_step);
    wide ab = __builtin_shufflevector(a, b, 0, 4, 2, 6), cd = __builtin_shufflevector(c, d, 0, 4, 2, 6);
    wide ef = __builtin_shufflevector(a, b, 1, 5, 3, 7), gh = __builtin_shufflevector(c, d, 1, 5, 3, 7);
    *(wide *)to = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    *(wide *)(to + to_step) = __builtin_shufflevector(ef, gh, 0, 1, 4, 5);
    *(wide *)(to + 2 * to_step) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    *(wide *)(to + 3 * to_step) = __builtin_shufflevector(ef, gh, 2, 3, 6, 7);
}

CK_INLINE void block_uint8_t(const char *from, char *to, ptrdiff_t from_step, ptrdiff_t to_step) {
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++) to[i * to_step + j] = from[j * from_step + i];
}

COPY_ROW(uint8_t)
COPY_ROW(uint32_t)
COPY_ROW(uint64_t)
COPY_TRANSPOSE(uint8_t, 8, block_uint8_t)
COPY_TRANSPOSE(uint32_t, 4, block_uint32_t)
COPY_TRANSPOSE(uint64_t, 4, block_uint64_t)

typedef struct {
    const char *from;
    char *to;
    ptrdiff_t rows, columns, from_step, to_step, size;
    int32_t parts;
} transposition;

static void transpose_part(void *context, int32_t part) {
    const transposition *t = context;
    ptrdiff_t first, end;
    ck_part_range((t->rows + COPY_TILE - 1) / COPY_TILE, t->parts, part, &first, &end);
    first *= COPY_TILE;
    end = end * COPY_TILE < t->rows ? end * COPY_TILE : t->rows;
    if (first >= end) return;
    const char *from = t->from + first * t->size;
    char *to = t->to + first * t->to_step;
    if (t->size == 1) ck_transpose_uint8_t(from, to, end - first, t->columns, t->from_step, t->to_step);
    else if (t->size == 4) ck_transpose_uint32_t(from, to, end - first, t->columns, t->from_step, t->to_step);
    else ck_transpose_uint64_t(from, to, end - first, t->columns, t->from_step, t->to_step);
}

void ck_copy(int32_t type, ptrdiff_t axes, const ptrdiff_t *shape, const void *from, const ptrdiff_t *from_strides,
             void *to, const ptrdiff_t *to_strides) {
    CK_ASSERT_IN(type, CK_F32, CK_BOOL);
    CK_ASSERT_IN(axes, 0, CK_MAX_DIMENSIONS);
    CK_ASSERT_MEMORY(shape, axes);
    CK_ASSERT_MEMORY(from_strides, axes);
    CK_ASSERT_MEMORY(to_strides, axes);
    CK_ASSERT_GIVEN(from);
    CK_ASSERT_GIVEN(to);
    ck_nd nd;
    ptrdiff_t size = ck_type_size(type);
    ck_inner row = size == 1 ? copy_row_uint8_t : size == 4 ? copy_row_uint32_t : copy_row_uint64_t;
    ck_nd_begin(&nd, axes, shape, 0, row);
    ck_nd_add(&nd, from, from_strides, size);
    ck_nd_add(&nd, to, to_strides, size);
    ptrdiff_t count = ck_nd_coalesce(&nd);
    if (nd.axes == 2 && nd.step[1][1] == size && nd.step[0][0] == size && nd.step[0][1] != size && count >= 1024) {
        transposition t = {nd.base[0],    nd.base[1],    nd.shape[0], nd.shape[1],
                           nd.step[0][1], nd.step[1][0], size,        count < 65536 ? 1 : 16};
        ck_parallel(t.parts, transpose_part, &t);
        return;
    }
    ck_nd_run(&nd);
}

// Conversions that C leaves undefined get a value of their own: the smallest integer.
CK_INLINE int64_t whole64(double x) {
    return x >= -9223372036854775808.0 && x < 9223372036854775808.0 ? (int64_t)x : INT64_MIN;
}
CK_INLINE int32_t whole32(double x) { return x > -2147483649.0 && x < 2147483648.0 ? (int32_t)x : INT32_MIN; }
CK_INLINE uint8_t whole8(double x) { return (uint8_t)(uint32_t)whole32(x); }

#define COPY_LOOP(F, T, EXPRESSION)                                                     \
    {                                                                                   \
        const F *a = from;                                                              \
        T *o = to;                                                                      \
        for (ptrdiff_t i = 0; i < n; i++) { F x = a[i]; o[i] = (T)(EXPRESSION); }       \
    }                                                                                   \
    break;

#define COPY_FROM_FLOATING(suffix, F)                                                                  \
    CK_CLONES static void ck_convert_##suffix(int32_t type, ptrdiff_t n, const void *from, void *to) { \
        switch (type) {                                                                                \
            case CK_F32: COPY_LOOP(F, float, x)                                                        \
            case CK_F64: COPY_LOOP(F, double, x)                                                       \
            case CK_I32: COPY_LOOP(F, int32_t, whole32(x))                                             \
            case CK_I64: COPY_LOOP(F, int64_t, whole64(x))                                             \
            case CK_U8: COPY_LOOP(F, uint8_t, whole8(x))                                               \
            default: COPY_LOOP(F, uint8_t, x != 0)                                                     \
        }                                                                                              \
    }
COPY_FROM_FLOATING(f32, float)
COPY_FROM_FLOATING(f64, double)

#define COPY_FROM_INTEGER(suffix, F)                                                                   \
    CK_CLONES static void ck_convert_##suffix(int32_t type, ptrdiff_t n, const void *from, void *to) { \
        switch (type) {                                                                                \
            case CK_F32: COPY_LOOP(F, float, x)                                                        \
            case CK_F64: COPY_LOOP(F, double, x)                                                       \
            case CK_I32: COPY_LOOP(F, int32_t, x)                                                      \
            case CK_I64: COPY_LOOP(F, int64_t, x)                                                      \
            case CK_U8: COPY_LOOP(F, uint8_t, x)                                                       \
            default: COPY_LOOP(F, uint8_t, x != 0)                                                     \
        }                                                                                              \
    }
COPY_FROM_INTEGER(i32, int32_t)
COPY_FROM_INTEGER(i64, int64_t)
COPY_FROM_INTEGER(u8, uint8_t)

typedef struct {
    int32_t from_type, to_type, parts;
    ptrdiff_t count;
    const char *from;
    char *to;
} conversion;

static void convert_part(void *context, int32_t part) {
    const conversion *c = context;
    ptrdiff_t first, end;
    ck_part_range(c->count, c->parts, part, &first, &end);
    const void *from = c->from + first * ck_type_size(c->from_type);
    void *to = c->to + first * ck_type_size(c->to_type);
    switch (c->from_type) {
        case CK_F32: ck_convert_f32(c->to_type, end - first, from, to); break;
        case CK_F64: ck_convert_f64(c->to_type, end - first, from, to); break;
        case CK_I32: ck_convert_i32(c->to_type, end - first, from, to); break;
        case CK_I64: ck_convert_i64(c->to_type, end - first, from, to); break;
        default: ck_convert_u8(c->to_type, end - first, from, to); break;
    }
}

void ck_convert(int32_t from_type, int32_t to_type, ptrdiff_t count, const void *from, void *to) {
    CK_ASSERT_IN(from_type, CK_F32, CK_BOOL);
    CK_ASSERT_IN(to_type, CK_F32, CK_BOOL);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(from, count);
    CK_ASSERT_MEMORY(to, count);
    conversion c = {from_type, to_type, count < 65536 ? 1 : 16, count, from, to};
    ck_parallel(c.parts, convert_part, &c);
}
