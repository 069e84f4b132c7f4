// The loss of a logistic regression and its gradient, over rows without their zeros.
#ifndef CK_LOGISTIC_H
#define CK_LOGISTIC_H

#include "ck_linear.h"

/// Scores of a row are kept in lanes of this many.
#define CK_LOGISTIC_LANES 8

/// The sum of -log P(class) over the rows first ..< end, P by softmax of the scores W x + b; with one problem, that of
/// class 1 against a score of 0. `weights` are width x stride, stride a multiple of CK_LOGISTIC_LANES, `problems` of which
/// count; `intercepts` and a row of `gradient` have `stride` numbers too. Adds sum of (P - [k = class]) x to `gradient`,
/// (width + 1) x stride, the intercepts' last: 256 rows in float, their sums in double. `work`: width x stride floats.
double ck_logistic_rows(const ck_linear_rows *rows, const int32_t *classes, int64_t problems, int64_t stride,
                        const float *weights, const double *intercepts, int64_t first, int64_t end, double *gradient,
                        float *work);

#endif
