// Reductions: which kernel a row or a plane gets, and how the work is divided.
#include <string.h>

#include "ck_core.h"
#include "ck_array.h"
#include "array/fold.h"

#define REDUCE_RUN(suffix, T, PAIRWISE_SUM)                                                               \
    static void run_##suffix(const ck_reduction *r, ptrdiff_t plane_first, ptrdiff_t plane_end,           \
                             ptrdiff_t first, ptrdiff_t end) {                                            \
        for (ptrdiff_t plane = plane_first; plane < plane_end; plane++) {                                 \
            const T *a = (const T *)r->in + plane * r->count * r->inner;                                  \
            T *out = (T *)r->out + plane * r->inner;                                                      \
            if (r->reduction == CK_SUM && r->inner == 1 && r->count > 0) {                                \
                PAIRWISE_SUM                                                                              \
            } else {                                                                                      \
                ck_fold_##suffix(r->reduction, r->count, r->inner, first, end, a, out);                   \
            }                                                                                             \
        }                                                                                                 \
    }
REDUCE_RUN(f32, float, *out = 0.0f + ck_sum_row_f32(a, r->count);)
REDUCE_RUN(f64, double, *out = 0.0 + ck_sum_row_f64(a, r->count);)
REDUCE_RUN(i32, int32_t, )
REDUCE_RUN(i64, int64_t, *out = ck_sum_row_i64(a, r->count);)
REDUCE_RUN(u8, uint8_t, )

static void run(const ck_reduction *r, ptrdiff_t plane_first, ptrdiff_t plane_end, ptrdiff_t first, ptrdiff_t end) {
    switch (r->type) {
        case CK_F32: run_f32(r, plane_first, plane_end, first, end); break;
        case CK_F64: run_f64(r, plane_first, plane_end, first, end); break;
        case CK_I32: run_i32(r, plane_first, plane_end, first, end); break;
        case CK_I64: run_i64(r, plane_first, plane_end, first, end); break;
        default: run_u8(r, plane_first, plane_end, first, end); break;
    }
}

static void run_part(void *context, int32_t part) {
    const ck_reduction *r = context;
    ptrdiff_t first, end;
    ck_part_range(r->by_column ? r->inner : r->outer, r->parts, part, &first, &end);
    if (first == end) return;
    if (r->by_column) run(r, 0, r->outer, first, end);
    else run(r, first, end, 0, r->inner);
}

/// The extreme of one long row: of its pieces, then of those.
static void long_extreme(int32_t type, int32_t which, ptrdiff_t count, const void *in, void *out) {
    if (type == CK_F32) {
        *(float *)out = ck_extreme_long_row_f32(which == CK_SMALLEST, count, in);
        return;
    }
    if (type == CK_F64) {
        *(double *)out = ck_extreme_long_row_f64(which == CK_SMALLEST, count, in);
        return;
    }
    double pieces[16];  // room for any type
    ck_reduction r = {type, which, 16, 0, 16, count / 16, 1, in, pieces};
    ck_parallel(16, run_part, &r);
    ptrdiff_t rest = count % 16, size = type == CK_F64 || type == CK_I64 ? 8 : type == CK_U8 || type == CK_BOOL ? 1 : 4;
    char candidates[32 * 8];
    memcpy(candidates, pieces, (size_t)(16 * size));
    memcpy(candidates + 16 * size, (const char *)in + (count - rest) * size, (size_t)(rest * size));
    ck_reduction last = {type, which, 1, 0, 1, 16 + rest, 1, candidates, out};
    run(&last, 0, 1, 0, 1);
}

void ck_reduce(int32_t type, int32_t which, ptrdiff_t outer, ptrdiff_t count, ptrdiff_t inner, const void *in,
               void *out) {
    CK_ASSERT_IN(type, CK_F32, CK_BOOL);
    CK_ASSERT_IN(which, CK_SUM, CK_SMALLEST);
    CK_ASSERT(outer, >= 0);
    CK_ASSERT(count, >= 0);
    CK_ASSERT(inner, >= 0);
    CK_ASSERT(count, >= (which >= CK_LARGEST));
    CK_ASSERT_MEMORY(in, outer * count * inner);
    CK_ASSERT_MEMORY(out, outer * inner);
    if (outer == 0 || inner == 0) return;
    if (outer == 1 && inner == 1 && count >= 65536 && (which == CK_LARGEST || which == CK_SMALLEST)) {
        long_extreme(type, which, count, in, out);
        return;
    }
    // Planes are divided if there are many, else columns; a single long row
    // divides itself (ck_sum_row_f32).
    ck_reduction r = {type, which, 1, 0, outer, count, inner, in, out};
    if (outer * count * inner >= 65536 && count > 0) {
        if (outer >= 8) {
            r.parts = outer < 64 ? (int32_t)outer : 64;
        } else if (inner >= 512) {
            r.by_column = 1;
            r.parts = ck_even_parts(inner);
        }
    }
    if (r.parts == 1) run(&r, 0, outer, 0, inner);
    else ck_parallel(r.parts, run_part, &r);
}

CK_CLONES ptrdiff_t ck_count_nonzero(ptrdiff_t count, const uint8_t *in) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(in, count);
    ptrdiff_t total = 0;
    for (ptrdiff_t i = 0; i < count; i++) total += in[i] != 0;
    return total;
}
