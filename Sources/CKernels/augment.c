#include "ck_augment.h"

#include <math.h>
#include <string.h>

#include "ck_clones.h"
#include "ck_philox.h"
#include "ck_pool.h"

// The smoothing reaches three deviations far; a weight beyond is below 0.012 of the middle one.
static int32_t radius_of(const ck_augmentation *a) {
    if (!(a->elastic > 0)) return 0;
    int32_t radius = (int32_t)ceilf(3 * a->smoothness);
    return radius < 1 ? 1 : radius;
}

// Scratch: the image with a border of zeros, two fields of displacements, one field with a border of zeros on all
// sides, the same smoothed along columns, and the weights of the smoothing.
struct room {
    int32_t radius, border_width, field_width;
    int64_t image, field, padded, columns, total;
};

static struct room room_of(const ck_augmentation *a) {
    struct room r;
    int64_t h = a->height, w = a->width;
    r.radius = radius_of(a);
    r.border_width = a->width + 3;
    r.field_width = a->width + 2 * r.radius;
    r.image = (h + 3) * r.border_width;
    r.field = a->elastic > 0 ? h * w : 0;
    r.padded = a->elastic > 0 ? (h + 2 * r.radius) * r.field_width : 0;
    r.columns = a->elastic > 0 ? h * r.field_width : 0;
    r.total = r.image + 2 * r.field + r.padded + r.columns + 2 * r.radius + 1;
    return r;
}

int64_t ck_augment_scratch(const ck_augmentation *a) { return room_of(a).total; }

/// -1...1 from 16 bits.
CK_INLINE float signed_unit(uint32_t bits) { return ((float)(bits & 0xFFFF) + 0.5f) * (1.0f / 32768) - 1; }

/// One field of displacements: uniform numbers, smoothed along columns and rows, times `elastic`.
CK_INLINE void displace(const ck_augmentation *a, const struct room *r, int32_t which, uint32_t row, float *padded,
                        float *columns, const float *weights, float *field) {
    const int32_t h = a->height, w = a->width, radius = r->radius, fw = r->field_width;
    memset(padded, 0, sizeof(float) * (size_t)r->padded);
    // Eight numbers a counter; counters 1, 2, ... of the image belong to the first field, from 2^31 on to the second.
    uint32_t counter = 1 + ((uint32_t)which << 31);
    uint32_t words[4];
    int32_t left = 0;
    for (int32_t y = 0; y < h; y++) {
        float *line = padded + (int64_t)(y + radius) * fw + radius;
        for (int32_t x = 0; x < w; x++) {
            if (left == 0) {
                uint32_t place[4] = {counter++, 0, a->epoch, row};
                ck_philox4x32(place, a->key, words);
                left = 8;
            }
            left--;
            line[x] = signed_unit(words[left >> 1] >> (16 * (left & 1)));
        }
    }
    for (int32_t y = 0; y < h; y++) {
        float *restrict line = columns + (int64_t)y * fw;
        for (int32_t x = 0; x < fw; x++) line[x] = 0;
        for (int32_t k = 0; k <= 2 * radius; k++) {
            const float *restrict source = padded + (int64_t)(y + k) * fw, weight = weights[k];
            for (int32_t x = 0; x < fw; x++) line[x] += weight * source[x];
        }
    }
    for (int32_t y = 0; y < h; y++) {
        float *restrict line = field + (int64_t)y * w;
        for (int32_t x = 0; x < w; x++) line[x] = 0;
        for (int32_t k = 0; k <= 2 * radius; k++) {
            const float *restrict source = columns + (int64_t)y * fw + k, weight = weights[k] * a->elastic;
            for (int32_t x = 0; x < w; x++) line[x] += weight * source[x];
        }
    }
}

CK_INLINE void sample(const ck_augmentation *a, const struct room *r, uint32_t row, const float *image,
                      const float *fields, uint8_t *restrict out) {
    const int32_t h = a->height, w = a->width, stride = r->border_width;
    uint32_t place[4] = {0, 0, a->epoch, row}, words[4];
    ck_philox4x32(place, a->key, words);
    const float dx = a->shift * signed_unit(words[0]), dy = a->shift * signed_unit(words[0] >> 16);
    const float angle = a->rotation * signed_unit(words[1]), scale = 1 / (1 + a->scaling * signed_unit(words[2]));
    const float c = cosf(angle) * scale, s = sinf(angle) * scale;
    const float middle_x = 0.5f * (float)(w - 1), middle_y = 0.5f * (float)(h - 1);
    const float last_x = (float)w, last_y = (float)h;
    for (int32_t y = 0; y < h; y++) {
        const float v = (float)y - middle_y - dy;
        const float *ex = fields ? fields + (int64_t)y * w : NULL;
        const float *ey = fields ? ex + r->field : NULL;
        for (int32_t x = 0; x < w; x++) {
            const float u = (float)x - middle_x - dx;
            // Where the pixel comes from, in the image with its border of one before and two behind.
            float from_x = c * u + s * v + middle_x + (fields ? ex[x] : 0);
            float from_y = c * v - s * u + middle_y + (fields ? ey[x] : 0);
            from_x = from_x < -1 ? -1 : from_x > last_x ? last_x : from_x;
            from_y = from_y < -1 ? -1 : from_y > last_y ? last_y : from_y;
            const float floor_x = floorf(from_x), floor_y = floorf(from_y);
            const float px = from_x - floor_x, py = from_y - floor_y;
            const float *at = image + ((int32_t)floor_y + 1) * stride + (int32_t)floor_x + 1;
            const float top = at[0] + px * (at[1] - at[0]);
            const float bottom = at[stride] + px * (at[stride + 1] - at[stride]);
            out[(int64_t)y * w + x] = (uint8_t)(int32_t)(top + py * (bottom - top) + 0.5f);
        }
    }
}

CK_CLONES void ck_augment_images(const ck_augmentation *a, const uint8_t *images, const int32_t *rows, int64_t first,
                                 int64_t end, float *scratch, uint8_t *out) {
    const struct room r = room_of(a);
    const int32_t h = a->height, w = a->width;
    float *image = scratch, *fields = image + r.image, *padded = fields + 2 * r.field, *columns = padded + r.padded;
    float *weights = columns + r.columns;
    if (r.radius > 0) {
        float sum = 0;
        for (int32_t k = 0; k <= 2 * r.radius; k++) {
            const float distance = (float)(k - r.radius) / a->smoothness;
            weights[k] = expf(-0.5f * distance * distance);
            sum += weights[k];
        }
        for (int32_t k = 0; k <= 2 * r.radius; k++) weights[k] /= sum;
    }
    memset(image, 0, sizeof(float) * (size_t)r.image);
    for (int64_t index = first; index < end; index++) {
        const uint32_t row = (uint32_t)rows[index];
        const uint8_t *source = images + (int64_t)row * h * w;
        for (int32_t y = 0; y < h; y++) {
            float *restrict line = image + (int64_t)(y + 1) * r.border_width + 1;
            for (int32_t x = 0; x < w; x++) line[x] = (float)source[(int64_t)y * w + x];
        }
        if (r.radius > 0) {
            for (int32_t which = 0; which < 2; which++)
                displace(a, &r, which, row, padded, columns, weights, fields + which * r.field);
        }
        sample(a, &r, row, image, r.radius > 0 ? fields : NULL, out + index * h * w);
    }
}

struct augmenting {
    const ck_augmentation *a;
    const uint8_t *images;
    const int32_t *rows;
    int64_t count;
    int32_t parts;
    float *scratch;
    uint8_t *out;
};

static void augment_part(void *context, int32_t part) {
    const struct augmenting *g = context;
    int64_t first, end;
    ck_part_range(g->count, g->parts, part, &first, &end);
    ck_augment_images(g->a, g->images, g->rows, first, end, g->scratch + part * room_of(g->a).total, g->out);
}

void ck_augment_u8(const ck_augmentation *a, const uint8_t *images, const int32_t *rows, int64_t count, int32_t parts,
                   float *scratch, uint8_t *out) {
    struct augmenting g = {a, images, rows, count, parts, scratch, out};
    ck_parallel(parts, augment_part, &g);
}
