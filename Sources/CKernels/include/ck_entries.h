// The first dense layer over rows of floats of which only the non-zero ones are kept.
//
// Every sum is taken in an order that the data alone decide (a row's columns ascending, a column's rows in batch order),
// so the bits do not depend on the number of threads or of parts; they are those of ck_sparse.h.
#ifndef CK_ENTRIES_H
#define CK_ENTRIES_H

#include <stdint.h>

/// A batch: `count` rows picked from compressed ones. The entries of row r are starts[r] ..< starts[r + 1]; columns
/// ascend within a row and are below `width`.
typedef struct {
    const int64_t *starts;
    const int32_t *columns;
    const float *values;
    const int32_t *rows;
    int64_t count, width;
} ck_entries;

/// How many of the numbers are not zero; the count may end once it exceeds `limit`.
int64_t ck_count_nonzero_f32(int64_t count, const float *x, int64_t limit);
/// Fills starts (N + 1), columns and values (as many as are not zero) from a dense N x D matrix.
void ck_compress_rows_f32(const float *dense, int64_t height, int64_t width, int64_t *starts, int32_t *columns,
                          float *values);
/// out[i, :] = row rows[i], zeros included. out: N x D.
void ck_entries_rows_f32(const ck_entries *input, float *out);

/// out = activation(x w + bias). w: D x H; bias: H; out: N x H; `activation` is a ck_activation.
void ck_entries_forward_f32(const ck_entries *input, int64_t outputs, const float *w, const float *bias,
                            int32_t activation, float parameter, float *out);
/// gradient = transpose(x) delta; delta: N x H, gradient: D x H, fully written. 0 if there is no memory for it.
int32_t ck_entries_gradient_f32(const ck_entries *input, int64_t outputs, const float *delta, float *gradient);
/// w -= rate (transpose(x) delta + decay w); the bits are those of the gradient and ck_sgd_f32. Without decay only the
/// rows of w that meet an entry are touched. 0 if there is no memory for it.
int32_t ck_entries_descent_f32(const ck_entries *input, int64_t outputs, const float *delta, float *w, float rate,
                               float decay);

#endif
