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
#define LINEAR_LANES CK_LINEAR_LANES
#define LINEAR_LOAD(p) ((lanes)*(const loose *)(p))
#define LINEAR_STORE(p, v) (*(loose *)(p) = (v))
#define LINEAR_BROADCAST(x) ((lanes){x, x, x, x, x, x, x, x})
#define LINEAR_SELECT(m, a, b) ((lanes)(((mask)(a) & (m)) | ((mask)(b) & ~(m))))
#define LINEAR_MINIMUM(a, b) LINEAR_SELECT((a) < (b), a, b)
#define LINEAR_MAXIMUM(a, b) LINEAR_SELECT((a) > (b), a, b)

#define LINEAR_ANY(m)                                                              \
    ({                                                                             \
        mask tested_ = (m);                                                        \
        int64_t parts_[4];                                                         \
        memcpy(parts_, &tested_, sizeof tested_);                                  \
        (parts_[0] | parts_[1] | parts_[2] | parts_[3]) != 0;                      \
    })

CK_INLINE void pass(ck_linear *p, float *violation, const int bytes) {
    const ck_linear_rows *rows = p->rows;
    float *weights = p->weights, *bias_weights = p->weights + rows->width * LINEAR_LANES;
    lanes most_before = LINEAR_LOAD(p->most), least_before = LINEAR_LOAD(p->least), zero = LINEAR_BROADCAST(0.0f);
    lanes most = LINEAR_BROADCAST(-INFINITY), least = LINEAR_BROADCAST(INFINITY);
    lanes positive_upper = LINEAR_LOAD(p->positive_upper), negative_upper = LINEAR_LOAD(p->negative_upper);
    lanes positive_shift = LINEAR_LOAD(p->positive_shift), negative_shift = LINEAR_LOAD(p->negative_shift);
    mask lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7}, used = lane_numbers < p->lanes;
    shuffle(p->order, p->active, &p->random);
    for (ptrdiff_t place = 0; place < p->active; place++) {
        ptrdiff_t r = p->order[place];
        if (place + 8 < p->active) __builtin_prefetch(rows->starts + p->order[place + 8]);
        if (place + 4 < p->active) {
            prefetch(rows, p->order[place + 4], bytes);
            __builtin_prefetch(p->alpha + p->order[place + 4] * LINEAR_LANES);
        }
        ptrdiff_t begin = rows->starts[r], end = rows->starts[r + 1], e = begin;
        // Four sums, so that one need not wait for the other.
        lanes s0 = p->bias * LINEAR_LOAD(bias_weights), s1 = zero, s2 = zero, s3 = zero;
        for (; e + 4 <= end; e += 4) {
            s0 += CK_LINEAR_VALUE(e) * LINEAR_LOAD(weights + CK_LINEAR_COLUMN(e) * LINEAR_LANES);
            s1 += CK_LINEAR_VALUE(e + 1) * LINEAR_LOAD(weights + CK_LINEAR_COLUMN(e + 1) * LINEAR_LANES);
            s2 += CK_LINEAR_VALUE(e + 2) * LINEAR_LOAD(weights + CK_LINEAR_COLUMN(e + 2) * LINEAR_LANES);
            s3 += CK_LINEAR_VALUE(e + 3) * LINEAR_LOAD(weights + CK_LINEAR_COLUMN(e + 3) * LINEAR_LANES);
        }
        for (; e < end; e++) s0 += CK_LINEAR_VALUE(e) * LINEAR_LOAD(weights + CK_LINEAR_COLUMN(e) * LINEAR_LANES);
        lanes score = (s0 + s1) + (s2 + s3);

        mask positive = lane_numbers == p->classes[r] - p->first;
        lanes sign = LINEAR_SELECT(positive, LINEAR_BROADCAST(1.0f), LINEAR_BROADCAST(-1.0f));
        lanes upper = LINEAR_SELECT(positive, positive_upper, negative_upper);
        lanes shift = LINEAR_SELECT(positive, positive_shift, negative_shift);
        lanes alpha = LINEAR_LOAD(p->alpha + r * LINEAR_LANES);
        lanes gradient = sign * score - 1.0f + shift * alpha;
        mask at_zero = alpha <= zero, at_upper = alpha >= upper;
        mask rests = (at_zero & (gradient > most_before)) | (at_upper & (gradient < least_before));
        if (!LINEAR_ANY(~rests & used)) {
            // The last active row takes its place; it is looked at next.
            p->active -= 1;
            p->order[place] = p->order[p->active];
            p->order[p->active] = (int32_t)r;
            place -= 1;
            continue;
        }
        lanes projected = gradient;
        projected = LINEAR_SELECT(at_zero, LINEAR_MINIMUM(gradient, zero), projected);
        projected = LINEAR_SELECT(at_upper, LINEAR_MAXIMUM(gradient, zero), projected);
        most = LINEAR_MAXIMUM(most, projected);
        least = LINEAR_MINIMUM(least, projected);
        lanes next = alpha - gradient / (p->norms[r] + shift);
        next = LINEAR_MINIMUM(LINEAR_MAXIMUM(next, zero), upper);
        next = LINEAR_SELECT(used, next, zero);
        mask moves = next != alpha;
        if (!LINEAR_ANY(moves)) continue;
        LINEAR_STORE(p->alpha + r * LINEAR_LANES, next);
        lanes change = (next - alpha) * sign;
        for (e = begin; e < end; e++) {
            float *at = weights + CK_LINEAR_COLUMN(e) * LINEAR_LANES;
            LINEAR_STORE(at, LINEAR_LOAD(at) + CK_LINEAR_VALUE(e) * change);
        }
        LINEAR_STORE(bias_weights, LINEAR_LOAD(bias_weights) + p->bias * change);
    }
    float tops[LINEAR_LANES], bottoms[LINEAR_LANES];
    LINEAR_STORE(tops, most);
    LINEAR_STORE(bottoms, least);
    *violation = 0;
    for (int k = 0; k < p->lanes; k++) {
        float range = tops[k] - bottoms[k];
        if (range > *violation) *violation = range;
        // A bound that says nothing would let everything rest.
        p->most[k] = tops[k] > 0 ? tops[k] : INFINITY;
        p->least[k] = bottoms[k] < 0 ? bottoms[k] : -INFINITY;
    }
}

static void check_linear(const ck_linear *problem) {
    CK_ASSERT_GIVEN(problem);
    ck_check_linear_rows(problem->rows);
    CK_ASSERT_IN(problem->lanes, 1, CK_LINEAR_LANES);
    CK_ASSERT_MEMORY(problem->classes, problem->rows->count);
    CK_ASSERT_MEMORY(problem->norms, problem->rows->count);
    CK_ASSERT_MEMORY(problem->alpha, problem->rows->count);
    CK_ASSERT_MEMORY(problem->weights, 1);
    CK_ASSERT_IN(problem->active, 0, problem->rows->count);
    CK_ASSERT_MEMORY(problem->order, problem->active);
    CK_ASSERT_INDICES(problem->order, problem->active, problem->rows->count);
}

CK_CLONES
void ck_linear_pass(ck_linear *problem, float *violation) {
    check_linear(problem);
    CK_ASSERT_GIVEN(violation);
    if (problem->rows->bytes)
        pass(problem, violation, 1);
    else
        pass(problem, violation, 0);
}

CK_INLINE void losses(const ck_linear *p, double *sums, const int bytes) {
    const ck_linear_rows *rows = p->rows;
    const float *weights = p->weights, *bias_weights = p->weights + rows->width * LINEAR_LANES;
    mask lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7};
    lanes zero = LINEAR_BROADCAST(0.0f), positive_upper = LINEAR_LOAD(p->positive_upper), negative_upper = LINEAR_LOAD(p->negative_upper);
    lanes positive_shift = LINEAR_LOAD(p->positive_shift), negative_shift = LINEAR_LOAD(p->negative_shift);
    for (ptrdiff_t r = 0; r < rows->count; r++) {
        lanes score = p->bias * LINEAR_LOAD(bias_weights);
        for (ptrdiff_t e = rows->starts[r]; e < rows->starts[r + 1]; e++)
            score += CK_LINEAR_VALUE(e) * LINEAR_LOAD(weights + CK_LINEAR_COLUMN(e) * LINEAR_LANES);
        mask positive = lane_numbers == p->classes[r] - p->first;
        lanes slack = 1.0f - LINEAR_SELECT(positive, score, -score), shift = LINEAR_SELECT(positive, positive_shift, negative_shift);
        slack = LINEAR_MAXIMUM(slack, zero);
        // The shift is 1 / (2 C) for the squared hinge, 0 for the hinge.
        lanes loss = LINEAR_SELECT(shift > zero, slack * slack / (2.0f * shift),
                            slack * LINEAR_SELECT(positive, positive_upper, negative_upper));
        float parts[LINEAR_LANES];
        LINEAR_STORE(parts, loss);
        for (int k = 0; k < p->lanes; k++) sums[k] += parts[k];
    }
}

CK_CLONES
void ck_linear_losses(const ck_linear *problem, double *sums) {
    check_linear(problem);
    CK_ASSERT_GIVEN(sums);
    if (problem->rows->bytes)
        losses(problem, sums, 1);
    else
        losses(problem, sums, 0);
}

// MARK: Rows without zeros

CK_CLONES
void ck_linear_count_u8(const uint8_t *dense, ptrdiff_t width, ptrdiff_t first, ptrdiff_t end, int64_t *counts) {
    CK_ASSERT(width, >= 0);
    CK_ASSERT(first, >= 0);
    CK_ASSERT(end, >= first);
    CK_ASSERT_MEMORY(dense, (end - first) * width);
    CK_ASSERT_MEMORY(counts, end - first);
    for (ptrdiff_t r = first; r < end; r++) {
        int32_t count = 0;
        for (ptrdiff_t c = 0; c < width; c++) count += dense[r * width + c] != 0;
        counts[r] = count;
    }
}

CK_CLONES
void ck_linear_count_f32(const float *dense, ptrdiff_t width, ptrdiff_t first, ptrdiff_t end, int64_t *counts) {
    CK_ASSERT(width, >= 0);
    CK_ASSERT(first, >= 0);
    CK_ASSERT(end, >= first);
    CK_ASSERT_MEMORY(dense, (end - first) * width);
    CK_ASSERT_MEMORY(counts, end - first);
    for (ptrdiff_t r = first; r < end; r++) {
        int32_t count = 0;
        for (ptrdiff_t c = 0; c < width; c++) count += dense[r * width + c] != 0;
        counts[r] = count;
    }
}

void ck_linear_fill_u8(const uint8_t *dense, ptrdiff_t width, ptrdiff_t first, ptrdiff_t end, const int64_t *starts,
                       uint16_t *columns, uint8_t *values) {
    CK_ASSERT(width, >= 0);
    CK_ASSERT(first, >= 0);
    CK_ASSERT(end, >= first);
    CK_ASSERT_MEMORY(dense, (end - first) * width);
    CK_ASSERT_GIVEN(starts);
    for (ptrdiff_t r = first; r < end; r++) {
        ptrdiff_t at = starts[r];
        const uint8_t *row = dense + r * width;
        for (ptrdiff_t c = 0; c < width;) {
            uint64_t eight;
            if (c + 8 <= width && (memcpy(&eight, row + c, 8), eight == 0)) {
                c += 8;
                continue;
            }
            for (ptrdiff_t stop = c + 8 < width ? c + 8 : width; c < stop; c++)
                if (row[c]) {
                    columns[at] = (uint16_t)c;
                    values[at++] = row[c];
                }
        }
    }
}

void ck_linear_fill_f32(const float *dense, ptrdiff_t width, ptrdiff_t first, ptrdiff_t end, const int64_t *starts,
                        uint32_t *columns, float *values) {
    CK_ASSERT(width, >= 0);
    CK_ASSERT(first, >= 0);
    CK_ASSERT(end, >= first);
    CK_ASSERT_MEMORY(dense, (end - first) * width);
    CK_ASSERT_GIVEN(starts);
    for (ptrdiff_t r = first; r < end; r++) {
        ptrdiff_t at = starts[r];
        for (ptrdiff_t c = 0; c < width; c++)
            if (dense[r * width + c] != 0) {
                columns[at] = (uint32_t)c;
                values[at++] = dense[r * width + c];
            }
    }
}

void ck_linear_norms(const ck_linear_rows *rows, ptrdiff_t first, ptrdiff_t end, float bias, float *norms) {
    ck_check_linear_rows(rows);
    CK_ASSERT(first, >= 0);
    CK_ASSERT(end, >= first);
    CK_ASSERT(end, <= rows->count);
    CK_ASSERT_MEMORY(norms, end - first);
    for (ptrdiff_t r = first; r < end; r++) {
        double sum = (double)bias * bias;
        for (ptrdiff_t e = rows->starts[r]; e < rows->starts[r + 1]; e++) {
            double value = rows->bytes ? rows->table[rows->bytes[e]] : rows->numbers[e];
            sum += value * value;
        }
        norms[r] = (float)sum;
    }
}
