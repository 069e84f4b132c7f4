// Passes over images in double that treat each channel alike: what gradients are checked with. Sums are made in parts
// that follow from the batch, then added in order, so the bits do not depend on the number of threads.
#include <string.h>

#include "ck_core.h"
#include "ck_nn.h"

#define CHANNELS_DOUBLE_SUM_PARTS 8

static size_t sums_size(ptrdiff_t channels) {
    return ((size_t)(CHANNELS_DOUBLE_SUM_PARTS * channels) * sizeof(double) + 63) & ~(size_t)63;
}

struct channel_job {
    ptrdiff_t images, channels, pixels;
    int32_t parts, layout;
    const double *x, *g, *centre, *a, *b, *d;
    double *sums, *products;  // parts x channels each
    double *out;
};

/// One image's channel block b of `lanes` channels: what to do with its pixels is BODY, with `i` the place of channel
/// `c` in all three arrays.
#define CHANNELS_DOUBLE_EACH_NUMBER(BODY)                                                          \
    struct ck_form form = ck_image_form(job->layout, job->channels, job->pixels);                  \
    ptrdiff_t first, end;                                                                          \
    ck_part_range(job->images, job->parts, part, &first, &end);                                    \
    for (ptrdiff_t n = first; n < end; n++)                                                        \
        for (ptrdiff_t block = 0; block < form.blocks; block++) {                                  \
            ptrdiff_t base = n * form.image_step + block * form.block_step;                        \
            ptrdiff_t c0 = block * form.lanes;                                                     \
            ptrdiff_t lanes = block == form.blocks - 1 ? form.last_lanes : form.lanes;             \
            if (lanes == 1 && form.pixel_step == 1) {                                              \
                ptrdiff_t c = c0;                                                                  \
                for (ptrdiff_t i = base; i < base + job->pixels; i++) { BODY }                     \
            } else if (lanes == 16) {                                                              \
                for (ptrdiff_t p = 0; p < job->pixels; p++)                                        \
                    for (ptrdiff_t l = 0; l < 16; l++) {                                           \
                        ptrdiff_t c = c0 + l, i = base + p * form.pixel_step + l;                  \
                        BODY                                                                       \
                    }                                                                              \
            } else {                                                                               \
                for (ptrdiff_t p = 0; p < job->pixels; p++)                                        \
                    for (ptrdiff_t l = 0; l < lanes; l++) {                                        \
                        ptrdiff_t c = c0 + l, i = base + p * form.pixel_step + l;                  \
                        BODY                                                                       \
                    }                                                                              \
            }                                                                                      \
        }

CK_CLONES
static void sums_part(void *context, int32_t part) {
    struct channel_job *job = context;
    double *sums = job->sums + part * job->channels;
    const double *x = job->x, *from = job->centre;
    CHANNELS_DOUBLE_EACH_NUMBER(sums[c] += x[i] - from[c];)
}

CK_CLONES
static void squares_part(void *context, int32_t part) {
    struct channel_job *job = context;
    double *sums = job->sums + part * job->channels;
    const double *x = job->x, *mean = job->centre;
    CHANNELS_DOUBLE_EACH_NUMBER(double centred = (double)x[i] - mean[c]; sums[c] += centred * centred;)
}

CK_CLONES
static void gradients_part(void *context, int32_t part) {
    struct channel_job *job = context;
    double *sums = job->sums + part * job->channels, *products = job->products + part * job->channels;
    const double *x = job->x, *g = job->g, *mean = job->centre;
    CHANNELS_DOUBLE_EACH_NUMBER(sums[c] += g[i]; products[c] += (double)g[i] * (x[i] - mean[c]);)
}

CK_CLONES
static void affine_part(void *context, int32_t part) {
    struct channel_job *job = context;
    const double *x = job->x, *centre = job->centre, *a = job->a, *b = job->b;
    double *out = job->out;
    CHANNELS_DOUBLE_EACH_NUMBER(out[i] = a[c] * (x[i] - centre[c]) + b[c];)
}

CK_CLONES
static void combine_part(void *context, int32_t part) {
    struct channel_job *job = context;
    const double *x = job->x, *g = job->g, *centre = job->centre, *a = job->a, *b = job->b, *d = job->d;
    double *out = job->out;
    CHANNELS_DOUBLE_EACH_NUMBER(out[i] = a[c] * g[i] + (b[c] * (x[i] - centre[c]) + d[c]);)
}
#undef CHANNELS_DOUBLE_EACH_NUMBER

/// The parts' sums, added in order and divided.
static void total(const double *sums, int32_t parts, ptrdiff_t channels, double divisor, double *out) {
    for (ptrdiff_t c = 0; c < channels; c++) {
        double total = 0;
        for (int32_t part = 0; part < parts; part++) total += sums[part * channels + c];
        out[c] = total / divisor;
    }
}

enum ck_status ck_channel_moments_f64(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                      const double *x, double *mean, double *rest, double *variance) {
    CK_ASSERT(images, >= 0);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(pixels, >= 0);
    CK_ASSERT_IN(layout, CK_LAYOUT_ROWS, CK_LAYOUT_BLOCKED);
    CK_ASSERT_MEMORY(x, images * channels * pixels);
    CK_ASSERT_MEMORY(mean, channels);
    CK_ASSERT_MEMORY(rest, channels);
    CK_ASSERT_MEMORY(variance, channels);
    int32_t parts = images < CHANNELS_DOUBLE_SUM_PARTS ? (int32_t)images : CHANNELS_DOUBLE_SUM_PARTS;
    size_t size = sums_size(channels);
    struct channel_job job = {images, channels, pixels, parts, layout, x, .sums = ck_buffer_take(size)};
    if (!job.sums) return CK_NO_MEMORY;
    // Distances from each channel's first number: a channel of one number again and again has exactly that mean.
    struct ck_form form = ck_image_form(layout, channels, pixels);
    for (ptrdiff_t c = 0; c < channels; c++)
        rest[c] = images * pixels > 0 ? x[c / form.lanes * form.block_step + c % form.lanes] : 0;
    memset(job.sums, 0, size);
    job.centre = rest;
    ck_parallel(parts, sums_part, &job);
    total(job.sums, parts, channels, (double)(images * pixels), mean);
    for (ptrdiff_t c = 0; c < channels; c++) {
        double first = rest[c], distance = mean[c];
        mean[c] = first + distance;
        rest[c] = distance - (mean[c] - first);
    }
    memset(job.sums, 0, size);
    job.centre = mean;
    ck_parallel(parts, squares_part, &job);
    total(job.sums, parts, channels, (double)(images * pixels), variance);
    ck_buffer_give(job.sums, size);
    return CK_OK;
}

enum ck_status ck_channel_gradient_sums_f64(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                            const double *x, const double *g, const double *mean, const double *rest,
                                            double *sum, double *product) {
    CK_ASSERT(images, >= 0);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(pixels, >= 0);
    CK_ASSERT_IN(layout, CK_LAYOUT_ROWS, CK_LAYOUT_BLOCKED);
    CK_ASSERT_MEMORY(x, images * channels * pixels);
    CK_ASSERT_MEMORY(g, images * channels * pixels);
    CK_ASSERT_MEMORY(mean, channels);
    CK_ASSERT_MEMORY(rest, channels);
    CK_ASSERT_MEMORY(sum, channels);
    CK_ASSERT_MEMORY(product, channels);
    int32_t parts = images < CHANNELS_DOUBLE_SUM_PARTS ? (int32_t)images : CHANNELS_DOUBLE_SUM_PARTS;
    size_t size = sums_size(channels);
    struct channel_job job = {images, channels, pixels, parts, layout, x, g, .centre = mean,
                                    .sums = ck_buffer_take(size), .products = ck_buffer_take(size)};
    enum ck_status status = job.sums && job.products ? CK_OK : CK_NO_MEMORY;
    if (status == CK_OK) {
        memset(job.sums, 0, size);
        memset(job.products, 0, size);
        ck_parallel(parts, gradients_part, &job);
        total(job.sums, parts, channels, 1, sum);
        total(job.products, parts, channels, 1, product);
        for (ptrdiff_t c = 0; c < channels; c++) product[c] -= rest[c] * sum[c];
    }
    if (job.sums) ck_buffer_give(job.sums, size);
    if (job.products) ck_buffer_give(job.products, size);
    return status;
}

/// The channels that are not there stay zero.
static void clear_padding(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout, double *out) {
    if (layout == CK_LAYOUT_BLOCKED && channels % 16 != 0)
        memset(out, 0, (size_t)ck_image_count(layout, images, channels, pixels) * sizeof(double));
}

static int32_t image_parts(ptrdiff_t images, ptrdiff_t numbers) {
    int32_t parts = ck_elementwise_parts(numbers);
    return parts > images ? (images > 0 ? (int32_t)images : 1) : parts;
}

enum ck_status ck_channel_affine_f64(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                     const double *x, const double *centre, const double *scale, const double *shift,
                                     double *y) {
    CK_ASSERT(images, >= 0);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(pixels, >= 0);
    CK_ASSERT_IN(layout, CK_LAYOUT_ROWS, CK_LAYOUT_BLOCKED);
    CK_ASSERT_MEMORY(x, images * channels * pixels);
    CK_ASSERT_MEMORY(centre, channels);
    CK_ASSERT_MEMORY(scale, channels);
    CK_ASSERT_MEMORY(shift, channels);
    CK_ASSERT_MEMORY(y, images * channels * pixels);
    clear_padding(images, channels, pixels, layout, y);
    struct channel_job job = {
        images, channels, pixels, image_parts(images, images * channels * pixels), layout, x,
        .centre = centre, .a = scale, .b = shift, .out = y};
    ck_parallel(job.parts, affine_part, &job);
    return CK_OK;
}

enum ck_status ck_channel_combine_f64(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                      const double *x, const double *g, const double *centre, const double *a,
                                      const double *b, const double *d, double *out) {
    CK_ASSERT(images, >= 0);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(pixels, >= 0);
    CK_ASSERT_IN(layout, CK_LAYOUT_ROWS, CK_LAYOUT_BLOCKED);
    CK_ASSERT_MEMORY(x, images * channels * pixels);
    CK_ASSERT_MEMORY(g, images * channels * pixels);
    CK_ASSERT_MEMORY(centre, channels);
    CK_ASSERT_MEMORY(a, channels);
    CK_ASSERT_MEMORY(b, channels);
    CK_ASSERT_MEMORY(d, channels);
    CK_ASSERT_MEMORY(out, images * channels * pixels);
    clear_padding(images, channels, pixels, layout, out);
    struct channel_job job = {
        images, channels, pixels, image_parts(images, images * channels * pixels), layout, x, g,
        centre, a, b, d, .out = out};
    ck_parallel(job.parts, combine_part, &job);
    return CK_OK;
}
