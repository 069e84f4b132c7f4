// What the files of pooled convolutions share: the planes, and the kernels of one level of the processor.
#ifndef CK_NN_POOLED_CONVOLUTION_H
#define CK_NN_POOLED_CONVOLUTION_H

#include <stddef.h>
#include <stdint.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "core/loops.h"
#include "core/targets.h"

/// Numbers from one row of a plane to the next: sixteen may be read wherever a window begins.
CK_INLINE ptrdiff_t plane_stride(const struct ck_pooled_convolution *c) { return 2 * c->width + c->kernel + 16; }

CK_INLINE ptrdiff_t plane_count(const struct ck_pooled_convolution *c) {
    return (2 * c->height + c->kernel) * plane_stride(c) + 16;
}

CK_INLINE ptrdiff_t block_count(const struct ck_pooled_convolution *c) { return (c->outputs + 15) / 16; }

CK_INLINE ptrdiff_t taps(const struct ck_pooled_convolution *c) { return c->channels * c->kernel * c->kernel; }

/// The kernels of one level, for one image.
struct ck_pooled_kernels {
    /// Whether weights and results may lie in blocks of eight.
    int takes_eights;
    /// Which windows see anything but zeros, in any channel.
    void (*mark_windows)(const struct ck_pooled_convolution *c, const float *planes, uint8_t *seen);
    /// Whether all weights are finite: zero times another one is no number, and no window may be passed over then.
    int (*are_finite)(const struct ck_pooled_convolution *c, const struct ck_blocked_weights *w);
    void (*convolve_image)(const struct ck_pooled_convolution *c, const struct ck_form *form, const float *planes,
                           const uint8_t *seen, const struct ck_blocked_weights *w, const float *bias, int relu,
                           float *out, uint8_t *places);
    void (*add_image)(const struct ck_pooled_convolution *c, const struct ck_form *form, const float *planes,
                      const uint8_t *seen, const float *gradient, const uint8_t *places, float *sums);
};

#if CK_HAS_TARGETS
extern const struct ck_pooled_kernels ck_pooled_avx512, ck_pooled_avx2;
#endif

#endif
