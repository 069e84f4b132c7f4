// The operations of networks other than matrix products and convolutions, which are oneDNN's: activations, losses,
// normalisation, updates, passes over images. More than 300 lines, because each folder has one header.
#ifndef CK_NN_H
#define CK_NN_H

#include <stddef.h>
#include <stdint.h>

#include "ck_core.h"

// MARK: Training steps
//
// The operations between the matrix products of a training step: sums, softmax, cross-entropy and updates. Matrices are
// N x D, row-major and contiguous. Every function exists for float (_f32) and double (_f64).

#define CK_DECLARE_TRAIN(real, suffix)                                                                        \
    /* sums[j] = sum over rows of x[i, j], rows ascending. */                                                 \
    void ck_column_sums_##suffix(ptrdiff_t rows, ptrdiff_t columns, const real *x, real *sums);               \
    /* out = softmax of each row, with the row's maximum subtracted first. */                                 \
    void ck_softmax_rows_##suffix(ptrdiff_t rows, ptrdiff_t columns, const real *x, real *out);               \
    /* delta = softmax vector-Jacobian product: p * (g - sum(g * p)), each row. */                            \
    void ck_softmax_gradient_##suffix(ptrdiff_t rows, ptrdiff_t columns, const real *p, const real *upstream, \
                                      real *delta);                                                           \
    /* p = softmax of each row; returns the sum over rows of -log p[i, labels[i]], rows ascending.            \
       Needs 0 <= labels[i] < columns. */                                                                     \
    double ck_softmax_cross_entropy_##suffix(ptrdiff_t rows, ptrdiff_t columns, const real *logits,           \
                                             const int32_t *labels, real *p);                                 \
    /* delta = (p - oneHot(labels)) * scale. */                                                               \
    void ck_softmax_cross_entropy_gradient_##suffix(ptrdiff_t rows, ptrdiff_t columns, const real *p,         \
                                                    const int32_t *labels, real scale, real *delta);          \
    /* p = softmax of each row; returns the sum of -targets[i, j] log p[i, j], rows ascending. */             \
    double ck_soft_cross_entropy_##suffix(ptrdiff_t rows, ptrdiff_t columns, const real *logits,              \
                                          const real *targets, real *p);                                      \
    /* delta = (p sum(targets of the row) - targets) * scale. */                                              \
    void ck_soft_cross_entropy_gradient_##suffix(ptrdiff_t rows, ptrdiff_t columns, const real *p,            \
                                                 const real *targets, real scale, real *delta);               \
    /* places[i] = index of the largest of row i, the first of equals. */                                     \
    void ck_argmax_rows_##suffix(ptrdiff_t rows, ptrdiff_t columns, const real *x, int32_t *places);          \
    /* 1 if every number is finite, else 0. */                                                                \
    int32_t ck_all_finite_##suffix(ptrdiff_t count, const real *x);                                           \
    /* y += x */                                                                                              \
    void ck_accumulate_##suffix(ptrdiff_t count, const real *x, real *y);

CK_DECLARE_TRAIN(float, f32)
CK_DECLARE_TRAIN(double, f64)

/// 1 if every number is in 0 ..< limit, else 0.
int32_t ck_all_in_range(ptrdiff_t count, const int32_t *numbers, int32_t limit);

// MARK: updates, in place, in float: the master weights are float. `g` is the gradient; with weight_decay > 0
// it is g + weight_decay * w, except in AdamW.

/// w -= rate * g
void ck_sgd_f32(ptrdiff_t count, float *w, const float *g, float rate, float weight_decay);
/// v = momentum * v + g; w -= rate * (nesterov ? g + momentum * v : v)
void ck_momentum_f32(ptrdiff_t count, float *w, const float *g, float *v, float rate, float momentum,
                     int32_t nesterov, float weight_decay);
/// h += g^2; w -= rate * g / (sqrt(h) + epsilon)
void ck_adagrad_f32(ptrdiff_t count, float *w, const float *g, float *h, float rate, float epsilon,
                    float weight_decay);
/// h = decay * h + (1 - decay) * g^2; w -= rate * g / (sqrt(h) + epsilon)
void ck_rmsprop_f32(ptrdiff_t count, float *w, const float *g, float *h, float rate, float decay, float epsilon,
                    float weight_decay);
/// m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g^2;
/// w -= rate * (m / correction1) / (sqrt(v / correction2) + epsilon); AdamW (decoupled != 0) first shrinks w by
/// rate * weight_decay and leaves g as it is.
void ck_adam_f32(ptrdiff_t count, float *w, const float *g, float *m, float *v, float rate, float beta1,
                 float beta2, float epsilon, float correction1, float correction2, float weight_decay,
                 int32_t decoupled);

/// out = clamp(scale * g, -limit, limit) + l1 * sign(w).
void ck_adjust_gradient_f32(ptrdiff_t count, const float *g, const float *w, float scale, float limit, float l1,
                            float *out);
/// The sum of x^2 in double, in an order that the count alone decides.
double ck_sum_of_squares_f32(ptrdiff_t count, const float *x);
/// average += share * (x - average)
void ck_average_f32(ptrdiff_t count, float *average, const float *x, float share);

// MARK: Activations
//
// Activations, by themselves and with the bias of the layer before them; for float (_f32) and double (_f64).

/// The element-wise activations. `parameter` is the slope of leaky ReLU and the alpha of ELU.
typedef enum {
    CK_ACTIVATION_IDENTITY = 0,
    CK_ACTIVATION_SIGMOID = 1,
    CK_ACTIVATION_RELU = 2,
    CK_ACTIVATION_TANH = 3,
    CK_ACTIVATION_LEAKY_RELU = 4,
    CK_ACTIVATION_ELU = 5,
    CK_ACTIVATION_GELU = 6,
    CK_ACTIVATION_GELU_TANH = 7,
    CK_ACTIVATION_SILU = 8,
    CK_ACTIVATION_SOFTPLUS = 9,
} ck_activation;

#define CK_DECLARE_ACTIVATION(real, suffix)                                                                  \
    /* z = activation(z + bias), each row; bias may be NULL. */                                              \
    void ck_bias_activation_##suffix(int32_t activation, real parameter, ptrdiff_t rows, ptrdiff_t columns,  \
                                     const real *bias, real *z);                                             \
    /* y = activation(z). */                                                                                 \
    void ck_activate_##suffix(int32_t activation, real parameter, ptrdiff_t count, const real *z, real *y);  \
    /* delta = upstream * activation'(z). `v` is y = activation(z) up to CK_ACTIVATION_ELU (which needs a    \
       parameter >= 0 for that), z itself from CK_ACTIVATION_GELU on. */                                     \
    void ck_activation_gradient_##suffix(int32_t activation, real parameter, ptrdiff_t count, const real *v, \
                                         const real *upstream, real *delta);

CK_DECLARE_ACTIVATION(float, f32)
CK_DECLARE_ACTIVATION(double, f64)

// MARK: Losses
//
// Element-wise losses, and the hinge over classes; for float (_f32) and double (_f64). Sums are taken in double in an
// order that the count alone decides.

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
    double ck_element_loss_##suffix(int32_t loss, real parameter, ptrdiff_t count, const real *y,            \
                                    const real *t, real *delta);                                             \
    /* The sum over rows and over j != label of max(0, margin - x[label] + x[j]); delta = its derivatives.   \
       Needs 0 <= labels[i] < columns. */                                                                    \
    double ck_hinge_##suffix(ptrdiff_t rows, ptrdiff_t columns, real margin, const real *x,                  \
                             const int32_t *labels, real *delta);

CK_DECLARE_LOSSES(float, f32)
CK_DECLARE_LOSSES(double, f64)

// MARK: Normalisation
//
// Layer normalisation of rows, N x D; for float (_f32) and double (_f64).

#define CK_DECLARE_NORMALIZATION(real, suffix)                                                               \
    /* y = (x - mean) inverse gain + shift, mean over the row, inverse = 1 / sqrt(variance + epsilon).       \
       `moments` gets of each row the mean, what it is beyond its rounding, and inverse: 3 N numbers.        \
       Needs columns > 0. */                                                                                 \
    void ck_layer_norm_##suffix(ptrdiff_t rows, ptrdiff_t columns, real epsilon, const real *x,              \
                                const real *gain, const real *shift, real *y, real *moments);                \
    /* delta = the gradient by x. */                                                                         \
    void ck_layer_norm_gradient_##suffix(ptrdiff_t rows, ptrdiff_t columns, const real *x, const real *gain, \
                                         const real *moments, const real *upstream, real *delta);            \
    /* The gradients by gain and shift, rows ascending. */                                                   \
    void ck_layer_norm_sums_##suffix(ptrdiff_t rows, ptrdiff_t columns, const real *x, const real *moments,  \
                                     const real *upstream, real *gain, real *shift);

CK_DECLARE_NORMALIZATION(float, f32)
CK_DECLARE_NORMALIZATION(double, f64)

// MARK: Dense layers of few outputs
//
// A dense layer of few outputs, such as the scores of ten classes, as one primitive: product, bias and activation in one
// pass, and its gradients in another. A product of a hundred rows takes less time than a library needs to arrange it.
//
// Each sum is taken whole, in one order, by one part.

/// Whether a layer from D inputs to H outputs, for N rows, is one of these; larger products are computed by a library.
static inline int32_t ck_is_narrow(ptrdiff_t rows, ptrdiff_t depth, ptrdiff_t outputs) {
    return depth >= 8 && outputs >= 8 && outputs <= 32 && rows * depth <= 200000 / outputs;
}

/// y = activation(x w + bias). x: N x D, w: D x H, bias: H, y: N x H; `activation` is a ck_activation.
void ck_narrow_forward_f32(ptrdiff_t rows, ptrdiff_t depth, ptrdiff_t outputs, const float *x, const float *w,
                           const float *bias, int32_t activation, float parameter, float *y);

/// x_gradient = delta transpose(w), w_gradient = transpose(x) delta, bias_gradient: the sums of delta over N; any of them
/// may be NULL.
void ck_narrow_gradients_f32(ptrdiff_t rows, ptrdiff_t depth, ptrdiff_t outputs, const float *x, const float *w,
                             const float *delta, float *x_gradient, float *w_gradient, float *bias_gradient);

// MARK: bfloat16
//
// Values in bfloat16: the upper half of a float's bits.

/// y[i] = x[i] in bfloat16, to the nearest, ties to even; a NaN keeps its sign and becomes quiet. Serial.
void ck_to_bfloat16(ptrdiff_t count, const float *x, uint16_t *y);
/// Rounds to bfloat16, stored as floats; y may be x. Serial.
void ck_round_to_bfloat16(ptrdiff_t count, const float *x, float *y);
/// `ck_to_bfloat16` in parallel.
void ck_to_bfloat16_in_parts(ptrdiff_t count, const float *x, uint16_t *y);
/// `ck_round_to_bfloat16` in parallel.
void ck_round_to_bfloat16_in_parts(ptrdiff_t count, const float *x, float *y);

// MARK: Images
//
// Images [N, C, H, W] in memory, and the passes over them that are not convolutions.

/// [N, C, H, W] as written.
#define CK_LAYOUT_ROWS 0
/// [N, H, W, C].
#define CK_LAYOUT_CHANNELS_LAST 1
/// [N, ceil(C / 16), H, W, 16]; the channels that are not there are zero.
#define CK_LAYOUT_BLOCKED 2
/// [N, ceil(C / 8), H, W, 8], as processors without AVX-512 want them; the channels that are not there are zero. Networks
/// that only look forward use it between their layers; of the functions below ck_image_form, ck_image_count and
/// ck_relayout_images from and to rows know it.
#define CK_LAYOUT_EIGHTS 3

/// The layout of one image's elements: channel block b, pixel p = h W + w, lane l at b block_step + p pixel_step + l.
/// There are `blocks` blocks of `lanes` channels, the last one of `last_lanes`.
struct ck_form {
    ptrdiff_t blocks, lanes, last_lanes, block_step, pixel_step, image_step;
};

/// The form of images with `channels` of `pixels` elements.
static inline struct ck_form ck_image_form(int32_t layout, ptrdiff_t channels, ptrdiff_t pixels) {
    CK_ASSERT_IN(layout, CK_LAYOUT_ROWS, CK_LAYOUT_EIGHTS);
    CK_ASSERT(channels, >= 0);
    CK_ASSERT(pixels, >= 0);
    struct ck_form form;
    if (layout == CK_LAYOUT_ROWS) {
        form = (struct ck_form){channels, 1, 1, pixels, 1, channels * pixels};
    } else {
        ptrdiff_t lanes = layout == CK_LAYOUT_EIGHTS ? 8 : 16;
        ptrdiff_t blocks = (channels + lanes - 1) / lanes, last = channels - (blocks - 1) * lanes;
        if (layout == CK_LAYOUT_CHANNELS_LAST)
            form = (struct ck_form){blocks, lanes, last, lanes, channels, channels * pixels};
        else
            form = (struct ck_form){blocks, lanes, last, pixels * lanes, lanes, blocks * lanes * pixels};
    }
    return form;
}

/// The number of elements of `images` images.
static inline ptrdiff_t ck_image_count(int32_t layout, ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels) {
    return images * ck_image_form(layout, channels, pixels).image_step;
}

/// Windows over the pixels: out[p, q] looks at in[p stride - padding + r, ...], r below the kernel's height.
struct ck_windows {
    ptrdiff_t height, width;          // in
    ptrdiff_t out_height, out_width;  // out
    ptrdiff_t kernel_height, kernel_width, stride_height, stride_width;
    ptrdiff_t padding_top, padding_left;
};

/// The part of a window that starts at `start` and is inside 0 ..< `length`: `count` elements from its element `first`.
static inline void ck_inside(ptrdiff_t start, ptrdiff_t kernel, ptrdiff_t length, ptrdiff_t *first, ptrdiff_t *count) {
    ptrdiff_t begin = start < 0 ? 0 : start, end = start + kernel < length ? start + kernel : length;
    *first = begin - start;
    *count = end - begin;
}

/// The place of a maximum whose gradient is zero because relu follows and it is zero or less.
#define CK_NO_PLACE 255
/// The largest element of each window (the last NaN, if it has any), and its place in it (r kernel_width + s, below
/// 255) as a byte. With `relu`, max(0, y) follows: a result that is not above zero becomes zero and its place
/// CK_NO_PLACE. Serial.
void ck_max_pool_images(const struct ck_windows *w, ptrdiff_t channels, ptrdiff_t images, int32_t in_layout,
                        const float *in, int32_t relu, int32_t out_layout, float *out, uint8_t *places);
/// The gradient by `in`, all of it written. Serial.
void ck_max_pool_gradient_images(const struct ck_windows *w, ptrdiff_t channels, ptrdiff_t images,
                                 int32_t out_layout, const float *out_gradient, const uint8_t *places,
                                 int32_t in_layout, float *in_gradient);

/// The same over a batch, in parallel.
void ck_max_pool(const struct ck_windows *w, ptrdiff_t channels, ptrdiff_t images, int32_t in_layout,
                 const float *in, int32_t out_layout, float *out, uint8_t *places);
void ck_max_pool_gradient(const struct ck_windows *w, ptrdiff_t channels, ptrdiff_t images, int32_t out_layout,
                          const float *out_gradient, const uint8_t *places, int32_t in_layout,
                          float *in_gradient);

#define CK_POINTWISE_ALL 0
#define CK_POINTWISE_RELU 1  // low: the slope below zero
#define CK_POINTWISE_CLIP 2  // to low ... high

/// A convolution of single pixels in groups: y[groups outputs, pixels] of x[groups channels, pixels], in rows.
struct ck_pointwise {
    ptrdiff_t groups, channels, outputs, pixels;  // channels and outputs of one group
    int32_t adds;                                 // the result is added to what is in its place
    int32_t bounds;                               // CK_POINTWISE_..., after that
    float low, high;
};

/// Numbers of the packed weights.
ptrdiff_t ck_pointwise_count(const struct ck_pointwise *p);
/// Packs weights [groups outputs, channels].
void ck_pointwise_pack(const struct ck_pointwise *p, const float *weights, float *packed);
/// y = bounds(weights x + bias), serial; the scratch memory is 16 numbers for each channel of a group.
void ck_pointwise_run(const struct ck_pointwise *p, const float *x, const float *packed, const float *bias, float *scratch,
                      float *y);

/// From one layout to another, in parallel.
void ck_relayout(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t from_layout, const float *from,
                 int32_t to_layout, float *to);
/// The same for some images, serial.
void ck_relayout_images(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t from_layout, const float *from,
                        int32_t to_layout, float *to);

/// The mean and the variance (of the population) of each channel over a batch; sums in double. `rest` is what the exact
/// mean is beyond `mean`, which is the nearest number of its type: far from zero that is too coarse to be subtracted alone.
enum ck_status ck_channel_moments_f32(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                      const float *x, float *mean, float *rest, float *variance);
enum ck_status ck_channel_moments_f64(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                      const double *x, double *mean, double *rest, double *variance);
/// y = scale[c] (x - centre[c]) + shift[c].
enum ck_status ck_channel_affine_f32(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                     const float *x, const float *centre, const float *scale, const float *shift,
                                     float *y);
enum ck_status ck_channel_affine_f64(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                     const double *x, const double *centre, const double *scale, const double *shift,
                                     double *y);
/// For each channel the sums over a batch of g and of g (x - mean - rest).
enum ck_status ck_channel_gradient_sums_f32(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                            const float *x, const float *g, const float *mean, const float *rest,
                                            float *sum, float *product);
enum ck_status ck_channel_gradient_sums_f64(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                            const double *x, const double *g, const double *mean, const double *rest,
                                            double *sum, double *product);
/// out = a[c] g + b[c] (x - centre[c]) + d[c].
enum ck_status ck_channel_combine_f32(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                      const float *x, const float *g, const float *centre, const float *a,
                                      const float *b, const float *d, float *out);
enum ck_status ck_channel_combine_f64(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                      const double *x, const double *g, const double *centre, const double *a,
                                      const double *b, const double *d, double *out);

/// The same with what follows a normalisation in one pass: y = scale[c] (x - centre[c]) + shift[c], plus `addend` (of y's shape and
/// layout; NULL: none), then max(0, y) if it `rectifies`, which leaves a NaN.
enum ck_status ck_channel_joined_f32(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                     const float *x, const float *centre, const float *scale, const float *shift,
                                     const float *addend, int32_t rectifies, float *y);
/// The sums of ck_channel_gradient_sums_f32 of the g that max(0, y) passes on: where `result` was above zero, written to `masked`; or,
/// where `masked` is NULL, where scale[c] (x - mean[c]) + shift[c] is, and neither is `result` read.
enum ck_status ck_channel_joined_sums_f32(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                          const float *x, const float *g, const float *mean, const float *rest,
                                          const float *scale, const float *shift, const float *result, float *masked,
                                          float *sum, float *product);
/// ck_channel_combine_f32 of the g that is passed on where scale[c] (x - centre[c]) + shift[c] is above zero.
enum ck_status ck_channel_joined_combine_f32(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t pixels, int32_t layout,
                                             const float *x, const float *g, const float *centre, const float *a,
                                             const float *b, const float *d, const float *scale, const float *shift,
                                             float *out);

/// Windows over images [C, H, W] as columns: out[(c R + r) S + s, p Q + q] is the element of window (p, q) at (r, s),
/// zero outside. `w` holds the geometry of one image; dilation spreads a window's elements.
void ck_columns_f32(const struct ck_windows *w, ptrdiff_t dilation_height, ptrdiff_t dilation_width,
                    ptrdiff_t channels, const float *image, float *columns);
void ck_columns_f64(const struct ck_windows *w, ptrdiff_t dilation_height, ptrdiff_t dilation_width,
                    ptrdiff_t channels, const double *image, double *columns);
/// The adjoint: adds each column's elements to the pixels that they came from.
void ck_add_columns_f32(const struct ck_windows *w, ptrdiff_t dilation_height, ptrdiff_t dilation_width,
                        ptrdiff_t channels, const float *columns, float *image);
void ck_add_columns_f64(const struct ck_windows *w, ptrdiff_t dilation_height, ptrdiff_t dilation_width,
                        ptrdiff_t channels, const double *columns, double *image);

/// `planes` planes [H, W], windows over each: the largest element and its place, or the mean of the elements inside the
/// plane (`count_padding`: the zeros of the padding count too).
void ck_window_max_f64(const struct ck_windows *w, ptrdiff_t planes, const double *in, double *out,
                       uint8_t *places);
void ck_window_max_gradient_f64(const struct ck_windows *w, ptrdiff_t planes, const double *out_gradient,
                                const uint8_t *places, double *in_gradient);
void ck_window_mean_f32(const struct ck_windows *w, int32_t count_padding, ptrdiff_t planes, const float *in,
                        float *out);
void ck_window_mean_f64(const struct ck_windows *w, int32_t count_padding, ptrdiff_t planes, const double *in,
                        double *out);
void ck_window_mean_gradient_f32(const struct ck_windows *w, int32_t count_padding, ptrdiff_t planes,
                                 const float *out_gradient, float *in_gradient);
void ck_window_mean_gradient_f64(const struct ck_windows *w, int32_t count_padding, ptrdiff_t planes,
                                 const double *out_gradient, double *in_gradient);

// MARK: Inference
//
// The operations of CInference other than convolutions and matrix products: nothing is kept for gradients.

/// The largest number of each 2x2 square, of images in blocks of channels, `in_layout` CK_LAYOUT_BLOCKED or
/// CK_LAYOUT_EIGHTS; a NaN in a square is its largest. `relu`: max(0, y) follows, and leaves a NaN. `out_layout`: the same,
/// or CK_LAYOUT_ROWS where there is one block.
///
/// `paired`, in blocks of sixteen: at most eight channels, and a pixel of the block holds two neighbours of a row, [H, W / 2, 16] with channel k
/// of the left one in lane k and of the right one in lane `channels` + k; they are given back in rows. Serial.
void ck_largest_of_squares(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t height, ptrdiff_t width,
                           ptrdiff_t out_height, ptrdiff_t out_width, int32_t paired, int32_t relu, int32_t in_layout,
                           const float *in, int32_t out_layout, float *out);

/// The same of any windows; `out_layout`: that of the images, or CK_LAYOUT_ROWS. Serial.
void ck_largest_of_windows(const struct ck_windows *w, ptrdiff_t images, ptrdiff_t channels, int32_t relu,
                           int32_t in_layout, const float *in, int32_t out_layout, float *out);

/// y = x w for a single row x [depth] and w [depth, width], whose rows are `step` elements apart. Rows of w whose
/// element of x is zero are not read. Columns `first` ..< `first` + `columns` of y are written, whole vectors of
/// sixteen: both are multiples of 16, as `step` is. Serial.
void ck_row_product_f32(ptrdiff_t depth, ptrdiff_t step, ptrdiff_t first, ptrdiff_t columns, const float *x,
                        const float *w, float *y);

// MARK: Pooled convolutions
//
// Convolutions of few channels whose result is pooled, both ways in one pass over the windows: no result before the
// pooling is ever written, three of four results have no gradient and are passed over, and so are windows of zeros, which
// most of a picture of a digit is.

/// Images [N, C, H, W], or [N, H, W, C] (`channels_last`), convolved with a square kernel of `kernel` pixels at a stride of
/// one, to `outputs` channels, of which the largest of each 2 x 2 is kept: `height` x `width` of them.
struct ck_pooled_convolution {
    ptrdiff_t channels, source_height, source_width, padding_top, padding_left, kernel;
    ptrdiff_t outputs, height, width;
    int32_t channels_last;
    int32_t layout;  // of the pooled images, the gradient by them and the places: CHANNELS_LAST or BLOCKED; forward, EIGHTS too
};

/// Weights in blocks of sixteen outputs, or twice eight: w[k, c, r, s] is at
/// k / 16 block + k / 8 % 2 half + c channel + r row + s column + k % 8; the outputs that are not there have zeros, and of
/// eight of which none is there nothing is read.
struct ck_blocked_weights {
    const float *weights;
    ptrdiff_t block, half, channel, row, column;
};
/// Whether this processor has the kernels for it: kernels of 3 and 5, AVX-512 for weights whose halves are stored side
/// by side (`half` 8) and results not in EIGHTS, or AVX2.
int32_t ck_has_pooled_convolution(const struct ck_pooled_convolution *c, const struct ck_blocked_weights *weights);
/// The number of elements of `planes`, room for one image with its padding.
ptrdiff_t ck_pooled_planes_count(const struct ck_pooled_convolution *c);

/// out = the largest of each 2 x 2 of [relu](x * w + b), and its place: 0 to 3, or CK_NO_PLACE where relu makes it zero.
/// `bias` and `places` may be NULL. Serial.
void ck_pooled_convolve(const struct ck_pooled_convolution *c, ptrdiff_t images, const float *source,
                        const struct ck_blocked_weights *weights, const float *bias, int32_t relu, float *planes,
                        float *out, uint8_t *places);

/// The number of elements of `sums`: [blocks of sixteen outputs][C][kernel][kernel][16], and [blocks][16] for the
/// biases.
ptrdiff_t ck_pooled_gradient_count(const struct ck_pooled_convolution *c);
/// Adds the gradients of `images` images to `sums`. Serial.
void ck_add_pooled_gradient(const struct ck_pooled_convolution *c, ptrdiff_t images, const float *source,
                            const float *gradient, const uint8_t *places, float *planes, float *sums);
/// The sums as weights [K, C, kernel, kernel] and biases [K]; `biases` may be NULL.
void ck_pooled_gradient_result(const struct ck_pooled_convolution *c, const float *sums, float *weights,
                               float *biases);

// MARK: Gradients of pooled convolutions
//
// Gradients of convolutions whose results were pooled by 2 x 2, of which one in four has a gradient at most, and after
// relu about one in eight: zeros are skipped instead of multiplied.

/// Images [N, H, W, C] (CK_LAYOUT_CHANNELS_LAST), convolved at a stride of one to `outputs` channels, of which the largest
/// of each 2 x 2 was kept: `height` x `width` of them.
struct ck_pooled_gradients {
    ptrdiff_t channels, source_height, source_width, padding_top, padding_left, kernel_height, kernel_width;
    ptrdiff_t outputs, height, width;
    int32_t layout;           // of the places: CHANNELS_LAST or BLOCKED
    int32_t gradient_layout;  // of the gradient by the pooled images: the same, or CK_LAYOUT_ROWS
};

/// Whether skipping zeros is faster, by the processor and the shape: AVX2 is the widest (with AVX-512 oneDNN's products
/// have fewer steps, Winograd's way; others were not measured), and a row of the kernel fills a vector.
int32_t ck_has_pooled_gradients(const struct ck_pooled_gradients *g);

/// The gradients by source (images as above; NULL: not requested), weights [K, C, kernel height, kernel width; NULL: not
/// requested, nor is the bias] and bias (may be NULL) of `images` images, given that by the pooled images and the places of the largest: 0 to 3, or
/// CK_NO_PLACE. On all threads; the sums are made in one order. CK_NOT_FINITE where an element is not finite: the
/// skipped products are then not zero, and the results are invalid.
enum ck_status ck_pooled_gradients(const struct ck_pooled_gradients *g, ptrdiff_t images, const float *source,
                            const float *weights, const float *gradient, const uint8_t *places, float *source_gradient,
                            float *weight_gradient, float *bias_gradient);

#endif
