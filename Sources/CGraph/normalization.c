// Softmax, normalisation, scales for each channel, products of whole numbers, quantisation.
#include "ck_core.h"
#include "elements.h"

struct pass {
    int32_t type, parts, option;
    ptrdiff_t outer, middle, inner;
    double epsilon;
    const void *x, *scale, *shift;
    void *y, *mean, *inverse;
};

static int32_t parts_of(ptrdiff_t pieces, ptrdiff_t count) {
    int32_t parts = ck_elementwise_parts(count);
    return parts > pieces ? (pieces ? (int32_t)pieces : 1) : parts;
}

#define NORMALIZATION_SOFTMAX(type, e, l)                                                                                           \
    static void softmax_##type(int32_t logarithm, ptrdiff_t n, ptrdiff_t step, const type *x, type *y) {              \
        type largest = -(type)INFINITY;                                                                               \
        for (ptrdiff_t i = 0; i < n; i++)                                                                             \
            if (x[i * step] > largest) largest = x[i * step];                                                         \
        double sum = 0;                                                                                               \
        for (ptrdiff_t i = 0; i < n; i++) {                                                                           \
            type v = e(x[i * step] - largest);                                                                        \
            if (!logarithm) y[i * step] = v;                                                                          \
            sum += (double)v;                                                                                         \
        }                                                                                                             \
        if (logarithm) {                                                                                              \
            type rest = (type)l(sum);                                                                                 \
            for (ptrdiff_t i = 0; i < n; i++) y[i * step] = x[i * step] - largest - rest;                             \
        } else {                                                                                                      \
            type factor = (type)(1 / sum);                                                                            \
            for (ptrdiff_t i = 0; i < n; i++) y[i * step] *= factor;                                                  \
        }                                                                                                             \
    }
NORMALIZATION_SOFTMAX(float, expf, log)
NORMALIZATION_SOFTMAX(double, exp, log)

static void softmax_part(void *context, int32_t part) {
    const struct pass *p = context;
    ptrdiff_t first, end;
    ck_part_range(p->outer * p->inner, p->parts, part, &first, &end);
    for (ptrdiff_t i = first; i < end; i++) {
        ptrdiff_t at = i / p->inner * p->middle * p->inner + i % p->inner;
        if (p->type == CG_FLOAT32)
            softmax_float(p->option, p->middle, p->inner, (const float *)p->x + at, (float *)p->y + at);
        else
            softmax_double(p->option, p->middle, p->inner, (const double *)p->x + at, (double *)p->y + at);
    }
}

int32_t cg_softmax(int32_t logarithm, int32_t type, ptrdiff_t outer, ptrdiff_t middle, ptrdiff_t inner, const void *x,
                   void *y) {
    if (type != CG_FLOAT32 && type != CG_FLOAT64) return 0;
    struct pass p = {.type = type, .option = logarithm, .outer = outer, .middle = middle, .inner = inner, .x = x, .y = y};
    p.parts = parts_of(outer * inner, outer * inner * middle * 8);
    if (outer * inner * middle) ck_parallel(p.parts, softmax_part, &p);
    return 1;
}

#define NORMALIZATION_NORMALIZE(type)                                                                                               \
    CK_CLONES static void normalize_##type(ptrdiff_t n, double epsilon, const type *x, type *y, type *mean,           \
                                           type *inverse) {                                                           \
        double sum = 0, squares = 0;                                                                                  \
        for (ptrdiff_t i = 0; i < n; i++) sum += (double)x[i];                                                        \
        double centre = sum / (double)n;                                                                              \
        for (ptrdiff_t i = 0; i < n; i++) squares += ((double)x[i] - centre) * ((double)x[i] - centre);               \
        double factor = 1 / sqrt(squares / (double)n + epsilon);                                                      \
        for (ptrdiff_t i = 0; i < n; i++) y[i] = (type)(((double)x[i] - centre) * factor);                            \
        if (mean) *mean = (type)centre;                                                                               \
        if (inverse) *inverse = (type)factor;                                                                         \
    }
NORMALIZATION_NORMALIZE(float)
NORMALIZATION_NORMALIZE(double)

static void normalize_part(void *context, int32_t part) {
    const struct pass *p = context;
    ptrdiff_t first, end;
    ck_part_range(p->outer, p->parts, part, &first, &end);
    for (ptrdiff_t i = first; i < end; i++) {
        ptrdiff_t at = i * p->middle;
        if (p->type == CG_FLOAT32)
            normalize_float(p->middle, p->epsilon, (const float *)p->x + at, (float *)p->y + at,
                            p->mean ? (float *)p->mean + i : NULL, p->inverse ? (float *)p->inverse + i : NULL);
        else
            normalize_double(p->middle, p->epsilon, (const double *)p->x + at, (double *)p->y + at,
                             p->mean ? (double *)p->mean + i : NULL, p->inverse ? (double *)p->inverse + i : NULL);
    }
}

int32_t cg_normalize_rows(int32_t type, ptrdiff_t rows, ptrdiff_t columns, double epsilon, const void *x, void *y,
                          void *mean, void *inverse) {
    if (type != CG_FLOAT32 && type != CG_FLOAT64) return 0;
    struct pass p = {.type = type, .outer = rows, .middle = columns, .epsilon = epsilon, .x = x, .y = y, .mean = mean,
                     .inverse = inverse};
    p.parts = parts_of(rows, rows * columns);
    if (rows) ck_parallel(p.parts, normalize_part, &p);
    return 1;
}

#define NORMALIZATION_AFFINE(type)                                                                                                  \
    CK_CLONES static void affine_##type(ptrdiff_t n, const type *x, type scale, type shift, type *y) {                \
        for (ptrdiff_t i = 0; i < n; i++) y[i] = x[i] * scale + shift;                                                \
    }                                                                                                                 \
    CK_CLONES static void affine_row_##type(ptrdiff_t n, const type *x, const type *scale, const type *shift,         \
                                            type *y) {                                                                \
        for (ptrdiff_t i = 0; i < n; i++) y[i] = x[i] * scale[i] + (shift ? shift[i] : 0);                            \
    }                                                                                                                 \
    static void affine_channels_##type(const struct pass *p, ptrdiff_t first, ptrdiff_t end) {                        \
        const type *scale = p->scale, *shift = p->shift, *x = p->x;                                                   \
        type *y = p->y;                                                                                               \
        for (ptrdiff_t i = first; i < end; i++) {                                                                     \
            ptrdiff_t c = i % p->middle;                                                                              \
            affine_##type(p->inner, x + i * p->inner, scale[c], shift ? shift[c] : 0, y + i * p->inner);              \
        }                                                                                                             \
    }
NORMALIZATION_AFFINE(float)
NORMALIZATION_AFFINE(double)

static void affine_part(void *context, int32_t part) {
    const struct pass *p = context;
    ptrdiff_t first, end;
    if (p->inner == 1) {
        ck_part_range(p->outer, p->parts, part, &first, &end);
        for (ptrdiff_t i = first; i < end; i++) {
            ptrdiff_t at = i * p->middle;
            if (p->type == CG_FLOAT32)
                affine_row_float(p->middle, (const float *)p->x + at, p->scale, p->shift, (float *)p->y + at);
            else
                affine_row_double(p->middle, (const double *)p->x + at, p->scale, p->shift, (double *)p->y + at);
        }
        return;
    }
    ck_part_range(p->outer * p->middle, p->parts, part, &first, &end);
    if (p->type == CG_FLOAT32)
        affine_channels_float(p, first, end);
    else
        affine_channels_double(p, first, end);
}

int32_t cg_affine(int32_t type, ptrdiff_t outer, ptrdiff_t channels, ptrdiff_t inner, const void *x, const void *scale,
                  const void *shift, void *y) {
    if (type != CG_FLOAT32 && type != CG_FLOAT64) return 0;
    struct pass p = {.type = type, .outer = outer, .middle = channels, .inner = inner, .x = x, .scale = scale,
                     .shift = shift, .y = y};
    p.parts = parts_of(inner == 1 ? outer : outer * channels, outer * channels * inner);
    if (outer * channels * inner) ck_parallel(p.parts, affine_part, &p);
    return 1;
}

struct response {
    ptrdiff_t images, channels, inner, size;
    float alpha, beta, bias;
    const float *x;
    float *y;
    int32_t parts;
};

CK_CLONES static void response_row(ptrdiff_t inner, ptrdiff_t first, ptrdiff_t last, float alpha, float beta, float bias,
                                   const float *image, const float *x, float *y) {
    for (ptrdiff_t i = 0; i < inner; i++) y[i] = 0;
    for (ptrdiff_t c = first; c <= last; c++) {
        const float *row = image + c * inner;
        for (ptrdiff_t i = 0; i < inner; i++) y[i] += row[i] * row[i];
    }
    if (beta == 0.75f) {
        for (ptrdiff_t i = 0; i < inner; i++) {
            float base = __builtin_sqrtf(bias + alpha * y[i]);
            y[i] = x[i] / (base * __builtin_sqrtf(base));
        }
    } else {
        for (ptrdiff_t i = 0; i < inner; i++) y[i] = x[i] * powf(bias + alpha * y[i], -beta);
    }
}

static void response_part(void *context, int32_t part) {
    const struct response *r = context;
    ptrdiff_t first, end;
    ck_part_range(r->images * r->channels, r->parts, part, &first, &end);
    for (ptrdiff_t i = first; i < end; i++) {
        ptrdiff_t c = i % r->channels, low = c - (r->size - 1) / 2, high = c + r->size / 2;
        const float *image = r->x + (i - c) * r->inner;
        response_row(r->inner, low < 0 ? 0 : low, high < r->channels ? high : r->channels - 1,
                     r->alpha / (float)r->size, r->beta, r->bias, image, r->x + i * r->inner, r->y + i * r->inner);
    }
}

void cg_local_response(ptrdiff_t images, ptrdiff_t channels, ptrdiff_t inner, ptrdiff_t size, float alpha, float beta,
                       float bias, const float *x, float *y) {
    struct response r = {images, channels, inner, size, alpha, beta, bias, x, y, 1};
    r.parts = parts_of(images * channels, images * channels * inner * 4);
    if (images * channels) ck_parallel(r.parts, response_part, &r);
}

#define NORMALIZATION_MATMUL(type, wide)                                                                                            \
    CK_CLONES static void matmul_##type(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const type *a, const type *b, type *c) { \
        for (ptrdiff_t i = 0; i < m; i++) {                                                                           \
            for (ptrdiff_t j = 0; j < n; j++) c[i * n + j] = 0;                                                       \
            for (ptrdiff_t l = 0; l < k; l++)                                                                         \
                for (ptrdiff_t j = 0; j < n; j++)                                                                     \
                    c[i * n + j] = (type)((wide)c[i * n + j] + (wide)a[i * k + l] * (wide)b[l * n + j]);              \
        }                                                                                                             \
    }
NORMALIZATION_MATMUL(double, double)
NORMALIZATION_MATMUL(int32_t, uint32_t)
NORMALIZATION_MATMUL(uint32_t, uint32_t)
NORMALIZATION_MATMUL(int64_t, uint64_t)
NORMALIZATION_MATMUL(uint64_t, uint64_t)

int32_t cg_matmul(int32_t type, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a, const void *b, void *c) {
    switch (type) {
    case CG_FLOAT64: matmul_double(m, n, k, a, b, c); return 1;
    case CG_INT32: matmul_int32_t(m, n, k, a, b, c); return 1;
    case CG_UINT32: matmul_uint32_t(m, n, k, a, b, c); return 1;
    case CG_INT64: matmul_int64_t(m, n, k, a, b, c); return 1;
    case CG_UINT64: matmul_uint64_t(m, n, k, a, b, c); return 1;
    default: return 0;
    }
}

#define NORMALIZATION_QUANTIZE(type, low, high)                                                                                     \
    static void quantize_##type(ptrdiff_t outer, ptrdiff_t channels, ptrdiff_t inner, const float *x,                 \
                                const float *scale, const int32_t *zero, type *y) {                                   \
        for (ptrdiff_t i = 0; i < outer * channels * inner; i++) {                                                    \
            ptrdiff_t c = i / inner % channels;                                                                       \
            double v = nearbyint((double)(x[i] / scale[c])) + (zero ? zero[c] : 0);                                   \
            y[i] = (type)(v != v ? 0 : v < low ? low : v > high ? high : v);                                          \
        }                                                                                                             \
    }
NORMALIZATION_QUANTIZE(uint8_t, 0, UINT8_MAX)
NORMALIZATION_QUANTIZE(int8_t, INT8_MIN, INT8_MAX)
NORMALIZATION_QUANTIZE(uint16_t, 0, UINT16_MAX)
NORMALIZATION_QUANTIZE(int16_t, INT16_MIN, INT16_MAX)

int32_t cg_quantize(int32_t type, ptrdiff_t outer, ptrdiff_t channels, ptrdiff_t inner, const float *x,
                    const float *scale, const int32_t *zero, void *y) {
    switch (type) {
    case CG_UINT8: quantize_uint8_t(outer, channels, inner, x, scale, zero, y); return 1;
    case CG_INT8: quantize_int8_t(outer, channels, inner, x, scale, zero, y); return 1;
    case CG_UINT16: quantize_uint16_t(outer, channels, inner, x, scale, zero, y); return 1;
    case CG_INT16: quantize_int16_t(outer, channels, inner, x, scale, zero, y); return 1;
    default: return 0;
    }
}

void cg_dequantize(ptrdiff_t outer, ptrdiff_t channels, ptrdiff_t inner, const int32_t *x, const float *scale,
                   const int32_t *zero, float *y) {
    for (ptrdiff_t i = 0; i < outer * channels * inner; i++) {
        ptrdiff_t c = i / inner % channels;
        y[i] = (float)((int64_t)x[i] - (zero ? zero[c] : 0)) * scale[c];
    }
}
