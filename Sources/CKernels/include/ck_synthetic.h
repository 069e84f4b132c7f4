// Images that are made or changed: digits drawn by a pen, images moved and turned, digits put upright.
#ifndef CK_SYNTHETIC_H
#define CK_SYNTHETIC_H

#include <stddef.h>
#include <stdint.h>

// MARK: Digits
//
// Handwritten digits drawn by a pen: the hot loops of Datasets' built-in digits.
//
// A style is a set of pen strokes, each a smooth curve through control points, given in several extremes
// ("keys") of one way of writing. An image is a random blend of a style's keys, bent, leaned and stretched,
// inked with a round pen, and placed as MNIST's images are. No function of the mathematics library is
// used and no multiplication is fused with an addition, so the bytes are the same on every processor.

#define CK_DIGIT_SIDE 28
#define CK_DIGIT_MAX_POINTS 32
#define CK_DIGIT_MAX_KEYS 8
/// Labels are shuffled in blocks of this many images; each block holds each class equally often.
#define CK_DIGIT_LABEL_BLOCK 1000
#define CK_DIGIT_WIDTHS 9

/// The action of the pen at a control point.
enum { CK_PEN_SMOOTH = 0, CK_PEN_CORNER = 1, CK_PEN_DOWN = 2 };

/// One way of writing a digit.
typedef struct {
    int32_t digit;        // 0...9
    float share;          // weight among the styles of this digit, > 0
    int32_t point_count;  // control points of each key, at most CK_DIGIT_MAX_POINTS
    int32_t key_count;    // 1...CK_DIGIT_MAX_KEYS
    int32_t first_pen;    // index into `pens`: one of CK_PEN_* per control point
    int32_t first_xy;     // index into `xy`: key_count * point_count pairs, 0...100, y downward
    float lean;           // mean of the slant, horizontal per vertical; positive leans to the right
    float lean_spread;    // its standard deviation
    float stretch;        // mean of the natural logarithm of width to height, beside the drawn one
    float stretch_spread; // its standard deviation
    float freedom;        // factor on all the distortion of its shape; 1 is usual
    float boldness;       // factor on the pen's width
} ck_digit_style;

/// The variation of samples from their style. Lengths are in hundredths of the drawing unless stated otherwise.
typedef struct {
    float haste_low, haste_high; // range of each sample's factor on its distortion; small factors are commoner
    float extrapolation;   // of the blend of keys: 1 stays inside them
    float turn;            // mean of the vertical shear, vertical per horizontal; negative rises to the right
    float turn_spread;     // its standard deviation
    float bend_x[3];       // quadratic displacement to the right along x^2, xy and y^2 (tapering, bowing)
    float bend_y[3];       // and downward (arching, fanning, the balance of top and bottom)
    float wave_x, wave_y;  // cubic displacement
    float point_x, point_y; // each control point for itself
    float point_mix;       // how much of its neighbours' noise each point shares
    float end_spread;      // ends of strokes longer or shorter, as a share of the last span
    float stroke_shift;    // each stroke of several moved for itself
    float stroke_scale;    // and scaled
    float pressure_spread; // relative change of pen width along a stroke
    float nib_spread;      // relative difference of pen width between horizontal and vertical strokes
    float softness_low, softness_high; // width of the grey edge, in pixels
    float grain;           // roughness of the edge, in pixels
    float widths[CK_DIGIT_WIDTHS]; // quantiles of pen width in pixels of the finished image, equally spaced
} ck_digit_variation;

typedef struct {
    const ck_digit_style *styles;  // sorted by digit; every digit has at least one
    int32_t style_count;
    const uint8_t *pens;
    const float *xy;
    ck_digit_variation variation;
} ck_digit_book;

/// Fills `images` (count * 28 * 28 bytes) and `labels` (count bytes) with the images `first ..< first + count`
/// of the stream `seed`. Each image depends on the book, the seed and its own index only.
void ck_digits_generate(const ck_digit_book *book, uint64_t seed, uint64_t first, ptrdiff_t count,
                        uint8_t *images, uint8_t *labels);

// MARK: Augmentation
//
// Images changed a little at random: moved, turned, scaled, sheared, mirrored, distorted as if drawn on rubber, lit
// otherwise, and with a part of them covered.
//
// Sources: P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional neural networks applied to visual
// document analysis", ICDAR 2003; T. DeVries, G. Taylor, "Improved regularization of convolutional neural networks with
// cutout", 2017.

/// The strength of augmentation. The random numbers are a function of key, epoch and the image's number alone.
typedef struct {
    ptrdiff_t height, width;
    float shift;       // pixels, up to, each way
    float rotation;    // radians, up to, each way
    float scaling;     // share, up to, each way
    float elastic;     // what the smoothed displacements are multiplied by
    float smoothness;  // deviation in pixels of what smooths them
    uint32_t key[2];
    uint32_t epoch;
    ptrdiff_t channels;   // planes of an image: 1, or 3 for red, green and blue
    float shift_x, shift_y;  // pixels besides, up to, each way
    float shear;          // radians, up to, each way
    float flip;           // probability of a mirror image
    float erasing;        // share of the area that is covered, up to
    float brightness, contrast, colour;  // shares, up to, each way
    int32_t from_edge;    // outside there is the nearest pixel, and what is covered has the mean colour; else zeros
} ck_augmentation;

/// The number of floats of scratch memory for one part.
ptrdiff_t ck_augment_scratch(const ck_augmentation *a);

/// out[k] = images[rows[k]] changed by the random numbers of numbers[k], [channels, height, width] each; `scratch` holds `parts`
/// times ck_augment_scratch floats. The result does not depend on `parts`.
void ck_augment_u8(const ck_augmentation *a, const uint8_t *images, const int32_t *rows, const int32_t *numbers,
                   ptrdiff_t count, int32_t parts, float *scratch, uint8_t *out);

// MARK: Deskewing

/// Shears images [count, height, width] upright by the moments of their ink, and moves the ink to the middle. At most
/// 65535 * 32 images; height and width at most 4096.
void ck_deskew_u8(const uint8_t *images, ptrdiff_t count, ptrdiff_t height, ptrdiff_t width, uint8_t *result);

#endif
