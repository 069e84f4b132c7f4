// What stands between the matrix products of a training step: sums, softmax, cross-entropy and updates.
// Matrices are N x D, row-major and contiguous. Every function exists for float (_f32) and double (_f64).
#ifndef CK_TRAIN_H
#define CK_TRAIN_H

#include <stdint.h>

#define CK_DECLARE_TRAIN(real, suffix)                                                                       \
    /* sums[j] = sum over rows of x[i, j], rows ascending. */                                                \
    void ck_column_sums_##suffix(int64_t rows, int64_t columns, const real *x, real *sums);                  \
    /* out = softmax of each row, with the row's maximum subtracted first. */                                \
    void ck_softmax_rows_##suffix(int64_t rows, int64_t columns, const real *x, real *out);                  \
    /* delta = softmax vector-Jacobian product: p * (g - sum(g * p)), each row. */                           \
    void ck_softmax_gradient_##suffix(int64_t rows, int64_t columns, const real *p, const real *upstream,    \
                                      real *delta);                                                          \
    /* p = softmax of each row; returns the sum over rows of -log p[i, labels[i]], rows ascending.           \
       Needs 0 <= labels[i] < columns. */                                                                    \
    double ck_softmax_cross_entropy_##suffix(int64_t rows, int64_t columns, const real *logits,              \
                                             const int32_t *labels, real *p);                                \
    /* delta = (p - oneHot(labels)) * scale. */                                                              \
    void ck_softmax_cross_entropy_gradient_##suffix(int64_t rows, int64_t columns, const real *p,            \
                                                    const int32_t *labels, real scale, real *delta);         \
    /* p = softmax of each row; returns the sum of -targets[i, j] log p[i, j], rows ascending. */             \
    double ck_soft_cross_entropy_##suffix(int64_t rows, int64_t columns, const real *logits,                 \
                                          const real *targets, real *p);                                     \
    /* delta = (p sum(targets of the row) - targets) * scale. */                                             \
    void ck_soft_cross_entropy_gradient_##suffix(int64_t rows, int64_t columns, const real *p,               \
                                                 const real *targets, real scale, real *delta);              \
    /* places[i] = index of the largest of row i, the first of equals. */                                    \
    void ck_argmax_rows_##suffix(int64_t rows, int64_t columns, const real *x, int32_t *places);             \
    /* 1 if every number is finite, else 0. */                                                               \
    int32_t ck_all_finite_##suffix(int64_t count, const real *x);                                            \
    /* y += x */                                                                                             \
    void ck_accumulate_##suffix(int64_t count, const real *x, real *y);

CK_DECLARE_TRAIN(float, f32)
CK_DECLARE_TRAIN(double, f64)

/// 1 if every number is in 0 ..< limit, else 0.
int32_t ck_all_in_range(int64_t count, const int32_t *numbers, int32_t limit);

// MARK: updates, in place, in float: the master weights are float. `g` is the gradient; with weight_decay > 0
// it is g + weight_decay * w, except in AdamW.

/// w -= rate * g
void ck_sgd_f32(int64_t count, float *w, const float *g, float rate, float weight_decay);
/// v = momentum * v + g; w -= rate * (nesterov ? g + momentum * v : v)
void ck_momentum_f32(int64_t count, float *w, const float *g, float *v, float rate, float momentum,
                     int32_t nesterov, float weight_decay);
/// h += g^2; w -= rate * g / (sqrt(h) + epsilon)
void ck_adagrad_f32(int64_t count, float *w, const float *g, float *h, float rate, float epsilon,
                    float weight_decay);
/// h = decay * h + (1 - decay) * g^2; w -= rate * g / (sqrt(h) + epsilon)
void ck_rmsprop_f32(int64_t count, float *w, const float *g, float *h, float rate, float decay, float epsilon,
                    float weight_decay);
/// m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g^2;
/// w -= rate * (m / correction1) / (sqrt(v / correction2) + epsilon); AdamW (decoupled != 0) first shrinks w by
/// rate * weight_decay and leaves g as it is.
void ck_adam_f32(int64_t count, float *w, const float *g, float *m, float *v, float rate, float beta1,
                 float beta2, float epsilon, float correction1, float correction2, float weight_decay,
                 int32_t decoupled);

/// out = clamp(scale * g, -limit, limit) + l1 * sign(w).
void ck_adjust_gradient_f32(int64_t count, const float *g, const float *w, float scale, float limit, float l1,
                            float *out);
/// The sum of x^2 in double, in an order that the count alone decides.
double ck_sum_of_squares_f32(int64_t count, const float *x);
/// average += share * (x - average)
void ck_average_f32(int64_t count, float *average, const float *x, float share);

#endif
