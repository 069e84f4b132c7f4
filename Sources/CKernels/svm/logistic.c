// The loss and gradient of logistic regression: scores in lanes, one row after another.
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "ck_svm.h"
#include "core/vmath.h"
#include "svm/linear.h"

typedef float lanes __attribute__((vector_size(32)));
typedef float loose __attribute__((vector_size(32), aligned(4)));
#define LANES CK_LOGISTIC_LANES
#define LOAD(p) ((lanes)*(const loose *)(p))
#define STORE(p, v) (*(loose *)(p) = (v))
#define MOST_GROUPS 4
#define AT_ONCE 256

/// scores = W x for `groups` vectors of lanes.
CK_INLINE void score(const ck_linear_rows *rows, int64_t r, int64_t stride, const float *weights, float *scores,
                     const int bytes, const int groups) {
    lanes even[MOST_GROUPS], odd[MOST_GROUPS];
    for (int g = 0; g < groups; g++) even[g] = odd[g] = (lanes){0};
    int64_t e = rows->starts[r], end = rows->starts[r + 1];
    for (; e + 2 <= end; e += 2) {
        const float *a = weights + COLUMN(e) * stride, *b = weights + COLUMN(e + 1) * stride;
        for (int g = 0; g < groups; g++) {
            even[g] += VALUE(e) * LOAD(a + g * LANES);
            odd[g] += VALUE(e + 1) * LOAD(b + g * LANES);
        }
    }
    for (; e < end; e++)
        for (int g = 0; g < groups; g++) even[g] += VALUE(e) * LOAD(weights + COLUMN(e) * stride + g * LANES);
    for (int g = 0; g < groups; g++) STORE(scores + g * LANES, even[g] + odd[g]);
}

CK_INLINE void spread(const ck_linear_rows *rows, int64_t r, int64_t stride, const float *shares, float *work,
                      const int bytes, const int groups) {
    lanes own[MOST_GROUPS];
    for (int g = 0; g < groups; g++) own[g] = LOAD(shares + g * LANES);
    for (int64_t e = rows->starts[r]; e < rows->starts[r + 1]; e++) {
        float *at = work + COLUMN(e) * stride;
        for (int g = 0; g < groups; g++) STORE(at + g * LANES, LOAD(at + g * LANES) + VALUE(e) * own[g]);
    }
}

#define BY_GROUPS(call, first_group)                                            \
    switch ((stride - (first_group) * LANES) / LANES) {                         \
    case 1: call(1); break;                                                     \
    case 2: call(2); break;                                                     \
    case 3: call(3); break;                                                     \
    default: call(4); break;                                                    \
    }

/// Makes P - [k = class] of the scores; returns -log P(class).
CK_INLINE double differences(double *scores, int64_t problems, int64_t stride, int32_t class, float *shares) {
    if (problems == 1) {
        double s = scores[0], low = ck_exp64(-fabs(s)), p = s > 0 ? 1 / (1 + low) : low / (1 + low);
        shares[0] = (float)(class == 1 ? (s > 0 ? -low / (1 + low) : -1 / (1 + low)) : p);
        return (s > 0 ? s : 0) + ck_log1p_unit64(low) - (class == 1 ? s : 0);
    }
    double most = scores[0], sum = 0, own = scores[class];
    for (int64_t k = 1; k < problems; k++) most = scores[k] > most ? scores[k] : most;
    for (int64_t k = 0; k < stride; k++) scores[k] = ck_exp64(scores[k] - most);
    for (int64_t k = 0; k < problems; k++) sum += scores[k];
    double rest = 0;
    for (int64_t k = 0; k < problems; k++) rest += k == class ? 0 : scores[k];
    for (int64_t k = 0; k < problems; k++) shares[k] = (float)(scores[k] / sum);
    shares[class] = (float)(-rest / sum);
    return most - own + ck_log64(sum);
}

CK_INLINE double pass(const ck_linear_rows *rows, const int32_t *classes, int64_t problems, int64_t stride,
                      const float *weights, const double *intercepts, int64_t first, int64_t end, double *gradient,
                      float *work, const int bytes) {
    double loss = 0, *last = gradient + rows->width * stride;
    float single[stride], shares[stride];
    double scores[stride];
    memset(shares, 0, sizeof shares);
    for (int64_t start = first; start < end; start += AT_ONCE) {
        int64_t stop = end - start < AT_ONCE ? end : start + AT_ONCE;
        memset(work, 0, (size_t)(rows->width * stride) * sizeof *work);
        for (int64_t r = start; r < stop; r++) {
            for (int64_t g = 0; g < stride / LANES; g += MOST_GROUPS) {
#define SCORE(n) score(rows, r, stride, weights + g * LANES, single + g * LANES, bytes, n)
                BY_GROUPS(SCORE, g)
            }
            for (int64_t k = 0; k < stride; k++) scores[k] = (double)single[k] + intercepts[k];
            loss += differences(scores, problems, stride, classes[r], shares);
            for (int64_t k = 0; k < problems; k++) last[k] += shares[k];
            for (int64_t g = 0; g < stride / LANES; g += MOST_GROUPS) {
#define SPREAD(n) spread(rows, r, stride, shares + g * LANES, work + g * LANES, bytes, n)
                BY_GROUPS(SPREAD, g)
            }
        }
        for (int64_t i = 0; i < rows->width * stride; i++) gradient[i] += work[i];
    }
    return loss;
}

CK_CLONES
double ck_logistic_rows(const ck_linear_rows *rows, const int32_t *classes, int64_t problems, int64_t stride,
                        const float *weights, const double *intercepts, int64_t first, int64_t end, double *gradient,
                        float *work) {
    if (rows->bytes)
        return pass(rows, classes, problems, stride, weights, intercepts, first, end, gradient, work, 1);
    return pass(rows, classes, problems, stride, weights, intercepts, first, end, gradient, work, 0);
}
