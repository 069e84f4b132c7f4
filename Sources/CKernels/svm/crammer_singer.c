// Crammer and Singer's problem by dual coordinate descent, one class in each lane.
#include <math.h>

#include "ck_svm.h"
#include "svm/linear.h"

// One class in each lane; macros, because a function that takes or returns such a vector has another ABI at each level.
#define LANES CK_CRAMMER_SINGER_LANES
#define MOST_GROUPS (CK_CRAMMER_SINGER_CLASSES / LANES)
typedef float lanes __attribute__((vector_size(64)));
typedef float loose __attribute__((vector_size(64), aligned(4)));
typedef int32_t mask __attribute__((vector_size(64)));
#define LOAD(p) ((lanes)*(const loose *)(p))
#define STORE(p, v) (*(loose *)(p) = (v))
#define ALL(x) ((lanes){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x})
#define SELECT(m, a, b) ((lanes)(((mask)(a) & (m)) | ((mask)(b) & ~(m))))
#define ADD(a, b) ((a) + (b))
#define MAXIMUM(a, b) SELECT((a) > (b), a, b)
#define MINIMUM(a, b) SELECT((a) < (b), a, b)
// All lanes put together, the same order at every level of the processor.
#define FOLD(v, put)                                                                                          \
    ({                                                                                                        \
        lanes f_ = (v);                                                                                       \
        f_ = put(f_, __builtin_shufflevector(f_, f_, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));  \
        f_ = put(f_, __builtin_shufflevector(f_, f_, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));  \
        f_ = put(f_, __builtin_shufflevector(f_, f_, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));  \
        f_ = put(f_, __builtin_shufflevector(f_, f_, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));  \
        f_[0];                                                                                                \
    })

static const mask numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#define USED(g) (numbers < p->lanes - (g) * LANES)
#define OWN(g, own) (numbers == (own) - (g) * LANES)

/// gradient[g] = w x of the classes of group g, + 1 for other classes than the row's own.
CK_INLINE void find_gradient(const ck_crammer_singer *p, int64_t r, lanes *gradient, const int groups,
                             const int bytes) {
    const ck_linear_rows *rows = p->rows;
    const int64_t stride = groups * LANES, begin = rows->starts[r], end = rows->starts[r + 1];
    const float *bias_weights = p->weights + rows->width * stride;
    for (int g = 0; g < groups; g++) {
        const float *w = p->weights + g * LANES;
        int64_t e = begin;
        // Four sums, so that one need not wait for the other.
        lanes s0 = p->bias * LOAD(bias_weights + g * LANES), s1 = ALL(0.0f), s2 = s1, s3 = s1;
        for (; e + 4 <= end; e += 4) {
            s0 += VALUE(e) * LOAD(w + COLUMN(e) * stride);
            s1 += VALUE(e + 1) * LOAD(w + COLUMN(e + 1) * stride);
            s2 += VALUE(e + 2) * LOAD(w + COLUMN(e + 2) * stride);
            s3 += VALUE(e + 3) * LOAD(w + COLUMN(e + 3) * stride);
        }
        for (; e < end; e++) s0 += VALUE(e) * LOAD(w + COLUMN(e) * stride);
        gradient[g] = (s0 + s1) + (s2 + s3) + SELECT(OWN(g, p->classes[r]), ALL(0.0f), ALL(1.0f));
    }
}

/// The largest gradient less the least one among the multipliers that may grow, which are those below their bounds.
CK_INLINE float violation_of(const ck_crammer_singer *p, int64_t r, const lanes *gradient, const int groups) {
    const float *alpha = p->alpha + r * groups * LANES, upper = p->upper[p->classes[r]];
    // A row of zeros, without a bias, changes nothing.
    if (!(p->norms[r] > 0)) return 0;
    lanes highest = ALL(-INFINITY), lowest = ALL(INFINITY);
    for (int g = 0; g < groups; g++) {
        lanes bound = SELECT(OWN(g, p->classes[r]), ALL(upper), ALL(0.0f));
        mask grows = (LOAD(alpha + g * LANES) < bound) & USED(g);
        highest = MAXIMUM(SELECT(USED(g), gradient[g], highest), highest);
        lowest = MINIMUM(SELECT(grows, gradient[g], lowest), lowest);
    }
    return FOLD(highest, MAXIMUM) - FOLD(lowest, MINIMUM);
}

/// The multipliers of one row that minimise a/2 |alpha|^2 + b' alpha, where sum of alpha = 0 and alpha <= bounds: with a
/// threshold t, alpha_k = min(bound_k, (t - b_k) / a), and t is such that they add up to 0. Their sum is concave in t,
/// so Newton's steps from the left never pass its root, and each but the last puts a multiplier at its bound for good.
CK_INLINE void solve_row(const ck_crammer_singer *p, int own, float a, const lanes *b, lanes *next,
                         const int groups) {
    float upper = p->upper[own], count = (float)p->lanes, threshold = 0, at_bounds = 0;
    mask free[MOST_GROUPS];
    for (int g = 0; g < groups; g++) free[g] = USED(g);
    for (int step = 0; step <= p->lanes; step++) {
        lanes sum = ALL(0.0f), left = ALL(0.0f), own_bound = ALL(0.0f);
        for (int g = 0; g < groups; g++) sum += SELECT(free[g], b[g], ALL(0.0f));
        threshold = (FOLD(sum, ADD) - at_bounds) / count;
        for (int g = 0; g < groups; g++) {
            lanes bound = SELECT(OWN(g, own), ALL(a * upper), ALL(0.0f));
            free[g] &= b[g] + bound > ALL(threshold);
            left += SELECT(free[g], ALL(1.0f), ALL(0.0f));
            own_bound += SELECT(~free[g], bound, ALL(0.0f));
        }
        float remaining = FOLD(left, ADD);
        // Rounding may leave none: the threshold is right by then.
        if (remaining == count || remaining == 0) break;
        count = remaining;
        at_bounds = FOLD(own_bound, ADD);
    }
    for (int g = 0; g < groups; g++) {
        lanes bound = SELECT(OWN(g, own), ALL(upper), ALL(0.0f));
        next[g] = SELECT(USED(g), MINIMUM((threshold - b[g]) / a, bound), ALL(0.0f));
    }
}

CK_INLINE float pass(ck_crammer_singer *p, const int groups, const int bytes) {
    const ck_linear_rows *rows = p->rows;
    const int64_t stride = groups * LANES, active = p->active;
    float *weights = p->weights, *bias_weights = weights + rows->width * stride, worst = 0;
    lanes gradient[MOST_GROUPS], next[MOST_GROUPS];
    shuffle(p->order, active, &p->random);
    p->active = 0;
    for (int64_t place = 0; place < active; place++) {
        int64_t r = p->order[place];
        if (place + 8 < active) __builtin_prefetch(rows->starts + p->order[place + 8]);
        if (place + 4 < active) {
            prefetch(rows, p->order[place + 4], bytes);
            __builtin_prefetch(p->alpha + p->order[place + 4] * stride);
        }
        find_gradient(p, r, gradient, groups, bytes);
        float violation = violation_of(p, r, gradient, groups);
        worst = violation > worst ? violation : worst;
        if (!(violation > p->calm)) continue;
        p->order[p->active++] = (int32_t)r;
        float *alpha = p->alpha + r * stride, a = p->norms[r];
        int64_t begin = rows->starts[r], end = rows->starts[r + 1];
        for (int g = 0; g < groups; g++) gradient[g] -= a * LOAD(alpha + g * LANES);
        solve_row(p, p->classes[r], a, gradient, next, groups);
        for (int g = 0; g < groups; g++) {
            lanes change = next[g] - LOAD(alpha + g * LANES);
            STORE(alpha + g * LANES, next[g]);
            for (int64_t e = begin; e < end; e++) {
                float *at = weights + COLUMN(e) * stride + g * LANES;
                STORE(at, LOAD(at) + VALUE(e) * change);
            }
            STORE(bias_weights + g * LANES, LOAD(bias_weights + g * LANES) + p->bias * change);
        }
    }
    return worst;
}

CK_INLINE void scan(const ck_crammer_singer *p, int64_t first, int64_t end, float *violations, const int groups,
                    const int bytes) {
    lanes gradient[MOST_GROUPS];
    for (int64_t r = first; r < end; r++) {
        find_gradient(p, r, gradient, groups, bytes);
        violations[r] = violation_of(p, r, gradient, groups);
    }
}

// Up to 16 classes are one vector, whose number the compiler knows.
CK_CLONES
void ck_crammer_singer_pass(ck_crammer_singer *problem, float *violation) {
    int bytes = problem->rows->bytes != 0, groups = problem->stride / LANES;
    if (groups == 1)
        *violation = bytes ? pass(problem, 1, 1) : pass(problem, 1, 0);
    else
        *violation = bytes ? pass(problem, groups, 1) : pass(problem, groups, 0);
}

CK_CLONES
void ck_crammer_singer_scan(const ck_crammer_singer *problem, int64_t first, int64_t end, float *violations) {
    int bytes = problem->rows->bytes != 0, groups = problem->stride / LANES;
    if (groups == 1) {
        if (bytes)
            scan(problem, first, end, violations, 1, 1);
        else
            scan(problem, first, end, violations, 1, 0);
    } else {
        scan(problem, first, end, violations, groups, bytes);
    }
}
