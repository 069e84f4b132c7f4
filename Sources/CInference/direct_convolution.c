// Convolutions of few channels whose results are pooled, by kernels of our own, which write nothing but what is kept.
#include "ck_core.h"
#include "ck_nn.h"
#include "direct_convolution.h"
#include "memory.h"

/// In which layout the kernels of this processor leave what they keep.
static int32_t own_layout(void) {
    return ck_this_processor()->vector_bits == 512 ? CK_LAYOUT_BLOCKED : CK_LAYOUT_EIGHTS;
}

static struct ck_pooled_convolution form_of(const struct ci_stage *stage) {
    const struct cdnn_geometry *g = &stage->layer.geometry;
    const struct cdnn_pooling *p = &stage->layer.pooling;
    return (struct ck_pooled_convolution){
        g->channels, g->height, g->width, g->padding_top, g->padding_left, g->kernel_height,
        g->outputs, p->height, p->width, 0, own_layout(),
    };
}

/// Outputs in blocks of sixteen, side by side.
static struct ck_blocked_weights weights_of(const struct ci_stage *stage) {
    const struct cdnn_geometry *g = &stage->layer.geometry;
    ptrdiff_t kernel = g->kernel_height, channel = kernel * kernel * 16;
    return (struct ck_blocked_weights){stage->blocked, g->channels * channel, 8, channel, kernel * 16, 16};
}

/// Whether our kernels are the faster ones. Of 512 bits, those of oneDNN are for many channels, and for so few outputs that
/// most lanes would be empty: it fills them with neighbouring pixels.
static int suits_lanes(const struct cdnn_geometry *g) {
    if (own_layout() != CK_LAYOUT_BLOCKED) return 1;
    return g->channels == 1 && 4 * g->outputs >= 3 * ((g->outputs + 15) / 16 * 16);
}

int ci_is_direct(const struct ci_chain *n, const struct ci_stage *stage) {
    const struct ci_layer *layer = &stage->layer;
    const struct cdnn_geometry *g = &layer->geometry;
    struct ck_pooled_convolution form = form_of(stage);
    struct ck_blocked_weights weights = weights_of(stage);
    int activates = layer->activation == CK_ACTIVATION_RELU || layer->activation == CK_ACTIVATION_IDENTITY;
    return suits_lanes(g) && n->blocks == own_layout() && stage->in_layout == CK_LAYOUT_ROWS && !g->half &&
           cdnn_steps_by_one(g) && g->kernel_height == g->kernel_width && activates &&
           cdnn_pools_whole_squares(g, &layer->pooling) &&
           ck_has_pooled_convolution(&form, &weights);
}

int ci_direct_make(struct ci_stage *stage) {
    const struct cdnn_geometry *g = &stage->layer.geometry;
    stage->blocked = ci_zeros((g->outputs + 15) / 16 * weights_of(stage).block);
    return stage->blocked != NULL;
}

void ci_direct_set(struct ci_stage *stage) {
    const struct cdnn_geometry *g = &stage->layer.geometry;
    ptrdiff_t taps = g->channels * g->kernel_height * g->kernel_width;
    for (ptrdiff_t k = 0; k < g->outputs; k++)
        for (ptrdiff_t t = 0; t < taps; t++)
            stage->blocked[(k / 16 * taps + t) * 16 + k % 16] = stage->matrix[k * taps + t];
}

ptrdiff_t ci_direct_count(const struct ci_stage *stage) {
    struct ck_pooled_convolution form = form_of(stage);
    return (ck_pooled_planes_count(&form) + 15) / 16 * 16 +
           ck_image_count(own_layout(), 1, form.outputs, form.height * form.width);
}

void ci_direct_run(const struct ci_stage *stage, ptrdiff_t images, const float *source, float *memory, float *out) {
    struct ck_pooled_convolution form = form_of(stage);
    struct ck_blocked_weights weights = weights_of(stage);
    int32_t relu = stage->layer.activation == CK_ACTIVATION_RELU;
    if (stage->out_layout == own_layout()) {
        ck_pooled_convolve(&form, images, source, &weights, stage->bias, relu, memory, out, NULL);
        return;
    }
    float *blocks = memory + (ck_pooled_planes_count(&form) + 15) / 16 * 16;
    for (ptrdiff_t n = 0; n < images; n++) {
        ck_pooled_convolve(&form, 1, source + n * stage->in_step, &weights, stage->bias, relu, memory, blocks, NULL);
        ck_relayout_images(1, form.outputs, form.height * form.width, own_layout(), blocks, stage->out_layout,
                           out + n * stage->out_step);
    }
}
