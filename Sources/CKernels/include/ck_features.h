// Features that people designed: histograms of oriented gradients, scale-space keypoints, dense descriptors, words.
#ifndef CK_FEATURES_H
#define CK_FEATURES_H

#include <stddef.h>
#include <stdint.h>

#include "ck_core.h"

// --- HOG ---------------------------------------------------------------------------------------------------------

enum { CK_HOG_L1 = 0, CK_HOG_L1_SQRT = 1, CK_HOG_L2 = 2, CK_HOG_L2_HYS = 3 };

#define CK_HOG_MAX_ORIENTATIONS 64

/// The settings of histograms of oriented gradients for images of one size.
struct ck_hog {
    ptrdiff_t height, width;    // of an image, at least cell * block each
    int32_t cell;             // pixels along a side of a cell, at least 1
    int32_t block;            // cells along a side of a block, at least 1
    int32_t orientations;     // bins, 1...CK_HOG_MAX_ORIENTATIONS
    int32_t has_sign;         // bins over 360 degrees instead of 180
    int32_t norm;             // CK_HOG_...
    int32_t is_trilinear;     // votes are shared by neighbouring directions and cells, and weighed by a window
};

/// Normalised blocks of `count` images [count, height, width]:
/// [count, block rows, block columns, block, block, orientations].
enum ck_status ck_hog_features(const struct ck_hog *hog, ptrdiff_t count, const uint8_t *images, float *features);

/// The cells alone, mean magnitude for each direction: [count, cell rows, cell columns, orientations]. Trilinear votes
/// are shared as if the image were one block without a window.
enum ck_status ck_hog_cells(const struct ck_hog *hog, ptrdiff_t count, const uint8_t *images, float *cells);

// --- SIFT --------------------------------------------------------------------------------------------------------

/// The settings of SIFT: detection and description of keypoints.
struct ck_sift {
    ptrdiff_t height, width;  // of the image, at least 8 each
    int32_t levels;         // scales in an octave at which extrema are looked for, 1...8
    int32_t doubled;        // whether the first octave is twice the image's size
    float sigma;            // blur of each octave's first level, in its pixels
    float contrast;         // least contrast of a keypoint, images having values 0...1
    float edge;             // largest ratio of the principal curvatures
};

/// A place of the image with a size and a direction; the first pixel's centre is (0, 0).
struct ck_keypoint {
    float x, y;         // in the image's pixels
    float scale;        // sigma of the blur at which it was found, in the image's pixels
    float angle;        // radians in [0, 2 pi), from x towards y (clockwise on a screen)
    float response;     // |contrast| of the extremum, or determinant for SURF
    int32_t octave;     // -1: the doubled image
    int32_t level;      // 1...levels
    int32_t sign;       // 1: brighter than its surroundings, -1: darker (SURF: sign of the Laplacian)
};

/// The results: `count` keypoints and, if requested, 128 bytes for each.
struct ck_keypoints {
    ptrdiff_t count;
    struct ck_keypoint *keypoints;
    void *descriptors;  // or NULL
};

/// Finds keypoints in `image` and describes them when `describe` is not 0. The order is by octave, level, row, column,
/// angle; `result` is freed with ck_keypoints_free.
enum ck_status ck_sift_detect(const struct ck_sift *sift, const uint8_t *image, int32_t describe,
                              struct ck_keypoints *result);
/// 128 bytes for each of `count` keypoints, in their order, whatever made them.
enum ck_status ck_sift_describe(const struct ck_sift *sift, const uint8_t *image, ptrdiff_t count,
                                const struct ck_keypoint *keypoints, uint8_t *descriptors);
void ck_keypoints_free(struct ck_keypoints *keypoints);

// --- Dense SIFT --------------------------------------------------------------------------------------------------

/// Descriptors on a grid: centres `step` pixels apart, four cells of `cell` pixels along each side, upright.
struct ck_dense_sift {
    ptrdiff_t height, width;
    int32_t step;  // at least 1
    int32_t cell;  // at least 1
};

/// Centres along a side of `length` pixels, and the position of the first; they are centred as far as whole pixels
/// allow.
static inline ptrdiff_t ck_dense_count(ptrdiff_t length, ptrdiff_t step) {
    CK_ASSERT(length, > 0);
    CK_ASSERT(step, > 0);
    return (length - 1) / step + 1;
}
static inline ptrdiff_t ck_dense_first(ptrdiff_t length, ptrdiff_t step) {
    CK_ASSERT(length, > 0);
    CK_ASSERT(step, > 0);
    return (length - 1) % step / 2;
}

/// Descriptors of `count` images: [count, rows, columns, 128]. Where the image is flat all 128 bytes are zero.
enum ck_status ck_dense_sift(const struct ck_dense_sift *dense, ptrdiff_t count, const uint8_t *images,
                             uint8_t *descriptors);

// --- Visual words ------------------------------------------------------------------------------------------------

/// Words packed for ck_nearest_words: made by ck_words_make, freed by ck_words_free.
struct ck_words;

/// `count` words of `dimension` bytes each (a multiple of 4, at most 256). `plain`: without the processor's special
/// instructions, for tests; the results are the same. NULL if out of memory.
struct ck_words *ck_words_make(ptrdiff_t count, ptrdiff_t dimension, const uint8_t *words, int32_t plain);
void ck_words_free(struct ck_words *words);

/// The nearest word of each descriptor [n, dimension] by squared Euclidean distance, exactly; the first of equals. A
/// descriptor of zeros has none: -1. `distances` may be NULL.
void ck_nearest_words(const struct ck_words *words, ptrdiff_t n, const uint8_t *descriptors, int32_t *nearest,
                      int32_t *distances);

/// The nearest of some descriptors to one, and the distance of the next but one.
struct ck_two_nearest {
    int32_t nearest;          // the first of equals
    int32_t distance;         // squared
    int32_t second_distance;  // squared; INT32_MAX when there is no second
};

/// The nearest of `others` [count, dimension] to each of n descriptors, exactly, zeros or not.
enum ck_status ck_find_two_nearest(ptrdiff_t n, const uint8_t *descriptors, ptrdiff_t count, const uint8_t *others,
                                   ptrdiff_t dimension, struct ck_two_nearest *result);

/// nearest[i] = min(nearest[i], squared distance of descriptor i from `word`).
void ck_nearer(ptrdiff_t n, ptrdiff_t dimension, const uint8_t *descriptors, const uint8_t *word, int32_t *nearest);

/// The counts of each word in each cell of each image, computed from dense SIFT without storing the descriptors:
/// [count, cells, words] where the cells are those of grids[0] x grids[0], then grids[1] x grids[1], and so on.
enum ck_status ck_dense_words(const struct ck_dense_sift *dense, const struct ck_words *words, ptrdiff_t grid_count,
                              const int32_t *grids, ptrdiff_t count, const uint8_t *images, float *histograms);

enum { CK_WORDS_COUNTS = 0, CK_WORDS_L1 = 1, CK_WORDS_L2 = 2, CK_WORDS_HELLINGER = 3 };

/// Normalises `rows` histograms of `length` elements in place; each is first multiplied by `weights` (`words` of them,
/// repeated) unless that is NULL. A histogram of zeros stays so.
void ck_words_normalize(ptrdiff_t rows, ptrdiff_t length, ptrdiff_t words, const float *weights, int32_t norm,
                        float *histograms);

// --- SURF --------------------------------------------------------------------------------------------------------

/// The settings of SURF: detection by box filters and description of keypoints.
struct ck_surf {
    ptrdiff_t height, width;  // at least 32 each
    int32_t octaves;        // 1...4
    int32_t upright;        // angle 0 for all
    int32_t extended;       // 128 values instead of 64
    float threshold;        // least determinant, images having values 0...1
};

/// sums[y * (width + 1) + x] = sum of image[0..<y][0..<x], modulo 2^32.
void ck_integral_image(const uint8_t *image, ptrdiff_t height, ptrdiff_t width, uint32_t *sums);

/// Determinant and trace of the Hessian at a pixel, by filters `size` (9, 15, 21, ...) wide; the image has values 0...1
/// and is zero outside.
void ck_surf_hessian(const uint32_t *sums, ptrdiff_t height, ptrdiff_t width, ptrdiff_t y, ptrdiff_t x, ptrdiff_t size,
                     float *determinant, float *trace);

/// Finds keypoints and describes them by floats of unit length (64 or 128).
enum ck_status ck_surf_detect(const struct ck_surf *surf, const uint8_t *image, int32_t describe,
                              struct ck_keypoints *result);

#endif
