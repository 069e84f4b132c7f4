// What a network that only looks forward needs beside convolutions and matrix products: nothing is kept for gradients.
#ifndef CK_FORWARD_H
#define CK_FORWARD_H

#include <stdint.h>

#include "ck_images.h"

/// The largest number of each 2x2 square, of images in blocks of channels, `in_layout` CK_LAYOUT_BLOCKED or
/// CK_LAYOUT_EIGHTS; a NaN in a square is its largest. `relu`: max(0, y) follows, and leaves a NaN. `out_layout`: the same,
/// or CK_LAYOUT_ROWS where there is one block.
///
/// `paired`, in blocks of sixteen: at most eight channels, and a pixel of the block holds two neighbours of a row, [H, W / 2, 16] with channel k
/// of the left one in lane k and of the right one in lane `channels` + k; they are given back in rows. Serial.
void ck_largest_of_squares(int64_t images, int64_t channels, int64_t height, int64_t width, int64_t out_height,
                           int64_t out_width, int32_t paired, int32_t relu, int32_t in_layout, const float *in,
                           int32_t out_layout, float *out);

/// The same of any windows; `out_layout`: that of the images, or CK_LAYOUT_ROWS. Serial.
void ck_largest_of_windows(const struct ck_windows *w, int64_t images, int64_t channels, int32_t relu, int32_t in_layout,
                           const float *in, int32_t out_layout, float *out);

/// y = x w for a single row x [depth] and w [depth, width], whose rows are `step` numbers apart. Rows of w whose number
/// in x is zero are not read. Columns `first` ..< `first` + `columns` of y are written, whole vectors of sixteen: both are
/// multiples of 16, as `step` is. Serial.
void ck_row_product_f32(int64_t depth, int64_t step, int64_t first, int64_t columns, const float *x, const float *w,
                        float *y);

/// y[i] = x[i] in bfloat16, to the nearest, ties to even; a NaN keeps its sign and becomes quiet. Serial.
void ck_to_bfloat16(int64_t count, const float *x, uint16_t *y);
/// The same numbers as floats; y may be x. Serial.
void ck_round_to_bfloat16(int64_t count, const float *x, float *y);

#endif
