// Convolutions of any number of axes and of any type, by their definition: what oneDNN is not asked for.
#include <string.h>

#include "ck_core.h"
#include "cg_elements.h"
#include "cg_windows.h"

struct pass {
    int32_t type, parts;
    ptrdiff_t images, channels, outputs, groups, in_count, out_count, kernel_count;
    const struct cg_windows *w;
    const void *x, *weights, *bias;
    void *y;
};

static ptrdiff_t product(int32_t rank, const ptrdiff_t *sizes) {
    ptrdiff_t result = 1;
    for (int32_t i = 0; i < rank; i++) result *= sizes[i];
    return result;
}

/// The windows that see, with their element `within`, an element of the plane: along the last axis first ..< end, of the
/// others the one at `out`; `at`: the element that the window `first` sees. 0 if there are none.
static int seen_row(const struct cg_windows *w, const ptrdiff_t *out, const ptrdiff_t *within, ptrdiff_t *first,
                    ptrdiff_t *end, ptrdiff_t *at) {
    int32_t last = w->rank - 1;
    ptrdiff_t index = 0;
    for (int32_t axis = 0; axis < last; axis++) {
        ptrdiff_t i = out[axis] * w->stride[axis] - w->before[axis] + within[axis] * w->dilation[axis];
        if (i < 0 || i >= w->in[axis]) return 0;
        index = index * w->in[axis] + i;
    }
    ptrdiff_t start = within[last] * w->dilation[last] - w->before[last], s = w->stride[last];
    *first = start < 0 ? (-start + s - 1) / s : 0;
    ptrdiff_t limit = w->in[last] - start;
    *end = limit <= 0 ? 0 : (limit + s - 1) / s;
    if (*end > w->out[last]) *end = w->out[last];
    *at = index * w->in[last] + *first * s + start;
    return *first < *end;
}

static int step(int32_t rank, const ptrdiff_t *sizes, ptrdiff_t *at) {
    for (int32_t axis = rank - 1; axis >= 0; axis--) {
        if (++at[axis] < sizes[axis]) return 1;
        at[axis] = 0;
    }
    return 0;
}

#define CONVOLUTIONS_CONVOLVE(type, wide)                                                                                          \
    CK_CLONES static void add_row_##type(ptrdiff_t n, ptrdiff_t s, const type *x, type v, type *y) {                  \
        if (s == 1)                                                                                                   \
            for (ptrdiff_t i = 0; i < n; i++) y[i] = (type)((wide)y[i] + (wide)v * (wide)x[i]);                       \
        else                                                                                                          \
            for (ptrdiff_t i = 0; i < n; i++) y[i] = (type)((wide)y[i] + (wide)v * (wide)x[i * s]);                   \
    }                                                                                                                 \
    CK_CLONES static void spread_row_##type(ptrdiff_t n, ptrdiff_t s, const type *x, type v, type *y) {               \
        for (ptrdiff_t i = 0; i < n; i++) y[i * s] = (type)((wide)y[i * s] + (wide)v * (wide)x[i]);                   \
    }                                                                                                                 \
    static void convolve_##type(const struct pass *p, ptrdiff_t plane) {                                              \
        const struct cg_windows *w = p->w;                                                                            \
        ptrdiff_t k = plane % p->outputs, image = plane / p->outputs, each = p->channels / p->groups;                 \
        ptrdiff_t group = k / (p->outputs / p->groups), last = w->rank - 1, width = w->out[last];                     \
        type *y = (type *)p->y + plane * p->out_count;                                                                \
        type begin = p->bias ? ((const type *)p->bias)[k] : 0;                                                        \
        for (ptrdiff_t i = 0; i < p->out_count; i++) y[i] = begin;                                                    \
        for (ptrdiff_t c = 0; c < each; c++) {                                                                        \
            const type *x = (const type *)p->x + ((image * p->groups + group) * each + c) * p->in_count;              \
            const type *weights = (const type *)p->weights + (k * each + c) * p->kernel_count;                        \
            ptrdiff_t out[CG_MAX_AXES] = {0};                                                                         \
            for (ptrdiff_t o = 0; o < p->out_count; o += width) {                                                     \
                ptrdiff_t within[CG_MAX_AXES] = {0}, r = 0, first, end, at;                                           \
                do {                                                                                                  \
                    if (seen_row(w, out, within, &first, &end, &at))                                                  \
                        add_row_##type(end - first, w->stride[last], x + at, weights[r], y + o + first);              \
                    r++;                                                                                              \
                } while (step(w->rank, w->kernel, within));                                                           \
                step((int32_t)last, w->out, out);                                                                     \
            }                                                                                                         \
        }                                                                                                             \
    }                                                                                                                 \
    static void transposed_##type(const struct pass *p, ptrdiff_t plane) {                                            \
        const struct cg_windows *w = p->w;                                                                            \
        ptrdiff_t k = plane % p->outputs, image = plane / p->outputs, each = p->channels / p->groups;                 \
        ptrdiff_t own = p->outputs / p->groups, group = k / own, last = w->rank - 1, width = w->out[last];            \
        type *y = (type *)p->y + plane * p->in_count;                                                                 \
        type begin = p->bias ? ((const type *)p->bias)[k] : 0;                                                        \
        for (ptrdiff_t i = 0; i < p->in_count; i++) y[i] = begin;                                                     \
        for (ptrdiff_t c = group * each; c < (group + 1) * each; c++) {                                               \
            const type *x = (const type *)p->x + (image * p->channels + c) * p->out_count;                            \
            const type *weights = (const type *)p->weights + (c * own + k % own) * p->kernel_count;                   \
            ptrdiff_t out[CG_MAX_AXES] = {0};                                                                         \
            for (ptrdiff_t o = 0; o < p->out_count; o += width) {                                                     \
                ptrdiff_t within[CG_MAX_AXES] = {0}, r = 0, first, end, at;                                           \
                do {                                                                                                  \
                    if (seen_row(w, out, within, &first, &end, &at))                                                  \
                        spread_row_##type(end - first, w->stride[last], x + o + first, weights[r], y + at);           \
                    r++;                                                                                              \
                } while (step(w->rank, w->kernel, within));                                                           \
                step((int32_t)last, w->out, out);                                                                     \
            }                                                                                                         \
        }                                                                                                             \
    }
CONVOLUTIONS_CONVOLVE(float, float)
CONVOLUTIONS_CONVOLVE(double, double)
CONVOLUTIONS_CONVOLVE(int32_t, uint32_t)

static void convolve_part(void *context, int32_t part) {
    const struct pass *p = context;
    ptrdiff_t first, end;
    ck_part_range(p->images * p->outputs, p->parts, part, &first, &end);
    for (ptrdiff_t plane = first; plane < end; plane++) {
        switch (p->type) {
        case CG_FLOAT32: convolve_float(p, plane); break;
        case CG_FLOAT64: convolve_double(p, plane); break;
        default: convolve_int32_t(p, plane); break;
        }
    }
}

static void transposed_part(void *context, int32_t part) {
    const struct pass *p = context;
    ptrdiff_t first, end;
    ck_part_range(p->images * p->outputs, p->parts, part, &first, &end);
    for (ptrdiff_t plane = first; plane < end; plane++) {
        switch (p->type) {
        case CG_FLOAT32: transposed_float(p, plane); break;
        case CG_FLOAT64: transposed_double(p, plane); break;
        default: transposed_int32_t(p, plane); break;
        }
    }
}

static int32_t run(ck_task task, int32_t type, ptrdiff_t images, ptrdiff_t channels, ptrdiff_t outputs, ptrdiff_t groups,
                   const struct cg_windows *w, const void *x, const void *weights, const void *bias, void *y) {
    if (type != CG_FLOAT32 && type != CG_FLOAT64 && type != CG_INT32) return 0;
    struct pass p = {
        .type = type, .images = images, .channels = channels, .outputs = outputs, .groups = groups, .w = w, .x = x,
        .weights = weights, .bias = bias, .y = y, .in_count = product(w->rank, w->in),
        .out_count = product(w->rank, w->out), .kernel_count = product(w->rank, w->kernel),
    };
    ptrdiff_t planes = images * outputs;
    p.parts = planes < 256 ? (int32_t)planes : 256;
    if (planes) ck_parallel(p.parts, task, &p);
    return 1;
}

int32_t cg_convolve(int32_t type, ptrdiff_t images, ptrdiff_t channels, ptrdiff_t outputs, ptrdiff_t groups,
                    const struct cg_windows *w, const void *x, const void *weights, const void *bias, void *y) {
    return run(convolve_part, type, images, channels, outputs, groups, w, x, weights, bias, y);
}

int32_t cg_convolve_transposed(int32_t type, ptrdiff_t images, ptrdiff_t channels, ptrdiff_t outputs, ptrdiff_t groups,
                               const struct cg_windows *w, const void *x, const void *weights, const void *bias, void *y) {
    return run(transposed_part, type, images, channels, outputs, groups, w, x, weights, bias, y);
}

struct resampling {
    ptrdiff_t outer, in, out, inner, taps;
    const int32_t *places;
    const float *weights, *x;
    float *y;
    int32_t parts;
};

static void resample_part(void *context, int32_t part) {
    const struct resampling *r = context;
    ptrdiff_t first, end;
    ck_part_range(r->outer * r->out, r->parts, part, &first, &end);
    for (ptrdiff_t i = first; i < end; i++) {
        ptrdiff_t q = i % r->out;
        const float *x = r->x + i / r->out * r->in * r->inner;
        float *y = r->y + i * r->inner;
        for (ptrdiff_t j = 0; j < r->inner; j++) {
            double sum = 0;
            for (ptrdiff_t t = 0; t < r->taps; t++)
                sum += (double)r->weights[q * r->taps + t] * (double)x[r->places[q * r->taps + t] * r->inner + j];
            y[j] = (float)sum;
        }
    }
}

void cg_resample(ptrdiff_t outer, ptrdiff_t in, ptrdiff_t out, ptrdiff_t inner, ptrdiff_t taps, const int32_t *places,
                 const float *weights, const float *x, float *y) {
    struct resampling r = {outer, in, out, inner, taps, places, weights, x, y, 1};
    ptrdiff_t rows = outer * out;
    r.parts = ck_elementwise_parts(rows * inner * taps);
    if (r.parts > rows) r.parts = (int32_t)rows;
    if (rows * inner) ck_parallel(r.parts, resample_part, &r);
}
