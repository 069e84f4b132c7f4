// Images changed a little at random: moved, turned, scaled, distorted as if drawn on rubber.
//
// Source: P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional neural networks applied to visual
// document analysis", ICDAR 2003.
#ifndef CK_AUGMENT_H
#define CK_AUGMENT_H

#include <stdint.h>

/// How far images are changed. The random numbers follow from key, epoch and the image's row alone.
typedef struct {
    int32_t height, width;
    float shift;       // pixels, up to, each way
    float rotation;    // radians, up to, each way
    float scaling;     // share, up to, each way
    float elastic;     // what the smoothed displacements are multiplied by
    float smoothness;  // deviation in pixels of what smooths them
    uint32_t key[2];
    uint32_t epoch;
} ck_augmentation;

/// How many floats of scratch one part needs.
int64_t ck_augment_scratch(const ck_augmentation *a);

/// out[k] = images[rows[k]] changed, [height, width] each; `scratch` holds `parts` times ck_augment_scratch floats.
/// The result does not depend on `parts`.
void ck_augment_u8(const ck_augmentation *a, const uint8_t *images, const int32_t *rows, int64_t count, int32_t parts,
                   float *scratch, uint8_t *out);

#endif
