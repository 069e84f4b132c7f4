// Private to this target: the layers of a network that only looks forward, as oneDNN's primitives.
#ifndef CDNN_NETWORK_STAGES_H
#define CDNN_NETWORK_STAGES_H

#include <dnnl.h>
#include <pthread.h>
#include <stdatomic.h>

#include "cdnn_network.h"

/// The most images that go through the layers together.
#define CDNN_MOST_IMAGES 16
#define CDNN_MOST_LAYERS 64
/// Pieces of a layer: one for each number of images, and two halves of a single image.
#define CDNN_HALF_IMAGE(k) (CDNN_MOST_IMAGES + 1 + (k))
#define CDNN_PIECES (CDNN_MOST_IMAGES + 3)

/// A convolution of some images, or of a part of one: some of its outputs, or some of its rows. Immutable once made.
struct cdnn_piece {
    struct cdnn_geometry geometry;
    int64_t images;
    int64_t first_output;                              // of the layer's
    int64_t source_offset, result_offset, out_offset;  // numbers, of one image
    dnnl_primitive_t primitive;
    dnnl_memory_desc_t source, weights, result, bias, scratch;
};

struct cdnn_stage {
    struct cdnn_layer layer;
    int32_t paired;                         // two neighbours of a row are computed as one pixel of twice the outputs
    int32_t in_layout, out_layout;          // of images
    int64_t in_step, result_step, out_step; // numbers of one image: read, convolved, and given on
    int32_t halves;                         // whether a single image is worked on by two
    _Atomic(struct cdnn_piece *) pieces[CDNN_PIECES];
    dnnl_memory_t weights[3], biases[3];    // packed: for whole images, and for either half of one
    // A dense layer's, rows padded to `out_step` numbers, in the order of the images before it.
    float *matrix, *bias;
};

struct cdnn_network {
    dnnl_engine_t engine;
    pthread_mutex_t lock;  // guards the making of pieces
    int32_t count;
    int64_t most_images;
    struct cdnn_stage stages[CDNN_MOST_LAYERS];
    _Atomic(struct cdnn_workplace *) workplaces[64];
};

/// Chooses layouts and makes the pieces for whole images; 0 if oneDNN cannot.
int cdnn_stages_make(struct cdnn_network *network);
void cdnn_stages_free(struct cdnn_network *network);
/// A piece, made when it is first asked for; NULL if oneDNN cannot.
struct cdnn_piece *cdnn_piece_for(struct cdnn_network *network, int32_t stage, int32_t which);
/// Zeros, freed by the caller; NULL without memory.
float *cdnn_zeros(int64_t count);
/// Which of a stage's packed weights a piece reads.
static inline int cdnn_weights_of(int32_t which) { return which <= CDNN_MOST_IMAGES ? 0 : which - CDNN_MOST_IMAGES; }

#endif
