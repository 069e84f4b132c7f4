// Directions and descriptors of keypoints: sections 5 and 6 of D. Lowe, "Distinctive Image Features from
// Scale-Invariant Keypoints", IJCV 60 (2004).
//
// The gradients of a patch are gathered without gaps first, so that magnitude, angle and weight are computed sixteen at
// a time; only adding them to a histogram goes one by one.
#include <math.h>

#include "core/lanes.h"
#include "core/vmath.h"
#include "features/sift.h"
#include "features/turns.h"

#define SIFT_ANGLE_BINS 36
#define SIFT_GRID 4
#define SIFT_DIRECTIONS 8
/// Half a patch is at most this many pixels, whatever scale a caller's keypoint has.
#define SIFT_SIDE_LIMIT 4096

/// exp(x) for -80 < x <= 0, error 2e-7 relative.
#define SIFT_EXPONENTIAL(x, result)                                                                     \
    do {                                                                                                \
        f32x16 t_ = (x) * 1.44269504f + CK_ROUND32, n_ = t_ - CK_ROUND32;                               \
        f32x16 r_ = ((x) - n_ * 0.693359375f) + n_ * 2.12194440e-4f;                                    \
        f32x16 e_ = r_ * 8.3333333e-3f + 4.1666667e-2f;                                                 \
        e_ = e_ * r_ + 1.6666667e-1f;                                                                   \
        e_ = e_ * r_ + 0.5f;                                                                            \
        e_ = e_ * r_ * r_ + r_ + 1.0f;                                                                  \
        result = (f32x16)((i32x16)e_ + (((i32x16)t_ - (int32_t)0x4b400000) << 23));                     \
    } while (0)

/// Room for `count` samples, rounded up so that whole vectors may be written beyond the last.
struct samples {
    float *dx, *dy, *u, *v;
};

static ptrdiff_t sample_room(ptrdiff_t count) { return ((count + 15) & ~(ptrdiff_t)15) + 32; }

// --- Directions ---

CK_CLONES static void angle_histogram(const float *picture, ptrdiff_t stride, int32_t height, int32_t width, float x,
                                      float y, float sigma, int32_t radius, float histogram[SIFT_ANGLE_BINS]) {
    int32_t cx = (int32_t)lrintf(x), cy = (int32_t)lrintf(y);
    int32_t x0 = cx - radius < 1 ? 1 : cx - radius, x1 = cx + radius > width - 2 ? width - 2 : cx + radius;
    int32_t y0 = cy - radius < 1 ? 1 : cy - radius, y1 = cy + radius > height - 2 ? height - 2 : cy + radius;
    float factor = -0.5f / (sigma * sigma);
    const i32x16 count = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    // Two histograms in turn, so that neighbours of one direction do not wait for each other.
    float sums[2][SIFT_ANGLE_BINS + 1] = {0};
    for (int32_t row = y0; row <= y1; row++) {
        const float *here = picture + row * stride;
        float dy = (float)row - y, limit = (float)(radius * radius) + 0.5f;
        for (int32_t column = x0; column <= x1; column += 16) {
            const float *p = here + column;
            f32x16 gx = CK_LOAD16(p + 1) - CK_LOAD16(p - 1), gy = CK_LOAD16(p + stride) - CK_LOAD16(p - stride);
            f32x16 dx = CK_FLOAT16(count + column) - x, distance = dx * dx + dy * dy;
            f32x16 weight, turns, exponent = distance * factor;
            exponent = CK_MAX16(exponent, CK_ALL16(-80.0f));
            SIFT_EXPONENTIAL(exponent, weight);
            weight *= CK_SQRT16(gx * gx + gy * gy);
            weight = CK_WHERE16(distance <= limit, weight);
            CK_TURNS(gx, gy, turns);
            i32x16 bins = __builtin_convertvector(turns * (float)SIFT_ANGLE_BINS + 0.5f, i32x16);
            float weights[16];
            int32_t places[16];
            CK_STORE16(weights, weight);
            CK_STORE_I16(places, bins);
            int32_t length = x1 - column + 1 < 16 ? x1 - column + 1 : 16;
            for (int32_t i = 0; i < length; i++) sums[i & 1][places[i]] += weights[i];
        }
    }
    sums[0][0] += sums[0][SIFT_ANGLE_BINS];
    sums[1][0] += sums[1][SIFT_ANGLE_BINS];
    for (int i = 0; i < SIFT_ANGLE_BINS; i++) histogram[i] = sums[0][i] + sums[1][i];
}

int32_t ck_sift_angles(const float *picture, const struct ck_octave *octave, float x, float y, float scale,
                       float angles[36]) {
    float sigma = 1.5f * scale, raw[SIFT_ANGLE_BINS], smooth[SIFT_ANGLE_BINS], most = 0;
    int32_t radius = (int32_t)lrintf(3.0f * sigma), count = 0;
    if (radius > SIFT_SIDE_LIMIT) radius = SIFT_SIDE_LIMIT;
    angle_histogram(picture, octave->stride, octave->height, octave->width, x, y, sigma, radius, raw);
    for (int i = 0; i < SIFT_ANGLE_BINS; i++) {
        float near = raw[(i + 1) % SIFT_ANGLE_BINS] + raw[(i + SIFT_ANGLE_BINS - 1) % SIFT_ANGLE_BINS];
        float far = raw[(i + 2) % SIFT_ANGLE_BINS] + raw[(i + SIFT_ANGLE_BINS - 2) % SIFT_ANGLE_BINS];
        smooth[i] = (far + 4 * near + 6 * raw[i]) / 16;
        most = fmaxf(most, smooth[i]);
    }
    if (!(most > 0)) return 0;
    for (int i = 0; i < SIFT_ANGLE_BINS; i++) {
        float left = smooth[(i + SIFT_ANGLE_BINS - 1) % SIFT_ANGLE_BINS], right = smooth[(i + 1) % SIFT_ANGLE_BINS], here = smooth[i];
        if (!(here > left && here > right && here >= 0.8f * most)) continue;
        // Bin i has its middle at i / 36 turns.
        float bin = (float)i + 0.5f * (left - right) / (left - 2 * here + right);
        float turns = bin / SIFT_ANGLE_BINS;
        angles[count++] = (turns - floorf(turns)) * (float)(2 * M_PI);
    }
    return count;
}

// --- Descriptors ---

static float half_side(float scale) {
    // Cells of 3 scales; the grid with half a cell around it, turned by 45 degrees at worst.
    float side = 3.0f * scale * 2.5f;
    return side < SIFT_SIDE_LIMIT ? side : SIFT_SIDE_LIMIT;
}

static ptrdiff_t patch_room(const struct ck_octave *octave, float scale) {
    ptrdiff_t reach = (ptrdiff_t)ceilf(half_side(scale) * 1.4142136f) + 2;
    ptrdiff_t height = 2 * reach + 1 < octave->height ? 2 * reach + 1 : octave->height;
    ptrdiff_t width = 2 * reach + 1 < octave->width ? 2 * reach + 1 : octave->width;
    return sample_room(height * width);
}

ptrdiff_t ck_sift_scratch(const struct ck_octave *octave, float scale) {
    return patch_room(octave, scale) * 4 * (ptrdiff_t)sizeof(float);
}

/// Where b + k * t lies within -limit < ... < limit: narrows [*low, *high].
static void narrow(float b, float t, float limit, float *low, float *high) {
    if (fabsf(t) < 1e-6f) {
        if (fabsf(b) >= limit) *high = *low - 1;
        return;
    }
    float a = (-limit - b) / t, c = (limit - b) / t;
    *low = fmaxf(*low, fminf(a, c));
    *high = fminf(*high, fmaxf(a, c));
}

/// Collects the gradients of the turned square around (x, y); u and v are places in units of cells, (0, 0) its middle.
CK_CLONES static ptrdiff_t gather(const float *picture, ptrdiff_t stride, int32_t height, int32_t width, float x,
                                  float y, float scale, float cosine, float sine, struct samples s) {
    const f32x16 steps = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    float cell = 3.0f * scale, reach = half_side(scale) * (fabsf(cosine) + fabsf(sine));
    int32_t y0 = (int32_t)fmaxf(1, ceilf(y - reach)), y1 = (int32_t)fminf((float)(height - 2), floorf(y + reach));
    float across = cosine / cell, along = sine / cell;
    ptrdiff_t count = 0;
    for (int32_t row = y0; row <= y1; row++) {
        float dy = (float)row - y, low = fmaxf(1 - x, -reach), high = fminf((float)(width - 2) - x, reach);
        // u = (dx cos + dy sin) / cell, v = (dy cos - dx sin) / cell, both within 2.5.
        narrow(dy * along, across, 2.5f, &low, &high);
        narrow(dy * across, -along, 2.5f, &low, &high);
        int32_t x0 = (int32_t)ceilf(low + x), x1 = (int32_t)floorf(high + x);
        if (x0 < 1) x0 = 1;
        if (x1 > width - 2) x1 = width - 2;
        const float *p = picture + row * stride;
        float dx = (float)x0 - x, u = dx * across + dy * along, v = dy * across - dx * along;
        for (int32_t column = x0; column <= x1; column += 16) {
            ptrdiff_t place = count + column - x0;
            CK_STORE16(s.dx + place, CK_LOAD16(p + column + 1) - CK_LOAD16(p + column - 1));
            CK_STORE16(s.dy + place, CK_LOAD16(p + column + stride) - CK_LOAD16(p + column - stride));
            float ahead = (float)(column - x0);
            CK_STORE16(s.u + place, u + (steps + ahead) * across);
            CK_STORE16(s.v + place, v - (steps + ahead) * along);
        }
        if (x1 >= x0) count += x1 - x0 + 1;
    }
    return count;
}

/// dx becomes the weighted magnitude, dy the direction in bins [0, 8], u and v the place from the first cell's middle.
CK_CLONES static void weigh(struct samples s, ptrdiff_t count, float angle) {
    float turn = angle * (float)(1 / (2 * M_PI));
    for (ptrdiff_t i = 0; i < count; i += 16) {
        f32x16 gx = CK_LOAD16(s.dx + i), gy = CK_LOAD16(s.dy + i), u = CK_LOAD16(s.u + i), v = CK_LOAD16(s.v + i);
        f32x16 exponent = (u * u + v * v) * -0.125f, weight, turns;
        // What was written beyond the last sample may be anything.
        exponent = CK_MAX16(exponent, CK_ALL16(-80.0f));
        SIFT_EXPONENTIAL(exponent, weight);
        CK_STORE16(s.dx + i, CK_SQRT16(gx * gx + gy * gy) * weight);
        CK_TURNS(gx, gy, turns);
        // Counted against the clock, as Lowe's programs and OpenCV do.
        turns = turn - turns;
        turns += CK_WHERE16(turns < 0, CK_ALL16(1.0f));
        CK_STORE16(s.dy + i, turns * (float)SIFT_DIRECTIONS);
        CK_STORE16(s.u + i, u + 2.5f);
        CK_STORE16(s.v + i, v + 2.5f);
    }
}

/// Each sample goes to two rows, two columns and two directions. The histogram has a border of cells that nobody reads.
CK_CLONES static void collect(struct samples s, ptrdiff_t count,
                              float histogram[(SIFT_GRID + 2) * (SIFT_GRID + 2) * SIFT_DIRECTIONS]) {
    enum { SIDE = SIFT_GRID + 2, SIZE = SIDE * SIDE * SIFT_DIRECTIONS };
    const f32x8 directions = {0, 1, 2, 3, 4, 5, 6, 7};
    _Alignas(64) float sums[2][SIZE] = {0};
    for (ptrdiff_t i = 0; i < count; i++) {
        float u = s.u[i], v = s.v[i];
        int32_t column = (int32_t)u, row = (int32_t)v;
        // Rounding may put a sample just outside.
        column = column < 0 ? 0 : column > SIFT_GRID ? SIFT_GRID : column;
        row = row < 0 ? 0 : row > SIFT_GRID ? SIFT_GRID : row;
        float right = u - (float)column, below = v - (float)row, magnitude = s.dx[i];
        f32x8 apart = __builtin_elementwise_abs(directions - s.dy[i]);
        apart = __builtin_elementwise_min(apart, (float)SIFT_DIRECTIONS - apart);
        f32x8 share = __builtin_elementwise_max(1.0f - apart, (f32x8){}) * magnitude;
        f32x8 lower = share * below, upper = share - lower;
        float *place = sums[i & 1] + (row * SIDE + column) * SIFT_DIRECTIONS;
        f32x8 upper_right = upper * right, lower_right = lower * right;
        CK_STORE8(place, CK_LOAD8(place) + (upper - upper_right));
        CK_STORE8(place + SIFT_DIRECTIONS, CK_LOAD8(place + SIFT_DIRECTIONS) + upper_right);
        place += SIDE * SIFT_DIRECTIONS;
        CK_STORE8(place, CK_LOAD8(place) + (lower - lower_right));
        CK_STORE8(place + SIFT_DIRECTIONS, CK_LOAD8(place + SIFT_DIRECTIONS) + lower_right);
    }
    for (int i = 0; i < SIZE; i += 8) CK_STORE8(histogram + i, CK_LOAD8(sums[0] + i) + CK_LOAD8(sums[1] + i));
}

CK_CLONES static void finish(const float *values, uint8_t *descriptor) { finish_descriptor(values, descriptor); }

void ck_sift_descriptor(const float *picture, const struct ck_octave *octave, float x, float y, float scale,
                        float angle, void *scratch, uint8_t *descriptor) {
    ptrdiff_t room = patch_room(octave, scale);
    struct samples s = {scratch, (float *)scratch + room, (float *)scratch + 2 * room, (float *)scratch + 3 * room};
    _Alignas(64) float histogram[(SIFT_GRID + 2) * (SIFT_GRID + 2) * SIFT_DIRECTIONS], values[128];
    ptrdiff_t count = gather(picture, octave->stride, octave->height, octave->width, x, y, scale, cosf(angle),
                           sinf(angle), s);
    weigh(s, count, angle);
    collect(s, count, histogram);
    for (int row = 0; row < SIFT_GRID; row++)
        memcpy(values + row * SIFT_GRID * SIFT_DIRECTIONS, histogram + ((row + 1) * (SIFT_GRID + 2) + 1) * SIFT_DIRECTIONS,
               SIFT_GRID * SIFT_DIRECTIONS * sizeof(float));
    finish(values, descriptor);
}
