// Pooling and scaling of images in blocks of channels.
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

struct scaling {
    ptrdiff_t planes, blocks, pixels, lanes;
    const float *x, *scale, *shift;
    int32_t relu, parts;
    float *y;
};

#define SCALE(lanes)                                                                                                  \
    CK_CLONES static void scale_##lanes(ptrdiff_t pixels, const float *x, const float *scale, const float *shift,     \
                                        int32_t relu, float *y) {                                                     \
        for (ptrdiff_t i = 0; i < pixels; i++, x += lanes, y += lanes)                                                \
            for (int l = 0; l < lanes; l++) {                                                                         \
                float v = x[l] * scale[l] + shift[l];                                                                 \
                y[l] = relu && v < 0 ? 0 : v;                                                                         \
            }                                                                                                         \
    }
SCALE(16)
SCALE(8)

static void scale_part(void *context, int32_t part) {
    const struct scaling *s = context;
    ptrdiff_t first, end;
    ck_part_range(s->planes, s->parts, part, &first, &end);
    for (ptrdiff_t plane = first; plane < end; plane++) {
        ptrdiff_t at = plane * s->pixels * s->lanes, block = plane % s->blocks * s->lanes;
        if (s->lanes == 16)
            scale_16(s->pixels, s->x + at, s->scale + block, s->shift + block, s->relu, s->y + at);
        else
            scale_8(s->pixels, s->x + at, s->scale + block, s->shift + block, s->relu, s->y + at);
    }
}

void ci_scale(int32_t layout, ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, const float *x, const float *scale,
              const float *shift, int32_t relu, float *y) {
    CK_ASSERT_IN(layout, CK_LAYOUT_BLOCKED, CK_LAYOUT_EIGHTS);
    CK_ASSERT(channels, > 0);
    CK_ASSERT_GIVEN(scale);
    CK_ASSERT_GIVEN(shift);
    ptrdiff_t lanes = layout == CK_LAYOUT_BLOCKED ? 16 : 8, blocks = (channels + lanes - 1) / lanes;
    struct scaling s = {images * blocks, blocks, pixels, lanes, x, scale, shift, relu, 1, y};
    if (s.planes * pixels == 0) return;
    s.parts = ck_elementwise_parts(s.planes * pixels * lanes);
    if (s.parts > s.planes) s.parts = (int32_t)s.planes;
    ck_parallel(s.parts, scale_part, &s);
}
