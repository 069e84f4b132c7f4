// The loss and gradient of logistic regression: scores in lanes, one row after another.
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "ck_svm.h"
#include "core/vmath.h"
#include "svm/linear.h"

typedef float lanes __attribute__((vector_size(32)));
typedef float loose __attribute__((vector_size(32), aligned(4)));
#define LOGISTIC_LANES CK_LOGISTIC_LANES
#define LOGISTIC_LOAD(p) ((lanes)*(const loose *)(p))
#define LOGISTIC_STORE(p, v) (*(loose *)(p) = (v))
#define LOGISTIC_MOST_GROUPS 4
#define LOGISTIC_AT_ONCE 256

/// scores = W x for `groups` vectors of lanes.
CK_INLINE void score(const ck_linear_rows *rows, ptrdiff_t r, ptrdiff_t stride, const float *weights, float *scores,
                     const int bytes, const int groups) {
    lanes even[LOGISTIC_MOST_GROUPS], odd[LOGISTIC_MOST_GROUPS];
    for (int g = 0; g < groups; g++) even[g] = odd[g] = (lanes){0};
    ptrdiff_t e = rows->starts[r], end = rows->starts[r + 1];
    for (; e + 2 <= end; e += 2) {
        const float *a = weights + CK_LINEAR_COLUMN(e) * stride, *b = weights + CK_LINEAR_COLUMN(e + 1) * stride;
        for (int g = 0; g < groups; g++) {
            even[g] += CK_LINEAR_VALUE(e) * LOGISTIC_LOAD(a + g * LOGISTIC_LANES);
            odd[g] += CK_LINEAR_VALUE(e + 1) * LOGISTIC_LOAD(b + g * LOGISTIC_LANES);
        }
    }
    for (; e < end; e++)
        for (int g = 0; g < groups; g++) even[g] += CK_LINEAR_VALUE(e) * LOGISTIC_LOAD(weights + CK_LINEAR_COLUMN(e) * stride + g * LOGISTIC_LANES);
    for (int g = 0; g < groups; g++) LOGISTIC_STORE(scores + g * LOGISTIC_LANES, even[g] + odd[g]);
}

CK_INLINE void spread(const ck_linear_rows *rows, ptrdiff_t r, ptrdiff_t stride, const float *shares, float *work,
                      const int bytes, const int groups) {
    lanes own[LOGISTIC_MOST_GROUPS];
    for (int g = 0; g < groups; g++) own[g] = LOGISTIC_LOAD(shares + g * LOGISTIC_LANES);
    for (ptrdiff_t e = rows->starts[r]; e < rows->starts[r + 1]; e++) {
        float *at = work + CK_LINEAR_COLUMN(e) * stride;
        for (int g = 0; g < groups; g++) LOGISTIC_STORE(at + g * LOGISTIC_LANES, LOGISTIC_LOAD(at + g * LOGISTIC_LANES) + CK_LINEAR_VALUE(e) * own[g]);
    }
}

#define LOGISTIC_BY_GROUPS(call, first_group)                                   \
    switch ((stride - (first_group) * LOGISTIC_LANES) / LOGISTIC_LANES) {       \
    case 1: call(1); break;                                                     \
    case 2: call(2); break;                                                     \
    case 3: call(3); break;                                                     \
    default: call(4); break;                                                    \
    }

/// Makes P - [k = class] of the scores; returns -log P(class).
CK_INLINE double differences(double *scores, ptrdiff_t problems, ptrdiff_t stride, int32_t class, float *shares) {
    if (problems == 1) {
        double s = scores[0], low = ck_exp64(-fabs(s)), p = s > 0 ? 1 / (1 + low) : low / (1 + low);
        shares[0] = (float)(class == 1 ? (s > 0 ? -low / (1 + low) : -1 / (1 + low)) : p);
        return (s > 0 ? s : 0) + ck_log1p_unit64(low) - (class == 1 ? s : 0);
    }
    double most = scores[0], sum = 0, own = scores[class];
    for (ptrdiff_t k = 1; k < problems; k++) most = scores[k] > most ? scores[k] : most;
    for (ptrdiff_t k = 0; k < stride; k++) scores[k] = ck_exp64(scores[k] - most);
    for (ptrdiff_t k = 0; k < problems; k++) sum += scores[k];
    double rest = 0;
    for (ptrdiff_t k = 0; k < problems; k++) rest += k == class ? 0 : scores[k];
    for (ptrdiff_t k = 0; k < problems; k++) shares[k] = (float)(scores[k] / sum);
    shares[class] = (float)(-rest / sum);
    return most - own + ck_log64(sum);
}

CK_INLINE double pass(const ck_linear_rows *rows, const int32_t *classes, ptrdiff_t problems, ptrdiff_t stride,
                      const float *weights, const double *intercepts, const double *class_weights, ptrdiff_t first,
                      ptrdiff_t end, double *gradient, float *work, const int bytes) {
    double loss = 0, *last = gradient + rows->width * stride;
    float single[stride], shares[stride];
    double scores[stride];
    memset(shares, 0, sizeof shares);
    for (ptrdiff_t start = first; start < end; start += LOGISTIC_AT_ONCE) {
        ptrdiff_t stop = end - start < LOGISTIC_AT_ONCE ? end : start + LOGISTIC_AT_ONCE;
        memset(work, 0, (size_t)(rows->width * stride) * sizeof *work);
        for (ptrdiff_t r = start; r < stop; r++) {
            for (ptrdiff_t g = 0; g < stride / LOGISTIC_LANES; g += LOGISTIC_MOST_GROUPS) {
#define LOGISTIC_SCORE(n) score(rows, r, stride, weights + g * LOGISTIC_LANES, single + g * LOGISTIC_LANES, bytes, n)
                LOGISTIC_BY_GROUPS(LOGISTIC_SCORE, g)
            }
            for (ptrdiff_t k = 0; k < stride; k++) scores[k] = (double)single[k] + intercepts[k];
            double own = differences(scores, problems, stride, classes[r], shares);
            if (class_weights) {
                own *= class_weights[classes[r]];
                for (ptrdiff_t k = 0; k < problems; k++) shares[k] = (float)(shares[k] * class_weights[classes[r]]);
            }
            loss += own;
            for (ptrdiff_t k = 0; k < problems; k++) last[k] += shares[k];
            for (ptrdiff_t g = 0; g < stride / LOGISTIC_LANES; g += LOGISTIC_MOST_GROUPS) {
#define LOGISTIC_SPREAD(n) spread(rows, r, stride, shares + g * LOGISTIC_LANES, work + g * LOGISTIC_LANES, bytes, n)
                LOGISTIC_BY_GROUPS(LOGISTIC_SPREAD, g)
            }
        }
        for (ptrdiff_t i = 0; i < rows->width * stride; i++) gradient[i] += work[i];
    }
    return loss;
}

CK_CLONES
double ck_logistic_rows(const ck_linear_rows *rows, const int32_t *classes, ptrdiff_t problems, ptrdiff_t stride,
                        const float *weights, const double *intercepts, const double *class_weights, ptrdiff_t first,
                        ptrdiff_t end, double *gradient, float *work) {
    ck_check_linear_rows(rows);
    CK_ASSERT(first, >= 0);
    CK_ASSERT(end, >= first);
    CK_ASSERT(end, <= rows->count);
    CK_ASSERT_MEMORY(classes, end - first);
    CK_ASSERT(problems, > 0);
    CK_ASSERT(stride, >= problems);
    CK_ASSERT(stride % CK_LOGISTIC_LANES, == 0);
    CK_ASSERT_MEMORY(weights, rows->width * stride);
    CK_ASSERT_MEMORY(intercepts, stride);
    if (class_weights) CK_ASSERT_MEMORY(class_weights, problems);
    CK_ASSERT_MEMORY(gradient, stride);
    CK_ASSERT_MEMORY(work, rows->width * stride);
    if (rows->bytes)
        return pass(rows, classes, problems, stride, weights, intercepts, class_weights, first, end, gradient, work, 1);
    return pass(rows, classes, problems, stride, weights, intercepts, class_weights, first, end, gradient, work, 0);
}
