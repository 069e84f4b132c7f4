// Sixteen outputs at a time. Forward, the four results of a window are summed side by side. Backward, each output's
// window has its maximum at a place of its own, so what it saw there is picked from the rows of the image by a
// permutation.
#include "ck_pooled_convolution.h"

#include <stddef.h>
#include <string.h>

#include "ck_clones.h"
#include "ck_images.h"
#include "ck_processor.h"

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>
#define CK_HAS_AVX512 1
#define CK_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma")))
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define CK_HAS_AVX512 0
#endif

static int64_t plane_stride(const struct ck_pooled_convolution *c) {
    // Sixteen numbers may be read wherever a window begins.
    return 2 * c->width + c->kernel + 16;
}

static int64_t plane_count(const struct ck_pooled_convolution *c) {
    return (2 * c->height + c->kernel) * plane_stride(c) + 16;
}

static int64_t block_count(const struct ck_pooled_convolution *c) { return (c->outputs + 15) / 16; }

static int64_t taps(const struct ck_pooled_convolution *c) { return c->channels * c->kernel * c->kernel; }

int32_t ck_has_pooled_convolution(const struct ck_pooled_convolution *c) {
#if CK_HAS_AVX512
    return (c->kernel == 3 || c->kernel == 5) && ck_this_processor()->vector_bits == 512;
#else
    (void)c;
    return 0;
#endif
}

int64_t ck_pooled_planes_count(const struct ck_pooled_convolution *c) {
    // The channels, and a byte for each window.
    return c->channels * plane_count(c) + (c->height * c->width + 3) / 4;
}

int64_t ck_pooled_gradient_count(const struct ck_pooled_convolution *c) {
    return block_count(c) * (taps(c) + 1) * 16;
}

#if CK_HAS_AVX512
/// Which windows see anything but zeros, in any channel.
CK_AVX512 static void mark_windows(const struct ck_pooled_convolution *c, const float *planes, uint8_t *seen) {
    const __mmask16 columns = (__mmask16)((1u << (c->kernel + 1)) - 1);
    int64_t stride = plane_stride(c);
    for (int64_t p = 0; p < c->height; p++)
        for (int64_t q = 0; q < c->width; q++) {
            __m512i any = _mm512_setzero_si512();
            for (int64_t channel = 0; channel < c->channels; channel++) {
                const float *x = planes + channel * plane_count(c) + 2 * p * stride + 2 * q;
                for (int64_t r = 0; r <= c->kernel; r++)
                    any = _mm512_or_si512(any, _mm512_loadu_si512(x + r * stride));
            }
            seen[p * c->width + q] = _mm512_mask_test_epi32_mask(columns, any, any) != 0;
        }
}

/// Whether all weights are finite: zero times another one is no number, and no window may be passed over then.
CK_AVX512 static int are_finite(const struct ck_pooled_convolution *c, const struct ck_blocked_weights *w) {
    const __m512 zero = _mm512_setzero_ps();
    __mmask16 finite = 0xFFFF;
    for (int64_t b = 0; b < block_count(c); b++)
        for (int64_t channel = 0; channel < c->channels; channel++)
            for (int64_t r = 0; r < c->kernel; r++)
                for (int64_t s = 0; s < c->kernel; s++) {
                    const float *taps_of = w->weights + b * w->block + channel * w->channel + r * w->row + s * w->column;
                    finite &= _mm512_cmp_ps_mask(_mm512_mul_ps(_mm512_loadu_ps(taps_of), zero), zero, _CMP_EQ_OQ);
                }
    return finite == 0xFFFF;
}

/// An image with its padding, as far as the windows see. Returns which windows see anything.
static uint8_t *fill_planes(const struct ck_pooled_convolution *c, const float *source, float *planes) {
    int64_t stride = plane_stride(c), rows = 2 * c->height + c->kernel - 1, columns = 2 * c->width + c->kernel - 1;
    int64_t width = columns - c->padding_left < c->source_width ? columns - c->padding_left : c->source_width;
    memset(planes, 0, (size_t)(c->channels * plane_count(c)) * sizeof(float));
    for (int64_t channel = 0; channel < c->channels; channel++)
        for (int64_t y = 0; y < c->source_height && y + c->padding_top < rows; y++)
            memcpy(planes + channel * plane_count(c) + (y + c->padding_top) * stride + c->padding_left,
                   source + (channel * c->source_height + y) * c->source_width, (size_t)width * sizeof(float));
    uint8_t *seen = (uint8_t *)(planes + c->channels * plane_count(c));
    mark_windows(c, planes, seen);
    return seen;
}

/// The largest of four, the first of equal ones or the first that is no number, with relu after it if asked for.
CK_AVX512 CK_INLINE void keep_largest(const __m512 results[4], int relu, __mmask16 lanes, float *out, uint8_t *places) {
    __m512 best = results[0];
    __m512i place = _mm512_setzero_si512();
    UNROLLED for (int j = 1; j < 4; j++) {
        __mmask16 larger = _mm512_cmp_ps_mask(results[j], best, _CMP_GT_OQ) |
                           _mm512_cmp_ps_mask(results[j], results[j], _CMP_UNORD_Q);
        best = _mm512_mask_mov_ps(best, larger, results[j]);
        place = _mm512_mask_mov_epi32(place, larger, _mm512_set1_epi32(j));
    }
    if (relu) {
        const __m512 zero = _mm512_setzero_ps();
        // What is no number stays none, and in its place.
        __mmask16 none = _mm512_cmp_ps_mask(best, zero, _CMP_LE_OQ);
        place = _mm512_mask_mov_epi32(place, none, _mm512_set1_epi32(CK_NO_PLACE));
        best = _mm512_mask_mov_ps(best, none, zero);
    }
    _mm512_mask_storeu_ps(out, lanes, best);
    _mm512_mask_cvtepi32_storeu_epi8(places, lanes, place);
}

/// The results of `windows` (1 or 2) neighbouring windows: two keep the processor's multipliers busy.
CK_AVX512 CK_INLINE void convolve_windows(int64_t windows, int64_t kernel, const struct ck_pooled_convolution *c,
                                          const float *x, const struct ck_blocked_weights *w, const float *weights,
                                          __m512 results[8]) {
    int64_t stride = plane_stride(c);
    __m512 sum[8];
    UNROLLED for (int64_t j = 0; j < 4 * windows; j++) sum[j] = results[j];
    for (int64_t channel = 0; channel < c->channels; channel++, x += plane_count(c), weights += w->channel)
        for (int64_t r = 0; r < kernel; r++) {
            UNROLLED for (int64_t s = 0; s < kernel; s++) {
                __m512 tap = _mm512_loadu_ps(weights + r * w->row + s * w->column);
                UNROLLED for (int64_t j = 0; j < 4 * windows; j++) sum[j] = _mm512_fmadd_ps(
                    tap, _mm512_set1_ps(x[(r + ((j >> 1) & 1)) * stride + s + (j & 1) + (j >> 2) * 2]), sum[j]);
            }
        }
    UNROLLED for (int64_t j = 0; j < 4 * windows; j++) results[j] = sum[j];
}

/// One block of outputs of one image. `lanes` are written.
CK_AVX512 CK_INLINE void convolve_block(int64_t kernel, const struct ck_pooled_convolution *c, const float *planes,
                                        const uint8_t *seen, const struct ck_blocked_weights *w, const float *weights,
                                        __m512 bias, int relu, __mmask16 lanes, int64_t pixel_step, float *out,
                                        uint8_t *places) {
    for (int64_t p = 0; p < c->height; p++)
        for (int64_t q = 0; q < c->width; q += 2) {
            __m512 results[8];
            UNROLLED for (int64_t j = 0; j < 8; j++) results[j] = bias;
            int64_t window = p * c->width + q, two = q + 1 < c->width;
            const float *x = planes + 2 * p * plane_stride(c) + 2 * q;
            if (seen[window] || (two && seen[window + 1])) {
                if (two)
                    convolve_windows(2, kernel, c, x, w, weights, results);
                else
                    convolve_windows(1, kernel, c, x, w, weights, results);
            }
            keep_largest(results, relu, lanes, out + window * pixel_step, places + window * pixel_step);
            if (two)
                keep_largest(results + 4, relu, lanes, out + (window + 1) * pixel_step, places + (window + 1) * pixel_step);
        }
}

CK_AVX512 static void convolve_image(const struct ck_pooled_convolution *c, const struct ck_form *form,
                                     const float *planes, const uint8_t *seen, const struct ck_blocked_weights *w,
                                     const float *bias, int relu, float *out, uint8_t *places) {
    for (int64_t b = 0; b < form->blocks; b++) {
        __mmask16 exist = (__mmask16)(b == form->blocks - 1 ? (1u << form->last_lanes) - 1 : 0xFFFF);
        __mmask16 lanes = c->layout == CK_LAYOUT_BLOCKED ? 0xFFFF : exist;
        __m512 biases = bias ? _mm512_maskz_loadu_ps(exist, bias + 16 * b) : _mm512_setzero_ps();
        const float *weights = w->weights + b * w->block;
        float *to = out + b * form->block_step;
        uint8_t *to_places = places + b * form->block_step;
        if (c->kernel == 3)
            convolve_block(3, c, planes, seen, w, weights, biases, relu, lanes, form->pixel_step, to, to_places);
        else
            convolve_block(5, c, planes, seen, w, weights, biases, relu, lanes, form->pixel_step, to, to_places);
    }
}

/// One channel of one image, for one block of outputs: `lanes` of them exist. `bias` is NULL but for the first channel.
CK_AVX512 CK_INLINE void add_block(int64_t kernel, int64_t windows_high, int64_t windows_wide, int64_t pixel_step,
                                   __mmask16 lanes, const float *plane, int64_t stride, const uint8_t *seen,
                                   const float *gradient, const uint8_t *places, float *sums, float *bias) {
    __m512 sum[25], bias_sum = _mm512_setzero_ps();
    const __m512i one = _mm512_set1_epi32(1), none = _mm512_set1_epi32(CK_NO_PLACE);
    UNROLLED for (int64_t t = 0; t < kernel * kernel; t++) sum[t] = _mm512_loadu_ps(sums + 16 * t);
    for (int64_t p = 0; p < windows_high; p++)
        for (int64_t q = 0; q < windows_wide; q++) {
            int64_t window = p * windows_wide + q, at = window * pixel_step;
            __m512i place = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(lanes, places + at));
            __mmask16 counts = _mm512_mask_cmpneq_epi32_mask(lanes, place, none);
            __m512 g = _mm512_maskz_loadu_ps(counts, gradient + at);
            bias_sum = _mm512_add_ps(bias_sum, g);
            if (!seen[window]) continue;
            // Of the numbers of two rows, the second row's are the sixteenth and on.
            __m512i pick = _mm512_maskz_add_epi32(counts, _mm512_slli_epi32(_mm512_srli_epi32(place, 1), 4),
                                                  _mm512_and_si512(place, one));
            const float *x = plane + 2 * p * stride + 2 * q;
            __m512 rows[6];
            UNROLLED for (int64_t r = 0; r <= kernel; r++) rows[r] = _mm512_loadu_ps(x + r * stride);
            UNROLLED for (int64_t s = 0; s < kernel; s++) {
                UNROLLED for (int64_t r = 0; r < kernel; r++) sum[r * kernel + s] = _mm512_fmadd_ps(
                    g, _mm512_permutex2var_ps(rows[r], pick, rows[r + 1]), sum[r * kernel + s]);
                pick = _mm512_add_epi32(pick, one);
            }
        }
    UNROLLED for (int64_t t = 0; t < kernel * kernel; t++) _mm512_storeu_ps(sums + 16 * t, sum[t]);
    if (bias) _mm512_storeu_ps(bias, _mm512_add_ps(_mm512_loadu_ps(bias), bias_sum));
}

CK_AVX512 static void add_image(const struct ck_pooled_convolution *c, const struct ck_form *form, const float *planes,
                                const uint8_t *seen, const float *gradient, const uint8_t *places, float *sums) {
    int64_t stride = plane_stride(c), area = c->kernel * c->kernel;
    float *biases = sums + form->blocks * taps(c) * 16;
    for (int64_t channel = 0; channel < c->channels; channel++)
        for (int64_t b = 0; b < form->blocks; b++) {
            __mmask16 lanes = (__mmask16)(b == form->blocks - 1 ? (1u << form->last_lanes) - 1 : 0xFFFF);
            const float *plane = planes + channel * plane_count(c), *from = gradient + b * form->block_step;
            const uint8_t *from_places = places + b * form->block_step;
            float *to = sums + (b * c->channels + channel) * area * 16, *bias = channel == 0 ? biases + 16 * b : NULL;
            if (c->kernel == 3)
                add_block(3, c->height, c->width, form->pixel_step, lanes, plane, stride, seen, from, from_places, to,
                          bias);
            else
                add_block(5, c->height, c->width, form->pixel_step, lanes, plane, stride, seen, from, from_places, to,
                          bias);
        }
}
#endif

// Where `ck_has_pooled_convolution` says no, nobody calls the two below.
void ck_pooled_convolve(const struct ck_pooled_convolution *c, int64_t images, const float *source,
                        const struct ck_blocked_weights *weights, const float *bias, int32_t relu, float *planes,
                        float *out, uint8_t *places) {
#if CK_HAS_AVX512
    struct ck_form form = ck_image_form(c->layout, c->outputs, c->height * c->width);
    int64_t step = c->channels * c->source_height * c->source_width;
    int passes_over = are_finite(c, weights);
    for (int64_t n = 0; n < images; n++) {
        uint8_t *seen = fill_planes(c, source + n * step, planes);
        if (!passes_over) memset(seen, 1, (size_t)(c->height * c->width));
        convolve_image(c, &form, planes, seen, weights, bias, relu, out + n * form.image_step,
                       places + n * form.image_step);
    }
#else
    (void)c, (void)images, (void)source, (void)weights, (void)bias, (void)relu, (void)planes, (void)out, (void)places;
#endif
}

void ck_add_pooled_gradient(const struct ck_pooled_convolution *c, int64_t images, const float *source,
                            const float *gradient, const uint8_t *places, float *planes, float *sums) {
#if CK_HAS_AVX512
    struct ck_form form = ck_image_form(c->layout, c->outputs, c->height * c->width);
    int64_t step = c->channels * c->source_height * c->source_width;
    for (int64_t n = 0; n < images; n++) {
        const uint8_t *seen = fill_planes(c, source + n * step, planes);
        add_image(c, &form, planes, seen, gradient + n * form.image_step, places + n * form.image_step, sums);
    }
#else
    (void)c, (void)images, (void)source, (void)gradient, (void)places, (void)planes, (void)sums;
#endif
}

void ck_pooled_gradient_result(const struct ck_pooled_convolution *c, const float *sums, float *weights,
                               float *biases) {
    int64_t count = taps(c);
    for (int64_t k = 0; k < c->outputs; k++) {
        const float *block = sums + (k / 16) * count * 16 + k % 16;
        for (int64_t t = 0; t < count; t++) weights[k * count + t] = block[16 * t];
        if (biases) biases[k] = sums[block_count(c) * count * 16 + k];
    }
}
