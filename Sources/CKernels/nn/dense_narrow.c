// Dense layers of few outputs: all sums of some rows stay in registers.
#include "ck_core.h"
#include "ck_nn.h"
#include "core/row_vectors.h"

/// Rows (or inputs) whose sums are in registers at once: enough to hide how long a multiply-add takes.
#define DENSE_TOGETHER 4
/// Work of a microsecond or two: two threads halve it, more would wait for each other.
#define DENSE_PARTS 2

struct job {
    ptrdiff_t rows, depth, outputs;
    const float *x, *w, *bias, *delta;
    float *y, *x_gradient, *w_gradient;
    float parameter;
    int32_t parts, activation;
};

/// Calls `kernel(..., n)` with the vectors of a row of H outputs as a constant.
#define DENSE_WITH_OUTPUT_VECTORS(outputs, kernel, ...)      \
    switch (((outputs) + CK_ROW_LANES - 1) / CK_ROW_LANES) { \
    case 1: kernel(__VA_ARGS__, 1); break;                   \
    case 2: kernel(__VA_ARGS__, 2); break;                   \
    case 3: kernel(__VA_ARGS__, 3); break;                   \
    default: kernel(__VA_ARGS__, 4); break;                  \
    }

/// result[i, :] = start + sum over k of a[i a_row + k a_step] b[k, :], i in first ..< first + count <= DENSE_TOGETHER.
CK_INLINE void sum_rows(const float *a, ptrdiff_t a_row, ptrdiff_t a_step, const float *b, ptrdiff_t length,
                        ptrdiff_t outputs, const float *start, float *result, ptrdiff_t first, const int count,
                        const int vectors) {
    ptrdiff_t at[4];
    for (int v = 0; v < vectors; v++) at[v] = vector_start(outputs, v);
    lanes sums[DENSE_TOGETHER][4];
    for (int i = 0; i < count; i++)
        for (int v = 0; v < vectors; v++) sums[i][v] = start ? CK_ROW_LOAD(start + at[v]) : (lanes){0};
    for (ptrdiff_t k = 0; k < length; k++) {
        lanes row[4];
        for (int v = 0; v < vectors; v++) row[v] = CK_ROW_LOAD(b + k * outputs + at[v]);
        for (int i = 0; i < count; i++) {
            float factor = a[(first + i) * a_row + k * a_step];
            for (int v = 0; v < vectors; v++) sums[i][v] += factor * row[v];
        }
    }
    for (int i = 0; i < count; i++)
        for (int v = 0; v < vectors; v++) CK_ROW_STORE(result + (first + i) * outputs + at[v], sums[i][v]);
}

CK_INLINE void sum_some(const float *a, ptrdiff_t a_row, ptrdiff_t a_step, const float *b, ptrdiff_t length,
                        ptrdiff_t outputs, const float *start, float *result, ptrdiff_t first, ptrdiff_t end,
                        const int vectors) {
    for (; first + DENSE_TOGETHER <= end; first += DENSE_TOGETHER)
        sum_rows(a, a_row, a_step, b, length, outputs, start, result, first, DENSE_TOGETHER, vectors);
    for (; first < end; first++) sum_rows(a, a_row, a_step, b, length, outputs, start, result, first, 1, vectors);
}

/// `vectors` vectors of `count` rows of the gradient by x; `turned`: those columns of transpose(w).
CK_INLINE void x_gradient_rows(const struct job *job, const lanes *turned, ptrdiff_t first, const ptrdiff_t *at,
                               const int count, const int vectors) {
    lanes sums[2][CK_ROW_MAX_VECTORS];
    for (int r = 0; r < count; r++)
        for (int k = 0; k < vectors; k++) sums[r][k] = (lanes){0};
    for (ptrdiff_t j = 0; j < job->outputs; j++)
        for (int r = 0; r < count; r++) {
            float factor = job->delta[(first + r) * job->outputs + j];
            for (int k = 0; k < vectors; k++) sums[r][k] += factor * turned[j * vectors + k];
        }
    for (int r = 0; r < count; r++)
        for (int k = 0; k < vectors; k++) CK_ROW_STORE(job->x_gradient + (first + r) * job->depth + at[k], sums[r][k]);
}

/// `vectors` vectors of inputs of the gradient by x, rows first ..< end.
CK_INLINE void x_gradient_group(const struct job *job, ptrdiff_t first, ptrdiff_t end, ptrdiff_t first_vector,
                                const int vectors) {
    ptrdiff_t depth = job->depth, outputs = job->outputs, at[CK_ROW_MAX_VECTORS];
    for (int k = 0; k < vectors; k++) at[k] = vector_start(depth, first_vector + k);
    lanes turned[32 * CK_ROW_MAX_VECTORS];
    float *numbers = (float *)turned;
    for (int k = 0; k < vectors; k++)
        for (int l = 0; l < CK_ROW_LANES; l++)
            for (ptrdiff_t j = 0; j < outputs; j++)
                numbers[(j * vectors + k) * CK_ROW_LANES + l] = job->w[(at[k] + l) * outputs + j];
    // Two rows share what is loaded.
    ptrdiff_t i = first;
    for (; i + 2 <= end; i += 2) x_gradient_rows(job, turned, i, at, 2, vectors);
    if (i < end) x_gradient_rows(job, turned, i, at, 1, vectors);
}

CK_CLONES
static void ck_narrow_forward_rows(const struct job *job, ptrdiff_t first, ptrdiff_t end) {
    DENSE_WITH_OUTPUT_VECTORS(job->outputs, sum_some, job->x, job->depth, 1, job->w, job->depth, job->outputs, job->bias,
                        job->y, first, end)
}

CK_CLONES
static void ck_narrow_x_gradient_rows(const struct job *job, ptrdiff_t first, ptrdiff_t end) {
    CK_FOR_VECTOR_GROUPS(job->depth, x_gradient_group, job, first, end)
}

CK_CLONES
static void ck_narrow_w_gradient_rows(const struct job *job, ptrdiff_t first, ptrdiff_t end) {
    DENSE_WITH_OUTPUT_VECTORS(job->outputs, sum_some, job->x, 1, job->depth, job->delta, job->rows, job->outputs, 0,
                        job->w_gradient, first, end)
}

static void forward_part(void *context, int32_t part) {
    const struct job *job = context;
    ptrdiff_t first, end;
    ck_part_range(job->rows, job->parts, part, &first, &end);
    ck_narrow_forward_rows(job, first, end);
    float *rows = job->y + first * job->outputs;
    if (job->activation != CK_ACTIVATION_IDENTITY)
        ck_activate_f32(job->activation, job->parameter, (end - first) * job->outputs, rows, rows);
}

static void gradients_part(void *context, int32_t part) {
    const struct job *job = context;
    ptrdiff_t first, end;
    ck_part_range(job->rows, job->parts, part, &first, &end);
    if (job->x_gradient && first < end) ck_narrow_x_gradient_rows(job, first, end);
    ck_part_range(job->depth, job->parts, part, &first, &end);
    if (job->w_gradient) ck_narrow_w_gradient_rows(job, first, end);
}

void ck_narrow_forward_f32(ptrdiff_t rows, ptrdiff_t depth, ptrdiff_t outputs, const float *x, const float *w,
                           const float *bias, int32_t activation, float parameter, float *y) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(depth, >= 8);
    CK_ASSERT_IN(outputs, 8, 32);
    CK_ASSERT_MEMORY(x, rows * depth);
    CK_ASSERT_MEMORY(w, depth * outputs);
    CK_ASSERT_MEMORY(bias, outputs);
    CK_ASSERT_IN(activation, CK_ACTIVATION_IDENTITY, CK_ACTIVATION_SOFTPLUS);
    CK_ASSERT_MEMORY(y, rows * outputs);
    struct job job = {.rows = rows, .depth = depth, .outputs = outputs, .x = x, .w = w, .bias = bias, .y = y,
                      .activation = activation, .parameter = parameter};
    job.parts = DENSE_PARTS;
    ck_parallel(DENSE_PARTS, forward_part, &job);
}

void ck_narrow_gradients_f32(ptrdiff_t rows, ptrdiff_t depth, ptrdiff_t outputs, const float *x, const float *w,
                             const float *delta, float *x_gradient, float *w_gradient, float *bias_gradient) {
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(depth, >= 8);
    CK_ASSERT_IN(outputs, 8, 32);
    CK_ASSERT_MEMORY(x, rows * depth);
    CK_ASSERT_MEMORY(w, depth * outputs);
    CK_ASSERT_MEMORY(delta, rows * outputs);
    struct job job = {.rows = rows, .depth = depth, .outputs = outputs, .x = x, .w = w, .delta = delta,
                      .x_gradient = x_gradient, .w_gradient = w_gradient};
    job.parts = DENSE_PARTS;
    ck_parallel(DENSE_PARTS, gradients_part, &job);
    if (bias_gradient) ck_column_sums_f32(rows, outputs, delta, bias_gradient);
}
