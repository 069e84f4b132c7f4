// Pooling of images in blocks of channels.
#include <math.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "ci_convolution.h"

struct run {
    const struct ci_pooling *p;
    const float *source;
    float *result;
    int32_t parts;
    ptrdiff_t planes, lanes;
};

/// One row of results of one block of channels.
#define ROW(lanes)                                                                                                    \
    CK_CLONES static void row_##lanes(const struct ci_pooling *p, ptrdiff_t row, const float *plane, float *out) {    \
        ptrdiff_t top = row * p->stride_height - p->padding_top, first_row, rows;                                     \
        ck_inside(top, p->kernel_height, p->height, &first_row, &rows);                                               \
        ptrdiff_t padded_end = p->height + p->padding_bottom;                                                         \
        ptrdiff_t tall = (top + p->kernel_height < padded_end ? top + p->kernel_height : padded_end) - top;           \
        for (ptrdiff_t q = 0; q < p->result_width; q++, out += lanes) {                                               \
            ptrdiff_t left = q * p->stride_width - p->padding_left, first, count;                                     \
            ck_inside(left, p->kernel_width, p->width, &first, &count);                                               \
            float best[lanes];                                                                                        \
            for (int l = 0; l < lanes; l++) best[l] = p->mean ? 0 : -INFINITY;                                        \
            for (ptrdiff_t r = first_row; r < first_row + rows; r++) {                                                \
                const float *x = plane + ((top + r) * p->width + left + first) * lanes;                               \
                for (ptrdiff_t s = 0; s < count; s++, x += lanes) {                                                   \
                    if (p->mean)                                                                                      \
                        for (int l = 0; l < lanes; l++) best[l] += x[l];                                              \
                    else                                                                                              \
                        for (int l = 0; l < lanes; l++) best[l] = x[l] > best[l] || x[l] != x[l] ? x[l] : best[l];    \
                }                                                                                                     \
            }                                                                                                         \
            if (p->mean) {                                                                                            \
                ptrdiff_t end = p->width + p->padding_right;                                                          \
                ptrdiff_t wide = (left + p->kernel_width < end ? left + p->kernel_width : end) - left;                \
                ptrdiff_t n = p->counts_padding ? tall * wide : rows * count;                                         \
                float factor = n > 0 ? 1.0f / (float)n : 0;                                                           \
                for (int l = 0; l < lanes; l++) best[l] *= factor;                                                    \
            }                                                                                                         \
            for (int l = 0; l < lanes; l++) out[l] = best[l];                                                         \
        }                                                                                                             \
    }
ROW(16)
ROW(8)

static void run_part(void *context, int32_t part) {
    const struct run *r = context;
    const struct ci_pooling *p = r->p;
    ptrdiff_t first, end;
    ck_part_range(r->planes * p->result_height, r->parts, part, &first, &end);
    for (ptrdiff_t i = first; i < end; i++) {
        ptrdiff_t plane = i / p->result_height, row = i % p->result_height;
        const float *source = r->source + plane * p->height * p->width * r->lanes;
        float *out = r->result + i * p->result_width * r->lanes;
        if (r->lanes == 16)
            row_16(p, row, source, out);
        else
            row_8(p, row, source, out);
    }
}

enum ck_status ci_pool(const struct ci_pooling *p, ptrdiff_t images, const float *source, float *result) {
    CK_ASSERT_GIVEN(p);
    CK_ASSERT_IN(p->layout, CK_LAYOUT_BLOCKED, CK_LAYOUT_EIGHTS);
    CK_ASSERT(p->channels, > 0);
    ptrdiff_t lanes = p->layout == CK_LAYOUT_BLOCKED ? 16 : 8;
    struct run r = {.p = p, .source = source, .result = result, .lanes = lanes};
    r.planes = images * ((p->channels + lanes - 1) / lanes);
    ptrdiff_t rows = r.planes * p->result_height;
    if (rows == 0) return CK_OK;
    r.parts = ck_elementwise_parts(rows * p->result_width * lanes * p->kernel_height * p->kernel_width);
    if (r.parts > rows) r.parts = (int32_t)rows;
    ck_parallel(r.parts, run_part, &r);
    return CK_OK;
}
