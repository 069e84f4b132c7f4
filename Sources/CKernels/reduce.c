// Reductions. Sums in floating point add in NumPy's order, so that they have NumPy's bits.
#include <math.h>
#include <string.h>

#include "ck_clones.h"
#include "ck_elementwise.h"
#include "ck_pool.h"
#include "ck_reduce.h"

// A sum longer than this is cut at the first levels of its tree, and the pieces are summed by the pool.
#define TREE_FROM 65536
#define TREE_PIECES 32

#define PAIRWISE(suffix, T)                                                                             \
    typedef T vector_##suffix __attribute__((vector_size(8 * sizeof(T)), aligned(sizeof(T))));          \
    CK_INLINE T block_##suffix(const T *a, intptr_t n) {                                                \
        if (n < 8) {                                                                                    \
            T sum = (T)-0.0;                                                                            \
            for (intptr_t i = 0; i < n; i++) sum += a[i];                                               \
            return sum;                                                                                 \
        }                                                                                               \
        vector_##suffix r = *(const vector_##suffix *)a;                                                \
        intptr_t i = 8;                                                                                 \
        for (; i < n - n % 8; i += 8) r += *(const vector_##suffix *)(a + i);                           \
        T sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));                      \
        for (; i < n; i++) sum += a[i];                                                                 \
        return sum;                                                                                     \
    }                                                                                                   \
    CK_CLONES T ck_pairwise_##suffix(const T *a, intptr_t n) {                                          \
        if (n <= 128) return block_##suffix(a, n);                                                      \
        intptr_t half = n / 2;                                                                          \
        half -= half % 8;                                                                               \
        return ck_pairwise_##suffix(a, half) + ck_pairwise_##suffix(a + half, n - half);                \
    }                                                                                                   \
    typedef struct {                                                                                    \
        const T *start[TREE_PIECES];                                                                    \
        intptr_t length[TREE_PIECES];                                                                   \
        T sum[TREE_PIECES];                                                                             \
        int32_t pieces;                                                                                 \
    } tree_##suffix;                                                                                    \
    static void cut_##suffix(tree_##suffix *tree, const T *a, intptr_t n, int32_t leaves) {             \
        if (leaves == 1) {                                                                              \
            tree->start[tree->pieces] = a;                                                              \
            tree->length[tree->pieces++] = n;                                                           \
            return;                                                                                     \
        }                                                                                               \
        intptr_t half = n / 2;                                                                          \
        half -= half % 8;                                                                               \
        cut_##suffix(tree, a, half, leaves / 2);                                                        \
        cut_##suffix(tree, a + half, n - half, leaves / 2);                                             \
    }                                                                                                   \
    static void piece_##suffix(void *context, int32_t part) {                                           \
        tree_##suffix *tree = context;                                                                  \
        tree->sum[part] = ck_pairwise_##suffix(tree->start[part], tree->length[part]);                  \
    }                                                                                                   \
    static T sum_row_##suffix(const T *a, intptr_t n) {                                                 \
        if (n < TREE_FROM) return ck_pairwise_##suffix(a, n);                                           \
        tree_##suffix tree;                                                                             \
        tree.pieces = 0;                                                                                \
        cut_##suffix(&tree, a, n, TREE_PIECES);                                                         \
        ck_parallel(TREE_PIECES, piece_##suffix, &tree);                                                \
        for (int32_t width = 1; width < TREE_PIECES; width *= 2)                                        \
            for (int32_t i = 0; i < TREE_PIECES; i += 2 * width) tree.sum[i] += tree.sum[i + width];    \
        return tree.sum[0];                                                                             \
    }
PAIRWISE(f32, float)
PAIRWISE(f64, double)

CK_CLONES int64_t ck_sum_row_i64(const int64_t *a, intptr_t n) {
    uint64_t sum = 0;
    for (intptr_t i = 0; i < n; i++) sum += (uint64_t)a[i];
    return (int64_t)sum;
}
static int64_t sum_row_i64(const int64_t *a, intptr_t n) { return ck_sum_row_i64(a, n); }

/// out[j] = EXPRESSION over the rows in order; `identity` starts it when there are no rows.
#define FOLD_ROWS(T, IDENTITY, EXPRESSION)                                    \
    if (n == 0) {                                                             \
        for (intptr_t j = 0; j < inner; j++) out[j] = (T)(IDENTITY);          \
    } else if (inner == 1) {                                                  \
        T x = a[0];                                                           \
        for (intptr_t i = 1; i < n; i++) { T y = a[i]; x = (T)(EXPRESSION); } \
        out[0] = x;                                                           \
    } else {                                                                  \
        for (intptr_t j = first; j < end; j++) out[j] = a[j];                 \
        for (intptr_t i = 1; i < n; i++) {                                    \
            const T *row = a + i * inner;                                     \
            for (intptr_t j = first; j < end; j++) {                          \
                T x = out[j], y = row[j];                                     \
                out[j] = (T)(EXPRESSION);                                     \
            }                                                                 \
        }                                                                     \
    }                                                                         \
    break;

// Eight independent extremes, so that the loop is not bound by the latency of one comparison.
#define EXTREME_ROW(T, KEEP)                                                  \
    if (inner == 1 && n >= 16) {                                              \
        T best[16];                                                           \
        for (int l = 0; l < 16; l++) best[l] = a[l];                          \
        intptr_t i = 16;                                                      \
        for (; i + 16 <= n; i += 16)                                          \
            for (int l = 0; l < 16; l++) {                                    \
                T x = best[l], y = a[i + l];                                  \
                best[l] = KEEP ? x : y;                                       \
            }                                                                 \
        T result = best[0];                                                   \
        for (int l = 1; l < 16; l++) {                                        \
            T x = result, y = best[l];                                        \
            result = KEEP ? x : y;                                            \
        }                                                                     \
        for (; i < n; i++) {                                                  \
            T x = result, y = a[i];                                           \
            result = KEEP ? x : y;                                            \
        }                                                                     \
        out[0] = result;                                                      \
        break;                                                                \
    }                                                                         \
    FOLD_ROWS(T, 0, KEEP ? x : y)

#define REDUCE(suffix, T, U, SUMS)                                                                        \
    /* One (count, inner) plane, columns first ..< end of it. */                                          \
    CK_CLONES void ck_fold_##suffix(int32_t reduction, intptr_t n, intptr_t inner, intptr_t first,        \
                                    intptr_t end, const T *a, T *out) {                                   \
        switch (reduction) {                                                                              \
            SUMS                                                                                          \
            case CK_LARGEST: EXTREME_ROW(T, (x >= y || x != x))                                           \
            case CK_SMALLEST: EXTREME_ROW(T, (x <= y || x != x))                                          \
            default: break;                                                                               \
        }                                                                                                 \
    }
#define SUMS(T, U)                                                     \
    case CK_SUM:                                                       \
    case CK_SUM_IN_ORDER: FOLD_ROWS(T, 0, (U)x + (U)y)                 \
    case CK_PRODUCT: FOLD_ROWS(T, 1, (U)x * (U)y)
REDUCE(f32, float, float, SUMS(float, float))
REDUCE(f64, double, double, SUMS(double, double))
REDUCE(i32, int32_t, uint32_t, )
REDUCE(i64, int64_t, uint64_t, SUMS(int64_t, uint64_t))
REDUCE(u8, uint8_t, uint8_t, )

typedef struct {
    int32_t type, reduction, parts, by_column;
    intptr_t outer, count, inner;
    const void *in;
    void *out;
} reduction;

#define RUN(suffix, T, PAIRWISE_SUM)                                                                      \
    static void run_##suffix(const reduction *r, intptr_t plane_first, intptr_t plane_end, intptr_t first, \
                             intptr_t end) {                                                              \
        for (intptr_t plane = plane_first; plane < plane_end; plane++) {                                  \
            const T *a = (const T *)r->in + plane * r->count * r->inner;                                  \
            T *out = (T *)r->out + plane * r->inner;                                                      \
            if (r->reduction == CK_SUM && r->inner == 1 && r->count > 0) {                                \
                PAIRWISE_SUM                                                                              \
            } else {                                                                                      \
                ck_fold_##suffix(r->reduction, r->count, r->inner, first, end, a, out);                   \
            }                                                                                             \
        }                                                                                                 \
    }
RUN(f32, float, *out = 0.0f + sum_row_f32(a, r->count);)
RUN(f64, double, *out = 0.0 + sum_row_f64(a, r->count);)
RUN(i32, int32_t, )
RUN(i64, int64_t, *out = sum_row_i64(a, r->count);)
RUN(u8, uint8_t, )

static void run(const reduction *r, intptr_t plane_first, intptr_t plane_end, intptr_t first, intptr_t end) {
    switch (r->type) {
        case CK_F32: run_f32(r, plane_first, plane_end, first, end); break;
        case CK_F64: run_f64(r, plane_first, plane_end, first, end); break;
        case CK_I32: run_i32(r, plane_first, plane_end, first, end); break;
        case CK_I64: run_i64(r, plane_first, plane_end, first, end); break;
        default: run_u8(r, plane_first, plane_end, first, end); break;
    }
}

static void run_part(void *context, int32_t part) {
    const reduction *r = context;
    int64_t first, end;
    ck_part_range(r->by_column ? r->inner : r->outer, r->parts, part, &first, &end);
    if (first == end) return;
    if (r->by_column) run(r, 0, r->outer, first, end);
    else run(r, first, end, 0, r->inner);
}

void ck_reduce(int32_t type, int32_t which, intptr_t outer, intptr_t count, intptr_t inner, const void *in,
               void *out) {
    if (outer == 0 || inner == 0) return;
    // Planes are divided if there are many, else columns in runs of whole cache lines' worth; a single long row
    // divides itself (sum_row).
    reduction r = {type, which, 1, 0, outer, count, inner, in, out};
    if (outer * count * inner >= 65536 && count > 0) {
        if (outer >= 8) {
            r.parts = outer < 64 ? (int32_t)outer : 64;
        } else if (inner >= 512) {
            r.by_column = 1;
            r.parts = inner / 256 < 16 ? (int32_t)(inner / 256) : 16;
        }
    }
    if (r.parts == 1) run(&r, 0, outer, 0, inner);
    else ck_parallel(r.parts, run_part, &r);
}

#define ARG(suffix, T)                                                                                     \
    CK_CLONES void ck_arg_##suffix(int32_t smallest, intptr_t outer, intptr_t n, intptr_t inner, const T *in, \
                                   int64_t *out) {                                                         \
        for (intptr_t plane = 0; plane < outer; plane++)                                                   \
            for (intptr_t j = 0; j < inner; j++) {                                                         \
                const T *a = in + plane * n * inner + j;                                                   \
                T best = a[0];                                                                             \
                int64_t place = 0;                                                                         \
                if (inner == 1 && n >= 32) { /* find the extreme first: that loop is vectorised */         \
                    ck_fold_##suffix(smallest ? CK_SMALLEST : CK_LARGEST, n, 1, 0, 1, a, &best);           \
                    while (!(a[place] == best || (best != best && a[place] != a[place]))) place++;         \
                } else {                                                                                   \
                    for (intptr_t i = 1; i < n && best == best; i++) {                                     \
                        T x = a[i * inner];                                                                \
                        if ((smallest ? x < best : x > best) || x != x) {                                  \
                            best = x;                                                                      \
                            place = i;                                                                     \
                        }                                                                                  \
                    }                                                                                      \
                }                                                                                          \
                out[plane * inner + j] = place;                                                            \
            }                                                                                              \
    }
ARG(f32, float)
ARG(f64, double)
ARG(i32, int32_t)
ARG(i64, int64_t)
ARG(u8, uint8_t)

void ck_arg_extreme(int32_t type, int32_t smallest, intptr_t outer, intptr_t count, intptr_t inner,
                    const void *in, int64_t *out) {
    switch (type) {
        case CK_F32: ck_arg_f32(smallest, outer, count, inner, in, out); break;
        case CK_F64: ck_arg_f64(smallest, outer, count, inner, in, out); break;
        case CK_I32: ck_arg_i32(smallest, outer, count, inner, in, out); break;
        case CK_I64: ck_arg_i64(smallest, outer, count, inner, in, out); break;
        default: ck_arg_u8(smallest, outer, count, inner, in, out); break;
    }
}

#define CUMULATIVE(T, U)                                                                        \
    for (intptr_t plane = 0; plane < outer; plane++) {                                          \
        const T *a = (const T *)in + plane * count * inner;                                     \
        T *o = (T *)out + plane * count * inner;                                                \
        for (intptr_t j = 0; j < inner && count > 0; j++) o[j] = a[j];                          \
        for (intptr_t i = inner; i < count * inner; i++) o[i] = (T)((U)o[i - inner] + (U)a[i]); \
    }                                                                                           \
    break;

void ck_cumulative_sum(int32_t type, intptr_t outer, intptr_t count, intptr_t inner, const void *in, void *out) {
    switch (type) {
        case CK_F32: CUMULATIVE(float, float)
        case CK_F64: CUMULATIVE(double, double)
        default: CUMULATIVE(int64_t, uint64_t)
    }
}

CK_CLONES int64_t ck_count_nonzero(intptr_t count, const uint8_t *in) {
    int64_t total = 0;
    for (intptr_t i = 0; i < count; i++) total += in[i] != 0;
    return total;
}

CK_CLONES void ck_matmul_i64(intptr_t m, intptr_t n, intptr_t k, const int64_t *a, const int64_t *b, int64_t *c) {
    memset(c, 0, (size_t)(m * n) * sizeof *c);
    for (intptr_t i = 0; i < m; i++)
        for (intptr_t l = 0; l < k; l++) {
            uint64_t factor = (uint64_t)a[i * k + l];
            for (intptr_t j = 0; j < n; j++)
                c[i * n + j] = (int64_t)((uint64_t)c[i * n + j] + factor * (uint64_t)b[l * n + j]);
        }
}
