// From one layout of images to another.
#include <string.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "core/lanes.h"

/// One block of up to sixteen (or eight) channels between rows of pixels and pixels of channels, sixteen pixels at a time.
/// `reads` and `written`: how many lanes of a pixel may be touched.
CK_INLINE void block_from_rows(const float *rows, ptrdiff_t pixels, ptrdiff_t lanes, float *out, ptrdiff_t pixel_step,
                               ptrdiff_t written) {
    ptrdiff_t p = 0;
    if (written == 16)
        for (; p + 16 <= pixels; p += 16) {
            f32x16 square[16];
            for (ptrdiff_t l = 0; l < 16; l++)
                square[l] = l < lanes ? CK_LOAD16(rows + l * pixels + p) : (f32x16){};
            transpose16(square);
            for (ptrdiff_t i = 0; i < 16; i++) CK_STORE16(out + (p + i) * pixel_step, square[i]);
        }
    // Of eight lanes, two pixels side by side.
    if (written == 8 && pixel_step == 8)
        for (; p + 16 <= pixels; p += 16) {
            f32x16 square[16];
            for (ptrdiff_t l = 0; l < 16; l++)
                square[l] = l < lanes ? CK_LOAD16(rows + l * pixels + p) : (f32x16){};
            transpose16(square);
            for (ptrdiff_t i = 0; i < 16; i += 2) {
                f32x16 both = __builtin_shufflevector(square[i], square[i + 1], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20,
                                                      21, 22, 23);
                CK_STORE16(out + (p + i) * 8, both);
            }
        }
    for (; p < pixels; p++) {
        float *pixel = out + p * pixel_step;
        for (ptrdiff_t l = 0; l < lanes; l++) pixel[l] = rows[l * pixels + p];
        for (ptrdiff_t l = lanes; l < written; l++) pixel[l] = 0;
    }
}

CK_INLINE void block_to_rows(const float *in, ptrdiff_t pixel_step, ptrdiff_t reads, ptrdiff_t pixels, ptrdiff_t lanes,
                             float *rows) {
    ptrdiff_t p = 0;
    if (reads == 16)
        for (; p + 16 <= pixels; p += 16) {
            f32x16 square[16];
            for (ptrdiff_t i = 0; i < 16; i++) square[i] = CK_LOAD16(in + (p + i) * pixel_step);
            transpose16(square);
            for (ptrdiff_t l = 0; l < lanes; l++) CK_STORE16(rows + l * pixels + p, square[l]);
        }
    for (ptrdiff_t l = 0; l < lanes; l++)
        for (ptrdiff_t rest = p; rest < pixels; rest++) rows[l * pixels + rest] = in[rest * pixel_step + l];
}

CK_CLONES
void ck_relayout_images(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t from_layout, const float *from,
                        int32_t to_layout, float *to) {
    CK_ASSERT(images, >= 0);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(pixels, >= 0);
    CK_ASSERT_IN(from_layout, CK_LAYOUT_ROWS, CK_LAYOUT_EIGHTS);
    CK_ASSERT_IN(to_layout, CK_LAYOUT_ROWS, CK_LAYOUT_EIGHTS);
    CK_ASSERT_MEMORY(from, images * channels * pixels);
    CK_ASSERT_MEMORY(to, images * channels * pixels);
    struct ck_form source = ck_image_form(from_layout, channels, pixels);
    struct ck_form target = ck_image_form(to_layout, channels, pixels);
    if (from_layout == to_layout) {
        memcpy(to, from, (size_t)(images * source.image_step) * sizeof(float));
        return;
    }
    ptrdiff_t block = from_layout == CK_LAYOUT_EIGHTS || to_layout == CK_LAYOUT_EIGHTS ? 8 : 16;
    ptrdiff_t blocks = (channels + block - 1) / block;
    for (ptrdiff_t n = 0; n < images; n++)
        for (ptrdiff_t b = 0; b < blocks; b++) {
            ptrdiff_t lanes = b == blocks - 1 ? channels - b * block : block;
            const float *in = from + n * source.image_step;
            float *out = to + n * target.image_step;
            in += from_layout == CK_LAYOUT_ROWS ? b * block * pixels : b * source.block_step;
            out += to_layout == CK_LAYOUT_ROWS ? b * block * pixels : b * target.block_step;
            ptrdiff_t written = to_layout == CK_LAYOUT_CHANNELS_LAST ? lanes : block;
            if (from_layout == CK_LAYOUT_ROWS)
                block_from_rows(in, pixels, lanes, out, target.pixel_step, written);
            else if (to_layout == CK_LAYOUT_ROWS)
                block_to_rows(in, source.pixel_step, from_layout == CK_LAYOUT_BLOCKED ? 16 : lanes, pixels, lanes, out);
            else
                for (ptrdiff_t p = 0; p < pixels; p++) {
                    float *pixel = out + p * target.pixel_step;
                    memcpy(pixel, in + p * source.pixel_step, (size_t)lanes * sizeof(float));
                    for (ptrdiff_t l = lanes; l < written; l++) pixel[l] = 0;
                }
        }
}

struct relayout_job {
    ptrdiff_t images, channels, pixels;
    int32_t parts, from_layout, to_layout;
    const float *from;
    float *to;
};

static void relayout_part(void *context, int32_t part) {
    struct relayout_job *job = context;
    ptrdiff_t first, end;
    ck_part_range(job->images, job->parts, part, &first, &end);
    ptrdiff_t from_step = ck_image_count(job->from_layout, 1, job->channels, job->pixels);
    ptrdiff_t to_step = ck_image_count(job->to_layout, 1, job->channels, job->pixels);
    ck_relayout_images(end - first, job->channels, job->pixels, job->from_layout, job->from + first * from_step,
                       job->to_layout, job->to + first * to_step);
}

void ck_relayout(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t from_layout, const float *from,
                 int32_t to_layout, float *to) {
    CK_ASSERT(images, >= 0);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(pixels, >= 0);
    CK_ASSERT_IN(from_layout, CK_LAYOUT_ROWS, CK_LAYOUT_EIGHTS);
    CK_ASSERT_IN(to_layout, CK_LAYOUT_ROWS, CK_LAYOUT_EIGHTS);
    CK_ASSERT_MEMORY(from, images * channels * pixels);
    CK_ASSERT_MEMORY(to, images * channels * pixels);
    int32_t parts = ck_elementwise_parts(images * channels * pixels);
    if (parts > images) parts = images > 0 ? (int32_t)images : 1;
    struct relayout_job job = {images, channels, pixels, parts, from_layout, to_layout, from, to};
    ck_parallel(job.parts, relayout_part, &job);
}
