// Histograms of oriented gradients: N. Dalal, B. Triggs, "Histograms of Oriented Gradients for Human Detection", CVPR
// 2005, with the choices of scikit-image: central differences that are zero at the border, each pixel votes for one
// direction of one cell, cells hold the mean of their votes.
//
// No angle is ever computed. A gradient is turned into the upper half plane; it has reached the direction theta when
// gy cot(theta) >= gx. For bytes the two sides are equal only at 45, 90 and 135 degrees, where cot is exact, and
// differ by far more than float rounds otherwise, so a pixel falls into the bin that exact arithmetic gives it.
// Each direction sums the magnitudes that have reached it; a bin is the difference of two neighbours. Equal sums of
// the same numbers in the same order differ by exactly zero, so that a bin without votes is zero.
#include <math.h>
#include <stdlib.h>

#include "ck_features.h"
#include "ck_lanes.h"
#include "ck_pool.h"

// Images up to this many pixels are worked on sixteen at a time, one in each lane.
#define LANE_PIXELS 4096
#define EPSILON 1e-5f

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

static int32_t cell_rows(const struct ck_hog *hog) { return hog->height / hog->cell; }
static int32_t cell_columns(const struct ck_hog *hog) { return hog->width / hog->cell; }

/// Turns gradients into the upper half plane (0 <= angle < 180) and tells which were turned.
#define TURN_UP(gx, gy, turned)                                       \
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
    f32x16 scale = all16(1.0f / (float)(size * size));
    for (int r = 0; r < cell_rows(hog); r++)
        for (int c = 0; c < cell_columns(hog); c++) {
            f32x16 sums[CK_HOG_MAX_ORIENTATIONS];
            for (int k = 0; k < n; k++) sums[k] = (f32x16){};
            for (int y = r * size; y < (r + 1) * size; y++)
                for (int x = c * size; x < (c + 1) * size; x++) {
                    const uint8_t *here = pixels + (y * width + x) * 16;
                    // At the border the difference of a pixel and itself: zero.
                    int across = x > 0 && x + 1 < width ? 16 : 0, down = y > 0 && y + 1 < height ? 16 * width : 0;
                    u8x16 right = load_bytes16(here + across), left = load_bytes16(here - across);
                    u8x16 below = load_bytes16(here + down), above = load_bytes16(here - down);
                    u8x16 difference = (right ^ left) | (below ^ above);
                    if (!__builtin_reduce_or(difference)) continue;
                    i32x16 dx = __builtin_convertvector(right, i32x16) - __builtin_convertvector(left, i32x16);
                    i32x16 dy = __builtin_convertvector(below, i32x16) - __builtin_convertvector(above, i32x16);
                    TURN_UP(dx, dy, turned);
                    f32x16 gx = float16(dx), gy = float16(dy), magnitude = sqrt16(gx * gx + gy * gy);
                    sums[0] += magnitude;
                    for (int k = 1; k < n; k++) {
                        i32x16 reached;
                        reach(borders, k, has_sign, &gx, &gy, &turned, &reached);
                        sums[k] += where16(reached, magnitude);
                    }
                }
            for (int k = 0; k < n; k++, cells += 16) {
                // Never below zero: rounding is monotonic, and sum k has all that sum k + 1 has, in the same order.
                f32x16 bin = k + 1 < n ? sums[k] - sums[k + 1] : sums[k];
                store16(cells, bin * scale);
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

/// result[pixel][lane] = images[lane][pixel] for up to 16 images of `pixels` bytes; lanes without an image are zero.
CK_CLONES static void images_to_lanes(const uint8_t *images, int lanes, int64_t pixels, uint8_t *result) {
    for (int64_t first = 0; first < pixels; first += 16) {
        int64_t length = pixels - first < 16 ? pixels - first : 16;
        u8x16 v[16];
        for (int lane = 0; lane < 16; lane++) {
            v[lane] = (u8x16){};
            if (lane < lanes) {
                if (length == 16) v[lane] = load_bytes16(images + lane * pixels + first);
                else memcpy(&v[lane], images + lane * pixels + first, (size_t)length);
            }
        }
        transpose_bytes16(v);
        memcpy(result + first * 16, v, (size_t)length * 16);
    }
}

/// rows[lane * stride + k] = lanes_of[k][lane] for k < count and lane < lanes.
CK_CLONES static void lanes_to_features(const float *lanes_of, int64_t count, int lanes, float *rows, int64_t stride) {
    for (int64_t first = 0; first < count; first += 16) {
        int64_t length = count - first < 16 ? count - first : 16;
        f32x16 v[16];
        for (int k = 0; k < 16; k++) v[k] = k < length ? load16(lanes_of + (first + k) * 16) : (f32x16){};
        transpose16(v);
        for (int lane = 0; lane < lanes; lane++) {
            if (length == 16) store16(rows + lane * stride + first, v[lane]);
            else memcpy(rows + lane * stride + first, &v[lane], (size_t)length * sizeof(float));
        }
    }
}

/// Normalises one block of sixteen images in place: `count` vectors.
CK_CLONES static void normalize_lanes(float *block, int count, int norm) {
    f32x16 sum = {};
    if (norm == CK_HOG_L1 || norm == CK_HOG_L1_SQRT) {
        for (int i = 0; i < count; i++) sum += load16(block + 16 * i);
        f32x16 factor = 1.0f / (sum + EPSILON);
        for (int i = 0; i < count; i++) {
            f32x16 value = load16(block + 16 * i) * factor;
            store16(block + 16 * i, norm == CK_HOG_L1_SQRT ? sqrt16(value) : value);
        }
        return;
    }
    for (int i = 0; i < count; i++) sum += load16(block + 16 * i) * load16(block + 16 * i);
    f32x16 factor = 1.0f / sqrt16(sum + EPSILON * EPSILON);
    if (norm == CK_HOG_L2_HYS) {
        f32x16 clipped = {};
        for (int i = 0; i < count; i++) {
            f32x16 value = min16(load16(block + 16 * i) * factor, all16(0.2f));
            clipped += value * value;
            store16(block + 16 * i, value);
        }
        factor = 1.0f / sqrt16(clipped + EPSILON * EPSILON);
    }
    for (int i = 0; i < count; i++) store16(block + 16 * i, load16(block + 16 * i) * factor);
}

/// One block of one image: the same as one lane of the above.
static void normalize_one(float *block, int count, int norm) {
    float sum = 0;
    if (norm == CK_HOG_L1 || norm == CK_HOG_L1_SQRT) {
        for (int i = 0; i < count; i++) sum += block[i];
        float factor = 1.0f / (sum + EPSILON);
        for (int i = 0; i < count; i++)
            block[i] = norm == CK_HOG_L1_SQRT ? sqrtf(block[i] * factor) : block[i] * factor;
        return;
    }
    for (int i = 0; i < count; i++) sum += block[i] * block[i];
    float factor = 1.0f / sqrtf(sum + EPSILON * EPSILON);
    if (norm == CK_HOG_L2_HYS) {
        float clipped = 0;
        for (int i = 0; i < count; i++) {
            block[i] = fminf(block[i] * factor, 0.2f);
            clipped += block[i] * block[i];
        }
        factor = 1.0f / sqrtf(clipped + EPSILON * EPSILON);
    }
    for (int i = 0; i < count; i++) block[i] *= factor;
}

struct hog_work {
    const struct ck_hog *hog;
    struct borders borders;
    int64_t count;
    const uint8_t *images;
    float *cells;     // [count, cell rows, cell columns, orientations], or NULL
    float *features;  // or NULL
    int32_t parts;
    int32_t failed;
};

static void lane_part(void *context, int32_t part) {
    struct hog_work *work = context;
    const struct ck_hog *hog = work->hog;
    int64_t first, end, pixels = (int64_t)hog->height * hog->width;
    ck_part_range((work->count + 15) / 16, work->parts, part, &first, &end);
    int rows = cell_rows(hog), columns = cell_columns(hog), n = hog->orientations, side = hog->block;
    int block_rows = rows - side + 1, block_columns = columns - side + 1, length = side * side * n;
    int64_t cell_count = (int64_t)rows * columns * n;
    int64_t features = work->features ? (int64_t)block_rows * block_columns * length : 0;
    float *scratch = aligned_alloc(64, (size_t)((cell_count + features) * 64 + ((pixels * 16 + 63) & ~63)));
    if (!scratch) {
        __atomic_store_n(&work->failed, 1, __ATOMIC_RELAXED);
        return;
    }
    float *cells = scratch, *blocks = cells + cell_count * 16;
    uint8_t *bytes = (uint8_t *)(blocks + features * 16);
    for (int64_t group = first; group < end; group++) {
        int lanes = work->count - group * 16 < 16 ? (int)(work->count - group * 16) : 16;
        images_to_lanes(work->images + group * 16 * pixels, lanes, pixels, bytes);
        if (n == 9 && !hog->has_sign) lane_cells_9(hog, &work->borders, bytes, cells);
        else if (n == 8 && !hog->has_sign) lane_cells_8(hog, &work->borders, bytes, cells);
        else lane_cells_any(hog, &work->borders, bytes, cells);
        if (work->cells) lanes_to_features(cells, cell_count, lanes, work->cells + group * 16 * cell_count, cell_count);
        if (!work->features) continue;
        float *block = blocks;
        for (int r = 0; r < block_rows; r++)
            for (int c = 0; c < block_columns; c++, block += 16 * length) {
                for (int i = 0; i < side; i++)
                    memcpy(block + 16 * i * side * n, cells + 16 * ((r + i) * columns + c) * n,
                           (size_t)(side * n) * 64);
                normalize_lanes(block, length, hog->norm);
            }
        lanes_to_features(blocks, features, lanes, work->features + group * 16 * features, features);
    }
    free(scratch);
}

// --- Larger images, a row of cells at a time ---

#define STRIP 512

/// Magnitudes and bins of `length` pixels from column `first` of row y.
CK_CLONES static void row_votes(const struct ck_hog *hog, const struct borders *borders, const uint8_t *image, int y,
                                int first, int length, float *magnitudes, int32_t *bins) {
    int width = hog->width, n = hog->orientations;
    const uint8_t *row = image + (int64_t)y * width;
    int down = y > 0 && y + 1 < hog->height ? width : 0;
    int32_t across[STRIP], along[STRIP];
    for (int i = 0; i < length; i++) {
        int x = first + i;
        across[i] = x > 0 && x + 1 < width ? row[x + 1] - row[x - 1] : 0;
        along[i] = row[x + down] - row[x - down];
    }
    for (int i = 0; i < length; i += 16) {
        i32x16 dx = load_i16(across + i), dy = load_i16(along + i), bin = {};
        TURN_UP(dx, dy, turned);
        f32x16 gx = float16(dx), gy = float16(dy);
        for (int k = 1; k < n; k++) {
            i32x16 reached;
            reach(borders, k, hog->has_sign, &gx, &gy, &turned, &reached);
            bin -= reached;
        }
        store16(magnitudes + i, sqrt16(gx * gx + gy * gy));
        store_i16(bins + i, bin);
    }
}

static void row_part(void *context, int32_t part) {
    struct hog_work *work = context;
    const struct ck_hog *hog = work->hog;
    int rows = cell_rows(hog), columns = cell_columns(hog), n = hog->orientations, size = hog->cell;
    int64_t first, end;
    ck_part_range(work->count * rows, work->parts, part, &first, &end);
    float magnitudes[STRIP];
    int32_t bins[STRIP];
    for (int64_t item = first; item < end; item++) {
        const uint8_t *image = work->images + item / rows * hog->height * hog->width;
        int r = (int)(item % rows);
        float *cells = work->cells + item * columns * n;
        memset(cells, 0, (size_t)(columns * n) * sizeof *cells);
        for (int y = r * size; y < (r + 1) * size; y++)
            for (int start = 0; start < columns * size; start += STRIP) {
                int length = columns * size - start < STRIP ? columns * size - start : STRIP;
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
    int rows = cell_rows(hog), columns = cell_columns(hog), n = hog->orientations, side = hog->block;
    int block_rows = rows - side + 1, block_columns = columns - side + 1, length = side * side * n;
    int64_t first, end;
    ck_part_range(work->count * block_rows, work->parts, part, &first, &end);
    for (int64_t item = first; item < end; item++) {
        const float *cells = work->cells + (item / block_rows * rows + item % block_rows) * columns * n;
        float *block = work->features + item * block_columns * length;
        for (int c = 0; c < block_columns; c++, block += length) {
            for (int i = 0; i < side; i++)
                memcpy(block + i * side * n, cells + (i * columns + c) * n, (size_t)(side * n) * sizeof(float));
            normalize_one(block, length, hog->norm);
        }
    }
}

static int32_t part_count(int64_t items, int64_t pixels_each) {
    int64_t parts = items * pixels_each / 65536 + 1;
    if (parts > items) parts = items;
    return parts > 1024 ? 1024 : (int32_t)parts;
}

int32_t ck_hog_features(const struct ck_hog *hog, int64_t count, const uint8_t *images, float *features) {
    if (count == 0) return 0;
    int64_t pixels = (int64_t)hog->height * hog->width;
    struct hog_work work = {.hog = hog, .borders = borders_of(hog), .count = count, .images = images,
                            .features = features};
    if (pixels <= LANE_PIXELS) {
        work.parts = part_count((count + 15) / 16, pixels * 16);
        ck_parallel(work.parts, lane_part, &work);
        return work.failed ? -1 : 0;
    }
    int rows = cell_rows(hog);
    work.cells = malloc((size_t)(count * rows * cell_columns(hog) * hog->orientations) * sizeof(float));
    if (!work.cells) return -1;
    work.parts = part_count(count * rows, (int64_t)hog->width * hog->cell);
    ck_parallel(work.parts, row_part, &work);
    work.parts = part_count(count * (rows - hog->block + 1), (int64_t)hog->width * hog->cell);
    ck_parallel(work.parts, block_part, &work);
    free(work.cells);
    return 0;
}

int32_t ck_hog_cells(const struct ck_hog *hog, int64_t count, const uint8_t *images, float *cells) {
    if (count == 0) return 0;
    int64_t pixels = (int64_t)hog->height * hog->width;
    struct hog_work work = {.hog = hog, .borders = borders_of(hog), .count = count, .images = images, .cells = cells};
    int lanes = pixels <= LANE_PIXELS;
    work.parts = lanes ? part_count((count + 15) / 16, pixels * 16)
                       : part_count(count * cell_rows(hog), (int64_t)hog->width * hog->cell);
    ck_parallel(work.parts, lanes ? lane_part : row_part, &work);
    return work.failed ? -1 : 0;
}
