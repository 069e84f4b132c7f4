// Windows over planes of any number of axes.
#include <math.h>
#include <string.h>

#include "ck_core.h"
#include "cg_elements.h"
#include "cg_windows.h"

struct pass {
    int32_t type, parts, option;
    ptrdiff_t planes, in_count, out_count;
    const struct cg_windows *w;
    const void *x;
    void *y;
    int64_t *places;
    double p;
};

static ptrdiff_t product(int32_t rank, const ptrdiff_t *sizes) {
    ptrdiff_t result = 1;
    for (int32_t i = 0; i < rank; i++) result *= sizes[i];
    return result;
}

/// One step through a box, the last axis fastest; 0 after the last.
static int step(int32_t rank, const ptrdiff_t *sizes, ptrdiff_t *at) {
    for (int32_t axis = rank - 1; axis >= 0; axis--) {
        if (++at[axis] < sizes[axis]) return 1;
        at[axis] = 0;
    }
    return 0;
}

/// The elements r of a window along an axis, first ..< end, that lie in low ..< high of the plane.
static void within_bounds(const struct cg_windows *w, int32_t axis, ptrdiff_t out, ptrdiff_t low, ptrdiff_t high,
                          ptrdiff_t *first, ptrdiff_t *end) {
    ptrdiff_t start = out * w->stride[axis] - w->before[axis], d = w->dilation[axis], k = w->kernel[axis];
    *first = start < low ? (low - start + d - 1) / d : 0;
    *end = high > start ? (high - start + d - 1) / d : 0;
    if (*end > k) *end = k;
    if (*first > *end) *first = *end;
}

/// Begins a walk through the elements of a window that lie in the plane, so that one much larger than it costs no more; 0 if
/// there are none.
static int begin(const struct cg_windows *w, const ptrdiff_t *out, ptrdiff_t *first, ptrdiff_t *end, ptrdiff_t *within) {
    for (int32_t axis = 0; axis < w->rank; axis++) {
        within_bounds(w, axis, out[axis], 0, w->in[axis], &first[axis], &end[axis]);
        if (first[axis] == end[axis]) return 0;
        within[axis] = first[axis];
    }
    return 1;
}

static int next(int32_t rank, const ptrdiff_t *first, const ptrdiff_t *end, ptrdiff_t *within) {
    for (int32_t axis = rank - 1; axis >= 0; axis--) {
        if (++within[axis] < end[axis]) return 1;
        within[axis] = first[axis];
    }
    return 0;
}

/// The element of a plane that a window at `out` sees at `within`; -1 outside.
static inline ptrdiff_t seen(const struct cg_windows *w, const ptrdiff_t *out, const ptrdiff_t *within) {
    ptrdiff_t index = 0;
    for (int32_t axis = 0; axis < w->rank; axis++) {
        ptrdiff_t i = out[axis] * w->stride[axis] - w->before[axis] + within[axis] * w->dilation[axis];
        if (i < 0 || i >= w->in[axis]) return -1;
        index = index * w->in[axis] + i;
    }
    return index;
}

/// The index of an element counted with the first axis fastest.
static int64_t by_columns(const struct cg_windows *w, ptrdiff_t index) {
    int64_t result = 0;
    ptrdiff_t at[CG_MAX_AXES];
    for (int32_t axis = w->rank - 1; axis >= 0; axis--) {
        at[axis] = index % w->in[axis];
        index /= w->in[axis];
    }
    for (int32_t axis = w->rank - 1; axis >= 0; axis--) result = result * w->in[axis] + at[axis];
    return result;
}

#define WINDOWS_MAX_PLANE(type, lowest)                                                                                       \
    static void max_plane_##type(const struct pass *p, ptrdiff_t plane) {                                             \
        const struct cg_windows *w = p->w;                                                                            \
        const type *x = (const type *)p->x + plane * p->in_count;                                                     \
        type *y = (type *)p->y + plane * p->out_count;                                                                \
        ptrdiff_t out[CG_MAX_AXES] = {0};                                                                             \
        for (ptrdiff_t o = 0; o < p->out_count; o++) {                                                                \
            ptrdiff_t within[CG_MAX_AXES], first[CG_MAX_AXES], end[CG_MAX_AXES], best = -1;                                                           \
            type largest = lowest;                                                                                    \
            if (begin(w, out, first, end, within)) do {                                                                                                      \
                ptrdiff_t i = seen(w, out, within);                                                                   \
                if (i >= 0 && (best < 0 || x[i] > largest || (x[i] != x[i] && largest == largest))) {                 \
                    best = i;                                                                                         \
                    largest = x[i];                                                                                   \
                }                                                                                                     \
            } while (next(w->rank, first, end, within));                                                               \
            y[o] = largest;                                                                                           \
            if (p->places)                                                                                            \
                p->places[plane * p->out_count + o] =                                                                 \
                    plane * p->in_count + (best < 0 ? 0 : p->option ? by_columns(w, best) : best);                    \
            step(w->rank, w->out, out);                                                                               \
        }                                                                                                             \
    }
WINDOWS_MAX_PLANE(float, -INFINITY)
WINDOWS_MAX_PLANE(double, -INFINITY)
WINDOWS_MAX_PLANE(int8_t, INT8_MIN)
WINDOWS_MAX_PLANE(uint8_t, 0)

static void max_part(void *context, int32_t part) {
    const struct pass *p = context;
    ptrdiff_t first, end;
    ck_part_range(p->planes, p->parts, part, &first, &end);
    for (ptrdiff_t plane = first; plane < end; plane++) {
        switch (p->type) {
        case CG_FLOAT32: max_plane_float(p, plane); break;
        case CG_FLOAT64: max_plane_double(p, plane); break;
        case CG_INT8: max_plane_int8_t(p, plane); break;
        default: max_plane_uint8_t(p, plane); break;
        }
    }
}

static struct pass pass_of(int32_t type, ptrdiff_t planes, const struct cg_windows *w, const void *x, void *y) {
    struct pass p = {.type = type, .planes = planes, .w = w, .x = x, .y = y};
    p.in_count = product(w->rank, w->in);
    p.out_count = product(w->rank, w->out);
    ptrdiff_t parts = planes < 64 ? planes : 64;
    p.parts = parts < 1 ? 1 : (int32_t)parts;
    return p;
}

int32_t cg_max_pool(int32_t type, ptrdiff_t planes, const struct cg_windows *w, int32_t columns, const void *x, void *y,
                    int64_t *places) {
    if (type != CG_FLOAT32 && type != CG_FLOAT64 && type != CG_INT8 && type != CG_UINT8) return 0;
    struct pass p = pass_of(type, planes, w, x, y);
    p.option = columns;
    p.places = places;
    if (planes * p.out_count) ck_parallel(p.parts, max_part, &p);
    return 1;
}

/// How many elements of a window count: those inside the plane, or inside the padded plane.
static ptrdiff_t counted(const struct cg_windows *w, const ptrdiff_t *out, int padded) {
    ptrdiff_t result = 1;
    for (int32_t axis = 0; axis < w->rank; axis++) {
        ptrdiff_t first, end, low = padded ? -w->before[axis] : 0, high = w->in[axis] + (padded ? w->after[axis] : 0);
        within_bounds(w, axis, out[axis], low, high, &first, &end);
        result *= end - first;
    }
    return result;
}

#define WINDOWS_MEAN_PLANE(type)                                                                                              \
    static void mean_plane_##type(const struct pass *p, ptrdiff_t plane) {                                            \
        const struct cg_windows *w = p->w;                                                                            \
        const type *x = (const type *)p->x + plane * p->in_count;                                                     \
        type *y = (type *)p->y + plane * p->out_count;                                                                \
        ptrdiff_t out[CG_MAX_AXES] = {0};                                                                             \
        for (ptrdiff_t o = 0; o < p->out_count; o++) {                                                                \
            ptrdiff_t within[CG_MAX_AXES], first[CG_MAX_AXES], end[CG_MAX_AXES];                                                                      \
            double sum = 0;                                                                                           \
            if (begin(w, out, first, end, within)) do {                                                                                                      \
                ptrdiff_t i = seen(w, out, within);                                                                   \
                if (i >= 0) sum += (double)x[i];                                                                      \
            } while (next(w->rank, first, end, within));                                                               \
            ptrdiff_t n = counted(w, out, p->option);                                                                 \
            y[o] = (type)(n ? sum / (double)n : 0);                                                                   \
            step(w->rank, w->out, out);                                                                               \
        }                                                                                                             \
    }
WINDOWS_MEAN_PLANE(float)
WINDOWS_MEAN_PLANE(double)

/// The same for planes of two axes without gaps in their windows, without a walk; sums in the same order.
static void mean_plane_two(const struct pass *p, ptrdiff_t plane) {
    const struct cg_windows *w = p->w;
    const float *x = (const float *)p->x + plane * p->in_count;
    float *y = (float *)p->y + plane * p->out_count;
    for (ptrdiff_t i = 0; i < w->out[0]; i++) {
        ptrdiff_t first_row = i * w->stride[0] - w->before[0], rows = w->in[0] - first_row;
        ptrdiff_t top = first_row < 0 ? -first_row : 0, bottom = rows < w->kernel[0] ? rows : w->kernel[0];
        for (ptrdiff_t j = 0; j < w->out[1]; j++) {
            ptrdiff_t first_column = j * w->stride[1] - w->before[1], columns = w->in[1] - first_column, out[2] = {i, j};
            ptrdiff_t left = first_column < 0 ? -first_column : 0, right = columns < w->kernel[1] ? columns : w->kernel[1];
            double sum = 0;
            for (ptrdiff_t r = top; r < bottom; r++) {
                const float *row = x + (first_row + r) * w->in[1];
                for (ptrdiff_t s = left; s < right; s++) sum += (double)row[first_column + s];
            }
            // A window that lies outside as a whole has no element.
            ptrdiff_t own = bottom > top && right > left ? (bottom - top) * (right - left) : 0;
            ptrdiff_t n = p->option ? counted(w, out, 1) : own;
            *y++ = (float)(n ? sum / (double)n : 0);
        }
    }
}

static void mean_part(void *context, int32_t part) {
    const struct pass *p = context;
    ptrdiff_t first, end;
    ck_part_range(p->planes, p->parts, part, &first, &end);
    for (ptrdiff_t plane = first; plane < end; plane++) {
        if (p->type == CG_FLOAT32 && p->w->rank == 2 && p->w->dilation[0] == 1 && p->w->dilation[1] == 1)
            mean_plane_two(p, plane);
        else if (p->type == CG_FLOAT32)
            mean_plane_float(p, plane);
        else
            mean_plane_double(p, plane);
    }
}

int32_t cg_average_pool(int32_t type, ptrdiff_t planes, const struct cg_windows *w, int32_t count_padding, const void *x,
                        void *y) {
    if (type != CG_FLOAT32 && type != CG_FLOAT64) return 0;
    struct pass p = pass_of(type, planes, w, x, y);
    p.option = count_padding;
    if (planes * p.out_count) ck_parallel(p.parts, mean_part, &p);
    return 1;
}

static void norm_part(void *context, int32_t part) {
    const struct pass *p = context;
    ptrdiff_t first, end;
    ck_part_range(p->planes, p->parts, part, &first, &end);
    for (ptrdiff_t plane = first; plane < end; plane++) {
        const float *x = (const float *)p->x + plane * p->in_count;
        ptrdiff_t out[CG_MAX_AXES] = {0};
        for (ptrdiff_t o = 0; o < p->out_count; o++) {
            ptrdiff_t within[CG_MAX_AXES], first[CG_MAX_AXES], end[CG_MAX_AXES];
            double sum = 0;
            if (begin(p->w, out, first, end, within)) do {
                ptrdiff_t i = seen(p->w, out, within);
                if (i >= 0) sum += pow(fabs((double)x[i]), p->p);
            } while (next(p->w->rank, first, end, within));
            ((float *)p->y)[plane * p->out_count + o] = (float)pow(sum, 1 / p->p);
            step(p->w->rank, p->w->out, out);
        }
    }
}

void cg_norm_pool(ptrdiff_t planes, const struct cg_windows *w, double p, const float *x, float *y) {
    struct pass pass = pass_of(CG_FLOAT32, planes, w, x, y);
    pass.p = p;
    if (planes * pass.out_count) ck_parallel(pass.parts, norm_part, &pass);
}
