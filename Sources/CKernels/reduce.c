// Reductions. Sums in floating point add in NumPy's order, so that they have NumPy's bits.
#include <math.h>
#include <string.h>

#include "ck_clones.h"
#include "ck_elementwise.h"
#include "ck_pool.h"
#include "ck_reduce.h"

#define VECTOR _Pragma("clang loop vectorize(assume_safety)")

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

/// out[j] = EXPRESSION over the rows in order, four rows to a pass; IDENTITY when there are no rows.
#define FOLD_ROWS(T, IDENTITY, EXPRESSION)                                               \
    if (n == 0) {                                                                        \
        for (intptr_t j = 0; j < inner; j++) out[j] = (T)(IDENTITY);                     \
    } else if (inner == 1) {                                                             \
        T x = a[0];                                                                      \
        for (intptr_t i = 1; i < n; i++) { T y = a[i]; x = (T)(EXPRESSION); }            \
        out[0] = x;                                                                      \
    } else {                                                                             \
        for (intptr_t j = first; j < end; j++) out[j] = a[j];                            \
        intptr_t i = 1;                                                                  \
        for (; i + 4 <= n; i += 4) {                                                     \
            const T *row = a + i * inner;                                                \
            VECTOR for (intptr_t j = first; j < end; j++) {                              \
                T x = out[j], y = row[j];                                                \
                x = (T)(EXPRESSION);                                                     \
                y = row[j + inner];                                                      \
                x = (T)(EXPRESSION);                                                     \
                y = row[j + 2 * inner];                                                  \
                x = (T)(EXPRESSION);                                                     \
                y = row[j + 3 * inner];                                                  \
                out[j] = (T)(EXPRESSION);                                                \
            }                                                                            \
        }                                                                                \
        for (; i < n; i++) {                                                             \
            const T *row = a + i * inner;                                                \
            VECTOR for (intptr_t j = first; j < end; j++) {                              \
                T x = out[j], y = row[j];                                                \
                out[j] = (T)(EXPRESSION);                                                \
            }                                                                            \
        }                                                                                \
    }                                                                                    \
    break;

#define LANES 64

// Many independent extremes, so that the loop is not bound by the latency of one comparison. A NaN is only noticed,
// in a second look at each block of 4096 while it is near,
// and then looked for.
#define EXTREME_ROW(T, BETTER, KEEP)                                          \
    if (inner == 1 && n >= LANES) {                                           \
        T best[LANES];                                                        \
        uint8_t odd = 0;                                                      \
        for (int l = 0; l < LANES; l++) best[l] = a[l];                       \
        intptr_t i = 0;                                                       \
        while (i + LANES <= n) {                                              \
            intptr_t start = i, end = n - i < 4096 ? n : i + 4096;            \
            for (; i + LANES <= end; i += LANES)                              \
                for (int l = 0; l < LANES; l++) {                             \
                    T x = best[l], y = a[i + l];                              \
                    best[l] = BETTER ? y : x;                                 \
                }                                                             \
            for (intptr_t k = start; k < i; k++) odd |= a[k] != a[k];         \
        }                                                                     \
        /* The last LANES again: an extreme does not mind. */                 \
        for (int l = 0; l < LANES; l++) {                                     \
            T x = best[l], y = a[n - LANES + l];                              \
            best[l] = BETTER ? y : x;                                         \
            odd |= y != y;                                                    \
        }                                                                     \
        for (int width = LANES / 2; width > 0; width /= 2)                    \
            for (int l = 0; l < width; l++) {                                 \
                T x = best[l], y = best[l + width];                           \
                best[l] = BETTER ? y : x;                                     \
            }                                                                 \
        T result = best[0];                                                   \
        if (odd)                                                              \
            for (intptr_t k = n - 1; k >= 0; k--)                             \
                if (a[k] != a[k]) result = a[k];                              \
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
            case CK_LARGEST: EXTREME_ROW(T, (y > x), (x >= y || x != x))                                           \
            case CK_SMALLEST: EXTREME_ROW(T, (y < x), (x <= y || x != x))                                          \
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

/// The extreme of one long row: of its pieces, then of those.
static void long_extreme(int32_t type, int32_t which, intptr_t count, const void *in, void *out) {
    double pieces[16];  // room for any type
    reduction r = {type, which, 16, 0, 16, count / 16, 1, in, pieces};
    ck_parallel(16, run_part, &r);
    intptr_t rest = count % 16, size = type == CK_F64 || type == CK_I64 ? 8 : type == CK_U8 || type == CK_BOOL ? 1 : 4;
    char candidates[32 * 8];
    memcpy(candidates, pieces, (size_t)(16 * size));
    memcpy(candidates + 16 * size, (const char *)in + (count - rest) * size, (size_t)(rest * size));
    reduction last = {type, which, 1, 0, 1, 16 + rest, 1, candidates, out};
    run(&last, 0, 1, 0, 1);
}

void ck_reduce(int32_t type, int32_t which, intptr_t outer, intptr_t count, intptr_t inner, const void *in,
               void *out) {
    if (outer == 0 || inner == 0) return;
    if (outer == 1 && inner == 1 && count >= 65536 && (which == CK_LARGEST || which == CK_SMALLEST)) {
        long_extreme(type, which, count, in, out);
        return;
    }
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

#define COLUMNS 512

#define ARG(suffix, T)                                                                                     \
    /* The first place of `best` in a row that has it; all NaN are the same. */                            \
    CK_CLONES int64_t ck_find_##suffix(intptr_t n, const T *a, T best) {                                   \
        intptr_t i = 0;                                                                                    \
        if (best != best) {                                                                                \
            while (a[i] == a[i]) i++;                                                                      \
            return i;                                                                                      \
        }                                                                                                  \
        for (; i + 64 <= n; i += 64) {                                                                     \
            uint8_t found = 0;                                                                             \
            for (int l = 0; l < 64; l++) found |= a[i + l] == best;                                        \
            if (found) break;                                                                              \
        }                                                                                                  \
        while (a[i] != best) i++; /* it is there */                                                        \
        return i;                                                                                          \
    }                                                                                                      \
    /* At most COLUMNS columns of a plane, row by row. */                                                  \
    CK_CLONES void ck_arg_columns_##suffix(int32_t smallest, intptr_t n, intptr_t inner, intptr_t columns, \
                                           const T *a, int64_t *out) {                                     \
        T best[COLUMNS];                                                                                   \
        int32_t place[COLUMNS];                                                                            \
        for (intptr_t j = 0; j < columns; j++) best[j] = a[j], place[j] = 0;                               \
        for (intptr_t i = 1; i < n; i++) {                                                                 \
            const T *row = a + i * inner;                                                                  \
            if (smallest) {                                                                                \
                VECTOR for (intptr_t j = 0; j < columns; j++) {                                            \
                    T x = row[j], b = best[j];                                                             \
                    int better = (x < b) | ((x != x) & (b == b));                                          \
                    best[j] = better ? x : b;                                                              \
                    place[j] = better ? (int32_t)i : place[j];                                             \
                }                                                                                          \
            } else {                                                                                       \
                VECTOR for (intptr_t j = 0; j < columns; j++) {                                            \
                    T x = row[j], b = best[j];                                                             \
                    int better = (x > b) | ((x != x) & (b == b));                                          \
                    best[j] = better ? x : b;                                                              \
                    place[j] = better ? (int32_t)i : place[j];                                             \
                }                                                                                          \
            }                                                                                              \
        }                                                                                                  \
        for (intptr_t j = 0; j < columns; j++) out[j] = place[j];                                          \
    }                                                                                                      \
    static void arg_##suffix(int32_t smallest, intptr_t outer, intptr_t n, intptr_t inner, const T *in,    \
                             int64_t *out) {                                                               \
        for (intptr_t plane = 0; plane < outer; plane++) {                                                 \
            const T *a = in + plane * n * inner;                                                           \
            if (inner == 1) {                                                                              \
                T best;                                                                                    \
                ck_fold_##suffix(smallest ? CK_SMALLEST : CK_LARGEST, n, 1, 0, 1, a, &best);               \
                out[plane] = ck_find_##suffix(n, a, best);                                                 \
            } else {                                                                                       \
                for (intptr_t j = 0; j < inner; j += COLUMNS)                                              \
                    ck_arg_columns_##suffix(smallest, n, inner, inner - j < COLUMNS ? inner - j : COLUMNS, \
                                            a + j, out + plane * inner + j);                               \
            }                                                                                              \
        }                                                                                                  \
    }
ARG(f32, float)
ARG(f64, double)
ARG(i32, int32_t)
ARG(i64, int64_t)
ARG(u8, uint8_t)

static void arg_planes(int32_t type, int32_t smallest, intptr_t outer, intptr_t count, intptr_t inner,
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
    const reduction *r = context;
    static const intptr_t size[] = {4, 8, 4, 8, 1, 1};
    int64_t first, end;
    ck_part_range(r->outer, r->parts, part, &first, &end);
    arg_planes(r->type, r->reduction, end - first, r->count, r->inner,
               (const char *)r->in + first * r->count * r->inner * size[r->type],
               (int64_t *)r->out + first * r->inner);
}

void ck_arg_extreme(int32_t type, int32_t smallest, intptr_t outer, intptr_t count, intptr_t inner,
                    const void *in, int64_t *out) {
    reduction r = {type, smallest, 1, 0, outer, count, inner, in, out};
    if (outer * count * inner >= 65536 && outer >= 2) r.parts = outer < 32 ? (int32_t)outer : 32;
    ck_parallel(r.parts, arg_part, &r);
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
