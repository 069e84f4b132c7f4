// The first dense layer over an input that is mostly zero: rows of bytes stored as (column, value) pairs.
//
// Every sum is taken in an order that the data alone decide (a row's columns ascending, a column's rows in
// batch order), so the bits do not depend on the number of threads or of parts.
#ifndef CK_SPARSE_H
#define CK_SPARSE_H

#include <stdint.h>

/// Columns are worked on in blocks of this many: their weights are laid out once in the nearer caches, and all rows of
/// a batch pass over them. Smaller blocks fit better but end more loops, and each end costs about 60 cycles.
#define CK_SPARSE_BLOCK 196

/// Compressed rows: the entries of row r are starts[r] ..< starts[r + 1]; columns ascend within a row.
typedef struct {
    const int64_t *starts;
    const uint16_t *columns;
    const uint8_t *values;
    /// block_starts[r * (blocks + 1) + b]: how many entries of row r lie before column block b.
    const uint16_t *block_starts;
    int64_t height, width, blocks;
} ck_sparse_bytes;

/// Fills the arrays of a ck_sparse_bytes from a dense N x D matrix, D <= 65535: starts (N + 1), columns and values
/// (as many as ck_count_nonzero says), block_starts (N x (blocks + 1)), where
/// blocks = (D + CK_SPARSE_BLOCK - 1) / CK_SPARSE_BLOCK.
void ck_compress_rows_u8(const uint8_t *dense, int64_t height, int64_t width, int64_t *starts,
                         uint16_t *columns, uint8_t *values, uint16_t *block_starts);

/// out[i, :] = bias + sum over the entries (c, v) of row rows[i] of table[v] * weights[c, :]
/// rows: N indices below `height`; weights: D x H; bias: H; out: N x H; table: the 256 values that bytes stand
/// for (table[0] must be 0).
void ck_sparse_forward_f32(const ck_sparse_bytes *input, const float *table, const int32_t *rows,
                           int64_t count, int64_t width, const float *weights, const float *bias, float *out);

/// Asks for the entries of rows that will be needed soon; they lie anywhere in memory. Changes nothing.
void ck_sparse_prefetch(const ck_sparse_bytes *input, const int32_t *rows, int64_t count);

/// gradient[c, :] = sum over i of x[rows[i], c] * delta[i, :]; delta: N x H, gradient: D x H, fully written.
void ck_sparse_weight_gradient_f32(const ck_sparse_bytes *input, const float *table, const int32_t *rows,
                                      int64_t count, int64_t width, const float *delta, float *gradient);

/// out[i, :] = table[dense[rows[i], :]]: gathers, converts and scales rows of bytes. out: N x D.
void ck_gather_rows_u8_f32(const uint8_t *dense, int64_t width, const float *table, const int32_t *rows,
                           int64_t count, float *out);
void ck_gather_rows_u8_f64(const uint8_t *dense, int64_t width, const double *table, const int32_t *rows,
                           int64_t count, double *out);

#endif
