// Linear support vector machines by dual coordinate descent, several classes in the lanes of one vector.
#ifndef CK_LINEAR_H
#define CK_LINEAR_H

#include <stdint.h>

/// Classes that are solved together against the rest.
#define CK_LINEAR_LANES 8

/// Rows without their zeros. Entries of row r: starts[r] ..< starts[r + 1]. Either bytes (columns16, bytes, and what each
/// of the 256 stands for) or numbers (columns32, numbers).
typedef struct {
    const int64_t *starts;
    const uint16_t *columns16;
    const uint8_t *bytes;
    const float *table;
    const uint32_t *columns32;
    const float *numbers;
    int64_t count, width;
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
    int64_t active;                                ///< how many of `order` still move
    uint64_t random;                               ///< state of the generator, not 0
    float most[CK_LINEAR_LANES], least[CK_LINEAR_LANES];  ///< last pass's extremes of the projected gradient
} ck_linear;

/// One pass over the active rows in a new order. `violation` gets the largest range (over the lanes) of the projected
/// gradient. Rows that lie firmly at their bounds in every lane leave the active ones.
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
    int64_t active;
    uint64_t random;
    float calm;  ///< the violation up to which a row is left as it is
} ck_crammer_singer;

/// One pass over the active rows in a new order; `violation` gets the largest of theirs. Those that violate no more
/// than `calm` are active no longer.
///
/// S. S. Keerthi et al., "A sequential dual method for large scale multi-class linear SVMs", KDD (2008).
void ck_crammer_singer_pass(ck_crammer_singer *problem, float *violation);

/// How much each of the rows first ..< end violates its conditions, at the weights as they are. Changes nothing else, so
/// parts of the rows may be looked at at once.
void ck_crammer_singer_scan(const ck_crammer_singer *problem, int64_t first, int64_t end, float *violations);

/// Entries of dense rows that are not zero: how many in each of the rows first ..< end, then what they are.
void ck_linear_count_u8(const uint8_t *dense, int64_t width, int64_t first, int64_t end, int64_t *counts);
void ck_linear_count_f32(const float *dense, int64_t width, int64_t first, int64_t end, int64_t *counts);
void ck_linear_fill_u8(const uint8_t *dense, int64_t width, int64_t first, int64_t end, const int64_t *starts,
                       uint16_t *columns, uint8_t *values);
void ck_linear_fill_f32(const float *dense, int64_t width, int64_t first, int64_t end, const int64_t *starts,
                        uint32_t *columns, float *values);

/// norms[r] = |row r|^2 + bias^2 for the rows first ..< end.
void ck_linear_norms(const ck_linear_rows *rows, int64_t first, int64_t end, float bias, float *norms);

#endif
