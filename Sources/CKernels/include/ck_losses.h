// Losses that compare numbers one by one, and the hinge over classes; for float (_f32) and double (_f64).
// Sums are taken in double in an order that the count alone decides.
#ifndef CK_LOSSES_H
#define CK_LOSSES_H

#include <stdint.h>

typedef enum {
    /// e = y - t: e^2 / 2; derivative e.
    CK_LOSS_SQUARED = 0,
    /// e^2 / 2 where |e| <= parameter, else parameter (|e| - parameter / 2); derivative e held to +-parameter.
    CK_LOSS_HUBER = 1,
    /// -t log s - (1 - t) log(1 - s), s = 1 / (1 + exp(-y)); derivative s - t.
    CK_LOSS_BINARY = 2,
    /// max(0, parameter - (2t - 1) y); derivative -(2t - 1) where that is above zero.
    CK_LOSS_HINGE = 3,
} ck_element_loss;

#define CK_DECLARE_LOSSES(real, suffix)                                                                      \
    /* The sum of the losses of y against t; delta = the derivatives by y. */                                \
    double ck_element_loss_##suffix(int32_t loss, real parameter, int64_t count, const real *y,              \
                                    const real *t, real *delta);                                             \
    /* The sum over rows and over j != label of max(0, margin - x[label] + x[j]); delta = its derivatives.   \
       Needs 0 <= labels[i] < columns. */                                                                    \
    double ck_hinge_##suffix(int64_t rows, int64_t columns, real margin, const real *x,                      \
                             const int32_t *labels, real *delta);

CK_DECLARE_LOSSES(float, f32)
CK_DECLARE_LOSSES(double, f64)

#endif
