// What the parts of histograms of oriented gradients share.
#ifndef CK_FEATURES_HOG_H
#define CK_FEATURES_HOG_H

#include <stddef.h>
#include <stdint.h>

#include "ck_features.h"

/// Images up to this many pixels are worked on sixteen at a time, one in each lane.
#define CK_HOG_LANE_PIXELS 4096

static inline int32_t ck_hog_rows(const struct ck_hog *hog) { return (int32_t)hog->height / hog->cell; }
static inline int32_t ck_hog_columns(const struct ck_hog *hog) { return (int32_t)hog->width / hog->cell; }

/// Parts for `items` pieces of work, by the problem's size alone.
static inline int32_t ck_hog_parts(ptrdiff_t items, ptrdiff_t pixels_each) {
    ptrdiff_t parts = items * pixels_each / 65536 + 1;
    if (parts > items) parts = items;
    return parts > 1024 ? 1024 : (int32_t)parts;
}

/// result[pixel][lane] = images[lane][pixel] for up to 16 images of `pixels` bytes; lanes without an image are zero.
void ck_images_to_lanes(const uint8_t *images, int lanes, ptrdiff_t pixels, uint8_t *result);
/// rows[lane * stride + k] = lanes_of[k][lane] for k < count and lane < lanes.
void ck_lanes_to_features(const float *lanes_of, ptrdiff_t count, int lanes, float *rows, ptrdiff_t stride);
/// Normalises one block of sixteen images in place: `count` vectors.
void ck_hog_normalize_lanes(float *block, int count, int norm);
/// One block of one image: the same as one lane of the above.
void ck_hog_normalize(float *block, int count, int norm);

/// Blocks (`in_blocks`) or cells of `count` > 0 images by trilinear votes.
enum ck_status ck_hog_trilinear(const struct ck_hog *hog, ptrdiff_t count, const uint8_t *images, float *result,
                                int32_t in_blocks);

static inline void ck_check_hog(const struct ck_hog *hog) {
    CK_ASSERT_GIVEN(hog);
    CK_ASSERT(hog->cell, > 0);
    CK_ASSERT(hog->block, > 0);
    CK_ASSERT(hog->height, >= (intmax_t)hog->cell * hog->block);
    CK_ASSERT(hog->width, >= (intmax_t)hog->cell * hog->block);
    CK_ASSERT_IN(hog->orientations, 1, CK_HOG_MAX_ORIENTATIONS);
    CK_ASSERT_IN(hog->norm, CK_HOG_L1, CK_HOG_L2_HYS);
}

#endif
