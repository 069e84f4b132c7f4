// What the parts of SIFT share: one octave of a Gaussian scale space, and growing lists of candidates.
#ifndef CK_FEATURES_SIFT_H
#define CK_FEATURES_SIFT_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "ck_features.h"

#define CK_SIFT_MAX_LEVELS 8
/// Extrema closer to the octave's border than this are not looked for.
#define CK_SIFT_BORDER 5

/// levels + 3 pictures of one size, each blurred more than the one before.
struct ck_octave {
    int32_t number;             // -1: twice the image's size
    int32_t height, width;
    ptrdiff_t stride;             // floats from row to row
    int32_t levels;
    float *picture[CK_SIFT_MAX_LEVELS + 3];
};

/// An extremum of the difference of Gaussians, found to a fraction of a pixel, in the octave's pixels.
struct ck_extremum {
    int32_t x, y, level;
    float dx, dy, dlevel;  // what is added to them
    float contrast;
};

struct ck_extrema {
    struct ck_extremum *items;
    ptrdiff_t count, capacity;
};

/// Adds one; 0 when there is no memory.
static inline int ck_extrema_add(struct ck_extrema *list, const struct ck_extremum *item) {
    if (list->count == list->capacity) {
        ptrdiff_t capacity = list->capacity ? list->capacity * 2 : 64;
        struct ck_extremum *items = realloc(list->items, (size_t)capacity * sizeof *items);
        if (!items) return 0;
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = *item;
    return 1;
}

/// Twice the picture's size by linear interpolation at quarters, so that no pixel is blurred less than another: pixel x
/// of the result lies at x / 2 - 1/4. Rows of the result are `stride` apart.
void ck_double_picture(const uint8_t *image, int32_t height, int32_t width, float *result, ptrdiff_t stride);
void ck_bytes_to_picture(const uint8_t *image, int32_t height, int32_t width, float *result, ptrdiff_t stride);
/// Every second pixel of every second row, beginning with the first.
void ck_halve_picture(const float *picture, ptrdiff_t stride, float *result, int32_t height, int32_t width,
                      ptrdiff_t result_stride);
#define CK_GAUSSIAN_MAX_RADIUS 64

/// Weights of distance 0, 1, ... radius; they add up to 1 over both sides.
struct ck_gaussian {
    int32_t radius;
    float weights[CK_GAUSSIAN_MAX_RADIUS + 1];
};

struct ck_gaussian ck_gaussian_of(float sigma);

/// The index that a mirror at both ends gives: ... 2 1 0 1 2 ... n-1 n-2 ...
static inline int32_t ck_mirrored(int32_t i, int32_t n) {
    if (i >= 0 && i < n) return i;
    if (n == 1) return 0;
    int32_t period = 2 * n - 2;
    i %= period;
    if (i < 0) i += period;
    return i < n ? i : period - i;
}

/// One row blurred both ways from the 2 radius + 1 rows around it, and the row below it, if asked for, which needs one
/// row more. Rows may be read and written up to the next multiple of 64; `memory` has ck_blur_memory(width) numbers.
void ck_blur_rows(const struct ck_gaussian *gaussian, const float *const *rows, int32_t width, float *memory,
                  float *result, float *below);
ptrdiff_t ck_blur_memory(int32_t width);
/// Gaussian blur, the picture being mirrored at its border.
enum ck_status ck_gaussian_blur(const float *picture, float *result, int32_t height, int32_t width, ptrdiff_t stride,
                                float sigma);

/// Rows of differences between neighbouring pictures as they come, one after another from `first`; their extrema.
struct ck_difference_scan {
    int32_t width, levels;
    ptrdiff_t length, first;
    float threshold;
    float *ring;  // three rows of each difference
    int32_t *columns;
    struct ck_extrema found;
};

/// ck_difference_scan_end follows, whatever the status.
enum ck_status ck_difference_scan_begin(struct ck_difference_scan *scan, int32_t width, int32_t levels, ptrdiff_t first,
                                        const struct ck_sift *sift);
/// The next row, y, of all levels + 3 pictures; what is found lies in row y - 1.
enum ck_status ck_difference_scan_row(struct ck_difference_scan *scan, const float *const *pictures, ptrdiff_t y);
void ck_difference_scan_end(struct ck_difference_scan *scan);

/// How many parts an octave is worth. Every row is the same whatever part makes it, so the number may depend on that of
/// the threads.
int32_t ck_octave_parts(const struct ck_octave *octave);
/// Blurs the first picture of an octave to the others, whose blur is sigma 2^(i / levels), and, with `found` (one list
/// for each part), scans their differences on the way.
enum ck_status ck_blur_octave(struct ck_octave *octave, const struct ck_sift *sift, int32_t parts,
                              struct ck_extrema *found);

/// Moves what a scan found to a fraction of a pixel; `result`: those that pass the tests, by level, row and column, each
/// once.
enum ck_status ck_sift_refine(const struct ck_octave *octave, const struct ck_sift *sift, struct ck_extrema *found,
                              int32_t lists, struct ck_extrema *result);

/// The directions that a keypoint at (x, y) of `picture`, of blur `scale` (octave's pixels), may have: at most 36.
int32_t ck_sift_angles(const float *picture, const struct ck_octave *octave, float x, float y, float scale,
                       float angles[36]);
/// 128 bytes for a keypoint at (x, y), of blur `scale`, turned by `angle`.
void ck_sift_descriptor(const float *picture, const struct ck_octave *octave, float x, float y, float scale,
                        float angle, void *scratch, uint8_t *descriptor);
/// Bytes of scratch memory that a descriptor of such a scale needs.
ptrdiff_t ck_sift_scratch(const struct ck_octave *octave, float scale);

static inline void ck_check_sift(const struct ck_sift *sift) {
    CK_ASSERT_GIVEN(sift);
    CK_ASSERT(sift->height, >= 8);
    CK_ASSERT(sift->width, >= 8);
    CK_ASSERT_IN(sift->levels, 1, 8);
}

#endif
