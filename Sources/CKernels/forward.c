// Pooling and single rows for networks that only look forward.
#include "ck_forward.h"

#include <string.h>

#include "ck_clones.h"
#include "ck_images.h"
#include "ck_lanes.h"

/// The larger of both; once there is a NaN, nothing is larger than it.
#define larger16(a, b) pick16(((b) > (a)) | ((b) != (b)), b, a)
/// max(0, a) if `relu`, which leaves a NaN.
#define rectified16(a, relu) ((relu) ? where16(~(i32x16)((a) < 0), a) : (a))

/// The largest of the square whose upper left pixel is `x`. Paired pixels have their right neighbour in other lanes, and
/// only the two rows are compared here.
#define square16(x, row_step, paired)                                                                  \
    ({                                                                                                 \
        f32x16 both_ = larger16(load16(x), load16((x) + (row_step)));                                  \
        if (!(paired)) {                                                                               \
            f32x16 right_ = larger16(load16((x) + 16), load16((x) + (row_step) + 16));                 \
            both_ = larger16(both_, right_);                                                           \
        }                                                                                              \
        both_;                                                                                         \
    })

CK_INLINE void squares_to_block(int64_t row_step, int64_t out_height, int64_t out_width, int32_t relu, const float *in,
                                float *out) {
    for (int64_t p = 0; p < out_height; p++)
        for (int64_t q = 0; q < out_width; q++) {
            f32x16 best = square16(in + 2 * p * row_step + q * 32, row_step, 0);
            store16(out + (p * out_width + q) * 16, rectified16(best, relu));
        }
}

/// The same into rows of pixels, one plane for each channel.
CK_INLINE void squares_to_planes(int64_t channels, int64_t row_step, int64_t pixel_step, int64_t out_height,
                                 int64_t out_width, int32_t paired, int32_t relu, const float *in, float *out) {
    int64_t plane = out_height * out_width;
    for (int64_t p = 0; p < out_height; p++)
        for (int64_t q = 0; q < out_width; q += 16) {
            int64_t count = out_width - q < 16 ? out_width - q : 16;
            f32x16 pixels[16];
            for (int64_t i = 0; i < count; i++)
                pixels[i] = square16(in + 2 * p * row_step + (q + i) * pixel_step, row_step, paired);
            for (int64_t i = count; i < 16; i++) pixels[i] = (f32x16){};
            transpose16(pixels);
            float *to = out + p * out_width + q;
            // What a row has too much the next one of the same plane writes again.
            int whole = p * out_width + q + 16 <= plane;
            for (int64_t k = 0; k < channels; k++) {
                f32x16 row = paired ? larger16(pixels[k], pixels[channels + k]) : pixels[k];
                row = rectified16(row, relu);
                if (whole) {
                    store16(to + k * plane, row);
                } else {
                    float rest[16];
                    store16(rest, row);
                    for (int64_t i = 0; i < count; i++) to[k * plane + i] = rest[i];
                }
            }
        }
}

CK_CLONES
void ck_largest_of_squares(int64_t images, int64_t channels, int64_t height, int64_t width, int64_t out_height,
                           int64_t out_width, int32_t paired, int32_t relu, const float *in, int32_t out_layout,
                           float *out) {
    int64_t pixels = height * (paired ? width / 2 : width), blocks = (channels + 15) / 16;
    int64_t row_step = (paired ? width / 2 : width) * 16;
    int64_t out_pixels = out_height * out_width;
    if (out_layout == CK_LAYOUT_ROWS) {
        for (int64_t n = 0; n < images; n++) {
            const float *from = in + n * pixels * 16;
            float *to = out + n * channels * out_pixels;
            if (paired)
                squares_to_planes(channels, row_step, 16, out_height, out_width, 1, relu, from, to);
            else
                squares_to_planes(channels, row_step, 32, out_height, out_width, 0, relu, from, to);
        }
        return;
    }
    for (int64_t n = 0; n < images * blocks; n++)
        squares_to_block(row_step, out_height, out_width, relu, in + n * pixels * 16, out + n * out_pixels * 16);
}

/// `vectors` vectors of columns, all in registers.
CK_INLINE void row_product(int64_t depth, int64_t step, const int vectors, const float *x, const float *w, float *y) {
    f32x16 sums[8];
    for (int v = 0; v < vectors; v++) sums[v] = (f32x16){};
    for (int64_t d = 0; d < depth; d += 16) {
        int64_t count = depth - d < 16 ? depth - d : 16;
        uint32_t set = 0;
        if (count == 16) {
            set = bits16(load16(x + d) != 0);
        } else {
            for (int64_t i = 0; i < count; i++) set |= (uint32_t)(x[d + i] != 0) << i;
        }
        for (; set; set &= set - 1) {
            int64_t at = d + __builtin_ctz(set);
            f32x16 factor = all16(x[at]);
            for (int v = 0; v < vectors; v++) sums[v] += factor * load16(w + at * step + 16 * v);
        }
    }
    for (int v = 0; v < vectors; v++) store16(y + 16 * v, sums[v]);
}

CK_CLONES
void ck_row_product_f32(int64_t depth, int64_t step, int64_t first, int64_t columns, const float *x, const float *w,
                        float *y) {
    for (int64_t c = first; c < first + columns; c += 128) {
        int64_t rest = (first + columns - c) / 16;
        switch (rest < 8 ? rest : 8) {
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

CK_INLINE uint16_t upper_half(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint32_t rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
    uint32_t quiet = (bits >> 16) | 0x40;
    return (uint16_t)((bits & 0x7FFFFFFF) > 0x7F800000 ? quiet : rounded);
}

CK_CLONES
void ck_to_bfloat16(int64_t count, const float *x, uint16_t *y) {
    for (int64_t i = 0; i < count; i++) y[i] = upper_half(x[i]);
}

CK_CLONES
void ck_round_to_bfloat16(int64_t count, const float *x, float *y) {
    for (int64_t i = 0; i < count; i++) {
        uint32_t bits = (uint32_t)upper_half(x[i]) << 16;
        memcpy(y + i, &bits, sizeof bits);
    }
}
