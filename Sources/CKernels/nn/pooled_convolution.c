// Pooled convolutions image by image: the kernels of this processor's level do the work of each.
#include <stddef.h>
#include <string.h>

#include "nn/pooled_convolution.h"
#include "ck_core.h"
#include "ck_nn.h"

/// This processor's kernels; NULL if there are none.
static const struct ck_pooled_kernels *kernels(void) {
#if CK_HAS_TARGETS
    int32_t bits = ck_this_processor()->vector_bits;
    if (bits == 512) return &ck_pooled_avx512;
    if (bits == 256) return &ck_pooled_avx2;
#endif
    return NULL;
}

int32_t ck_has_pooled_convolution(const struct ck_pooled_convolution *c, const struct ck_blocked_weights *weights) {
    CK_ASSERT_GIVEN(c);
    CK_ASSERT_GIVEN(weights);
    const struct ck_pooled_kernels *k = kernels();
    int eights = weights->half != 8 || c->layout == CK_LAYOUT_EIGHTS;
    return k && (c->kernel == 3 || c->kernel == 5) && (k->takes_eights || !eights);
}

static void check_form(const struct ck_pooled_convolution *c) {
    CK_ASSERT_GIVEN(c);
    CK_ASSERT(c->channels, > 0);
    CK_ASSERT(c->source_height, >= 0);
    CK_ASSERT(c->source_width, >= 0);
    CK_ASSERT(c->padding_top, >= 0);
    CK_ASSERT(c->padding_left, >= 0);
    CK_ASSERT(c->kernel, > 0);
    CK_ASSERT(c->outputs, > 0);
    CK_ASSERT(c->height, >= 0);
    CK_ASSERT(c->width, >= 0);
    CK_ASSERT_IN(c->layout, CK_LAYOUT_CHANNELS_LAST, CK_LAYOUT_EIGHTS);
}

ptrdiff_t ck_pooled_planes_count(const struct ck_pooled_convolution *c) {
    check_form(c);
    // The channels, and a byte for each window.
    return c->channels * plane_count(c) + (c->height * c->width + 3) / 4;
}

ptrdiff_t ck_pooled_gradient_count(const struct ck_pooled_convolution *c) {
    check_form(c);
    return block_count(c) * (taps(c) + 1) * 16;
}

/// A picture's: grey, colours, and how far it covers what lies behind.
#define POOLED_PICTURE_CHANNELS 4

/// Copies a row of `count` pixels of one channel out of pixels of `channels`.
static void copy_row(const float *from, ptrdiff_t channels, ptrdiff_t count, float *to) {
    if (channels == 1) memcpy(to, from, (size_t)count * sizeof(float));
    else
        for (ptrdiff_t x = 0; x < count; x++) to[x] = from[x * channels];
}

/// An image with its padding, as far as the windows see. Returns which windows see anything.
static uint8_t *fill_planes(const struct ck_pooled_kernels *k, const struct ck_pooled_convolution *c,
                            const float *source, float *planes) {
    ptrdiff_t stride = plane_stride(c), rows = 2 * c->height + c->kernel - 1, columns = 2 * c->width + c->kernel - 1;
    ptrdiff_t width = columns - c->padding_left < c->source_width ? columns - c->padding_left : c->source_width;
    // From one number of a channel to the next, and from one channel to the next.
    ptrdiff_t step = c->channels_last ? c->channels : 1;
    ptrdiff_t channel_step = c->channels_last ? 1 : c->source_height * c->source_width;
    memset(planes, 0, (size_t)(c->channels * plane_count(c)) * sizeof(float));
    for (ptrdiff_t channel = 0; channel < c->channels; channel++)
        for (ptrdiff_t y = 0; y < c->source_height && y + c->padding_top < rows; y++)
            copy_row(source + channel * channel_step + y * c->source_width * step, step, width,
                     planes + channel * plane_count(c) + (y + c->padding_top) * stride + c->padding_left);
    uint8_t *seen = (uint8_t *)(planes + c->channels * plane_count(c));
    // Where a picture has empty parts, most of its windows there are empty. Those of many channels hardly ever are: looking
    // took an eighth of LeNet's time.
    if (c->channels <= POOLED_PICTURE_CHANNELS) k->mark_windows(c, planes, seen);
    else memset(seen, 1, (size_t)(c->height * c->width));
    return seen;
}

// Where `ck_has_pooled_convolution` says no, nobody calls the two below.
void ck_pooled_convolve(const struct ck_pooled_convolution *c, ptrdiff_t images, const float *source,
                        const struct ck_blocked_weights *weights, const float *bias, int32_t relu, float *planes,
                        float *out, uint8_t *places) {
    check_form(c);
    CK_ASSERT(images, >= 0);
    CK_ASSERT_MEMORY(source, images * c->channels * c->source_height * c->source_width);
    CK_ASSERT_GIVEN(weights);
    CK_ASSERT_GIVEN(planes);
    CK_ASSERT_MEMORY(out, images * c->outputs * c->height * c->width);
    const struct ck_pooled_kernels *k = kernels();
    if (!k) return;
    struct ck_form form = ck_image_form(c->layout, c->outputs, c->height * c->width);
    ptrdiff_t step = c->channels * c->source_height * c->source_width;
    int passes_over = k->are_finite(c, weights);
    for (ptrdiff_t n = 0; n < images; n++) {
        uint8_t *seen = fill_planes(k, c, source + n * step, planes);
        if (!passes_over) memset(seen, 1, (size_t)(c->height * c->width));
        k->convolve_image(c, &form, planes, seen, weights, bias, relu, out + n * form.image_step,
                          places ? places + n * form.image_step : NULL);
    }
}

void ck_add_pooled_gradient(const struct ck_pooled_convolution *c, ptrdiff_t images, const float *source,
                            const float *gradient, const uint8_t *places, float *planes, float *sums) {
    check_form(c);
    CK_ASSERT(images, >= 0);
    CK_ASSERT_MEMORY(source, images * c->channels * c->source_height * c->source_width);
    CK_ASSERT_MEMORY(gradient, images * c->outputs * c->height * c->width);
    CK_ASSERT_MEMORY(places, images * c->outputs * c->height * c->width);
    CK_ASSERT_GIVEN(planes);
    CK_ASSERT_GIVEN(sums);
    const struct ck_pooled_kernels *k = kernels();
    if (!k) return;
    struct ck_form form = ck_image_form(c->layout, c->outputs, c->height * c->width);
    ptrdiff_t step = c->channels * c->source_height * c->source_width;
    for (ptrdiff_t n = 0; n < images; n++) {
        const uint8_t *seen = fill_planes(k, c, source + n * step, planes);
        k->add_image(c, &form, planes, seen, gradient + n * form.image_step, places + n * form.image_step, sums);
    }
}

void ck_pooled_gradient_result(const struct ck_pooled_convolution *c, const float *sums, float *weights,
                               float *biases) {
    check_form(c);
    CK_ASSERT_GIVEN(sums);
    CK_ASSERT_GIVEN(weights);
    ptrdiff_t count = taps(c);
    for (ptrdiff_t k = 0; k < c->outputs; k++) {
        const float *block = sums + (k / 16) * count * 16 + k % 16;
        for (ptrdiff_t t = 0; t < count; t++) weights[k * count + t] = block[16 * t];
        if (biases) biases[k] = sums[block_count(c) * count * 16 + k];
    }
}
