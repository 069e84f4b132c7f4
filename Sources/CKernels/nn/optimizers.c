// The optimisers' updates: each weight by itself, so parts change nothing in the result.
#include <math.h>

#include "ck_core.h"
#include "ck_nn.h"

// The C library's sqrtf may set errno, which keeps a loop from being vectorised; the result is the same.
#if defined(__has_builtin) && __has_builtin(__builtin_elementwise_sqrt)
#define OPTIMIZERS_ROOT(x) __builtin_elementwise_sqrt(x)
#else
#define OPTIMIZERS_ROOT(x) sqrtf(x)
#endif

typedef enum { SGD, MOMENTUM, ADAGRAD, RMSPROP, ADAM } rule;

struct update {
    rule rule;
    int32_t parts, flag;
    ptrdiff_t count;
    float *w, *a, *b;
    const float *g;
    float rate, one, two, epsilon, correction1, correction2, decay;
};

CK_CLONES
static void ck_update_range(const struct update *u, ptrdiff_t first, ptrdiff_t end) {
    float *restrict w = u->w, *restrict a = u->a, *restrict b = u->b;
    const float *restrict g = u->g;
    const float rate = u->rate, one = u->one, two = u->two, epsilon = u->epsilon, decay = u->decay;
    switch (u->rule) {
    case SGD:
        for (ptrdiff_t k = first; k < end; k++) w[k] -= rate * (g[k] + decay * w[k]);
        break;
    case MOMENTUM: {
        const float nesterov = u->flag ? 1.0f : 0.0f;
        for (ptrdiff_t k = first; k < end; k++) {
            float gradient = g[k] + decay * w[k];
            float velocity = one * a[k] + gradient;
            a[k] = velocity;
            w[k] -= rate * (nesterov != 0 ? gradient + one * velocity : velocity);
        }
        break;
    }
    case ADAGRAD:
        for (ptrdiff_t k = first; k < end; k++) {
            float gradient = g[k] + decay * w[k];
            a[k] += gradient * gradient;
            w[k] -= rate * gradient / (OPTIMIZERS_ROOT(a[k]) + epsilon);
        }
        break;
    case RMSPROP:
        for (ptrdiff_t k = first; k < end; k++) {
            float gradient = g[k] + decay * w[k];
            a[k] = one * a[k] + (1 - one) * gradient * gradient;
            w[k] -= rate * gradient / (OPTIMIZERS_ROOT(a[k]) + epsilon);
        }
        break;
    case ADAM: {
        const float coupled = u->flag ? 0 : decay, shrink = u->flag ? 1 - rate * decay : 1;
        const float c1 = 1 / u->correction1, c2 = 1 / u->correction2;
        for (ptrdiff_t k = first; k < end; k++) {
            float gradient = g[k] + coupled * w[k];
            a[k] = one * a[k] + (1 - one) * gradient;
            b[k] = two * b[k] + (1 - two) * gradient * gradient;
            w[k] = shrink * w[k] - rate * (a[k] * c1) / (OPTIMIZERS_ROOT(b[k] * c2) + epsilon);
        }
        break;
    }
    }
}

static void update_part(void *context, int32_t part) {
    const struct update *u = context;
    ptrdiff_t first, end;
    ck_part_range(u->count, u->parts, part, &first, &end);
    ck_update_range(u, first, end);
}

static void run(struct update u) {
    u.parts = ck_elementwise_parts(u.count);
    ck_parallel(u.parts, update_part, &u);
}

void ck_sgd_f32(ptrdiff_t count, float *w, const float *g, float rate, float weight_decay) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(w, count);
    CK_ASSERT_MEMORY(g, count);
    run((struct update){.rule = SGD, .count = count, .w = w, .g = g, .rate = rate, .decay = weight_decay});
}

void ck_momentum_f32(ptrdiff_t count, float *w, const float *g, float *v, float rate, float momentum,
                     int32_t nesterov, float weight_decay) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(w, count);
    CK_ASSERT_MEMORY(g, count);
    CK_ASSERT_MEMORY(v, count);
    run((struct update){.rule = MOMENTUM, .count = count, .w = w, .g = g, .a = v, .rate = rate,
                        .one = momentum, .flag = nesterov, .decay = weight_decay});
}

void ck_adagrad_f32(ptrdiff_t count, float *w, const float *g, float *h, float rate, float epsilon,
                    float weight_decay) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(w, count);
    CK_ASSERT_MEMORY(g, count);
    CK_ASSERT_MEMORY(h, count);
    run((struct update){.rule = ADAGRAD, .count = count, .w = w, .g = g, .a = h, .rate = rate,
                        .epsilon = epsilon, .decay = weight_decay});
}

void ck_rmsprop_f32(ptrdiff_t count, float *w, const float *g, float *h, float rate, float decay, float epsilon,
                    float weight_decay) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(w, count);
    CK_ASSERT_MEMORY(g, count);
    CK_ASSERT_MEMORY(h, count);
    run((struct update){.rule = RMSPROP, .count = count, .w = w, .g = g, .a = h, .rate = rate, .one = decay,
                        .epsilon = epsilon, .decay = weight_decay});
}

void ck_adam_f32(ptrdiff_t count, float *w, const float *g, float *m, float *v, float rate, float beta1,
                 float beta2, float epsilon, float correction1, float correction2, float weight_decay,
                 int32_t decoupled) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(w, count);
    CK_ASSERT_MEMORY(g, count);
    CK_ASSERT_MEMORY(m, count);
    CK_ASSERT_MEMORY(v, count);
    run((struct update){.rule = ADAM, .count = count, .w = w, .g = g, .a = m, .b = v, .rate = rate,
                        .one = beta1, .two = beta2, .epsilon = epsilon, .correction1 = correction1,
                        .correction2 = correction2, .decay = weight_decay, .flag = decoupled});
}

struct adjustment {
    int32_t parts;
    ptrdiff_t count;
    const float *g, *w;
    float scale, limit, l1, *out;
};

CK_CLONES
static void ck_adjust_gradient_range(const struct adjustment *a, ptrdiff_t first, ptrdiff_t end) {
    const float *restrict g = a->g, *restrict w = a->w;
    float *restrict out = a->out;
    const float scale = a->scale, limit = a->limit, l1 = a->l1;
    for (ptrdiff_t k = first; k < end; k++) {
        float value = scale * g[k];
        value = value > limit ? limit : value;
        value = value < -limit ? -limit : value;
        out[k] = value + (w[k] > 0 ? l1 : w[k] < 0 ? -l1 : 0);
    }
}

static void adjust_part(void *context, int32_t part) {
    const struct adjustment *a = context;
    ptrdiff_t first, end;
    ck_part_range(a->count, a->parts, part, &first, &end);
    ck_adjust_gradient_range(a, first, end);
}

void ck_adjust_gradient_f32(ptrdiff_t count, const float *g, const float *w, float scale, float limit, float l1,
                            float *out) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(g, count);
    CK_ASSERT_MEMORY(w, count);
    CK_ASSERT_MEMORY(out, count);
    struct adjustment a = {ck_elementwise_parts(count), count, g, w, scale, limit, l1, out};
    ck_parallel(a.parts, adjust_part, &a);
}

struct squares {
    int32_t parts;
    ptrdiff_t count;
    const float *x;
    double sums[1024];  // ck_elementwise_parts gives no more
};

CK_CLONES
static double ck_sum_of_squares_range(const float *x, ptrdiff_t first, ptrdiff_t end) {
    enum { LANES = 16 };
    double lanes[LANES] = {0}, sum = 0;
    ptrdiff_t k = first;
    for (; k + LANES <= end; k += LANES)
        for (int j = 0; j < LANES; j++) lanes[j] += (double)x[k + j] * (double)x[k + j];
    for (; k < end; k++) sum += (double)x[k] * (double)x[k];
    for (int j = 0; j < LANES; j++) sum += lanes[j];
    return sum;
}

static void squares_part(void *context, int32_t part) {
    struct squares *s = context;
    ptrdiff_t first, end;
    ck_part_range(s->count, s->parts, part, &first, &end);
    s->sums[part] = ck_sum_of_squares_range(s->x, first, end);
}

double ck_sum_of_squares_f32(ptrdiff_t count, const float *x) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(x, count);
    struct squares s;
    s.parts = ck_elementwise_parts(count);
    s.count = count;
    s.x = x;
    ck_parallel(s.parts, squares_part, &s);
    double sum = 0;
    for (int32_t part = 0; part < s.parts; part++) sum += s.sums[part];
    return sum;
}

struct averaging {
    int32_t parts;
    ptrdiff_t count;
    float *average;
    const float *x;
    float share;
};

CK_CLONES
static void ck_average_range(const struct averaging *a, ptrdiff_t first, ptrdiff_t end) {
    float *restrict average = a->average;
    const float *restrict x = a->x;
    const float share = a->share;
    for (ptrdiff_t k = first; k < end; k++) average[k] += share * (x[k] - average[k]);
}

static void average_part(void *context, int32_t part) {
    const struct averaging *a = context;
    ptrdiff_t first, end;
    ck_part_range(a->count, a->parts, part, &first, &end);
    ck_average_range(a, first, end);
}

void ck_average_f32(ptrdiff_t count, float *average, const float *x, float share) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(average, count);
    CK_ASSERT_MEMORY(x, count);
    struct averaging a = {ck_elementwise_parts(count), count, average, x, share};
    ck_parallel(a.parts, average_part, &a);
}
