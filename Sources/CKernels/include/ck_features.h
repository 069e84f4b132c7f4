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

#endif
