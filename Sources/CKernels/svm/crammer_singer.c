// Crammer and Singer's problem by dual coordinate descent, one class in each lane.
#include <math.h>

#include "ck_svm.h"
#include "svm/linear.h"

// One class in each lane; macros, because a function that takes or returns such a vector has another ABI at each level.
#define CRAMMER_LANES CK_CRAMMER_SINGER_LANES
#define CRAMMER_MOST_GROUPS (CK_CRAMMER_SINGER_CLASSES / CRAMMER_LANES)
typedef float lanes __attribute__((vector_size(64)));
typedef float loose __attribute__((vector_size(64), aligned(4)));
typedef int32_t mask __attribute__((vector_size(64)));
#define CRAMMER_LOAD(p) ((lanes)*(const loose *)(p))
#define CRAMMER_STORE(p, v) (*(loose *)(p) = (v))
#define CRAMMER_ALL(x) ((lanes){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x})
#define CRAMMER_SELECT(m, a, b) ((lanes)(((mask)(a) & (m)) | ((mask)(b) & ~(m))))
#define CRAMMER_ADD(a, b) ((a) + (b))
#define CRAMMER_MAXIMUM(a, b) CRAMMER_SELECT((a) > (b), a, b)
#define CRAMMER_MINIMUM(a, b) CRAMMER_SELECT((a) < (b), a, b)
// All lanes put together, the same order at every level of the processor.
#define CRAMMER_FOLD(v, put)                                                                                  \
    ({                                                                                                        \
        lanes f_ = (v);                                                                                       \
        f_ = put(f_, __builtin_shufflevector(f_, f_, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));  \
        f_ = put(f_, __builtin_shufflevector(f_, f_, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));  \
        f_ = put(f_, __builtin_shufflevector(f_, f_, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));  \
        f_ = put(f_, __builtin_shufflevector(f_, f_, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));  \
        f_[0];                                                                                                \
    })

static const mask numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#define CRAMMER_USED(g) (numbers < p->lanes - (g) * CRAMMER_LANES)
#define CRAMMER_OWN(g, own) (numbers == (own) - (g) * CRAMMER_LANES)

/// gradient[g] = w x of the classes of group g, + 1 for other classes than the row's own.
CK_INLINE void find_gradient(const ck_crammer_singer *p, ptrdiff_t r, lanes *gradient, const int groups,
                             const int bytes) {
    const ck_linear_rows *rows = p->rows;
    const ptrdiff_t stride = groups * CRAMMER_LANES, begin = rows->starts[r], end = rows->starts[r + 1];
    const float *bias_weights = p->weights + rows->width * stride;
    for (int g = 0; g < groups; g++) {
        const float *w = p->weights + g * CRAMMER_LANES;
        ptrdiff_t e = begin;
        // Four sums, so that one need not wait for the other.
        lanes s0 = p->bias * CRAMMER_LOAD(bias_weights + g * CRAMMER_LANES), s1 = CRAMMER_ALL(0.0f), s2 = s1, s3 = s1;
        for (; e + 4 <= end; e += 4) {
            s0 += CK_LINEAR_VALUE(e) * CRAMMER_LOAD(w + CK_LINEAR_COLUMN(e) * stride);
            s1 += CK_LINEAR_VALUE(e + 1) * CRAMMER_LOAD(w + CK_LINEAR_COLUMN(e + 1) * stride);
            s2 += CK_LINEAR_VALUE(e + 2) * CRAMMER_LOAD(w + CK_LINEAR_COLUMN(e + 2) * stride);
            s3 += CK_LINEAR_VALUE(e + 3) * CRAMMER_LOAD(w + CK_LINEAR_COLUMN(e + 3) * stride);
        }
        for (; e < end; e++) s0 += CK_LINEAR_VALUE(e) * CRAMMER_LOAD(w + CK_LINEAR_COLUMN(e) * stride);
        gradient[g] = (s0 + s1) + (s2 + s3) + CRAMMER_SELECT(CRAMMER_OWN(g, p->classes[r]), CRAMMER_ALL(0.0f), CRAMMER_ALL(1.0f));
    }
}

/// The largest gradient less the least one among the multipliers that may grow, which are those below their bounds.
CK_INLINE float violation_of(const ck_crammer_singer *p, ptrdiff_t r, const lanes *gradient, const int groups) {
    const float *alpha = p->alpha + r * groups * CRAMMER_LANES, upper = p->upper[p->classes[r]];
    // A row of zeros, without a bias, changes nothing.
    if (!(p->norms[r] > 0)) return 0;
    lanes highest = CRAMMER_ALL(-INFINITY), lowest = CRAMMER_ALL(INFINITY);
    for (int g = 0; g < groups; g++) {
        lanes bound = CRAMMER_SELECT(CRAMMER_OWN(g, p->classes[r]), CRAMMER_ALL(upper), CRAMMER_ALL(0.0f));
        mask grows = (CRAMMER_LOAD(alpha + g * CRAMMER_LANES) < bound) & CRAMMER_USED(g);
        highest = CRAMMER_MAXIMUM(CRAMMER_SELECT(CRAMMER_USED(g), gradient[g], highest), highest);
        lowest = CRAMMER_MINIMUM(CRAMMER_SELECT(grows, gradient[g], lowest), lowest);
    }
    return CRAMMER_FOLD(highest, CRAMMER_MAXIMUM) - CRAMMER_FOLD(lowest, CRAMMER_MINIMUM);
}

/// The multipliers of one row that minimise a/2 |alpha|^2 + b' alpha, where sum of alpha = 0 and alpha <= bounds: with a
/// threshold t, alpha_k = min(bound_k, (t - b_k) / a), and t is such that they add up to 0. Their sum is concave in t,
/// so Newton's steps from the left never pass its root, and each but the last puts a multiplier at its bound for good.
CK_INLINE void solve_row(const ck_crammer_singer *p, int own, float a, const lanes *b, lanes *next,
                         const int groups) {
    float upper = p->upper[own], count = (float)p->lanes, threshold = 0, at_bounds = 0;
    mask free[CRAMMER_MOST_GROUPS];
    for (int g = 0; g < groups; g++) free[g] = CRAMMER_USED(g);
    for (int step = 0; step <= p->lanes; step++) {
        lanes sum = CRAMMER_ALL(0.0f), left = CRAMMER_ALL(0.0f), own_bound = CRAMMER_ALL(0.0f);
        for (int g = 0; g < groups; g++) sum += CRAMMER_SELECT(free[g], b[g], CRAMMER_ALL(0.0f));
        threshold = (CRAMMER_FOLD(sum, CRAMMER_ADD) - at_bounds) / count;
        for (int g = 0; g < groups; g++) {
            lanes bound = CRAMMER_SELECT(CRAMMER_OWN(g, own), CRAMMER_ALL(a * upper), CRAMMER_ALL(0.0f));
            free[g] &= b[g] + bound > CRAMMER_ALL(threshold);
            left += CRAMMER_SELECT(free[g], CRAMMER_ALL(1.0f), CRAMMER_ALL(0.0f));
            own_bound += CRAMMER_SELECT(~free[g], bound, CRAMMER_ALL(0.0f));
        }
        float remaining = CRAMMER_FOLD(left, CRAMMER_ADD);
        // Rounding may leave none: the threshold is right by then.
        if (remaining == count || remaining == 0) break;
        count = remaining;
        at_bounds = CRAMMER_FOLD(own_bound, CRAMMER_ADD);
    }
    for (int g = 0; g < groups; g++) {
        lanes bound = CRAMMER_SELECT(CRAMMER_OWN(g, own), CRAMMER_ALL(upper), CRAMMER_ALL(0.0f));
        next[g] = CRAMMER_SELECT(CRAMMER_USED(g), CRAMMER_MINIMUM((threshold - b[g]) / a, bound), CRAMMER_ALL(0.0f));
    }
}

CK_INLINE float pass(ck_crammer_singer *p, const int groups, const int bytes) {
    const ck_linear_rows *rows = p->rows;
    const ptrdiff_t stride = groups * CRAMMER_LANES, active = p->active;
    float *weights = p->weights, *bias_weights = weights + rows->width * stride, worst = 0;
    lanes gradient[CRAMMER_MOST_GROUPS], next[CRAMMER_MOST_GROUPS];
    shuffle(p->order, active, &p->random);
    p->active = 0;
    for (ptrdiff_t place = 0; place < active; place++) {
        ptrdiff_t r = p->order[place];
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
        ptrdiff_t begin = rows->starts[r], end = rows->starts[r + 1];
        for (int g = 0; g < groups; g++) gradient[g] -= a * CRAMMER_LOAD(alpha + g * CRAMMER_LANES);
        solve_row(p, p->classes[r], a, gradient, next, groups);
        for (int g = 0; g < groups; g++) {
            lanes change = next[g] - CRAMMER_LOAD(alpha + g * CRAMMER_LANES);
            CRAMMER_STORE(alpha + g * CRAMMER_LANES, next[g]);
            for (ptrdiff_t e = begin; e < end; e++) {
                float *at = weights + CK_LINEAR_COLUMN(e) * stride + g * CRAMMER_LANES;
                CRAMMER_STORE(at, CRAMMER_LOAD(at) + CK_LINEAR_VALUE(e) * change);
            }
            CRAMMER_STORE(bias_weights + g * CRAMMER_LANES, CRAMMER_LOAD(bias_weights + g * CRAMMER_LANES) + p->bias * change);
        }
    }
    return worst;
}

CK_INLINE void scan(const ck_crammer_singer *p, ptrdiff_t first, ptrdiff_t end, float *violations, const int groups,
                    const int bytes) {
    lanes gradient[CRAMMER_MOST_GROUPS];
    for (ptrdiff_t r = first; r < end; r++) {
        find_gradient(p, r, gradient, groups, bytes);
        violations[r] = violation_of(p, r, gradient, groups);
    }
}

static void check_problem(const ck_crammer_singer *problem) {
    CK_ASSERT_GIVEN(problem);
    ck_check_linear_rows(problem->rows);
    CK_ASSERT_IN(problem->lanes, 1, CK_CRAMMER_SINGER_CLASSES);
    CK_ASSERT(problem->stride, >= problem->lanes);
    CK_ASSERT(problem->stride % CK_CRAMMER_SINGER_LANES, == 0);
    CK_ASSERT_MEMORY(problem->classes, problem->rows->count);
    CK_ASSERT_MEMORY(problem->upper, problem->lanes);
    CK_ASSERT_MEMORY(problem->norms, problem->rows->count);
    CK_ASSERT_MEMORY(problem->alpha, problem->rows->count);
    CK_ASSERT_MEMORY(problem->weights, 1);
    CK_ASSERT_IN(problem->active, 0, problem->rows->count);
    CK_ASSERT_MEMORY(problem->order, problem->active);
    CK_ASSERT_INDICES(problem->order, problem->active, problem->rows->count);
}

// Up to 16 classes are one vector, whose number the compiler knows.
CK_CLONES
void ck_crammer_singer_pass(ck_crammer_singer *problem, float *violation) {
    check_problem(problem);
    CK_ASSERT_GIVEN(violation);
    int bytes = problem->rows->bytes != 0, groups = problem->stride / CRAMMER_LANES;
    if (groups == 1)
        *violation = bytes ? pass(problem, 1, 1) : pass(problem, 1, 0);
    else
        *violation = bytes ? pass(problem, groups, 1) : pass(problem, groups, 0);
}

CK_CLONES
void ck_crammer_singer_scan(const ck_crammer_singer *problem, ptrdiff_t first, ptrdiff_t end, float *violations) {
    check_problem(problem);
    CK_ASSERT(first, >= 0);
    CK_ASSERT(end, >= first);
    CK_ASSERT(end, <= problem->rows->count);
    CK_ASSERT_MEMORY(violations, end - first);
    int bytes = problem->rows->bytes != 0, groups = problem->stride / CRAMMER_LANES;
    if (groups == 1) {
        if (bytes)
            scan(problem, first, end, violations, 1, 1);
        else
            scan(problem, first, end, violations, 1, 0);
    } else {
        scan(problem, first, end, violations, groups, bytes);
    }
}
