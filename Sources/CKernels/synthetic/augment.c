// Images changed at random: an affine map and smoothed displacements, then one look-up for each pixel, then its light.
#include <math.h>
#include <string.h>

#include "ck_core.h"
#include "ck_random.h"
#include "ck_synthetic.h"
#include "random/philox.h"

// Vectors are passed between functions that are all inlined, so no calling convention matters.
#pragma GCC diagnostic ignored "-Wpsabi"

#define AUGMENT_LANES 16

typedef float lanes_f __attribute__((vector_size(4 * AUGMENT_LANES)));

static ptrdiff_t whole_lanes(ptrdiff_t count) { return (count + AUGMENT_LANES - 1) / AUGMENT_LANES * AUGMENT_LANES; }

// The smoothing reaches three deviations far; a weight beyond is below 0.012 of the middle one.
static int32_t radius_of(const ck_augmentation *a) {
    if (!(a->elastic > 0)) return 0;
    int32_t radius = (int32_t)ceilf(3 * a->smoothness);
    return radius < 1 ? 1 : radius;
}

/// Where things lie in the scratch, in numbers of four bytes: the image as bytes with a border of one before and two
/// behind; its words (see `pack`); where each pixel lies from the middle, x and y; two fields of displacements; random
/// bits; a field with zeros left and right, and the same smoothed along columns; the weights of the smoothing.
struct room {
    int32_t radius;
    ptrdiff_t border_width, field_width, counters;  // of a row of the image, of a row of the field; of random numbers
    ptrdiff_t words, places, fields, bits, noise, columns, weights, total;
};

static struct room room_of(const ck_augmentation *a) {
    struct room r;
    const ptrdiff_t h = a->height, w = a->width, pixels = whole_lanes(h * w);
    r.radius = radius_of(a);
    r.border_width = w + 3;
    r.counters = (h * w + 7) / 8;
    const ptrdiff_t field = r.radius > 0 ? 1 : 0, bytes = (h + 3) * r.border_width + AUGMENT_LANES;
    // The last whole vector of a row, and what the smoothing reaches behind it, lie within.
    r.field_width = whole_lanes(whole_lanes(w) + 2 * r.radius);
    r.words = (bytes + 3) / 4;
    r.places = r.words + (h + 2) * r.border_width;
    r.fields = r.places + 2 * pixels;
    r.bits = r.fields + 2 * (pixels + AUGMENT_LANES);
    r.noise = r.bits + field * 8 * r.counters;
    r.columns = r.noise + field * h * r.field_width;
    r.weights = r.columns + field * h * r.field_width;
    r.total = r.weights + field * (2 * r.radius + 1);
    return r;
}

ptrdiff_t ck_augment_scratch(const ck_augmentation *a) {
    CK_ASSERT_GIVEN(a);
    CK_ASSERT(a->height, > 0);
    CK_ASSERT(a->width, > 0);
    return room_of(a).total;
}

/// -1...1 from 16 bits.
CK_INLINE float signed_unit(uint32_t bits) { return ((float)(bits & 0xFFFF) + 0.5f) * (1.0f / 32768) - 1; }

CK_INLINE lanes_f load(const float *x) {
    lanes_f v;
    memcpy(&v, x, sizeof v);
    return v;
}

/// The random numbers of one field. Eight numbers a counter, from its last half word to its first; counters 1, 2, ... of
/// the image belong to the first field, from 2^31 on to the second. The first half of `bits` takes the words.
CK_INLINE void draw(const ck_augmentation *a, const struct room *r, uint32_t which, uint32_t number, uint32_t *bits,
                    float *noise) {
    const int32_t h = a->height, w = a->width;
    const ptrdiff_t count = r->counters;
    uint32_t *restrict words = bits, *restrict halves = bits + 4 * count;
    for (ptrdiff_t j = 0; j < count; j++) {
        uint32_t c0 = 1 + (which << 31) + (uint32_t)j, c1 = 0, c2 = a->epoch, c3 = number;
        ck_philox_rounds(&c0, &c1, &c2, &c3, a->key[0], a->key[1]);
        words[j] = c0;
        words[count + j] = c1;
        words[2 * count + j] = c2;
        words[3 * count + j] = c3;
    }
    for (ptrdiff_t j = 0; j < count; j++) {
        for (ptrdiff_t k = 0; k < 4; k++) {
            const uint32_t word = words[(3 - k) * count + j];
            halves[4 * j + k] = word >> 16 | word << 16;
        }
    }
    for (ptrdiff_t y = 0; y < h; y++) {
        float *restrict line = noise + y * r->field_width + r->radius;
        for (ptrdiff_t x = 0, i = y * w; x < w; x++, i++) {
            uint16_t half;
            memcpy(&half, (const char *)halves + 2 * i, sizeof half);
            line[x] = signed_unit(half);
        }
    }
}

/// The sum of `count` vectors `stride` apart, each times its weight.
CK_INLINE lanes_f weighted(const float *source, ptrdiff_t stride, const float *weights, int32_t count) {
    lanes_f sum = {};
    for (int32_t k = 0; k < count; k++) sum += weights[k] * load(source + k * stride);
    return sum;
}

/// One field of displacements: uniform numbers, smoothed along columns and rows, times `elastic`.
CK_INLINE void displace(const ck_augmentation *a, const struct room *r, float *noise, float *columns,
                        const float *weights, float *field) {
    const int32_t h = a->height, w = a->width, radius = r->radius;
    const ptrdiff_t fw = r->field_width;
    for (int32_t y = 0; y < h; y++) {
        // Above and below the field there are zeros.
        const int32_t first = y < radius ? radius - y : 0, last = y + radius < h ? 2 * radius : h - 1 - y + radius;
        const float *source = noise + (y + first - radius) * fw;
        for (ptrdiff_t x = 0; x < fw; x += AUGMENT_LANES) {
            lanes_f sum = weighted(source + x, fw, weights + first, last - first + 1);
            memcpy(columns + y * fw + x, &sum, sizeof sum);
        }
    }
    for (int32_t y = 0; y < h; y++) {
        // The last vector of a row reaches into the next one, which comes after it, and behind the field.
        for (ptrdiff_t x = 0; x < w; x += AUGMENT_LANES) {
            lanes_f sum = a->elastic * weighted(columns + y * fw + x, 1, weights, 2 * radius + 1);
            memcpy(field + (ptrdiff_t)y * w + x, &sum, sizeof sum);
        }
    }
}

/// Each place's four bytes, of itself, right, below and both, in one word: one look fetches what a pixel is mixed of.
CK_INLINE void pack(const ck_augmentation *a, const struct room *r, const uint8_t *source, uint8_t *restrict bytes,
                    uint32_t *restrict words) {
    const ptrdiff_t stride = r->border_width, count = (a->height + 2) * stride, h = a->height, w = a->width;
    for (ptrdiff_t y = 0; y < h; y++) {
        uint8_t *line = bytes + (y + 1) * stride + 1;
        memcpy(line, source + y * w, (size_t)w);
        if (a->from_edge) {
            line[-1] = line[0];
            line[w] = line[w + 1] = line[w - 1];
        }
    }
    if (a->from_edge) {
        memcpy(bytes, bytes + stride, (size_t)stride);
        for (ptrdiff_t y = h + 1; y < h + 3; y++) memcpy(bytes + y * stride, bytes + h * stride, (size_t)stride);
    }
    for (ptrdiff_t i = 0; i < count; i++)
        words[i] = bytes[i] | (uint32_t)bytes[i + 1] << 8 | (uint32_t)bytes[i + stride] << 16 |
                   (uint32_t)bytes[i + stride + 1] << 24;
}

/// Where a pixel comes from: from_x = xx u + xy v, from_y = yy v - yx u, for (u, v) from the middle of the moved image.
struct map {
    float dx, dy, xx, xy, yx, yy;
};

CK_INLINE struct map map_of(const ck_augmentation *a, uint32_t number) {
    uint32_t place[4] = {0, 0, a->epoch, number}, drawn[4];
    ck_philox4x32(place, a->key, drawn);
    const float angle = a->rotation * signed_unit(drawn[1]), scale = 1 / (1 + a->scaling * signed_unit(drawn[2]));
    const float c = cosf(angle) * scale, s = sinf(angle) * scale, k = tanf(a->shear * signed_unit(drawn[3]));
    const float mirror = 0.5f + 0.5f * signed_unit(drawn[3] >> 16) < a->flip ? -1 : 1;
    struct map m;
    m.dx = (a->shift + a->shift_x) * signed_unit(drawn[0]);
    m.dy = (a->shift + a->shift_y) * signed_unit(drawn[0] >> 16);
    m.xx = mirror * c;
    m.xy = mirror * (s + c * k);
    m.yx = s;
    m.yy = c - s * k;
    return m;
}

CK_INLINE void sample(const ck_augmentation *a, const struct room *r, struct map m,
                      const uint32_t *restrict words, const float *restrict places, const float *restrict fields,
                      uint8_t *restrict out) {
    const int32_t count = (int32_t)a->height * (int32_t)a->width, stride = (int32_t)r->border_width;
    const int32_t height = (int32_t)a->height, width = (int32_t)a->width;
    const float middle_x = 0.5f * (float)(width - 1), middle_y = 0.5f * (float)(height - 1);
    const float last_x = (float)width, last_y = (float)height;
    const float *restrict ys = places + whole_lanes(count), *restrict ey = fields + whole_lanes(count) + AUGMENT_LANES;
    for (int32_t i = 0; i < count; i++) {
        const float u = places[i] - m.dx, v = ys[i] - m.dy;
        // Where the pixel comes from, in the image with its border of one before and two behind.
        float from_x = m.xx * u + m.xy * v + middle_x + fields[i];
        float from_y = m.yy * v - m.yx * u + middle_y + ey[i];
        from_x = from_x < -1 ? -1 : from_x > last_x ? last_x : from_x;
        from_y = from_y < -1 ? -1 : from_y > last_y ? last_y : from_y;
        const float floor_x = floorf(from_x), floor_y = floorf(from_y);
        const float px = from_x - floor_x, py = from_y - floor_y;
        const uint32_t four = words[((int32_t)floor_y + 1) * stride + (int32_t)floor_x + 1];
        const float first = (float)(int32_t)(four & 255), below = (float)(int32_t)(four >> 16 & 255);
        const float top = first + px * ((float)(int32_t)(four >> 8 & 255) - first);
        const float bottom = below + px * ((float)(int32_t)(four >> 24) - below);
        out[i] = (uint8_t)(int32_t)(top + py * (bottom - top) + 0.5f);
    }
}

CK_INLINE uint8_t as_byte(float x) { return (uint8_t)(int32_t)((x < 0 ? 0 : x > 255 ? 255 : x) + 0.5f); }

// The grey of a colour, by ITU-R BT.601.
CK_INLINE float grey_of(const float *colour) { return 0.299f * colour[0] + 0.587f * colour[1] + 0.114f * colour[2]; }

/// The mean of each plane of an image, and of its grey.
CK_INLINE float means_of(const ck_augmentation *a, const uint8_t *image, float mean[3]) {
    const ptrdiff_t pixels = a->height * a->width;
    for (ptrdiff_t c = 0; c < a->channels; c++) {
        uint64_t sum = 0;
        for (ptrdiff_t i = 0; i < pixels; i++) sum += image[c * pixels + i];
        mean[c] = (float)((double)sum / (double)pixels);
    }
    return a->channels == 3 ? grey_of(mean) : mean[0];
}

/// Light, contrast and the strength of colours: x becomes mean + contrast (light x - mean), and so its distance from its
/// own grey.
CK_INLINE void relight(const ck_augmentation *a, const uint32_t drawn[4], uint8_t *restrict image) {
    float mean[3];
    const float light = 1 + a->brightness * signed_unit(drawn[0]), middle = light * means_of(a, image, mean);
    const float contrast = 1 + a->contrast * signed_unit(drawn[0] >> 16), strength = 1 + a->colour * signed_unit(drawn[1]);
    const ptrdiff_t pixels = a->height * a->width;
    for (ptrdiff_t i = 0; i < pixels; i++) {
        if (a->channels == 1) {
            image[i] = as_byte(middle + contrast * (light * (float)image[i] - middle));
            continue;
        }
        float colour[3];
        for (int c = 0; c < 3; c++) colour[c] = middle + contrast * (light * (float)image[c * pixels + i] - middle);
        const float grey = grey_of(colour);
        for (int c = 0; c < 3; c++) image[c * pixels + i] = as_byte(grey + strength * (colour[c] - grey));
    }
}

/// Covers a rectangle of up to `erasing` of the area, of a ratio from 1:3 to 3:1, whose middle may lie anywhere.
CK_INLINE void cover(const ck_augmentation *a, const uint32_t drawn[4], uint8_t *image) {
    const float h = (float)a->height, w = (float)a->width;
    const float area = a->erasing * (0.5f + 0.5f * signed_unit(drawn[1] >> 16)) * h * w;
    const float ratio = expf(logf(3) * signed_unit(drawn[2]));
    const float half_height = 0.5f * sqrtf(area * ratio), half_width = 0.5f * sqrtf(area / ratio);
    const float x = w * (0.5f + 0.5f * signed_unit(drawn[2] >> 16)), y = h * (0.5f + 0.5f * signed_unit(drawn[3]));
    const ptrdiff_t left = (ptrdiff_t)fmaxf(0, x - half_width + 0.5f), right = (ptrdiff_t)fminf(w, x + half_width + 0.5f);
    const ptrdiff_t top = (ptrdiff_t)fmaxf(0, y - half_height + 0.5f);
    const ptrdiff_t bottom = (ptrdiff_t)fminf(h, y + half_height + 0.5f);
    float mean[3] = {0, 0, 0};
    if (a->from_edge) means_of(a, image, mean);
    for (ptrdiff_t c = 0; c < a->channels; c++)
        for (ptrdiff_t j = top; j < bottom && left < right; j++)
            memset(image + (c * a->height + j) * a->width + left, as_byte(mean[c]), (size_t)(right - left));
}

CK_CLONES static void ck_augment_images(const ck_augmentation *a, const uint8_t *images, const int32_t *rows,
                                        const int32_t *numbers, ptrdiff_t first, ptrdiff_t end, float *scratch,
                                        uint8_t *out) {
    const struct room r = room_of(a);
    const ptrdiff_t h = a->height, w = a->width, pixels = whole_lanes(h * w);
    uint8_t *bytes = (uint8_t *)scratch;
    uint32_t *words = (uint32_t *)(scratch + r.words), *bits = (uint32_t *)(scratch + r.bits);
    float *places = scratch + r.places, *fields = scratch + r.fields, *noise = scratch + r.noise;
    float *columns = scratch + r.columns, *weights = scratch + r.weights;
    // What stays zero: the border, the field's sides, displacements where there are none.
    memset(scratch, 0, sizeof(float) * (size_t)r.total);
    if (r.radius > 0) {
        float sum = 0;
        for (int32_t k = 0; k <= 2 * r.radius; k++) {
            const float distance = (float)(k - r.radius) / a->smoothness;
            weights[k] = expf(-0.5f * distance * distance);
            sum += weights[k];
        }
        for (int32_t k = 0; k <= 2 * r.radius; k++) weights[k] /= sum;
    }
    for (ptrdiff_t i = 0; i < h * w; i++) {
        places[i] = (float)(i % w) - 0.5f * (float)(w - 1);
        places[pixels + i] = (float)(i / w) - 0.5f * (float)(h - 1);
    }
    for (ptrdiff_t index = first; index < end; index++) {
        const uint32_t number = (uint32_t)numbers[index];
        for (uint32_t which = 0; which < 2 && r.radius > 0; which++) {
            draw(a, &r, which, number, bits, noise);
            displace(a, &r, noise, columns, weights, fields + which * (pixels + AUGMENT_LANES));
        }
        const ptrdiff_t values = h * w * a->channels;
        const uint8_t *source = images + (ptrdiff_t)rows[index] * values;
        uint8_t *image = out + index * values;
        const struct map m = map_of(a, number);
        for (ptrdiff_t c = 0; c < a->channels; c++) {
            pack(a, &r, source + c * h * w, bytes, words);
            sample(a, &r, m, words, places, fields, image + c * h * w);
        }
        if (!(a->erasing > 0 || a->brightness > 0 || a->contrast > 0 || a->colour > 0)) continue;
        // Counters whose second word is not 0 belong to no field of displacements.
        uint32_t place[4] = {0, 1, a->epoch, number}, drawn[4];
        ck_philox4x32(place, a->key, drawn);
        if (a->brightness > 0 || a->contrast > 0 || a->colour > 0) relight(a, drawn, image);
        if (a->erasing > 0) cover(a, drawn, image);
    }
}

struct augmenting {
    const ck_augmentation *a;
    const uint8_t *images;
    const int32_t *rows, *numbers;
    ptrdiff_t count;
    int32_t parts;
    float *scratch;
    uint8_t *out;
};

static void augment_part(void *context, int32_t part) {
    const struct augmenting *g = context;
    ptrdiff_t first, end;
    ck_part_range(g->count, g->parts, part, &first, &end);
    float *scratch = g->scratch + part * room_of(g->a).total;
    ck_augment_images(g->a, g->images, g->rows, g->numbers, first, end, scratch, g->out);
}

void ck_augment_u8(const ck_augmentation *a, const uint8_t *images, const int32_t *rows, const int32_t *numbers,
                   ptrdiff_t count, int32_t parts, float *scratch, uint8_t *out) {
    CK_ASSERT_GIVEN(a);
    CK_ASSERT(a->height, > 0);
    CK_ASSERT(a->width, > 0);
    CK_ASSERT((a->channels - 1) * (a->channels - 3), == 0);
    CK_ASSERT(count, >= 0);
    CK_ASSERT(parts, > 0);
    CK_ASSERT_MEMORY(images, count);
    CK_ASSERT_MEMORY(rows, count);
    CK_ASSERT_MEMORY(numbers, count);
    CK_ASSERT_MEMORY(scratch, count);
    CK_ASSERT_MEMORY(out, count);
    CK_ASSERT_INDICES(rows, count, INT32_MAX);
    CK_ASSERT_INDICES(numbers, count, INT32_MAX);
    struct augmenting g = {a, images, rows, numbers, count, parts, scratch, out};
    ck_parallel(parts, augment_part, &g);
}
