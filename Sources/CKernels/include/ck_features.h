// Features that people designed: histograms of oriented gradients, scale-space keypoints, dense descriptors, words.
#ifndef CK_FEATURES_H
#define CK_FEATURES_H

#include <stdint.h>

// --- HOG ---------------------------------------------------------------------------------------------------------

enum { CK_HOG_L1 = 0, CK_HOG_L1_SQRT = 1, CK_HOG_L2 = 2, CK_HOG_L2_HYS = 3 };

#define CK_HOG_MAX_ORIENTATIONS 64

/// How histograms of oriented gradients are taken from images of one size.
struct ck_hog {
    int32_t height, width;    // of an image, at least cell * block each
    int32_t cell;             // pixels along a side of a cell, at least 1
    int32_t block;            // cells along a side of a block, at least 1
    int32_t orientations;     // bins, 1...CK_HOG_MAX_ORIENTATIONS
    int32_t has_sign;         // bins over 360 degrees instead of 180
    int32_t norm;             // CK_HOG_...
};

/// Normalised blocks of `count` images [count, height, width]:
/// [count, block rows, block columns, block, block, orientations]. Returns 0, or -1 when there is no memory.
int32_t ck_hog_features(const struct ck_hog *hog, int64_t count, const uint8_t *images, float *features);

/// The cells alone, mean magnitude for each direction: [count, cell rows, cell columns, orientations].
int32_t ck_hog_cells(const struct ck_hog *hog, int64_t count, const uint8_t *images, float *cells);

// --- SIFT --------------------------------------------------------------------------------------------------------

/// How keypoints are found and described.
struct ck_sift {
    int32_t height, width;  // of the image, at least 8 each
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

/// What was found: `count` keypoints and, if asked for, 128 bytes for each.
struct ck_keypoints {
    int64_t count;
    struct ck_keypoint *keypoints;
    void *descriptors;  // or NULL
};

/// Finds keypoints in `image` and describes them when `describe` is not 0. The order is by octave, level, row, column,
/// angle. Returns 0, or -1 when there is no memory; `result` is freed with ck_keypoints_free.
int32_t ck_sift_detect(const struct ck_sift *sift, const uint8_t *image, int32_t describe, struct ck_keypoints *result);
/// 128 bytes for each of `count` keypoints, in their order, whatever made them. 0 or -1.
int32_t ck_sift_describe(const struct ck_sift *sift, const uint8_t *image, int64_t count,
                         const struct ck_keypoint *keypoints, uint8_t *descriptors);
void ck_keypoints_free(struct ck_keypoints *keypoints);

#endif
