// Support vector machines with kernels and linear ones, and logistic regression.
#ifndef CK_SVM_H
#define CK_SVM_H

#include <stddef.h>
#include <stdint.h>

// MARK: With kernels
//
// Support vector machines: the two-variable solver on a dense kernel matrix, kernel functions of inner products, and
// the sums over support vectors.

/// Arrays of the solver are padded to a multiple of this; see ck_smo.
#define CK_SMO_PADDING 8

/// A problem on `count` variables (padded: `width`, a multiple of CK_SMO_PADDING). beta_t = y_t alpha_t.
///
/// f_t = y_t times the derivative of the objective = sum over s of beta_s K_st + y_t p_t.
/// A variable that may move so that beta grows ("up") has up_t = 0, otherwise +infinity; one that may fall ("low") has
/// low_t = 0, otherwise -infinity. Padding has both infinite, f = 0 and K = 0. With two sets (nu-SVC) both variables of
/// a step come from one set: the arrays of set s begin at up + s * width and low + s * width.
typedef struct {
    ptrdiff_t count, width;
    int32_t sets;
    const float *kernel;  ///< count x stride, row t holds K_t0, K_t1, ...; stride >= width
    ptrdiff_t stride;
    const double *diagonal;  ///< K_tt, padded
    const double *signs;     ///< y_t, +1 or -1
    const double *upper;     ///< alpha_t <= upper_t
    double *alpha, *f, *up, *low;
} ck_smo;

/// Makes steps until the violation of the optimality conditions (max over low of f - min over up of f, the larger of the
/// two sets) is below `tolerance`, no step is left, or `most_steps` are made. Returns the steps made; `violation` gets
/// the last one seen.
///
/// The pair: the most violating i of "up", and the j of "low" whose exchange with i lowers the objective most (R.-E. Fan,
/// P.-H. Chen, C.-J. Lin, "Working set selection using second order information for training SVM", JMLR 6 (2005)).
/// Among equals the last one is taken.
ptrdiff_t ck_smo_solve(const ck_smo *problem, double tolerance, ptrdiff_t most_steps, double *violation);

/// f_t += sum over r of change_r * rows[r][t], t in first ..< end, in the order of r.
void ck_svm_add_rows(const float *const *rows, const double *change, ptrdiff_t count, ptrdiff_t first, ptrdiff_t end,
                     double *f);

typedef enum { CK_SVM_LINEAR = 0, CK_SVM_POLYNOMIAL = 1, CK_SVM_RBF = 2, CK_SVM_SIGMOID = 3 } ck_svm_kind;

/// The kernel function, which maps an inner product to a kernel value.
typedef struct {
    int32_t kind, degree;
    float gamma, constant;
    float scale;  ///< the product of the two sides' scales; inner products and norms are multiplied by it
} ck_svm_kernel;

/// values[c] = K(x, z_c) from <x, z_c>, for `count` columns, in place. Products are float, or, where `integers` is not 0,
/// int32 that lack `shift` (it is added first). `norm` = <x, x>, `norms[c]` = <z_c, z_c>, both unscaled (RBF only).
void ck_svm_apply(const ck_svm_kernel *kernel, int32_t integers, int32_t shift, float norm, const float *norms,
                  float *values, ptrdiff_t count);

/// sums[r * width + w] += sum over s of values[r * stride + s] * coefficients[s * width + w], r < rows, s < count.
/// Sums of 256 terms are taken in float, their sum in double.
void ck_svm_combine(const float *values, ptrdiff_t rows, ptrdiff_t stride, ptrdiff_t count, const float *coefficients,
                    ptrdiff_t width, double *sums);

/// The same in double precision.
typedef struct {
    int32_t kind, degree;
    double gamma, constant;
} ck_svm_precise;

/// target[r * stride + c] = <left row r, right row c>, rows of `width` doubles, sums in double in a fixed order.
void ck_svm_products_f64(const double *left, ptrdiff_t rows, const double *right, ptrdiff_t columns, ptrdiff_t width,
                         double *target, ptrdiff_t stride);

/// values[c] = K(x, z_c) from products[c] = <x, z_c>; `values` may be `products`. `norm`, `norms` as above (RBF only).
void ck_svm_apply_f64(const ck_svm_precise *kernel, const double *products, double norm, const double *norms,
                      double *values, ptrdiff_t count);

/// target[c] = values[c] - anchor - anchors[c], rounded once.
void ck_svm_relative(const double *values, double anchor, const double *anchors, float *target, ptrdiff_t count);

/// values[c] = K(x, z_c) - anchor - anchors[c], in place, from <x, z_c> = values[c] + offset + offsets[c]; all but the
/// product in double. Not for the RBF.
void ck_svm_apply_offset(const ck_svm_precise *kernel, double offset, const double *offsets, double anchor,
                         const double *anchors, float *values, ptrdiff_t count);

/// The first of `values` that is infinite or no number; -1 if none is.
ptrdiff_t ck_svm_not_finite(const float *values, ptrdiff_t count);

/// sums[r * width + w] += sum over s of values[r * stride + s] * coefficients[w * length + s], all in double.
void ck_svm_combine_f64(const double *values, ptrdiff_t rows, ptrdiff_t stride, ptrdiff_t count,
                        const double *coefficients, ptrdiff_t length, ptrdiff_t width, double *sums);

/// Support vectors in a panel of ck_svm_decide.
#define CK_SVM_PANEL 16

/// The support vectors of all classes for ck_svm_decide, RBF: each class begins a new panel, filled up with zeros.
typedef struct {
    const float *panels;        ///< panel p: width x CK_SVM_PANEL, from ck_svm_pack_panels
    const float *norms;         ///< <z, z>, by panel
    const float *coefficients;  ///< by panel, each support vector's `columns`; 0 where it is none
    ptrdiff_t width;
    ptrdiff_t columns;  ///< 1, or a multiple of CK_SVM_PANEL
    float gamma;
} ck_svm_decisions;

/// rows x width to panels of CK_SVM_PANEL rows, (count / CK_SVM_PANEL rounded up) x width x CK_SVM_PANEL.
void ck_svm_pack_panels(const float *rows, ptrdiff_t count, ptrdiff_t width, float *panels);

/// sums[r * columns + w] += sum over the support vectors s of panels first ..< end of K(left row r, s) * coefficient w of
/// s. Sums of 256 terms are taken in float, their sum in double. `work`: rows x (max(columns, CK_SVM_PANEL) + width)
/// floats.
void ck_svm_decide(const ck_svm_decisions *decisions, const float *left, const float *norms, ptrdiff_t rows,
                   ptrdiff_t first, ptrdiff_t end, double *sums, float *work);

// MARK: Linear
//
// Linear support vector machines by dual coordinate descent, several classes in the lanes of one vector.

/// Classes that are solved together against the rest.
#define CK_LINEAR_LANES 8

/// Rows without their zeros. Entries of row r: starts[r] ..< starts[r + 1]. Either bytes (columns16, bytes, and the
/// values of the 256) or floats (columns32, numbers).
typedef struct {
    const int64_t *starts;
    const uint16_t *columns16;
    const uint8_t *bytes;
    const float *table;
    const uint32_t *columns32;
    const float *numbers;
    ptrdiff_t count, width;
} ck_linear_rows;

/// Up to CK_LINEAR_LANES problems "class l against the rest": minimise over alpha
///   1/2 |w|^2 + 1/2 shift |alpha|^2 - sum alpha, w = sum of y alpha x, 0 <= alpha <= upper,
/// where x has one more feature, `bias` (0: none).
typedef struct {
    const ck_linear_rows *rows;
    const int32_t *classes;  ///< of each row; lane l is positive for class first + l
    int32_t first, lanes;
    float bias;
    const float *positive_upper, *negative_upper;  ///< by lane: C (L1 loss) or infinity (L2 loss)
    const float *positive_shift, *negative_shift;  ///< by lane: 0 (L1) or 1 / (2 C) (L2)
    const float *norms;                            ///< |x|^2 of each row, the bias included
    float *alpha;                                  ///< rows x CK_LINEAR_LANES
    float *weights;                                ///< (width + 1) x CK_LINEAR_LANES, the bias last
    int32_t *order;                                ///< rows, a permutation; changed
    ptrdiff_t active;                                ///< how many of `order` still move
    uint64_t random;                               ///< state of the generator, not 0
    float most[CK_LINEAR_LANES], least[CK_LINEAR_LANES];  ///< last pass's extremes of the projected gradient
} ck_linear;

/// One pass over the active rows in a new order. `violation` gets the largest range (over the lanes) of the projected
/// gradient. Rows that are firmly at their bounds in every lane leave the active set.
///
/// C.-J. Hsieh et al., "A dual coordinate descent method for large-scale linear SVM", ICML (2008), algorithm 3.
void ck_linear_pass(ck_linear *problem, float *violation);

/// sums[l] += the sum of C max(0, 1 - y f)^p over all rows, for each lane l, at the weights as they are.
void ck_linear_losses(const ck_linear *problem, double *sums);

/// Classes in one vector of Crammer and Singer's problem, and the most of them in all.
#define CK_CRAMMER_SINGER_LANES 16
#define CK_CRAMMER_SINGER_CLASSES 256

/// The multi-class problem of K. Crammer and Y. Singer (JMLR 2 (2001)): minimise over alpha
///   1/2 sum over k of |w_k|^2 + sum over i and k of e_ik alpha_ik, w_k = sum over i of alpha_ik x_i,
/// sum over k of alpha_ik = 0, alpha_ik <= C where k is row i's class and <= 0 elsewhere, e_ik = 0 for its class, else 1.
typedef struct {
    const ck_linear_rows *rows;
    const int32_t *classes;
    int32_t lanes;   ///< K, at most CK_CRAMMER_SINGER_CLASSES
    int32_t stride;  ///< K rounded up to CK_CRAMMER_SINGER_LANES
    float bias;
    const float *upper;  ///< C of each class
    const float *norms;
    float *alpha;    ///< rows x stride
    float *weights;  ///< (width + 1) x stride
    int32_t *order;  ///< the rows to visit; the first `active` count
    ptrdiff_t active;
    uint64_t random;
    float calm;  ///< the violation up to which a row is left as it is
} ck_crammer_singer;

/// One pass over the active rows in a new order; `violation` gets the largest of theirs. Those that violate no more
/// than `calm` are active no longer.
///
/// S. S. Keerthi et al., "A sequential dual method for large scale multi-class linear SVMs", KDD (2008).
void ck_crammer_singer_pass(ck_crammer_singer *problem, float *violation);

/// The violation of each of the rows first ..< end at the current weights. Nothing else changes, so parts of the rows
/// may be scanned in parallel.
void ck_crammer_singer_scan(const ck_crammer_singer *problem, ptrdiff_t first, ptrdiff_t end, float *violations);

/// The non-zero entries of dense rows: their number in each of the rows first ..< end, then the entries.
void ck_linear_count_u8(const uint8_t *dense, ptrdiff_t width, ptrdiff_t first, ptrdiff_t end, int64_t *counts);
void ck_linear_count_f32(const float *dense, ptrdiff_t width, ptrdiff_t first, ptrdiff_t end, int64_t *counts);
void ck_linear_fill_u8(const uint8_t *dense, ptrdiff_t width, ptrdiff_t first, ptrdiff_t end, const int64_t *starts,
                       uint16_t *columns, uint8_t *values);
void ck_linear_fill_f32(const float *dense, ptrdiff_t width, ptrdiff_t first, ptrdiff_t end, const int64_t *starts,
                        uint32_t *columns, float *values);

/// norms[r] = |row r|^2 + bias^2 for the rows first ..< end.
void ck_linear_norms(const ck_linear_rows *rows, ptrdiff_t first, ptrdiff_t end, float bias, float *norms);

// MARK: Logistic regression
//
// The loss of a logistic regression and its gradient, over rows without their zeros.

/// Scores of a row are kept in lanes of this many.
#define CK_LOGISTIC_LANES 8

/// The sum of -log P(class) over the rows first ..< end, P by softmax of the scores W x + b; with one problem, that of
/// class 1 against a score of 0. `weights` are width x stride, stride a multiple of CK_LOGISTIC_LANES, `problems` of
/// which count; `intercepts` and a row of `gradient` have `stride` elements too. Adds sum of (P - [k = class]) x to
/// `gradient`, (width + 1) x stride, the intercepts' last: 256 rows in float, their sums in double. `class_weights`,
/// one for each class, multiply the loss of its rows and their part of the gradient; NULL for none. `work`: width x
/// stride floats.
double ck_logistic_rows(const ck_linear_rows *rows, const int32_t *classes, ptrdiff_t problems, ptrdiff_t stride,
                        const float *weights, const double *intercepts, const double *class_weights, ptrdiff_t first,
                        ptrdiff_t end, double *gradient, float *work);

#endif
