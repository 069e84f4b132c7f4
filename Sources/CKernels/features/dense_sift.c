// Descriptors on a grid, all from the same maps: a gradient's magnitude is shared between its two nearest of eight
// directions, the maps of the directions are convolved with a triangle (which is what linear interpolation between
// cells amounts to), and a descriptor reads its sixteen cells from the result. The Gaussian window is applied to whole
// cells. The idea is that of A. Vedaldi, B. Fulkerson, "VLFeat" (2008), dsift.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "features/dense_sift.h"
#include "ck_core.h"
#include "core/lanes.h"
#include "features/turns.h"

#define DENSE_DIRECTIONS 8
#define DENSE_CELLS 4

/// The middles of cells along one side, each once, and the pixels that each draws from.
struct side {
    int32_t centres, middles;
    int32_t *cell_of;  // [centres][4]: which middle
    int32_t *first, *taps;
    float *weights;    // [middles][2 * cell + 1]
};

struct ck_dense_plan {
    struct ck_dense_sift dense;
    struct side across, down;
    float window[DENSE_CELLS * DENSE_CELLS];
};

static enum ck_status make_side(struct side *side, int32_t length, int32_t step, int32_t cell) {
    int32_t centres = ck_dense_count(length, step), origin = ck_dense_first(length, step);
    int32_t room = 2 * cell + 1, offset = 3 * cell;
    // Twice the place of a middle, plus 3 cells, is a whole number from 0 on.
    ptrdiff_t places = 2 * (ptrdiff_t)length + 2 * offset + 1;
    int32_t *number = calloc((size_t)places, sizeof *number);
    side->centres = centres;
    side->cell_of = malloc((size_t)centres * DENSE_CELLS * sizeof(int32_t));
    side->first = malloc((size_t)centres * DENSE_CELLS * sizeof(int32_t));
    side->taps = malloc((size_t)centres * DENSE_CELLS * sizeof(int32_t));
    side->weights = malloc((size_t)centres * DENSE_CELLS * (size_t)room * sizeof(float));
    if (!number || !side->cell_of || !side->first || !side->taps || !side->weights) {
        free(number);
        return CK_NO_MEMORY;
    }
    for (int32_t i = 0; i < centres; i++)
        for (int32_t k = 0; k < DENSE_CELLS; k++) number[2 * (origin + i * step) + (2 * k - 3) * cell + offset] = 1;
    int32_t next = 0;
    for (ptrdiff_t place = 0; place < places; place++) {
        if (!number[place]) continue;
        float middle = (float)(place - offset) / 2;
        int32_t first = (int32_t)fmaxf(0, ceilf(middle - (float)cell)), taps = 0;
        for (int32_t x = first; x < length && (float)x <= middle + (float)cell && taps < room; x++)
            side->weights[next * room + taps++] = 1 - fabsf((float)x - middle) / (float)cell;
        side->first[next] = first < length ? first : 0;
        side->taps[next] = taps;
        number[place] = next++;
    }
    side->middles = next;
    for (int32_t i = 0; i < centres; i++)
        for (int32_t k = 0; k < DENSE_CELLS; k++)
            side->cell_of[i * DENSE_CELLS + k] = number[2 * (origin + i * step) + (2 * k - 3) * cell + offset];
    free(number);
    return CK_OK;
}

static void free_side(struct side *side) {
    free(side->cell_of);
    free(side->first);
    free(side->taps);
    free(side->weights);
}

struct ck_dense_plan *ck_dense_plan_make(const struct ck_dense_sift *dense) {
    struct ck_dense_plan *plan = calloc(1, sizeof *plan);
    if (!plan) return NULL;
    plan->dense = *dense;
    if (make_side(&plan->across, dense->width, dense->step, dense->cell) ||
        make_side(&plan->down, dense->height, dense->step, dense->cell)) {
        ck_dense_plan_free(plan);
        return NULL;
    }
    for (int i = 0; i < DENSE_CELLS; i++)
        for (int j = 0; j < DENSE_CELLS; j++)
            plan->window[i * DENSE_CELLS + j] = expf(-0.125f * ((i - 1.5f) * (i - 1.5f) + (j - 1.5f) * (j - 1.5f)));
    return plan;
}

void ck_dense_plan_free(struct ck_dense_plan *plan) {
    if (!plan) return;
    free_side(&plan->across);
    free_side(&plan->down);
    free(plan);
}

// Scratch memory: one row of directions, the rows convolved along, the whole convolved both ways.
static ptrdiff_t row_floats(const struct ck_dense_plan *plan) { return ((ptrdiff_t)plan->dense.width + 16) * DENSE_DIRECTIONS; }
static ptrdiff_t along_floats(const struct ck_dense_plan *plan) {
    return (ptrdiff_t)plan->dense.height * plan->across.middles * DENSE_DIRECTIONS;
}
static ptrdiff_t map_floats(const struct ck_dense_plan *plan) {
    return (ptrdiff_t)plan->down.middles * plan->across.middles * DENSE_DIRECTIONS;
}

ptrdiff_t ck_dense_scratch(const struct ck_dense_plan *plan) {
    ptrdiff_t floats = row_floats(plan) + along_floats(plan) + map_floats(plan);
    return (floats * (ptrdiff_t)sizeof(float) + 63) & ~(ptrdiff_t)63;
}

/// One row of pixels as eight directions each; whether any gradient is not zero.
CK_CLONES static int direction_row(const uint8_t *image, int32_t y, int32_t height, int32_t width, float *result) {
    const f32x8 directions = {0, 1, 2, 3, 4, 5, 6, 7};
    const uint8_t *row = image + (ptrdiff_t)y * width;
    const uint8_t *above = y > 0 ? row - width : row, *below = y + 1 < height ? row + width : row;
    int any = 0;
    for (int32_t x = 0; x < width; x += 16) {
        float dx[16] = {0}, dy[16] = {0}, magnitude[16], bin[16];
        int32_t length = width - x < 16 ? width - x : 16;
        for (int32_t i = 0; i < length; i++) {
            int32_t right = x + i + 1 < width ? x + i + 1 : x + i, left = x + i > 0 ? x + i - 1 : 0;
            dx[i] = (float)(row[right] - row[left]);
            dy[i] = (float)(below[x + i] - above[x + i]);
        }
        f32x16 gx = CK_LOAD16(dx), gy = CK_LOAD16(dy), turns;
        f32x16 size = CK_SQRT16(gx * gx + gy * gy);
        CK_TURNS(gx, gy, turns);
        CK_STORE16(magnitude, size);
        CK_STORE16(bin, (1.0f - turns) * (float)DENSE_DIRECTIONS);  // against the clock, as SIFT counts
        for (int32_t i = 0; i < length; i++) {
            float *place = result + (x + i) * DENSE_DIRECTIONS;
            if (magnitude[i] == 0) {
                CK_STORE8(place, (f32x8){});
                continue;
            }
            any = 1;
            f32x8 apart = __builtin_elementwise_abs(directions - bin[i]);
            apart = __builtin_elementwise_min(apart, (float)DENSE_DIRECTIONS - apart);
            CK_STORE8(place, __builtin_elementwise_max(1.0f - apart, (f32x8){}) * magnitude[i]);
        }
    }
    return any;
}

/// result[m] = the taps of middle m, each a vector of eight directions; `apart` floats from pixel to pixel.
CK_CLONES static void convolve_row(const struct side *side, int32_t room, const float *row, float *result) {
    for (int32_t m = 0; m < side->middles; m++) {
        f32x8 sum = {};
        const float *weights = side->weights + m * room, *place = row + side->first[m] * DENSE_DIRECTIONS;
        for (int32_t t = 0; t < side->taps[m]; t++) sum += CK_LOAD8(place + t * DENSE_DIRECTIONS) * weights[t];
        CK_STORE8(result + m * DENSE_DIRECTIONS, sum);
    }
}

CK_CLONES static void convolve_column(const struct side *side, int32_t m, int32_t room, const float *rows,
                                      ptrdiff_t length, float *result) {
    const float *weights = side->weights + m * room, *place = rows + side->first[m] * length;
    for (ptrdiff_t x = 0; x < length; x += 8) {
        f32x8 sum = {};
        for (int32_t t = 0; t < side->taps[m]; t++) sum += CK_LOAD8(place + t * length + x) * weights[t];
        CK_STORE8(result + x, sum);
    }
}

CK_CLONES static void read_cells(const struct ck_dense_plan *plan, const float *map, uint8_t *descriptors) {
    ptrdiff_t length = (ptrdiff_t)plan->across.middles * DENSE_DIRECTIONS;
    _Alignas(64) float values[DENSE_CELLS * DENSE_CELLS * DENSE_DIRECTIONS];
    for (int32_t row = 0; row < plan->down.centres; row++)
        for (int32_t column = 0; column < plan->across.centres; column++, descriptors += 128) {
            f32x8 sum = {};
            for (int i = 0; i < DENSE_CELLS; i++) {
                const float *line = map + plan->down.cell_of[row * DENSE_CELLS + i] * length;
                for (int j = 0; j < DENSE_CELLS; j++) {
                    f32x8 cell = CK_LOAD8(line + plan->across.cell_of[column * DENSE_CELLS + j] * DENSE_DIRECTIONS);
                    cell *= plan->window[i * DENSE_CELLS + j];
                    sum += cell;
                    CK_STORE8(values + (i * DENSE_CELLS + j) * DENSE_DIRECTIONS, cell);
                }
            }
            if (!__builtin_reduce_or((int32_t __attribute__((vector_size(32))))sum)) memset(descriptors, 0, 128);
            else finish_descriptor(values, descriptors);
        }
}

void ck_dense_image(const struct ck_dense_plan *plan, const uint8_t *image, void *scratch, uint8_t *descriptors) {
    float *row = scratch, *along = row + row_floats(plan), *map = along + along_floats(plan);
    ptrdiff_t length = (ptrdiff_t)plan->across.middles * DENSE_DIRECTIONS;
    int32_t room = 2 * plan->dense.cell + 1;
    for (int32_t y = 0; y < plan->dense.height; y++) {
        if (direction_row(image, y, plan->dense.height, plan->dense.width, row))
            convolve_row(&plan->across, room, row, along + y * length);
        else memset(along + y * length, 0, (size_t)length * sizeof(float));
    }
    for (int32_t m = 0; m < plan->down.middles; m++)
        convolve_column(&plan->down, m, room, along, length, map + m * length);
    read_cells(plan, map, descriptors);
}

struct dense_work {
    const struct ck_dense_plan *plan;
    ptrdiff_t count;
    const uint8_t *images;
    uint8_t *descriptors;
    int32_t parts;
    int32_t failed;
};

static void dense_part(void *context, int32_t part) {
    struct dense_work *work = context;
    const struct ck_dense_plan *plan = work->plan;
    ptrdiff_t first, end, pixels = (ptrdiff_t)plan->dense.height * plan->dense.width;
    ptrdiff_t size = (ptrdiff_t)plan->across.centres * plan->down.centres * 128;
    ck_part_range(work->count, work->parts, part, &first, &end);
    void *scratch = aligned_alloc(64, (size_t)ck_dense_scratch(plan));
    if (!scratch) {
        __atomic_store_n(&work->failed, 1, __ATOMIC_RELAXED);
        return;
    }
    for (ptrdiff_t i = first; i < end; i++)
        ck_dense_image(plan, work->images + i * pixels, scratch, work->descriptors + i * size);
    free(scratch);
}

enum ck_status ck_dense_sift(const struct ck_dense_sift *dense, ptrdiff_t count, const uint8_t *images,
                             uint8_t *descriptors) {
    ck_check_dense(dense);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(images, count * dense->height * dense->width);
    CK_ASSERT_MEMORY(descriptors, count);
    if (dense->height > INT32_MAX || dense->width > INT32_MAX) return CK_TOO_LARGE;
    struct ck_dense_plan *plan = ck_dense_plan_make(dense);
    if (!plan) return CK_NO_MEMORY;
    struct dense_work work = {.plan = plan, .count = count, .images = images, .descriptors = descriptors,
                              .parts = count < 1024 ? (int32_t)count : 1024};
    ck_parallel(work.parts, dense_part, &work);
    ck_dense_plan_free(plan);
    return work.failed ? CK_NO_MEMORY : CK_OK;
}
