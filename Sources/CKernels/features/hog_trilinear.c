// Histograms of oriented gradients whose votes are shared by neighbours, as N. Dalal and B. Triggs, "Histograms of
// Oriented Gradients for Human Detection", CVPR 2005, describe them: linearly by the two nearest directions and the
// nearest cells along both axes, in each block by itself, under a Gaussian window. Its sigma is a quarter of the block's
// side, OpenCV's, and not half of it, the paper's: digits are told apart better so (Sources/ImageFeatures/README.md).
//
// Window and nearness to a cell are products of a weight of the row and one of the column. So each row of pixels is
// first summed across into the cells of every block's columns, once for all blocks that the row lies in, and these sums
// are then added, weighed again, to the cells above and below. Rows and pixels without a gradient cost nothing.
#include <math.h>
#include <stdlib.h>

#include "ck_core.h"
#include "core/lanes.h"
#include "features/hog.h"
#include "features/turns.h"

/// How much a pixel of a block gives to the cells `low` and `low + 1` along one axis; 0 where there is no such cell.
struct share {
    int32_t low;
    float weight[2];
};

/// The blocks along one axis.
struct axis {
    int32_t side, length;  // cells and pixels of a block
    int32_t blocks;
    struct share *shares;  // [length]
};

struct trilinear {
    const struct ck_hog *hog;
    struct axis down, across;
    ptrdiff_t count;
    const uint8_t *images;
    float *result;
    int32_t in_blocks;  // otherwise one block of all cells, neither under a window nor normalised
    int32_t parts;
    int32_t failed;
};

///
static enum ck_status axis_of(struct axis *axis, int32_t cells, int32_t side, int32_t cell, int32_t has_window,
                              double scale) {
    *axis = (struct axis){.side = side, .length = side * cell, .blocks = cells - side + 1};
    axis->shares = malloc((size_t)axis->length * sizeof *axis->shares);
    if (!axis->shares) return CK_NO_MEMORY;
    double sigma = 0.25 * axis->length;
    for (int32_t x = 0; x < axis->length; x++) {
        double middle = x + 0.5 - 0.5 * axis->length, place = (x + 0.5) / cell - 0.5;
        double window = has_window ? exp(-middle * middle / (2 * sigma * sigma)) : 1, low = floor(place);
        struct share *share = &axis->shares[x];
        share->low = (int32_t)low;
        share->weight[0] = share->low < 0 ? 0 : (float)((1 - (place - low)) * window * scale);
        share->weight[1] = share->low + 1 >= side ? 0 : (float)((place - low) * window * scale);
    }
    return CK_OK;
}

/// The block rows [first, end) that row y of the image lies in.
static void blocks_at(const struct axis *axis, int32_t cell, int32_t y, int32_t *first, int32_t *end) {
    int32_t at = y / cell;
    *first = at < axis->side ? 0 : at - axis->side + 1;
    *end = at < axis->blocks ? at + 1 : axis->blocks;
}

/// Magnitude and place of its angle among `n` bins, whose middles are at 0, 1, ... n - 1: from -0.5 to n - 0.5.
#define HOG_VOTE(dx, dy, n, has_sign, magnitude, place)                        \
    do {                                                                       \
        f32x16 gx_ = CK_FLOAT16(dx), gy_ = CK_FLOAT16(dy), turns_;             \
        magnitude = CK_SQRT16(gx_ * gx_ + gy_ * gy_);                          \
        CK_TURNS(gx_, gy_, turns_);                                            \
        if (!(has_sign)) {                                                     \
            turns_ -= CK_WHERE16(turns_ >= 0.5f, CK_ALL16(0.5f));              \
            turns_ += turns_;                                                  \
        }                                                                      \
        place = turns_ * (float)(n) - 0.5f;                                    \
    } while (0)

// --- Sixteen small images at a time ---

/// The votes of row y, [pixel][bin] vectors for those pixels at which an image has a gradient; seen[x]: how many of
/// them lie before column x.
CK_INLINE void lane_votes(const struct ck_hog *hog, int n, const uint8_t *pixels, int y, int columns, float *votes,
                          int32_t *places, int32_t *seen) {
    int width = hog->width, live = 0;
    for (int x = 0; x < columns; x++) {
        seen[x] = live;
        const uint8_t *here = pixels + (y * width + x) * 16;
        int right_by = x > 0 && x + 1 < width ? 16 : 0, down = y > 0 && y + 1 < (int)hog->height ? 16 * width : 0;
        u8x16 right = CK_LOAD_BYTES16(here + right_by), left = CK_LOAD_BYTES16(here - right_by);
        u8x16 below = CK_LOAD_BYTES16(here + down), above = CK_LOAD_BYTES16(here - down);
        u8x16 difference = (right ^ left) | (below ^ above);
        if (!__builtin_reduce_or(difference)) continue;
        i32x16 dx = __builtin_convertvector(right, i32x16) - __builtin_convertvector(left, i32x16);
        i32x16 dy = __builtin_convertvector(below, i32x16) - __builtin_convertvector(above, i32x16);
        f32x16 magnitude, place;
        HOG_VOTE(dx, dy, n, hog->has_sign, magnitude, place);
        f32x16 moment = magnitude * place, none = {};
        float *vote = votes + (ptrdiff_t)live * n * 16;
        for (int k = 0; k < n; k++) {
            f32x16 from = moment - magnitude * (float)k;
            CK_STORE16(vote + 16 * k, CK_MAX16(magnitude - CK_ABS16(from), none));
        }
        // The last bin is a neighbour of the first; with one bin the first is its own.
        f32x16 before = moment + magnitude, after = moment - magnitude * (float)n;
        float *last = vote + 16 * (n - 1);
        CK_STORE16(last, CK_LOAD16(last) + CK_MAX16(magnitude - CK_ABS16(before), none));
        CK_STORE16(vote, CK_LOAD16(vote) + CK_MAX16(magnitude - CK_ABS16(after), none));
        places[live++] = x;
    }
    seen[columns] = live;
}

/// Sums the votes of a row across: sums [block column][cell][bin] vectors.
CK_INLINE void lane_across(const struct trilinear *work, int n, const float *votes, const int32_t *places,
                           const int32_t *seen, float *sums) {
    const struct axis *across = &work->across;
    int cell = work->hog->cell, live = seen[across->length + (across->blocks - 1) * cell];
    for (int c = 0; c < across->blocks; c++)
        for (int j = 0; j < across->side; j++, sums += 16 * n) {
            f32x16 sum[CK_HOG_MAX_ORIENTATIONS];
            for (int k = 0; k < n; k++) sum[k] = (f32x16){};
            int start = j > 0 ? (j - 1) * cell + cell / 2 : 0, end = (j + 1) * cell + (cell + 1) / 2;
            if (end > across->length) end = across->length;
            for (int i = seen[c * cell + start]; i < live && places[i] < c * cell + end; i++) {
                const struct share *share = &across->shares[places[i] - c * cell];
                float weight = share->weight[share->low != j];
                const float *vote = votes + (ptrdiff_t)i * n * 16;
                for (int k = 0; k < n; k++) sum[k] += CK_LOAD16(vote + 16 * k) * weight;
            }
            for (int k = 0; k < n; k++) CK_STORE16(sums + 16 * k, sum[k]);
        }
}

CK_CLONES static void lane_row_9(const struct trilinear *work, const uint8_t *pixels, int y, int columns, float *votes,
                                 int32_t *places, int32_t *seen, float *sums) {
    lane_votes(work->hog, 9, pixels, y, columns, votes, places, seen);
    if (seen[columns] > 0) lane_across(work, 9, votes, places, seen, sums);
}
CK_CLONES static void lane_row_any(const struct trilinear *work, const uint8_t *pixels, int y, int columns,
                                   float *votes, int32_t *places, int32_t *seen, float *sums) {
    lane_votes(work->hog, work->hog->orientations, pixels, y, columns, votes, places, seen);
    if (seen[columns] > 0) lane_across(work, work->hog->orientations, votes, places, seen, sums);
}

/// target += weight * sums, a multiple of 16 numbers where whole vectors are kept.
CK_CLONES static void add_weighed(float *target, const float *sums, float weight, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) target[i] += weight * sums[i];
}

/// Adds the sums of image row y, [block column][cell][bin], to the cells of block row r; numbers are `lanes` wide.
static void add_down(const struct trilinear *work, int y, int r, const float *sums, int lanes, float *blocks) {
    ptrdiff_t row = (ptrdiff_t)work->across.side * work->hog->orientations * lanes;
    const struct share *share = &work->down.shares[y - r * work->hog->cell];
    for (int half = 0; half < 2; half++) {
        if (share->weight[half] == 0) continue;
        for (int c = 0; c < work->across.blocks; c++)
            add_weighed(blocks + (c * work->down.side + share->low + half) * row, sums + c * row, share->weight[half],
                        row);
    }
}

static void lane_part(void *context, int32_t part) {
    struct trilinear *work = context;
    const struct ck_hog *hog = work->hog;
    ptrdiff_t first, end, pixels = (ptrdiff_t)hog->height * hog->width;
    ck_part_range((work->count + 15) / 16, work->parts, part, &first, &end);
    int rows = ck_hog_rows(hog) * hog->cell, columns = ck_hog_columns(hog) * hog->cell, n = hog->orientations;
    ptrdiff_t length = (ptrdiff_t)work->down.side * work->across.side * n, row = length * work->across.blocks;
    ptrdiff_t features = row * work->down.blocks, across = row / work->down.side, votes = (ptrdiff_t)columns * n;
    size_t bytes = (size_t)(features + across + votes + pixels / 4 + 1) * 64;
    float *blocks = aligned_alloc(64, bytes);
    int32_t *places = malloc((size_t)(2 * columns + 1) * sizeof *places), *seen = places + columns;
    if (!blocks || !places) {
        free(blocks);
        free(places);
        __atomic_store_n(&work->failed, 1, __ATOMIC_RELAXED);
        return;
    }
    float *sums = blocks + features * 16, *vote = sums + across * 16;
    uint8_t *lanes_of = (uint8_t *)(vote + votes * 16);
    for (ptrdiff_t group = first; group < end; group++) {
        int lanes = work->count - group * 16 < 16 ? (int)(work->count - group * 16) : 16;
        ck_images_to_lanes(work->images + group * 16 * pixels, lanes, pixels, lanes_of);
        memset(blocks, 0, (size_t)features * 64);
        for (int y = 0; y < rows; y++) {
            if (n == 9) lane_row_9(work, lanes_of, y, columns, vote, places, seen, sums);
            else lane_row_any(work, lanes_of, y, columns, vote, places, seen, sums);
            if (seen[columns] == 0) continue;
            int32_t from, to;
            blocks_at(&work->down, hog->cell, y, &from, &to);
            for (int r = from; r < to; r++) add_down(work, y, r, sums, 16, blocks + r * row * 16);
        }
        if (work->in_blocks)
            for (ptrdiff_t i = 0; i < features; i += length)
                ck_hog_normalize_lanes(blocks + i * 16, (int)length, hog->norm);
        ck_lanes_to_features(blocks, features, lanes, work->result + group * 16 * features, features);
    }
    free(places);
    free(blocks);
}

// --- Larger images, a row of blocks at a time ---

#define HOG_TRILINEAR_STRIP 512

/// Magnitudes and places among the bins of `length` pixels from column `first` of row y.
CK_CLONES static void row_votes(const struct ck_hog *hog, const uint8_t *image, int y, int first, int length,
                                float *magnitudes, float *places) {
    int width = hog->width;
    const uint8_t *row = image + (ptrdiff_t)y * width;
    int down = y > 0 && y + 1 < (int)hog->height ? width : 0;
    int32_t across[HOG_TRILINEAR_STRIP] = {0}, along[HOG_TRILINEAR_STRIP] = {0};
    for (int i = 0; i < length; i++) {
        int x = first + i;
        across[i] = x > 0 && x + 1 < width ? row[x + 1] - row[x - 1] : 0;
        along[i] = row[x + down] - row[x - down];
    }
    for (int i = 0; i < length; i += 16) {
        f32x16 magnitude, place;
        HOG_VOTE(CK_LOAD_I16(across + i), CK_LOAD_I16(along + i), hog->orientations, hog->has_sign, magnitude, place);
        CK_STORE16(magnitudes + i, magnitude);
        CK_STORE16(places + i, place);
    }
}

/// Adds one pixel's vote to the sums of its row, [block column][cell][bin].
CK_INLINE void vote_across(const struct trilinear *work, int n, int cell, int x, float magnitude, float place,
                           float *sums) {
    int low = (int)(place + 1) - 1, high = low + 1 < n ? low + 1 : 0;
    float above = magnitude * (place - (float)low), below = magnitude - above;
    if (low < 0) low = n - 1;
    int32_t from, to;
    blocks_at(&work->across, cell, x, &from, &to);
    for (int c = from; c < to; c++) {
        const struct share *share = &work->across.shares[x - c * cell];
        for (int half = 0; half < 2; half++) {
            if (share->weight[half] == 0) continue;
            float *bins = sums + ((ptrdiff_t)c * work->across.side + share->low + half) * n;
            bins[low] += share->weight[half] * below;
            bins[high] += share->weight[half] * above;
        }
    }
}

static void row_part(void *context, int32_t part) {
    struct trilinear *work = context;
    const struct ck_hog *hog = work->hog;
    const int cell = hog->cell, orientations = hog->orientations, columns = ck_hog_columns(hog) * cell;
    ptrdiff_t length = (ptrdiff_t)work->down.side * work->across.side * orientations;
    ptrdiff_t row = length * work->across.blocks, across = row / work->down.side, first, end;
    ck_part_range(work->count * work->down.blocks, work->parts, part, &first, &end);
    float magnitudes[HOG_TRILINEAR_STRIP], places[HOG_TRILINEAR_STRIP];
    float *sums = malloc((size_t)across * sizeof *sums);
    if (!sums) {
        __atomic_store_n(&work->failed, 1, __ATOMIC_RELAXED);
        return;
    }
    for (ptrdiff_t item = first; item < end; item++) {
        const uint8_t *image = work->images + item / work->down.blocks * hog->height * hog->width;
        int r = (int)(item % work->down.blocks);
        float *blocks = work->result + item * row;
        memset(blocks, 0, (size_t)row * sizeof *blocks);
        for (int y = r * cell; y < r * cell + work->down.length; y++) {
            memset(sums, 0, (size_t)across * sizeof *sums);
            for (int start = 0; start < columns; start += HOG_TRILINEAR_STRIP) {
                int strip = columns - start < HOG_TRILINEAR_STRIP ? columns - start : HOG_TRILINEAR_STRIP;
                row_votes(hog, image, y, start, strip, magnitudes, places);
                for (int i = 0; i < strip; i++)
                    if (magnitudes[i] > 0) vote_across(work, orientations, cell, start + i, magnitudes[i], places[i], sums);
            }
            add_down(work, y, r, sums, 1, blocks);
        }
        if (work->in_blocks)
            for (ptrdiff_t i = 0; i < row; i += length) ck_hog_normalize(blocks + i, (int)length, hog->norm);
    }
    free(sums);
}

enum ck_status ck_hog_trilinear(const struct ck_hog *hog, ptrdiff_t count, const uint8_t *images, float *result,
                                int32_t in_blocks) {
    struct trilinear work = {.hog = hog, .count = count, .images = images, .result = result, .in_blocks = in_blocks};
    int rows = ck_hog_rows(hog), columns = ck_hog_columns(hog);
    ptrdiff_t pixels = (ptrdiff_t)hog->height * hog->width;
    double mean = 1.0 / hog->cell;
    int32_t down = axis_of(&work.down, rows, in_blocks ? hog->block : rows, hog->cell, in_blocks, mean);
    int32_t across = axis_of(&work.across, columns, in_blocks ? hog->block : columns, hog->cell, in_blocks, mean);
    if (down != 0 || across != 0) {
        work.failed = 1;
    } else if (pixels <= CK_HOG_LANE_PIXELS) {
        work.parts = ck_hog_parts((count + 15) / 16, pixels * 16);
        ck_parallel(work.parts, lane_part, &work);
    } else {
        work.parts = ck_hog_parts(count * work.down.blocks, (ptrdiff_t)hog->width * work.down.length);
        ck_parallel(work.parts, row_part, &work);
    }
    free(work.down.shares);
    free(work.across.shares);
    return work.failed ? CK_NO_MEMORY : CK_OK;
}
