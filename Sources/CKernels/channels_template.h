// Included by channels.c once for each of REAL = float and double; NAME(x) adds the suffix.

struct NAME(channel_job) {
    int64_t images, channels, pixels;
    int32_t parts, layout;
    const REAL *x, *g, *a, *b, *d;
    double *sums, *products;  // parts x channels each
    REAL *out;
};

/// One image's channel block b of `lanes` channels: what to do with its pixels is BODY, with `i` the place of channel
/// `c` in all three arrays.
#define EACH_NUMBER(BODY)                                                                        \
    struct ck_form form = ck_image_form(job->layout, job->channels, job->pixels);                \
    int64_t first, end;                                                                          \
    ck_part_range(job->images, job->parts, part, &first, &end);                                  \
    for (int64_t n = first; n < end; n++)                                                        \
        for (int64_t block = 0; block < form.blocks; block++) {                                  \
            int64_t base = n * form.image_step + block * form.block_step;                        \
            int64_t c0 = block * form.lanes;                                                     \
            int64_t lanes = block == form.blocks - 1 ? form.last_lanes : form.lanes;             \
            if (lanes == 1 && form.pixel_step == 1) {                                            \
                int64_t c = c0;                                                                  \
                for (int64_t i = base; i < base + job->pixels; i++) { BODY }                     \
            } else if (lanes == 16) {                                                            \
                for (int64_t p = 0; p < job->pixels; p++)                                        \
                    for (int64_t l = 0; l < 16; l++) {                                           \
                        int64_t c = c0 + l, i = base + p * form.pixel_step + l;                  \
                        BODY                                                                     \
                    }                                                                            \
            } else {                                                                             \
                for (int64_t p = 0; p < job->pixels; p++)                                        \
                    for (int64_t l = 0; l < lanes; l++) {                                        \
                        int64_t c = c0 + l, i = base + p * form.pixel_step + l;                  \
                        BODY                                                                     \
                    }                                                                            \
            }                                                                                    \
        }

CK_CLONES
static void NAME(sums_part)(void *context, int32_t part) {
    struct NAME(channel_job) *job = context;
    double *sums = job->sums + part * job->channels;
    const REAL *x = job->x;
    EACH_NUMBER(sums[c] += x[i];)
}

CK_CLONES
static void NAME(squares_part)(void *context, int32_t part) {
    struct NAME(channel_job) *job = context;
    double *sums = job->sums + part * job->channels;
    const REAL *x = job->x, *mean = job->a;
    EACH_NUMBER(double centred = (double)x[i] - mean[c]; sums[c] += centred * centred;)
}

CK_CLONES
static void NAME(gradients_part)(void *context, int32_t part) {
    struct NAME(channel_job) *job = context;
    double *sums = job->sums + part * job->channels, *products = job->products + part * job->channels;
    const REAL *x = job->x, *g = job->g, *mean = job->a;
    EACH_NUMBER(sums[c] += g[i]; products[c] += (double)g[i] * (x[i] - mean[c]);)
}

CK_CLONES
static void NAME(affine_part)(void *context, int32_t part) {
    struct NAME(channel_job) *job = context;
    const REAL *x = job->x, *a = job->a, *b = job->b;
    REAL *out = job->out;
    EACH_NUMBER(out[i] = a[c] * x[i] + b[c];)
}

CK_CLONES
static void NAME(combine_part)(void *context, int32_t part) {
    struct NAME(channel_job) *job = context;
    const REAL *x = job->x, *g = job->g, *a = job->a, *b = job->b, *d = job->d;
    REAL *out = job->out;
    EACH_NUMBER(out[i] = a[c] * g[i] + b[c] * x[i] + d[c];)
}
#undef EACH_NUMBER

/// The parts' sums, added in order and divided.
static void NAME(total)(const double *sums, int32_t parts, int64_t channels, double divisor, REAL *out) {
    for (int64_t c = 0; c < channels; c++) {
        double total = 0;
        for (int32_t part = 0; part < parts; part++) total += sums[part * channels + c];
        out[c] = (REAL)(total / divisor);
    }
}

void NAME(ck_channel_moments)(int64_t images, int64_t channels, int64_t pixels, int32_t layout, const REAL *x,
                              REAL *mean, REAL *variance) {
    int32_t parts = images < SUM_PARTS ? (int32_t)images : SUM_PARTS;
    size_t size = sums_size(channels);
    struct NAME(channel_job) job = {images, channels, pixels, parts, layout, x, .sums = ck_buffer_take(size)};
    if (!job.sums) return;
    memset(job.sums, 0, size);
    ck_parallel(parts, NAME(sums_part), &job);
    NAME(total)(job.sums, parts, channels, (double)(images * pixels), mean);
    memset(job.sums, 0, size);
    job.a = mean;
    ck_parallel(parts, NAME(squares_part), &job);
    NAME(total)(job.sums, parts, channels, (double)(images * pixels), variance);
    ck_buffer_give(job.sums, size);
}

void NAME(ck_channel_gradient_sums)(int64_t images, int64_t channels, int64_t pixels, int32_t layout,
                                    const REAL *x, const REAL *g, const REAL *mean, REAL *sum,
                                    REAL *product) {
    int32_t parts = images < SUM_PARTS ? (int32_t)images : SUM_PARTS;
    size_t size = sums_size(channels);
    struct NAME(channel_job) job = {images, channels, pixels, parts, layout, x, g, mean,
                                    .sums = ck_buffer_take(size), .products = ck_buffer_take(size)};
    if (job.sums && job.products) {
        memset(job.sums, 0, size);
        memset(job.products, 0, size);
        ck_parallel(parts, NAME(gradients_part), &job);
        NAME(total)(job.sums, parts, channels, 1, sum);
        NAME(total)(job.products, parts, channels, 1, product);
    }
    if (job.sums) ck_buffer_give(job.sums, size);
    if (job.products) ck_buffer_give(job.products, size);
}

/// The channels that are not there stay zero.
static void NAME(clear_padding)(int64_t images, int64_t channels, int64_t pixels, int32_t layout, REAL *out) {
    if (layout == CK_LAYOUT_BLOCKED && channels % 16 != 0)
        memset(out, 0, (size_t)ck_image_count(layout, images, channels, pixels) * sizeof(REAL));
}

static int32_t NAME(image_parts)(int64_t images, int64_t numbers) {
    int32_t parts = ck_elementwise_parts(numbers);
    return parts > images ? (images > 0 ? (int32_t)images : 1) : parts;
}

void NAME(ck_channel_affine)(int64_t images, int64_t channels, int64_t pixels, int32_t layout, const REAL *x,
                             const REAL *scale, const REAL *shift, REAL *y) {
    NAME(clear_padding)(images, channels, pixels, layout, y);
    struct NAME(channel_job) job = {
        images, channels, pixels, NAME(image_parts)(images, images * channels * pixels), layout, x,
        .a = scale, .b = shift, .out = y};
    ck_parallel(job.parts, NAME(affine_part), &job);
}

void NAME(ck_channel_combine)(int64_t images, int64_t channels, int64_t pixels, int32_t layout, const REAL *x,
                              const REAL *g, const REAL *a, const REAL *b, const REAL *d, REAL *out) {
    NAME(clear_padding)(images, channels, pixels, layout, out);
    struct NAME(channel_job) job = {
        images, channels, pixels, NAME(image_parts)(images, images * channels * pixels), layout, x, g,
        a, b, d, .out = out};
    ck_parallel(job.parts, NAME(combine_part), &job);
}
