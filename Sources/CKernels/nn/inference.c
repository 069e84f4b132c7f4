// Pooling and products of single rows for inference: nothing is kept for gradients.
#include <string.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "core/lanes.h"
#include "nn/check.h"

/// The larger of both, of any vectors; once there is a NaN, nothing is larger than it.
#define INFERENCE_LARGER(a, b)                                                                              \
    ({                                                                                                      \
        __typeof__(a) one_ = (a), other_ = (b);                                                             \
        __typeof__(one_ > other_) take_ = (other_ > one_) | (other_ != other_);                             \
        (__typeof__(one_))((take_ & (__typeof__(take_))other_) | (~take_ & (__typeof__(take_))one_));       \
    })
/// max(0, a) if `relu`, which leaves a NaN.
#define INFERENCE_RECTIFIED(a, relu)                                                                        \
    ({                                                                                                      \
        __typeof__(a) any_ = (a);                                                                           \
        __typeof__(any_ < any_) keep_ = ~(any_ < 0);                                                        \
        (relu) ? (__typeof__(any_))(keep_ & (__typeof__(keep_))any_) : any_;                                \
    })

/// The largest of the square whose upper left pixel is `x`. Paired pixels have their right neighbour in other lanes, and
/// only the two rows are compared here.
#define INFERENCE_SQUARE16(x, row_step, paired)                                                        \
    ({                                                                                                 \
        f32x16 both_ = INFERENCE_LARGER(CK_LOAD16(x), CK_LOAD16((x) + (row_step)));                    \
        if (!(paired)) {                                                                               \
            f32x16 right_ = INFERENCE_LARGER(CK_LOAD16((x) + 16), CK_LOAD16((x) + (row_step) + 16));   \
            both_ = INFERENCE_LARGER(both_, right_);                                                   \
        }                                                                                              \
        both_;                                                                                         \
    })

CK_INLINE void squares_to_block(ptrdiff_t row_step, ptrdiff_t out_height, ptrdiff_t out_width, int32_t relu,
                                const float *in, float *out) {
    for (ptrdiff_t p = 0; p < out_height; p++)
        for (ptrdiff_t q = 0; q < out_width; q++) {
            f32x16 best = INFERENCE_SQUARE16(in + 2 * p * row_step + q * 32, row_step, 0);
            CK_STORE16(out + (p * out_width + q) * 16, INFERENCE_RECTIFIED(best, relu));
        }
}

/// In blocks of eight, a vector of sixteen is two neighbours of a row: two squares at a time.
CK_INLINE void squares_to_eights(ptrdiff_t row_step, ptrdiff_t out_height, ptrdiff_t out_width, int32_t relu,
                                 const float *in, float *out) {
    for (ptrdiff_t p = 0; p < out_height; p++)
        for (ptrdiff_t q = 0; q < out_width; q += 2) {
            const float *x = in + 2 * p * row_step + q * 16;
            float *to = out + (p * out_width + q) * 8;
            f32x16 one = INFERENCE_SQUARE16(x, row_step, 1);
            f32x16 next = q + 1 < out_width ? INFERENCE_SQUARE16(x + 16, row_step, 1) : one;
            f32x16 left = __builtin_shufflevector(one, next, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
            f32x16 right = __builtin_shufflevector(one, next, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
            f32x16 best = INFERENCE_RECTIFIED(INFERENCE_LARGER(left, right), relu);
            if (q + 1 < out_width) {
                CK_STORE16(to, best);
            } else {
                f32x8 first = __builtin_shufflevector(best, best, 0, 1, 2, 3, 4, 5, 6, 7);
                CK_STORE8(to, first);
            }
        }
}

/// The same into rows of pixels, one plane for each channel. `paired`: the right neighbours are `right` lanes further.
CK_INLINE void squares_to_planes(ptrdiff_t channels, ptrdiff_t row_step, ptrdiff_t pixel_step, ptrdiff_t out_height,
                                 ptrdiff_t out_width, int32_t paired, ptrdiff_t right, int32_t relu, const float *in,
                                 float *out) {
    ptrdiff_t plane = out_height * out_width;
    for (ptrdiff_t p = 0; p < out_height; p++)
        for (ptrdiff_t q = 0; q < out_width; q += 16) {
            ptrdiff_t count = out_width - q < 16 ? out_width - q : 16;
            f32x16 pixels[16];
            for (ptrdiff_t i = 0; i < count; i++)
                pixels[i] = INFERENCE_SQUARE16(in + 2 * p * row_step + (q + i) * pixel_step, row_step, paired);
            for (ptrdiff_t i = count; i < 16; i++) pixels[i] = (f32x16){};
            transpose16(pixels);
            float *to = out + p * out_width + q;
            // What a row has too much the next one of the same plane writes again.
            int whole = p * out_width + q + 16 <= plane;
            for (ptrdiff_t k = 0; k < channels; k++) {
                f32x16 row = paired ? INFERENCE_LARGER(pixels[k], pixels[right + k]) : pixels[k];
                row = INFERENCE_RECTIFIED(row, relu);
                if (whole) {
                    CK_STORE16(to + k * plane, row);
                } else {
                    float rest[16];
                    CK_STORE16(rest, row);
                    for (ptrdiff_t i = 0; i < count; i++) to[k * plane + i] = rest[i];
                }
            }
        }
}

CK_CLONES
void ck_largest_of_squares(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t height, ptrdiff_t width,
                           ptrdiff_t out_height, ptrdiff_t out_width, int32_t paired, int32_t relu, int32_t in_layout,
                           const float *in, int32_t out_layout, float *out) {
    CK_ASSERT(images, >= 0);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(height, >= 2 * out_height);
    CK_ASSERT(width, >= 2 * out_width);
    CK_ASSERT(out_height, >= 0);
    CK_ASSERT(out_width, >= 0);
    CK_ASSERT_IN(in_layout, CK_LAYOUT_BLOCKED, CK_LAYOUT_EIGHTS);
    CK_ASSERT_IN(out_layout, CK_LAYOUT_ROWS, CK_LAYOUT_EIGHTS);
    CK_ASSERT_MEMORY(in, images * channels * height * width);
    CK_ASSERT_MEMORY(out, images * channels * out_height * out_width);
    struct ck_form form = ck_image_form(in_layout, channels, height * (paired ? width / 2 : width));
    ptrdiff_t row_step = (paired ? width / 2 : width) * form.lanes, out_pixels = out_height * out_width;
    int in_eights = in_layout == CK_LAYOUT_EIGHTS;
    if (out_layout == CK_LAYOUT_ROWS) {
        for (ptrdiff_t n = 0; n < images; n++) {
            const float *from = in + n * form.image_step;
            float *to = out + n * channels * out_pixels;
            if (paired || in_eights)
                squares_to_planes(channels, row_step, 16, out_height, out_width, 1, in_eights ? 8 : channels, relu, from, to);
            else
                squares_to_planes(channels, row_step, 32, out_height, out_width, 0, 0, relu, from, to);
        }
        return;
    }
    for (ptrdiff_t b = 0; b < images * form.blocks; b++) {
        const float *from = in + b * form.block_step;
        if (in_eights)
            squares_to_eights(row_step, out_height, out_width, relu, from, out + b * out_pixels * 8);
        else
            squares_to_block(row_step, out_height, out_width, relu, from, out + b * out_pixels * 16);
    }
}

/// One window, whose first number inside is `x`, of all channels of a block.
#define INFERENCE_WINDOW(vector, load, x, row_step, rows, columns)                                             \
    ({                                                                                                         \
        vector best_ = load(x);                                                                                \
        for (ptrdiff_t r_ = 0; r_ < (rows); r_++)                                                              \
            for (ptrdiff_t s_ = 0; s_ < (columns); s_++) {                                                     \
                vector next_ = load((x) + r_ * (row_step) + s_ * (ptrdiff_t)(sizeof(vector) / sizeof(float))); \
                best_ = INFERENCE_LARGER(best_, next_);                                                        \
            }                                                                                                  \
        best_;                                                                                                 \
    })

CK_CLONES
void ck_largest_of_windows(const struct ck_windows *w, ptrdiff_t images, ptrdiff_t channels, int32_t relu,
                           int32_t in_layout, const float *in, int32_t out_layout, float *out) {
    ck_check_windows(w);
    CK_ASSERT(images, >= 0);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT_IN(in_layout, CK_LAYOUT_BLOCKED, CK_LAYOUT_EIGHTS);
    CK_ASSERT_IN(out_layout, CK_LAYOUT_ROWS, CK_LAYOUT_EIGHTS);
    CK_ASSERT_MEMORY(in, images * channels * w->height * w->width);
    CK_ASSERT_MEMORY(out, images * channels * w->out_height * w->out_width);
    struct ck_form from = ck_image_form(in_layout, channels, w->height * w->width);
    struct ck_form to = ck_image_form(out_layout, channels, w->out_height * w->out_width);
    ptrdiff_t row_step = w->width * from.lanes;
    int in_rows = out_layout == CK_LAYOUT_ROWS;
    for (ptrdiff_t n = 0; n < images; n++)
        for (ptrdiff_t b = 0; b < from.blocks; b++) {
            const float *source = in + n * from.image_step + b * from.block_step;
            float *target = out + n * to.image_step + b * (in_rows ? from.lanes : 1) * to.block_step;
            ptrdiff_t lanes = in_rows && b == from.blocks - 1 ? from.last_lanes : from.lanes;
            for (ptrdiff_t p = 0; p < w->out_height; p++) {
                ptrdiff_t row0, rows, top = p * w->stride_height - w->padding_top;
                ck_inside(top, w->kernel_height, w->height, &row0, &rows);
                for (ptrdiff_t q = 0; q < w->out_width; q++) {
                    ptrdiff_t column0, columns, left = q * w->stride_width - w->padding_left;
                    ck_inside(left, w->kernel_width, w->width, &column0, &columns);
                    const float *x = source + (top + row0) * row_step + (left + column0) * from.lanes;
                    float best[16];
                    if (in_layout == CK_LAYOUT_EIGHTS)
                        CK_STORE8(best, INFERENCE_RECTIFIED(INFERENCE_WINDOW(f32x8, CK_LOAD8, x, row_step, rows, columns), relu));
                    else
                        CK_STORE16(best, INFERENCE_RECTIFIED(INFERENCE_WINDOW(f32x16, CK_LOAD16, x, row_step, rows, columns), relu));
                    float *pixel = target + (p * w->out_width + q) * to.pixel_step;
                    if (in_rows)
                        for (ptrdiff_t l = 0; l < lanes; l++) pixel[l * to.block_step] = best[l];
                    else
                        memcpy(pixel, best, (size_t)lanes * sizeof(float));
                }
            }
        }
}

/// `vectors` vectors of columns, all in registers.
CK_INLINE void row_product(ptrdiff_t depth, ptrdiff_t step, const int vectors, const float *x, const float *w,
                           float *y) {
    f32x16 sums[8];
    for (int v = 0; v < vectors; v++) sums[v] = (f32x16){};
    for (ptrdiff_t d = 0; d < depth; d += 16) {
        ptrdiff_t count = depth - d < 16 ? depth - d : 16;
        uint32_t set = 0;
        if (count == 16) {
            set = CK_BITS16(CK_LOAD16(x + d) != 0);
        } else {
            for (ptrdiff_t i = 0; i < count; i++) set |= (uint32_t)(x[d + i] != 0) << i;
        }
        for (; set; set &= set - 1) {
            ptrdiff_t at = d + __builtin_ctz(set);
            f32x16 factor = CK_ALL16(x[at]);
            for (int v = 0; v < vectors; v++) sums[v] += factor * CK_LOAD16(w + at * step + 16 * v);
        }
    }
    for (int v = 0; v < vectors; v++) CK_STORE16(y + 16 * v, sums[v]);
}

CK_CLONES
void ck_row_product_f32(ptrdiff_t depth, ptrdiff_t step, ptrdiff_t first, ptrdiff_t columns, const float *x,
                        const float *w, float *y) {
    CK_ASSERT(depth, >= 0);
    CK_ASSERT(first, >= 0);
    CK_ASSERT(columns, >= 0);
    CK_ASSERT(first % 16 + columns % 16 + step % 16, == 0);
    CK_ASSERT(step, >= first + columns);
    CK_ASSERT_MEMORY(x, depth);
    CK_ASSERT_MEMORY(w, depth * columns);
    CK_ASSERT_MEMORY(y, columns);
    // Sums that stay in registers: of 32 vectors of sixteen, or of 16 of eight.
    ptrdiff_t most = ck_this_processor()->vector_bits == 512 ? 8 : 4;
    for (ptrdiff_t c = first; c < first + columns; c += 16 * most) {
        ptrdiff_t rest = (first + columns - c) / 16;
        switch (rest < most ? rest : most) {
        case 1: row_product(depth, step, 1, x, w + c, y + c); break;
        case 2: row_product(depth, step, 2, x, w + c, y + c); break;
        case 3: row_product(depth, step, 3, x, w + c, y + c); break;
        case 4: row_product(depth, step, 4, x, w + c, y + c); break;
        case 5: row_product(depth, step, 5, x, w + c, y + c); break;
        case 6: row_product(depth, step, 6, x, w + c, y + c); break;
        case 7: row_product(depth, step, 7, x, w + c, y + c); break;
        default: row_product(depth, step, 8, x, w + c, y + c); break;
        }
    }
}
