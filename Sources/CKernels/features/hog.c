// Histograms of oriented gradients: N. Dalal, B. Triggs, "Histograms of Oriented Gradients for Human Detection", CVPR
// 2005, with the choices of scikit-image: central differences that are zero at the border, each pixel votes for one
// direction of one cell, cells hold the mean of their votes. Votes shared by neighbours: hog_trilinear.c.
//
// No angle is ever computed. A gradient is turned into the upper half plane; it has reached the direction theta when
// gy cot(theta) >= gx. For bytes the two sides are equal only at 45, 90 and 135 degrees, where cot is exact, and
// differ by far more than float rounds otherwise, so a pixel falls into the bin that exact arithmetic gives it.
// Each direction sums the magnitudes that have reached it; a bin is the difference of two neighbours. Equal sums of
// the same numbers in the same order differ by exactly zero, so that a bin without votes is zero.
#include <math.h>
#include <stdlib.h>

#include "features/hog.h"
#include "ck_core.h"
#include "core/lanes.h"

/// Where bins begin: cot of the angle, and whether it lies in the lower half plane (signed gradients only).
struct borders {
    float cot[CK_HOG_MAX_ORIENTATIONS];
    int32_t lower[CK_HOG_MAX_ORIENTATIONS];
};

static struct borders borders_of(const struct ck_hog *hog) {
    struct borders borders = {0};
    int n = hog->orientations, turn = hog->has_sign ? 2 : 1;
    for (int k = 1; k < n; k++) {
        // The angle is 180 degrees times (turn * k / n), less 180 when in the lower half.
        int numerator = turn * k;
        borders.lower[k] = numerator >= n;
        if (numerator >= n) numerator -= n;
        double angle = M_PI * numerator / n;
        borders.cot[k] = numerator == 0         ? INFINITY
                         : 2 * numerator == n     ? 0.0f
                         : 4 * numerator == n     ? 1.0f
                         : 4 * numerator == 3 * n ? -1.0f
                                                  : (float)(cos(angle) / sin(angle));
    }
    return borders;
}

/// Turns gradients into the upper half plane (0 <= angle < 180) and tells which were turned.
#define HOG_TURN_UP(gx, gy, turned)                                   \
    i32x16 turned = ((gy) < 0) | (((gy) == 0) & ((gx) < 0));          \
    gx = ((gx) ^ turned) - turned;                                    \
    gy = ((gy) ^ turned) - turned

/// Mask of the gradients that have reached border k; gx, gy are in the upper half plane already.
CK_INLINE void reach(const struct borders *borders, int k, int has_sign, const f32x16 *gx, const f32x16 *gy,
                     const i32x16 *turned, i32x16 *reached) {
    if (has_sign && borders->cot[k] == INFINITY) {  // exactly 180 degrees
        *reached = *turned;
        return;
    }
    *reached = *gy * borders->cot[k] >= *gx;
    if (has_sign) *reached = borders->lower[k] ? *reached & *turned : *reached | *turned;
}

// --- Sixteen small images at a time ---

CK_INLINE void lane_cells(const struct ck_hog *hog, const struct borders *borders, int n, int has_sign,
                          const uint8_t *pixels, float *cells) {
    int height = hog->height, width = hog->width, size = hog->cell;
    f32x16 scale = CK_ALL16(1.0f / (float)(size * size));
    for (int r = 0; r < ck_hog_rows(hog); r++)
        for (int c = 0; c < ck_hog_columns(hog); c++) {
            f32x16 sums[CK_HOG_MAX_ORIENTATIONS];
            for (int k = 0; k < n; k++) sums[k] = (f32x16){};
            for (int y = r * size; y < (r + 1) * size; y++)
                for (int x = c * size; x < (c + 1) * size; x++) {
                    const uint8_t *here = pixels + (y * width + x) * 16;
                    // At the border the difference of a pixel and itself: zero.
                    int across = x > 0 && x + 1 < width ? 16 : 0, down = y > 0 && y + 1 < height ? 16 * width : 0;
                    u8x16 right = CK_LOAD_BYTES16(here + across), left = CK_LOAD_BYTES16(here - across);
                    u8x16 below = CK_LOAD_BYTES16(here + down), above = CK_LOAD_BYTES16(here - down);
                    u8x16 difference = (right ^ left) | (below ^ above);
                    if (!__builtin_reduce_or(difference)) continue;
                    i32x16 dx = __builtin_convertvector(right, i32x16) - __builtin_convertvector(left, i32x16);
                    i32x16 dy = __builtin_convertvector(below, i32x16) - __builtin_convertvector(above, i32x16);
                    HOG_TURN_UP(dx, dy, turned);
                    f32x16 gx = CK_FLOAT16(dx), gy = CK_FLOAT16(dy), magnitude = CK_SQRT16(gx * gx + gy * gy);
                    sums[0] += magnitude;
                    for (int k = 1; k < n; k++) {
                        i32x16 reached;
                        reach(borders, k, has_sign, &gx, &gy, &turned, &reached);
                        sums[k] += CK_WHERE16(reached, magnitude);
                    }
                }
            for (int k = 0; k < n; k++, cells += 16) {
                // Never below zero: rounding is monotonic, and sum k has all that sum k + 1 has, in the same order.
                f32x16 bin = k + 1 < n ? sums[k] - sums[k + 1] : sums[k];
                CK_STORE16(cells, bin * scale);
            }
        }
}

CK_CLONES static void lane_cells_9(const struct ck_hog *hog, const struct borders *borders, const uint8_t *pixels,
                                   float *cells) {
    lane_cells(hog, borders, 9, 0, pixels, cells);
}
CK_CLONES static void lane_cells_8(const struct ck_hog *hog, const struct borders *borders, const uint8_t *pixels,
                                   float *cells) {
    lane_cells(hog, borders, 8, 0, pixels, cells);
}
CK_CLONES static void lane_cells_any(const struct ck_hog *hog, const struct borders *borders, const uint8_t *pixels,
                                     float *cells) {
    lane_cells(hog, borders, hog->orientations, hog->has_sign, pixels, cells);
}

struct hog_work {
    const struct ck_hog *hog;
    struct borders borders;
    ptrdiff_t count;
    const uint8_t *images;
    float *cells;     // [count, cell rows, cell columns, orientations], or NULL
    float *features;  // or NULL
    int32_t parts;
    int32_t failed;
};

static void lane_part(void *context, int32_t part) {
    struct hog_work *work = context;
    const struct ck_hog *hog = work->hog;
    ptrdiff_t first, end, pixels = (ptrdiff_t)hog->height * hog->width;
    ck_part_range((work->count + 15) / 16, work->parts, part, &first, &end);
    int rows = ck_hog_rows(hog), columns = ck_hog_columns(hog), n = hog->orientations, side = hog->block;
    int block_rows = rows - side + 1, block_columns = columns - side + 1, length = side * side * n;
    ptrdiff_t cell_count = (ptrdiff_t)rows * columns * n;
    ptrdiff_t features = work->features ? (ptrdiff_t)block_rows * block_columns * length : 0;
    float *scratch = aligned_alloc(64, (size_t)((cell_count + features) * 64 + ((pixels * 16 + 63) & ~63)));
    if (!scratch) {
        __atomic_store_n(&work->failed, 1, __ATOMIC_RELAXED);
        return;
    }
    float *cells = scratch, *blocks = cells + cell_count * 16;
    uint8_t *bytes = (uint8_t *)(blocks + features * 16);
    for (ptrdiff_t group = first; group < end; group++) {
        int lanes = work->count - group * 16 < 16 ? (int)(work->count - group * 16) : 16;
        ck_images_to_lanes(work->images + group * 16 * pixels, lanes, pixels, bytes);
        if (n == 9 && !hog->has_sign) lane_cells_9(hog, &work->borders, bytes, cells);
        else if (n == 8 && !hog->has_sign) lane_cells_8(hog, &work->borders, bytes, cells);
        else lane_cells_any(hog, &work->borders, bytes, cells);
        if (work->cells) ck_lanes_to_features(cells, cell_count, lanes, work->cells + group * 16 * cell_count, cell_count);
        if (!work->features) continue;
        float *block = blocks;
        for (int r = 0; r < block_rows; r++)
            for (int c = 0; c < block_columns; c++, block += 16 * length) {
                for (int i = 0; i < side; i++)
                    memcpy(block + 16 * i * side * n, cells + 16 * ((r + i) * columns + c) * n,
                           (size_t)(side * n) * 64);
                ck_hog_normalize_lanes(block, length, hog->norm);
            }
        ck_lanes_to_features(blocks, features, lanes, work->features + group * 16 * features, features);
    }
    free(scratch);
}

// --- Larger images, a row of cells at a time ---

#define HOG_STRIP 512

/// Magnitudes and bins of `length` pixels from column `first` of row y.
CK_CLONES static void row_votes(const struct ck_hog *hog, const struct borders *borders, const uint8_t *image, int y,
                                int first, int length, float *magnitudes, int32_t *bins) {
    int width = hog->width, n = hog->orientations;
    const uint8_t *row = image + (ptrdiff_t)y * width;
    int down = y > 0 && y + 1 < (int)hog->height ? width : 0;
    int32_t across[HOG_STRIP], along[HOG_STRIP];
    for (int i = 0; i < length; i++) {
        int x = first + i;
        across[i] = x > 0 && x + 1 < width ? row[x + 1] - row[x - 1] : 0;
        along[i] = row[x + down] - row[x - down];
    }
    for (int i = 0; i < length; i += 16) {
        i32x16 dx = CK_LOAD_I16(across + i), dy = CK_LOAD_I16(along + i), bin = {};
        HOG_TURN_UP(dx, dy, turned);
        f32x16 gx = CK_FLOAT16(dx), gy = CK_FLOAT16(dy);
        for (int k = 1; k < n; k++) {
            i32x16 reached;
            reach(borders, k, hog->has_sign, &gx, &gy, &turned, &reached);
            bin -= reached;
        }
        CK_STORE16(magnitudes + i, CK_SQRT16(gx * gx + gy * gy));
        CK_STORE_I16(bins + i, bin);
    }
}

static void row_part(void *context, int32_t part) {
    struct hog_work *work = context;
    const struct ck_hog *hog = work->hog;
    int rows = ck_hog_rows(hog), columns = ck_hog_columns(hog), n = hog->orientations, size = hog->cell;
    ptrdiff_t first, end;
    ck_part_range(work->count * rows, work->parts, part, &first, &end);
    float magnitudes[HOG_STRIP];
    int32_t bins[HOG_STRIP];
    for (ptrdiff_t item = first; item < end; item++) {
        const uint8_t *image = work->images + item / rows * hog->height * hog->width;
        int r = (int)(item % rows);
        float *cells = work->cells + item * columns * n;
        memset(cells, 0, (size_t)(columns * n) * sizeof *cells);
        for (int y = r * size; y < (r + 1) * size; y++)
            for (int start = 0; start < columns * size; start += HOG_STRIP) {
                int length = columns * size - start < HOG_STRIP ? columns * size - start : HOG_STRIP;
                row_votes(hog, &work->borders, image, y, start, length, magnitudes, bins);
                int column = start / size, left = size - start % size;
                for (int i = 0; i < length; i++) {
                    cells[column * n + bins[i]] += magnitudes[i];
                    if (--left == 0) {
                        column += 1;
                        left = size;
                    }
                }
            }
        float scale = 1.0f / (float)(size * size);
        for (int i = 0; i < columns * n; i++) cells[i] *= scale;
    }
}

static void block_part(void *context, int32_t part) {
    struct hog_work *work = context;
    const struct ck_hog *hog = work->hog;
    int rows = ck_hog_rows(hog), columns = ck_hog_columns(hog), n = hog->orientations, side = hog->block;
    int block_rows = rows - side + 1, block_columns = columns - side + 1, length = side * side * n;
    ptrdiff_t first, end;
    ck_part_range(work->count * block_rows, work->parts, part, &first, &end);
    for (ptrdiff_t item = first; item < end; item++) {
        const float *cells = work->cells + (item / block_rows * rows + item % block_rows) * columns * n;
        float *block = work->features + item * block_columns * length;
        for (int c = 0; c < block_columns; c++, block += length) {
            for (int i = 0; i < side; i++)
                memcpy(block + i * side * n, cells + (i * columns + c) * n, (size_t)(side * n) * sizeof(float));
            ck_hog_normalize(block, length, hog->norm);
        }
    }
}

enum ck_status ck_hog_features(const struct ck_hog *hog, ptrdiff_t count, const uint8_t *images, float *features) {
    ck_check_hog(hog);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(images, count * hog->height * hog->width);
    CK_ASSERT_MEMORY(features, count);
    if (count == 0) return CK_OK;
    if (hog->height > INT32_MAX || hog->width > INT32_MAX) return CK_TOO_LARGE;
    if (hog->is_trilinear) return ck_hog_trilinear(hog, count, images, features, 1);
    ptrdiff_t pixels = (ptrdiff_t)hog->height * hog->width;
    struct hog_work work = {.hog = hog, .borders = borders_of(hog), .count = count, .images = images,
                            .features = features};
    if (pixels <= CK_HOG_LANE_PIXELS) {
        work.parts = ck_hog_parts((count + 15) / 16, pixels * 16);
        ck_parallel(work.parts, lane_part, &work);
        return work.failed ? CK_NO_MEMORY : CK_OK;
    }
    int rows = ck_hog_rows(hog);
    work.cells = malloc((size_t)(count * rows * ck_hog_columns(hog) * hog->orientations) * sizeof(float));
    if (!work.cells) return CK_NO_MEMORY;
    work.parts = ck_hog_parts(count * rows, (ptrdiff_t)hog->width * hog->cell);
    ck_parallel(work.parts, row_part, &work);
    work.parts = ck_hog_parts(count * (rows - hog->block + 1), (ptrdiff_t)hog->width * hog->cell);
    ck_parallel(work.parts, block_part, &work);
    free(work.cells);
    return CK_OK;
}

enum ck_status ck_hog_cells(const struct ck_hog *hog, ptrdiff_t count, const uint8_t *images, float *cells) {
    ck_check_hog(hog);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(images, count * hog->height * hog->width);
    CK_ASSERT_MEMORY(cells, count);
    if (count == 0) return CK_OK;
    if (hog->height > INT32_MAX || hog->width > INT32_MAX) return CK_TOO_LARGE;
    if (hog->is_trilinear) return ck_hog_trilinear(hog, count, images, cells, 0);
    ptrdiff_t pixels = (ptrdiff_t)hog->height * hog->width;
    struct hog_work work = {.hog = hog, .borders = borders_of(hog), .count = count, .images = images, .cells = cells};
    int lanes = pixels <= CK_HOG_LANE_PIXELS;
    work.parts = lanes ? ck_hog_parts((count + 15) / 16, pixels * 16)
                       : ck_hog_parts(count * ck_hog_rows(hog), (ptrdiff_t)hog->width * hog->cell);
    ck_parallel(work.parts, lanes ? lane_part : row_part, &work);
    return work.failed ? CK_NO_MEMORY : CK_OK;
}
