// The angle of a gradient for sixteen pixels at once.
#ifndef CK_FEATURES_TURNS_H
#define CK_FEATURES_TURNS_H

#include "core/lanes.h"

/// The angle of (x, y) in turns, [0, 1]: a = min / max, then the arc tangent by an odd polynomial whose largest error is
/// least (Lawson's iteration): below 3e-7 turns.
#define CK_TURNS(x, y, result)                                                                          \
    do {                                                                                                \
        f32x16 ax_ = CK_ABS16(x), ay_ = CK_ABS16(y);                                                    \
        f32x16 a_ = CK_MIN16(ax_, ay_) / (CK_MAX16(ax_, ay_) + 1e-30f), s_ = a_ * a_;                   \
        f32x16 p_ = s_ * -0.00186515f + 0.00837908f;                                                    \
        p_ = p_ * s_ - 0.01852984f;                                                                     \
        p_ = p_ * s_ + 0.0308029f;                                                                      \
        p_ = p_ * s_ - 0.05293857f;                                                                     \
        p_ = (p_ * s_ + 0.15915132f) * a_;                                                              \
        p_ = CK_PICK16(ay_ > ax_, 0.25f - p_, p_);                                                      \
        p_ = CK_PICK16((x) < 0, 0.5f - p_, p_);                                                         \
        result = CK_PICK16((y) < 0, 1.0f - p_, p_);                                                     \
    } while (0)

/// Unit length, no value above 0.2, unit length again, as bytes: 512 times the value.
CK_INLINE void finish_descriptor(const float *values, uint8_t *descriptor) {
    float sum = 0, clipped = 0, v[128];
    f32x16 sums = {};
    for (int i = 0; i < 128; i += 16) sums += CK_LOAD16(values + i) * CK_LOAD16(values + i);
    for (int i = 0; i < 16; i++) sum += sums[i];
    float factor = 1.0f / __builtin_sqrtf(sum > 1e-20f ? sum : 1e-20f);
    sums = (f32x16){};
    for (int i = 0; i < 128; i += 16) {
        f32x16 value = CK_MIN16(CK_LOAD16(values + i) * factor, CK_ALL16(0.2f));
        sums += value * value;
        CK_STORE16(v + i, value);
    }
    for (int i = 0; i < 16; i++) clipped += sums[i];
    factor = 512.0f / __builtin_sqrtf(clipped > 1e-20f ? clipped : 1e-20f);
    for (int i = 0; i < 128; i += 16) {
        f32x16 value = CK_MIN16(CK_LOAD16(v + i) * factor + 0.5f, CK_ALL16(255.0f));
        i32x16 whole = __builtin_convertvector(value, i32x16);
        CK_STORE_BYTES16(descriptor + i, __builtin_convertvector(whole, u8x16));
    }
}

#endif
