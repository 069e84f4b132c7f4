// Windows over planes as they are written: the columns of a convolution, means, and in double the largest number too.
#include <string.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "nn/check.h"

static inline void part_inside(ptrdiff_t start, ptrdiff_t kernel, ptrdiff_t length, ptrdiff_t *first,
                               ptrdiff_t *count) {
    *first = start < 0 ? 0 : start;
    *count = (start + kernel < length ? start + kernel : length) - *first;
}

static inline int32_t plane_parts(ptrdiff_t planes, const struct ck_windows *w) {
    int32_t parts = ck_elementwise_parts(planes * w->height * w->width);
    return parts > planes ? (planes > 0 ? (int32_t)planes : 1) : parts;
}

#define CK_REAL float
#define CK_NAME(x) x##_f32
#include "windows_template.h"
#undef CK_REAL
#undef CK_NAME
#define CK_REAL double
#define CK_NAME(x) x##_f64
#include "windows_template.h"

void ck_window_max_f64(const struct ck_windows *w, ptrdiff_t planes, const double *in, double *out,
                       uint8_t *places) {
    ck_check_windows(w);
    CK_ASSERT(w->kernel_height * w->kernel_width, < CK_NO_PLACE);
    CK_ASSERT(planes, >= 0);
    CK_ASSERT_MEMORY(in, planes * w->height * w->width);
    CK_ASSERT_MEMORY(out, planes * w->out_height * w->out_width);
    CK_ASSERT_MEMORY(places, planes * w->out_height * w->out_width);
    for (ptrdiff_t plane = 0; plane < planes; plane++)
        for (ptrdiff_t p = 0; p < w->out_height; p++)
            for (ptrdiff_t q = 0; q < w->out_width; q++) {
                ptrdiff_t top = p * w->stride_height - w->padding_top, left = q * w->stride_width - w->padding_left;
                ptrdiff_t row, rows, column, columns, found = 0;
                part_inside(top, w->kernel_height, w->height, &row, &rows);
                part_inside(left, w->kernel_width, w->width, &column, &columns);
                const double *x = in + plane * w->height * w->width;
                double best = x[row * w->width + column];
                found = (row - top) * w->kernel_width + column - left;
                for (ptrdiff_t h = row; h < row + rows; h++)
                    for (ptrdiff_t v = column; v < column + columns; v++)
                        if (x[h * w->width + v] > best || x[h * w->width + v] != x[h * w->width + v]) {
                            best = x[h * w->width + v];
                            found = (h - top) * w->kernel_width + v - left;
                        }
                ptrdiff_t at = (plane * w->out_height + p) * w->out_width + q;
                out[at] = best;
                places[at] = (uint8_t)found;
            }
}

void ck_window_max_gradient_f64(const struct ck_windows *w, ptrdiff_t planes, const double *out_gradient,
                                const uint8_t *places, double *in_gradient) {
    ck_check_windows(w);
    CK_ASSERT(planes, >= 0);
    CK_ASSERT_MEMORY(out_gradient, planes * w->out_height * w->out_width);
    CK_ASSERT_MEMORY(places, planes * w->out_height * w->out_width);
    CK_ASSERT_MEMORY(in_gradient, planes * w->height * w->width);
    memset(in_gradient, 0, (size_t)(planes * w->height * w->width) * sizeof(double));
    for (ptrdiff_t plane = 0; plane < planes; plane++)
        for (ptrdiff_t p = 0; p < w->out_height; p++)
            for (ptrdiff_t q = 0; q < w->out_width; q++) {
                ptrdiff_t at = (plane * w->out_height + p) * w->out_width + q;
                ptrdiff_t h = p * w->stride_height - w->padding_top + places[at] / w->kernel_width;
                ptrdiff_t v = q * w->stride_width - w->padding_left + places[at] % w->kernel_width;
                in_gradient[(plane * w->height + h) * w->width + v] += out_gradient[at];
            }
}
