// Pooled convolutions by AVX-512: sixteen outputs at a time. Forward, the four results of a window are summed side by side.
// Backward, each output's window has its maximum at a place of its own, so what it saw there is picked from the rows of
// the image by a permutation.
#include "nn/pooled_convolution.h"

#if CK_HAS_TARGETS
#include <stddef.h>

CK_AVX512 static void mark_windows(const struct ck_pooled_convolution *c, const float *planes, uint8_t *seen) {
    const __mmask16 columns = (__mmask16)((1u << (c->kernel + 1)) - 1);
    ptrdiff_t stride = plane_stride(c);
    for (ptrdiff_t p = 0; p < c->height; p++)
        for (ptrdiff_t q = 0; q < c->width; q++) {
            __m512i any = _mm512_setzero_si512();
            for (ptrdiff_t channel = 0; channel < c->channels; channel++) {
                const float *x = planes + channel * plane_count(c) + 2 * p * stride + 2 * q;
                for (ptrdiff_t r = 0; r <= c->kernel; r++)
                    any = _mm512_or_si512(any, _mm512_loadu_si512(x + r * stride));
            }
            seen[p * c->width + q] = _mm512_mask_test_epi32_mask(columns, any, any) != 0;
        }
}

CK_AVX512 static int are_finite(const struct ck_pooled_convolution *c, const struct ck_blocked_weights *w) {
    const __m512 zero = _mm512_setzero_ps();
    __mmask16 finite = 0xFFFF;
    for (ptrdiff_t b = 0; b < block_count(c); b++)
        for (ptrdiff_t channel = 0; channel < c->channels; channel++)
            for (ptrdiff_t r = 0; r < c->kernel; r++)
                for (ptrdiff_t s = 0; s < c->kernel; s++) {
                    const float *taps_of = w->weights + b * w->block + channel * w->channel + r * w->row + s * w->column;
                    finite &= _mm512_cmp_ps_mask(_mm512_mul_ps(_mm512_loadu_ps(taps_of), zero), zero, _CMP_EQ_OQ);
                }
    return finite == 0xFFFF;
}

/// The largest of four, the first of equal ones or the last that is no number, with relu after it if asked for.
CK_AVX512 CK_INLINE void keep_largest(const __m512 results[4], int relu, __mmask16 lanes, float *out, uint8_t *places) {
    __m512 best = results[0];
    __m512i place = _mm512_setzero_si512();
    CK_UNROLLED for (int j = 1; j < 4; j++) {
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
    if (places) _mm512_mask_cvtepi32_storeu_epi8(places, lanes, place);
}

/// The results of `windows` (1 or 2) neighbouring windows: two keep the processor's multipliers busy.
CK_AVX512 CK_INLINE void convolve_windows(ptrdiff_t windows, ptrdiff_t kernel, const struct ck_pooled_convolution *c,
                                          const float *x, const struct ck_blocked_weights *w, const float *weights,
                                          __m512 results[8]) {
    ptrdiff_t stride = plane_stride(c);
    __m512 sum[8];
    CK_UNROLLED for (ptrdiff_t j = 0; j < 4 * windows; j++) sum[j] = results[j];
    for (ptrdiff_t channel = 0; channel < c->channels; channel++, x += plane_count(c), weights += w->channel)
        for (ptrdiff_t r = 0; r < kernel; r++) {
            CK_UNROLLED for (ptrdiff_t s = 0; s < kernel; s++) {
                __m512 tap = _mm512_loadu_ps(weights + r * w->row + s * w->column);
                CK_UNROLLED for (ptrdiff_t j = 0; j < 4 * windows; j++) sum[j] = _mm512_fmadd_ps(
                    tap, _mm512_set1_ps(x[(r + ((j >> 1) & 1)) * stride + s + (j & 1) + (j >> 2) * 2]), sum[j]);
            }
        }
    CK_UNROLLED for (ptrdiff_t j = 0; j < 4 * windows; j++) results[j] = sum[j];
}

/// One block of outputs of one image. `lanes` are written.
CK_AVX512 CK_INLINE void convolve_block(ptrdiff_t kernel, const struct ck_pooled_convolution *c, const float *planes,
                                        const uint8_t *seen, const struct ck_blocked_weights *w, const float *weights,
                                        __m512 bias, int relu, __mmask16 lanes, ptrdiff_t pixel_step, float *out,
                                        uint8_t *places) {
    for (ptrdiff_t p = 0; p < c->height; p++)
        for (ptrdiff_t q = 0; q < c->width; q += 2) {
            __m512 results[8];
            CK_UNROLLED for (ptrdiff_t j = 0; j < 8; j++) results[j] = bias;
            ptrdiff_t window = p * c->width + q, two = q + 1 < c->width;
            const float *x = planes + 2 * p * plane_stride(c) + 2 * q;
            if (seen[window] || (two && seen[window + 1])) {
                if (two)
                    convolve_windows(2, kernel, c, x, w, weights, results);
                else
                    convolve_windows(1, kernel, c, x, w, weights, results);
            }
            uint8_t *to = places ? places + window * pixel_step : NULL;
            keep_largest(results, relu, lanes, out + window * pixel_step, to);
            if (two) keep_largest(results + 4, relu, lanes, out + (window + 1) * pixel_step, to ? to + pixel_step : NULL);
        }
}

CK_AVX512 static void convolve_image(const struct ck_pooled_convolution *c, const struct ck_form *form,
                                     const float *planes, const uint8_t *seen, const struct ck_blocked_weights *w,
                                     const float *bias, int relu, float *out, uint8_t *places) {
    for (ptrdiff_t b = 0; b < form->blocks; b++) {
        __mmask16 exist = (__mmask16)(b == form->blocks - 1 ? (1u << form->last_lanes) - 1 : 0xFFFF);
        __mmask16 lanes = c->layout == CK_LAYOUT_BLOCKED ? 0xFFFF : exist;
        __m512 biases = bias ? _mm512_maskz_loadu_ps(exist, bias + 16 * b) : _mm512_setzero_ps();
        const float *weights = w->weights + b * w->block;
        float *to = out + b * form->block_step;
        uint8_t *to_places = places ? places + b * form->block_step : NULL;
        if (c->kernel == 3)
            convolve_block(3, c, planes, seen, w, weights, biases, relu, lanes, form->pixel_step, to, to_places);
        else
            convolve_block(5, c, planes, seen, w, weights, biases, relu, lanes, form->pixel_step, to, to_places);
    }
}

/// One channel of one image, for one block of outputs: `lanes` of them exist. `bias` is NULL but for the first channel.
CK_AVX512 CK_INLINE void add_block(ptrdiff_t kernel, ptrdiff_t windows_high, ptrdiff_t windows_wide,
                                   ptrdiff_t pixel_step, __mmask16 lanes, const float *plane, ptrdiff_t stride,
                                   const uint8_t *seen, const float *gradient, const uint8_t *places, float *sums,
                                   float *bias) {
    __m512 sum[25], bias_sum = _mm512_setzero_ps();
    const __m512i one = _mm512_set1_epi32(1), none = _mm512_set1_epi32(CK_NO_PLACE);
    CK_UNROLLED for (ptrdiff_t t = 0; t < kernel * kernel; t++) sum[t] = _mm512_loadu_ps(sums + 16 * t);
    for (ptrdiff_t p = 0; p < windows_high; p++)
        for (ptrdiff_t q = 0; q < windows_wide; q++) {
            ptrdiff_t window = p * windows_wide + q, at = window * pixel_step;
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
            CK_UNROLLED for (ptrdiff_t r = 0; r <= kernel; r++) rows[r] = _mm512_loadu_ps(x + r * stride);
            CK_UNROLLED for (ptrdiff_t s = 0; s < kernel; s++) {
                CK_UNROLLED for (ptrdiff_t r = 0; r < kernel; r++) sum[r * kernel + s] = _mm512_fmadd_ps(
                    g, _mm512_permutex2var_ps(rows[r], pick, rows[r + 1]), sum[r * kernel + s]);
                pick = _mm512_add_epi32(pick, one);
            }
        }
    CK_UNROLLED for (ptrdiff_t t = 0; t < kernel * kernel; t++) _mm512_storeu_ps(sums + 16 * t, sum[t]);
    if (bias) _mm512_storeu_ps(bias, _mm512_add_ps(_mm512_loadu_ps(bias), bias_sum));
}

CK_AVX512 static void add_image(const struct ck_pooled_convolution *c, const struct ck_form *form, const float *planes,
                                const uint8_t *seen, const float *gradient, const uint8_t *places, float *sums) {
    ptrdiff_t stride = plane_stride(c), area = c->kernel * c->kernel;
    float *biases = sums + form->blocks * taps(c) * 16;
    for (ptrdiff_t channel = 0; channel < c->channels; channel++)
        for (ptrdiff_t b = 0; b < form->blocks; b++) {
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

const struct ck_pooled_kernels ck_pooled_avx512 = {0, mark_windows, are_finite, convolve_image, add_image};
#endif
