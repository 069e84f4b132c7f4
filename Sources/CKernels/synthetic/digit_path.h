// What the files of the built-in digits share: random numbers, and the path of a pen.
#ifndef CK_SYNTHETIC_DIGIT_PATH_H
#define CK_SYNTHETIC_DIGIT_PATH_H

#include <math.h>
#include <stdint.h>

#include "ck_synthetic.h"

#define CK_DIGIT_BOX 20                   // MNIST's ink fits a box of 20 x 20 pixels
#define CK_DIGIT_MARGIN ((CK_DIGIT_SIDE - CK_DIGIT_BOX) / 2)
#define CK_DIGIT_SPAN_STEPS 5             // straight pieces per span between two control points
#define CK_DIGIT_MAX_LINE (CK_DIGIT_MAX_POINTS * (CK_DIGIT_SPAN_STEPS + 1))

typedef struct {
    float x, y;
} point;

/// Points along the pen's way: at most CK_DIGIT_SPAN_STEPS per span between control points and one per stroke. `width` is
/// relative to the pen's; `down[i]` tells whether ink joins i - 1 and i.
typedef struct {
    point at[CK_DIGIT_MAX_LINE];
    float width[CK_DIGIT_MAX_LINE];
    uint8_t down[CK_DIGIT_MAX_LINE];
    int count;
} path;

/// Writes the path of one sample of `digit` in pixels of the image; returns the pen's width in pixels.
float ck_digit_path(const ck_digit_book *book, int digit, uint64_t *state, path *line);

/// Inks the path and places the result: 28 x 28 bytes.
void ck_digit_ink(const ck_digit_variation *variation, const path *line, float width, uint64_t *state,
                  uint8_t *image);

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014): the n-th
/// number is a hash of the state plus n times a constant, so that each image can have a stream of its own.
static inline uint64_t next_word(uint64_t *state) {
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/// 0 ..< 1.
static inline float uniform(uint64_t *state) { return (float)(next_word(state) >> 40) * 0x1p-24f; }

/// Mean 0, deviation 1, never beyond 3.5: the sum of four uniform numbers of 16 bits. Bounded tails are wanted,
/// since a digit bent without bound is no longer that digit.
static inline float normal(uint64_t *state) {
    uint64_t word = next_word(state);
    uint32_t sum = (uint32_t)(word & 0xFFFF) + (uint32_t)(word >> 16 & 0xFFFF) +
                   (uint32_t)(word >> 32 & 0xFFFF) + (uint32_t)(word >> 48);
    return ((float)sum - 131070.0f) * (1.7320508f / 65536.0f);
}

#endif
