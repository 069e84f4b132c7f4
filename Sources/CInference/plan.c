// A plan's life, and batches through it: by one chain of all layers, or, for a single image, by bands of rows as far as the
// convolutions go.
#include <stdlib.h>
#include <string.h>

#include "bands.h"
#include "chain.h"
#include "ck_core.h"
#include "memory.h"

struct ci_plan {
    struct ci_chain *chain;
    struct ci_bands bands;
};

/// `length` examples: the `images` given, and zeros; NULL without memory.
static const float *filled_up(const struct ci_chain *n, struct ci_workplace *w, ptrdiff_t images,
                              ptrdiff_t length, const float *examples) {
    if (length == images) return examples;
    ptrdiff_t step = ci_example_step(n);
    if (!w->filled) w->filled = ci_zeros(n->most_images * step);
    if (!w->filled) return NULL;
    memcpy(w->filled, examples, (size_t)(images * step) * sizeof(float));
    memset(w->filled + images * step, 0, (size_t)((length - images) * step) * sizeof(float));
    return w->filled;
}

/// Images through the convolutions, at most `most_images` at a time. `rows`: how many there are then, with those that fill
/// up a single run of them.
static const float *run_convolutions(const struct ci_plan *plan, struct ci_workplace *w, ptrdiff_t images,
                                     const float *examples, ptrdiff_t *rows, enum ck_status *status) {
    struct ci_chain *n = plan->chain;
    *rows = images;
    // Cutting costs rows that are computed twice.
    int cuts = images == 1 && plan->bands.band[0].chain && (!plan->bands.is_direct || ck_thread_count() > 1);
    if (cuts) {
        float *features = w->images[(n->convolutions - 1) % 2];
        *status = ci_bands_run(&plan->bands, n, examples, features);
        return *status == CK_OK ? features : NULL;
    }
    ptrdiff_t step = n->convolutions < n->count ? n->stages[n->convolutions].in_step : 0;
    for (ptrdiff_t first = 0; first < images; first += n->most_images) {
        ptrdiff_t count = images - first < n->most_images ? images - first : n->most_images;
        ptrdiff_t length = ci_length_for(n, count);
        const float *given = filled_up(n, w, count, length, examples + first * ci_example_step(n));
        *status = given ? CK_OK : CK_NO_MEMORY;
        const float *found = given ? ci_run_stages(n, w, 0, n->convolutions, length, given, status) : NULL;
        if (!found) return NULL;
        if (images <= n->most_images) {
            *rows = length;
            return found;
        }
        memcpy(w->features + first * step, found, (size_t)(count * step) * sizeof(float));
    }
    return w->features;
}

/// Some images, at most `most_rows`, through all layers.
static enum ck_status run_images(const struct ci_plan *plan, ptrdiff_t images, const float *examples, float *results) {
    struct ci_chain *n = plan->chain;
    struct ci_workplace *w = ci_take_workplace(n);
    if (!w) return CK_NO_MEMORY;
    enum ck_status status = CK_OK;
    ptrdiff_t rows;
    const float *features = run_convolutions(plan, w, images, examples, &rows, &status);
    const float *last = features ? ci_run_stages(n, w, n->convolutions, n->count, rows, features, &status) : NULL;
    ptrdiff_t outputs = n->stages[n->count - 1].layer.outputs, step = n->stages[n->count - 1].out_step;
    for (ptrdiff_t k = 0; k < images && last; k++)
        memcpy(results + k * outputs, last + k * step, (size_t)outputs * sizeof(float));
    ci_give_workplace(n, w);
    return status;
}

struct plan_job {
    const struct ci_plan *plan;
    ptrdiff_t images, in_step, outputs;
    int32_t parts;
    const float *examples;
    float *results;
    _Atomic int32_t status;
};

static void run_part(void *context, int32_t part) {
    struct plan_job *job = context;
    ck_one_openmp_thread();
    ptrdiff_t first, end;
    ck_part_range(job->images, job->parts, part, &first, &end);
    for (ptrdiff_t most = job->plan->chain->most_rows; first < end; first += most) {
        ptrdiff_t images = end - first < most ? end - first : most;
        enum ck_status status = run_images(job->plan, images, job->examples + first * job->in_step,
                                           job->results + first * job->outputs);
        if (status != CK_OK) atomic_store(&job->status, (int32_t)status);
    }
}

enum ck_status ci_plan_run(struct ci_plan *plan, ptrdiff_t examples, const float *inputs, float *results) {
    CK_ASSERT_GIVEN(plan);
    CK_ASSERT(examples, >= 0);
    CK_ASSERT_MEMORY(inputs, examples);
    CK_ASSERT_MEMORY(results, examples);
    ck_one_openmp_thread();
    if (examples == 0) return CK_OK;
    if (examples == 1) return run_images(plan, 1, inputs, results);
    const struct ci_chain *n = plan->chain;
    // An even number of parts, so that two threads have the same to do.
    ptrdiff_t parts = 2 * ((examples + 2 * n->most_rows - 1) / (2 * n->most_rows));
    if (parts > CK_MAX_PARTS) parts = CK_MAX_PARTS - 1;
    struct plan_job job = {plan,           examples, ci_example_step(n), n->stages[n->count - 1].layer.outputs,
                           (int32_t)parts, inputs,   results,            0};
    ck_parallel(job.parts, run_part, &job);
    return (enum ck_status)atomic_load(&job.status);
}

// MARK: a plan's life

struct ci_plan *ci_plan_make(const struct ci_layer *layers, ptrdiff_t count) {
    CK_ASSERT(count, > 0);
    CK_ASSERT_MEMORY(layers, count);
    struct ci_plan *plan = calloc(1, sizeof *plan);
    if (!plan) return NULL;
    plan->chain = ci_chain_make(layers, count, 0);
    if (!plan->chain) {
        free(plan);
        return NULL;
    }
    ci_bands_make(&plan->bands, plan->chain);
    return plan;
}

void ci_plan_free(struct ci_plan *plan) {
    if (!plan) return;
    ci_bands_free(&plan->bands);
    ci_chain_free(plan->chain);
    free(plan);
}

enum ck_status ci_plan_set(struct ci_plan *plan, int32_t layer, const float *weights, const float *bias) {
    CK_ASSERT_GIVEN(plan);
    CK_ASSERT_IN(layer, 0, plan->chain->count - 1);
    CK_ASSERT_GIVEN(weights);
    CK_ASSERT_GIVEN(bias);
    enum ck_status status = ci_chain_set(plan->chain, layer, weights, bias);
    if (status == CK_OK && layer < plan->chain->convolutions) status = ci_bands_set(&plan->bands, layer, weights, bias);
    return status;
}
