// Where the first largest or smallest element of each row lies.
#include "ck_core.h"
#include "ck_array.h"
#include "array/fold.h"

#define ARG_COLUMNS 512
#define ARG_PIECES 16

#define ARG_EXTREME(suffix, T)                                                                                         \
    /* The first place of `best` in a row that has it; all NaN are the same. */                                        \
    CK_CLONES static ptrdiff_t ck_find_##suffix(ptrdiff_t n, const T *a, T best) {                                     \
        ptrdiff_t i = 0;                                                                                               \
        if (best != best) {                                                                                            \
            while (a[i] == a[i]) i++;                                                                                  \
            return i;                                                                                                  \
        }                                                                                                              \
        for (; i + 64 <= n; i += 64) {                                                                                 \
            uint8_t found = 0;                                                                                         \
            for (int l = 0; l < 64; l++) found |= a[i + l] == best;                                                    \
            if (found) break;                                                                                          \
        }                                                                                                              \
        while (a[i] != best) i++; /* it is there */                                                                    \
        return i;                                                                                                      \
    }                                                                                                                  \
    /* At most ARG_COLUMNS columns of a plane, row by row. */                                                          \
    CK_CLONES static void ck_arg_columns_##suffix(int32_t smallest, ptrdiff_t n, ptrdiff_t inner, ptrdiff_t columns,   \
                                           const T *a, int64_t *out) {                                                 \
        T best[ARG_COLUMNS];                                                                                           \
        int32_t place[ARG_COLUMNS];                                                                                    \
        for (ptrdiff_t j = 0; j < columns; j++) best[j] = a[j], place[j] = 0;                                          \
        for (ptrdiff_t i = 1; i < n; i++) {                                                                            \
            const T *row = a + i * inner;                                                                              \
            if (smallest) {                                                                                            \
                CK_VECTORIZED for (ptrdiff_t j = 0; j < columns; j++) {                                                \
                    T x = row[j], b = best[j];                                                                         \
                    int better = (x < b) | ((x != x) & (b == b));                                                      \
                    best[j] = better ? x : b;                                                                          \
                    place[j] = better ? (int32_t)i : place[j];                                                         \
                }                                                                                                      \
            } else {                                                                                                   \
                CK_VECTORIZED for (ptrdiff_t j = 0; j < columns; j++) {                                                \
                    T x = row[j], b = best[j];                                                                         \
                    int better = (x > b) | ((x != x) & (b == b));                                                      \
                    best[j] = better ? x : b;                                                                          \
                    place[j] = better ? (int32_t)i : place[j];                                                         \
                }                                                                                                      \
            }                                                                                                          \
        }                                                                                                              \
        for (ptrdiff_t j = 0; j < columns; j++) out[j] = place[j];                                                     \
    }                                                                                                                  \
    /* One long row: the extremes of its pieces, on the pool, then the first piece that has the best one. */           \
    static ptrdiff_t arg_long_##suffix(int32_t type, int32_t smallest, ptrdiff_t n, const T *a) {                      \
        T best[ARG_PIECES + 1];                                                                                        \
        ptrdiff_t length = n / ARG_PIECES, rest = n % ARG_PIECES;                                                      \
        int32_t which = smallest ? CK_SMALLEST : CK_LARGEST, first = 0;                                                \
        ck_reduce(type, which, ARG_PIECES, length, 1, a, best);                                                        \
        if (rest > 0) ck_reduce(type, which, 1, rest, 1, a + ARG_PIECES * length, best + ARG_PIECES);                  \
        for (int32_t p = 1; p < ARG_PIECES + (rest > 0); p++) {                                                        \
            T x = best[p], b = best[first];                                                                            \
            if (b == b && (x != x || (smallest ? x < b : x > b))) first = p;                                           \
        }                                                                                                              \
        return first * length + ck_find_##suffix(first < ARG_PIECES ? length : rest, a + first * length, best[first]); \
    }                                                                                                                  \
    static void arg_##suffix(int32_t smallest, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner, const T *in,             \
                             int64_t *out) {                                                                           \
        for (ptrdiff_t plane = 0; plane < outer; plane++) {                                                            \
            const T *a = in + plane * n * inner;                                                                       \
            if (inner == 1) {                                                                                          \
                T best;                                                                                                \
                ck_fold_##suffix(smallest ? CK_SMALLEST : CK_LARGEST, n, 1, 0, 1, a, &best);                           \
                out[plane] = ck_find_##suffix(n, a, best);                                                             \
            } else {                                                                                                   \
                for (ptrdiff_t j = 0; j < inner; j += ARG_COLUMNS)                                                     \
                    ck_arg_columns_##suffix(smallest, n, inner, inner - j < ARG_COLUMNS ? inner - j : ARG_COLUMNS,     \
                                            a + j, out + plane * inner + j);                                           \
            }                                                                                                          \
        }                                                                                                              \
    }
ARG_EXTREME(f32, float)
ARG_EXTREME(f64, double)
ARG_EXTREME(i32, int32_t)
ARG_EXTREME(i64, int64_t)
ARG_EXTREME(u8, uint8_t)

static void arg_planes(int32_t type, int32_t smallest, ptrdiff_t outer, ptrdiff_t count, ptrdiff_t inner,
                       const void *in, int64_t *out) {
    switch (type) {
        case CK_F32: arg_f32(smallest, outer, count, inner, in, out); break;
        case CK_F64: arg_f64(smallest, outer, count, inner, in, out); break;
        case CK_I32: arg_i32(smallest, outer, count, inner, in, out); break;
        case CK_I64: arg_i64(smallest, outer, count, inner, in, out); break;
        default: arg_u8(smallest, outer, count, inner, in, out); break;
    }
}

static void arg_part(void *context, int32_t part) {
    const ck_reduction *r = context;
    static const ptrdiff_t size[] = {4, 8, 4, 8, 1, 1};
    ptrdiff_t first, end;
    ck_part_range(r->outer, r->parts, part, &first, &end);
    arg_planes(r->type, r->reduction, end - first, r->count, r->inner,
               (const char *)r->in + first * r->count * r->inner * size[r->type],
               (int64_t *)r->out + first * r->inner);
}

void ck_arg_extreme(int32_t type, int32_t smallest, ptrdiff_t outer, ptrdiff_t count, ptrdiff_t inner,
                    const void *in, int64_t *out) {
    CK_ASSERT_IN(type, CK_F32, CK_BOOL);
    CK_ASSERT(outer, >= 0);
    CK_ASSERT(inner, >= 0);
    CK_ASSERT(count, > 0);
    CK_ASSERT_MEMORY(in, outer * count * inner);
    CK_ASSERT_MEMORY(out, outer * inner);
    ck_reduction r = {type, smallest, 1, 0, outer, count, inner, in, out};
    if (outer == 1 && inner == 1 && count >= 65536) {
        switch (type) {
            case CK_F32: *out = arg_long_f32(type, smallest, count, in); break;
            case CK_F64: *out = arg_long_f64(type, smallest, count, in); break;
            case CK_I32: *out = arg_long_i32(type, smallest, count, in); break;
            case CK_I64: *out = arg_long_i64(type, smallest, count, in); break;
            default: *out = arg_long_u8(type, smallest, count, in); break;
        }
        return;
    }
    if (outer * count * inner >= 65536 && outer >= 2) r.parts = outer < 32 ? (int32_t)outer : 32;
    ck_parallel(r.parts, arg_part, &r);
}
