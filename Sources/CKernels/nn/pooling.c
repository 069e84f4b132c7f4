// The largest number of each window, sixteen channels at a time.
#include <string.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "core/lanes.h"
#include "nn/check.h"

/// One window of sixteen channels, of which `lanes` are written. `in` is the pixel of the window's first row and
/// column that lie inside.
CK_INLINE void largest_16(const float *in, ptrdiff_t lanes, ptrdiff_t row_step, ptrdiff_t pixel_step, ptrdiff_t row0,
                          ptrdiff_t rows, ptrdiff_t column0, ptrdiff_t columns, ptrdiff_t kernel_width, int relu,
                          float *out, uint8_t *places) {
    f32x16 best, x;
    memcpy(&best, in, sizeof best);
    i32x16 place = (i32x16){} + (int32_t)(row0 * kernel_width + column0);
    for (ptrdiff_t r = 0; r < rows; r++)
        for (ptrdiff_t s = 0; s < columns; s++) {
            memcpy(&x, in + r * row_step + s * pixel_step, sizeof x);
            i32x16 larger = (x > best) | (x != x);  // once there is a NaN, nothing is larger than it
            best = (f32x16)((larger & (i32x16)x) | (~larger & (i32x16)best));
            i32x16 here = (i32x16){} + (int32_t)((row0 + r) * kernel_width + column0 + s);
            place = (larger & here) | (~larger & place);
        }
    if (relu) {
        // A NaN is neither: it stays, and so does its place.
        i32x16 none = (i32x16)(best <= 0);
        place |= none;
        best = (f32x16)((i32x16)best & ~none);
    }
    u8x16 bytes = __builtin_convertvector(place, u8x16);
    if (lanes == 16) {
        memcpy(out, &best, sizeof best);
        memcpy(places, &bytes, sizeof bytes);
        return;
    }
    for (ptrdiff_t l = 0; l < lanes; l++) {
        out[l] = best[l];
        places[l] = bytes[l];
    }
}

CK_INLINE void largest(const float *in, ptrdiff_t lanes, ptrdiff_t row_step, ptrdiff_t pixel_step, ptrdiff_t row0,
                       ptrdiff_t rows, ptrdiff_t column0, ptrdiff_t columns, ptrdiff_t kernel_width, int relu,
                       float *out, uint8_t *places) {
    for (ptrdiff_t l = 0; l < lanes; l++) {
        float best = in[l];
        ptrdiff_t place = row0 * kernel_width + column0;
        for (ptrdiff_t r = 0; r < rows; r++)
            for (ptrdiff_t s = 0; s < columns; s++) {
                float x = in[r * row_step + s * pixel_step + l];
                if (x > best || x != x) {
                    best = x;
                    place = (row0 + r) * kernel_width + column0 + s;
                }
            }
        int none = relu && best <= 0;
        out[l] = none ? 0 : best;
        places[l] = none ? CK_NO_PLACE : (uint8_t)place;
    }
}

/// Windows of 2x2 that neither overlap nor leave the image.
CK_INLINE int is_whole_2x2(const struct ck_windows *w) {
    return w->kernel_height == 2 && w->kernel_width == 2 && w->stride_height == 2 && w->stride_width == 2 &&
           w->padding_top == 0 && w->padding_left == 0 && w->out_height * 2 <= w->height &&
           w->out_width * 2 <= w->width;
}

static ptrdiff_t lanes_between(int32_t in_layout, int32_t out_layout, struct ck_form form, ptrdiff_t block) {
    // Between blocked images the channels that are not there are carried along, zero.
    if (in_layout == CK_LAYOUT_BLOCKED && out_layout == CK_LAYOUT_BLOCKED) return 16;
    return block == form.blocks - 1 ? form.last_lanes : form.lanes;
}

/// Row-wise images are walked channel by channel, whatever the other side's layout.
static struct ck_form lane_form(int32_t layout, int32_t other, ptrdiff_t channels, ptrdiff_t pixels) {
    if (layout == CK_LAYOUT_ROWS || other != CK_LAYOUT_ROWS) return ck_image_form(layout, channels, pixels);
    struct ck_form form = ck_image_form(layout, channels, pixels);
    form.blocks = channels;
    form.lanes = form.last_lanes = 1;
    return form;
}

CK_INLINE ptrdiff_t block_start(struct ck_form form, int32_t layout, ptrdiff_t block, ptrdiff_t pixels) {
    if (form.lanes == 1 && layout == CK_LAYOUT_CHANNELS_LAST) return block;
    if (form.lanes == 1 && layout == CK_LAYOUT_BLOCKED) return (block >> 4) * 16 * pixels + (block & 15);
    return block * form.block_step;
}

CK_CLONES
void ck_max_pool_images(const struct ck_windows *w, ptrdiff_t channels, ptrdiff_t images, int32_t in_layout,
                        const float *in, int32_t relu, int32_t out_layout, float *out, uint8_t *places) {
    ck_check_windows(w);
    CK_ASSERT(w->kernel_height * w->kernel_width, < CK_NO_PLACE);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(images, >= 0);
    CK_ASSERT_IN(in_layout, CK_LAYOUT_ROWS, CK_LAYOUT_BLOCKED);
    CK_ASSERT_IN(out_layout, CK_LAYOUT_ROWS, CK_LAYOUT_BLOCKED);
    CK_ASSERT_MEMORY(in, ck_image_count(in_layout, images, channels, w->height * w->width));
    CK_ASSERT_MEMORY(out, ck_image_count(out_layout, images, channels, w->out_height * w->out_width));
    CK_ASSERT_MEMORY(places, images * channels * w->out_height * w->out_width);
    ptrdiff_t in_pixels = w->height * w->width, out_pixels = w->out_height * w->out_width;
    struct ck_form from = lane_form(in_layout, out_layout, channels, in_pixels);
    struct ck_form to = lane_form(out_layout, in_layout, channels, out_pixels);
    ptrdiff_t row_step = w->width * from.pixel_step;
    int is_2x2 = is_whole_2x2(w);
    if (out_layout == CK_LAYOUT_BLOCKED && in_layout != CK_LAYOUT_BLOCKED && channels % 16 != 0)
        memset(out, 0, (size_t)(images * to.image_step) * sizeof(float));
    for (ptrdiff_t n = 0; n < images; n++)
        for (ptrdiff_t b = 0; b < from.blocks; b++) {
            const float *source = in + n * from.image_step + block_start(from, in_layout, b, in_pixels);
            ptrdiff_t target = n * to.image_step + block_start(to, out_layout, b, out_pixels);
            ptrdiff_t lanes = lanes_between(in_layout, out_layout, from, b);
            // Blocked images may be read sixteen lanes at a time even where fewer are channels.
            int reads_16 = lanes == 16 || (in_layout == CK_LAYOUT_BLOCKED && from.lanes == 16);
            // Where one block is all, what a pixel has too much the next pixel writes again.
            ptrdiff_t last_whole = out_layout == CK_LAYOUT_CHANNELS_LAST && to.blocks == 1 && to.lanes == 16
                                     ? images * to.image_step - 16
                                     : -1;
            if (reads_16 && is_2x2) {
                for (ptrdiff_t p = 0; p < w->out_height; p++)
                    for (ptrdiff_t q = 0; q < w->out_width; q++) {
                        ptrdiff_t at = target + (p * w->out_width + q) * to.pixel_step;
                        const float *x = source + 2 * p * row_step + 2 * q * from.pixel_step;
                        largest_16(x, at <= last_whole ? 16 : lanes, row_step, from.pixel_step, 0, 2, 0, 2, 2,
                                   relu, out + at, places + at);
                    }
                continue;
            }
            for (ptrdiff_t p = 0; p < w->out_height; p++) {
                ptrdiff_t row0, rows, top = p * w->stride_height - w->padding_top;
                ck_inside(top, w->kernel_height, w->height, &row0, &rows);
                for (ptrdiff_t q = 0; q < w->out_width; q++) {
                    ptrdiff_t column0, columns, left = q * w->stride_width - w->padding_left;
                    ck_inside(left, w->kernel_width, w->width, &column0, &columns);
                    const float *x = source + (top + row0) * row_step + (left + column0) * from.pixel_step;
                    ptrdiff_t at = target + (p * w->out_width + q) * to.pixel_step;
                    if (reads_16)
                        largest_16(x, lanes, row_step, from.pixel_step, row0, rows, column0, columns,
                                   w->kernel_width, relu, out + at, places + at);
                    else
                        largest(x, lanes, row_step, from.pixel_step, row0, rows, column0, columns,
                                w->kernel_width, relu, out + at, places + at);
                }
            }
        }
}

/// One window's gradient goes to the place of its maximum; `add`: other windows share the pixels.
CK_INLINE void spread(float *in, ptrdiff_t lanes, ptrdiff_t row_step, ptrdiff_t pixel_step, ptrdiff_t kernel_width,
                      const float *gradient, const uint8_t *places) {
    for (ptrdiff_t l = 0; l < lanes; l++) {
        if (places[l] == CK_NO_PLACE) continue;
        in[(places[l] / kernel_width) * row_step + (places[l] % kernel_width) * pixel_step + l] += gradient[l];
    }
}

/// `lanes` count; `reads_16`: the others may be read. Sixteen are written.
CK_INLINE void spread_2x2_16(float *in, ptrdiff_t lanes, int reads_16, ptrdiff_t row_step, ptrdiff_t pixel_step,
                             const float *gradient, const uint8_t *places) {
    f32x16 g = {};
    i32x16 place = {};
    const i32x16 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    i32x16 counts = lane < (i32x16){} + (int32_t)lanes;
    if (reads_16) {
        u8x16 bytes;
        g = CK_LOAD16(gradient);
        memcpy(&bytes, places, sizeof bytes);
        place = __builtin_convertvector(bytes, i32x16);
    } else {
        for (ptrdiff_t l = 0; l < lanes; l++) {
            g[l] = gradient[l];
            place[l] = places[l];
        }
    }
    for (int32_t j = 0; j < 4; j++) {
        f32x16 out = (f32x16)((place == j) & counts & (i32x16)g);
        CK_STORE16(in + (j >> 1) * row_step + (j & 1) * pixel_step, out);
    }
}

CK_CLONES
void ck_max_pool_gradient_images(const struct ck_windows *w, ptrdiff_t channels, ptrdiff_t images,
                                 int32_t out_layout, const float *out_gradient, const uint8_t *places,
                                 int32_t in_layout, float *in_gradient) {
    ck_check_windows(w);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(images, >= 0);
    CK_ASSERT_IN(in_layout, CK_LAYOUT_ROWS, CK_LAYOUT_BLOCKED);
    CK_ASSERT_IN(out_layout, CK_LAYOUT_ROWS, CK_LAYOUT_BLOCKED);
    CK_ASSERT_MEMORY(out_gradient, images * channels * w->out_height * w->out_width);
    CK_ASSERT_MEMORY(places, images * channels * w->out_height * w->out_width);
    CK_ASSERT_MEMORY(in_gradient, images * channels * w->height * w->width);
    ptrdiff_t in_pixels = w->height * w->width, out_pixels = w->out_height * w->out_width;
    struct ck_form to = lane_form(in_layout, out_layout, channels, in_pixels);
    struct ck_form from = lane_form(out_layout, in_layout, channels, out_pixels);
    ptrdiff_t row_step = w->width * to.pixel_step;
    // Such windows write each pixel once.
    int whole = is_whole_2x2(w);
    int covers = whole && w->out_height * 2 == w->height && w->out_width * 2 == w->width &&
                 in_layout == CK_LAYOUT_BLOCKED && out_layout != CK_LAYOUT_ROWS;
    if (!covers)
        memset(in_gradient, 0,
               (size_t)ck_image_count(in_layout, images, channels, in_pixels) * sizeof(float));
    for (ptrdiff_t n = 0; n < images; n++)
        for (ptrdiff_t b = 0; b < to.blocks; b++) {
            float *target = in_gradient + n * to.image_step + block_start(to, in_layout, b, in_pixels);
            ptrdiff_t source = n * from.image_step + block_start(from, out_layout, b, out_pixels);
            ptrdiff_t lanes = lanes_between(in_layout, out_layout, from, b);
            int writes_16 = whole && to.lanes == 16 && (lanes == 16 || in_layout == CK_LAYOUT_BLOCKED);
            // The last pixels of all have no sixteen numbers after them.
            ptrdiff_t last_whole = from.lanes == 16 ? images * from.image_step - 16 : -1;
            for (ptrdiff_t p = 0; p < w->out_height; p++)
                for (ptrdiff_t q = 0; q < w->out_width; q++) {
                    ptrdiff_t at = source + (p * w->out_width + q) * from.pixel_step;
                    // Where the window begins, even outside the image: the places inside it do lie inside.
                    float *x = target + (p * w->stride_height - w->padding_top) * row_step +
                               (q * w->stride_width - w->padding_left) * to.pixel_step;
                    if (writes_16)
                        spread_2x2_16(x, lanes, at <= last_whole, row_step, to.pixel_step, out_gradient + at,
                                      places + at);
                    else
                        spread(x, lanes, row_step, to.pixel_step, w->kernel_width, out_gradient + at,
                               places + at);
                }
        }
}

struct pool_job {
    const struct ck_windows *windows;
    ptrdiff_t channels, images;
    int32_t parts, in_layout, out_layout;
    const float *in;
    float *out;
    const uint8_t *places_in;
    uint8_t *places;
};

static void pool_part(void *context, int32_t part) {
    struct pool_job *job = context;
    const struct ck_windows *w = job->windows;
    ptrdiff_t first, end;
    ck_part_range(job->images, job->parts, part, &first, &end);
    ptrdiff_t in_step = ck_image_count(job->in_layout, 1, job->channels, w->height * w->width);
    ptrdiff_t out_step = ck_image_count(job->out_layout, 1, job->channels, w->out_height * w->out_width);
    ck_max_pool_images(w, job->channels, end - first, job->in_layout, job->in + first * in_step, 0,
                       job->out_layout, job->out + first * out_step, job->places + first * out_step);
}

static int32_t image_parts(ptrdiff_t images, ptrdiff_t numbers) {
    int32_t parts = ck_elementwise_parts(numbers);
    return parts > images ? (images > 0 ? (int32_t)images : 1) : parts;
}

void ck_max_pool(const struct ck_windows *w, ptrdiff_t channels, ptrdiff_t images, int32_t in_layout,
                 const float *in, int32_t out_layout, float *out, uint8_t *places) {
    ck_check_windows(w);
    CK_ASSERT(w->kernel_height * w->kernel_width, < CK_NO_PLACE);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(images, >= 0);
    CK_ASSERT_IN(in_layout, CK_LAYOUT_ROWS, CK_LAYOUT_BLOCKED);
    CK_ASSERT_IN(out_layout, CK_LAYOUT_ROWS, CK_LAYOUT_BLOCKED);
    CK_ASSERT_MEMORY(in, ck_image_count(in_layout, images, channels, w->height * w->width));
    CK_ASSERT_MEMORY(out, ck_image_count(out_layout, images, channels, w->out_height * w->out_width));
    CK_ASSERT_MEMORY(places, images * channels * w->out_height * w->out_width);
    struct pool_job job = {w, channels, images, image_parts(images, images * channels * w->height * w->width),
                           in_layout, out_layout, in, out, NULL, places};
    ck_parallel(job.parts, pool_part, &job);
}

static void gradient_part(void *context, int32_t part) {
    struct pool_job *job = context;
    const struct ck_windows *w = job->windows;
    ptrdiff_t first, end;
    ck_part_range(job->images, job->parts, part, &first, &end);
    ptrdiff_t in_step = ck_image_count(job->in_layout, 1, job->channels, w->height * w->width);
    ptrdiff_t out_step = ck_image_count(job->out_layout, 1, job->channels, w->out_height * w->out_width);
    ck_max_pool_gradient_images(w, job->channels, end - first, job->out_layout, job->in + first * out_step,
                                job->places_in + first * out_step, job->in_layout,
                                job->out + first * in_step);
}

void ck_max_pool_gradient(const struct ck_windows *w, ptrdiff_t channels, ptrdiff_t images, int32_t out_layout,
                          const float *out_gradient, const uint8_t *places, int32_t in_layout,
                          float *in_gradient) {
    ck_check_windows(w);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(images, >= 0);
    CK_ASSERT_IN(in_layout, CK_LAYOUT_ROWS, CK_LAYOUT_BLOCKED);
    CK_ASSERT_IN(out_layout, CK_LAYOUT_ROWS, CK_LAYOUT_BLOCKED);
    CK_ASSERT_MEMORY(out_gradient, images * channels * w->out_height * w->out_width);
    CK_ASSERT_MEMORY(places, images * channels * w->out_height * w->out_width);
    CK_ASSERT_MEMORY(in_gradient, images * channels * w->height * w->width);
    struct pool_job job = {w, channels, images, image_parts(images, images * channels * w->height * w->width),
                           in_layout, out_layout, out_gradient, in_gradient, places, NULL};
    ck_parallel(job.parts, gradient_part, &job);
}
