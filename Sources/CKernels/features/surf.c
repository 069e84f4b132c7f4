// SURF: H. Bay, A. Ess, T. Tuytelaars, L. Van Gool, "Speeded-Up Robust Features", CVIU 110 (2008). Second derivatives by
// box filters over an integral image; keypoints where the Hessian's determinant is largest; Haar wavelets around them.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ck_core.h"
#include "ck_features.h"

#define SURF_LAYERS 4

struct integral {
    const uint32_t *sums;
    int32_t height, width;
};

void ck_integral_image(const uint8_t *image, ptrdiff_t height, ptrdiff_t width, uint32_t *sums) {
    CK_ASSERT(height, >= 0);
    CK_ASSERT(width, >= 0);
    CK_ASSERT_MEMORY(image, height * width);
    CK_ASSERT_GIVEN(sums);
    ptrdiff_t stride = width + 1;
    memset(sums, 0, (size_t)stride * sizeof *sums);
    for (ptrdiff_t y = 0; y < height; y++) {
        uint32_t row = 0, *here = sums + (y + 1) * stride;
        here[0] = 0;
        for (ptrdiff_t x = 0; x < width; x++) {
            row += image[y * width + x];
            here[x + 1] = here[x + 1 - stride] + row;
        }
    }
}

static inline int32_t within(int32_t value, int32_t limit) { return value < 0 ? 0 : value > limit ? limit : value; }

/// The sum of a box, 0 outside the image. Differences are exact modulo 2^32, and no box sums up to that much.
static inline int32_t box(const struct integral *s, int32_t y, int32_t x, int32_t rows, int32_t columns) {
    int32_t y0 = within(y, s->height), y1 = within(y + rows, s->height);
    int32_t x0 = within(x, s->width), x1 = within(x + columns, s->width);
    ptrdiff_t stride = s->width + 1;
    return (int32_t)(s->sums[y1 * stride + x1] - s->sums[y0 * stride + x1] - s->sums[y1 * stride + x0] +
                     s->sums[y0 * stride + x0]);
}

/// Determinant and trace of the Hessian at a pixel, by filters `size` wide, divided by their area; values 0...1.
static void hessian(const struct integral *s, int32_t y, int32_t x, int32_t size, float *determinant, float *trace) {
    int32_t lobe = size / 3, half = (size - 1) / 2;
    float scale = 1.0f / (255.0f * (float)size * (float)size);
    float xx = (float)(box(s, y - lobe + 1, x - half, 2 * lobe - 1, size) -
                       3 * box(s, y - lobe + 1, x - lobe / 2, 2 * lobe - 1, lobe)) * scale;
    float yy = (float)(box(s, y - half, x - lobe + 1, size, 2 * lobe - 1) -
                       3 * box(s, y - lobe / 2, x - lobe + 1, lobe, 2 * lobe - 1)) * scale;
    float xy = (float)(box(s, y - lobe, x + 1, lobe, lobe) + box(s, y + 1, x - lobe, lobe, lobe) -
                       box(s, y - lobe, x - lobe, lobe, lobe) - box(s, y + 1, x + 1, lobe, lobe)) * scale;
    *determinant = xx * yy - 0.81f * xy * xy;
    *trace = xx + yy;
}

void ck_surf_hessian(const uint32_t *sums, ptrdiff_t height, ptrdiff_t width, ptrdiff_t y, ptrdiff_t x, ptrdiff_t size,
                     float *determinant, float *trace) {
    CK_ASSERT_GIVEN(sums);
    CK_ASSERT(height, >= 0);
    CK_ASSERT(width, >= 0);
    CK_ASSERT_IN(y, 0, height - 1);
    CK_ASSERT_IN(x, 0, width - 1);
    CK_ASSERT(size, >= 9);
    CK_ASSERT(size % 6, == 3);
    CK_ASSERT_GIVEN(determinant);
    CK_ASSERT_GIVEN(trace);
    struct integral s = {sums, height, width};
    hessian(&s, y, x, size, determinant, trace);
}

/// The filter of a layer: 9 15 21 27, 15 27 39 51, 27 51 75 99, 51 99 147 195.
static int32_t filter_size(int32_t octave, int32_t layer) { return 3 * ((2 << octave) * (layer + 1) + 1); }

struct layers {
    struct integral integral;
    int32_t octave, step, rows, columns, border;
    float *determinants;  // [SURF_LAYERS][rows][columns]
    int32_t parts;
};

/// Box sums of a whole row: sums[x] = box(y, x + offset, rows, columns) for pixels whose boxes lie in the image.
#define SURF_ROW_BOX(y, offset, rows, columns)                                                                              \
    ((int32_t)(top[(ptrdiff_t)(y + rows) * stride + x + (offset) + (columns)] -                                             \
               top[(ptrdiff_t)(y)*stride + x + (offset) + (columns)] - top[(ptrdiff_t)(y + rows) * stride + x + (offset)] + \
               top[(ptrdiff_t)(y)*stride + x + (offset)]))

CK_CLONES static void determinant_row(const struct layers *work, int32_t row, int32_t layer, float *result) {
    int32_t size = filter_size(work->octave, layer), lobe = size / 3, half = (size - 1) / 2, y = row * work->step;
    const uint32_t *top = work->integral.sums;
    ptrdiff_t stride = work->integral.width + 1;
    float scale = 1.0f / (255.0f * (float)size * (float)size);
    for (int32_t column = 0; column < work->columns; column++) {
        int32_t x = column * work->step;
        if (x < half + 1 || x >= work->integral.width - half - 1) {
            result[column] = 0;
            continue;
        }
        float xx = (float)(SURF_ROW_BOX(y - lobe + 1, -half, 2 * lobe - 1, size) -
                           3 * SURF_ROW_BOX(y - lobe + 1, -(lobe / 2), 2 * lobe - 1, lobe)) * scale;
        float yy = (float)(SURF_ROW_BOX(y - half, -lobe + 1, size, 2 * lobe - 1) -
                           3 * SURF_ROW_BOX(y - lobe / 2, -lobe + 1, lobe, 2 * lobe - 1)) * scale;
        float xy = (float)(SURF_ROW_BOX(y - lobe, 1, lobe, lobe) + SURF_ROW_BOX(y + 1, -lobe, lobe, lobe) -
                           SURF_ROW_BOX(y - lobe, -lobe, lobe, lobe) - SURF_ROW_BOX(y + 1, 1, lobe, lobe)) * scale;
        result[column] = xx * yy - 0.81f * xy * xy;
    }
}

static void layer_part(void *context, int32_t part) {
    struct layers *work = context;
    ptrdiff_t first, end;
    ck_part_range((ptrdiff_t)work->rows * SURF_LAYERS, work->parts, part, &first, &end);
    for (ptrdiff_t item = first; item < end; item++) {
        int32_t layer = (int32_t)(item / work->rows), row = (int32_t)(item % work->rows);
        int32_t half = (filter_size(work->octave, layer) - 1) / 2, y = row * work->step;
        float *result = work->determinants + item * work->columns;
        if (y < half + 1 || y >= work->integral.height - half - 1)
            memset(result, 0, (size_t)work->columns * sizeof *result);
        else determinant_row(work, row, layer, result);
    }
}

static int add(struct ck_keypoints *list, ptrdiff_t *capacity, const struct ck_keypoint *keypoint) {
    if (list->count == *capacity) {
        ptrdiff_t more = *capacity ? *capacity * 2 : 256;
        struct ck_keypoint *items = realloc(list->keypoints, (size_t)more * sizeof *items);
        if (!items) return 0;
        list->keypoints = items;
        *capacity = more;
    }
    list->keypoints[list->count++] = *keypoint;
    return 1;
}

/// Whether a place of a middle layer is larger than its 26 neighbours.
static int is_largest(const float *here, ptrdiff_t plane, ptrdiff_t columns) {
    for (int l = -1; l <= 1; l++)
        for (int r = -1; r <= 1; r++)
            for (int c = -1; c <= 1; c++) {
                float other = here[l * plane + r * columns + c];
                // Of equals the first in order counts.
                int before = l < 0 || (l == 0 && (r < 0 || (r == 0 && c < 0)));
                if ((l || r || c) && (before ? other >= *here : other > *here)) return 0;
            }
    return 1;
}

/// Where the parabola through the neighbours has its extremum, in steps of the grid; 0 if that is another place.
static int interpolate(const float *here, ptrdiff_t plane, ptrdiff_t columns, double offset[3]) {
    double v = *here, g[3] = {(here[1] - here[-1]) / 2.0, (here[columns] - here[-columns]) / 2.0,
                              (here[plane] - here[-plane]) / 2.0};
    double xx = here[1] + here[-1] - 2 * v, yy = here[columns] + here[-columns] - 2 * v;
    double ss = here[plane] + here[-plane] - 2 * v;
    double xy = (here[columns + 1] - here[columns - 1] - here[-columns + 1] + here[-columns - 1]) / 4.0;
    double xs = (here[plane + 1] - here[plane - 1] - here[-plane + 1] + here[-plane - 1]) / 4.0;
    double ys = (here[plane + columns] - here[plane - columns] - here[-plane + columns] + here[-plane - columns]) / 4.0;
    double a = yy * ss - ys * ys, b = xs * ys - xy * ss, c = xy * ys - xs * yy, d = xx * a + xy * b + xs * c;
    if (!(fabs(d) > 1e-30)) return 0;
    offset[0] = -(g[0] * a + g[1] * b + g[2] * c) / d;
    offset[1] = -(g[0] * b + g[1] * (xx * ss - xs * xs) + g[2] * (xs * xy - xx * ys)) / d;
    offset[2] = -(g[0] * c + g[1] * (xs * xy - xx * ys) + g[2] * (xx * yy - xy * xy)) / d;
    return fabs(offset[0]) < 0.5 && fabs(offset[1]) < 0.5 && fabs(offset[2]) < 0.5;
}

static enum ck_status find_in_octave(const struct ck_surf *surf, struct layers *work, struct ck_keypoints *result,
                                     ptrdiff_t *capacity) {
    ptrdiff_t columns = work->columns, plane = work->rows * columns;
    for (int32_t layer = 1; layer < SURF_LAYERS - 1; layer++)
        for (int32_t row = 1; row < work->rows - 1; row++)
            for (int32_t column = 1; column < columns - 1; column++) {
                const float *here = work->determinants + layer * plane + row * columns + column;
                double offset[3];
                if (!(*here > surf->threshold) || !is_largest(here, plane, columns)) continue;
                if (!interpolate(here, plane, columns, offset)) continue;
                int32_t size = filter_size(work->octave, layer), apart = filter_size(work->octave, 1) -
                                                                         filter_size(work->octave, 0);
                float determinant, trace;
                hessian(&work->integral, row * work->step, column * work->step, size, &determinant, &trace);
                struct ck_keypoint keypoint = {
                    .x = (float)((column + offset[0]) * work->step), .y = (float)((row + offset[1]) * work->step),
                    .scale = (float)(1.2 / 9 * (size + offset[2] * apart)), .response = *here,
                    .octave = work->octave, .level = layer, .sign = trace < 0 ? 1 : -1};
                if (!add(result, capacity, &keypoint)) return CK_NO_MEMORY;
            }
    return CK_OK;
}

// --- Directions and descriptors ---

static inline float haar_x(const struct integral *s, int32_t y, int32_t x, int32_t size) {
    return (float)(box(s, y - size / 2, x, size, size / 2) - box(s, y - size / 2, x - size / 2, size, size / 2));
}
static inline float haar_y(const struct integral *s, int32_t y, int32_t x, int32_t size) {
    return (float)(box(s, y, x - size / 2, size / 2, size) - box(s, y - size / 2, x - size / 2, size / 2, size));
}
static inline int32_t nearest_even(float value) {
    int32_t whole = 2 * (int32_t)lrintf(value / 2);
    return whole < 2 ? 2 : whole;
}

/// The middle of the sixth of a turn with the longest sum of wavelet responses.
static float direction(const struct integral *s, const struct ck_keypoint *keypoint) {
    float xs[128], ys[128], angles[128], scale = keypoint->scale, best = -1, result = 0;
    int count = 0, size = nearest_even(4 * scale);
    for (int i = -6; i <= 6; i++)
        for (int j = -6; j <= 6; j++) {
            if (i * i + j * j > 36) continue;
            int32_t y = (int32_t)lrintf(keypoint->y + (float)i * scale);
            int32_t x = (int32_t)lrintf(keypoint->x + (float)j * scale);
            float weight = expf(-(float)(i * i + j * j) / (2 * 2.5f * 2.5f));
            xs[count] = weight * haar_x(s, y, x, size);
            ys[count] = weight * haar_y(s, y, x, size);
            angles[count] = atan2f(ys[count], xs[count]);
            count += 1;
        }
    for (int window = 0; window < 72; window++) {
        float start = (float)(2 * M_PI) * (float)window / 72, sum_x = 0, sum_y = 0;
        for (int k = 0; k < count; k++) {
            float past = angles[k] - start;
            past -= (float)(2 * M_PI) * floorf(past / (float)(2 * M_PI));
            if (past >= (float)(M_PI / 3)) continue;
            sum_x += xs[k];
            sum_y += ys[k];
        }
        float length = sum_x * sum_x + sum_y * sum_y;
        if (length > best) {
            best = length;
            result = atan2f(sum_y, sum_x);
        }
    }
    return result < 0 ? result + (float)(2 * M_PI) : result;
}

static void describe(const struct integral *s, const struct ck_keypoint *keypoint, int32_t extended, float *result) {
    float scale = keypoint->scale, cosine = cosf(keypoint->angle), sine = sinf(keypoint->angle);
    int32_t size = nearest_even(2 * scale), length = extended ? 128 : 64, each = length / 16;
    float total = 0;
    memset(result, 0, (size_t)length * sizeof *result);
    for (int i = 0; i < 20; i++)
        for (int j = 0; j < 20; j++) {
            // In units of the scale, along the keypoint's own axes.
            float v = (float)i - 9.5f, u = (float)j - 9.5f;
            int32_t y = (int32_t)lrintf(keypoint->y + scale * (u * sine + v * cosine));
            int32_t x = (int32_t)lrintf(keypoint->x + scale * (u * cosine - v * sine));
            float weight = expf(-(u * u + v * v) / (2 * 3.3f * 3.3f));
            float hx = haar_x(s, y, x, size) * weight, hy = haar_y(s, y, x, size) * weight;
            float dx = hx * cosine + hy * sine, dy = hy * cosine - hx * sine;
            float *cell = result + (i / 5 * 4 + j / 5) * each;
            if (extended) {
                float *along = cell + (dy < 0 ? 0 : 2), *across = cell + 4 + (dx < 0 ? 0 : 2);
                along[0] += dx;
                along[1] += fabsf(dx);
                across[0] += dy;
                across[1] += fabsf(dy);
            } else {
                cell[0] += dx;
                cell[1] += dy;
                cell[2] += fabsf(dx);
                cell[3] += fabsf(dy);
            }
        }
    for (int k = 0; k < length; k++) total += result[k] * result[k];
    float factor = total > 0 ? 1 / sqrtf(total) : 0;
    for (int k = 0; k < length; k++) result[k] *= factor;
}

struct surf_description {
    const struct ck_surf *surf;
    const struct integral *integral;
    struct ck_keypoints *keypoints;
    int32_t parts;
};

static void describe_part(void *context, int32_t part) {
    struct surf_description *work = context;
    ptrdiff_t first, end, length = work->surf->extended ? 128 : 64;
    ck_part_range(work->keypoints->count, work->parts, part, &first, &end);
    for (ptrdiff_t i = first; i < end; i++) {
        struct ck_keypoint *keypoint = &work->keypoints->keypoints[i];
        keypoint->angle = work->surf->upright ? 0 : direction(work->integral, keypoint);
        if (work->keypoints->descriptors)
            describe(work->integral, keypoint, work->surf->extended,
                     (float *)work->keypoints->descriptors + i * length);
    }
}

enum ck_status ck_surf_detect(const struct ck_surf *surf, const uint8_t *image, int32_t describing,
                              struct ck_keypoints *result) {
    CK_ASSERT_GIVEN(surf);
    CK_ASSERT(surf->height, >= 32);
    CK_ASSERT(surf->width, >= 32);
    CK_ASSERT_IN(surf->octaves, 1, 4);
    CK_ASSERT_GIVEN(image);
    CK_ASSERT_GIVEN(result);
    *result = (struct ck_keypoints){0};
    ptrdiff_t capacity = 0, pixels = (ptrdiff_t)surf->height * surf->width;
    uint32_t *sums = malloc((size_t)(surf->height + 1) * (size_t)(surf->width + 1) * sizeof *sums);
    float *determinants = malloc((size_t)(pixels * SURF_LAYERS) * sizeof *determinants);
    enum ck_status status = sums && determinants ? CK_OK : CK_NO_MEMORY;
    if (!status) ck_integral_image(image, surf->height, surf->width, sums);
    struct integral integral = {sums, surf->height, surf->width};
    for (int32_t octave = 0; !status && octave < surf->octaves; octave++) {
        int32_t step = 1 << octave;
        struct layers work = {.integral = integral, .octave = octave, .step = step,
                              .rows = (surf->height + step - 1) / step, .columns = (surf->width + step - 1) / step,
                              .determinants = determinants};
        work.parts = work.rows < 32 ? 1 : work.rows / 16;
        ck_parallel(work.parts, layer_part, &work);
        status = find_in_octave(surf, &work, result, &capacity);
    }
    if (!status && describing && result->count > 0) {
        result->descriptors = malloc((size_t)result->count * (surf->extended ? 128 : 64) * sizeof(float));
        if (!result->descriptors) status = CK_NO_MEMORY;
    }
    if (!status && result->count > 0) {
        struct surf_description work = {.surf = surf, .integral = &integral, .keypoints = result,
                                        .parts = (int32_t)(result->count / 8 + 1 > 4096 ? 4096 : result->count / 8 + 1)};
        ck_parallel(work.parts, describe_part, &work);
    }
    free(sums);
    free(determinants);
    if (status) ck_keypoints_free(result);
    return status;
}
