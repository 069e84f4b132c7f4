// What one call of a convolution works in, lent to one caller at a time: a stream, and memory that is kept; and primitives run
// in it.
#include <stdlib.h>
#include <string.h>

#include "convolution/convolution_primitives.h"
#include "core/primitive_descriptions.h"

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

void *cdnn_aligned(size_t bytes) {
    return aligned_alloc(64, (larger(bytes, 64) + 63) & ~(size_t)63);
}

void cdnn_free_context(struct cdnn_context *k) {
    if (!k) return;
    for (int i = 0; i < k->kept_count; i++) dnnl_memory_destroy(k->kept[i].memory);
    if (k->stream) dnnl_stream_destroy(k->stream);
    free(k->scratch);
    free(k->result);
    free(k->rows);
    free(k->pooled);
    free(k->padded_source);
    free(k->padded_gradient);
    free(k->gradient);
    free(k->bias_gradient);
    free(k->source_half);
    free(k->result_half);
    free(k);
}

/// `memory` of at least `size` bytes; what it held is lost.
static void *grown(void **memory, size_t *known, size_t size) {
    if (size > *known) {
        free(*memory);
        *memory = cdnn_aligned(size);
        *known = *memory ? size : 0;
    }
    return *memory;
}

void *cdnn_scratch_of(struct cdnn_context *k, size_t size) {
    return grown(&k->scratch, &k->scratch_size, larger(size, 64));
}

void *cdnn_scratch(struct cdnn_context *k, cdnn_form form) {
    return cdnn_scratch_of(k, dnnl_memory_desc_get_size(form) + k->spare_scratch);
}

float *cdnn_pooled(struct cdnn_context *k, ptrdiff_t count) {
    return grown(&k->pooled, &k->pooled_size, larger((size_t)count * sizeof(float), 64));
}

float *cdnn_padded(struct cdnn_convolution *c, float **memory) {
    if (!*memory) {
        size_t size = (size_t)(c->chunk * c->inner_step) * sizeof(float);
        *memory = cdnn_aligned(size);
        if (*memory) memset(*memory, 0, size);
    }
    return *memory;
}

struct cdnn_context *cdnn_take_context(struct cdnn_convolution *c) {
    for (int i = 0; i < CDNN_CONTEXTS; i++) {
        if (!atomic_load_explicit(&c->contexts[i], memory_order_relaxed)) continue;
        struct cdnn_context *lent = atomic_exchange(&c->contexts[i], NULL);
        if (lent) return lent;
    }
    struct cdnn_primitives *p = cdnn_primitives_for(c, c->chunk);
    struct cdnn_context *k = calloc(1, sizeof *k);
    if (!p || !k) {
        free(k);
        return NULL;
    }
    k->spare_scratch = cdnn_spare_scratch(&c->inner);
    k->result = cdnn_aligned((size_t)(c->chunk * c->result_step) * sizeof(float));
    k->gradient = cdnn_aligned((size_t)c->gradient_count * sizeof(float));
    k->bias_gradient = cdnn_aligned((size_t)c->geometry.outputs * sizeof(float));
    int whole = k->result && k->gradient && k->bias_gradient;
    if (p->data_in_rows) {
        ptrdiff_t count = c->geometry.outputs * c->geometry.result_height * c->geometry.result_width;
        k->rows = cdnn_aligned((size_t)(c->chunk * count) * sizeof(float));
        whole = whole && k->rows;
    }
    if (c->geometry.half == CDNN_HALF) {
        k->source_half = cdnn_aligned((size_t)(c->chunk * c->inner_step) * sizeof(uint16_t) + CDNN_BEYOND);
        k->result_half = cdnn_aligned((size_t)(c->chunk * c->result_step) * sizeof(uint16_t) + CDNN_BEYOND);
        whole = whole && k->source_half && k->result_half;
    }
    if (!whole || dnnl_stream_create(&k->stream, c->engine, dnnl_stream_default_flags) != dnnl_success) {
        cdnn_free_context(k);
        return NULL;
    }
    return k;
}

void cdnn_give_context(struct cdnn_convolution *c, struct cdnn_context *context) {
    for (int i = 0; i < CDNN_CONTEXTS; i++) {
        struct cdnn_context *none = NULL;
        if (atomic_compare_exchange_strong(&c->contexts[i], &none, context)) return;
    }
    cdnn_free_context(context);
}

/// The object for an argument at its address; NULL if oneDNN cannot.
static dnnl_memory_t memory_for(struct cdnn_convolution *c, struct cdnn_context *k, const struct cdnn_argument *a) {
    for (int i = 0; i < k->kept_count; i++)
        if (k->kept[i].form == a->form && k->kept[i].which == a->which)
            return dnnl_memory_set_data_handle(k->kept[i].memory, a->data) == dnnl_success ? k->kept[i].memory : NULL;
    if (k->kept_count == CDNN_KEPT) return NULL;
    struct cdnn_kept kept = {a->which, a->form, NULL};
    if (dnnl_memory_create(&kept.memory, a->form, c->engine, a->data) != dnnl_success) return NULL;
    k->kept[k->kept_count++] = kept;
    return kept.memory;
}

dnnl_status_t cdnn_run(struct cdnn_convolution *c, struct cdnn_context *context, dnnl_primitive_t primitive,
                       int count, const struct cdnn_argument *arguments) {
    dnnl_exec_arg_t list[6];
    for (int i = 0; i < count; i++) {
        list[i].arg = arguments[i].which;
        list[i].memory = memory_for(c, context, &arguments[i]);
        if (!list[i].memory) return dnnl_out_of_memory;
    }
    return dnnl_primitive_execute(primitive, context->stream, count, list);
}
