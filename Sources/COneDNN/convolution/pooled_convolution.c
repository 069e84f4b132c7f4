// The same division as the other gradients have: partial sums over runs of images, added in one order.
#include <string.h>

#include "convolution/pooled_convolution.h"
#include "ck_core.h"

#define CDNN_POOLED_PARTIAL_SUMS 8

int32_t cdnn_places_layout(int32_t result_layout, int32_t pooled_layout) {
    CK_ASSERT_IN(result_layout, CK_LAYOUT_ROWS, CK_LAYOUT_EIGHTS);
    CK_ASSERT_IN(pooled_layout, CK_LAYOUT_ROWS, CK_LAYOUT_EIGHTS);
    return pooled_layout == CK_LAYOUT_ROWS ? result_layout : pooled_layout;
}

static struct ck_pooled_convolution form_of(const struct cdnn_convolution *c, const struct cdnn_pooling *pooling) {
    const struct cdnn_geometry *g = &c->geometry;
    return (struct ck_pooled_convolution){
        g->channels, g->height, g->width, g->padding_top, g->padding_left, g->kernel_height,
        g->outputs, pooling->height, pooling->width,
        g->source_layout == CK_LAYOUT_CHANNELS_LAST, cdnn_places_layout(g->result_layout, pooling->layout),
    };
}

/// The forward weights as the kernels read them; 0 if oneDNN's order is another.
static int weights_of(struct cdnn_convolution *c, const void *packed, struct ck_blocked_weights *weights) {
    const struct cdnn_primitives *p = cdnn_primitives_for(c, c->chunk);
    if (!p) return 0;
    ptrdiff_t strides[4];
    ptrdiff_t outputs = cdnn_output_blocks(p->forward_weights, strides);
    if (outputs != 8 && outputs != 16) return 0;
    *weights = (struct ck_blocked_weights){packed, strides[0] * (16 / outputs), outputs == 8 ? strides[0] : 8,
                                           strides[1], strides[2], strides[3]};
    return 1;
}

/// What both ways below need: results in blocks or with their channels last, pooled by squares.
static int is_pooled_by_two(const struct cdnn_geometry *g, const struct cdnn_pooling *pooling) {
    return pooling && cdnn_steps_by_one(g) && cdnn_pools_whole_squares(g, pooling) && g->result_layout != CK_LAYOUT_ROWS;
}

int cdnn_suits_pooled(struct cdnn_convolution *c, const struct cdnn_pooling *pooling) {
    const struct cdnn_geometry *g = &c->geometry;
    // Of more channels a row of the kernel fills vectors, which the products of oneDNN and the gradients below use better.
    if (!is_pooled_by_two(g, pooling) || g->source_layout == CK_LAYOUT_BLOCKED || g->channels > 3 || g->half ||
        g->kernel_height != g->kernel_width)
        return 0;
    struct ck_pooled_convolution form = form_of(c, pooling);
    struct ck_blocked_weights weights;
    return weights_of(c, NULL, &weights) && ck_has_pooled_convolution(&form, &weights);
}

int cdnn_suits_pooled_gradients(const struct cdnn_convolution *c, const struct cdnn_pooling *pooling,
                                struct ck_pooled_gradients *form) {
    const struct cdnn_geometry *g = &c->geometry;
    if (!is_pooled_by_two(g, pooling) || g->source_layout != CK_LAYOUT_CHANNELS_LAST || c->weights.half ||
        c->weights.rounded || c->data.half || c->data.rounded)
        return 0;
    *form = (struct ck_pooled_gradients){
        g->channels, g->height, g->width, g->padding_top, g->padding_left, g->kernel_height, g->kernel_width,
        g->outputs, pooling->height, pooling->width,
        cdnn_places_layout(g->result_layout, pooling->layout), pooling->layout,
    };
    return ck_has_pooled_gradients(form);
}

dnnl_status_t cdnn_pooled_forward(struct cdnn_convolution *c, struct cdnn_context *k, ptrdiff_t images,
                                  const float *source, const void *packed, const float *bias,
                                  const struct cdnn_pooling *pooling, float *pooled, uint8_t *places) {
    struct ck_pooled_convolution form = form_of(c, pooling);
    struct ck_blocked_weights weights;
    float *planes = cdnn_scratch_of(k, (size_t)ck_pooled_planes_count(&form) * sizeof(float));
    if (!planes || !weights_of(c, packed, &weights)) return dnnl_out_of_memory;
    ck_pooled_convolve(&form, images, source, &weights, bias, c->geometry.relu, planes, pooled, places);
    return dnnl_success;
}

struct job {
    struct ck_pooled_convolution form;
    ptrdiff_t images;
    int32_t sums, turns;  // turns: the gradient lies in rows
    const float *source, *gradient;
    const uint8_t *places;
    float *partial;
    ptrdiff_t count, part_size;  // numbers of one part's sums, and of all that it works with
};

/// Images whose gradient is turned together.
#define CDNN_POOLED_TURNED 16

static void part(void *context, int32_t index) {
    struct job *job = context;
    const struct ck_pooled_convolution *c = &job->form;
    ptrdiff_t first, end, pixels = c->height * c->width;
    ck_part_range(job->images, job->sums, index, &first, &end);
    ptrdiff_t source_step = c->channels * c->source_height * c->source_width;
    ptrdiff_t step = ck_image_count(c->layout, 1, c->outputs, pixels);
    float *sums = job->partial + index * job->part_size, *planes = sums + job->count;
    float *turned = planes + ck_pooled_planes_count(c);
    memset(sums, 0, (size_t)job->count * sizeof(float));
    for (ptrdiff_t image = first; image < end; image += CDNN_POOLED_TURNED) {
        ptrdiff_t images = end - image < CDNN_POOLED_TURNED ? end - image : CDNN_POOLED_TURNED;
        const float *gradient = job->gradient + image * step;
        if (job->turns) {
            ck_relayout_images(images, c->outputs, pixels, CK_LAYOUT_ROWS,
                               job->gradient + image * c->outputs * pixels, c->layout, turned);
            gradient = turned;
        }
        ck_add_pooled_gradient(c, images, job->source + image * source_step, gradient, job->places + image * step,
                               planes, sums);
    }
}

enum ck_status cdnn_pooled_gradient(const struct cdnn_convolution *c, ptrdiff_t images, const float *source,
                             const struct cdnn_pooling *pooling, const uint8_t *places, const float *pooled_gradient,
                             float *weight_gradient, float *bias_gradient) {
    struct job job = {.form = form_of(c, pooling), .images = images, .source = source, .places = places};
    job.gradient = pooled_gradient;
    job.turns = pooling->layout == CK_LAYOUT_ROWS;
    job.sums = images < CDNN_POOLED_PARTIAL_SUMS ? (images > 0 ? (int32_t)images : 1) : CDNN_POOLED_PARTIAL_SUMS;
    job.count = ck_pooled_gradient_count(&job.form);
    ptrdiff_t turned = ck_image_count(job.form.layout, CDNN_POOLED_TURNED, job.form.outputs, job.form.height * job.form.width);
    job.part_size = (job.count + ck_pooled_planes_count(&job.form) + turned + 15) / 16 * 16;
    size_t size = (size_t)(job.part_size * job.sums) * sizeof(float);
    job.partial = ck_buffer_take(size);
    if (!job.partial) return CK_NO_MEMORY;
    ck_parallel(job.sums, part, &job);
    for (int32_t other = 1; other < job.sums; other++)
        for (ptrdiff_t i = 0; i < job.count; i++) job.partial[i] += job.partial[other * job.part_size + i];
    ck_pooled_gradient_result(&job.form, job.partial, weight_gradient, bias_gradient);
    ck_buffer_give(job.partial, size);
    return CK_OK;
}
