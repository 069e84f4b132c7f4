// Passes over float32 images that treat each channel alike: what batch normalisation is made of. Sums are made in parts
// that follow from the batch, then added in order, so the bits do not depend on the number of threads.
//
// Whatever the layout, the images are runs of numbers in which the channels come back with a period of whole vectors
// of sixteen: one vector for a plane of one channel or a block of sixteen, C / gcd(C, 16) for channels last. Lane i of
// a layout is one place in those periods; what belongs to a channel is spread over its lanes before a pass and added
// up from them after it. The lanes of channels that are not there hold zeros.
//
// More than 500 lines: every pass goes over the same tiles by the same functions, which are all inlined.
#include <stdlib.h>
#include <string.h>

#include "ck_core.h"
#include "ck_nn.h"

// Vectors are passed between functions that are all inlined, so no calling convention matters.
#pragma GCC diagnostic ignored "-Wpsabi"

#define CHANNELS_SUM_PARTS 8
// Numbers that stay in the first cache from one pass over them to the next.
#define CHANNELS_TILE 4096
// Vectors that are added in float32 before they go into a sum in double.
#define CHANNELS_SHORT_RUN 32

typedef float lanes_f __attribute__((vector_size(64)));
typedef int32_t lanes_i __attribute__((vector_size(64)));
typedef double lanes_d __attribute__((vector_size(128)));

struct channel_job {
    ptrdiff_t images, channels, pixels, period, lanes;
    int32_t parts, layout;
    const float *x, *g, *centre, *a, *b, *d;  // all but x and g: a number for each lane
    double *sums, *products;         // parts x lanes each
    float *out;
    // What follows a normalisation in one pass with it: a sum, max(0, y); and what is needed to know where y was above zero.
    const float *addend, *scale, *shift, *result;
    float *masked;
    int32_t rectifies;
};

static ptrdiff_t common_divisor(ptrdiff_t a, ptrdiff_t b) { return b == 0 ? a : common_divisor(b, a % b); }

static struct channel_job job_for(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout) {
    struct channel_job job = {.images = images, .channels = channels, .pixels = pixels, .layout = layout, .period = 1};
    if (layout == CK_LAYOUT_CHANNELS_LAST) job.period = channels / common_divisor(channels, 16);
    job.lanes = layout == CK_LAYOUT_ROWS      ? channels * 16
                : layout == CK_LAYOUT_BLOCKED ? (channels + 15) / 16 * 16
                                              : job.period * 16;
    return job;
}

/// The channel of the lane after one of `channel`.
CK_INLINE ptrdiff_t next_channel(const struct channel_job *job, ptrdiff_t lane, ptrdiff_t channel) {
    switch (job->layout) {
    case CK_LAYOUT_ROWS: return (lane + 1) / 16;
    case CK_LAYOUT_BLOCKED: return lane + 1;
    default: return channel + 1 == job->channels ? 0 : channel + 1;
    }
}

/// A piece of a run: `rows` whole periods at `start`, then `rest` numbers of another; its first lane.
struct tile {
    ptrdiff_t start, rows, rest, lane;
};

/// Calls `body` for each tile of the part's images.
CK_INLINE void each_tile(const struct channel_job *job, int32_t part,
                         void (*body)(const struct channel_job *, int32_t, struct tile)) {
    ptrdiff_t first, end, width = job->period * 16;
    ck_part_range(job->images, job->parts, part, &first, &end);
    ptrdiff_t step = ck_image_count(job->layout, 1, job->channels, job->pixels);
    ptrdiff_t run = job->layout == CK_LAYOUT_ROWS      ? job->pixels
                  : job->layout == CK_LAYOUT_BLOCKED ? job->pixels * 16
                                                     : (end - first) * step;
    ptrdiff_t rows = CHANNELS_TILE / width > 0 ? CHANNELS_TILE / width : 1, lane = 0;
    for (ptrdiff_t start = first * step; start < end * step; start += run) {
        for (ptrdiff_t at = 0; at < run; at += rows * width) {
            ptrdiff_t count = run - at < rows * width ? run - at : rows * width;
            body(job, part, (struct tile){start + at, count / width, count % width, lane});
        }
        lane = lane + width == job->lanes ? 0 : lane + width;
    }
}

CK_INLINE lanes_f load(const float *x) {
    lanes_f v;
    memcpy(&v, x, sizeof v);
    return v;
}
CK_INLINE void store(lanes_f v, float *x) { memcpy(x, &v, sizeof v); }

/// v where y is above zero or no number, else 0.
CK_INLINE lanes_f where_above(lanes_f v, lanes_f y) { return (lanes_f)((lanes_i)v & ~(y <= (lanes_f){})); }

CK_INLINE void add_to(double *sum, lanes_d value) {
    lanes_d old;
    memcpy(&old, sum, sizeof old);
    old += value;
    memcpy(sum, &old, sizeof old);
}

/// The sum of TERM, which is made of the vectors at `i`, over `rows` vectors `width` apart.
#define CHANNELS_SUM_OF(RESULT, TERM)                                                               \
    lanes_d RESULT = {};                                                                            \
    for (ptrdiff_t row = 0; row < rows; row += CHANNELS_SHORT_RUN) {                                \
        ptrdiff_t end = row + CHANNELS_SHORT_RUN < rows ? row + CHANNELS_SHORT_RUN : rows, r = row; \
        lanes_f s0 = {}, s1 = {}, s2 = {}, s3 = {};                                                 \
        for (; r + 4 <= end; r += 4) {                                                              \
            ptrdiff_t i = r * width;                                                                \
            s0 += TERM;                                                                             \
            i += width;                                                                             \
            s1 += TERM;                                                                             \
            i += width;                                                                             \
            s2 += TERM;                                                                             \
            i += width;                                                                             \
            s3 += TERM;                                                                             \
        }                                                                                           \
        for (; r < end; r++) {                                                                      \
            ptrdiff_t i = r * width;                                                                \
            s0 += TERM;                                                                             \
        }                                                                                           \
        RESULT += __builtin_convertvector((s0 + s1) + (s2 + s3), lanes_d);                          \
    }

CK_INLINE lanes_d sum_of(const float *x, ptrdiff_t rows, ptrdiff_t width) {
    CHANNELS_SUM_OF(sum, load(x + i))
    return sum;
}

CK_INLINE lanes_d distances_of(const float *x, lanes_f from, ptrdiff_t rows, ptrdiff_t width) {
    CHANNELS_SUM_OF(sum, load(x + i) - from)
    return sum;
}

CK_INLINE lanes_d squares_of(const float *x, lanes_f centre, ptrdiff_t rows, ptrdiff_t width) {
    CHANNELS_SUM_OF(sum, (load(x + i) - centre) * (load(x + i) - centre))
    return sum;
}

CK_INLINE lanes_d products_of(const float *g, const float *x, lanes_f mean, ptrdiff_t rows, ptrdiff_t width) {
    CHANNELS_SUM_OF(sum, load(g + i) * (load(x + i) - mean))
    return sum;
}

/// g where scale (x - centre) + shift is above zero.
struct channel_lanes {
    lanes_f centre, scale, shift;
};
CK_INLINE lanes_f passed_on(const float *g, const float *x, const struct channel_lanes *y) {
    return where_above(load(g), y->scale * (load(x) - y->centre) + y->shift);
}

CK_INLINE lanes_d passed_sum_of(const float *g, const float *x, const struct channel_lanes *y, ptrdiff_t rows,
                                ptrdiff_t width) {
    CHANNELS_SUM_OF(sum, passed_on(g + i, x + i, y))
    return sum;
}

CK_INLINE lanes_d passed_products_of(const float *g, const float *x, const struct channel_lanes *y, ptrdiff_t rows,
                                     ptrdiff_t width) {
    CHANNELS_SUM_OF(sum, passed_on(g + i, x + i, y) * (load(x + i) - y->centre))
    return sum;
}

/// Sums of d and of d^2, d = x - the channel's first number: numbers far from zero lie near each other, and float32 has
/// their distances exactly. The squares are taken about the tile's own means, for the same reason.
CK_INLINE void moments_tile(const struct channel_job *job, int32_t part, struct tile tile) {
    double *sums = job->sums + part * job->lanes + tile.lane, *squares = job->products + part * job->lanes + tile.lane;
    ptrdiff_t width = job->period * 16;
    const float *x = job->x + tile.start, *first = job->centre + tile.lane;
    for (ptrdiff_t l = 0; l < width && tile.rows > 0; l += 16) {
        lanes_f from = load(first + l);
        lanes_d sum = distances_of(x + l, from, tile.rows, width);
        lanes_f centre = from + __builtin_convertvector(sum / (double)tile.rows, lanes_f);
        lanes_d c = __builtin_convertvector(centre, lanes_d) - __builtin_convertvector(from, lanes_d);
        lanes_d square = squares_of(x + l, centre, tile.rows, width);
        add_to(sums + l, sum);
        add_to(squares + l, square + c * (2 * sum - (double)tile.rows * c));
    }
    for (ptrdiff_t l = 0; l < tile.rest; l++) {
        double distance = (double)x[tile.rows * width + l] - first[l];
        sums[l] += distance;
        squares[l] += distance * distance;
    }
}

CK_INLINE void gradients_tile(const struct channel_job *job, int32_t part, struct tile tile) {
    double *sums = job->sums + part * job->lanes + tile.lane, *products = job->products + part * job->lanes + tile.lane;
    ptrdiff_t width = job->period * 16;
    const float *x = job->x + tile.start, *g = job->g + tile.start, *mean = job->centre + tile.lane;
    for (ptrdiff_t l = 0; l < width && tile.rows > 0; l += 16) {
        add_to(sums + l, sum_of(g + l, tile.rows, width));
        add_to(products + l, products_of(g + l, x + l, load(mean + l), tile.rows, width));
    }
    for (ptrdiff_t l = 0; l < tile.rest; l++) {
        ptrdiff_t i = tile.rows * width + l;
        sums[l] += g[i];
        products[l] += (double)g[i] * ((double)x[i] - mean[l]);
    }
}

CK_INLINE void affine_tile(const struct channel_job *job, int32_t part, struct tile tile) {
    (void)part;
    ptrdiff_t width = job->period * 16;
    const float *x = job->x + tile.start, *c = job->centre + tile.lane, *a = job->a + tile.lane, *b = job->b + tile.lane;
    float *out = job->out + tile.start;
    if (width == 16) {
        lanes_f centre = load(c), scale = load(a), shift = load(b);
        for (ptrdiff_t i = 0; i < tile.rows * 16; i += 16) store(scale * (load(x + i) - centre) + shift, out + i);
    } else {
        for (ptrdiff_t i = 0; i < tile.rows * width; i += width)
            for (ptrdiff_t l = 0; l < width; l += 16)
                store(load(a + l) * (load(x + i + l) - load(c + l)) + load(b + l), out + i + l);
    }
    for (ptrdiff_t l = 0, i = tile.rows * width; l < tile.rest; l++, i++) out[i] = a[l] * (x[i] - c[l]) + b[l];
}

CK_INLINE void combine_tile(const struct channel_job *job, int32_t part, struct tile tile) {
    (void)part;
    ptrdiff_t width = job->period * 16;
    const float *x = job->x + tile.start, *g = job->g + tile.start, *c = job->centre + tile.lane;
    const float *a = job->a + tile.lane, *b = job->b + tile.lane, *d = job->d + tile.lane;
    float *out = job->out + tile.start;
    if (width == 16) {
        lanes_f centre = load(c), by_g = load(a), by_x = load(b), rest = load(d);
        for (ptrdiff_t i = 0; i < tile.rows * 16; i += 16)
            store(by_g * load(g + i) + (by_x * (load(x + i) - centre) + rest), out + i);
    } else {
        for (ptrdiff_t i = 0; i < tile.rows * width; i += width)
            for (ptrdiff_t l = 0; l < width; l += 16)
                store(load(a + l) * load(g + i + l) + (load(b + l) * (load(x + i + l) - load(c + l)) + load(d + l)),
                      out + i + l);
    }
    for (ptrdiff_t l = 0, i = tile.rows * width; l < tile.rest; l++, i++)
        out[i] = a[l] * g[i] + (b[l] * (x[i] - c[l]) + d[l]);
}

CK_INLINE float rectified(float y) { return y <= 0 ? 0 : y; }

/// An affine pass, and what follows: both are known when this is inlined.
CK_INLINE void affine_then(const struct channel_job *job, struct tile tile, int adds, int rectifies) {
    ptrdiff_t width = job->period * 16;
    const float *x = job->x + tile.start, *c = job->centre + tile.lane, *a = job->a + tile.lane, *b = job->b + tile.lane;
    const float *addend = adds ? job->addend + tile.start : x;
    float *out = job->out + tile.start;
    for (ptrdiff_t l = 0; l < width; l += 16) {
        lanes_f centre = load(c + l), scale = load(a + l), shift = load(b + l);
        for (ptrdiff_t i = l; i < tile.rows * width; i += width) {
            lanes_f y = scale * (load(x + i) - centre) + shift;
            if (adds) y += load(addend + i);
            store(rectifies ? where_above(y, y) : y, out + i);
        }
    }
    for (ptrdiff_t l = 0, i = tile.rows * width; l < tile.rest; l++, i++) {
        float y = a[l] * (x[i] - c[l]) + b[l];
        if (adds) y += addend[i];
        out[i] = rectifies ? rectified(y) : y;
    }
}

CK_INLINE void joined_tile(const struct channel_job *job, int32_t part, struct tile tile) {
    (void)part;
    if (job->addend && job->rectifies) affine_then(job, tile, 1, 1);
    else if (job->addend) affine_then(job, tile, 1, 0);
    else affine_then(job, tile, 0, 1);
}

/// The sums of what a rectified sum passes on, which is kept.
CK_INLINE void masked_tile(const struct channel_job *job, int32_t part, struct tile tile) {
    ptrdiff_t count = tile.rows * job->period * 16 + tile.rest, i = 0;
    const float *g = job->g + tile.start, *y = job->result + tile.start;
    float *masked = job->masked + tile.start;
    for (; i + 16 <= count; i += 16) store(where_above(load(g + i), load(y + i)), masked + i);
    for (; i < count; i++) masked[i] = y[i] <= 0 ? 0 : g[i];
    struct channel_job passed = *job;
    passed.g = job->masked;
    gradients_tile(&passed, part, tile);
}

CK_INLINE void passed_gradients_tile(const struct channel_job *job, int32_t part, struct tile tile) {
    double *sums = job->sums + part * job->lanes + tile.lane, *products = job->products + part * job->lanes + tile.lane;
    ptrdiff_t width = job->period * 16;
    const float *x = job->x + tile.start, *g = job->g + tile.start, *mean = job->centre + tile.lane;
    const float *scale = job->scale + tile.lane, *shift = job->shift + tile.lane;
    for (ptrdiff_t l = 0; l < width && tile.rows > 0; l += 16) {
        struct channel_lanes y = {load(mean + l), load(scale + l), load(shift + l)};
        add_to(sums + l, passed_sum_of(g + l, x + l, &y, tile.rows, width));
        add_to(products + l, passed_products_of(g + l, x + l, &y, tile.rows, width));
    }
    for (ptrdiff_t l = 0, i = tile.rows * width; l < tile.rest; l++, i++) {
        if (scale[l] * (x[i] - mean[l]) + shift[l] <= 0) continue;
        sums[l] += g[i];
        products[l] += (double)g[i] * ((double)x[i] - mean[l]);
    }
}

CK_INLINE void passed_combine_tile(const struct channel_job *job, int32_t part, struct tile tile) {
    (void)part;
    ptrdiff_t width = job->period * 16;
    const float *x = job->x + tile.start, *g = job->g + tile.start, *c = job->centre + tile.lane;
    const float *a = job->a + tile.lane, *b = job->b + tile.lane, *d = job->d + tile.lane;
    const float *scale = job->scale + tile.lane, *shift = job->shift + tile.lane;
    float *out = job->out + tile.start;
    for (ptrdiff_t l = 0; l < width; l += 16) {
        struct channel_lanes y = {load(c + l), load(scale + l), load(shift + l)};
        lanes_f by_g = load(a + l), by_x = load(b + l), rest = load(d + l);
        for (ptrdiff_t i = l; i < tile.rows * width; i += width)
            store(by_g * passed_on(g + i, x + i, &y) + (by_x * (load(x + i) - y.centre) + rest), out + i);
    }
    for (ptrdiff_t l = 0, i = tile.rows * width; l < tile.rest; l++, i++) {
        float passed = scale[l] * (x[i] - c[l]) + shift[l] <= 0 ? 0 : g[i];
        out[i] = a[l] * passed + (b[l] * (x[i] - c[l]) + d[l]);
    }
}

CK_CLONES
static void moments_part(void *job, int32_t part) { each_tile(job, part, moments_tile); }
CK_CLONES
static void gradients_part(void *job, int32_t part) { each_tile(job, part, gradients_tile); }
CK_CLONES
static void affine_part(void *job, int32_t part) { each_tile(job, part, affine_tile); }
CK_CLONES
static void combine_part(void *job, int32_t part) { each_tile(job, part, combine_tile); }

CK_CLONES
static void joined_part(void *job, int32_t part) { each_tile(job, part, joined_tile); }
CK_CLONES
static void masked_part(void *job, int32_t part) { each_tile(job, part, masked_tile); }
CK_CLONES
static void passed_gradients_part(void *job, int32_t part) { each_tile(job, part, passed_gradients_tile); }
CK_CLONES
static void passed_combine_part(void *job, int32_t part) { each_tile(job, part, passed_combine_tile); }

/// Bytes of whole cache lines, as buffers are taken.
static ptrdiff_t whole_lines(ptrdiff_t bytes) { return (bytes + 63) & ~(ptrdiff_t)63; }

static ptrdiff_t lanes_size(const struct channel_job *job) {
    return whole_lines(job->lanes * (ptrdiff_t)sizeof(float));
}

/// A number for each channel, in each of its lanes; NULL when there is no memory.
static float *spread(const struct channel_job *job, const float *values) {
    float *lanes = ck_buffer_take(lanes_size(job));
    if (!lanes) return NULL;
    for (ptrdiff_t lane = 0, channel = 0; lane < job->lanes; channel = next_channel(job, lane, channel), lane++)
        lanes[lane] = channel < job->channels ? values[channel] : 0;
    return lanes;
}

static void release(const struct channel_job *job, const float *lanes) {
    if (lanes) ck_buffer_give((void *)lanes, lanes_size(job));
}

static ptrdiff_t sums_size(const struct channel_job *job) {
    return whole_lines((CHANNELS_SUM_PARTS + 1) * job->lanes * (ptrdiff_t)sizeof(double));
}

static enum ck_status take_sums(struct channel_job *job) {
    ptrdiff_t size = sums_size(job);
    job->parts = job->images < CHANNELS_SUM_PARTS ? (int32_t)job->images : CHANNELS_SUM_PARTS;
    job->sums = ck_buffer_take(size);
    job->products = ck_buffer_take(size);
    if (!job->sums || !job->products) return CK_NO_MEMORY;
    memset(job->sums, 0, (size_t)size);
    memset(job->products, 0, (size_t)size);
    return CK_OK;
}

static void release_sums(struct channel_job *job) {
    if (job->sums) ck_buffer_give(job->sums, sums_size(job));
    if (job->products) ck_buffer_give(job->products, sums_size(job));
}

/// The sum of each channel, from the parts' sums in order and then from its lanes; it lies behind the parts' sums.
static const double *totals_of(const struct channel_job *job, double *sums) {
    double *totals = sums + CHANNELS_SUM_PARTS * job->lanes;
    for (int32_t part = 1; part < job->parts; part++)
        for (ptrdiff_t lane = 0; lane < job->lanes; lane++) sums[lane] += sums[part * job->lanes + lane];
    for (ptrdiff_t lane = 0, channel = 0; lane < job->lanes; channel = next_channel(job, lane, channel), lane++)
        if (channel < job->channels) totals[channel] += sums[lane];
    return totals;
}

/// The first number of each channel; zeros where there are no numbers.
static void first_numbers(const struct channel_job *job, float *first) {
    struct ck_form form = ck_image_form(job->layout, job->channels, job->pixels);
    memset(first, 0, (size_t)job->channels * sizeof(float));
    if (job->images * job->pixels == 0) return;
    for (ptrdiff_t block = 0, c = 0; block < form.blocks; block++)
        for (ptrdiff_t lane = 0; lane < form.lanes && c < job->channels; lane++)
            first[c++] = job->x[block * form.block_step + lane];
}

enum ck_status ck_channel_moments_f32(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                      const float *x, float *mean, float *rest, float *variance) {
    CK_ASSERT(images, >= 0);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(pixels, >= 0);
    CK_ASSERT_IN(layout, CK_LAYOUT_ROWS, CK_LAYOUT_BLOCKED);
    CK_ASSERT_MEMORY(x, images * channels * pixels);
    CK_ASSERT_MEMORY(mean, channels);
    CK_ASSERT_MEMORY(rest, channels);
    CK_ASSERT_MEMORY(variance, channels);
    struct channel_job job = job_for(images, channels, pixels, layout);
    job.x = x;
    first_numbers(&job, mean);
    job.centre = spread(&job, mean);
    enum ck_status status = job.centre ? take_sums(&job) : CK_NO_MEMORY;
    if (status == CK_OK) {
        ck_parallel(job.parts, moments_part, &job);
        const double *sums = totals_of(&job, job.sums), *squares = totals_of(&job, job.products);
        double count = (double)(images * pixels);
        for (ptrdiff_t c = 0; c < channels; c++) {
            double distance = sums[c] / count, left = (squares[c] - sums[c] * distance) / count;
            double exact = (double)mean[c] + distance;
            mean[c] = (float)exact;
            rest[c] = (float)(exact - mean[c]);
            variance[c] = left < 0 ? 0 : (float)left;
        }
    }
    release_sums(&job);
    release(&job, job.centre);
    return status;
}

/// The sums of each channel by one of the parts above.
static enum ck_status gradient_sums(struct channel_job *job, void (*each_part)(void *, int32_t), const float *mean,
                                    const float *rest, float *sum, float *product) {
    job->centre = spread(job, mean);
    enum ck_status status = job->centre ? take_sums(job) : CK_NO_MEMORY;
    if (status == CK_OK) {
        ck_parallel(job->parts, each_part, job);
        const double *sums = totals_of(job, job->sums), *products = totals_of(job, job->products);
        for (ptrdiff_t c = 0; c < job->channels; c++) {
            sum[c] = (float)sums[c];
            product[c] = (float)(products[c] - rest[c] * sums[c]);
        }
    }
    release_sums(job);
    release(job, job->centre);
    return status;
}

enum ck_status ck_channel_gradient_sums_f32(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                            const float *x, const float *g, const float *mean, const float *rest,
                                            float *sum, float *product) {
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
    struct channel_job job = job_for(images, channels, pixels, layout);
    job.x = x;
    job.g = g;
    return gradient_sums(&job, gradients_part, mean, rest, sum, product);
}

enum ck_status ck_channel_joined_sums_f32(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                          const float *x, const float *g, const float *mean, const float *rest,
                                          const float *scale, const float *shift, const float *result, float *masked,
                                          float *sum, float *product) {
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
    struct channel_job job = job_for(images, channels, pixels, layout);
    job.x = x;
    job.g = g;
    if (masked) {
        CK_ASSERT_MEMORY(result, images * channels * pixels);
        job.result = result;
        job.masked = masked;
        return gradient_sums(&job, masked_part, mean, rest, sum, product);
    }
    CK_ASSERT_MEMORY(scale, channels);
    CK_ASSERT_MEMORY(shift, channels);
    job.scale = spread(&job, scale);
    job.shift = spread(&job, shift);
    enum ck_status status = job.scale && job.shift
                                ? gradient_sums(&job, passed_gradients_part, mean, rest, sum, product)
                                : CK_NO_MEMORY;
    release(&job, job.scale);
    release(&job, job.shift);
    return status;
}

static void set_image_parts(struct channel_job *job) {
    int32_t parts = ck_elementwise_parts(job->images * job->channels * job->pixels);
    job->parts = parts > job->images ? (job->images > 0 ? (int32_t)job->images : 1) : parts;
}

enum ck_status ck_channel_affine_f32(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                     const float *x, const float *centre, const float *scale, const float *shift,
                                     float *y) {
    CK_ASSERT(images, >= 0);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(pixels, >= 0);
    CK_ASSERT_IN(layout, CK_LAYOUT_ROWS, CK_LAYOUT_BLOCKED);
    CK_ASSERT_MEMORY(x, images * channels * pixels);
    CK_ASSERT_MEMORY(centre, channels);
    CK_ASSERT_MEMORY(scale, channels);
    CK_ASSERT_MEMORY(shift, channels);
    CK_ASSERT_MEMORY(y, images * channels * pixels);
    struct channel_job job = job_for(images, channels, pixels, layout);
    job.x = x;
    job.out = y;
    job.centre = spread(&job, centre);
    job.a = spread(&job, scale);
    job.b = spread(&job, shift);
    enum ck_status status = job.centre && job.a && job.b ? CK_OK : CK_NO_MEMORY;
    set_image_parts(&job);
    if (status == CK_OK) ck_parallel(job.parts, affine_part, &job);
    release(&job, job.centre);
    release(&job, job.a);
    release(&job, job.b);
    return status;
}

enum ck_status ck_channel_combine_f32(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                      const float *x, const float *g, const float *centre, const float *a,
                                      const float *b, const float *d, float *out) {
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
    struct channel_job job = job_for(images, channels, pixels, layout);
    job.x = x;
    job.g = g;
    job.out = out;
    job.centre = spread(&job, centre);
    job.a = spread(&job, a);
    job.b = spread(&job, b);
    job.d = spread(&job, d);
    enum ck_status status = job.centre && job.a && job.b && job.d ? CK_OK : CK_NO_MEMORY;
    set_image_parts(&job);
    if (status == CK_OK) ck_parallel(job.parts, combine_part, &job);
    release(&job, job.centre);
    release(&job, job.a);
    release(&job, job.b);
    release(&job, job.d);
    return status;
}

enum ck_status ck_channel_joined_f32(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                     const float *x, const float *centre, const float *scale, const float *shift,
                                     const float *addend, int32_t rectifies, float *y) {
    CK_ASSERT(images, >= 0);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(pixels, >= 0);
    CK_ASSERT_IN(layout, CK_LAYOUT_ROWS, CK_LAYOUT_BLOCKED);
    CK_ASSERT_MEMORY(x, images * channels * pixels);
    CK_ASSERT_MEMORY(centre, channels);
    CK_ASSERT_MEMORY(scale, channels);
    CK_ASSERT_MEMORY(shift, channels);
    CK_ASSERT_MEMORY(y, images * channels * pixels);
    struct channel_job job = job_for(images, channels, pixels, layout);
    job.x = x;
    job.out = y;
    job.addend = addend;
    job.rectifies = rectifies;
    job.centre = spread(&job, centre);
    job.a = spread(&job, scale);
    job.b = spread(&job, shift);
    enum ck_status status = job.centre && job.a && job.b ? CK_OK : CK_NO_MEMORY;
    set_image_parts(&job);
    if (status == CK_OK) ck_parallel(job.parts, addend || rectifies ? joined_part : affine_part, &job);
    release(&job, job.centre);
    release(&job, job.a);
    release(&job, job.b);
    return status;
}

enum ck_status ck_channel_joined_combine_f32(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                             const float *x, const float *g, const float *centre, const float *a,
                                             const float *b, const float *d, const float *scale, const float *shift,
                                             float *out) {
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
    CK_ASSERT_MEMORY(scale, channels);
    CK_ASSERT_MEMORY(shift, channels);
    CK_ASSERT_MEMORY(out, images * channels * pixels);
    struct channel_job job = job_for(images, channels, pixels, layout);
    job.x = x;
    job.g = g;
    job.out = out;
    job.centre = spread(&job, centre);
    job.a = spread(&job, a);
    job.b = spread(&job, b);
    job.d = spread(&job, d);
    job.scale = spread(&job, scale);
    job.shift = spread(&job, shift);
    enum ck_status status = job.centre && job.a && job.b && job.d && job.scale && job.shift ? CK_OK : CK_NO_MEMORY;
    set_image_parts(&job);
    if (status == CK_OK) ck_parallel(job.parts, passed_combine_part, &job);
    release(&job, job.centre);
    release(&job, job.a);
    release(&job, job.b);
    release(&job, job.d);
    release(&job, job.scale);
    release(&job, job.shift);
    return status;
}
