// What both ways of histograms of oriented gradients share: sixteen small images side by side, and blocks made comparable.
#include <math.h>

#include "core/lanes.h"
#include "features/hog.h"

#define HOG_BLOCKS_EPSILON 1e-5f

/// result[pixel][lane] = images[lane][pixel] for up to 16 images of `pixels` bytes; lanes without an image are zero.
CK_CLONES void ck_images_to_lanes(const uint8_t *images, int lanes, ptrdiff_t pixels, uint8_t *result) {
    for (ptrdiff_t first = 0; first < pixels; first += 16) {
        ptrdiff_t length = pixels - first < 16 ? pixels - first : 16;
        u8x16 v[16];
        for (int lane = 0; lane < 16; lane++) {
            v[lane] = (u8x16){};
            if (lane < lanes) {
                if (length == 16) v[lane] = CK_LOAD_BYTES16(images + lane * pixels + first);
                else memcpy(&v[lane], images + lane * pixels + first, (size_t)length);
            }
        }
        transpose_bytes16(v);
        memcpy(result + first * 16, v, (size_t)length * 16);
    }
}

/// rows[lane * stride + k] = lanes_of[k][lane] for k < count and lane < lanes.
CK_CLONES void ck_lanes_to_features(const float *lanes_of, ptrdiff_t count, int lanes, float *rows, ptrdiff_t stride) {
    for (ptrdiff_t first = 0; first < count; first += 16) {
        ptrdiff_t length = count - first < 16 ? count - first : 16;
        f32x16 v[16];
        for (int k = 0; k < 16; k++) v[k] = k < length ? CK_LOAD16(lanes_of + (first + k) * 16) : (f32x16){};
        transpose16(v);
        for (int lane = 0; lane < lanes; lane++) {
            if (length == 16) CK_STORE16(rows + lane * stride + first, v[lane]);
            else memcpy(rows + lane * stride + first, &v[lane], (size_t)length * sizeof(float));
        }
    }
}

/// Normalises one block of sixteen images in place: `count` vectors.
CK_CLONES void ck_hog_normalize_lanes(float *block, int count, int norm) {
    f32x16 sum = {};
    if (norm == CK_HOG_L1 || norm == CK_HOG_L1_SQRT) {
        for (int i = 0; i < count; i++) sum += CK_LOAD16(block + 16 * i);
        f32x16 factor = 1.0f / (sum + HOG_BLOCKS_EPSILON);
        for (int i = 0; i < count; i++) {
            f32x16 value = CK_LOAD16(block + 16 * i) * factor;
            if (norm == CK_HOG_L1_SQRT) value = CK_SQRT16(value);
            CK_STORE16(block + 16 * i, value);
        }
        return;
    }
    for (int i = 0; i < count; i++) sum += CK_LOAD16(block + 16 * i) * CK_LOAD16(block + 16 * i);
    f32x16 factor = 1.0f / CK_SQRT16(sum + HOG_BLOCKS_EPSILON * HOG_BLOCKS_EPSILON);
    if (norm == CK_HOG_L2_HYS) {
        f32x16 clipped = {};
        for (int i = 0; i < count; i++) {
            f32x16 value = CK_MIN16(CK_LOAD16(block + 16 * i) * factor, CK_ALL16(0.2f));
            clipped += value * value;
            CK_STORE16(block + 16 * i, value);
        }
        factor = 1.0f / CK_SQRT16(clipped + HOG_BLOCKS_EPSILON * HOG_BLOCKS_EPSILON);
    }
    for (int i = 0; i < count; i++) CK_STORE16(block + 16 * i, CK_LOAD16(block + 16 * i) * factor);
}

/// One block of one image: the same as one lane of the above.
void ck_hog_normalize(float *block, int count, int norm) {
    float sum = 0;
    if (norm == CK_HOG_L1 || norm == CK_HOG_L1_SQRT) {
        for (int i = 0; i < count; i++) sum += block[i];
        float factor = 1.0f / (sum + HOG_BLOCKS_EPSILON);
        for (int i = 0; i < count; i++)
            block[i] = norm == CK_HOG_L1_SQRT ? sqrtf(block[i] * factor) : block[i] * factor;
        return;
    }
    for (int i = 0; i < count; i++) sum += block[i] * block[i];
    float factor = 1.0f / sqrtf(sum + HOG_BLOCKS_EPSILON * HOG_BLOCKS_EPSILON);
    if (norm == CK_HOG_L2_HYS) {
        float clipped = 0;
        for (int i = 0; i < count; i++) {
            block[i] = fminf(block[i] * factor, 0.2f);
            clipped += block[i] * block[i];
        }
        factor = 1.0f / sqrtf(clipped + HOG_BLOCKS_EPSILON * HOG_BLOCKS_EPSILON);
    }
    for (int i = 0; i < count; i++) block[i] *= factor;
}
