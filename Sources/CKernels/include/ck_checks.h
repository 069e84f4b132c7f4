// Full forward passes of a network of dense layers in double precision, and its numerical gradient by them.
//
// A pass computes every layer and the loss anew, on one thread, in buffers of its own: nothing is kept from the
// pass before. Many passes run side by side, one on each thread, which is where the speed comes from.
#ifndef CK_CHECKS_H
#define CK_CHECKS_H

#include <stddef.h>
#include <stdint.h>

/// Rows of weights are padded to whole vectors of this many doubles.
#define CK_PASS_LANES 8
/// A batch has at most this many rows.
#define CK_PASS_MAX_ROWS 4096
/// Columns of x whose weights are used together, so that they stay in the nearer caches (measured at 50 units on Zen 4: 49 and
/// 196 take a tenth longer).
#define CK_PASS_BLOCK 98

/// y = activation(x w + b). Offsets count doubles from the beginning of a pass's memory, `numbers`.
typedef struct {
    ptrdiff_t inputs, outputs;
    /// `outputs` rounded up to whole vectors: the length of a row of w, b and y.
    ptrdiff_t stride;
    int32_t activation;
    /// The activation's own number: a slope, an alpha.
    double parameter;
    /// w [inputs x stride], b [stride], y [rows x stride]; each a multiple of CK_PASS_LANES.
    ptrdiff_t weights, bias, values;
} ck_pass_layer;

/// The data that all passes share: the batch, the layers, the loss. Either `starts`, `columns` and `entries` hold the
/// examples without their zeros, or `dense` holds them whole, rows x inputs. With B blocks of CK_PASS_BLOCK columns,
/// the entries of row r in block b are starts[r B + b] ..< starts[r B + b + 1]; columns are below the first layer's
/// inputs.
typedef struct {
    ptrdiff_t rows, layer_count;
    const ck_pass_layer *layers;
    const int32_t *starts;
    const int32_t *columns;
    const double *entries, *dense;
    /// One for each row, each in 0 ..< the last layer's outputs.
    const int32_t *labels;
    /// 0: mean cross-entropy of the softmax; 1: mean over rows of half the squared error of the softmax.
    int32_t loss;
    /// The offsets of scores and probabilities, rows x the last layer's outputs each.
    ptrdiff_t scores, probabilities;
} ck_pass;

/// The loss with the parameters in `numbers`, which is aligned to 64 bytes.
double ck_pass_loss(const ck_pass *pass, double *numbers);

/// Central differences for `count` parameters: slopes[i] = (up - down) / 2 step and bends[i] = (up - 2 loss + down) /
/// step, up and down being the loss with numbers[places[i]] moved by +step and -step, each by a full pass, and `loss`
/// the one without. `numbers` has `threads` copies of a pass's memory; each is used by one thread at a time and is
/// restored afterwards. The results do not depend on which thread takes which parameter.
void ck_pass_differences(const ck_pass *pass, double *const *numbers, int32_t threads, const int64_t *places,
                         ptrdiff_t count, double step, double loss, double *slopes, double *bends);

#endif
