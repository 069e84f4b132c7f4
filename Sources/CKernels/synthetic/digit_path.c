// Built-in digits: from a style to the path of one pen.
#include <stddef.h>
#include <string.h>

#include "synthetic/digit_path.h"

#pragma STDC FP_CONTRACT OFF

/// exp(x) for small x, (1 + x/2) / (1 - x/2), which is also its own reciprocal at -x.
static inline float grow(float x) {
    x = fminf(fmaxf(x, -1.2f), 1.2f);
    return (1 + 0.5f * x) / (1 - 0.5f * x);
}

static const ck_digit_style *choose_style(const ck_digit_book *book, int digit, uint64_t *state) {
    int first = 0;
    while (first < book->style_count - 1 && book->styles[first].digit != digit) first++;
    int end = first;
    float total = 0;
    while (end < book->style_count && book->styles[end].digit == digit) total += book->styles[end++].share;
    float pick = uniform(state) * total;
    for (int s = first; s < end - 1; s++) {
        pick -= book->styles[s].share;
        if (pick < 0) return &book->styles[s];
    }
    return &book->styles[end > first ? end - 1 : first];
}

/// A random blend of the style's keys, in -1 ... 1 around the middle of the drawing.
static void blend_keys(const ck_digit_book *book, const ck_digit_style *style, uint64_t *state, point *p) {
    int n = style->point_count, keys = style->key_count;
    // Three keys at random, perhaps the same: the variety does not shrink towards the mean when a style has many.
    float weight[CK_DIGIT_MAX_KEYS] = {0}, total = 0;
    for (int draw = 0; draw < 3; draw++) {
        int k = (int)(uniform(state) * (float)keys);
        float u = uniform(state) + 1e-3f;
        weight[k] += u;
        total += u;
    }
    float even = 1.0f / (float)keys, reach = book->variation.extrapolation;
    const float *xy = book->xy + style->first_xy;
    memset(p, 0, sizeof(point) * (size_t)n);
    for (int k = 0; k < keys; k++) {
        float w = even + (weight[k] / total - even) * reach;
        for (int i = 0; i < n; i++, xy += 2) {
            p[i].x += w * (xy[0] * 0.02f - 1);
            p[i].y += w * (xy[1] * 0.02f - 1);
        }
    }
}

/// What one hand does differently at every stroke: each point, the ends, and each stroke as a whole.
static void shake(const ck_digit_variation *v, float haste, const uint8_t *pen, int n, uint64_t *state,
                  point *p) {
    float jitterX = haste * v->point_x * 0.02f, jitterY = haste * v->point_y * 0.02f;
    // Noise along the pen's way: each point's own mixed with its neighbours', so that the curve wanders
    // rather than trembles.
    float near = v->point_mix, far = near * near;
    float scale = 1 / sqrtf(1 + 2 * (near * near + far * far));
    point noise[CK_DIGIT_MAX_POINTS + 4];
    for (int i = 0; i < n + 4; i++) {
        noise[i].x = jitterX * scale * normal(state);
        noise[i].y = jitterY * scale * normal(state);
    }
    for (int i = 0; i < n; i++) {
        const point *z = noise + i;
        p[i].x += z[2].x + near * (z[1].x + z[3].x) + far * (z[0].x + z[4].x);
        p[i].y += z[2].y + near * (z[1].y + z[3].y) + far * (z[0].y + z[4].y);
    }
    int strokes = 0;
    for (int i = 0; i < n; i++) strokes += pen[i] == CK_PEN_DOWN;
    for (int from = 0; from < n;) {
        int to = from + 1;
        while (to < n && pen[to] != CK_PEN_DOWN) to++;
        if (to - from > 1) {
            float head = v->end_spread * normal(state), tail = v->end_spread * normal(state);
            p[from].x += head * (p[from].x - p[from + 1].x);
            p[from].y += head * (p[from].y - p[from + 1].y);
            p[to - 1].x += tail * (p[to - 1].x - p[to - 2].x);
            p[to - 1].y += tail * (p[to - 1].y - p[to - 2].y);
        }
        if (strokes > 1) {
            float shift = haste * v->stroke_shift * 0.02f;
            float shiftX = shift * normal(state), shiftY = shift * normal(state);
            float size = grow(haste * v->stroke_scale * normal(state));
            point mean = {0, 0};
            for (int i = from; i < to; i++) {
                mean.x += p[i].x / (float)(to - from);
                mean.y += p[i].y / (float)(to - from);
            }
            for (int i = from; i < to; i++) {
                p[i].x = mean.x + (p[i].x - mean.x) * size + shiftX;
                p[i].y = mean.y + (p[i].y - mean.y) * size + shiftY;
            }
        }
        from = to;
    }
}

/// Bends the sheet: a displacement field of the second and third degree (products of Legendre polynomials
/// with random coefficients: an elastic distortion that has low frequencies only), then stretch, turn and lean.
static void distort(const ck_digit_variation *v, float haste, const ck_digit_style *style, int n, uint64_t *state,
                    point *p) {
    float c[2][7];
    for (int axis = 0; axis < 2; axis++) {
        const float *bend = axis == 0 ? v->bend_x : v->bend_y;
        for (int k = 0; k < 3; k++) c[axis][k] = haste * bend[k] * 0.02f * normal(state);
        for (int k = 3; k < 7; k++) c[axis][k] = haste * (axis == 0 ? v->wave_x : v->wave_y) * 0.02f * normal(state);
    }
    float stretch = grow(style->stretch + style->stretch_spread * normal(state));
    float turn = v->turn + v->turn_spread * normal(state);
    float lean = style->lean + style->lean_spread * normal(state);
    for (int i = 0; i < n; i++) {
        float x = fminf(fmaxf(p[i].x, -1.3f), 1.3f), y = fminf(fmaxf(p[i].y, -1.3f), 1.3f);
        float x2 = 1.5f * x * x - 0.5f, y2 = 1.5f * y * y - 0.5f;
        float x3 = (2.5f * x * x - 1.5f) * x, y3 = (2.5f * y * y - 1.5f) * y;
        float basis[7] = {x2, x * y, y2, x3, x2 * y, x * y2, y3};
        float dx = 0, dy = 0;
        for (int k = 0; k < 7; k++) {
            dx += c[0][k] * basis[k];
            dy += c[1][k] * basis[k];
        }
        x = (p[i].x + dx) * stretch;
        y = p[i].y + dy + turn * x;
        p[i].x = x - lean * y;
        p[i].y = y;
    }
}

/// The inner Bezier point next to `b` on the span from `b` to `c`, with `a` before it.
static inline point handle(point a, point b, point c) {
    float ab2 = (b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y);
    float bc2 = (c.x - b.x) * (c.x - b.x) + (c.y - b.y) * (c.y - b.y);
    if (ab2 < 1e-8f) return b;
    float p = sqrtf(ab2), q = sqrtf(bc2), r = sqrtf(p), s = sqrtf(q);
    float scale = 1 / (3 * r * (r + s));
    float own = 2 * p + 3 * r * s + q;
    return (point){(p * c.x - q * a.x + own * b.x) * scale, (p * c.y - q * a.y + own * b.y) * scale};
}

/// One span, from `b` to `c`, of the centripetal Catmull-Rom spline (Yuksel, Schaefer, Keyser: Parameterization
/// and applications of Catmull-Rom curves, 2011), which has no cusps or loops within a span.
static void span(path *line, point a, point b, point c, point d) {
    point m = handle(a, b, c), w = handle(d, c, b);
    for (int k = 1; k <= CK_DIGIT_SPAN_STEPS; k++) {
        float t = (float)k * (1.0f / CK_DIGIT_SPAN_STEPS), u = 1 - t;
        float b0 = u * u * u, b1 = 3 * u * u * t, b2 = 3 * u * t * t, b3 = t * t * t;
        line->at[line->count] = (point){b0 * b.x + b1 * m.x + b2 * w.x + b3 * c.x,
                                        b0 * b.y + b1 * m.y + b2 * w.y + b3 * c.y};
        line->down[line->count++] = 1;
    }
}

/// The curve through the control points, cut into straight pieces, with the pen's pressure along it.
static void trace(const ck_digit_variation *v, const uint8_t *pen, int n, uint64_t *state, const point *p,
                  path *line) {
    line->count = 0;
    for (int from = 0; from < n;) {
        int to = from + 1;
        while (to < n && pen[to] != CK_PEN_DOWN) to++;
        int start = line->count;
        line->at[line->count] = p[from];
        line->down[line->count++] = 0;
        for (int i = from; i + 1 < to; i++) {
            // At a corner the curve ends and starts anew: the neighbour beyond is the corner itself.
            point a = i > from && pen[i] != CK_PEN_CORNER ? p[i - 1] : p[i];
            point d = i + 2 < to && pen[i + 1] != CK_PEN_CORNER ? p[i + 2] : p[i + 1];
            span(line, a, p[i], p[i + 1], d);
        }
        float first = v->pressure_spread * normal(state), second = v->pressure_spread * normal(state);
        float third = v->pressure_spread * normal(state);
        int last = line->count - 1;
        for (int i = start; i <= last; i++) {
            float u = last > start ? (float)(2 * (i - start)) / (float)(last - start) - 1 : 0;
            float change = first * u + second * (1.5f * u * u - 0.5f) + third * (2.5f * u * u - 1.5f) * u;
            line->width[i] = fminf(fmaxf(1 + change, 0.45f), 1.8f);
        }
        from = to;
    }
    float nib = v->nib_spread * normal(state);
    for (int i = 1; i < line->count; i++) {
        float dx = line->at[i].x - line->at[i - 1].x, dy = line->at[i].y - line->at[i - 1].y;
        float length = dx * dx + dy * dy;
        if (line->down[i] && length > 1e-12f) line->width[i] *= 1 + nib * (dx * dx - dy * dy) / length;
    }
    // A stroke begins as wide as its first piece.
    for (int i = 1; i < line->count; i++)
        if (!line->down[i - 1]) line->width[i - 1] = line->width[i];
}

/// Scales the path so that its ink, pen width included, fits the 20 x 20 box in the middle of the image.
static void fit(path *line, float radius) {
    float scale = 8;  // drawings are about 2 high
    // The pen does not scale with the drawing, and its width varies along the path: which points are outermost
    // depends on the scale. Three rounds settle it to a hundredth of a pixel.
    for (int round = 0;; round++) {
        float low[2] = {1e9f, 1e9f}, high[2] = {-1e9f, -1e9f}, pen[2][2] = {{0}};
        for (int i = 0; i < line->count; i++) {
            float r = radius * line->width[i], at[2] = {line->at[i].x * scale, line->at[i].y * scale};
            for (int axis = 0; axis < 2; axis++) {
                if (at[axis] - r < low[axis]) {
                    low[axis] = at[axis] - r;
                    pen[axis][0] = r;
                }
                if (at[axis] + r > high[axis]) {
                    high[axis] = at[axis] + r;
                    pen[axis][1] = r;
                }
            }
        }
        if (round == 3) {
            float middleX = 0.5f * (low[0] + high[0]), middleY = 0.5f * (low[1] + high[1]);
            for (int i = 0; i < line->count; i++) {
                line->at[i].x = line->at[i].x * scale - middleX + 0.5f * CK_DIGIT_SIDE;
                line->at[i].y = line->at[i].y * scale - middleY + 0.5f * CK_DIGIT_SIDE;
            }
            return;
        }
        float factor = 1e9f;
        for (int axis = 0; axis < 2; axis++) {
            float pens = pen[axis][0] + pen[axis][1];
            factor = fminf(factor, ((float)CK_DIGIT_BOX - pens) / fmaxf(high[axis] - low[axis] - pens, 1e-2f));
        }
        scale *= factor;
    }
}

float ck_digit_path(const ck_digit_book *book, int digit, uint64_t *state, path *line) {
    const ck_digit_variation *v = &book->variation;
    const ck_digit_style *style = choose_style(book, digit, state);
    const uint8_t *pen = book->pens + style->first_pen;
    int n = style->point_count;
    point p[CK_DIGIT_MAX_POINTS];
    blend_keys(book, style, state, p);
    // Most digits are written with some care and a few in haste, which spoils everything at once.
    float hurry = uniform(state);
    float haste = style->freedom * (v->haste_low + (v->haste_high - v->haste_low) * hurry * hurry);
    shake(v, haste, pen, n, state, p);
    distort(v, haste, style, n, state, p);
    trace(v, pen, n, state, p, line);
    float place = uniform(state) * (CK_DIGIT_WIDTHS - 1);
    int step = (int)place;
    float width = v->widths[step] + (v->widths[step + 1] - v->widths[step]) * (place - (float)step);
    width *= style->boldness;
    fit(line, 0.5f * width);
    return width;
}
