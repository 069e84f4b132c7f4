// Images [N, C, H, W] in memory, and the passes over them that are not convolutions.
#ifndef CK_IMAGES_H
#define CK_IMAGES_H

#include <stdint.h>

/// [N, C, H, W] as written.
#define CK_LAYOUT_ROWS 0
/// [N, H, W, C].
#define CK_LAYOUT_CHANNELS_LAST 1
/// [N, ceil(C / 16), H, W, 16]; the channels that are not there are zero.
#define CK_LAYOUT_BLOCKED 2
/// [N, ceil(C / 8), H, W, 8], as processors without AVX-512 want them; the channels that are not there are zero. Networks
/// that only look forward use it between their layers; of the functions below ck_image_form, ck_image_count and
/// ck_relayout_images from and to rows know it.
#define CK_LAYOUT_EIGHTS 3

/// Where the numbers of one image lie: channel block b, pixel p = h W + w, lane l at
/// b block_step + p pixel_step + l. There are `blocks` blocks of `lanes` channels, the last one of `last_lanes`.
struct ck_form {
    int64_t blocks, lanes, last_lanes, block_step, pixel_step, image_step;
};

/// The form of images with `channels` of `pixels` numbers.
static inline struct ck_form ck_image_form(int32_t layout, int64_t channels, int64_t pixels) {
    struct ck_form form;
    if (layout == CK_LAYOUT_ROWS) {
        form = (struct ck_form){channels, 1, 1, pixels, 1, channels * pixels};
    } else {
        int64_t lanes = layout == CK_LAYOUT_EIGHTS ? 8 : 16;
        int64_t blocks = (channels + lanes - 1) / lanes, last = channels - (blocks - 1) * lanes;
        if (layout == CK_LAYOUT_CHANNELS_LAST)
            form = (struct ck_form){blocks, lanes, last, lanes, channels, channels * pixels};
        else
            form = (struct ck_form){blocks, lanes, last, pixels * lanes, lanes, blocks * lanes * pixels};
    }
    return form;
}

/// Numbers that `images` images take.
static inline int64_t ck_image_count(int32_t layout, int64_t images, int64_t channels, int64_t pixels) {
    return images * ck_image_form(layout, channels, pixels).image_step;
}

/// Windows over the pixels: out[p, q] looks at in[p stride - padding + r, ...], r below the kernel's height.
struct ck_windows {
    int64_t height, width;          // in
    int64_t out_height, out_width;  // out
    int64_t kernel_height, kernel_width, stride_height, stride_width;
    int64_t padding_top, padding_left;
};

/// The part of a window that starts at `start` and lies inside 0 ..< `length`: its number `first` and `count` more.
static inline void ck_inside(int64_t start, int64_t kernel, int64_t length, int64_t *first, int64_t *count) {
    int64_t begin = start < 0 ? 0 : start, end = start + kernel < length ? start + kernel : length;
    *first = begin - start;
    *count = end - begin;
}

/// The place of a maximum whose gradient is zero because relu follows and it is zero or less.
#define CK_NO_PLACE 255
/// The largest number of each window (the last NaN, if it has any), and its place in it (r kernel_width + s, below 255) as
/// a byte. With `relu`, max(0, y) follows: what is not above zero becomes zero and its place CK_NO_PLACE. Serial.
void ck_max_pool_images(const struct ck_windows *w, int64_t channels, int64_t images, int32_t in_layout,
                        const float *in, int32_t relu, int32_t out_layout, float *out, uint8_t *places);
/// The gradient by `in`, all of it written. Serial.
void ck_max_pool_gradient_images(const struct ck_windows *w, int64_t channels, int64_t images,
                                 int32_t out_layout, const float *out_gradient, const uint8_t *places,
                                 int32_t in_layout, float *in_gradient);

/// The same over a batch, in parallel.
void ck_max_pool(const struct ck_windows *w, int64_t channels, int64_t images, int32_t in_layout,
                 const float *in, int32_t out_layout, float *out, uint8_t *places);
void ck_max_pool_gradient(const struct ck_windows *w, int64_t channels, int64_t images, int32_t out_layout,
                          const float *out_gradient, const uint8_t *places, int32_t in_layout,
                          float *in_gradient);

/// From one layout to another, in parallel.
void ck_relayout(int64_t images, int64_t channels, int64_t pixels, int32_t from_layout, const float *from,
                 int32_t to_layout, float *to);
/// The same for some images, serial.
void ck_relayout_images(int64_t images, int64_t channels, int64_t pixels, int32_t from_layout, const float *from,
                        int32_t to_layout, float *to);

/// The mean and the variance (of the population) of each channel over a batch; sums in double. `rest` is what the exact
/// mean is beyond `mean`, which is the nearest number of its type: far from zero that is too coarse to be subtracted alone.
void ck_channel_moments_f32(int64_t images, int64_t channels, int64_t pixels, int32_t layout, const float *x,
                            float *mean, float *rest, float *variance);
void ck_channel_moments_f64(int64_t images, int64_t channels, int64_t pixels, int32_t layout, const double *x,
                            double *mean, double *rest, double *variance);
/// y = scale[c] (x - centre[c]) + shift[c].
void ck_channel_affine_f32(int64_t images, int64_t channels, int64_t pixels, int32_t layout, const float *x,
                           const float *centre, const float *scale, const float *shift, float *y);
void ck_channel_affine_f64(int64_t images, int64_t channels, int64_t pixels, int32_t layout, const double *x,
                           const double *centre, const double *scale, const double *shift, double *y);
/// For each channel the sums over a batch of g and of g (x - mean - rest).
void ck_channel_gradient_sums_f32(int64_t images, int64_t channels, int64_t pixels, int32_t layout,
                                  const float *x, const float *g, const float *mean, const float *rest,
                                  float *sum, float *product);
void ck_channel_gradient_sums_f64(int64_t images, int64_t channels, int64_t pixels, int32_t layout,
                                  const double *x, const double *g, const double *mean, const double *rest,
                                  double *sum, double *product);
/// out = a[c] g + b[c] (x - centre[c]) + d[c].
void ck_channel_combine_f32(int64_t images, int64_t channels, int64_t pixels, int32_t layout, const float *x,
                            const float *g, const float *centre, const float *a, const float *b, const float *d,
                            float *out);
void ck_channel_combine_f64(int64_t images, int64_t channels, int64_t pixels, int32_t layout, const double *x,
                            const double *g, const double *centre, const double *a, const double *b, const double *d,
                            double *out);

/// Windows over images [C, H, W] as columns: out[(c R + r) S + s, p Q + q] is the number that window (p, q) sees at
/// (r, s), zero outside. `w` holds the geometry of one image; dilation spreads a window's numbers.
void ck_columns_f32(const struct ck_windows *w, int64_t dilation_height, int64_t dilation_width,
                    int64_t channels, const float *image, float *columns);
void ck_columns_f64(const struct ck_windows *w, int64_t dilation_height, int64_t dilation_width,
                    int64_t channels, const double *image, double *columns);
/// The other way: adds each column's numbers to the pixels that they came from.
void ck_add_columns_f32(const struct ck_windows *w, int64_t dilation_height, int64_t dilation_width,
                        int64_t channels, const float *columns, float *image);
void ck_add_columns_f64(const struct ck_windows *w, int64_t dilation_height, int64_t dilation_width,
                        int64_t channels, const double *columns, double *image);

/// `planes` planes [H, W], windows over each: the largest number and its place, or the mean of what lies inside the
/// padded plane (`count_padding`: zeros outside count too).
void ck_window_max_f64(const struct ck_windows *w, int64_t planes, const double *in, double *out,
                       uint8_t *places);
void ck_window_max_gradient_f64(const struct ck_windows *w, int64_t planes, const double *out_gradient,
                                const uint8_t *places, double *in_gradient);
void ck_window_mean_f32(const struct ck_windows *w, int32_t count_padding, int64_t planes, const float *in,
                        float *out);
void ck_window_mean_f64(const struct ck_windows *w, int32_t count_padding, int64_t planes, const double *in,
                        double *out);
void ck_window_mean_gradient_f32(const struct ck_windows *w, int32_t count_padding, int64_t planes,
                                 const float *out_gradient, float *in_gradient);
void ck_window_mean_gradient_f64(const struct ck_windows *w, int32_t count_padding, int64_t planes,
                                 const double *out_gradient, double *in_gradient);

#endif
