// Packs the weights of networks that only look forward.
#include <stdlib.h>
#include <string.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "core/status.h"
#include "network/network_stages.h"

/// The weights of `outputs` outputs from `first` on, as a piece reads them, paired if it is; freed by the caller.
static float *arranged(const struct cdnn_stage *stage, const struct cdnn_piece *piece) {
    const float *weights = stage->matrix;
    const struct cdnn_geometry *g = &stage->layer.geometry;
    ptrdiff_t rows = g->channels * g->kernel_height, width = g->kernel_width;
    ptrdiff_t wide = piece->geometry.kernel_width;
    float *out = cdnn_zeros(piece->geometry.outputs * rows * wide);
    if (!out) return NULL;
    for (ptrdiff_t o = 0; o < piece->geometry.outputs; o++) {
        ptrdiff_t k = stage->paired ? o % g->outputs : piece->first_output + o, shift = stage->paired ? o / g->outputs : 0;
        for (ptrdiff_t r = 0; r < rows; r++)
            memcpy(out + (o * rows + r) * wide + shift, weights + (k * rows + r) * width, (size_t)width * sizeof(float));
    }
    return out;
}

static dnnl_status_t reorder_weights(struct cdnn_network *n, const struct cdnn_piece *piece, float *plain) {
    const struct cdnn_geometry *g = &piece->geometry;
    dnnl_dims_t dims = {g->outputs, g->channels, g->kernel_height, g->kernel_width};
    cdnn_form form = cdnn_form_tagged(4, dims, dnnl_f32, dnnl_oihw);
    if (!form) return dnnl_out_of_memory;
    dnnl_primitive_desc_t d = NULL;
    dnnl_primitive_t reorder = NULL;
    dnnl_memory_t from = NULL;
    dnnl_stream_t stream = NULL;
    dnnl_status_t status = dnnl_reorder_primitive_desc_create(&d, form, n->engine, piece->weights, n->engine, NULL);
    if (status == dnnl_success) status = dnnl_primitive_create(&reorder, d);
    if (status == dnnl_success) status = dnnl_memory_create(&from, form, n->engine, plain);
    if (status == dnnl_success) status = dnnl_stream_create(&stream, n->engine, dnnl_stream_default_flags);
    if (status == dnnl_success) {
        dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, piece->packed}};
        status = dnnl_primitive_execute(reorder, stream, 2, arguments);
    }
    if (stream) dnnl_stream_destroy(stream);
    if (from) dnnl_memory_destroy(from);
    if (reorder) dnnl_primitive_destroy(reorder);
    if (d) dnnl_primitive_desc_destroy(d);
    cdnn_form_free(form);
    return status;
}

dnnl_status_t cdnn_piece_pack(struct cdnn_network *n, const struct cdnn_stage *stage, struct cdnn_piece *piece) {
    float *plain = arranged(stage, piece);
    if (!plain) return dnnl_out_of_memory;
    dnnl_status_t status = reorder_weights(n, piece, plain);
    free(plain);
    void *to = NULL;
    if (status == dnnl_success) status = dnnl_memory_get_data_handle(piece->packed_bias, &to);
    if (status != dnnl_success) return status;
    ptrdiff_t outputs = stage->layer.geometry.outputs;
    if (stage->paired) {
        memcpy(to, stage->bias, (size_t)outputs * sizeof(float));
        memcpy((float *)to + outputs, stage->bias, (size_t)outputs * sizeof(float));
    } else {
        memcpy(to, stage->bias + piece->first_output, (size_t)piece->geometry.outputs * sizeof(float));
    }
    return dnnl_success;
}

/// A dense layer's rows in the order in which the numbers before it lie.
static void set_dense(struct cdnn_network *n, int32_t index, const float *weights, const float *bias) {
    struct cdnn_stage *stage = &n->stages[index];
    const struct cdnn_stage *before = index > 0 ? stage - 1 : NULL;
    ptrdiff_t outputs = stage->layer.outputs, pixels = 0;
    if (before && before->layer.kind == CDNN_LAYER_CONVOLUTION && before->out_layout == n->blocks)
        pixels = stage->layer.inputs / before->layer.geometry.outputs;
    for (ptrdiff_t d = 0; d < stage->layer.inputs; d++) {
        ptrdiff_t channel = pixels ? d / pixels : 0;
        ptrdiff_t row = pixels ? (channel / n->lanes * pixels + d % pixels) * n->lanes + channel % n->lanes : d;
        memcpy(stage->matrix + row * stage->out_step, weights + d * outputs, (size_t)outputs * sizeof(float));
    }
    memcpy(stage->bias, bias, (size_t)outputs * sizeof(float));
    stage->skips_zeros = ck_all_finite_f32(stage->layer.inputs * outputs, weights);
}

enum ck_status cdnn_network_set(struct cdnn_network *n, int32_t layer, const float *weights, const float *bias) {
    CK_ASSERT_GIVEN(n);
    CK_ASSERT_IN(layer, 0, n->count - 1);
    CK_ASSERT_GIVEN(weights);
    CK_ASSERT_GIVEN(bias);
    ck_one_openmp_thread();
    struct cdnn_stage *stage = &n->stages[layer];
    if (stage->layer.kind == CDNN_LAYER_DENSE) {
        set_dense(n, layer, weights, bias);
        return CK_OK;
    }
    const struct cdnn_geometry *g = &stage->layer.geometry;
    ptrdiff_t count = g->outputs * g->channels * g->kernel_height * g->kernel_width;
    memcpy(stage->matrix, weights, (size_t)count * sizeof(float));
    memcpy(stage->bias, bias, (size_t)g->outputs * sizeof(float));
    dnnl_status_t status = dnnl_success;
    if (stage->is_direct) cdnn_direct_set(stage);
    for (int32_t p = 0; p < CDNN_PIECES && status == dnnl_success; p++) {
        struct cdnn_piece *piece = atomic_load(&stage->pieces[p]);
        if (piece) status = cdnn_piece_pack(n, stage, piece);
    }
    enum ck_status result = cdnn_status(status);
    for (int k = 0; k < 2 && n->bands[k].network && result == CK_OK; k++)
        result = cdnn_network_set(n->bands[k].network, layer, weights, bias);
    return result;
}
