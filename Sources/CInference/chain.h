// Private to this target: layers in a chain, each a stage with its primitives and packed weights, in the order in which the
// files below use one another: packing, pieces, stages, workplaces, passes.
#ifndef CI_CHAIN_H
#define CI_CHAIN_H

#include <pthread.h>
#include <stdatomic.h>

#include "ci_plan.h"
#include "ck_nn.h"

/// The most images that go through the layers together.
#define CI_MOST_IMAGES 16
#define CI_MOST_LAYERS 64
/// Pieces of a layer: one for each number of images, and two halves of a single image.
#define CI_HALF_IMAGE(k) (CI_MOST_IMAGES + 1 + (k))
#define CI_PIECES (CI_MOST_IMAGES + 3)
/// Working memory that is kept: for as many threads at once.
#define CI_WORKPLACES 64

/// A convolution of some images, or of a part of one: some of its outputs, or some of its rows. Its weights change only
/// when the chain's are set.
struct ci_piece {
    struct cdnn_geometry geometry;
    ptrdiff_t images;
    ptrdiff_t first_output;                              // of the layer's
    ptrdiff_t source_offset, result_offset, out_offset;  // numbers, of one image
    struct cdnn_forward *forward;
};

struct ci_stage {
    struct ci_layer layer;
    int32_t paired;                           // two neighbours of a row are computed as one pixel of twice the outputs
    int32_t in_layout, out_layout;            // of images
    ptrdiff_t in_step, result_step, out_step; // numbers of one image: read, convolved, and given on
    int32_t halves;                           // whether a single image is worked on by two
    _Atomic(struct ci_piece *) pieces[CI_PIECES];
    int32_t winograd;                         // whether Winograd's way is tried, as for gradients
    // A dense layer's, rows padded to `out_step` numbers, in the order of the images before it; a convolution's as they
    // were given, for pieces that are made later.
    float *matrix, *bias;
    int32_t is_direct;    // by kernels of our own, without pieces
    float *blocked;       // a direct stage's weights, in blocks of sixteen outputs
    int32_t skips_zeros;  // all of a dense layer's weights are finite, so that zero times any of them is zero
};

struct ci_workplace;

struct ci_chain {
    pthread_mutex_t lock;         // guards the making of pieces
    int32_t count, convolutions;  // the first stages are convolutions, the others dense
    ptrdiff_t most_images;
    ptrdiff_t most_rows;  // of the dense layers, at least as many
    // How images lie between convolutions: in blocks of as many channels as a vector holds, CK_LAYOUT_BLOCKED or
    // CK_LAYOUT_EIGHTS, by the processor's features.
    int32_t blocks;
    ptrdiff_t lanes;
    _Atomic ptrdiff_t lengths[CI_MOST_IMAGES + 1];  // of `ci_length_for`; 0: not asked yet
    struct ci_stage stages[CI_MOST_LAYERS];
    _Atomic(struct ci_workplace *) workplaces[CI_WORKPLACES];
};

// MARK: packing.c

/// Copies a layer's weights and packs them for every piece that there is.
enum ck_status ci_chain_set(struct ci_chain *chain, int32_t layer, const float *weights, const float *bias);
/// Packs a stage's weights for a piece.
enum ck_status ci_piece_pack(const struct ci_stage *stage, struct ci_piece *piece);

// MARK: pieces.c

/// A piece, made when it is first asked for; NULL if oneDNN cannot.
struct ci_piece *ci_piece_for(struct ci_chain *chain, int32_t stage, int32_t which);
void ci_piece_free(struct ci_piece *piece);
/// Whether two neighbours of a row may be computed as one pixel.
int ci_can_be_paired(const struct ci_chain *chain, const struct ci_layer *layer);
/// Whether a single image, whose layouts are chosen, is better worked on by two.
int ci_can_be_halved(const struct ci_chain *chain, const struct ci_stage *stage);
/// How many images go through the layers where `images` shall: as many, or the next number that oneDNN has primitives for.
ptrdiff_t ci_length_for(struct ci_chain *chain, ptrdiff_t images);

// MARK: stages.c

/// Chooses layouts and makes the pieces for whole images; `most_images` go through the chain together, 0: as many as the
/// caches hold. NULL if oneDNN cannot, or without memory.
struct ci_chain *ci_chain_make(const struct ci_layer *layers, ptrdiff_t count, ptrdiff_t most_images);
void ci_chain_free(struct ci_chain *chain);
/// Numbers of one example.
ptrdiff_t ci_example_step(const struct ci_chain *chain);

// MARK: workplaces.c

/// What one thread works with: lent to one run, or to one part of a run, at a time.
struct ci_workplace {
    float *images[2];  // what a layer reads and what it gives, in turn
    float *result;     // of a convolution before its pooling, or what a direct stage works with
    uint16_t *halves;  // a convolution's source in bfloat16
    float *filled;     // examples with zeros after them, when first needed
    float *features;   // what the convolutions give, where dense layers take more rows than go through those together
    void *scratch[2];  // oneDNN's own, for each half of an image
    ptrdiff_t scratch_size[2];
    int32_t count;
    struct cdnn_call *(*calls)[CI_PIECES];  // of each layer
};

/// NULL without memory.
struct ci_workplace *ci_take_workplace(struct ci_chain *chain);
void ci_give_workplace(struct ci_chain *chain, struct ci_workplace *workplace);
void ci_free_workplaces(struct ci_chain *chain);

// MARK: passes.c

/// Images, at most `most_images`, through stages `first` ..< `end`: the last one's result; NULL, with the reason in
/// `status`, if that fails.
const float *ci_run_stages(struct ci_chain *chain, struct ci_workplace *workplace, int32_t first, int32_t end,
                           ptrdiff_t images, const float *source, enum ck_status *status);

#endif
