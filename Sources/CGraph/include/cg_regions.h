// Operators that read images between their pixels: regions of interest, grids of places, convolutions whose windows bend.
#ifndef CG_REGIONS_H
#define CG_REGIONS_H

#include <stddef.h>
#include <stdint.h>

/// Regions of images [N, C, height, width], each cut into cells.
struct cg_regions {
    ptrdiff_t channels, height, width, count, cells_high, cells_wide;
    /// The samples of a cell along an axis; 0 for as many as the cell has pixels.
    ptrdiff_t samples;
    /// Image pixels for one unit of a region's corners, and what is taken from them.
    float scale, offset;
    /// Whether the largest of the weighted pixels is taken, not their mean.
    int32_t largest;
    /// Whether a region smaller than a pixel is made a pixel large.
    int32_t widens;
};

/// y[count, C, cells] of corners [count, 4] (x0, y0, x1, y1) on the images `images` names. Bilinear, 0 outside. The caller has
/// checked that the corners are finite and their cells not too large. In parallel.
void cg_align_regions(const struct cg_regions *r, const float *x, const float *corners, const int64_t *images, float *y);

enum cg_grid_mode { CG_GRID_LINEAR, CG_GRID_NEAREST, CG_GRID_CUBIC };
enum cg_grid_border { CG_GRID_ZEROS, CG_GRID_EDGE, CG_GRID_REFLECTED };

/// y[N, C, places] = x[N, C, lengths] at grid[N, places, rank], coordinates from -1 to 1, the last axis first; rank 1 to 3.
/// A coordinate that is no number is outside. In parallel.
void cg_sample_grid(enum cg_grid_mode mode, enum cg_grid_border border, int32_t aligns_corners, ptrdiff_t images,
                    ptrdiff_t channels, int32_t rank, const ptrdiff_t *lengths, ptrdiff_t places, const float *x,
                    const float *grid, float *y);

/// Windows over planes of two axes that bend: the element (i, j) of a window is moved by offsets[(group, i, j, 2), out].
struct cg_bending {
    ptrdiff_t channels, height, width, out_height, out_width, kernel_height, kernel_width, stride_height, stride_width,
        top, left, dilation_height, dilation_width, offset_groups;
};

/// columns[C kernel, out] of one image [C, height, width]; mask[(group, i, j), out] may be NULL. In parallel.
void cg_bend_columns(const struct cg_bending *b, const float *x, const float *offsets, const float *mask, float *columns);

#endif
