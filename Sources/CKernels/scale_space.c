// Pictures blurred, doubled and halved: the scale space of SIFT.
#include <math.h>

#include "ck_buffer.h"
#include "ck_lanes.h"
#include "ck_pool.h"
#include "ck_sift_inside.h"

#define MAX_RADIUS 64
#define STRIP_ROWS 32

/// The index that a mirror at both ends gives: ... 2 1 0 1 2 ... n-1 n-2 ...
static int32_t mirrored(int32_t i, int32_t n) {
    if (n == 1) return 0;
    int32_t period = 2 * n - 2;
    i %= period;
    if (i < 0) i += period;
    return i < n ? i : period - i;
}

static int32_t strips(int32_t height, int32_t width) {
    if ((int64_t)height * width < 8192) return 1;
    return (height + STRIP_ROWS - 1) / STRIP_ROWS;
}

struct resize {
    const uint8_t *image;
    const float *picture;
    float *result;
    int32_t height, width;  // of the source for doubling and bytes, of the result for halving
    int64_t stride, result_stride;
    int32_t parts;
};

/// One row of twice the width from (3 near + far) / 4 of two rows.
CK_CLONES static void double_row(const uint8_t *near, const uint8_t *far, int32_t width, float *result) {
    int32_t first = 3 * near[0] + far[0], last = 3 * near[width - 1] + far[width - 1];
    for (int32_t x = 0; x + 1 < width; x++) {
        int32_t a = 3 * near[x] + far[x], b = 3 * near[x + 1] + far[x + 1];
        result[2 * x + 1] = (float)(3 * a + b) * 0.0625f;
        result[2 * x + 2] = (float)(a + 3 * b) * 0.0625f;
    }
    result[0] = (float)first * 0.25f;
    result[2 * width - 1] = (float)last * 0.25f;
}

static void double_part(void *context, int32_t part) {
    struct resize *work = context;
    int64_t first, end;
    ck_part_range(work->height, work->parts, part, &first, &end);
    for (int64_t y = first; y < end; y++) {
        const uint8_t *row = work->image + y * work->width;
        float *result = work->result + 2 * y * work->stride;
        double_row(row, y > 0 ? row - work->width : row, work->width, result);
        double_row(row, y + 1 < work->height ? row + work->width : row, work->width, result + work->stride);
    }
}

void ck_double_picture(const uint8_t *image, int32_t height, int32_t width, float *result, int64_t stride) {
    struct resize work = {.image = image, .result = result, .height = height, .width = width, .stride = stride,
                          .parts = strips(height, width)};
    ck_parallel(work.parts, double_part, &work);
}

CK_CLONES void ck_bytes_to_picture(const uint8_t *image, int32_t height, int32_t width, float *result, int64_t stride) {
    for (int32_t y = 0; y < height; y++)
        for (int32_t x = 0; x < width; x++) result[y * stride + x] = image[(int64_t)y * width + x];
}

CK_CLONES static void halve_rows(const struct resize *work, int64_t first, int64_t end) {
    for (int64_t y = first; y < end; y++) {
        const float *row = work->picture + 2 * y * work->stride;
        float *result = work->result + y * work->result_stride;
        for (int32_t x = 0; x < work->width; x++) result[x] = row[2 * x];
    }
}

static void halve_part(void *context, int32_t part) {
    struct resize *work = context;
    int64_t first, end;
    ck_part_range(work->height, work->parts, part, &first, &end);
    halve_rows(work, first, end);
}

void ck_halve_picture(const float *picture, int64_t stride, float *result, int32_t height, int32_t width,
                      int64_t result_stride) {
    struct resize work = {.picture = picture, .result = result, .height = height, .width = width, .stride = stride,
                          .result_stride = result_stride, .parts = strips(height, width)};
    ck_parallel(work.parts, halve_part, &work);
}

// --- Blur ---

struct blur {
    const float *picture;
    float *result;
    int32_t height, width;
    int64_t stride;
    int32_t radius;
    float weights[MAX_RADIUS + 1];  // of distance 0, 1, ...
    int32_t parts;
    int32_t failed;
};

/// result[x] = sum of weights times the rows at +-k; 64 columns at a time, so that the sums stay in registers. Rows
/// may be read and written up to the next multiple of 64.
CK_CLONES static void blur_down(const float *const *rows, const float *weights, int32_t radius, int32_t width,
                                float *result) {
    for (int32_t x = 0; x < width; x += 64) {
        const float *row = rows[radius] + x;
        f32x16 a = load16(row) * weights[0], b = load16(row + 16) * weights[0];
        f32x16 c = load16(row + 32) * weights[0], d = load16(row + 48) * weights[0];
        for (int32_t k = 1; k <= radius; k++) {
            const float *up = rows[radius - k] + x, *down = rows[radius + k] + x;
            float weight = weights[k];
            a += (load16(up) + load16(down)) * weight;
            b += (load16(up + 16) + load16(down + 16)) * weight;
            c += (load16(up + 32) + load16(down + 32)) * weight;
            d += (load16(up + 48) + load16(down + 48)) * weight;
        }
        store16(result + x, a);
        store16(result + x + 16, b);
        store16(result + x + 32, c);
        store16(result + x + 48, d);
    }
}

/// The same along a row, which has `radius` more numbers before its first and after its last.
CK_CLONES static void blur_along(const float *row, const float *weights, int32_t radius, int32_t width,
                                 float *result) {
    for (int32_t x = 0; x < width; x += 64) {
        const float *here = row + x;
        f32x16 a = load16(here) * weights[0], b = load16(here + 16) * weights[0];
        f32x16 c = load16(here + 32) * weights[0], d = load16(here + 48) * weights[0];
        for (int32_t k = 1; k <= radius; k++) {
            const float *left = here - k, *right = here + k;
            float weight = weights[k];
            a += (load16(left) + load16(right)) * weight;
            b += (load16(left + 16) + load16(right + 16)) * weight;
            c += (load16(left + 32) + load16(right + 32)) * weight;
            d += (load16(left + 48) + load16(right + 48)) * weight;
        }
        store16(result + x, a);
        store16(result + x + 16, b);
        store16(result + x + 32, c);
        store16(result + x + 48, d);
    }
}

static void blur_part(void *context, int32_t part) {
    struct blur *work = context;
    int32_t radius = work->radius, width = work->width;
    int64_t first, end;
    ck_part_range(work->height, work->parts, part, &first, &end);
    // A row with room for the mirrored ends and for whole vectors.
    size_t length = (size_t)((width + 63) & ~63) + 2 * MAX_RADIUS;
    float *memory = aligned_alloc(64, length * sizeof(float));
    if (!memory) {
        __atomic_store_n(&work->failed, 1, __ATOMIC_RELAXED);
        return;
    }
    float *line = memory + MAX_RADIUS;
    for (int64_t y = first; y < end; y++) {
        const float *rows[2 * MAX_RADIUS + 1];
        for (int32_t k = -radius; k <= radius; k++)
            rows[radius + k] = work->picture + mirrored((int32_t)y + k, work->height) * work->stride;
        blur_down(rows, work->weights, radius, width, line);
        for (int32_t k = 1; k <= radius; k++) {
            line[-k] = line[mirrored(-k, width)];
            line[width - 1 + k] = line[mirrored(width - 1 + k, width)];
        }
        blur_along(line, work->weights, radius, width, work->result + y * work->stride);
    }
    free(memory);
}

int32_t ck_gaussian_blur(const float *picture, float *result, int32_t height, int32_t width, int64_t stride,
                         float sigma) {
    // What lies beyond three sigma is 0.3 % of the weight.
    int32_t radius = (int32_t)ceilf(3.0f * sigma);
    if (radius > MAX_RADIUS) radius = MAX_RADIUS;
    struct blur work = {.picture = picture, .result = result, .height = height, .width = width, .stride = stride,
                        .radius = radius, .parts = strips(height, width)};
    double weights[MAX_RADIUS + 1], sum = 0;
    for (int32_t k = 0; k <= radius; k++) {
        weights[k] = exp(-0.5 * k * k / ((double)sigma * sigma));
        sum += k == 0 ? weights[k] : 2 * weights[k];
    }
    for (int32_t k = 0; k <= radius; k++) work.weights[k] = (float)(weights[k] / sum);
    ck_parallel(work.parts, blur_part, &work);
    return work.failed ? -1 : 0;
}
