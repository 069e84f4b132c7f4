// Pictures blurred, doubled and halved: the scale space of SIFT.
#include <math.h>

#include "ck_core.h"
#include "core/lanes.h"
#include "features/sift.h"

#define SCALE_SPACE_STRIP_ROWS 32

static int32_t strips(int32_t height, int32_t width) {
    if ((ptrdiff_t)height * width < 8192) return 1;
    return (height + SCALE_SPACE_STRIP_ROWS - 1) / SCALE_SPACE_STRIP_ROWS;
}

struct resize {
    const uint8_t *image;
    const float *picture;
    float *result;
    int32_t height, width;  // of the source for doubling and bytes, of the result for halving
    ptrdiff_t stride, result_stride;
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
    ptrdiff_t first, end;
    ck_part_range(work->height, work->parts, part, &first, &end);
    for (ptrdiff_t y = first; y < end; y++) {
        const uint8_t *row = work->image + y * work->width;
        float *result = work->result + 2 * y * work->stride;
        double_row(row, y > 0 ? row - work->width : row, work->width, result);
        double_row(row, y + 1 < work->height ? row + work->width : row, work->width, result + work->stride);
    }
}

void ck_double_picture(const uint8_t *image, int32_t height, int32_t width, float *result, ptrdiff_t stride) {
    struct resize work = {.image = image, .result = result, .height = height, .width = width, .stride = stride,
                          .parts = strips(height, width)};
    ck_parallel(work.parts, double_part, &work);
}

CK_CLONES void ck_bytes_to_picture(const uint8_t *image, int32_t height, int32_t width, float *result,
                                   ptrdiff_t stride) {
    for (int32_t y = 0; y < height; y++)
        for (int32_t x = 0; x < width; x++) result[y * stride + x] = image[(ptrdiff_t)y * width + x];
}

CK_CLONES static void halve_rows(const struct resize *work, ptrdiff_t first, ptrdiff_t end) {
    for (ptrdiff_t y = first; y < end; y++) {
        const float *row = work->picture + 2 * y * work->stride;
        float *result = work->result + y * work->result_stride;
        for (int32_t x = 0; x < work->width; x++) result[x] = row[2 * x];
    }
}

static void halve_part(void *context, int32_t part) {
    struct resize *work = context;
    ptrdiff_t first, end;
    ck_part_range(work->height, work->parts, part, &first, &end);
    halve_rows(work, first, end);
}

void ck_halve_picture(const float *picture, ptrdiff_t stride, float *result, int32_t height, int32_t width,
                      ptrdiff_t result_stride) {
    struct resize work = {.picture = picture, .result = result, .height = height, .width = width, .stride = stride,
                          .result_stride = result_stride, .parts = strips(height, width)};
    ck_parallel(work.parts, halve_part, &work);
}

// --- Blur ---

struct blur {
    const float *picture;
    float *result;
    int32_t height, width;
    ptrdiff_t stride;
    struct ck_gaussian gaussian;
    int32_t parts;
    int32_t failed;
};

/// result[x] = sum of weights times the rows at +-k; 64 columns at a time, so that the sums stay in registers. Rows
/// may be read and written up to the next multiple of 64.
CK_CLONES static void blur_down(const float *const *rows, const float *weights, int32_t radius, int32_t width,
                                float *result) {
    for (int32_t x = 0; x < width; x += 64) {
        const float *row = rows[radius] + x;
        f32x16 a = CK_LOAD16(row) * weights[0], b = CK_LOAD16(row + 16) * weights[0];
        f32x16 c = CK_LOAD16(row + 32) * weights[0], d = CK_LOAD16(row + 48) * weights[0];
        for (int32_t k = 1; k <= radius; k++) {
            const float *up = rows[radius - k] + x, *down = rows[radius + k] + x;
            float weight = weights[k];
            a += (CK_LOAD16(up) + CK_LOAD16(down)) * weight;
            b += (CK_LOAD16(up + 16) + CK_LOAD16(down + 16)) * weight;
            c += (CK_LOAD16(up + 32) + CK_LOAD16(down + 32)) * weight;
            d += (CK_LOAD16(up + 48) + CK_LOAD16(down + 48)) * weight;
        }
        CK_STORE16(result + x, a);
        CK_STORE16(result + x + 16, b);
        CK_STORE16(result + x + 32, c);
        CK_STORE16(result + x + 48, d);
    }
}

/// Two rows at once from 2 radius + 2: each row around them is loaded once for both. The sums are those of blur_down.
CK_CLONES static void blur_two_down(const float *const *rows, const float *weights, int32_t radius, int32_t width,
                                    float *result, float *below) {
    for (int32_t x = 0; x < width; x += 32) {
        const float *row = rows[radius] + x, *next = rows[radius + 1] + x;
        // What the row above the next one, and the row below this one, are: the other's own.
        f32x16 up0 = CK_LOAD16(row), up1 = CK_LOAD16(row + 16), down0 = CK_LOAD16(next), down1 = CK_LOAD16(next + 16);
        f32x16 a = up0 * weights[0], b = up1 * weights[0], c = down0 * weights[0], d = down1 * weights[0];
        for (int32_t k = 1; k <= radius; k++) {
            const float *above = rows[radius - k] + x, *beneath = rows[radius + 1 + k] + x;
            f32x16 above0 = CK_LOAD16(above), above1 = CK_LOAD16(above + 16);
            f32x16 beneath0 = CK_LOAD16(beneath), beneath1 = CK_LOAD16(beneath + 16);
            float weight = weights[k];
            a += (above0 + down0) * weight;
            b += (above1 + down1) * weight;
            c += (up0 + beneath0) * weight;
            d += (up1 + beneath1) * weight;
            up0 = above0;
            up1 = above1;
            down0 = beneath0;
            down1 = beneath1;
        }
        CK_STORE16(result + x, a);
        CK_STORE16(result + x + 16, b);
        CK_STORE16(below + x, c);
        CK_STORE16(below + x + 16, d);
    }
}

/// The same along a row, which has `radius` more numbers before its first and after its last.
CK_CLONES static void blur_along(const float *row, const float *weights, int32_t radius, int32_t width,
                                 float *result) {
    for (int32_t x = 0; x < width; x += 64) {
        const float *here = row + x;
        f32x16 a = CK_LOAD16(here) * weights[0], b = CK_LOAD16(here + 16) * weights[0];
        f32x16 c = CK_LOAD16(here + 32) * weights[0], d = CK_LOAD16(here + 48) * weights[0];
        for (int32_t k = 1; k <= radius; k++) {
            const float *left = here - k, *right = here + k;
            float weight = weights[k];
            a += (CK_LOAD16(left) + CK_LOAD16(right)) * weight;
            b += (CK_LOAD16(left + 16) + CK_LOAD16(right + 16)) * weight;
            c += (CK_LOAD16(left + 32) + CK_LOAD16(right + 32)) * weight;
            d += (CK_LOAD16(left + 48) + CK_LOAD16(right + 48)) * weight;
        }
        CK_STORE16(result + x, a);
        CK_STORE16(result + x + 16, b);
        CK_STORE16(result + x + 32, c);
        CK_STORE16(result + x + 48, d);
    }
}

static ptrdiff_t line_length(int32_t width) { return ((width + 63) & ~63) + 2 * CK_GAUSSIAN_MAX_RADIUS; }

ptrdiff_t ck_blur_memory(int32_t width) { return 2 * line_length(width); }

/// A row that was blurred down, blurred along.
static void finish_row(const struct ck_gaussian *gaussian, float *line, int32_t width, float *result) {
    for (int32_t k = 1; k <= gaussian->radius; k++) {
        line[-k] = line[ck_mirrored(-k, width)];
        line[width - 1 + k] = line[ck_mirrored(width - 1 + k, width)];
    }
    blur_along(line, gaussian->weights, gaussian->radius, width, result);
}

void ck_blur_rows(const struct ck_gaussian *gaussian, const float *const *rows, int32_t width, float *memory,
                  float *result, float *below) {
    float *line = memory + CK_GAUSSIAN_MAX_RADIUS, *second = line + line_length(width);
    if (below) blur_two_down(rows, gaussian->weights, gaussian->radius, width, line, second);
    else blur_down(rows, gaussian->weights, gaussian->radius, width, line);
    finish_row(gaussian, line, width, result);
    if (below) finish_row(gaussian, second, width, below);
}

static void blur_part(void *context, int32_t part) {
    struct blur *work = context;
    int32_t radius = work->gaussian.radius;
    ptrdiff_t first, end;
    ck_part_range(work->height, work->parts, part, &first, &end);
    float *memory = aligned_alloc(64, (size_t)ck_blur_memory(work->width) * sizeof(float));
    if (!memory) {
        __atomic_store_n(&work->failed, 1, __ATOMIC_RELAXED);
        return;
    }
    for (ptrdiff_t y = first; y < end; y += 2) {
        const float *rows[2 * CK_GAUSSIAN_MAX_RADIUS + 2];
        float *result = work->result + y * work->stride;
        for (int32_t k = -radius; k <= radius + 1; k++)
            rows[radius + k] = work->picture + ck_mirrored((int32_t)y + k, work->height) * work->stride;
        ck_blur_rows(&work->gaussian, rows, work->width, memory, result, y + 1 < end ? result + work->stride : NULL);
    }
    free(memory);
}

struct ck_gaussian ck_gaussian_of(float sigma) {
    // What lies beyond three sigma is 0.3 % of the weight.
    struct ck_gaussian result = {.radius = (int32_t)ceilf(3.0f * sigma)};
    if (result.radius > CK_GAUSSIAN_MAX_RADIUS) result.radius = CK_GAUSSIAN_MAX_RADIUS;
    double weights[CK_GAUSSIAN_MAX_RADIUS + 1], sum = 0;
    for (int32_t k = 0; k <= result.radius; k++) {
        weights[k] = exp(-0.5 * k * k / ((double)sigma * sigma));
        sum += k == 0 ? weights[k] : 2 * weights[k];
    }
    for (int32_t k = 0; k <= result.radius; k++) result.weights[k] = (float)(weights[k] / sum);
    return result;
}

enum ck_status ck_gaussian_blur(const float *picture, float *result, int32_t height, int32_t width, ptrdiff_t stride,
                                float sigma) {
    struct blur work = {.picture = picture, .result = result, .height = height, .width = width, .stride = stride,
                        .gaussian = ck_gaussian_of(sigma), .parts = strips(height, width)};
    ck_parallel(work.parts, blur_part, &work);
    return work.failed ? CK_NO_MEMORY : CK_OK;
}
