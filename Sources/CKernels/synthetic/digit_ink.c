// Built-in digits: from the path of a pen to 28 x 28 grey levels.
#include <string.h>

#include "ck_core.h"
#include "synthetic/digit_path.h"

#pragma STDC FP_CONTRACT OFF

#define DIGIT_LANES 8               // pixels of a row done at once
#define DIGIT_PITCH (CK_DIGIT_SIDE + DIGIT_LANES)  // a row of the canvas: a block of lanes may run over its end

/// Raises `depth` (how far inside the ink a pixel's centre is, in pixels; negative outside) around one piece.
CK_INLINE void ink_piece(float depth[CK_DIGIT_SIDE][DIGIT_PITCH], point a, point b, float ra, float rb) {
    const float reach = fmaxf(ra, rb) + 1.5f;
    int x0 = (int)fmaxf(fminf(a.x, b.x) - reach, 0), x1 = (int)fminf(fmaxf(a.x, b.x) + reach, CK_DIGIT_SIDE - 1);
    int y0 = (int)fmaxf(fminf(a.y, b.y) - reach, 0), y1 = (int)fminf(fmaxf(a.y, b.y) + reach, CK_DIGIT_SIDE - 1);
    float dx = b.x - a.x, dy = b.y - a.y, inverse = 1 / (dx * dx + dy * dy + 1e-9f), taper = rb - ra;
    for (int y = y0; y <= y1; y++) {
        float py = (float)y + 0.5f - a.y, along = py * dy;
        for (int x = x0; x <= x1; x += DIGIT_LANES) {
            float *row = &depth[y][x];
            for (int lane = 0; lane < DIGIT_LANES; lane++) {
                float px = (float)(x + lane) + 0.5f - a.x;
                float t = (px * dx + along) * inverse;
                t = t < 0 ? 0 : t;
                t = t > 1 ? 1 : t;
                float qx = px - t * dx, qy = py - t * dy;
                float inside = ra + t * taper - sqrtf(qx * qx + qy * qy);
                row[lane] = inside > row[lane] ? inside : row[lane];
            }
        }
    }
}

/// Grey levels from depths, then the shift by whole pixels that brings the centre of mass to the middle.
CK_INLINE void develop(const ck_digit_variation *v, float depth[CK_DIGIT_SIDE][DIGIT_PITCH], uint64_t *state,
                       uint8_t *image) {
    float softness = v->softness_low + (v->softness_high - v->softness_low) * uniform(state);
    float slope = 255.0f / softness, grain = v->grain * (2.0f / 255.0f);
    uint8_t ink[CK_DIGIT_SIDE][CK_DIGIT_SIDE];
    uint32_t mass = 0, massX = 0, massY = 0;
    for (int y = 0; y < CK_DIGIT_SIDE; y++) {
        uint64_t noise[(CK_DIGIT_SIDE + 7) / 8];
        for (int k = 0; k < (CK_DIGIT_SIDE + 7) / 8; k++) noise[k] = next_word(state);
        const uint8_t *bytes = (const uint8_t *)noise;
        uint32_t row = 0, moment = 0;
        for (int x = 0; x < CK_DIGIT_SIDE; x++) {
            float d = depth[y][x] + grain * ((float)bytes[x] - 127.5f);
            float level = 127.5f + slope * d;
            level = level < 0 ? 0 : level;
            level = level > 255 ? 255 : level;
            uint32_t value = (uint32_t)(int32_t)(level + 0.5f);
            ink[y][x] = (uint8_t)value;
            row += value;
            moment += value * (uint32_t)x;
        }
        mass += row;
        massX += moment;
        massY += row * (uint32_t)y;
    }
    // Pixel x covers x ..< x + 1, so the middle of the image, 14, is the centre of no pixel: MNIST's images
    // have their mean pixel index near 14 in x and y.
    int shiftX = 0, shiftY = 0;
    if (mass > 0) {
        shiftX = (int)(CK_DIGIT_SIDE / 2) - (int)((massX + mass / 2) / mass);
        shiftY = (int)(CK_DIGIT_SIDE / 2) - (int)((massY + mass / 2) / mass);
    }
    shiftX = shiftX > CK_DIGIT_MARGIN ? CK_DIGIT_MARGIN : shiftX < -CK_DIGIT_MARGIN ? -CK_DIGIT_MARGIN : shiftX;
    shiftY = shiftY > CK_DIGIT_MARGIN ? CK_DIGIT_MARGIN : shiftY < -CK_DIGIT_MARGIN ? -CK_DIGIT_MARGIN : shiftY;
    memset(image, 0, CK_DIGIT_SIDE * CK_DIGIT_SIDE);
    for (int y = 0; y < CK_DIGIT_SIDE; y++) {
        int toY = y + shiftY;
        if (toY < 0 || toY >= CK_DIGIT_SIDE) continue;
        int from = shiftX < 0 ? -shiftX : 0, count = CK_DIGIT_SIDE - (shiftX < 0 ? -shiftX : shiftX);
        memcpy(image + toY * CK_DIGIT_SIDE + from + shiftX, &ink[y][from], (size_t)count);
    }
}

CK_CLONES
void ck_digit_ink(const ck_digit_variation *v, const path *line, float width, uint64_t *state, uint8_t *image) {
    float depth[CK_DIGIT_SIDE][DIGIT_PITCH];
    for (int y = 0; y < CK_DIGIT_SIDE; y++)
        for (int x = 0; x < DIGIT_PITCH; x++) depth[y][x] = -100;
    for (int i = 1; i < line->count; i++) {
        if (!line->down[i]) continue;
        float from = 0.5f * width * line->width[i - 1], to = 0.5f * width * line->width[i];
        ink_piece(depth, line->at[i - 1], line->at[i], from, to);
    }
    develop(v, depth, state, image);
}
