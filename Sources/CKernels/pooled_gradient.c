// Sixteen outputs at a time: each one's window has its maximum at a place of its own, so what it saw there is picked
// from the rows of the image by a permutation.
#include "ck_pooled_gradient.h"

#include <stddef.h>
#include <string.h>

#include "ck_clones.h"
#include "ck_images.h"

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>
#define CK_HAS_AVX512 1
#define CK_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma")))
#else
#define CK_HAS_AVX512 0
#endif

static int64_t plane_stride(const struct ck_pooled_convolution *c) {
    // Sixteen numbers may be read wherever a window begins.
    return 2 * c->width + c->kernel + 16;
}

int32_t ck_has_pooled_gradient(const struct ck_pooled_convolution *c) {
#if CK_HAS_AVX512
    __builtin_cpu_init();
    return (c->kernel == 3 || c->kernel == 5) && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq");
#else
    (void)c;
    return 0;
#endif
}

static int64_t block_count(const struct ck_pooled_convolution *c) { return (c->outputs + 15) / 16; }

static int64_t taps(const struct ck_pooled_convolution *c) { return c->channels * c->kernel * c->kernel; }

int64_t ck_pooled_gradient_count(const struct ck_pooled_convolution *c) {
    return block_count(c) * (taps(c) + 1) * 16;
}

int64_t ck_pooled_gradient_plane(const struct ck_pooled_convolution *c) {
    return (2 * c->height + c->kernel) * plane_stride(c) + 16;
}

#if CK_HAS_AVX512
/// One channel of one image, for one block of outputs: `lanes` of them exist. `bias` is NULL but for the first channel.
CK_AVX512 CK_INLINE void add_block(int64_t kernel, int64_t height, int64_t width, int64_t pixel_step,
                                   __mmask16 lanes, const float *plane, int64_t stride, const float *gradient,
                                   const uint8_t *places, float *sums, float *bias) {
    __m512 sum[25], bias_sum = _mm512_setzero_ps();
    const __m512i one = _mm512_set1_epi32(1), none = _mm512_set1_epi32(CK_NO_PLACE);
#pragma clang loop unroll(full)
    for (int64_t t = 0; t < kernel * kernel; t++) sum[t] = _mm512_loadu_ps(sums + 16 * t);
    for (int64_t p = 0; p < height; p++)
        for (int64_t q = 0; q < width; q++) {
            int64_t at = (p * width + q) * pixel_step;
            __m512i place = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(lanes, places + at));
            __mmask16 counts = _mm512_mask_cmpneq_epi32_mask(lanes, place, none);
            __m512 g = _mm512_maskz_loadu_ps(counts, gradient + at);
            // Of the numbers of two rows, the second row's are the sixteenth and on.
            __m512i pick = _mm512_maskz_add_epi32(counts, _mm512_slli_epi32(_mm512_srli_epi32(place, 1), 4),
                                                  _mm512_and_si512(place, one));
            const float *x = plane + 2 * p * stride + 2 * q;
            __m512 rows[6];
            bias_sum = _mm512_add_ps(bias_sum, g);
#pragma clang loop unroll(full)
            for (int64_t r = 0; r <= kernel; r++) rows[r] = _mm512_loadu_ps(x + r * stride);
#pragma clang loop unroll(full)
            for (int64_t s = 0; s < kernel; s++) {
#pragma clang loop unroll(full)
                for (int64_t r = 0; r < kernel; r++)
                    sum[r * kernel + s] = _mm512_fmadd_ps(
                        g, _mm512_permutex2var_ps(rows[r], pick, rows[r + 1]), sum[r * kernel + s]);
                pick = _mm512_add_epi32(pick, one);
            }
        }
#pragma clang loop unroll(full)
    for (int64_t t = 0; t < kernel * kernel; t++) _mm512_storeu_ps(sums + 16 * t, sum[t]);
    if (bias) _mm512_storeu_ps(bias, _mm512_add_ps(_mm512_loadu_ps(bias), bias_sum));
}

CK_AVX512 static void add_block_3(int64_t height, int64_t width, int64_t pixel_step, __mmask16 lanes,
                                  const float *plane, int64_t stride, const float *gradient, const uint8_t *places,
                                  float *sums, float *bias) {
    add_block(3, height, width, pixel_step, lanes, plane, stride, gradient, places, sums, bias);
}

CK_AVX512 static void add_block_5(int64_t height, int64_t width, int64_t pixel_step, __mmask16 lanes,
                                  const float *plane, int64_t stride, const float *gradient, const uint8_t *places,
                                  float *sums, float *bias) {
    add_block(5, height, width, pixel_step, lanes, plane, stride, gradient, places, sums, bias);
}

/// One channel of an image with its padding, as far as the windows see.
static void fill_plane(const struct ck_pooled_convolution *c, const float *source, float *plane) {
    int64_t stride = plane_stride(c), rows = 2 * c->height + c->kernel - 1, columns = 2 * c->width + c->kernel - 1;
    memset(plane, 0, (size_t)ck_pooled_gradient_plane(c) * sizeof(float));
    int64_t width = columns - c->padding_left < c->source_width ? columns - c->padding_left : c->source_width;
    for (int64_t y = 0; y < c->source_height && y + c->padding_top < rows; y++)
        memcpy(plane + (y + c->padding_top) * stride + c->padding_left, source + y * c->source_width,
               (size_t)width * sizeof(float));
}
#endif

void ck_add_pooled_gradient(const struct ck_pooled_convolution *c, int64_t images, const float *source,
                            const float *gradient, const uint8_t *places, float *plane, float *sums) {
#if CK_HAS_AVX512
    struct ck_form form = ck_image_form(c->layout, c->outputs, c->height * c->width);
    int64_t area = c->kernel * c->kernel, pixels = c->source_height * c->source_width;
    float *biases = sums + form.blocks * taps(c) * 16;
    for (int64_t n = 0; n < images; n++)
        for (int64_t channel = 0; channel < c->channels; channel++) {
            fill_plane(c, source + (n * c->channels + channel) * pixels, plane);
            for (int64_t b = 0; b < form.blocks; b++) {
                int64_t at = n * form.image_step + b * form.block_step;
                __mmask16 lanes = (__mmask16)(b == form.blocks - 1 ? (1u << form.last_lanes) - 1 : 0xFFFF);
                (c->kernel == 3 ? add_block_3 : add_block_5)(
                    c->height, c->width, form.pixel_step, lanes, plane, plane_stride(c), gradient + at, places + at,
                    sums + (b * c->channels + channel) * area * 16, channel == 0 ? biases + 16 * b : NULL);
            }
        }
#else
    (void)c, (void)images, (void)source, (void)gradient, (void)places, (void)plane, (void)sums;
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
