// Operators that read images between their pixels.
#include <math.h>
#include <stddef.h>

#include "ck_core.h"
#include "cg_regions.h"

// Regions of interest

struct regions_pass {
    const struct cg_regions *r;
    const float *x, *corners;
    const int64_t *images;
    float *y;
    int32_t parts;
};

/// The two pixels around a coordinate, and the share of the second; 0 where it is outside.
static int around(float at, ptrdiff_t length, ptrdiff_t *low, ptrdiff_t *high, float *share) {
    if (!(at >= -1 && at <= (float)length)) return 0;
    if (at < 0) at = 0;
    *low = (ptrdiff_t)at;
    if (*low >= length - 1) {
        *low = *high = length - 1;
        *share = 0;
    } else {
        *high = *low + 1;
        *share = at - (float)*low;
    }
    return 1;
}

static float cell(const struct cg_regions *r, const float *plane, float top, float left, float high, float wide,
                  ptrdiff_t rows, ptrdiff_t columns) {
    float sum = 0, largest = -INFINITY;
    for (ptrdiff_t i = 0; i < rows; i++) {
        ptrdiff_t y0, y1, x0, x1;
        float v, u;
        int inside = around(top + ((float)i + 0.5f) * high / (float)rows, r->height, &y0, &y1, &v);
        for (ptrdiff_t j = 0; j < columns; j++) {
            float a = 0, b = 0, c = 0, d = 0;
            if (inside && around(left + ((float)j + 0.5f) * wide / (float)columns, r->width, &x0, &x1, &u)) {
                a = (1 - v) * (1 - u) * plane[y0 * r->width + x0];
                b = (1 - v) * u * plane[y0 * r->width + x1];
                c = v * (1 - u) * plane[y1 * r->width + x0];
                d = v * u * plane[y1 * r->width + x1];
            }
            sum += a + b + c + d;
            largest = fmaxf(largest, fmaxf(fmaxf(a, b), fmaxf(c, d)));
        }
    }
    ptrdiff_t count = rows * columns;
    if (r->largest) return count > 0 ? largest : 0;
    return sum / (float)(count > 0 ? count : 1);
}

static void regions_part(void *context, int32_t part) {
    const struct regions_pass *p = context;
    const struct cg_regions *r = p->r;
    ptrdiff_t first, end;
    ck_part_range(r->count * r->channels, p->parts, part, &first, &end);
    for (ptrdiff_t index = first; index < end; index++) {
        ptrdiff_t region = index / r->channels, channel = index % r->channels;
        const float *corners = p->corners + region * 4;
        const float *plane = p->x + (p->images[region] * r->channels + channel) * r->height * r->width;
        float *y = p->y + index * r->cells_high * r->cells_wide;
        float left = corners[0] * r->scale - r->offset, top = corners[1] * r->scale - r->offset;
        float width = corners[2] * r->scale - r->offset - left, height = corners[3] * r->scale - r->offset - top;
        if (r->widens) {
            width = fmaxf(width, 1);
            height = fmaxf(height, 1);
        }
        float wide = width / (float)r->cells_wide, high = height / (float)r->cells_high;
        ptrdiff_t rows = r->samples > 0 ? r->samples : (ptrdiff_t)ceilf(high);
        ptrdiff_t columns = r->samples > 0 ? r->samples : (ptrdiff_t)ceilf(wide);
        if (rows < 0) rows = 0;
        if (columns < 0) columns = 0;
        for (ptrdiff_t i = 0; i < r->cells_high; i++)
            for (ptrdiff_t j = 0; j < r->cells_wide; j++)
                *y++ = cell(r, plane, top + (float)i * high, left + (float)j * wide, high, wide, rows, columns);
    }
}

void cg_align_regions(const struct cg_regions *r, const float *x, const float *corners, const int64_t *images, float *y) {
    CK_ASSERT(r->count, >= 0);
    CK_ASSERT(r->channels, >= 0);
    struct regions_pass pass = {r, x, corners, images, y, 0};
    ptrdiff_t planes = r->count * r->channels;
    pass.parts = planes < 256 ? 1 : planes < 4096 ? 8 : 64;
    ck_parallel(pass.parts, regions_part, &pass);
}

// Grids

struct grid_pass {
    enum cg_grid_mode mode;
    enum cg_grid_border border;
    int32_t aligns_corners, rank, parts;
    ptrdiff_t images, channels, places, count;
    const ptrdiff_t *lengths;
    const float *x, *grid;
    float *y;
};

static float reflected(float at, float low, float high) {
    float range = high - low;
    if (range <= 0) return low;
    float away = at < low ? low - at : at > high ? at - high : 0;
    if (away == 0) return at;
    float turns = floorf(away / range), rest = away - turns * range;
    int odd = fmodf(turns, 2) != 0;
    return (at < low) != odd ? low + rest : high - rest;
}

/// The pixels along an axis that a coordinate sees, -1 for one outside, with their weights; returns how many.
static int taps(const struct grid_pass *p, float at, ptrdiff_t length, ptrdiff_t *pixels, float *weights) {
    float low = p->aligns_corners ? 0 : -0.5f;
    float high = p->aligns_corners ? (float)length - 1 : (float)length - 0.5f;
    at = p->aligns_corners ? (at + 1) / 2 * ((float)length - 1) : ((at + 1) * (float)length - 1) / 2;
    if (p->mode == CG_GRID_NEAREST) at = rintf(at);
    // A number that no pixel is near must not become a whole number; what is that far away is outside.
    if (!(fabsf(at) < 1e9f)) at = at > 0 && p->border != CG_GRID_ZEROS ? 1e9f : -1e9f;
    if (at < low || at > high) {
        if (p->border == CG_GRID_EDGE) at = fminf(fmaxf(at, 0), (float)length - 1);
        if (p->border == CG_GRID_REFLECTED) at = reflected(at, low, high);
    }
    int count = p->mode == CG_GRID_NEAREST ? 1 : p->mode == CG_GRID_LINEAR ? 2 : 4;
    float start = p->mode == CG_GRID_NEAREST ? rintf(at) : floorf(at), t = at - start;
    ptrdiff_t first = (ptrdiff_t)start;
    if (count == 1) weights[0] = 1;
    if (count == 2) {
        weights[0] = 1 - t;
        weights[1] = t;
    }
    if (count == 4) {
        const float a = -0.75f;
        float s = t + 1, u = 1 - t, v = 2 - t;
        weights[0] = ((a * s - 5 * a) * s + 8 * a) * s - 4 * a;
        weights[1] = ((a + 2) * t - (a + 3)) * t * t + 1;
        weights[2] = ((a + 2) * u - (a + 3)) * u * u + 1;
        weights[3] = ((a * v - 5 * a) * v + 8 * a) * v - 4 * a;
        first -= 1;
    }
    for (int i = 0; i < count; i++) {
        ptrdiff_t pixel = first + i;
        if (pixel < 0 || pixel >= length) {
            if (p->border == CG_GRID_ZEROS) pixel = -1;
            if (p->border == CG_GRID_EDGE) pixel = pixel < 0 ? 0 : length - 1;
            if (p->border == CG_GRID_REFLECTED) {
                pixel = (ptrdiff_t)reflected((float)pixel, low, high);
                if (pixel < 0) pixel = 0;
                if (pixel >= length) pixel = length - 1;
            }
        }
        pixels[i] = pixel;
    }
    return count;
}

static void grid_part(void *context, int32_t part) {
    const struct grid_pass *p = context;
    ptrdiff_t first, end;
    ck_part_range(p->images * p->places, p->parts, part, &first, &end);
    for (ptrdiff_t index = first; index < end; index++) {
        ptrdiff_t image = index / p->places, place = index % p->places;
        // The pixels that this place sees: at most four along each of three axes.
        ptrdiff_t all[64] = {0};
        float weights[64] = {1};
        int count = 1;
        for (int32_t axis = 0; axis < p->rank; axis++) {
            ptrdiff_t pixels[4];
            float own[4];
            int n = taps(p, p->grid[index * p->rank + (p->rank - 1 - axis)], p->lengths[axis], pixels, own);
            for (int old = count - 1; old >= 0; old--) {
                ptrdiff_t base = all[old];
                float weight = weights[old];
                for (int i = n - 1; i >= 0; i--) {
                    all[old * n + i] = base < 0 || pixels[i] < 0 ? -1 : base * p->lengths[axis] + pixels[i];
                    weights[old * n + i] = weight * own[i];
                }
            }
            count *= n;
        }
        const float *x = p->x + image * p->channels * p->count;
        float *y = p->y + image * p->channels * p->places + place;
        for (ptrdiff_t channel = 0; channel < p->channels; channel++) {
            float sum = 0;
            for (int i = 0; i < count; i++)
                if (all[i] >= 0) sum += weights[i] * x[channel * p->count + all[i]];
            y[channel * p->places] = sum;
        }
    }
}

void cg_sample_grid(enum cg_grid_mode mode, enum cg_grid_border border, int32_t aligns_corners, ptrdiff_t images,
                    ptrdiff_t channels, int32_t rank, const ptrdiff_t *lengths, ptrdiff_t places, const float *x,
                    const float *grid, float *y) {
    CK_ASSERT_IN(rank, 1, 3);
    CK_ASSERT(places, >= 0);
    ptrdiff_t count = 1;
    for (int32_t axis = 0; axis < rank; axis++) count *= lengths[axis];
    struct grid_pass pass = {mode, border, aligns_corners, rank, 0, images, channels, places, count, lengths, x, grid, y};
    pass.parts = images * places * channels < 1 << 14 ? 1 : 16;
    ck_parallel(pass.parts, grid_part, &pass);
}

// Windows that bend

struct bend_pass {
    const struct cg_bending *b;
    const float *x, *offsets, *mask;
    float *columns;
    int32_t parts;
};

static float bilinear(const struct cg_bending *b, const float *plane, float row, float column) {
    if (!(row > -1 && row < (float)b->height && column > -1 && column < (float)b->width)) return 0;
    float top = floorf(row), left = floorf(column), v = row - top, u = column - left, sum = 0;
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
            ptrdiff_t y = (ptrdiff_t)top + i, x = (ptrdiff_t)left + j;
            if (y >= 0 && y < b->height && x >= 0 && x < b->width)
                sum += (i ? v : 1 - v) * (j ? u : 1 - u) * plane[y * b->width + x];
        }
    }
    return sum;
}

static void bend_part(void *context, int32_t part) {
    const struct bend_pass *p = context;
    const struct cg_bending *b = p->b;
    ptrdiff_t kernel = b->kernel_height * b->kernel_width, out = b->out_height * b->out_width, first, end;
    ck_part_range(b->channels * kernel, p->parts, part, &first, &end);
    for (ptrdiff_t index = first; index < end; index++) {
        ptrdiff_t channel = index / kernel, i = index % kernel / b->kernel_width, j = index % b->kernel_width;
        ptrdiff_t group = channel / (b->channels / b->offset_groups);
        const float *plane = p->x + channel * b->height * b->width;
        const float *offsets = p->offsets + (group * kernel + i * b->kernel_width + j) * 2 * out;
        const float *mask = p->mask ? p->mask + (group * kernel + i * b->kernel_width + j) * out : NULL;
        float *column = p->columns + index * out;
        for (ptrdiff_t o = 0; o < out; o++) {
            float row = (float)(o / b->out_width * b->stride_height - b->top + i * b->dilation_height) + offsets[o];
            float at = (float)(o % b->out_width * b->stride_width - b->left + j * b->dilation_width) + offsets[out + o];
            column[o] = bilinear(b, plane, row, at) * (mask ? mask[o] : 1);
        }
    }
}

void cg_bend_columns(const struct cg_bending *b, const float *x, const float *offsets, const float *mask, float *columns) {
    CK_ASSERT(b->offset_groups, >= 1);
    CK_ASSERT(b->channels % b->offset_groups, == 0);
    struct bend_pass pass = {b, x, offsets, mask, columns, 0};
    ptrdiff_t rows = b->channels * b->kernel_height * b->kernel_width;
    pass.parts = rows * b->out_height * b->out_width < 1 << 14 ? 1 : 16;
    ck_parallel(pass.parts, bend_part, &pass);
}
