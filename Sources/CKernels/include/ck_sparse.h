// The first dense layer over rows that are mostly zero: of bytes in tiles, of floats as their entries.
#ifndef CK_SPARSE_H
#define CK_SPARSE_H

#include <stddef.h>
#include <stdint.h>

#include "ck_core.h"

// MARK: Tiles of bytes
//
// The first dense layer over an input that is mostly zero.
//
// Every sum is taken in an order that the data alone decide (a row's columns ascending, in blocks whose sums are added in
// order; a column's rows in batch order), so the bits do not depend on the number of threads or of parts.

/// A tile has at most this many rows: a column's non-zero ones are the bits of one word.
#define CK_TILE_ROWS 64

/// A batch: `count` rows of bytes, gathered from a matrix, that will be read column by column. Rows are cut into tiles;
/// each column of a tile has CK_TILE_ROWS bytes, row after row, and a word with a bit for each that is not zero.
typedef struct {
    /// height x width.
    const uint8_t *dense;
    /// The values of the 256 bytes; table[0] must be 0.
    const float *table;
    /// `count` indices below the matrix's height.
    const int32_t *rows;
    ptrdiff_t count, width;
    int32_t tiles;
    /// Whether the tiles are written already.
    int32_t ready;
    /// ck_tile_bytes(...) bytes, aligned to 64.
    void *memory;
} ck_byte_tiles;

/// The number of tiles for `count` rows; 0 for a handful of rows, which are read in place.
int32_t ck_tile_count(ptrdiff_t count);
/// The size of the tiles' memory; a multiple of 64.
ptrdiff_t ck_tile_bytes(int32_t tiles, ptrdiff_t width);

/// out = activation(x w + bias); writes the tiles first if they are not ready.
/// w: D x H; bias: H; out: N x H; `activation` is a ck_activation.
void ck_tiled_forward_f32(ck_byte_tiles *input, ptrdiff_t outputs, const float *w, const float *bias,
                          int32_t activation, float parameter, float *out);

/// Rows of bytes that will be read soon, prefetched during another computation. `count` 0, or NULL: none.
typedef struct {
    const uint8_t *dense;
    const int32_t *rows;
    ptrdiff_t count, width;
} ck_upcoming_rows;

/// gradient = transpose(x) delta; delta: N x H, gradient: D x H, fully written.
void ck_tiled_gradient_f32(ck_byte_tiles *input, ptrdiff_t outputs, const float *delta, float *gradient,
                           const ck_upcoming_rows *upcoming);

/// w -= rate (transpose(x) delta + decay w): the gradient above and the step of ck_sgd_f32 in one pass, with its bits.
void ck_tiled_descent_f32(ck_byte_tiles *input, ptrdiff_t outputs, const float *delta, float *w, float rate,
                          float decay, const ck_upcoming_rows *upcoming);

/// Prefetches rows that will be needed soon, spread over the memory. It changes nothing.
void ck_prefetch_rows(const ck_upcoming_rows *upcoming);

/// out[i, :] = table[dense[rows[i], :]]: gathers, converts and scales rows of bytes. out: N x D. In float32 the table must
/// be table[b] = b table[1], rounded, as that of FeatureMatrix is.
void ck_gather_rows_u8_f32(const uint8_t *dense, ptrdiff_t width, const float *table, const int32_t *rows,
                           ptrdiff_t count, float *out);
void ck_gather_rows_u8_f64(const uint8_t *dense, ptrdiff_t width, const double *table, const int32_t *rows,
                           ptrdiff_t count, double *out);

// MARK: Entries
//
// The first dense layer over rows of floats of which only the non-zero ones are kept.
//
// Every sum is taken in an order that the data alone decide (a row's columns ascending, a column's rows in batch order),
// so the bits do not depend on the number of threads or of parts; they are those of ck_sparse.h.

/// A batch: `count` rows gathered from compressed ones. The entries of row r are starts[r] ..< starts[r + 1]; columns
/// ascend within a row and are below `width`.
typedef struct {
    const int64_t *starts;
    const int32_t *columns;
    const float *values;
    const int32_t *rows;
    ptrdiff_t count, width;
} ck_entries;

/// The number of non-zero elements; the count may stop once it exceeds `limit`.
ptrdiff_t ck_count_nonzero_f32(ptrdiff_t count, const float *x, ptrdiff_t limit);
/// Fills starts (N + 1), columns and values (as many as are not zero) from a dense N x D matrix.
void ck_compress_rows_f32(const float *dense, ptrdiff_t height, ptrdiff_t width, int64_t *starts, int32_t *columns,
                          float *values);
/// out[i, :] = row rows[i], zeros included. out: N x D.
void ck_entries_rows_f32(const ck_entries *input, float *out);

/// out = activation(x w + bias). w: D x H; bias: H; out: N x H; `activation` is a ck_activation.
void ck_entries_forward_f32(const ck_entries *input, ptrdiff_t outputs, const float *w, const float *bias,
                            int32_t activation, float parameter, float *out);
/// gradient = transpose(x) delta; delta: N x H, gradient: D x H, fully written.
enum ck_status ck_entries_gradient_f32(const ck_entries *input, ptrdiff_t outputs, const float *delta, float *gradient);
/// w -= rate (transpose(x) delta + decay w); the bits are those of the gradient and ck_sgd_f32. Without decay only the
/// rows of w that meet an entry are touched.
enum ck_status ck_entries_descent_f32(const ck_entries *input, ptrdiff_t outputs, const float *delta, float *w,
                                      float rate, float decay);

#endif
