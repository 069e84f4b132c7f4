// How often words occur: dense SIFT and words in one pass, so that descriptors never leave the caches; and what makes
// the counts of different images comparable.
#include <stdlib.h>
#include <string.h>

#include "ck_core.h"
#include "features/dense_sift.h"

// --- Dense SIFT and words in one pass ---

struct dense_words {
    const struct ck_dense_plan *plan;
    const struct ck_dense_sift *dense;
    const struct ck_words *words;
    int32_t grid_count, cells;
    const int32_t *grids;
    ptrdiff_t count;
    const uint8_t *images;
    float *histograms;
    int32_t parts;
    int32_t failed;
};

static void dense_words_part(void *context, int32_t part) {
    struct dense_words *work = context;
    const struct ck_dense_sift *dense = work->dense;
    int32_t rows = ck_dense_count(dense->height, dense->step), columns = ck_dense_count(dense->width, dense->step);
    ptrdiff_t pixels = (ptrdiff_t)dense->height * dense->width, n = (ptrdiff_t)rows * columns, first, end;
    ptrdiff_t words = ck_words_count(work->words);
    ck_part_range(work->count, work->parts, part, &first, &end);
    void *scratch = aligned_alloc(64, (size_t)ck_dense_scratch(work->plan));
    uint8_t *descriptors = aligned_alloc(64, (size_t)(n * 128));
    int32_t *nearest = malloc((size_t)n * sizeof *nearest);
    if (!scratch || !descriptors || !nearest) {
        __atomic_store_n(&work->failed, 1, __ATOMIC_RELAXED);
        first = end;
    }
    for (ptrdiff_t image = first; image < end; image++) {
        float *histogram = work->histograms + image * work->cells * words;
        memset(histogram, 0, (size_t)(work->cells * words) * sizeof *histogram);
        ck_dense_image(work->plan, work->images + image * pixels, scratch, descriptors);
        ck_nearest_words_here(work->words, n, descriptors, nearest, NULL);
        for (int32_t g = 0; g < work->grid_count; g++) {
            ptrdiff_t grid = work->grids[g];
            for (ptrdiff_t i = 0; i < n; i++) {
                if (nearest[i] < 0) continue;
                ptrdiff_t y = ck_dense_first(dense->height, dense->step) + i / columns * dense->step;
                ptrdiff_t x = ck_dense_first(dense->width, dense->step) + i % columns * dense->step;
                // The cell of a pixel's middle, (y + 1/2) / height of the way down.
                ptrdiff_t row = (2 * y + 1) * grid / (2 * dense->height);
                ptrdiff_t column = (2 * x + 1) * grid / (2 * dense->width);
                histogram[(row * grid + column) * words + nearest[i]] += 1;
            }
            histogram += grid * grid * words;
        }
    }
    free(scratch);
    free(descriptors);
    free(nearest);
}

enum ck_status ck_dense_words(const struct ck_dense_sift *dense, const struct ck_words *words, ptrdiff_t grid_count,
                              const int32_t *grids, ptrdiff_t count, const uint8_t *images, float *histograms) {
    ck_check_dense(dense);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(images, count * dense->height * dense->width);
    CK_ASSERT_GIVEN(words);
    CK_ASSERT(grid_count, > 0);
    CK_ASSERT_MEMORY(grids, grid_count);
    CK_ASSERT_MEMORY(histograms, count);
    if (dense->height > INT32_MAX || dense->width > INT32_MAX) return CK_TOO_LARGE;
    struct ck_dense_plan *plan = ck_dense_plan_make(dense);
    if (!plan) return CK_NO_MEMORY;
    struct dense_words work = {.plan = plan, .dense = dense, .words = words, .grid_count = grid_count, .grids = grids,
                               .count = count, .images = images, .histograms = histograms,
                               .parts = count < 1024 ? (int32_t)count : 1024};
    for (int32_t g = 0; g < grid_count; g++) work.cells += grids[g] * grids[g];
    ck_parallel(work.parts, dense_words_part, &work);
    ck_dense_plan_free(plan);
    return work.failed ? CK_NO_MEMORY : CK_OK;
}

// --- Normalising ---

struct normalize_work {
    ptrdiff_t rows, length, words;
    const float *weights;
    int32_t norm, parts;
    float *histograms;
};

CK_CLONES static void normalize_row(float *row, ptrdiff_t length, ptrdiff_t words, const float *weights, int32_t norm) {
    if (weights)
        for (ptrdiff_t start = 0; start < length; start += words)
            for (ptrdiff_t i = 0; i < words; i++) row[start + i] *= weights[i];
    if (norm == CK_WORDS_COUNTS) return;
    double sum = 0;
    for (ptrdiff_t i = 0; i < length; i++) sum += norm == CK_WORDS_L2 ? (double)row[i] * row[i] : (double)row[i];
    if (!(sum > 0)) return;
    float factor = (float)(1 / (norm == CK_WORDS_L2 ? __builtin_sqrt(sum) : sum));
    for (ptrdiff_t i = 0; i < length; i++)
        row[i] = norm == CK_WORDS_HELLINGER ? __builtin_sqrtf(row[i] * factor) : row[i] * factor;
}

static void normalize_part(void *context, int32_t part) {
    struct normalize_work *work = context;
    ptrdiff_t first, end;
    ck_part_range(work->rows, work->parts, part, &first, &end);
    for (ptrdiff_t r = first; r < end; r++)
        normalize_row(work->histograms + r * work->length, work->length, work->words, work->weights, work->norm);
}

void ck_words_normalize(ptrdiff_t rows, ptrdiff_t length, ptrdiff_t words, const float *weights, int32_t norm,
                        float *histograms) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(length, >= 0);
    CK_ASSERT(words, > 0);
    CK_ASSERT(length % words, == 0);
    CK_ASSERT_IN(norm, CK_WORDS_COUNTS, CK_WORDS_HELLINGER);
    CK_ASSERT_MEMORY(histograms, rows * length);
    struct normalize_work work = {.rows = rows, .length = length, .words = words, .weights = weights, .norm = norm,
                                  .parts = (int32_t)(rows / 64 < 4095 ? rows / 64 + 1 : 4096), .histograms = histograms};
    ck_parallel(work.parts, normalize_part, &work);
}
