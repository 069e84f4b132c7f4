// Forward passes in double precision, many side by side, and central differences by them.
#include <stdatomic.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "ck_checks.h"

typedef double lanes __attribute__((vector_size(64)));
#define FINITE_MAX_VECTORS 8

#define FINITE_LOAD(p) (*(const lanes *)(p))
#define FINITE_STORE(p, v) (*(lanes *)(p) = (v))

/// Adds rows of w, each times its entry, to `vectors` vectors of y.
CK_INLINE void add_entries(const double *entries, const int32_t *columns, ptrdiff_t first, ptrdiff_t end,
                           const double *w, ptrdiff_t stride, double *y, const int vectors) {
    lanes sums[FINITE_MAX_VECTORS];
    for (int k = 0; k < vectors; k++) sums[k] = FINITE_LOAD(y + k * CK_PASS_LANES);
    for (ptrdiff_t e = first; e < end; e++) {
        const double *row = w + columns[e] * stride;
        for (int k = 0; k < vectors; k++) sums[k] += entries[e] * FINITE_LOAD(row + k * CK_PASS_LANES);
    }
    for (int k = 0; k < vectors; k++) FINITE_STORE(y + k * CK_PASS_LANES, sums[k]);
}

/// y += x w for one row of x, `vectors` vectors of each row of w.
CK_INLINE void add_product(const double *x, ptrdiff_t inputs, const double *w, ptrdiff_t stride, double *y,
                           const int vectors) {
    lanes sums[FINITE_MAX_VECTORS];
    for (int k = 0; k < vectors; k++) sums[k] = FINITE_LOAD(y + k * CK_PASS_LANES);
    for (ptrdiff_t d = 0; d < inputs; d++)
        for (int k = 0; k < vectors; k++) sums[k] += x[d] * FINITE_LOAD(w + d * stride + k * CK_PASS_LANES);
    for (int k = 0; k < vectors; k++) FINITE_STORE(y + k * CK_PASS_LANES, sums[k]);
}

/// Calls `function(..., n)` with the number of vectors as a constant.
#define FINITE_WITH_VECTORS(count, function, ...)                                                          \
    switch (count) {                                                                                       \
    case 1: function(__VA_ARGS__, 1); break;                                                               \
    case 2: function(__VA_ARGS__, 2); break;                                                               \
    case 3: function(__VA_ARGS__, 3); break;                                                               \
    case 4: function(__VA_ARGS__, 4); break;                                                               \
    case 5: function(__VA_ARGS__, 5); break;                                                               \
    case 6: function(__VA_ARGS__, 6); break;                                                               \
    case 7: function(__VA_ARGS__, 7); break;                                                               \
    default: function(__VA_ARGS__, FINITE_MAX_VECTORS); break;                                             \
    }

CK_CLONES
static void ck_pass_sparse_rows(const ck_pass *pass, const ck_pass_layer *layer, double *numbers) {
    const double *w = numbers + layer->weights;
    double *y = numbers + layer->values;
    ptrdiff_t stride = layer->stride, vectors = stride / CK_PASS_LANES;
    ptrdiff_t blocks = (layer->inputs + CK_PASS_BLOCK - 1) / CK_PASS_BLOCK;
    for (ptrdiff_t block = 0; block < blocks; block++)
        for (ptrdiff_t i = 0; i < pass->rows; i++) {
            const int32_t *bounds = pass->starts + i * blocks + block;
            ptrdiff_t first = bounds[0], end = bounds[1];
            if (end == first) continue;
            for (ptrdiff_t v = 0; v < vectors; v += FINITE_MAX_VECTORS)
                FINITE_WITH_VECTORS(vectors - v, add_entries, pass->entries, pass->columns, first, end,
                             w + v * CK_PASS_LANES, stride, y + i * stride + v * CK_PASS_LANES)
        }
}

CK_CLONES
static void ck_pass_dense_rows(const double *x, ptrdiff_t x_stride, ptrdiff_t rows, const ck_pass_layer *layer,
                               double *numbers) {
    const double *w = numbers + layer->weights;
    double *y = numbers + layer->values;
    ptrdiff_t stride = layer->stride, vectors = stride / CK_PASS_LANES;
    for (ptrdiff_t i = 0; i < rows; i++)
        for (ptrdiff_t v = 0; v < vectors; v += FINITE_MAX_VECTORS)
            FINITE_WITH_VECTORS(vectors - v, add_product, x + i * x_stride, layer->inputs, w + v * CK_PASS_LANES, stride,
                         y + i * stride + v * CK_PASS_LANES)
}

static void check_pass(const ck_pass *pass) {
    CK_ASSERT_GIVEN(pass);
    CK_ASSERT_IN(pass->rows, 1, CK_PASS_MAX_ROWS);
    CK_ASSERT(pass->layer_count, > 0);
    CK_ASSERT_GIVEN(pass->layers);
    CK_ASSERT(pass->dense || (pass->starts && pass->columns && pass->entries), == 1);
    CK_ASSERT_IN(pass->loss, 0, 1);
    CK_ASSERT_INDICES(pass->labels, pass->rows, pass->layers[pass->layer_count - 1].outputs);
}

double ck_pass_loss(const ck_pass *pass, double *numbers) {
    check_pass(pass);
    CK_ASSERT_GIVEN(numbers);
    CK_ASSERT((uintptr_t)numbers % 64, == 0);
    ptrdiff_t rows = pass->rows;
    for (ptrdiff_t l = 0; l < pass->layer_count; l++) {
        const ck_pass_layer *layer = &pass->layers[l];
        const double *bias = numbers + layer->bias;
        double *y = numbers + layer->values;
        for (ptrdiff_t i = 0; i < rows; i++)
            for (ptrdiff_t j = 0; j < layer->stride; j++) y[i * layer->stride + j] = bias[j];
        if (l == 0 && pass->starts) {
            ck_pass_sparse_rows(pass, layer, numbers);
        } else {
            const ck_pass_layer *before = l > 0 ? layer - 1 : 0;
            ck_pass_dense_rows(before ? numbers + before->values : pass->dense,
                               before ? before->stride : layer->inputs, rows, layer, numbers);
        }
        ck_bias_activation_f64(layer->activation, layer->parameter, rows, layer->stride, 0, y);
    }
    const ck_pass_layer *last = &pass->layers[pass->layer_count - 1];
    ptrdiff_t classes = last->outputs;
    const double *y = numbers + last->values;
    double *scores = numbers + pass->scores, *p = numbers + pass->probabilities;
    for (ptrdiff_t i = 0; i < rows; i++)
        for (ptrdiff_t j = 0; j < classes; j++) scores[i * classes + j] = y[i * last->stride + j];
    if (pass->loss == 0) return ck_softmax_cross_entropy_f64(rows, classes, scores, pass->labels, p) / (double)rows;
    ck_softmax_rows_f64(rows, classes, scores, p);
    double sum = 0;
    for (ptrdiff_t i = 0; i < rows; i++)
        for (ptrdiff_t j = 0; j < classes; j++) {
            double error = p[i * classes + j] - (pass->labels[i] == j ? 1 : 0);
            sum += error * error;
        }
    return sum / (2 * (double)rows);
}

struct differences {
    const ck_pass *pass;
    double *const *numbers;
    const int64_t *places;
    ptrdiff_t count;
    double step, loss, *slopes, *bends;
    _Atomic ptrdiff_t next;
};

static void differences_part(void *context, int32_t part) {
    struct differences *job = context;
    double *numbers = job->numbers[part], step = job->step;
    for (ptrdiff_t i; (i = atomic_fetch_add(&job->next, 1)) < job->count;) {
        double *number = numbers + job->places[i], kept = *number;
        *number = kept + step;
        double up = ck_pass_loss(job->pass, numbers);
        *number = kept - step;
        double down = ck_pass_loss(job->pass, numbers);
        *number = kept;
        job->slopes[i] = (up - down) / (2 * step);
        job->bends[i] = (up - 2 * job->loss + down) / step;
    }
}

void ck_pass_differences(const ck_pass *pass, double *const *numbers, int32_t threads, const int64_t *places,
                         ptrdiff_t count, double step, double loss, double *slopes, double *bends) {
    check_pass(pass);
    CK_ASSERT(threads, > 0);
    CK_ASSERT_MEMORY(numbers, threads);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(places, count);
    CK_ASSERT_MEMORY(slopes, count);
    CK_ASSERT_MEMORY(bends, count);
    struct differences job = {pass, numbers, places, count, step, loss, slopes, bends, 0};
    ck_parallel(threads, differences_part, &job);
}
