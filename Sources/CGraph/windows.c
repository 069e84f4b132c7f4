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

#define MAX_PLANE(type, lowest)                                                                                       \
    static void max_plane_##type(const struct pass *p, ptrdiff_t plane) {                                             \
        const struct cg_windows *w = p->w;                                                                            \
        const type *x = (const type *)p->x + plane * p->in_count;                                                     \
        type *y = (type *)p->y + plane * p->out_count;                                                                \
        ptrdiff_t out[CG_MAX_AXES] = {0};                                                                             \
        for (ptrdiff_t o = 0; o < p->out_count; o++) {                                                                \
            ptrdiff_t within[CG_MAX_AXES] = {0}, best = -1;                                                           \
            type largest = lowest;                                                                                    \
            do {                                                                                                      \
                ptrdiff_t i = seen(w, out, within);                                                                   \
                if (i >= 0 && (best < 0 || x[i] > largest || (x[i] != x[i] && largest == largest))) {                 \
                    best = i;                                                                                         \
                    largest = x[i];                                                                                   \
                }                                                                                                     \
            } while (step(w->rank, w->kernel, within));                                                               \
            y[o] = largest;                                                                                           \
            if (p->places)                                                                                            \
                p->places[plane * p->out_count + o] =                                                                 \
                    plane * p->in_count + (best < 0 ? 0 : p->option ? by_columns(w, best) : best);                    \
            step(w->rank, w->out, out);                                                                               \
        }                                                                                                             \
    }
MAX_PLANE(float, -INFINITY)
MAX_PLANE(double, -INFINITY)
MAX_PLANE(int8_t, INT8_MIN)
MAX_PLANE(uint8_t, 0)

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
        ptrdiff_t n = 0, low = padded ? -w->before[axis] : 0, high = w->in[axis] + (padded ? w->after[axis] : 0);
        for (ptrdiff_t r = 0; r < w->kernel[axis]; r++) {
            ptrdiff_t i = out[axis] * w->stride[axis] - w->before[axis] + r * w->dilation[axis];
            n += i >= low && i < high;
        }
        result *= n;
    }
    return result;
}

#define MEAN_PLANE(type)                                                                                              \
    static void mean_plane_##type(const struct pass *p, ptrdiff_t plane) {                                            \
        const struct cg_windows *w = p->w;                                                                            \
        const type *x = (const type *)p->x + plane * p->in_count;                                                     \
        type *y = (type *)p->y + plane * p->out_count;                                                                \
        ptrdiff_t out[CG_MAX_AXES] = {0};                                                                             \
        for (ptrdiff_t o = 0; o < p->out_count; o++) {                                                                \
            ptrdiff_t within[CG_MAX_AXES] = {0};                                                                      \
            double sum = 0;                                                                                           \
            do {                                                                                                      \
                ptrdiff_t i = seen(w, out, within);                                                                   \
                if (i >= 0) sum += (double)x[i];                                                                      \
            } while (step(w->rank, w->kernel, within));                                                               \
            ptrdiff_t n = counted(w, out, p->option);                                                                 \
            y[o] = (type)(n ? sum / (double)n : 0);                                                                   \
            step(w->rank, w->out, out);                                                                               \
        }                                                                                                             \
    }
MEAN_PLANE(float)
MEAN_PLANE(double)

static void mean_part(void *context, int32_t part) {
    const struct pass *p = context;
    ptrdiff_t first, end;
    ck_part_range(p->planes, p->parts, part, &first, &end);
    for (ptrdiff_t plane = first; plane < end; plane++) {
        if (p->type == CG_FLOAT32)
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
            ptrdiff_t within[CG_MAX_AXES] = {0};
            double sum = 0;
            do {
                ptrdiff_t i = seen(p->w, out, within);
                if (i >= 0) sum += pow(fabs((double)x[i]), p->p);
            } while (step(p->w->rank, p->w->kernel, within));
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
