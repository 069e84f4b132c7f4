// Private to this target: the layers of a network that only looks forward, as oneDNN's primitives.
#ifndef CDNN_NETWORK_NETWORK_STAGES_H
#define CDNN_NETWORK_NETWORK_STAGES_H

#include <pthread.h>
#include <stdatomic.h>

#include "ck_nn.h"
#include "cdnn_network.h"
#include "convolution/squares.h"
#include "core/versions.h"

/// The most images that go through the layers together.
#define CDNN_MOST_IMAGES 16
#define CDNN_MOST_LAYERS 64
/// Pieces of a layer: one for each number of images, and two halves of a single image.
#define CDNN_HALF_IMAGE(k) (CDNN_MOST_IMAGES + 1 + (k))
#define CDNN_PIECES (CDNN_MOST_IMAGES + 3)

/// A convolution of some images, or of a part of one: some of its outputs, or some of its rows. Its weights change only
/// when the network's are set.
struct cdnn_piece {
    struct cdnn_geometry geometry;
    ptrdiff_t images;
    ptrdiff_t first_output;                              // of the layer's
    ptrdiff_t source_offset, result_offset, out_offset;  // numbers, of one image
    dnnl_primitive_t primitive;
    cdnn_form source, weights, result, bias, scratch;
    dnnl_memory_t packed, packed_bias;  // as the primitive reads them
};

struct cdnn_stage {
    struct cdnn_layer layer;
    int32_t paired;                         // two neighbours of a row are computed as one pixel of twice the outputs
    int32_t in_layout, out_layout;          // of images
    ptrdiff_t in_step, result_step, out_step; // numbers of one image: read, convolved, and given on
    int32_t halves;                         // whether a single image is worked on by two
    _Atomic(struct cdnn_piece *) pieces[CDNN_PIECES];
    int32_t winograd;                       // whether Winograd's way is tried, as for gradients
    // A dense layer's, rows padded to `out_step` numbers, in the order of the images before it; a convolution's as they
    // were given, for pieces that are made later.
    float *matrix, *bias;
    int32_t is_direct;    // by kernels of our own, without pieces
    float *blocked;       // a direct stage's weights, in blocks of sixteen outputs
    int32_t skips_zeros;  // all of a dense layer's weights are finite, so that zero times any of them is zero
};

/// A band of rows of a single image: the convolutions that give rows `first_out` ..< `end_out` of the last one's images.
struct cdnn_band {
    struct cdnn_network *network;  // NULL: images are not cut
    ptrdiff_t first_row, first_out, end_out;
};

struct cdnn_network {
    dnnl_engine_t engine;
    pthread_mutex_t lock;  // guards the making of pieces
    int32_t count, convolutions;  // the first layers are convolutions, the others dense
    ptrdiff_t most_images;
    ptrdiff_t most_rows;  // of the dense layers, at least as many
    // How images lie between convolutions: in blocks of as many channels as a vector holds, CK_LAYOUT_BLOCKED or
    // CK_LAYOUT_EIGHTS, by the processor's features.
    int32_t blocks;
    ptrdiff_t lanes;
    _Atomic ptrdiff_t lengths[CDNN_MOST_IMAGES + 1];  // of `cdnn_length_for`; 0: not asked yet
    struct cdnn_stage stages[CDNN_MOST_LAYERS];
    struct cdnn_band bands[2];
    int32_t is_direct;  // all convolutions are by kernels of our own, whose bits do not depend on how images are cut
    _Atomic(struct cdnn_workplace *) workplaces[64];
};

/// Chooses layouts and makes the pieces for whole images; 0 if oneDNN cannot.
int cdnn_stages_make(struct cdnn_network *network);
void cdnn_stages_free(struct cdnn_network *network);
/// A piece, made when it is first asked for; NULL if oneDNN cannot.
struct cdnn_piece *cdnn_piece_for(struct cdnn_network *network, int32_t stage, int32_t which);
/// How many images go through the layers where `images` shall: as many, or the next number that oneDNN has primitives for.
ptrdiff_t cdnn_length_for(struct cdnn_network *network, ptrdiff_t images);
/// Such a network of any layers; `most_images` go through it together, 0: as many as its caches hold.
struct cdnn_network *cdnn_network_make_layers(const struct cdnn_layer *layers, ptrdiff_t count, ptrdiff_t most_images);

/// Which rows of planes (or blocks of channels) a band gives: `planes` of `rows` rows, `row_step` numbers each.
struct cdnn_rows {
    ptrdiff_t planes, row_step, rows, first, end;
};
/// A single image through convolutions alone; the last one's rows are put where they belong in `out`.
dnnl_status_t cdnn_network_run_rows(struct cdnn_network *network, const float *image, const struct cdnn_rows *rows,
                                    float *out);

/// Cuts single images in two if that is faster than halving them layer by layer.
void cdnn_bands_make(struct cdnn_network *network);
void cdnn_bands_free(struct cdnn_network *network);
/// An image through all convolutions, to the last one's images in `out`.
dnnl_status_t cdnn_bands_run(struct cdnn_network *network, const float *image, float *out);

/// Whether a stage, whose layouts are known, is one for kernels of our own.
int cdnn_is_direct(const struct cdnn_network *network, const struct cdnn_stage *stage);
/// Memory for its weights; 0 without.
int cdnn_direct_make(struct cdnn_stage *stage);
/// Takes the weights over from the stage's matrix.
void cdnn_direct_set(struct cdnn_stage *stage);
/// Numbers of the memory that it works with.
ptrdiff_t cdnn_direct_count(const struct cdnn_stage *stage);
void cdnn_direct_run(const struct cdnn_stage *stage, ptrdiff_t images, const float *source, float *memory, float *out);

/// Zeros, freed by the caller; NULL without memory.
float *cdnn_zeros(ptrdiff_t count);
/// Packs a stage's weights for a piece. Returns oneDNN's status.
dnnl_status_t cdnn_piece_pack(struct cdnn_network *network, const struct cdnn_stage *stage, struct cdnn_piece *piece);

#endif
