// Decisions of an RBF: products, kernel values and sums over panels of support vectors in one kernel.
#include <math.h>
#include <string.h>

#include "ck_core.h"
#include "ck_svm.h"
#include "core/targets.h"
#include "core/vmath.h"

// A tile of some rows and one panel: sums of products in registers, then kernel values, then their products with the
// coefficients, without a matrix in between.
typedef float panel __attribute__((vector_size(64)));
typedef float loose __attribute__((vector_size(64), aligned(4)));
#define DECIDE_LANES CK_SVM_PANEL
#define DECIDE_LOAD(p) ((panel)*(const loose *)(p))
#define DECIDE_STORE(p, v) (*(loose *)(p) = (v))
#define DECIDE_MOST_ROWS 12

CK_INLINE void tile(const ck_svm_decisions *d, const float *left, const float *left_norms, ptrdiff_t p, float *partial,
                    const int rows) {
    ptrdiff_t width = d->width, columns = d->columns;
    const float *values = d->panels + p * width * DECIDE_LANES, *norms = d->norms + p * DECIDE_LANES;
    panel sums[DECIDE_MOST_ROWS];
    for (int r = 0; r < rows; r++) sums[r] = (panel){0};
    // The rows are interleaved: `left` holds feature k of all of them, then feature k + 1.
#pragma clang loop unroll_count(2)
    for (ptrdiff_t k = 0; k < width; k++) {
        panel other = DECIDE_LOAD(values + k * DECIDE_LANES);
        for (int r = 0; r < rows; r++) sums[r] += left[k * rows + r] * other;
    }
    float kernel[DECIDE_MOST_ROWS][DECIDE_LANES];
    for (int r = 0; r < rows; r++) DECIDE_STORE(kernel[r], sums[r]);
    for (int r = 0; r < rows; r++)
        for (int l = 0; l < DECIDE_LANES; l++) {
            float squared = (left_norms[r] + norms[l]) - 2.0f * kernel[r][l];
            kernel[r][l] = ck_exp32(-d->gamma * (squared < 0.0f ? 0.0f : squared));
        }
    const float *coefficients = d->coefficients + p * DECIDE_LANES * columns;
    if (columns == 1) {
        panel own = DECIDE_LOAD(coefficients);
        for (int r = 0; r < rows; r++)
            DECIDE_STORE(partial + r * DECIDE_LANES, DECIDE_LOAD(partial + r * DECIDE_LANES) + DECIDE_LOAD(kernel[r]) * own);
        return;
    }
    for (ptrdiff_t w = 0; w < columns; w += DECIDE_LANES) {
        for (int r = 0; r < rows; r++) sums[r] = DECIDE_LOAD(partial + r * columns + w);
        for (int s = 0; s < DECIDE_LANES; s++) {
            panel own = DECIDE_LOAD(coefficients + s * columns + w);
            for (int r = 0; r < rows; r++) sums[r] += kernel[r][s] * own;
        }
        for (int r = 0; r < rows; r++) DECIDE_STORE(partial + r * columns + w, sums[r]);
    }
}

// Sums of 256 terms are taken in float, their sum in double.
#define DECIDE_FLUSH 16
// Rows that are left over are taken so many at once, the last ones singly.
#define DECIDE_REST 4

CK_INLINE void decide(const ck_svm_decisions *d, const float *left, const float *norms, ptrdiff_t rows, ptrdiff_t first,
                      ptrdiff_t end, double *sums, float *work, const int at_once) {
    ptrdiff_t kept = d->columns == 1 ? DECIDE_LANES : d->columns;
    float *partial = work, *packed = work + rows * kept;
    for (ptrdiff_t r = 0, tall; r < rows; r += tall) {
        tall = rows - r >= at_once ? at_once : rows - r >= DECIDE_REST ? DECIDE_REST : 1;
        for (ptrdiff_t i = 0; i < tall; i++)
            for (ptrdiff_t k = 0; k < d->width; k++)
                packed[r * d->width + k * tall + i] = left[(r + i) * d->width + k];
    }
    for (ptrdiff_t start = first; start < end; start += DECIDE_FLUSH) {
        ptrdiff_t stop = end - start < DECIDE_FLUSH ? end : start + DECIDE_FLUSH;
        memset(partial, 0, (size_t)(rows * kept) * sizeof *partial);
        for (ptrdiff_t p = start; p < stop; p++) {
            ptrdiff_t r = 0;
            for (; r + at_once <= rows; r += at_once)
                tile(d, packed + r * d->width, norms + r, p, partial + r * kept, at_once);
            for (; r + DECIDE_REST <= rows; r += DECIDE_REST)
                tile(d, packed + r * d->width, norms + r, p, partial + r * kept, DECIDE_REST);
            for (; r < rows; r++) tile(d, packed + r * d->width, norms + r, p, partial + r * kept, 1);
        }
        for (ptrdiff_t r = 0; r < rows; r++) {
            if (d->columns > 1) {
                for (ptrdiff_t w = 0; w < kept; w++) sums[r * d->columns + w] += partial[r * kept + w];
                continue;
            }
            double sum = 0;
            for (int l = 0; l < DECIDE_LANES; l++) sum += partial[r * kept + l];
            sums[r] += sum;
        }
    }
}

#if CK_HAS_TARGETS
CK_LEVEL_4 static void decide_v4(const ck_svm_decisions *d, const float *left,
                                 const float *norms, ptrdiff_t rows, ptrdiff_t first,
                                 ptrdiff_t end, double *sums, float *work) {
    decide(d, left, norms, rows, first, end, sums, work, 12);
}

CK_LEVEL_3 static void decide_v3(const ck_svm_decisions *d, const float *left,
                                 const float *norms, ptrdiff_t rows, ptrdiff_t first,
                                 ptrdiff_t end, double *sums, float *work) {
    decide(d, left, norms, rows, first, end, sums, work, 6);
}
#endif

void ck_svm_decide(const ck_svm_decisions *decisions, const float *left, const float *norms, ptrdiff_t rows,
                   ptrdiff_t first, ptrdiff_t end, double *sums, float *work) {
    CK_ASSERT_GIVEN(decisions);
    CK_ASSERT(decisions->width, >= 0);
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(first, >= 0);
    CK_ASSERT(end, >= first);
    CK_ASSERT(decisions->columns == 1 || (decisions->columns > 0 && decisions->columns % CK_SVM_PANEL == 0), == 1);
    CK_ASSERT_MEMORY(left, rows * decisions->width);
    CK_ASSERT_MEMORY(norms, rows);
    CK_ASSERT_MEMORY(sums, rows * decisions->columns);
    CK_ASSERT_MEMORY(work, rows);
#if CK_HAS_TARGETS
    int32_t level = ck_this_processor()->level;
    if (level == 4) {
        decide_v4(decisions, left, norms, rows, first, end, sums, work);
        return;
    }
    if (level == 3) {
        decide_v3(decisions, left, norms, rows, first, end, sums, work);
        return;
    }
#endif
    decide(decisions, left, norms, rows, first, end, sums, work, 6);
}

void ck_svm_pack_panels(const float *rows, ptrdiff_t count, ptrdiff_t width, float *panels) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT(width, >= 0);
    CK_ASSERT_MEMORY(rows, count * width);
    CK_ASSERT_MEMORY(panels, count * width);
    for (ptrdiff_t p = 0; p * DECIDE_LANES < count; p++)
        for (ptrdiff_t k = 0; k < width; k++)
            for (ptrdiff_t l = 0; l < DECIDE_LANES; l++) {
                ptrdiff_t row = p * DECIDE_LANES + l;
                panels[(p * width + k) * DECIDE_LANES + l] = row < count ? rows[row * width + k] : 0;
            }
}
