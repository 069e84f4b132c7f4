#include "ck_linear.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "ck_clones.h"

// One class in each lane; macros, because a function that takes or returns such a vector has another ABI at each level.
typedef float lanes __attribute__((vector_size(32)));
typedef float loose __attribute__((vector_size(32), aligned(4)));
typedef int32_t mask __attribute__((vector_size(32)));
#define LANES CK_LINEAR_LANES
#define LOAD(p) ((lanes)*(const loose *)(p))
#define STORE(p, v) (*(loose *)(p) = (v))
#define BROADCAST(x) ((lanes){x, x, x, x, x, x, x, x})
#define SELECT(m, a, b) ((lanes)(((mask)(a) & (m)) | ((mask)(b) & ~(m))))
#define MINIMUM(a, b) SELECT((a) < (b), a, b)
#define MAXIMUM(a, b) SELECT((a) > (b), a, b)

// xorshift64* (G. Marsaglia 2003, S. Vigna 2016).
CK_INLINE uint64_t draw(uint64_t *state) {
    uint64_t x = *state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return x * 0x2545F4914F6CDD1Du;
}

CK_INLINE void shuffle(int32_t *order, int64_t count, uint64_t *state) {
    for (int64_t i = 0; i + 1 < count; i++) {
        int64_t j = i + (int64_t)(((__uint128_t)draw(state) * (uint64_t)(count - i)) >> 64);
        int32_t kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

CK_INLINE void prefetch(const ck_linear_rows *rows, int64_t r, const int bytes) {
    int64_t begin = rows->starts[r], end = rows->starts[r + 1];
    if (bytes) {
        for (int64_t e = begin; e < end; e += 32) __builtin_prefetch(rows->columns16 + e);
        for (int64_t e = begin; e < end; e += 64) __builtin_prefetch(rows->bytes + e);
    } else {
        for (int64_t e = begin; e < end; e += 16) __builtin_prefetch(rows->columns32 + e);
        for (int64_t e = begin; e < end; e += 16) __builtin_prefetch(rows->numbers + e);
    }
}

#define COLUMN(e) (bytes ? (int64_t)rows->columns16[e] : (int64_t)rows->columns32[e])
#define VALUE(e) (bytes ? rows->table[rows->bytes[e]] : rows->numbers[e])

#define ANY(m)                                                                     \
    ({                                                                             \
        mask tested_ = (m);                                                        \
        int64_t parts_[4];                                                         \
        memcpy(parts_, &tested_, sizeof tested_);                                  \
        (parts_[0] | parts_[1] | parts_[2] | parts_[3]) != 0;                      \
    })

CK_INLINE void pass(ck_linear *p, float *violation, const int bytes) {
    const ck_linear_rows *rows = p->rows;
    float *weights = p->weights, *bias_weights = p->weights + rows->width * LANES;
    lanes most_before = LOAD(p->most), least_before = LOAD(p->least), zero = BROADCAST(0.0f);
    lanes most = BROADCAST(-INFINITY), least = BROADCAST(INFINITY);
    lanes positive_upper = LOAD(p->positive_upper), negative_upper = LOAD(p->negative_upper);
    lanes positive_shift = LOAD(p->positive_shift), negative_shift = LOAD(p->negative_shift);
    mask lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7}, used = lane_numbers < p->lanes;
    shuffle(p->order, p->active, &p->random);
    for (int64_t place = 0; place < p->active; place++) {
        int64_t r = p->order[place];
        if (place + 8 < p->active) __builtin_prefetch(rows->starts + p->order[place + 8]);
        if (place + 4 < p->active) {
            prefetch(rows, p->order[place + 4], bytes);
            __builtin_prefetch(p->alpha + p->order[place + 4] * LANES);
        }
        int64_t begin = rows->starts[r], end = rows->starts[r + 1], e = begin;
        // Four sums, so that one need not wait for the other.
        lanes s0 = p->bias * LOAD(bias_weights), s1 = zero, s2 = zero, s3 = zero;
        for (; e + 4 <= end; e += 4) {
            s0 += VALUE(e) * LOAD(weights + COLUMN(e) * LANES);
            s1 += VALUE(e + 1) * LOAD(weights + COLUMN(e + 1) * LANES);
            s2 += VALUE(e + 2) * LOAD(weights + COLUMN(e + 2) * LANES);
            s3 += VALUE(e + 3) * LOAD(weights + COLUMN(e + 3) * LANES);
        }
        for (; e < end; e++) s0 += VALUE(e) * LOAD(weights + COLUMN(e) * LANES);
        lanes score = (s0 + s1) + (s2 + s3);

        mask positive = lane_numbers == p->classes[r] - p->first;
        lanes sign = SELECT(positive, BROADCAST(1.0f), BROADCAST(-1.0f));
        lanes upper = SELECT(positive, positive_upper, negative_upper);
        lanes shift = SELECT(positive, positive_shift, negative_shift);
        lanes alpha = LOAD(p->alpha + r * LANES);
        lanes gradient = sign * score - 1.0f + shift * alpha;
        mask at_zero = alpha <= zero, at_upper = alpha >= upper;
        mask rests = (at_zero & (gradient > most_before)) | (at_upper & (gradient < least_before));
        if (!ANY(~rests & used)) {
            // The last active row takes its place; it is looked at next.
            p->active -= 1;
            p->order[place] = p->order[p->active];
            p->order[p->active] = (int32_t)r;
            place -= 1;
            continue;
        }
        lanes projected = gradient;
        projected = SELECT(at_zero, MINIMUM(gradient, zero), projected);
        projected = SELECT(at_upper, MAXIMUM(gradient, zero), projected);
        most = MAXIMUM(most, projected);
        least = MINIMUM(least, projected);
        lanes next = alpha - gradient / (p->norms[r] + shift);
        next = MINIMUM(MAXIMUM(next, zero), upper);
        next = SELECT(used, next, zero);
        mask moves = next != alpha;
        if (!ANY(moves)) continue;
        STORE(p->alpha + r * LANES, next);
        lanes change = (next - alpha) * sign;
        for (e = begin; e < end; e++) {
            float *at = weights + COLUMN(e) * LANES;
            STORE(at, LOAD(at) + VALUE(e) * change);
        }
        STORE(bias_weights, LOAD(bias_weights) + p->bias * change);
    }
    float tops[LANES], bottoms[LANES];
    STORE(tops, most);
    STORE(bottoms, least);
    *violation = 0;
    for (int k = 0; k < p->lanes; k++) {
        float range = tops[k] - bottoms[k];
        if (range > *violation) *violation = range;
        // A bound that says nothing would let everything rest.
        p->most[k] = tops[k] > 0 ? tops[k] : INFINITY;
        p->least[k] = bottoms[k] < 0 ? bottoms[k] : -INFINITY;
    }
}

CK_CLONES
void ck_linear_pass(ck_linear *problem, float *violation) {
    if (problem->rows->bytes)
        pass(problem, violation, 1);
    else
        pass(problem, violation, 0);
}

// MARK: Crammer and Singer

/// The multipliers of one row that minimise a/2 |alpha|^2 + b' alpha, where sum of alpha = 0 and alpha <= bounds: with a
/// threshold t, alpha_k = min(bound_k, (t - b_k) / a), and t is such that they add up to 0.
CK_INLINE void solve_row(int count, float a, const float *b, int own, float upper, float *result) {
    // D = b + a bound; t = (sum over the largest D of them - a upper) / how many, as soon as the next one is below.
    float sorted[256];
    for (int k = 0; k < count; k++) {
        float value = b[k] + (k == own ? a * upper : 0.0f);
        int at = k;
        while (at > 0 && sorted[at - 1] < value) {
            sorted[at] = sorted[at - 1];
            at--;
        }
        sorted[at] = value;
    }
    float threshold = sorted[0] - a * upper;
    int taken = 1;
    while (taken < count && threshold < (float)taken * sorted[taken]) threshold += sorted[taken++];
    threshold /= (float)taken;
    for (int k = 0; k < count; k++) {
        float value = (threshold - b[k]) / a, bound = k == own ? upper : 0.0f;
        result[k] = value < bound ? value : bound;
    }
}

CK_INLINE void crammer_singer(ck_crammer_singer *p, float *violation, const int bytes) {
    const ck_linear_rows *rows = p->rows;
    int count = p->lanes, stride = p->stride;
    float *weights = p->weights, *bias_weights = p->weights + rows->width * stride;
    float worst = 0;
    shuffle(p->order, p->active, &p->random);
    for (int64_t place = 0; place < p->active; place++) {
        int64_t r = p->order[place], begin = rows->starts[r], end = rows->starts[r + 1];
        if (place + 8 < p->active) __builtin_prefetch(rows->starts + p->order[place + 8]);
        if (place + 4 < p->active) {
            prefetch(rows, p->order[place + 4], bytes);
            __builtin_prefetch(p->alpha + p->order[place + 4] * stride);
        }
        float *alpha = p->alpha + r * stride, gradient[256], next[256];
        int own = p->classes[r];
        float upper = p->upper[own], a = p->norms[r];
        for (int first = 0; first < stride; first += 2 * LANES) {
            bool two = first + LANES < stride;
            const float *w = weights + first;
            lanes s0 = p->bias * LOAD(bias_weights + first), s1 = BROADCAST(0.0f), s2 = s1, s3 = s1;
            if (two) {
                s1 = p->bias * LOAD(bias_weights + first + LANES);
                int64_t e = begin;
                for (; e + 2 <= end; e += 2) {
                    const float *x = w + COLUMN(e) * stride, *y = w + COLUMN(e + 1) * stride;
                    s0 += VALUE(e) * LOAD(x);
                    s1 += VALUE(e) * LOAD(x + LANES);
                    s2 += VALUE(e + 1) * LOAD(y);
                    s3 += VALUE(e + 1) * LOAD(y + LANES);
                }
                if (e < end) {
                    const float *x = w + COLUMN(e) * stride;
                    s0 += VALUE(e) * LOAD(x);
                    s1 += VALUE(e) * LOAD(x + LANES);
                }
                STORE(gradient + first, s0 + s2);
                STORE(gradient + first + LANES, s1 + s3);
            } else {
                for (int64_t e = begin; e < end; e++) s0 += VALUE(e) * LOAD(w + COLUMN(e) * stride);
                STORE(gradient + first, s0);
            }
        }
        // The violation: the largest gradient less the least one among the multipliers that may grow.
        // What may grow: multipliers below their bounds. When one alone may, and its gradient is the largest by far, the
        // row rests: it has no loss, or its loss is at the bound.
        float highest = -INFINITY, second = -INFINITY, lowest = INFINITY;
        int growing = 0, grows = 0, top = 0;
        gradient[own] -= 1.0f;
        for (int k = 0; k < count; k++) {
            gradient[k] += 1.0f;
            if (gradient[k] > highest) {
                second = highest;
                highest = gradient[k];
                top = k;
            } else if (gradient[k] > second) {
                second = gradient[k];
            }
            if (alpha[k] < (k == own ? upper : 0.0f)) {
                growing++;
                grows = k;
                if (gradient[k] < lowest) lowest = gradient[k];
            }
        }
        if (growing == 1 && grows == top && highest - second > p->slack) {
            p->active -= 1;
            p->order[place] = p->order[p->active];
            p->order[p->active] = (int32_t)r;
            place -= 1;
            continue;
        }
        float range = highest - lowest;
        if (range > worst) worst = range;
        if (!(range > p->calm)) {
            p->active -= 1;
            p->order[place] = p->order[p->active];
            p->order[p->active] = (int32_t)r;
            place -= 1;
            continue;
        }
        for (int k = 0; k < count; k++) gradient[k] -= a * alpha[k];
        solve_row(count, a, gradient, own, upper, next);
        float change[256];
        bool moves = false;
        for (int k = 0; k < stride; k++) {
            change[k] = k < count ? next[k] - alpha[k] : 0.0f;
            if (k < count && change[k] != 0) {
                alpha[k] = next[k];
                moves = true;
            }
        }
        if (!moves) continue;
        for (int first = 0; first < stride; first += LANES) {
            lanes delta = LOAD(change + first);
            for (int64_t e = begin; e < end; e++) {
                float *at = weights + COLUMN(e) * stride + first;
                STORE(at, LOAD(at) + VALUE(e) * delta);
            }
            STORE(bias_weights + first, LOAD(bias_weights + first) + p->bias * delta);
        }
    }
    *violation = worst;
}

CK_CLONES
void ck_crammer_singer_pass(ck_crammer_singer *problem, float *violation) {
    if (problem->rows->bytes)
        crammer_singer(problem, violation, 1);
    else
        crammer_singer(problem, violation, 0);
}

// MARK: Rows without zeros

CK_CLONES
void ck_linear_count_u8(const uint8_t *dense, int64_t width, int64_t first, int64_t end, int64_t *counts) {
    for (int64_t r = first; r < end; r++) {
        int32_t count = 0;
        for (int64_t c = 0; c < width; c++) count += dense[r * width + c] != 0;
        counts[r] = count;
    }
}

CK_CLONES
void ck_linear_count_f32(const float *dense, int64_t width, int64_t first, int64_t end, int64_t *counts) {
    for (int64_t r = first; r < end; r++) {
        int32_t count = 0;
        for (int64_t c = 0; c < width; c++) count += dense[r * width + c] != 0;
        counts[r] = count;
    }
}

void ck_linear_fill_u8(const uint8_t *dense, int64_t width, int64_t first, int64_t end, const int64_t *starts,
                       uint16_t *columns, uint8_t *values) {
    for (int64_t r = first; r < end; r++) {
        int64_t at = starts[r];
        const uint8_t *row = dense + r * width;
        for (int64_t c = 0; c < width;) {
            uint64_t eight;
            if (c + 8 <= width && (memcpy(&eight, row + c, 8), eight == 0)) {
                c += 8;
                continue;
            }
            for (int64_t stop = c + 8 < width ? c + 8 : width; c < stop; c++)
                if (row[c]) {
                    columns[at] = (uint16_t)c;
                    values[at++] = row[c];
                }
        }
    }
}

void ck_linear_fill_f32(const float *dense, int64_t width, int64_t first, int64_t end, const int64_t *starts,
                        uint32_t *columns, float *values) {
    for (int64_t r = first; r < end; r++) {
        int64_t at = starts[r];
        for (int64_t c = 0; c < width; c++)
            if (dense[r * width + c] != 0) {
                columns[at] = (uint32_t)c;
                values[at++] = dense[r * width + c];
            }
    }
}

void ck_linear_norms(const ck_linear_rows *rows, int64_t first, int64_t end, float bias, float *norms) {
    for (int64_t r = first; r < end; r++) {
        double sum = (double)bias * bias;
        for (int64_t e = rows->starts[r]; e < rows->starts[r + 1]; e++) {
            double value = rows->bytes ? rows->table[rows->bytes[e]] : rows->numbers[e];
            sum += value * value;
        }
        norms[r] = (float)sum;
    }
}
