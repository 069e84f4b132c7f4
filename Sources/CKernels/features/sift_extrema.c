// Extrema of the difference of Gaussians, to a fraction of a pixel: sections 3 and 4 of D. Lowe, "Distinctive Image
// Features from Scale-Invariant Keypoints", IJCV 60 (2004).
//
// Differences are never kept: three rows of each lie in a ring.
#include <math.h>

#include "ck_core.h"
#include "core/lanes.h"
#include "features/sift.h"

#define SIFT_MAX_STEPS 5

CK_CLONES static void subtract_rows(const float *more, const float *less, int32_t width, float *result) {
    for (int32_t x = 0; x < width; x += 16) CK_STORE16(result + x, CK_LOAD16(more + x) - CK_LOAD16(less + x));
}

/// Columns of one row that are not below, or not above, any of their 26 neighbours. `rows` are three rows of the level
/// below, three of the level itself, three of the level above.
CK_CLONES static int32_t scan_row(const float *const rows[9], int32_t first, int32_t end, float threshold,
                                  int32_t *columns) {
    int32_t count = 0;
    const float *middle = rows[4];
    const i32x16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    for (int32_t x = first; x < end; x += 16) {
        f32x16 v = CK_LOAD16(middle + x);
        // Beyond a row's end there may be anything, also what nobody has written.
        i32x16 strong = (CK_ABS16(v) > threshold) & (lanes < end - x);
        if (!__builtin_reduce_or(strong)) continue;
        f32x16 left = CK_LOAD16(middle + x - 1), right = CK_LOAD16(middle + x + 1);
        i32x16 high = strong & (v >= left) & (v >= right) & (v > 0);
        i32x16 low = strong & (v <= left) & (v <= right) & (v < 0);
        if (!__builtin_reduce_or(high | low)) continue;
        f32x16 most = CK_MAX16(CK_LOAD16(rows[3] + x), CK_LOAD16(rows[5] + x));
        f32x16 least = CK_MIN16(CK_LOAD16(rows[3] + x), CK_LOAD16(rows[5] + x));
        most = CK_MAX16(most, CK_MAX16(CK_LOAD16(rows[1] + x), CK_LOAD16(rows[7] + x)));
        least = CK_MIN16(least, CK_MIN16(CK_LOAD16(rows[1] + x), CK_LOAD16(rows[7] + x)));
        high &= v >= most;
        low &= v <= least;
        if (!__builtin_reduce_or(high | low)) continue;
        static const uint8_t corners[8] = {3, 5, 0, 1, 2, 6, 7, 8};
        for (int k = 0; k < 8; k++) {
            const float *row = rows[corners[k]] + x;
            f32x16 a = CK_LOAD16(row - 1), b = CK_LOAD16(row), c = CK_LOAD16(row + 1);
            most = CK_MAX16(most, CK_MAX16(a, CK_MAX16(b, c)));
            least = CK_MIN16(least, CK_MIN16(a, CK_MIN16(b, c)));
        }
        high &= v >= most;
        low &= v <= least;
        i32x16 found = high | low;
        if (!__builtin_reduce_or(found)) continue;
        for (int k = 0; k < 16; k++)
            if (found[k]) columns[count++] = x + k;
    }
    return count;
}

/// The difference of pictures level + 1 and level at a place.
static inline float difference(const struct ck_octave *octave, int32_t level, ptrdiff_t place) {
    return octave->picture[level + 1][place] - octave->picture[level][place];
}

/// Solves the 3 x 3 system h x = g (h symmetric) by Cramer's rule; 0 when h is singular.
static int solve(const double h[6], const double g[3], double x[3]) {
    double xx = h[0], yy = h[1], ss = h[2], xy = h[3], xs = h[4], ys = h[5];
    double a = yy * ss - ys * ys, b = xs * ys - xy * ss, c = xy * ys - xs * yy;
    double determinant = xx * a + xy * b + xs * c;
    if (fabs(determinant) < 1e-12) return 0;
    x[0] = (g[0] * a + g[1] * b + g[2] * c) / determinant;
    x[1] = (g[0] * b + g[1] * (xx * ss - xs * xs) + g[2] * (xs * xy - xx * ys)) / determinant;
    x[2] = (g[0] * c + g[1] * (xs * xy - xx * ys) + g[2] * (xx * yy - xy * xy)) / determinant;
    return 1;
}

/// Moves to where a parabola through the neighbours has its extremum; 0 if the place fails a test.
static int refine(const struct ck_octave *octave, const struct ck_sift *sift, struct ck_extremum *item) {
    int32_t x = item->x, y = item->y, level = item->level;
    double offset[3], gradient[3], hessian[6], value;
    for (int step = 0;; step++) {
        ptrdiff_t place = y * octave->stride + x, down = octave->stride;
        value = difference(octave, level, place);
        double right = difference(octave, level, place + 1), left = difference(octave, level, place - 1);
        double below = difference(octave, level, place + down), above = difference(octave, level, place - down);
        double wider = difference(octave, level + 1, place), finer = difference(octave, level - 1, place);
        gradient[0] = (right - left) / 2;
        gradient[1] = (below - above) / 2;
        gradient[2] = (wider - finer) / 2;
        hessian[0] = right + left - 2 * value;
        hessian[1] = below + above - 2 * value;
        hessian[2] = wider + finer - 2 * value;
        hessian[3] = (difference(octave, level, place + down + 1) - difference(octave, level, place + down - 1) -
                      difference(octave, level, place - down + 1) + difference(octave, level, place - down - 1)) / 4.0;
        hessian[4] = (difference(octave, level + 1, place + 1) - difference(octave, level + 1, place - 1) -
                      difference(octave, level - 1, place + 1) + difference(octave, level - 1, place - 1)) / 4.0;
        hessian[5] = (difference(octave, level + 1, place + down) - difference(octave, level + 1, place - down) -
                      difference(octave, level - 1, place + down) + difference(octave, level - 1, place - down)) / 4.0;
        if (!solve(hessian, gradient, offset)) return 0;
        for (int i = 0; i < 3; i++) offset[i] = -offset[i];
        if (fabs(offset[0]) < 0.5 && fabs(offset[1]) < 0.5 && fabs(offset[2]) < 0.5) break;
        if (step == SIFT_MAX_STEPS - 1 || fabs(offset[0]) > 1e4 || fabs(offset[1]) > 1e4 || fabs(offset[2]) > 1e4)
            return 0;
        x += (int32_t)lrint(offset[0]);
        y += (int32_t)lrint(offset[1]);
        level += (int32_t)lrint(offset[2]);
        if (level < 1 || level > octave->levels || x < CK_SIFT_BORDER || x >= octave->width - CK_SIFT_BORDER ||
            y < CK_SIFT_BORDER || y >= octave->height - CK_SIFT_BORDER)
            return 0;
    }
    // Pictures have values 0...255; the contrast is told for 0...1.
    double contrast = value + 0.5 * (gradient[0] * offset[0] + gradient[1] * offset[1] + gradient[2] * offset[2]);
    contrast /= 255;
    if (fabs(contrast) * octave->levels < sift->contrast) return 0;
    double trace = hessian[0] + hessian[1], determinant = hessian[0] * hessian[1] - hessian[3] * hessian[3];
    double ratio = sift->edge;
    if (determinant <= 0 || trace * trace * ratio >= (ratio + 1) * (ratio + 1) * determinant) return 0;
    *item = (struct ck_extremum){x, y, level, (float)offset[0], (float)offset[1], (float)offset[2], (float)contrast};
    return 1;
}

enum ck_status ck_difference_scan_begin(struct ck_difference_scan *scan, int32_t width, int32_t levels, ptrdiff_t first,
                                        const struct ck_sift *sift) {
    // Below this no place can pass the test on the contrast, unless the parabola doubles it.
    *scan = (struct ck_difference_scan){.width = width, .levels = levels, .first = first,
                                        .length = ((width + 15) & ~15) + 32,
                                        .threshold = 0.5f * sift->contrast / (float)levels * 255};
    scan->ring = aligned_alloc(64, (size_t)(scan->length * 3 * (levels + 2)) * sizeof(float));
    scan->columns = malloc((size_t)width * sizeof *scan->columns);
    return scan->ring && scan->columns ? CK_OK : CK_NO_MEMORY;
}

enum ck_status ck_difference_scan_row(struct ck_difference_scan *scan, const float *const *pictures, ptrdiff_t y) {
    for (int32_t l = 0; l < scan->levels + 2; l++)
        subtract_rows(pictures[l + 1], pictures[l], scan->width, scan->ring + (l * 3 + y % 3) * scan->length);
    if (y < scan->first + 2) return CK_OK;
    for (int32_t l = 1; l <= scan->levels; l++) {
        const float *rows[9];
        for (int i = 0; i < 9; i++)
            rows[i] = scan->ring + ((l - 1 + i / 3) * 3 + (y - 2 + i % 3) % 3) * scan->length;
        int32_t count = scan_row(rows, CK_SIFT_BORDER, scan->width - CK_SIFT_BORDER, scan->threshold, scan->columns);
        for (int32_t i = 0; i < count; i++) {
            struct ck_extremum item = {.x = scan->columns[i], .y = (int32_t)y - 1, .level = l};
            if (!ck_extrema_add(&scan->found, &item)) return CK_NO_MEMORY;
        }
    }
    return CK_OK;
}

void ck_difference_scan_end(struct ck_difference_scan *scan) {
    free(scan->ring);
    free(scan->columns);
}

struct refinement {
    const struct ck_octave *octave;
    const struct ck_sift *sift;
    struct ck_extrema *found;
};

/// Keeps, in the first places of a list, what passes the tests.
static void refine_part(void *context, int32_t part) {
    struct refinement *work = context;
    struct ck_extrema *list = &work->found[part];
    ptrdiff_t kept = 0;
    for (ptrdiff_t i = 0; i < list->count; i++)
        if (refine(work->octave, work->sift, &list->items[i])) list->items[kept++] = list->items[i];
    list->count = kept;
}

static int by_place(const void *left, const void *right) {
    const struct ck_extremum *a = left, *b = right;
    if (a->level != b->level) return a->level < b->level ? -1 : 1;
    if (a->y != b->y) return a->y < b->y ? -1 : 1;
    return a->x < b->x ? -1 : a->x > b->x;
}

enum ck_status ck_sift_refine(const struct ck_octave *octave, const struct ck_sift *sift, struct ck_extrema *found,
                              int32_t lists, struct ck_extrema *result) {
    struct refinement work = {.octave = octave, .sift = sift, .found = found};
    ck_parallel(lists, refine_part, &work);
    for (int32_t list = 0; list < lists; list++)
        for (ptrdiff_t i = 0; i < found[list].count; i++)
            if (!ck_extrema_add(result, &found[list].items[i])) return CK_NO_MEMORY;
    if (result->count < 2) return CK_OK;
    // Two places may have moved to one.
    qsort(result->items, (size_t)result->count, sizeof *result->items, by_place);
    ptrdiff_t kept = 1;
    for (ptrdiff_t i = 1; i < result->count; i++)
        if (by_place(&result->items[i], &result->items[kept - 1]) != 0) result->items[kept++] = result->items[i];
    result->count = kept;
    return CK_OK;
}
