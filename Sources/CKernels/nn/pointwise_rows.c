// Convolutions of single pixels in groups of few channels, over planes in rows: oneDNN's products of such small matrices
// reach a fifth of what the processor can, and its kernels in blocks want whole blocks in each group.
#include <string.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "core/lanes.h"
#include "core/loops.h"
#include "core/targets.h"

/// Outputs that are summed side by side: with four vectors of pixels they fill 24 registers of 32.
#define POINTWISE_TILE 6
/// The most vectors of sixteen pixels.
#define POINTWISE_WIDE 4

static ptrdiff_t tiles_of(ptrdiff_t outputs) { return (outputs + POINTWISE_TILE - 1) / POINTWISE_TILE; }

ptrdiff_t ck_pointwise_count(const struct ck_pointwise *p) {
    CK_ASSERT(p->groups, >= 1);
    CK_ASSERT(p->channels, >= 1);
    CK_ASSERT(p->outputs, >= 1);
    return p->groups * tiles_of(p->outputs) * p->channels * POINTWISE_TILE;
}

void ck_pointwise_pack(const struct ck_pointwise *p, const float *weights, float *packed) {
    CK_ASSERT(p->groups, >= 1);
    CK_ASSERT_MEMORY(weights, p->groups * p->outputs * p->channels);
    ptrdiff_t tiles = tiles_of(p->outputs);
    memset(packed, 0, (size_t)ck_pointwise_count(p) * sizeof *packed);
    for (ptrdiff_t group = 0; group < p->groups; group++)
        for (ptrdiff_t k = 0; k < p->outputs; k++)
            for (ptrdiff_t c = 0; c < p->channels; c++)
                packed[((group * tiles + k / POINTWISE_TILE) * p->channels + c) * POINTWISE_TILE + k % POINTWISE_TILE] =
                    weights[(group * p->outputs + k) * p->channels + c];
}

/// One tile of outputs over `wide` vectors of pixels. `step`: from a channel's pixels to the next one's; `rest`: the pixels of
/// the last vector that are there.
CK_INLINE void pointwise_tile(const struct ck_pointwise *p, int wide, const float *x, ptrdiff_t step, const float *weights,
                              const float *bias, ptrdiff_t outputs, ptrdiff_t rest, float *y) {
    f32x16 sums[POINTWISE_TILE][POINTWISE_WIDE];
    CK_UNROLLED for (int k = 0; k < POINTWISE_TILE; k++)
        CK_UNROLLED for (int v = 0; v < wide; v++) sums[k][v] = CK_ALL16(0.0f);
    for (ptrdiff_t c = 0; c < p->channels; c++) {
        f32x16 pixels[POINTWISE_WIDE];
        CK_UNROLLED for (int v = 0; v < wide; v++) pixels[v] = CK_LOAD16(x + c * step + 16 * v);
        CK_UNROLLED for (int k = 0; k < POINTWISE_TILE; k++) {
            // A number by a vector: CK_ALL16 adds a zero, which is an instruction more here.
            float weight = weights[c * POINTWISE_TILE + k];
            CK_UNROLLED for (int v = 0; v < wide; v++) sums[k][v] += weight * pixels[v];
        }
    }
    CK_UNROLLED for (int k = 0; k < POINTWISE_TILE; k++) {
        if (k >= outputs) break;
        CK_UNROLLED for (int v = 0; v < wide; v++) {
            float *at = y + k * p->pixels + 16 * v;
            int partial = v == wide - 1 && rest < 16;
            f32x16 sum = sums[k][v] + CK_ALL16(bias[k]);
            float part[16] = {0};
            if (p->adds) {
                if (partial) memcpy(part, at, (size_t)rest * sizeof *at);
                sum += partial ? CK_LOAD16(part) : CK_LOAD16(at);
            }
            if (p->bounds == CK_POINTWISE_RELU && p->low == 0) sum = CK_MAX16(sum, CK_ALL16(0.0f));
            if (p->bounds == CK_POINTWISE_RELU && p->low != 0)
                sum = CK_PICK16(sum > CK_ALL16(0.0f), sum, sum * CK_ALL16(p->low));
            if (p->bounds == CK_POINTWISE_CLIP) sum = CK_MIN16(CK_MAX16(sum, CK_ALL16(p->low)), CK_ALL16(p->high));
            if (partial) {
                CK_STORE16(part, sum);
                memcpy(at, part, (size_t)rest * sizeof *at);
            } else {
                CK_STORE16(at, sum);
            }
        }
    }
}

/// All tiles of a group over some vectors of pixels.
CK_INLINE void pointwise_tiles(const struct ck_pointwise *p, int wide, const float *x, ptrdiff_t step, const float *weights,
                               const float *bias, ptrdiff_t rest, float *y) {
    for (ptrdiff_t tile = 0; tile < tiles_of(p->outputs); tile++) {
        ptrdiff_t first = tile * POINTWISE_TILE, left = p->outputs - first;
        pointwise_tile(p, wide, x, step, weights + first * p->channels, bias + first,
                       left < POINTWISE_TILE ? left : POINTWISE_TILE, rest, y + first * p->pixels);
    }
}

CK_INLINE void pointwise_group(const struct ck_pointwise *p, int most, const float *x, const float *weights,
                               const float *bias, float *scratch, float *y) {
    ptrdiff_t at = 0, whole = p->pixels / 16;
    for (; most == 4 && whole - at >= 4; at += 4)
        pointwise_tiles(p, 4, x + 16 * at, p->pixels, weights, bias, 16, y + 16 * at);
    if (most == 4 && whole - at == 3) {
        pointwise_tiles(p, 3, x + 16 * at, p->pixels, weights, bias, 16, y + 16 * at);
        at += 3;
    }
    if (most == 4 && whole - at == 2) {
        pointwise_tiles(p, 2, x + 16 * at, p->pixels, weights, bias, 16, y + 16 * at);
        at += 2;
    }
    for (; at < whole; at++) pointwise_tiles(p, 1, x + 16 * at, p->pixels, weights, bias, 16, y + 16 * at);
    ptrdiff_t rest = p->pixels - 16 * whole;
    if (!rest) return;
    // The last pixels of each plane, so that nothing is read behind it.
    for (ptrdiff_t c = 0; c < p->channels; c++) {
        memset(scratch + 16 * c, 0, 16 * sizeof *scratch);
        memcpy(scratch + 16 * c, x + c * p->pixels + 16 * whole, (size_t)rest * sizeof *scratch);
    }
    pointwise_tiles(p, 1, scratch, 16, weights, bias, rest, y + 16 * whole);
}

CK_CLONES static void groups_narrow(const struct ck_pointwise *p, const float *x, const float *weights, const float *bias,
                                    float *scratch, float *y) {
    ptrdiff_t each = tiles_of(p->outputs) * POINTWISE_TILE * p->channels;
    for (ptrdiff_t g = 0; g < p->groups; g++)
        pointwise_group(p, 1, x + g * p->channels * p->pixels, weights + g * each, bias + g * p->outputs, scratch,
                        y + g * p->outputs * p->pixels);
}

#if CK_HAS_TARGETS
CK_LEVEL_4 static void groups_wide(const struct ck_pointwise *p, const float *x, const float *weights, const float *bias,
                                   float *scratch, float *y) {
    ptrdiff_t each = tiles_of(p->outputs) * POINTWISE_TILE * p->channels;
    for (ptrdiff_t g = 0; g < p->groups; g++)
        pointwise_group(p, 4, x + g * p->channels * p->pixels, weights + g * each, bias + g * p->outputs, scratch,
                        y + g * p->outputs * p->pixels);
}
#endif

void ck_pointwise_run(const struct ck_pointwise *p, const float *x, const float *packed, const float *bias, float *scratch,
                      float *y) {
    CK_ASSERT(p->groups, >= 1);
    CK_ASSERT(p->pixels, >= 0);
    CK_ASSERT_MEMORY(x, p->groups * p->channels * p->pixels);
    CK_ASSERT_MEMORY(y, p->groups * p->outputs * p->pixels);
#if CK_HAS_TARGETS
    if (ck_this_processor()->vector_bits == 512) {
        groups_wide(p, x, packed, bias, scratch, y);
        return;
    }
#endif
    groups_narrow(p, x, packed, bias, scratch, y);
}
