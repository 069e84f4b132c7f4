// The two-variable solver (SMO) on a dense kernel matrix.
#include <math.h>
#include <stdbool.h>

#include "ck_core.h"
#include "ck_svm.h"

// Eight doubles; unaligned loads. Macros, because a function that takes or returns such a vector has another ABI at
// each level.
typedef double vector __attribute__((vector_size(64)));
typedef double loose __attribute__((vector_size(64), aligned(8)));
typedef float floats __attribute__((vector_size(32), aligned(4)));
typedef ptrdiff_t mask __attribute__((vector_size(64)));
#define SOLVER_LANES CK_SMO_PADDING
#define SOLVER_LOAD(p) ((vector)*(const loose *)(p))
#define SOLVER_STORE(p, v) (*(loose *)(p) = (v))
#define SOLVER_LOAD_FLOATS(p) __builtin_convertvector(*(const floats *)(p), vector)
#define SOLVER_SELECT(m, a, b) ((vector)(((mask)(a) & (m)) | ((mask)(b) & ~(m))))
#define SOLVER_BROADCAST(x) ((vector){x, x, x, x, x, x, x, x})
// Stands for a curvature that is not positive, as kernels that are not positive definite have.
#define SOLVER_SMALL_CURVATURE 1e-12

/// The extreme of each lane and where its last one stands, drawn together.
typedef struct {
    double value;
    ptrdiff_t place;
} extreme;

CK_INLINE extreme smallest(const double *values, const ptrdiff_t *places) {
    extreme best = {values[0], places[0]};
    for (int k = 1; k < SOLVER_LANES; k++)
        if (values[k] < best.value || (values[k] == best.value && places[k] > best.place))
            best = (extreme){values[k], places[k]};
    return best;
}

/// f += step * (K_i - K_j), and of each set: the last place of the least f among "up", and the largest f among "low".
CK_INLINE void update(const ck_smo *p, double step, const float *row_i, const float *row_j, const int sets,
                      extreme *up_best, double *low_best) {
    const double *up = p->up, *low = p->low;
    double *f = p->f;
    ptrdiff_t width = p->width;
    vector change = SOLVER_BROADCAST(step), infinity = SOLVER_BROADCAST((double)INFINITY);
    vector least[2] = {infinity, infinity}, most[2] = {-infinity, -infinity};
    mask places[2] = {{0}, {0}}, here = {0, 1, 2, 3, 4, 5, 6, 7};
    for (ptrdiff_t t = 0; t < width; t += SOLVER_LANES, here += SOLVER_LANES) {
        vector value = SOLVER_LOAD(f + t) + change * (SOLVER_LOAD_FLOATS(row_i + t) - SOLVER_LOAD_FLOATS(row_j + t));
        SOLVER_STORE(f + t, value);
        for (int s = 0; s < sets; s++) {
            vector a = value + SOLVER_LOAD(up + s * width + t), b = value + SOLVER_LOAD(low + s * width + t);
            mask lower = a <= least[s], higher = b > most[s];
            least[s] = SOLVER_SELECT(lower, a, least[s]);
            places[s] = (here & lower) | (places[s] & ~lower);
            most[s] = SOLVER_SELECT(higher, b, most[s]);
        }
    }
    for (int s = 0; s < sets; s++) {
        double values[SOLVER_LANES], tops[SOLVER_LANES];
        ptrdiff_t at[SOLVER_LANES];
        SOLVER_STORE(values, least[s]);
        SOLVER_STORE(tops, most[s]);
        __builtin_memcpy(at, &places[s], sizeof at);
        up_best[s] = smallest(values, at);
        low_best[s] = tops[0];
        for (int k = 1; k < SOLVER_LANES; k++)
            if (tops[k] > low_best[s]) low_best[s] = tops[k];
    }
}

/// The last j of "low" whose exchange with i lowers the objective most; its value is minus twice that gain, 0 if none.
CK_INLINE extreme partner(const ck_smo *p, ptrdiff_t i, const double *low) {
    const float *row = p->kernel + i * p->stride;
    const double *f = p->f, *diagonal = p->diagonal;
    vector own = SOLVER_BROADCAST(diagonal[i]), from = SOLVER_BROADCAST(f[i]), small = SOLVER_BROADCAST(SOLVER_SMALL_CURVATURE);
    vector best = SOLVER_BROADCAST(0.0);
    mask places = {-1, -1, -1, -1, -1, -1, -1, -1}, here = {0, 1, 2, 3, 4, 5, 6, 7};
    for (ptrdiff_t t = 0; t < p->width; t += SOLVER_LANES, here += SOLVER_LANES) {
        vector value = SOLVER_LOAD(f + t), rise = value - from;
        vector curvature = own + SOLVER_LOAD(diagonal + t) - 2.0 * SOLVER_LOAD_FLOATS(row + t);
        curvature = SOLVER_SELECT(curvature > 0.0, curvature, small);
        vector gain = -(rise * rise) / curvature;
        mask better = (gain <= best) & (value + SOLVER_LOAD(low + t) > from);
        best = SOLVER_SELECT(better, gain, best);
        places = (here & better) | (places & ~better);
    }
    double values[SOLVER_LANES];
    ptrdiff_t at[SOLVER_LANES];
    SOLVER_STORE(values, best);
    __builtin_memcpy(at, &places, sizeof at);
    return smallest(values, at);
}

/// Writes where variable t may move.
CK_INLINE void mark(const ck_smo *p, ptrdiff_t t, int sets) {
    bool positive = p->signs[t] > 0, above_zero = p->alpha[t] > 0, below_upper = p->alpha[t] < p->upper[t];
    ptrdiff_t at = t + (sets == 2 && !positive ? p->width : 0);
    p->up[at] = (positive ? below_upper : above_zero) ? 0.0 : (double)INFINITY;
    p->low[at] = (positive ? above_zero : below_upper) ? 0.0 : -(double)INFINITY;
}

/// How far beta_t may move: up, or down.
CK_INLINE double room(const ck_smo *p, ptrdiff_t t, bool upwards) {
    return (p->signs[t] > 0) == upwards ? p->upper[t] - p->alpha[t] : p->alpha[t];
}

/// Moves beta_t by `step`, to the bound exactly where the step ends there.
CK_INLINE void move(const ck_smo *p, ptrdiff_t t, double step, bool upwards, bool to_bound) {
    bool grows = (p->signs[t] > 0) == upwards;
    p->alpha[t] = to_bound ? (grows ? p->upper[t] : 0.0) : p->alpha[t] + (grows ? step : -step);
}

CK_INLINE ptrdiff_t solve(const ck_smo *p, double tolerance, ptrdiff_t most_steps, double *violation, const int sets) {
    extreme up_best[2];
    double low_best[2];
    update(p, 0.0, p->kernel, p->kernel, sets, up_best, low_best);
    ptrdiff_t steps = 0;
    for (;; steps++) {
        double worst = low_best[0] - up_best[0].value;
        if (sets == 2 && low_best[1] - up_best[1].value > worst) worst = low_best[1] - up_best[1].value;
        *violation = worst;
        // Written so that NaN ends it too.
        if (!(worst >= tolerance) || steps >= most_steps) break;
        ptrdiff_t i = -1;
        extreme best = {0.0, -1};
        for (int s = 0; s < sets; s++) {
            if (!(up_best[s].value < (double)INFINITY)) continue;
            extreme found = partner(p, up_best[s].place, p->low + s * p->width);
            if (found.place >= 0 && (best.place < 0 || found.value <= best.value)) {
                best = found;
                i = up_best[s].place;
            }
        }
        ptrdiff_t j = best.place;
        if (j < 0) break;
        const float *row_i = p->kernel + i * p->stride, *row_j = p->kernel + j * p->stride;
        double curvature = p->diagonal[i] + p->diagonal[j] - 2.0 * row_i[j];
        if (!(curvature > 0)) curvature = SOLVER_SMALL_CURVATURE;
        double step = (p->f[j] - p->f[i]) / curvature, room_i = room(p, i, true), room_j = room(p, j, false);
        if (step > room_i) step = room_i;
        if (step > room_j) step = room_j;
        move(p, i, step, true, step == room_i);
        move(p, j, step, false, step == room_j);
        mark(p, i, sets);
        mark(p, j, sets);
        update(p, step, row_i, row_j, sets, up_best, low_best);
    }
    return steps;
}

static void check_problem(const ck_smo *problem) {
    CK_ASSERT_GIVEN(problem);
    CK_ASSERT(problem->count, >= 0);
    CK_ASSERT(problem->width, >= problem->count);
    CK_ASSERT(problem->width % CK_SMO_PADDING, == 0);
    CK_ASSERT_IN(problem->sets, 1, 2);
    CK_ASSERT(problem->stride, >= problem->width);
    CK_ASSERT_MEMORY(problem->kernel, problem->count * problem->stride);
    CK_ASSERT_MEMORY(problem->diagonal, problem->width);
    CK_ASSERT_MEMORY(problem->signs, problem->width);
    CK_ASSERT_MEMORY(problem->upper, problem->width);
    CK_ASSERT_MEMORY(problem->alpha, problem->width);
    CK_ASSERT_MEMORY(problem->f, problem->width);
    CK_ASSERT_MEMORY(problem->up, problem->width);
    CK_ASSERT_MEMORY(problem->low, problem->width);
}

CK_CLONES
ptrdiff_t ck_smo_solve(const ck_smo *problem, double tolerance, ptrdiff_t most_steps, double *violation) {
    check_problem(problem);
    CK_ASSERT(most_steps, >= 0);
    CK_ASSERT_GIVEN(violation);
    for (ptrdiff_t t = 0; t < problem->count; t++) mark(problem, t, problem->sets);
    if (problem->sets == 2) return solve(problem, tolerance, most_steps, violation, 2);
    return solve(problem, tolerance, most_steps, violation, 1);
}

CK_CLONES
void ck_svm_add_rows(const float *const *rows, const double *change, ptrdiff_t count, ptrdiff_t first, ptrdiff_t end,
                     double *f) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT(first, >= 0);
    CK_ASSERT(end, >= first);
    CK_ASSERT_MEMORY(rows, count);
    CK_ASSERT_MEMORY(change, count);
    CK_ASSERT_MEMORY(f, end - first);
    // Blocks of f stay in the first-level cache while all rows pass.
    for (ptrdiff_t start = first; start < end; start += 1024) {
        ptrdiff_t stop = start + 1024 < end ? start + 1024 : end;
        ptrdiff_t r = 0;
        for (; r + 4 <= count; r += 4) {
            const float *a = rows[r], *b = rows[r + 1], *c = rows[r + 2], *d = rows[r + 3];
            double u = change[r], v = change[r + 1], w = change[r + 2], x = change[r + 3];
            for (ptrdiff_t t = start; t < stop; t++) f[t] = (((f[t] + u * a[t]) + v * b[t]) + w * c[t]) + x * d[t];
        }
        for (; r < count; r++)
            for (ptrdiff_t t = start; t < stop; t++) f[t] += change[r] * rows[r][t];
    }
}
