// Dual coordinate descent for linear support vector machines, one class in each lane.
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "svm/linear.h"
#include "ck_svm.h"

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

CK_INLINE void losses(const ck_linear *p, double *sums, const int bytes) {
    const ck_linear_rows *rows = p->rows;
    const float *weights = p->weights, *bias_weights = p->weights + rows->width * LANES;
    mask lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7};
    lanes zero = BROADCAST(0.0f), positive_upper = LOAD(p->positive_upper), negative_upper = LOAD(p->negative_upper);
    lanes positive_shift = LOAD(p->positive_shift), negative_shift = LOAD(p->negative_shift);
    for (int64_t r = 0; r < rows->count; r++) {
        lanes score = p->bias * LOAD(bias_weights);
        for (int64_t e = rows->starts[r]; e < rows->starts[r + 1]; e++)
            score += VALUE(e) * LOAD(weights + COLUMN(e) * LANES);
        mask positive = lane_numbers == p->classes[r] - p->first;
        lanes slack = 1.0f - SELECT(positive, score, -score), shift = SELECT(positive, positive_shift, negative_shift);
        slack = MAXIMUM(slack, zero);
        // The shift is 1 / (2 C) for the squared hinge, 0 for the hinge.
        lanes loss = SELECT(shift > zero, slack * slack / (2.0f * shift),
                            slack * SELECT(positive, positive_upper, negative_upper));
        float parts[LANES];
        STORE(parts, loss);
        for (int k = 0; k < p->lanes; k++) sums[k] += parts[k];
    }
}

CK_CLONES
void ck_linear_losses(const ck_linear *problem, double *sums) {
    if (problem->rows->bytes)
        losses(problem, sums, 1);
    else
        losses(problem, sums, 0);
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
