// One convolution of a graph, cut by its geometry.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "ci_convolution.h"
#include "memory.h"

#define GRAPH_MOST_PARTS 4

struct ci_convolution {
    struct cdnn_geometry geometry;
    int32_t parts;
    struct cdnn_graph_pass *passes[GRAPH_MOST_PARTS];
    float *packed[GRAPH_MOST_PARTS];  // weights and bias of our own kernel, in the place of a pass
    struct ck_pointwise own[GRAPH_MOST_PARTS];
    ptrdiff_t source_offset[GRAPH_MOST_PARTS], result_offset[GRAPH_MOST_PARTS];  // numbers from an image's first
    ptrdiff_t source_step, result_step;                              // numbers per image
    ptrdiff_t scratch;
};

/// Into how many parts an image's outputs are cut: two where that is some work, more where it is much.
static int32_t parts_of(const struct cdnn_geometry *g, ptrdiff_t unit) {
    double products = (double)g->outputs * (double)(g->channels / g->groups) * (double)(g->kernel_height * g->kernel_width) *
                      (double)(g->result_height * g->result_width);
    ptrdiff_t units = (g->groups > 1 ? g->groups : g->outputs) / unit;
    int32_t parts = products < 4e5 ? 1 : 2;
    while (parts > 1 && (units < parts || unit == 0)) parts--;
    return parts;
}

/// Whether our own kernel takes a convolution: pixel by pixel in groups, in rows, with an activation that it knows.
static int is_pointwise(const struct cdnn_geometry *g, const struct cdnn_after *after) {
    return g->groups > 1 && g->channels > g->groups && g->source_layout == CK_LAYOUT_ROWS && g->result_layout == CK_LAYOUT_ROWS &&
           g->kernel_height == 1 && g->kernel_width == 1 && g->stride_height == 1 && g->stride_width == 1 &&
           g->height == g->result_height && g->width == g->result_width && g->padding_top == 0 && g->padding_left == 0 &&
           after->activation <= CDNN_AFTER_CLIP;
}

/// Packs the weights of a part for our own kernel; 0 without memory.
static int pack_pointwise(struct ci_convolution *c, int32_t part, const struct cdnn_geometry *g,
                          const struct cdnn_after *after, const float *weights, const float *bias) {
    struct ck_pointwise own = {g->groups, g->channels / g->groups, g->outputs / g->groups, g->height * g->width,
                               after->adds, after->activation, after->alpha, after->beta};
    ptrdiff_t count = ck_pointwise_count(&own);
    c->packed[part] = ci_zeros(count + g->outputs);
    if (!c->packed[part]) return 0;
    ck_pointwise_pack(&own, weights, c->packed[part]);
    memcpy(c->packed[part] + count, bias, (size_t)g->outputs * sizeof *bias);
    c->own[part] = own;
    if (c->scratch < 64 * own.channels) c->scratch = 64 * own.channels;
    return 1;
}

static ptrdiff_t lanes_of(int32_t layout) {
    return layout == CK_LAYOUT_BLOCKED ? 16 : layout == CK_LAYOUT_EIGHTS ? 8 : 1;
}

struct ci_convolution *ci_convolution_make(const struct cdnn_geometry *g, const struct cdnn_after *after,
                                           const float *weights, const float *bias) {
    CK_ASSERT_GIVEN(g);
    CK_ASSERT_GIVEN(after);
    CK_ASSERT_GIVEN(weights);
    CK_ASSERT_GIVEN(bias);
    struct ci_convolution *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    c->geometry = *g;
    ptrdiff_t pixels = g->height * g->width, results = g->result_height * g->result_width;
    c->source_step = ck_image_count(g->source_layout, 1, g->channels, pixels);
    c->result_step = ck_image_count(g->result_layout, 1, g->outputs, results);
    // A part is whole blocks of outputs; of groups, whole groups whose channels and outputs are whole blocks too.
    ptrdiff_t lanes = lanes_of(g->result_layout), each = g->outputs / g->groups, own = g->channels / g->groups;
    ptrdiff_t unit = lanes;
    if (g->groups > 1) {
        ptrdiff_t wide = lanes_of(g->source_layout) > lanes ? lanes_of(g->source_layout) : lanes;
        unit = 1;
        while (unit < g->groups && (unit * each % wide != 0 || unit * own % wide != 0)) unit++;
    }
    c->parts = parts_of(g, unit);
    ptrdiff_t total = g->groups > 1 ? g->groups : g->outputs;
    ptrdiff_t units = (total + unit - 1) / unit;
    if (units < c->parts) c->parts = (int32_t)units;
    for (int32_t part = 0; part < c->parts; part++) {
        ptrdiff_t first = units * part / c->parts * unit, end = units * (part + 1) / c->parts * unit;
        if (end > total) end = total;
        struct cdnn_geometry inner = *g;
        ptrdiff_t first_output = first, first_channel = 0;
        if (g->groups > 1) {
            inner.groups = end - first;
            inner.channels = inner.groups * own;
            inner.outputs = inner.groups * each;
            first_output = first * each;
            first_channel = first * own;
        } else {
            inner.outputs = end - first;
        }
        c->source_offset[part] = first_channel * pixels;
        c->result_offset[part] = first_output * results;
        const float *part_weights = weights + first_output * own * g->kernel_height * g->kernel_width;
        if (is_pointwise(&inner, after)) {
            if (pack_pointwise(c, part, &inner, after, part_weights, bias + first_output)) continue;
            ci_convolution_free(c);
            return NULL;
        }
        c->passes[part] = cdnn_graph_pass_make(&inner, after, part_weights, bias + first_output);
        if (!c->passes[part]) {
            ci_convolution_free(c);
            return NULL;
        }
        ptrdiff_t scratch = cdnn_graph_pass_scratch(c->passes[part]);
        if (scratch > c->scratch) c->scratch = scratch;
    }
    return c;
}

void ci_convolution_free(struct ci_convolution *c) {
    if (!c) return;
    for (int32_t part = 0; part < GRAPH_MOST_PARTS; part++) {
        cdnn_graph_pass_free(c->passes[part]);
        free(c->packed[part]);
    }
    free(c);
}

struct run {
    const struct ci_convolution *convolution;
    const float *source;
    float *result;
    _Atomic int32_t status;
};

static void run_part(void *context, int32_t number) {
    struct run *r = context;
    const struct ci_convolution *c = r->convolution;
    ptrdiff_t image = number / c->parts, part = number % c->parts;
    ptrdiff_t bytes = (c->scratch + 127) / 64 * 64;
    void *scratch = ck_buffer_take(bytes);
    const float *source = r->source + image * c->source_step + c->source_offset[part];
    float *result = r->result + image * c->result_step + c->result_offset[part];
    enum ck_status status = CK_NO_MEMORY;
    if (scratch && c->packed[part]) {
        const struct ck_pointwise *own = &c->own[part];
        ck_pointwise_run(own, source, c->packed[part], c->packed[part] + ck_pointwise_count(own), scratch, result);
        status = CK_OK;
    } else if (scratch) {
        status = cdnn_graph_pass_run(c->passes[part], source, result, scratch);
    }
    if (scratch) ck_buffer_give(scratch, bytes);
    if (status != CK_OK) atomic_store(&r->status, (int32_t)status);
}

enum ck_status ci_convolution_run(const struct ci_convolution *c, ptrdiff_t images, const float *source, float *result) {
    CK_ASSERT_GIVEN(c);
    CK_ASSERT(images, >= 0);
    struct run r = {c, source, result, CK_OK};
    // No more parts at once than a region takes.
    ptrdiff_t most = CK_MAX_PARTS / c->parts;
    for (ptrdiff_t first = 0; first < images; first += most) {
        ptrdiff_t count = images - first < most ? images - first : most;
        r.source = source + first * c->source_step;
        r.result = result + first * c->result_step;
        ck_parallel((int32_t)(count * c->parts), run_part, &r);
    }
    return (enum ck_status)atomic_load(&r.status);
}
