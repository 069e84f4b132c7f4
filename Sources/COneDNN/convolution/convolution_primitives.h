// Private to this target: oneDNN's primitives for chunks of images, and what one thread needs to run them.
#ifndef CDNN_CONVOLUTION_CONVOLUTION_PRIMITIVES_H
#define CDNN_CONVOLUTION_CONVOLUTION_PRIMITIVES_H

#include <pthread.h>
#include <stdatomic.h>

#include "cdnn_convolution.h"
#include "core/versions.h"

#define CDNN_LARGEST_CHUNK 16
#define CDNN_CONTEXTS 64

/// How a pass multiplies.
struct cdnn_way {
    int half;      // in bfloat16
    int rounded;   // in float32, of factors rounded to bfloat16
    int winograd;  // by Winograd's transforms of tiles of 6 x 6, in float32
};

/// The three passes over a chunk of `images` images. Immutable once made.
struct cdnn_primitives {
    ptrdiff_t images;
    dnnl_primitive_t forward, data, weights;
    cdnn_form source, result;                                       // float32
    cdnn_form forward_source, weights_source;                       // as the products read them
    cdnn_form weights_result, data_result;
    cdnn_form result_rows;                                          // as `data` reads it if `data_in_rows`
    int data_in_rows;
    cdnn_form forward_weights, data_weights, weight_gradient, bias;
    cdnn_form forward_scratch, data_scratch, weights_scratch;
};

/// oneDNN's object for an argument, made once for each form and role and told the address of each call.
struct cdnn_kept {
    int which;
    cdnn_form form;
    dnnl_memory_t memory;
};
/// A chunk has one of CDNN_LARGEST_CHUNK lengths, each with at most 14 forms (five arguments of each of three passes, of
/// which one is shared), and there are six more of weights put in order: none is ever too many.
#define CDNN_KEPT (CDNN_LARGEST_CHUNK * 14 + 6)

/// Bytes of zeros after numbers in bfloat16.
#define CDNN_BEYOND 64

/// What one thread works with; lent to one at a time.
struct cdnn_context {
    dnnl_stream_t stream;
    void *scratch;          // oneDNN's own, of `scratch_size` bytes
    size_t scratch_size, spare_scratch;
    float *result;          // the convolution's result of one chunk, or its gradient
    float *rows;            // the result's gradient in rows, where the data gradient reads it so
    void *pooled;           // the pooled result of one chunk, or its gradient, where it lies in rows outside
    size_t pooled_size;
    float *padded_source;   // the source with its inset of zeros, or filled up with images of zeros, when first needed
    float *padded_gradient; // and the gradient by it
    float *gradient;        // the packed weight gradient of one chunk
    float *bias_gradient;
    uint16_t *source_half, *result_half;  // CDNN_BEYOND bytes more than a chunk
    struct cdnn_kept kept[CDNN_KEPT];
    int kept_count;
};

struct cdnn_convolution {
    struct cdnn_geometry geometry;
    /// The geometry that oneDNN sees: where the padding reaches further than half a kernel, which has no weight gradient
    /// in blocks, the source is copied into an inset of zeros first, and less padding is left.
    struct cdnn_geometry inner;
    ptrdiff_t inset_top, inset_left;
    int is_inset;
    struct cdnn_way forward, data, weights;
    ptrdiff_t chunk;
    ptrdiff_t source_step, result_step;  // numbers per image
    ptrdiff_t inner_step;                // of the source in its inset
    ptrdiff_t gradient_count;            // numbers in a packed weight gradient
    dnnl_engine_t engine;
    dnnl_primitive_t pack_forward, pack_data, unpack_gradient;  // between the caller's order and oneDNN's
    cdnn_form plain_weights;
    pthread_mutex_t lock;  // guards the making of primitives
    _Atomic(struct cdnn_primitives *) primitives[CDNN_LARGEST_CHUNK + 1];  // for so many images or more
    _Atomic(struct cdnn_context *) contexts[CDNN_CONTEXTS];
};

// MARK: convolution_primitives.c

/// The primitives for chunks of `images`, or of the next larger number that oneDNN has primitives for; those read and
/// write as many images as they say. Never NULL once the whole chunk's are made, but for memory.
struct cdnn_primitives *cdnn_primitives_for(struct cdnn_convolution *c, ptrdiff_t images);
void cdnn_free_primitives(struct cdnn_primitives *primitives);
/// How weights [K, C/groups, R, S] lie: as they are given (`plain`), or as a primitive chooses.
cdnn_form cdnn_weights_form(const struct cdnn_geometry *geometry, dnnl_data_type_t type, int plain);

// MARK: convolution_contexts.c

struct cdnn_context *cdnn_take_context(struct cdnn_convolution *c);
void cdnn_give_context(struct cdnn_convolution *c, struct cdnn_context *context);
void cdnn_free_context(struct cdnn_context *context);
/// Memory that begins with a cache line and fills whole ones, at least one; NULL when there is none.
void *cdnn_aligned(size_t bytes);
/// Memory for a chunk's source in its inset, zero at first, made when first asked for: one of the context's two. NULL when
/// there is none.
float *cdnn_padded(struct cdnn_convolution *c, float **memory);
/// Memory for `count` numbers of pooled images; NULL when there is none.
float *cdnn_pooled(struct cdnn_context *context, ptrdiff_t count);
/// Memory that is enough for a primitive's own needs; NULL when there is none.
void *cdnn_scratch_of(struct cdnn_context *context, size_t size);
void *cdnn_scratch(struct cdnn_context *context, cdnn_form form);

/// An argument of a primitive: which, how it lies, where.
struct cdnn_argument {
    int which;
    cdnn_form form;
    void *data;
};
/// Runs a primitive on `count` (at most 6) arguments.
dnnl_status_t cdnn_run(struct cdnn_convolution *c, struct cdnn_context *context, dnnl_primitive_t primitive,
                       int count, const struct cdnn_argument *arguments);

// MARK: convolution_setup.c

/// Copies from one form to another.
dnnl_status_t cdnn_reorder(struct cdnn_convolution *c, dnnl_primitive_t reorder, cdnn_form from,
                           const void *source, cdnn_form to, void *target);

#endif
