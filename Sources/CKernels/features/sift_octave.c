// An octave's pictures, each blurred from the one before, and the differences between them: all in one go down the
// rows, so that a row is still in the second-level cache when the next picture and the differences need it.
#include <math.h>

#include "ck_core.h"
#include "features/sift.h"

#define SIFT_MAX_PICTURES (CK_SIFT_MAX_LEVELS + 3)
/// The fewest rows of a part: at the borders between parts rows are blurred twice.
#define SIFT_ROWS_PER_PART 64

struct cascade {
    struct ck_octave *octave;
    const struct ck_sift *sift;
    struct ck_gaussian gaussians[SIFT_MAX_PICTURES];  // from the picture before
    int32_t reach[SIFT_MAX_PICTURES];                 // rows beyond a part's own that the later pictures need
    struct ck_extrema *found;
    int32_t parts;
    int32_t failed;
};

/// What one part has of the pictures: its own rows lie in the octave, those beside them in memory of its own.
struct strip {
    const struct cascade *work;
    ptrdiff_t first, end;              // its own rows
    float *beside[SIFT_MAX_PICTURES];     // `reach` rows above, then as many below
    ptrdiff_t next[SIFT_MAX_PICTURES];      // the next row to be made
    float *line;
};

/// Row y of a picture, `reach` rows beyond the part's own at most.
static float *row_of(const struct strip *strip, int32_t picture, ptrdiff_t y) {
    const struct ck_octave *octave = strip->work->octave;
    ptrdiff_t stride = octave->stride;
    if (picture == 0 || (y >= strip->first && y < strip->end)) return octave->picture[picture] + y * stride;
    ptrdiff_t place = y < strip->first ? strip->first - 1 - y : strip->work->reach[picture] + y - strip->end;
    return strip->beside[picture] + place * stride;
}

/// Makes the rows of a picture up to y or one more, two at a time, and what they need of the pictures before.
static void make_rows(struct strip *strip, int32_t picture, ptrdiff_t y) {
    if (picture == 0) return;
    const struct cascade *work = strip->work;
    const struct ck_gaussian *gaussian = &work->gaussians[picture];
    int32_t height = work->octave->height, radius = gaussian->radius;
    ptrdiff_t end = strip->end + work->reach[picture];
    if (end > height) end = height;
    while (strip->next[picture] <= y) {
        ptrdiff_t here = strip->next[picture], count = here + 1 < end ? 2 : 1, last = here + count - 1 + radius;
        make_rows(strip, picture - 1, last < height ? last : height - 1);
        const float *rows[2 * CK_GAUSSIAN_MAX_RADIUS + 2];
        for (int32_t k = -radius; k < radius + count; k++)
            rows[radius + k] = row_of(strip, picture - 1, ck_mirrored((int32_t)here + k, height));
        ck_blur_rows(gaussian, rows, work->octave->width, strip->line, row_of(strip, picture, here),
                     count > 1 ? row_of(strip, picture, here + 1) : NULL);
        strip->next[picture] += count;
    }
}

/// Blurs and scans a part's rows.
static enum ck_status work_on(struct strip *strip, struct ck_difference_scan *scan, ptrdiff_t first, ptrdiff_t end) {
    int32_t last = strip->work->octave->levels + 2;
    for (ptrdiff_t y = first; y < end; y++) {
        make_rows(strip, last, y);
        if (!scan || y < CK_SIFT_BORDER - 1 || y > strip->work->octave->height - CK_SIFT_BORDER) continue;
        const float *pictures[SIFT_MAX_PICTURES];
        for (int32_t i = 0; i <= last; i++) pictures[i] = row_of(strip, i, y);
        if (ck_difference_scan_row(scan, pictures, y)) return CK_NO_MEMORY;
    }
    return CK_OK;
}

static void cascade_part(void *context, int32_t part) {
    struct cascade *work = context;
    const struct ck_octave *octave = work->octave;
    int32_t pictures = octave->levels + 3;
    enum ck_status status = CK_NO_MEMORY;
    struct strip strip = {.work = work};
    ck_part_range(octave->height, work->parts, part, &strip.first, &strip.end);
    // The differences of one more row on each side belong to the neighbourhood of the part's own.
    ptrdiff_t more = work->found ? 1 : 0, first = strip.first - more, end = strip.end + more;
    first = first < 0 ? 0 : first;
    end = end > octave->height ? octave->height : end;
    ptrdiff_t rows = 0;
    for (int32_t i = 1; i < pictures; i++) {
        rows += 2 * work->reach[i];
        strip.next[i] = strip.first - work->reach[i] < 0 ? 0 : strip.first - work->reach[i];
    }
    ptrdiff_t line = ck_blur_memory(octave->width);
    float *memory = aligned_alloc(64, (size_t)(line + rows * octave->stride + 64) * sizeof(float));
    struct ck_difference_scan scan = {0};
    if (memory) {
        strip.line = memory;
        float *place = memory + line;
        for (int32_t i = 1; i < pictures; i++) {
            strip.beside[i] = place;
            place += 2 * work->reach[i] * octave->stride;
        }
        status = 0;
        if (work->found) {
            ptrdiff_t from = first < CK_SIFT_BORDER - 1 ? CK_SIFT_BORDER - 1 : first;
            status = ck_difference_scan_begin(&scan, octave->width, octave->levels, from, work->sift);
        }
        if (!status) status = work_on(&strip, work->found ? &scan : NULL, first, end);
    }
    ck_difference_scan_end(&scan);
    if (work->found) work->found[part] = scan.found;
    free(memory);
    if (status) __atomic_store_n(&work->failed, 1, __ATOMIC_RELAXED);
}

int32_t ck_octave_parts(const struct ck_octave *octave) {
    int32_t parts = octave->height / SIFT_ROWS_PER_PART, threads = ck_thread_count();
    return parts < 1 ? 1 : parts > threads ? threads : parts;
}

enum ck_status ck_blur_octave(struct ck_octave *octave, const struct ck_sift *sift, int32_t parts,
                              struct ck_extrema *found) {
    struct cascade work = {.octave = octave, .sift = sift, .found = found, .parts = parts};
    // Where nothing has neighbours on all sides there is nothing to be found.
    if (octave->height <= 2 * CK_SIFT_BORDER || octave->width <= 2 * CK_SIFT_BORDER) work.found = NULL;
    float step = exp2f(1.0f / (float)octave->levels), sigma = sift->sigma;
    for (int32_t i = 1; i < octave->levels + 3; i++, sigma *= step)
        work.gaussians[i] = ck_gaussian_of(sigma * sqrtf(step * step - 1));
    work.reach[octave->levels + 2] = 1;
    for (int32_t i = octave->levels + 1; i > 0; i--) work.reach[i] = work.reach[i + 1] + work.gaussians[i + 1].radius;
    ck_parallel(work.parts, cascade_part, &work);
    return work.failed ? CK_NO_MEMORY : CK_OK;
}
