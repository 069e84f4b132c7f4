// Working memory: lent to one thread at a time, and kept for the next.
#include <stdlib.h>

#include "chain.h"
#include "direct_convolution.h"
#include "memory.h"

static void free_workplace(struct ci_workplace *w) {
    if (!w) return;
    for (int i = 0; i < w->count; i++)
        for (int p = 0; p < CI_PIECES; p++)
            cdnn_call_free(w->calls[i][p]);
    for (int k = 0; k < 2; k++) {
        free(w->images[k]);
        free(w->scratch[k]);
    }
    free(w->result);
    free(w->halves);
    free(w->filled);
    free(w->features);
    free(w->calls);
    free(w);
}

static struct ci_workplace *make_workplace(const struct ci_chain *n) {
    ptrdiff_t images = 0, result = 0, rows = 0, features = 0;
    for (int32_t i = 0; i < n->count; i++) {
        const struct ci_stage *s = &n->stages[i];
        if (s->in_step > images) images = s->in_step;
        if (s->out_step > images) images = s->out_step;
        if (s->result_step > result) result = s->result_step;
        if (s->is_direct && ci_direct_count(s) > result) result = ci_direct_count(s);
        if (i < n->convolutions) continue;
        if (i == n->convolutions) features = s->in_step;
        if (s->out_step > rows) rows = s->out_step;
    }
    images *= n->most_images;
    if (rows * n->most_rows > images) images = rows * n->most_rows;
    result *= n->most_images;
    struct ci_workplace *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    w->calls = calloc((size_t)n->count, sizeof *w->calls);
    int whole = w->calls != NULL;
    if (whole) w->count = n->count;
    for (int k = 0; k < 2; k++) {
        w->images[k] = ci_aligned(images * (ptrdiff_t)sizeof(float));
        whole = whole && w->images[k];
    }
    w->result = ci_aligned(result * (ptrdiff_t)sizeof(float));
    w->halves = ci_aligned(images * (ptrdiff_t)sizeof(uint16_t));
    w->features = ci_aligned(n->most_rows > n->most_images ? features * n->most_rows * (ptrdiff_t)sizeof(float) : 0);
    if (whole && w->result && w->halves && w->features) return w;
    free_workplace(w);
    return NULL;
}

struct ci_workplace *ci_take_workplace(struct ci_chain *n) {
    for (int i = 0; i < CI_WORKPLACES; i++) {
        if (!atomic_load_explicit(&n->workplaces[i], memory_order_relaxed)) continue;
        struct ci_workplace *lent = atomic_exchange(&n->workplaces[i], NULL);
        if (lent) return lent;
    }
    return make_workplace(n);
}

void ci_give_workplace(struct ci_chain *n, struct ci_workplace *w) {
    for (int i = 0; i < CI_WORKPLACES; i++) {
        struct ci_workplace *none = NULL;
        if (atomic_compare_exchange_strong(&n->workplaces[i], &none, w)) return;
    }
    free_workplace(w);
}

void ci_free_workplaces(struct ci_chain *n) {
    for (int i = 0; i < CI_WORKPLACES; i++) free_workplace(atomic_load(&n->workplaces[i]));
}
