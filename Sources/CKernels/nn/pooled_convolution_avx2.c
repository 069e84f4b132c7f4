// Pooled convolutions by AVX2, a file past 300 lines because a level is one thing: eight outputs a vector, and registers
// for eight sums. Forward, four results of a window are summed side by side for sixteen outputs, or those of two windows
// for eight. Backward, what a window's gradient is multiplied with differs by output: it is parted into four, each zero
// but where its own result was the largest, and each of those sees the same numbers in all outputs.
#include "nn/pooled_convolution.h"

#if CK_HAS_TARGETS
#include <stddef.h>
#include <string.h>

#define POOLED_AVX2_LARGEST_KERNEL 5

CK_AVX2 static void mark_windows(const struct ck_pooled_convolution *c, const float *planes, uint8_t *seen) {
    // Of sixteen columns, so many windows see theirs, one column more than the kernel has.
    ptrdiff_t stride = plane_stride(c), together = (16 - (c->kernel + 1)) / 2 + 1;
    uint32_t columns = (1u << (c->kernel + 1)) - 1;
    for (ptrdiff_t p = 0; p < c->height; p++)
        for (ptrdiff_t q = 0; q < c->width; q += together) {
            __m256i left = _mm256_setzero_si256(), right = left;
            for (ptrdiff_t channel = 0; channel < c->channels; channel++) {
                const float *x = planes + channel * plane_count(c) + 2 * p * stride + 2 * q;
                for (ptrdiff_t r = 0; r <= c->kernel; r++) {
                    left = _mm256_or_si256(left, _mm256_loadu_si256((const __m256i *)(x + r * stride)));
                    right = _mm256_or_si256(right, _mm256_loadu_si256((const __m256i *)(x + r * stride + 8)));
                }
            }
            const __m256i zero = _mm256_setzero_si256();
            uint32_t empty = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(left, zero))) |
                             (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(right, zero))) << 8;
            for (ptrdiff_t k = 0; k < together && q + k < c->width; k++)
                seen[p * c->width + q + k] = (~empty >> (2 * k) & columns) != 0;
        }
}

/// The vectors of block `b` in which outputs are.
CK_INLINE ptrdiff_t vectors_of(ptrdiff_t outputs, ptrdiff_t b) { return outputs - 16 * b > 8 ? 2 : 1; }

CK_AVX2 static int are_finite(const struct ck_pooled_convolution *c, const struct ck_blocked_weights *w) {
    const __m256 zero = _mm256_setzero_ps();
    __m256 finite = _mm256_cmp_ps(zero, zero, _CMP_EQ_OQ);
    for (ptrdiff_t b = 0; b < block_count(c); b++)
        for (ptrdiff_t v = 0; v < vectors_of(c->outputs, b); v++)
            for (ptrdiff_t channel = 0; channel < c->channels; channel++)
                for (ptrdiff_t r = 0; r < c->kernel; r++)
                    for (ptrdiff_t s = 0; s < c->kernel; s++) {
                        const float *taps_of = w->weights + b * w->block + v * w->half + channel * w->channel +
                                               r * w->row + s * w->column;
                        __m256 product = _mm256_mul_ps(_mm256_loadu_ps(taps_of), zero);
                        finite = _mm256_and_ps(finite, _mm256_cmp_ps(product, zero, _CMP_EQ_OQ));
                    }
    return _mm256_movemask_ps(finite) == 0xFF;
}

/// The largest of four, the first of equal ones or the last that is no number, with relu after it if asked for. `lanes`
/// of eight are written.
CK_AVX2 CK_INLINE void keep_largest(__m256 r0, __m256 r1, __m256 r2, __m256 r3, int relu, ptrdiff_t lanes, float *out,
                                    uint8_t *places) {
    const __m256 results[4] = {r0, r1, r2, r3};
    __m256 best = r0;
    __m256i place = _mm256_setzero_si256();
    CK_UNROLLED for (int j = 1; j < 4; j++) {
        __m256 larger = _mm256_or_ps(_mm256_cmp_ps(results[j], best, _CMP_GT_OQ),
                                     _mm256_cmp_ps(results[j], results[j], _CMP_UNORD_Q));
        best = _mm256_blendv_ps(best, results[j], larger);
        place = _mm256_blendv_epi8(place, _mm256_set1_epi32(j), _mm256_castps_si256(larger));
    }
    if (relu) {
        const __m256 zero = _mm256_setzero_ps();
        // What is no number stays none, and in its place.
        __m256 none = _mm256_cmp_ps(best, zero, _CMP_LE_OQ);
        place = _mm256_blendv_epi8(place, _mm256_set1_epi32(CK_NO_PLACE), _mm256_castps_si256(none));
        best = _mm256_andnot_ps(none, best);
    }
    __m128i halves = _mm_packus_epi32(_mm256_castsi256_si128(place), _mm256_extracti128_si256(place, 1));
    uint64_t bytes = (uint64_t)_mm_cvtsi128_si64(_mm_packus_epi16(halves, halves));
    if (lanes == 8) {
        _mm256_storeu_ps(out, best);
        if (places) memcpy(places, &bytes, 8);
        return;
    }
    float numbers[8];
    _mm256_storeu_ps(numbers, best);
    memcpy(out, numbers, (size_t)lanes * sizeof(float));
    if (places) memcpy(places, &bytes, (size_t)lanes);
}

/// The four results of one window in two vectors of outputs: those of the first, then those of the second.
CK_AVX2 CK_INLINE void convolve_wide(ptrdiff_t kernel, const struct ck_pooled_convolution *c, const float *x,
                                     const struct ck_blocked_weights *w, const float *weights, __m256 results[8]) {
    ptrdiff_t stride = plane_stride(c);
    __m256 sum[8];
    CK_UNROLLED for (ptrdiff_t j = 0; j < 8; j++) sum[j] = results[j];
    for (ptrdiff_t channel = 0; channel < c->channels; channel++, x += plane_count(c), weights += w->channel)
        for (ptrdiff_t r = 0; r < kernel; r++) {
            const float *row = x + r * stride;
            CK_UNROLLED for (ptrdiff_t s = 0; s < kernel; s++) {
                const float *taps_of = weights + r * w->row + s * w->column;
                __m256 first = _mm256_loadu_ps(taps_of), second = _mm256_loadu_ps(taps_of + w->half);
                CK_UNROLLED for (ptrdiff_t j = 0; j < 4; j++) {
                    __m256 seen = _mm256_set1_ps(row[(j >> 1) * stride + s + (j & 1)]);
                    sum[j] = _mm256_fmadd_ps(first, seen, sum[j]);
                    sum[j + 4] = _mm256_fmadd_ps(second, seen, sum[j + 4]);
                }
            }
        }
    CK_UNROLLED for (ptrdiff_t j = 0; j < 8; j++) results[j] = sum[j];
}

/// The results of `windows` (1 or 2) neighbouring windows in one vector of outputs.
CK_AVX2 CK_INLINE void convolve_narrow(ptrdiff_t windows, ptrdiff_t kernel, const struct ck_pooled_convolution *c,
                                       const float *x, const struct ck_blocked_weights *w, const float *weights,
                                       __m256 results[8]) {
    ptrdiff_t stride = plane_stride(c);
    __m256 sum[8];
    CK_UNROLLED for (ptrdiff_t j = 0; j < 4 * windows; j++) sum[j] = results[j];
    for (ptrdiff_t channel = 0; channel < c->channels; channel++, x += plane_count(c), weights += w->channel)
        for (ptrdiff_t r = 0; r < kernel; r++) {
            const float *row = x + r * stride;
            CK_UNROLLED for (ptrdiff_t s = 0; s < kernel; s++) {
                __m256 tap = _mm256_loadu_ps(weights + r * w->row + s * w->column);
                CK_UNROLLED for (ptrdiff_t j = 0; j < 4 * windows; j++) sum[j] = _mm256_fmadd_ps(
                    tap, _mm256_set1_ps(row[((j >> 1) & 1) * stride + s + (j & 1) + (j >> 2) * 2]), sum[j]);
            }
        }
    CK_UNROLLED for (ptrdiff_t j = 0; j < 4 * windows; j++) results[j] = sum[j];
}

/// What a block of outputs is made of.
struct block {
    const struct ck_pooled_convolution *c;
    const struct ck_blocked_weights *w;
    const float *planes, *weights;
    const uint8_t *seen;
    __m256 biases[2];
    int relu;
    ptrdiff_t lanes, pixel_step;  // lanes: of sixteen are written
    ptrdiff_t second;             // where the second eight lie
    float *out;
    uint8_t *places;
};

CK_AVX2 CK_INLINE void convolve_wide_block(ptrdiff_t kernel, const struct block *b) {
    const struct ck_pooled_convolution *c = b->c;
    for (ptrdiff_t p = 0; p < c->height; p++)
        for (ptrdiff_t q = 0; q < c->width; q++) {
            ptrdiff_t window = p * c->width + q, at = window * b->pixel_step;
            __m256 r[8];
            CK_UNROLLED for (ptrdiff_t j = 0; j < 8; j++) r[j] = b->biases[j >> 2];
            if (b->seen[window])
                convolve_wide(kernel, c, b->planes + 2 * p * plane_stride(c) + 2 * q, b->w, b->weights, r);
            uint8_t *places = b->places ? b->places + at : NULL, *others = places ? places + b->second : NULL;
            keep_largest(r[0], r[1], r[2], r[3], b->relu, 8, b->out + at, places);
            keep_largest(r[4], r[5], r[6], r[7], b->relu, b->lanes - 8, b->out + at + b->second, others);
        }
}

CK_AVX2 CK_INLINE void convolve_narrow_block(ptrdiff_t kernel, const struct block *b) {
    const struct ck_pooled_convolution *c = b->c;
    // In blocks of sixteen the second eight lanes are zero.
    ptrdiff_t lanes = b->lanes < 8 ? b->lanes : 8, clears = b->lanes == 16;
    for (ptrdiff_t p = 0; p < c->height; p++)
        for (ptrdiff_t q = 0; q < c->width; q += 2) {
            ptrdiff_t window = p * c->width + q, two = q + 1 < c->width;
            const float *x = b->planes + 2 * p * plane_stride(c) + 2 * q;
            __m256 r[8];
            CK_UNROLLED for (ptrdiff_t j = 0; j < 8; j++) r[j] = b->biases[0];
            if (b->seen[window] || (two && b->seen[window + 1])) {
                if (two)
                    convolve_narrow(2, kernel, c, x, b->w, b->weights, r);
                else
                    convolve_narrow(1, kernel, c, x, b->w, b->weights, r);
            }
            CK_UNROLLED for (ptrdiff_t k = 0; k < 2; k++) {
                if (k > two) continue;
                float *out = b->out + (window + k) * b->pixel_step;
                uint8_t *places = b->places ? b->places + (window + k) * b->pixel_step : NULL;
                keep_largest(r[4 * k], r[4 * k + 1], r[4 * k + 2], r[4 * k + 3], b->relu, lanes, out, places);
                if (!clears) continue;
                memset(out + 8, 0, 8 * sizeof(float));
                if (places) memset(places + 8, b->relu ? CK_NO_PLACE : 0, 8);
            }
        }
}

CK_AVX2 static void convolve_image(const struct ck_pooled_convolution *c, const struct ck_form *form,
                                   const float *planes, const uint8_t *seen, const struct ck_blocked_weights *w,
                                   const float *bias, int relu, float *out, uint8_t *places) {
    int eights = c->layout == CK_LAYOUT_EIGHTS;
    for (ptrdiff_t b = 0; b < block_count(c); b++) {
        ptrdiff_t exist = c->outputs - 16 * b < 16 ? c->outputs - 16 * b : 16, wide = exist > 8;
        ptrdiff_t at = b * form->block_step * (eights ? 2 : 1), whole = wide || !eights ? 16 : 8;
        float biases[16] = {0};
        if (bias) memcpy(biases, bias + 16 * b, (size_t)exist * sizeof(float));
        struct block block = {
            .c = c, .w = w, .planes = planes, .weights = w->weights + b * w->block, .seen = seen,
            .biases = {_mm256_loadu_ps(biases), _mm256_loadu_ps(biases + 8)}, .relu = relu,
            .lanes = c->layout == CK_LAYOUT_CHANNELS_LAST ? exist : whole, .pixel_step = form->pixel_step,
            .second = eights ? form->block_step : 8,
            .out = out + at, .places = places ? places + at : NULL,
        };
        if (wide && c->kernel == 3) convolve_wide_block(3, &block);
        else if (wide) convolve_wide_block(5, &block);
        else if (c->kernel == 3) convolve_narrow_block(3, &block);
        else convolve_narrow_block(5, &block);
    }
}

/// Windows whose parted gradients are kept at once: 17 KB.
#define POOLED_AVX2_RUN 64

/// Windows that see anything and have a gradient: where each begins in a plane, and for each of its four results the
/// gradients of sixteen outputs, zero where another result was the largest.
struct run {
    ptrdiff_t count;
    ptrdiff_t begins[POOLED_AVX2_RUN];
    float gradients[POOLED_AVX2_RUN][4][16];
};

/// Parts the gradient of one window into the run's next place; returns whether anything is in it. `lanes` exist.
CK_AVX2 CK_INLINE int part_window(ptrdiff_t vectors, ptrdiff_t lanes, const float *gradient, const uint8_t *places,
                                  float parted[4][16], __m256 bias_sums[2]) {
    float numbers[16];
    uint8_t bytes[16];
    if (lanes < 8 * vectors) {
        memset(bytes, CK_NO_PLACE, sizeof bytes);
        memcpy(bytes, places, (size_t)lanes);
        memset(numbers, 0, sizeof numbers);
        memcpy(numbers, gradient, (size_t)lanes * sizeof(float));
        gradient = numbers;
        places = bytes;
    }
    int any = 0;
    CK_UNROLLED for (ptrdiff_t v = 0; v < vectors; v++) {
        __m256i place = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(places + 8 * v)));
        __m256 g = _mm256_loadu_ps(gradient + 8 * v);
        __m256i none = _mm256_cmpeq_epi32(place, _mm256_set1_epi32(CK_NO_PLACE));
        g = _mm256_andnot_ps(_mm256_castsi256_ps(none), g);
        bias_sums[v] = _mm256_add_ps(bias_sums[v], g);
        any |= _mm256_movemask_epi8(none) != -1;
        CK_UNROLLED for (int j = 0; j < 4; j++) {
            __m256i own = _mm256_cmpeq_epi32(place, _mm256_set1_epi32(j));
            _mm256_storeu_ps(parted[j] + 8 * v, _mm256_and_ps(_mm256_castsi256_ps(own), g));
        }
    }
    return any;
}

/// Adds a run to the sums of one channel: a row of the kernel at a time, whose sums stay in registers.
CK_AVX2 CK_INLINE void add_run(ptrdiff_t kernel, ptrdiff_t vectors, const struct run *run, const float *plane,
                               ptrdiff_t stride, float *sums) {
    for (ptrdiff_t r = 0; r < kernel; r++) {
        __m256 sum[2 * POOLED_AVX2_LARGEST_KERNEL];
        float *row_sums = sums + 16 * r * kernel;
        CK_UNROLLED for (ptrdiff_t s = 0; s < kernel; s++) {
            CK_UNROLLED for (ptrdiff_t v = 0; v < vectors; v++) sum[2 * s + v] = _mm256_loadu_ps(row_sums + 16 * s + 8 * v);
        }
        for (ptrdiff_t i = 0; i < run->count; i++) {
            const float *x = plane + run->begins[i] + r * stride;
            CK_UNROLLED for (ptrdiff_t j = 0; j < 4; j++) {
                const float *row = x + (j >> 1) * stride + (j & 1);
                __m256 first = _mm256_loadu_ps(run->gradients[i][j]), second = first;
                if (vectors == 2) second = _mm256_loadu_ps(run->gradients[i][j] + 8);
                CK_UNROLLED for (ptrdiff_t s = 0; s < kernel; s++) {
                    __m256 seen = _mm256_set1_ps(row[s]);
                    sum[2 * s] = _mm256_fmadd_ps(first, seen, sum[2 * s]);
                    if (vectors == 2) sum[2 * s + 1] = _mm256_fmadd_ps(second, seen, sum[2 * s + 1]);
                }
            }
        }
        CK_UNROLLED for (ptrdiff_t s = 0; s < kernel; s++) {
            CK_UNROLLED for (ptrdiff_t v = 0; v < vectors; v++) _mm256_storeu_ps(row_sums + 16 * s + 8 * v, sum[2 * s + v]);
        }
    }
}

/// One block of outputs of one image, all channels.
CK_AVX2 CK_INLINE void add_block(ptrdiff_t kernel, ptrdiff_t vectors, const struct ck_pooled_convolution *c,
                                 ptrdiff_t pixel_step, ptrdiff_t lanes, const float *planes, const uint8_t *seen,
                                 const float *gradient, const uint8_t *places, float *sums, float *bias) {
    struct run run;
    run.count = 0;
    __m256 bias_sums[2] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
    ptrdiff_t windows = c->height * c->width, stride = plane_stride(c);
    for (ptrdiff_t p = 0; p < c->height; p++)
        for (ptrdiff_t q = 0; q < c->width; q++) {
            ptrdiff_t window = p * c->width + q, at = window * pixel_step;
            int counts = part_window(vectors, lanes, gradient + at, places + at, run.gradients[run.count], bias_sums);
            if (counts && seen[window]) run.begins[run.count++] = 2 * p * stride + 2 * q;
            if (run.count < POOLED_AVX2_RUN && (window < windows - 1 || run.count == 0)) continue;
            for (ptrdiff_t channel = 0; channel < c->channels; channel++)
                add_run(kernel, vectors, &run, planes + channel * plane_count(c), stride,
                        sums + channel * kernel * kernel * 16);
            run.count = 0;
        }
    CK_UNROLLED for (ptrdiff_t v = 0; v < vectors; v++)
        _mm256_storeu_ps(bias + 8 * v, _mm256_add_ps(_mm256_loadu_ps(bias + 8 * v), bias_sums[v]));
}

CK_AVX2 static void add_image(const struct ck_pooled_convolution *c, const struct ck_form *form, const float *planes,
                              const uint8_t *seen, const float *gradient, const uint8_t *places, float *sums) {
    ptrdiff_t step = form->pixel_step;
    for (ptrdiff_t b = 0; b < form->blocks; b++) {
        ptrdiff_t lanes = b == form->blocks - 1 ? form->last_lanes : 16, at = b * form->block_step;
        float *to = sums + b * taps(c) * 16, *bias = sums + (form->blocks * taps(c) + b) * 16;
        int wide = lanes > 8;
        if (wide && c->kernel == 3) add_block(3, 2, c, step, lanes, planes, seen, gradient + at, places + at, to, bias);
        else if (wide) add_block(5, 2, c, step, lanes, planes, seen, gradient + at, places + at, to, bias);
        else if (c->kernel == 3) add_block(3, 1, c, step, lanes, planes, seen, gradient + at, places + at, to, bias);
        else add_block(5, 1, c, step, lanes, planes, seen, gradient + at, places + at, to, bias);
    }
}

const struct ck_pooled_kernels ck_pooled_avx2 = {1, mark_windows, are_finite, convolve_image, add_image};
#endif
