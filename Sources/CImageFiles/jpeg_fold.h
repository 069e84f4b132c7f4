// A JPEG's block at a fraction of its size: the averages over areas of its pixels, from its coefficients.
//
// The mean of a cosine over neighbouring pixels is a cosine on the coarser grid times a factor, and on that grid a high frequency
// looks like a low one. So each coefficient adds to one of as many sums as there are means, by a weight that is known beforehand,
// and a small inverse transform of the sums gives the means: exactly those of the pixels that a whole decoding gives before it
// rounds them and cuts them off at 0 and 255.
#ifndef CIMAGEFILES_JPEG_FOLD_H
#define CIMAGEFILES_JPEG_FOLD_H

#include <stdint.h>

/// Places among the coefficients that a damaged block may reach: 63, then a run that ends it.
enum { JPEG_PLACES = 192 };

typedef float jpeg_sums __attribute__((vector_size(16)));

/// Where the coefficients of a block go, in the order of the file; the weights are 0 for the first, which is added by itself, and beyond
/// the 64th.
typedef struct {
    /// Means of a block, down and across: 1, 2, 4 or 8.
    int rows, columns;
    float first_weight;
    float weights[JPEG_PLACES];
    uint8_t slots[JPEG_PLACES];
    /// The same where there are at most four sums: a coefficient's weight in each.
    jpeg_sums by_sum[JPEG_PLACES];
} jpeg_fold;

/// For blocks of `rows` x `columns` means whose coefficients are in units of `quanta`, in the order of the file.
void cif_jpeg_fold_make(jpeg_fold *fold, int rows, int columns, const uint8_t *quanta);

/// The means of a block from its sums, in rows, which are changed; `step` bytes from one row of means to the next.
void cif_jpeg_fold_block(const jpeg_fold *fold, float *sums, uint8_t *to, int64_t step);

#endif
