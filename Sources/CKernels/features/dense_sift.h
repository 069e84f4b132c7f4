// Dense SIFT of one image, for whoever goes through images in parallel.
#ifndef CK_FEATURES_DENSE_SIFT_H
#define CK_FEATURES_DENSE_SIFT_H

#include "ck_features.h"

/// What is the same for all images of one size.
struct ck_dense_plan;
struct ck_dense_plan *ck_dense_plan_make(const struct ck_dense_sift *dense);
void ck_dense_plan_free(struct ck_dense_plan *plan);
/// Bytes of scratch memory that one image needs, 64-byte aligned.
ptrdiff_t ck_dense_scratch(const struct ck_dense_plan *plan);
/// Descriptors of one image: [rows, columns, 128].
void ck_dense_image(const struct ck_dense_plan *plan, const uint8_t *image, void *scratch, uint8_t *descriptors);

/// ck_nearest_words without the pool.
void ck_nearest_words_here(const struct ck_words *words, ptrdiff_t n, const uint8_t *descriptors, int32_t *nearest,
                           int32_t *distances);
ptrdiff_t ck_words_count(const struct ck_words *words);

static inline void ck_check_dense(const struct ck_dense_sift *dense) {
    CK_ASSERT_GIVEN(dense);
    CK_ASSERT(dense->height, > 0);
    CK_ASSERT(dense->width, > 0);
    CK_ASSERT(dense->step, > 0);
    CK_ASSERT(dense->cell, > 0);
}

#endif
