// Convolutions over a batch: chunks of images in parallel. The division follows from the batch alone, and sums over
// chunks are made in one order, so the bits do not depend on the number of threads.
#include <string.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "convolution/convolution_primitives.h"
#include "convolution/pooled_convolution.h"
#include "core/status.h"

/// How many partial sums a weight gradient has.
#define CDNN_PARTIAL_SUMS 8

struct job {
    struct cdnn_convolution *c;
    ptrdiff_t images, chunks;
    int32_t parts, sums;
    int32_t keeps_largest;  // forward, by the kernels that compute and pool in one
    const float *source, *bias, *result, *result_gradient;
    const void *packed;
    const struct cdnn_pooling *pooling;
    struct ck_windows windows;
    int32_t places_layout;
    ptrdiff_t pooled_step, places_step;  // numbers per pooled image, places per image
    float *out, *source_gradient, *partial, *partial_bias;
    uint8_t *places;
    const uint8_t *places_in;
    _Atomic int32_t status;
};

CK_CLONES
static void mask_by(const float *y, const float *gradient, float *out, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) out[i] = y[i] <= 0 ? 0 : gradient[i];
}

/// max(0, y), which leaves a NaN: oneDNN's own, after the product, makes a zero of it.
CK_CLONES
static void rectify(float *y, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) y[i] = y[i] < 0 ? 0 : y[i];
}

CK_CLONES
static void add(const float *from, float *to, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) to[i] += from[i];
}

static void fail(struct job *job, dnnl_status_t status) { atomic_store(&job->status, (int32_t)status); }

static void chunk_range(struct job *job, ptrdiff_t chunk, ptrdiff_t *first, ptrdiff_t *count) {
    *first = chunk * job->c->chunk;
    ptrdiff_t rest = job->images - *first;
    *count = rest < job->c->chunk ? rest : job->c->chunk;
}

static void set_windows(struct job *job, const struct cdnn_pooling *pooling) {
    const struct cdnn_geometry *g = &job->c->geometry;
    job->pooling = pooling;
    if (!pooling) return;
    job->windows = (struct ck_windows){
        g->result_height,       g->result_width,        pooling->height,        pooling->width,
        pooling->kernel_height, pooling->kernel_width,  pooling->stride_height, pooling->stride_width,
        pooling->padding_top,   pooling->padding_left,
    };
    job->pooled_step = ck_image_count(pooling->layout, 1, g->outputs, pooling->height * pooling->width);
    job->places_layout = cdnn_places_layout(g->result_layout, pooling->layout);
    job->places_step = ck_image_count(job->places_layout, 1, g->outputs, pooling->height * pooling->width);
}

/// Where a chunk's pooled images go before they are turned into rows, if they are; NULL without memory.
static float *pooled_of(struct job *job, struct cdnn_context *k, ptrdiff_t first) {
    if (job->places_layout == job->pooling->layout) return job->out + first * job->pooled_step;
    return cdnn_pooled(k, job->c->chunk * job->places_step);
}

static void turn_pooled(struct job *job, const float *pooled, ptrdiff_t first, ptrdiff_t count) {
    const struct cdnn_pooling *pooling = job->pooling;
    if (job->places_layout != pooling->layout)
        ck_relayout_images(count, job->c->geometry.outputs, pooling->height * pooling->width, job->places_layout, pooled,
                           pooling->layout, job->out + first * job->pooled_step);
}

/// Pools a chunk's result, which still is in the cache.
static int32_t pool_chunk(struct job *job, struct cdnn_context *k, ptrdiff_t first, ptrdiff_t count) {
    const struct cdnn_geometry *g = &job->c->geometry;
    float *pooled = pooled_of(job, k, first);
    if (!pooled) return dnnl_out_of_memory;
    ck_max_pool_images(&job->windows, g->outputs, count, g->result_layout, k->result, g->relu, job->places_layout, pooled,
                       job->places + first * job->places_step);
    turn_pooled(job, pooled, first, count);
    return dnnl_success;
}

/// Copies images, those in blocks into their insets of zeros, or back.
static void move_inset(const struct cdnn_convolution *c, ptrdiff_t images, const float *from, float *to, int32_t back) {
    if (!c->is_inset) {
        memcpy(to, from, (size_t)(images * c->source_step) * sizeof(float));
        return;
    }
    const struct cdnn_geometry *outer = &c->geometry, *inner = &c->inner;
    ptrdiff_t blocks = images * ((outer->channels + 15) / 16), row = 16 * outer->width;
    for (ptrdiff_t block = 0; block < blocks; block++)
        for (ptrdiff_t y = 0; y < outer->height; y++) {
            ptrdiff_t tight = (block * outer->height + y) * row;
            ptrdiff_t loose = ((block * inner->height + y + c->inset_top) * inner->width + c->inset_left) * 16;
            memcpy(to + (back ? tight : loose), from + (back ? loose : tight), (size_t)row * sizeof(float));
        }
}

/// Numbers in bfloat16, and zeros after them: where the channels of a pixel are odd, oneDNN multiplies them in pairs, and the
/// last one's pair lies beyond the last image. Its weight is zero, which a NaN there survives.
static void to_halves(ptrdiff_t count, const float *numbers, uint16_t *halves) {
    ck_to_bfloat16(count, numbers, halves);
    memset(halves + count, 0, CDNN_BEYOND);
}

/// The chunk's source as a pass of `length` images reads it, zero from image `count` on; NULL without memory.
static const void *source_of(struct job *job, struct cdnn_context *k, struct cdnn_way way, ptrdiff_t first,
                             ptrdiff_t count, ptrdiff_t length) {
    struct cdnn_convolution *c = job->c;
    const float *source = job->source + first * c->source_step;
    if (c->is_inset || length > count || way.rounded) {
        float *padded = cdnn_padded(c, &k->padded_source);
        if (!padded) return NULL;
        move_inset(c, count, source, padded, 0);
        memset(padded + count * c->inner_step, 0, (size_t)((length - count) * c->inner_step) * sizeof(float));
        if (way.rounded) ck_round_to_bfloat16(count * c->inner_step, padded, padded);
        source = padded;
    }
    if (!way.half) return source;
    to_halves(length * c->inner_step, source, k->source_half);
    return k->source_half;
}

static void forward_chunk(struct job *job, struct cdnn_context *k, ptrdiff_t chunk) {
    struct cdnn_convolution *c = job->c;
    ptrdiff_t first, count;
    chunk_range(job, chunk, &first, &count);
    struct cdnn_primitives *p = cdnn_primitives_for(c, count);
    const void *source = p ? source_of(job, k, c->forward, first, count, p->images) : NULL;
    if (!source) return fail(job, dnnl_out_of_memory);
    int aside = job->pooling || p->images > count;
    float *out = job->out + first * c->result_step;
    struct cdnn_argument arguments[] = {
        {DNNL_ARG_SRC, p->forward_source, (void *)source},
        {DNNL_ARG_WEIGHTS, p->forward_weights, (void *)job->packed},
        {DNNL_ARG_DST, p->result, aside ? k->result : out},
        {DNNL_ARG_SCRATCHPAD, p->forward_scratch, cdnn_scratch(k, p->forward_scratch)},
        {DNNL_ARG_BIAS, p->bias, (void *)job->bias},
    };
    dnnl_status_t status = cdnn_run(c, k, p->forward, c->geometry.bias ? 5 : 4, arguments);
    if (status != dnnl_success) return fail(job, status);
    if (job->pooling) {
        status = pool_chunk(job, k, first, count);
    } else {
        if (aside) memcpy(out, k->result, (size_t)(count * c->result_step) * sizeof(float));
        if (c->geometry.relu) rectify(out, count * c->result_step);
    }
    if (status != dnnl_success) fail(job, status);
}

/// The same by the kernels that never write what is not the largest.
static void forward_pooled_chunk(struct job *job, struct cdnn_context *k, ptrdiff_t chunk) {
    struct cdnn_convolution *c = job->c;
    ptrdiff_t first, count;
    chunk_range(job, chunk, &first, &count);
    float *pooled = pooled_of(job, k, first);
    dnnl_status_t status = pooled ? cdnn_pooled_forward(c, k, count, job->source + first * c->source_step, job->packed, job->bias,
                                                  job->pooling, pooled, job->places + first * job->places_step)
                            : dnnl_out_of_memory;
    if (status == dnnl_success) turn_pooled(job, pooled, first, count);
    else fail(job, status);
}

static void forward_part(void *context, int32_t part) {
    struct job *job = context;
    ck_one_openmp_thread();
    ptrdiff_t chunk, end;
    ck_part_range(job->chunks, job->parts, part, &chunk, &end);
    struct cdnn_context *k = cdnn_take_context(job->c);
    if (!k) return fail(job, dnnl_out_of_memory);
    for (; chunk < end; chunk++) {
        if (job->keeps_largest) forward_pooled_chunk(job, k, chunk);
        else forward_chunk(job, k, chunk);
    }
    cdnn_give_context(job->c, k);
}

enum ck_status cdnn_convolve(struct cdnn_convolution *c, ptrdiff_t images, const float *source, const void *packed,
                             const float *bias, const struct cdnn_pooling *pooling, float *result, uint8_t *places) {
    CK_ASSERT_GIVEN(c);
    CK_ASSERT(images, >= 0);
    CK_ASSERT_MEMORY(source, images);
    CK_ASSERT_GIVEN(packed);
    CK_ASSERT_MEMORY(result, images);
    struct job job = {.c = c, .images = images, .source = source, .bias = bias, .packed = packed};
    job.chunks = (images + c->chunk - 1) / c->chunk;
    job.parts = job.chunks < CK_MAX_PARTS ? (int32_t)job.chunks : CK_MAX_PARTS;
    job.out = result;
    job.places = places;
    job.keeps_largest = cdnn_suits_pooled(c, pooling);
    set_windows(&job, pooling);
    ck_parallel(job.parts, forward_part, &job);
    return cdnn_status((dnnl_status_t)atomic_load(&job.status));
}

/// The gradient by the convolution's own result, before pooling and relu, for one chunk of `count` images; NULL without
/// memory.
static const float *result_gradient_of(struct job *job, struct cdnn_context *k, ptrdiff_t first, ptrdiff_t count) {
    struct cdnn_convolution *c = job->c;
    const struct cdnn_geometry *g = &c->geometry;
    const struct cdnn_pooling *pooling = job->pooling;
    if (pooling) {
        const float *pooled = job->result_gradient + first * job->pooled_step;
        if (job->places_layout != pooling->layout) {
            float *turned = cdnn_pooled(k, c->chunk * job->places_step);
            if (!turned) return NULL;
            ck_relayout_images(count, g->outputs, pooling->height * pooling->width, pooling->layout, pooled,
                               job->places_layout, turned);
            pooled = turned;
        }
        ck_max_pool_gradient_images(&job->windows, g->outputs, count, job->places_layout, pooled,
                                    job->places_in + first * job->places_step, g->result_layout, k->result);
        return k->result;
    }
    const float *gradient = job->result_gradient + first * c->result_step;
    if (!g->relu) return gradient;
    mask_by(job->result + first * c->result_step, gradient, k->result, count * c->result_step);
    return k->result;
}

/// `length` images of a gradient as the passes back multiply it: its `count`, and zeros, which add nothing to any sum.
static const float *filled_up(const struct cdnn_convolution *c, struct cdnn_context *k, const float *gradient,
                              ptrdiff_t count, ptrdiff_t length) {
    if (!gradient || (length == count && !c->data.rounded)) return gradient;
    if (c->data.rounded)
        ck_round_to_bfloat16(count * c->result_step, gradient, k->result);
    else if (gradient != k->result)
        memcpy(k->result, gradient, (size_t)(count * c->result_step) * sizeof(float));
    memset(k->result + count * c->result_step, 0, (size_t)((length - count) * c->result_step) * sizeof(float));
    return k->result;
}

static void gradient_chunk(struct job *job, struct cdnn_context *k, ptrdiff_t chunk, float *sum, float *bias_sum,
                           int32_t is_first) {
    struct cdnn_convolution *c = job->c;
    ptrdiff_t first, count;
    chunk_range(job, chunk, &first, &count);
    struct cdnn_primitives *p = cdnn_primitives_for(c, count);
    if (!p) return fail(job, dnnl_runtime_error);
    ptrdiff_t length = p->images;
    const void *gradient = filled_up(c, k, result_gradient_of(job, k, first, count), count, length);
    const void *source = sum ? source_of(job, k, c->weights, first, count, length) : gradient;
    if (!gradient || !source) return fail(job, dnnl_out_of_memory);
    if ((c->weights.half && sum) || (c->data.half && job->source_gradient))
        to_halves(length * c->result_step, gradient, k->result_half);
    dnnl_status_t status = dnnl_success;
    if (sum) {
        struct cdnn_argument arguments[] = {
            {DNNL_ARG_SRC, p->weights_source, (void *)source},
            {DNNL_ARG_DIFF_DST, p->weights_result, c->weights.half ? k->result_half : (void *)gradient},
            {DNNL_ARG_DIFF_WEIGHTS, p->weight_gradient, is_first ? sum : k->gradient},
            {DNNL_ARG_SCRATCHPAD, p->weights_scratch, cdnn_scratch(k, p->weights_scratch)},
            {DNNL_ARG_DIFF_BIAS, p->bias, is_first ? bias_sum : k->bias_gradient},
        };
        status = cdnn_run(c, k, p->weights, c->geometry.bias ? 5 : 4, arguments);
        if (!is_first) {
            add(k->gradient, sum, c->gradient_count);
            if (c->geometry.bias) add(k->bias_gradient, bias_sum, c->geometry.outputs);
        }
    }
    if (status == dnnl_success && job->source_gradient) {
        const struct cdnn_geometry *g = &c->geometry;
        cdnn_form form = p->data_in_rows ? p->result_rows : p->data_result;
        float *target = job->source_gradient + first * c->source_step, *aside = NULL;
        if ((c->is_inset || length > count) && !(aside = cdnn_padded(c, &k->padded_gradient)))
            return fail(job, dnnl_out_of_memory);
        if (c->data.half) gradient = k->result_half;
        if (p->data_in_rows) {
            ck_relayout_images(length, g->outputs, g->result_height * g->result_width, g->result_layout, gradient,
                               CK_LAYOUT_ROWS, k->rows);
            gradient = k->rows;
        }
        struct cdnn_argument arguments[] = {
            {DNNL_ARG_DIFF_DST, form, (void *)gradient},
            {DNNL_ARG_WEIGHTS, p->data_weights, (void *)job->packed},
            {DNNL_ARG_DIFF_SRC, p->source, aside ? aside : target},
            {DNNL_ARG_SCRATCHPAD, p->data_scratch, cdnn_scratch(k, p->data_scratch)},
        };
        status = cdnn_run(c, k, p->data, 4, arguments);
        if (aside) move_inset(c, count, aside, target, 1);
    }
    if (status != dnnl_success) fail(job, status);
}

static void gradient_part(void *context, int32_t part) {
    struct job *job = context;
    struct cdnn_convolution *c = job->c;
    ck_one_openmp_thread();
    struct cdnn_context *k = cdnn_take_context(c);
    if (!k) return fail(job, dnnl_out_of_memory);
    ptrdiff_t first, end;
    ck_part_range(job->chunks, job->sums, part, &first, &end);
    float *sum = job->partial ? job->partial + part * c->gradient_count : NULL;
    float *bias_sum = job->partial_bias ? job->partial_bias + part * c->geometry.outputs : NULL;
    for (ptrdiff_t chunk = first; chunk < end; chunk++)
        gradient_chunk(job, k, chunk, sum, bias_sum, chunk == first);
    cdnn_give_context(c, k);
}

/// The gradients by oneDNN. `packed_for_data`: the weights as its pass reads them; NULL if no source's gradient is wanted.
static enum ck_status dense_gradients(struct cdnn_convolution *c, ptrdiff_t images, const float *source,
                                      const void *packed_for_data, const struct cdnn_pooling *pooling,
                                      const float *result, const uint8_t *places, const float *result_gradient,
                                      float *source_gradient, float *weight_gradient, float *bias_gradient) {
    struct job job = {.c = c, .images = images, .source = source, .result = result};
    job.result_gradient = result_gradient;
    job.places_in = places;
    job.packed = packed_for_data;
    job.source_gradient = source_gradient;
    job.chunks = (images + c->chunk - 1) / c->chunk;
    job.sums = job.chunks < CDNN_PARTIAL_SUMS ? (int32_t)job.chunks : CDNN_PARTIAL_SUMS;
    set_windows(&job, pooling);
    struct cdnn_primitives *p = cdnn_primitives_for(c, c->chunk);
    if (!p) return CK_FAILED;
    size_t size = (size_t)(c->gradient_count + c->geometry.outputs) * CDNN_PARTIAL_SUMS * sizeof(float);
    size = (size + 63) & ~(size_t)63;
    float *sums = weight_gradient ? ck_buffer_take(size) : NULL;
    if (weight_gradient && !sums) return CK_NO_MEMORY;
    if (sums) {
        if (images == 0) memset(sums, 0, size);
        job.partial = sums;
        job.partial_bias = sums + CDNN_PARTIAL_SUMS * c->gradient_count;
    }
    ck_parallel(job.sums, gradient_part, &job);
    dnnl_status_t status = (dnnl_status_t)atomic_load(&job.status);
    if (sums) {
        for (int32_t part = 1; part < job.sums; part++) {
            add(sums + part * c->gradient_count, sums, c->gradient_count);
            if (bias_gradient)
                add(job.partial_bias + part * c->geometry.outputs, job.partial_bias, c->geometry.outputs);
        }
        if (status == dnnl_success)
            status = cdnn_reorder(c, c->unpack_gradient, p->weight_gradient, sums, c->plain_weights, weight_gradient);
        if (bias_gradient)
            memcpy(bias_gradient, job.partial_bias, (size_t)c->geometry.outputs * sizeof(float));
        ck_buffer_give(sums, size);
    }
    return cdnn_status(status);
}

enum ck_status cdnn_convolution_gradients(struct cdnn_convolution *c, ptrdiff_t images, const float *source,
                                          const float *weights, const struct cdnn_pooling *pooling,
                                          const float *result, const uint8_t *places, const float *result_gradient,
                                          float *source_gradient, float *weight_gradient, float *bias_gradient) {
    CK_ASSERT_GIVEN(c);
    CK_ASSERT(images, >= 0);
    CK_ASSERT_MEMORY(source, images);
    CK_ASSERT_GIVEN(weights);
    CK_ASSERT_MEMORY(result_gradient, images);
    if (!source_gradient && cdnn_suits_pooled(c, pooling))
        return cdnn_pooled_gradient(c, images, source, pooling, places, result_gradient, weight_gradient,
                                    bias_gradient);
    struct ck_pooled_gradients sparse;
    if (cdnn_suits_pooled_gradients(c, pooling, &sparse)) {
        enum ck_status status = ck_pooled_gradients(&sparse, images, source, weights, result_gradient, places,
                                                    source_gradient, weight_gradient, bias_gradient);
        // Numbers that are not finite are multiplied with zeros too, as everywhere.
        if (status != CK_NOT_FINITE) return status;
    }
    size_t size = source_gradient ? ((size_t)cdnn_packed_size(c, 1) + 63) & ~(size_t)63 : 0;
    void *packed = size ? ck_buffer_take(size) : NULL;
    if (size && !packed) return CK_NO_MEMORY;
    enum ck_status status = packed ? cdnn_pack_weights(c, 1, weights, packed) : CK_OK;
    if (status == CK_OK)
        status = dense_gradients(c, images, source, packed, pooling, result, places, result_gradient, source_gradient,
                                 weight_gradient, bias_gradient);
    if (packed) ck_buffer_give(packed, size);
    return status;
}

enum ck_status cdnn_convolution_transposed(struct cdnn_convolution *c, ptrdiff_t images, const void *packed_for_data,
                                           const float *result_gradient, float *source_gradient) {
    CK_ASSERT_GIVEN(c);
    CK_ASSERT(images, >= 0);
    CK_ASSERT_GIVEN(packed_for_data);
    CK_ASSERT_MEMORY(result_gradient, images);
    CK_ASSERT_MEMORY(source_gradient, images);
    return dense_gradients(c, images, NULL, packed_for_data, NULL, NULL, NULL, result_gradient, source_gradient, NULL,
                           NULL);
}
