// Private to this target: a single image in two bands of rows, each through all convolutions by a thread of its own.
#ifndef CI_BANDS_H
#define CI_BANDS_H

#include "chain.h"

/// A band of rows: the convolutions that give rows `first_out` ..< `end_out` of the last one's images.
struct ci_band {
    struct ci_chain *chain;  // NULL: images are not cut
    ptrdiff_t first_row, first_out, end_out;
};

struct ci_bands {
    struct ci_band band[2];
    int32_t is_direct;  // all convolutions are by kernels of our own, whose bits do not depend on how images are cut
};

/// Two chains for the convolutions of `whole`, if cutting single images is faster than halving them layer by layer.
void ci_bands_make(struct ci_bands *bands, const struct ci_chain *whole);
void ci_bands_free(struct ci_bands *bands);
/// Copies a convolution's weights.
enum ck_status ci_bands_set(struct ci_bands *bands, int32_t layer, const float *weights, const float *bias);
/// An image through all convolutions, to the last one's images in `out`.
enum ck_status ci_bands_run(const struct ci_bands *bands, const struct ci_chain *whole, const float *image, float *out);

#endif
