// Support vector machines: the two-variable solver on a dense kernel matrix, kernel functions of inner products, and
// the sums over support vectors.
#ifndef CK_SVM_H
#define CK_SVM_H

#include <stdint.h>

/// Arrays of the solver are padded to a multiple of this; see ck_smo.
#define CK_SMO_PADDING 8

/// A problem on `count` variables (padded: `width`, a multiple of CK_SMO_PADDING). beta_t = y_t alpha_t.
///
/// f_t = y_t times the derivative of the objective = sum over s of beta_s K_st + y_t p_t.
/// A variable that may move so that beta grows ("up") has up_t = 0, otherwise +infinity; one that may fall ("low") has
/// low_t = 0, otherwise -infinity. Padding has both infinite, f = 0 and K = 0. With two sets (nu-SVC) both variables of
/// a step come from one set: the arrays of set s begin at up + s * width and low + s * width.
typedef struct {
    int64_t count, width;
    int32_t sets;
    const float *kernel;  ///< count x stride, row t holds K_t0, K_t1, ...; stride >= width
    int64_t stride;
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
int64_t ck_smo_solve(const ck_smo *problem, double tolerance, int64_t most_steps, double *violation);

/// f_t += sum over r of change_r * rows[r][t], t in first ..< end, in the order of r.
void ck_svm_add_rows(const float *const *rows, const double *change, int64_t count, int64_t first, int64_t end,
                     double *f);

typedef enum { CK_SVM_LINEAR = 0, CK_SVM_POLYNOMIAL = 1, CK_SVM_RBF = 2, CK_SVM_SIGMOID = 3 } ck_svm_kind;

/// What turns an inner product into a kernel value.
typedef struct {
    int32_t kind, degree;
    float gamma, constant;
    float scale;  ///< the product of the two sides' scales; inner products and norms are multiplied by it
} ck_svm_kernel;

/// values[c] = K(x, z_c) from <x, z_c>, for `count` columns, in place. Products are float, or, where `integers` is not 0,
/// int32 that lack `shift` (it is added first). `norm` = <x, x>, `norms[c]` = <z_c, z_c>, both unscaled (RBF only).
void ck_svm_apply(const ck_svm_kernel *kernel, int32_t integers, int32_t shift, float norm, const float *norms,
                  float *values, int64_t count);

/// sums[r * width + w] += sum over s of values[r * stride + s] * coefficients[s * width + w], r < rows, s < count.
/// Sums of 256 terms are taken in float, their sum in double.
void ck_svm_combine(const float *values, int64_t rows, int64_t stride, int64_t count, const float *coefficients,
                    int64_t width, double *sums);

/// The same in double precision.
typedef struct {
    int32_t kind, degree;
    double gamma, constant;
} ck_svm_precise;

/// target[r * stride + c] = <left row r, right row c>, rows of `width` doubles, sums in double in a fixed order.
void ck_svm_products_f64(const double *left, int64_t rows, const double *right, int64_t columns, int64_t width,
                         double *target, int64_t stride);

/// values[c] = K(x, z_c) from products[c] = <x, z_c>; `values` may be `products`. `norm`, `norms` as above (RBF only).
void ck_svm_apply_f64(const ck_svm_precise *kernel, const double *products, double norm, const double *norms,
                      double *values, int64_t count);

/// target[c] = values[c] - anchor - anchors[c], rounded once.
void ck_svm_relative(const double *values, double anchor, const double *anchors, float *target, int64_t count);

/// values[c] = K(x, z_c) - anchor - anchors[c], in place, from <x, z_c> = values[c] + offset + offsets[c]; all but the
/// product in double. Not for the RBF.
void ck_svm_apply_offset(const ck_svm_precise *kernel, double offset, const double *offsets, double anchor,
                         const double *anchors, float *values, int64_t count);

/// The first of `values` that is infinite or no number; -1 if none is.
int64_t ck_svm_not_finite(const float *values, int64_t count);

/// sums[r * width + w] += sum over s of values[r * stride + s] * coefficients[w * length + s], all in double.
void ck_svm_combine_f64(const double *values, int64_t rows, int64_t stride, int64_t count, const double *coefficients,
                        int64_t length, int64_t width, double *sums);

/// Support vectors in a panel of ck_svm_decide.
#define CK_SVM_PANEL 16

/// The support vectors of all classes for ck_svm_decide, RBF: each class begins a new panel, filled up with zeros.
typedef struct {
    const float *panels;        ///< panel p: width x CK_SVM_PANEL, from ck_svm_pack_panels
    const float *norms;         ///< <z, z>, by panel
    const float *coefficients;  ///< by panel, each support vector's `columns`; 0 where it is none
    int64_t width;
    int64_t columns;  ///< 1, or a multiple of CK_SVM_PANEL
    float gamma;
} ck_svm_decisions;

/// rows x width to panels of CK_SVM_PANEL rows, (count / CK_SVM_PANEL rounded up) x width x CK_SVM_PANEL.
void ck_svm_pack_panels(const float *rows, int64_t count, int64_t width, float *panels);

/// sums[r * columns + w] += sum over the support vectors s of panels first ..< end of K(left row r, s) * coefficient w of
/// s. Sums of 256 terms are taken in float, their sum in double. `work`: rows x (max(columns, CK_SVM_PANEL) + width)
/// floats.
void ck_svm_decide(const ck_svm_decisions *decisions, const float *left, const float *norms, int64_t rows,
                   int64_t first, int64_t end, double *sums, float *work);

#endif
