// Short codes of rows, no two of which are farther apart than the rows.
#include <math.h>
#include <string.h>

#include "ck_core.h"
#include "ck_neighbors.h"
#include "neighbors/rows.h"

#define CODES_ROWS_AT_ONCE 64

struct center_job {
    const ck_rows *rows;
    ptrdiff_t first, count;
    const float *mean;
    const double *inverse_norms;
    float *centered;
    double *squares;
};

#define CODES_CENTER(name, T)                                                                                    \
    CK_CLONES static double name(const T *x, const float *mean, float scale, ptrdiff_t n, float *result) {       \
        double lanes[16] = {0};                                                                                  \
        ptrdiff_t i = 0;                                                                                         \
        for (; i + 16 <= n; i += 16)                                                                             \
            for (int l = 0; l < 16; l++) {                                                                       \
                float y = (float)x[i + l] * scale - mean[i + l];                                                 \
                result[i + l] = y;                                                                               \
                lanes[l] += (double)y * y;                                                                       \
            }                                                                                                    \
        for (; i < n; i++) {                                                                                     \
            float y = (float)x[i] * scale - mean[i];                                                             \
            result[i] = y;                                                                                       \
            lanes[0] += (double)y * y;                                                                           \
        }                                                                                                        \
        for (int l = 1; l < 16; l++) lanes[0] += lanes[l];                                                       \
        return lanes[0];                                                                                         \
    }
CODES_CENTER(center_u8, uint8_t)
CODES_CENTER(center_f32, float)

static void center_part(void *context, int32_t part) {
    struct center_job *job = context;
    ptrdiff_t width = job->rows->width, end = (part + 1) * CODES_ROWS_AT_ONCE;
    if (end > job->count) end = job->count;
    for (ptrdiff_t row = part * CODES_ROWS_AT_ONCE; row < end; row++) {
        float scale = job->inverse_norms ? (float)job->inverse_norms[job->first + row] : 1;
        float *target = job->centered + row * width;
        ptrdiff_t start = (job->first + row) * width;
        job->squares[row] = job->rows->bytes
                                ? center_u8(job->rows->bytes + start, job->mean, scale, width, target)
                                : center_f32(job->rows->floats + start, job->mean, scale, width, target);
    }
}

void ck_center_rows(const ck_rows *rows, ptrdiff_t first, ptrdiff_t count, const float *mean,
                    const double *inverse_norms, float *centered, double *squares) {
    ck_check_rows(rows);
    CK_ASSERT(first, >= 0);
    CK_ASSERT(count, >= 0);
    CK_ASSERT(first + count, <= rows->count);
    CK_ASSERT_MEMORY(mean, rows->width);
    CK_ASSERT_MEMORY(centered, count * rows->width);
    CK_ASSERT_MEMORY(squares, count);
    struct center_job job = {rows, first, count, mean, inverse_norms, centered, squares};
    ck_parallel((int32_t)((count + CODES_ROWS_AT_ONCE - 1) / CODES_ROWS_AT_ONCE), center_part, &job);
}

struct code_job {
    const ck_coding *coding;
    const float *projected;
    const double *squares;
    ptrdiff_t first, count;
    int32_t packed;
    uint8_t *codes;
    int32_t *constants;
    double *errors;
};

/// One row's code; returns the sum of the squares of what rounding took away. Numbers beyond the box are moved to its
/// wall, which brings no two of them farther apart.
CK_CLONES static double round_code(const float *values, ptrdiff_t dims, float step, int8_t *code) {
    float inverse = 1 / step, lost = 0;
    for (ptrdiff_t d = 0; d < dims; d++) {
        float value = values[d] * inverse;
        value = value > 127 ? 127 : value < -127 ? -127 : value;
        float whole = rintf(value);
        code[d] = (int8_t)whole;
        lost += (value - whole) * (value - whole);
    }
    return (double)lost * step * step;
}

static void code_row(struct code_job *job, ptrdiff_t row) {
    const ck_coding *coding = job->coding;
    ptrdiff_t dims = coding->dims;
    float values[256];
    int8_t code[256];
    memcpy(values, job->projected + row * dims, (size_t)dims * sizeof *values);
    double inside = 0, length = sqrt(job->squares[row]);
    for (ptrdiff_t d = 0; d < dims - 1; d++) inside += (double)values[d] * values[d];
    // |r|^2 = |y|^2 - |Py|^2, of which the second has an error of at most 2 |Py| times that of Py (and that squared).
    double away = coding->rounding * length, square = job->squares[row] - inside;
    double doubt = 2 * sqrt(inside) * away + away * away + 1e-12 * job->squares[row];
    double residual = square > 0 ? sqrt(square) : 0;
    double residual_error = residual * residual > doubt ? doubt / residual : sqrt(2 * doubt);
    values[dims - 1] = (float)residual - coding->residual_center;
    // Numbers near the limits of float say nothing; such a row is never ruled out.
    int known = isfinite(residual) && isfinite(inside);
    if (!known) memset(values, 0, sizeof values);
    double lost = round_code(values, dims, coding->step, code);
    // A thousandth of a step covers the rounding of this function itself.
    double error = sqrt(lost) + away + residual_error + 1e-3 * coding->step + coding->margin +
                   2e-7 * (residual + fabs((double)coding->residual_center));
    if (!known || !isfinite(error)) error = 1e300;
    int32_t half = 0, sum = 0;
    for (ptrdiff_t d = 0; d < dims; d++) {
        half += code[d] * code[d];
        sum += code[d];
    }
    job->errors[row] = error;
    if (job->packed) {
        ptrdiff_t place = job->first + row;
        uint8_t *block = job->codes + place / 16 * 16 * dims;
        for (ptrdiff_t d = 0; d < dims; d++)
            block[d / 4 * 64 + place % 16 * 4 + d % 4] = (uint8_t)(code[d] + 128);
        job->constants[place] = half / 2;
    } else {
        for (ptrdiff_t d = 0; d < dims; d++) job->codes[row * dims + d] = (uint8_t)(-code[d]);
        job->constants[row] = half / 2 + 128 * sum;
    }
}

static void code_part(void *context, int32_t part) {
    struct code_job *job = context;
    ptrdiff_t end = (part + 1) * CODES_ROWS_AT_ONCE;
    if (end > job->count) end = job->count;
    for (ptrdiff_t row = part * CODES_ROWS_AT_ONCE; row < end; row++) code_row(job, row);
}

double ck_code_rows(const ck_coding *coding, const float *projected, const double *squares, ptrdiff_t first,
                    ptrdiff_t count, int32_t packed, uint8_t *codes, int32_t *constants, double *errors) {
    CK_ASSERT_GIVEN(coding);
    CK_ASSERT(coding->dims, > 0);
    CK_ASSERT(coding->dims % 4, == 0);
    CK_ASSERT(first, >= 0);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(projected, count * coding->dims);
    CK_ASSERT_MEMORY(squares, count);
    CK_ASSERT(packed ? first % 16 : 0, == 0);
    CK_ASSERT_MEMORY(codes, count);
    CK_ASSERT_MEMORY(constants, count);
    CK_ASSERT_MEMORY(errors, count);
    struct code_job job = {coding, projected, squares, first, count, packed, codes, constants, errors};
    ck_parallel((int32_t)((count + CODES_ROWS_AT_ONCE - 1) / CODES_ROWS_AT_ONCE), code_part, &job);
    double greatest = 0;
    for (ptrdiff_t row = 0; row < count; row++) greatest = errors[row] > greatest ? errors[row] : greatest;
    return greatest;
}

CK_CLONES static double dot_f64(const double *a, const double *b, ptrdiff_t n) {
    double lanes[8] = {0};
    ptrdiff_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (int l = 0; l < 8; l++) lanes[l] += a[i + l] * b[i + l];
    for (; i < n; i++) lanes[0] += a[i] * b[i];
    for (int l = 1; l < 8; l++) lanes[0] += lanes[l];
    return lanes[0];
}

CK_CLONES static void subtract_f64(double *a, const double *b, double factor, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) a[i] -= factor * b[i];
}

void ck_orthonormalize(double *rows, ptrdiff_t count, ptrdiff_t width) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT(width, >= 0);
    CK_ASSERT_MEMORY(rows, count * width);
    for (ptrdiff_t j = 0; j < count; j++) {
        double *row = rows + j * width;
        double before = sqrt(dot_f64(row, row, width));
        for (int twice = 0; twice < 2; twice++)
            for (ptrdiff_t i = 0; i < j; i++)
                subtract_f64(row, rows + i * width, dot_f64(row, rows + i * width, width), width);
        double length = sqrt(dot_f64(row, row, width));
        double factor = length > 1e-9 * before && length > 0 ? 1 / length : 0;
        for (ptrdiff_t i = 0; i < width; i++) row[i] = factor == 0 ? 0 : row[i] * factor;
    }
}
