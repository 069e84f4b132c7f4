// A row of the kernel is a run of numbers in an image whose channels lie side by side, and so is a row of the weights of
// one output: kernel width times channels. Both gradients add multiples of such runs, sixteen numbers a step ("slots").
// By weights: for each output, over the windows that have a gradient. By source: for each window and place, over the
// outputs that have one there. (Past 300 lines: it is one walk over the windows.)
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "core/lanes.h"

/// Sums over runs of images, added in one order.
#define POOLED_PARTIAL_SUMS 8
/// Slots whose sums are in registers at once: twelve vectors of eight.
#define POOLED_GROUP 6

/// Numbers of a plane that stay in the first cache while all outputs go over them.
#define POOLED_BAND_NUMBERS 5120

/// A gradient by one output in one place: where its run begins in the plane, and how much. Or by one place: which output's.
struct entry {
    int32_t begins_or_output;
    float gradient;
};

/// The outputs that have a gradient where runs begin at `begins`: `count` entries.
struct place {
    ptrdiff_t begins, count;
};

struct job {
    const struct ck_pooled_gradients *g;
    ptrdiff_t images, slots, row_slots, stride, plane;  // stride, plane: numbers of a row, and of an image, padded
    ptrdiff_t band;                                     // rows of windows that are worked on together
    int32_t parts, wants_weights;
    const float *source, *gradient;
    const uint8_t *places;
    float *source_gradient;
    const ptrdiff_t *offsets;  // of the slots in a plane
    const float *runs;       // the weights by output and slot
    char *memory;            // the parts' own
    size_t part_size;
    _Atomic int32_t *not_finite;
};

/// What a part works with, in its share of the memory.
struct workspace {
    float *sums, *biases;         // [K, slots, 16], [K]
    float *plane, *back;          // an image, and its gradient
    float *turned;                // the gradient by the pooled image as the places lie, where it lies in rows
    struct entry *by_output;      // [K, windows of a band]
    ptrdiff_t *counts;              // [K]
    struct entry *by_place;       // the places' entries, one place after the other
    struct place *places;         // [windows of a band, 4]
    uint16_t *bits;               // [4, blocks of sixteen outputs]: of one window, which have a gradient in which place
};

static size_t whole_lines(size_t bytes) { return (bytes + 63) & ~(size_t)63; }

/// Lays a workspace out from `memory` on (NULL: nowhere); returns its size.
static size_t lay_out(const struct job *job, char *memory, struct workspace *w) {
    const struct ck_pooled_gradients *g = job->g;
    size_t outputs = (size_t)g->outputs, blocks = (outputs + 15) / 16, size = 0;
    size_t windows = (size_t)(job->band * g->width);
#define POOLED_TAKE(field, count)                          \
    if (memory) w->field = (void *)(memory + size);        \
    size += whole_lines((size_t)(count) * sizeof *w->field)
    POOLED_TAKE(sums, outputs * (size_t)job->slots * 16);
    POOLED_TAKE(biases, 16 * blocks);
    POOLED_TAKE(plane, job->plane);
    POOLED_TAKE(back, job->plane);
    POOLED_TAKE(turned, ck_image_count(g->layout, 1, g->outputs, g->height * g->width));
    POOLED_TAKE(by_output, outputs * windows);
    POOLED_TAKE(counts, outputs);
    POOLED_TAKE(by_place, outputs * windows);
    POOLED_TAKE(places, 4 * windows);
    POOLED_TAKE(bits, 4 * blocks);
#undef POOLED_TAKE
    return size;
}

int32_t ck_has_pooled_gradients(const struct ck_pooled_gradients *g) {
    CK_ASSERT_GIVEN(g);
    return ck_this_processor()->vector_bits == 256 && g->kernel_width * g->channels >= 16;
}

/// Copies the part of an image that windows see into its plane, padded, or what came out there back.
static void move_image(const struct job *job, float *image, float *plane, int back) {
    const struct ck_pooled_gradients *g = job->g;
    ptrdiff_t rows = 2 * g->height + g->kernel_height - 1, columns = 2 * g->width + g->kernel_width - 1;
    ptrdiff_t width = columns - g->padding_left < g->source_width ? columns - g->padding_left : g->source_width;
    ptrdiff_t height = rows - g->padding_top < g->source_height ? rows - g->padding_top : g->source_height;
    size_t row = (size_t)(g->source_width * g->channels) * sizeof(float);
    size_t seen = (size_t)(width * g->channels) * sizeof(float);
    for (ptrdiff_t y = 0; y < g->source_height; y++) {
        float *outside = image + y * g->source_width * g->channels;
        float *inside = plane + (y + g->padding_top) * job->stride + g->padding_left * g->channels;
        if (!back && y < height) memcpy(inside, outside, seen);
        if (!back) continue;
        memset(outside, 0, row);
        if (y < height) memcpy(outside, inside, seen);
    }
}

/// sums[t] += gradient * plane[begins + offsets[t]], over the entries of an output.
CK_INLINE void add_places(ptrdiff_t slots, const struct entry *entries, ptrdiff_t count, const float *plane,
                          const ptrdiff_t *offsets, float *sums) {
    f32x16 sum[POOLED_GROUP];
    for (ptrdiff_t t = 0; t < slots; t++) sum[t] = CK_LOAD16(sums + 16 * t);
    for (ptrdiff_t i = 0; i < count; i++) {
        f32x16 gradient = CK_ALL16(entries[i].gradient);
        const float *x = plane + entries[i].begins_or_output;
        for (ptrdiff_t t = 0; t < slots; t++) sum[t] += gradient * CK_LOAD16(x + offsets[t]);
    }
    for (ptrdiff_t t = 0; t < slots; t++) CK_STORE16(sums + 16 * t, sum[t]);
}

/// x[offsets[t]] += gradient * run[t], over the entries of a place; an output's runs begin `step` numbers after the last's.
CK_INLINE void add_outputs(ptrdiff_t slots, const struct entry *entries, ptrdiff_t count, const float *runs,
                           ptrdiff_t step, const ptrdiff_t *offsets, float *x) {
    f32x16 sum[POOLED_GROUP];
    for (ptrdiff_t t = 0; t < slots; t++) sum[t] = CK_LOAD16(x + offsets[t]);
    for (ptrdiff_t i = 0; i < count; i++) {
        f32x16 gradient = CK_ALL16(entries[i].gradient);
        const float *run = runs + entries[i].begins_or_output * step;
        for (ptrdiff_t t = 0; t < slots; t++) sum[t] += gradient * CK_LOAD16(run + 16 * t);
    }
    for (ptrdiff_t t = 0; t < slots; t++) CK_STORE16(x + offsets[t], sum[t]);
}

/// Calls `call` with a number of slots that the compiler knows.
#define POOLED_BY_SLOTS(slots, call) \
    switch (slots) {                 \
    case 6: call(6) break;           \
    case 5: call(5) break;           \
    case 4: call(4) break;           \
    case 3: call(3) break;           \
    case 2: call(2) break;           \
    default: call(1) break;          \
    }

/// How many slots the group from `first` on has: groups of nearly one size.
CK_INLINE ptrdiff_t group_size(ptrdiff_t slots, ptrdiff_t first) {
    ptrdiff_t groups = (slots - first + POOLED_GROUP - 1) / POOLED_GROUP;
    return (slots - first + groups - 1) / groups;
}

/// Sixteen outputs of one window, `lanes` of which exist: their gradients are added to the biases', and bit l of
/// bits[step j] says whether the l-th has one in place j.
CK_INLINE void mark_outputs(const float *gradient, const uint8_t *places, ptrdiff_t lanes, float *biases,
                            uint16_t *bits, ptrdiff_t step) {
    float numbers[16] = {0};
    uint8_t bytes[16] = {0};
    if (lanes < 16) {
        memcpy(numbers, gradient, (size_t)lanes * sizeof(float));
        memcpy(bytes, places, (size_t)lanes);
        gradient = numbers;
        places = bytes;
    }
    i32x16 place = __builtin_convertvector(CK_LOAD_BYTES16(places), i32x16);
    f32x16 own = CK_WHERE16(place != CK_NO_PLACE, CK_LOAD16(gradient));
    CK_STORE16(biases, CK_LOAD16(biases) + own);
    uint16_t counted = CK_BITS16(own != 0);
    for (int32_t j = 0; j < 4; j++) bits[j * step] = (uint16_t)(CK_BITS16(place == j) & counted);
}

/// Sorts the gradients of one window by output and by place; returns where the next place's entries go.
CK_INLINE struct entry *sort_window(const struct job *job, const struct workspace *w, const struct ck_form *form,
                                    ptrdiff_t row, ptrdiff_t column, struct place *places, struct entry *next) {
    const struct ck_pooled_gradients *g = job->g;
    ptrdiff_t windows = job->band * g->width, from = (row * g->width + column) * form->pixel_step;
    for (ptrdiff_t b = 0; b < form->blocks; b++) {
        ptrdiff_t lanes = b == form->blocks - 1 ? form->last_lanes : 16, at = from + b * form->block_step;
        mark_outputs(job->gradient + at, job->places + at, lanes, w->biases + 16 * b, w->bits + b, form->blocks);
    }
    for (ptrdiff_t j = 0; j < 4; j++) {
        const struct entry *first = next;
        ptrdiff_t begins = (2 * row + (j >> 1)) * job->stride + (2 * column + (j & 1)) * g->channels;
        for (ptrdiff_t b = 0; b < form->blocks; b++)
            for (uint32_t bits = w->bits[j * form->blocks + b]; bits; bits &= bits - 1) {
                ptrdiff_t l = __builtin_ctz(bits), k = 16 * b + l;
                float gradient = job->gradient[from + b * form->block_step + l];
                w->by_output[k * windows + w->counts[k]++] = (struct entry){(int32_t)begins, gradient};
                *next++ = (struct entry){(int32_t)k, gradient};
            }
        places[j] = (struct place){begins, next - first};
    }
    return next;
}

/// Adds what a band of windows adds, to one group of slots.
#define POOLED_ADD_BAND(n)                                                                                       \
    for (ptrdiff_t k = 0; job->wants_weights && k < g->outputs; k++)                                             \
        add_places(n, w->by_output + k * windows, w->counts[k], w->plane, offsets,                               \
                   w->sums + (k * job->slots + first) * 16);                                                     \
    for (ptrdiff_t i = 0; job->source_gradient && i < 4 * count; i++) {                                          \
        const struct place *place = w->places + i;                                                               \
        if (place->count)                                                                                        \
            add_outputs(n, entries, place->count, job->runs + 16 * first, 16 * job->slots, offsets,              \
                        w->back + place->begins);                                                                \
        entries += place->count;                                                                                 \
    }

CK_CLONES
static void pass_image(const struct job *job, const struct workspace *w, const struct ck_form *form) {
    const struct ck_pooled_gradients *g = job->g;
    ptrdiff_t windows = job->band * g->width;
    if (job->source_gradient) memset(w->back, 0, (size_t)job->plane * sizeof(float));
    for (ptrdiff_t top = 0; top < g->height; top += job->band) {
        ptrdiff_t rows = g->height - top < job->band ? g->height - top : job->band, count = rows * g->width;
        struct entry *next = w->by_place;
        memset(w->counts, 0, (size_t)g->outputs * sizeof *w->counts);
        for (ptrdiff_t i = 0; i < count; i++)
            next = sort_window(job, w, form, top + i / g->width, i % g->width, w->places + 4 * i, next);
        for (ptrdiff_t first = 0, size; first < job->slots; first += size) {
            size = group_size(job->slots, first);
            const ptrdiff_t *offsets = job->offsets + first;
            const struct entry *entries = w->by_place;
            POOLED_BY_SLOTS(size, POOLED_ADD_BAND)
        }
    }
}

static void part(void *context, int32_t index) {
    struct job *whole = context;
    const struct ck_pooled_gradients *g = whole->g;
    struct workspace w;
    lay_out(whole, whole->memory + (size_t)index * whole->part_size, &w);
    memset(w.sums, 0, (size_t)(g->outputs * whole->slots * 16) * sizeof(float));
    memset(w.biases, 0, (size_t)((g->outputs + 15) / 16 * 16) * sizeof(float));
    memset(w.plane, 0, (size_t)whole->plane * sizeof(float));
    struct ck_form form = ck_image_form(g->layout, g->outputs, g->height * g->width);
    ptrdiff_t gradient_step = ck_image_count(g->gradient_layout, 1, g->outputs, g->height * g->width);
    ptrdiff_t first, end, step = g->source_height * g->source_width * g->channels;
    ck_part_range(whole->images, whole->parts, index, &first, &end);
    for (ptrdiff_t n = first; n < end; n++) {
        struct job job = *whole;
        job.gradient += n * gradient_step;
        job.places += n * form.image_step;
        if (g->gradient_layout != g->layout) {
            ck_relayout_images(1, g->outputs, g->height * g->width, g->gradient_layout, job.gradient, g->layout, w.turned);
            job.gradient = w.turned;
        }
        if (!ck_all_finite_f32(gradient_step, whole->gradient + n * gradient_step) ||
            !ck_all_finite_f32(step, whole->source + n * step)) {
            atomic_store(whole->not_finite, 1);
            return;
        }
        move_image(&job, (float *)job.source + n * step, w.plane, 0);
        pass_image(&job, &w, &form);
        if (job.source_gradient) move_image(&job, job.source_gradient + n * step, w.back, 1);
    }
}

/// Where the slots lie in a plane, and the weights by output and slot, zero behind the end of a row.
static void set_slots(const struct job *job, const float *weights, ptrdiff_t *offsets, float *runs) {
    const struct ck_pooled_gradients *g = job->g;
    ptrdiff_t run = g->kernel_width * g->channels, area = g->kernel_height * g->kernel_width;
    for (ptrdiff_t t = 0; t < job->slots; t++) {
        ptrdiff_t r = t / job->row_slots, from = t % job->row_slots * 16;
        offsets[t] = r * job->stride + from;
        for (ptrdiff_t k = 0; k < g->outputs; k++)
            for (ptrdiff_t l = 0; l < 16; l++) {
                ptrdiff_t s = (from + l) / g->channels, c = (from + l) % g->channels;
                runs[(k * job->slots + t) * 16 + l] =
                    from + l < run ? weights[(k * g->channels + c) * area + r * g->kernel_width + s] : 0;
            }
    }
}

/// The parts' sums, added up, in the order of the weights.
static void take_sums(const struct job *job, float *weight_gradient, float *bias_gradient) {
    const struct ck_pooled_gradients *g = job->g;
    struct workspace all, other;
    lay_out(job, job->memory, &all);
    for (int32_t p = 1; p < job->parts; p++) {
        lay_out(job, job->memory + (size_t)p * job->part_size, &other);
        for (ptrdiff_t i = 0; i < g->outputs * job->slots * 16; i++) all.sums[i] += other.sums[i];
        for (ptrdiff_t k = 0; k < g->outputs; k++) all.biases[k] += other.biases[k];
    }
    ptrdiff_t area = g->kernel_height * g->kernel_width;
    for (ptrdiff_t k = 0; k < g->outputs; k++)
        for (ptrdiff_t c = 0; c < g->channels; c++)
            for (ptrdiff_t a = 0; a < area; a++) {
                ptrdiff_t r = a / g->kernel_width, from = a % g->kernel_width * g->channels + c;
                weight_gradient[(k * g->channels + c) * area + a] =
                    all.sums[(k * job->slots + r * job->row_slots) * 16 + from];
            }
    if (bias_gradient) memcpy(bias_gradient, all.biases, (size_t)g->outputs * sizeof(float));
}

enum ck_status ck_pooled_gradients(const struct ck_pooled_gradients *g, ptrdiff_t images, const float *source,
                            const float *weights, const float *gradient, const uint8_t *places, float *source_gradient,
                            float *weight_gradient, float *bias_gradient) {
    CK_ASSERT_GIVEN(g);
    CK_ASSERT(images, >= 0);
    CK_ASSERT(g->channels, >= 0);
    CK_ASSERT(g->source_height, >= 0);
    CK_ASSERT(g->source_width, >= 0);
    CK_ASSERT(g->outputs, >= 0);
    CK_ASSERT(g->height, >= 0);
    CK_ASSERT(g->width, >= 0);
    CK_ASSERT(g->padding_top, >= 0);
    CK_ASSERT(g->padding_left, >= 0);
    CK_ASSERT(g->kernel_height, > 0);
    CK_ASSERT(g->kernel_width, > 0);
    CK_ASSERT_IN(g->layout, CK_LAYOUT_CHANNELS_LAST, CK_LAYOUT_BLOCKED);
    CK_ASSERT_IN(g->gradient_layout, CK_LAYOUT_ROWS, CK_LAYOUT_BLOCKED);
    CK_ASSERT_MEMORY(source, images * g->channels * g->source_height * g->source_width);
    CK_ASSERT_GIVEN(weights);
    CK_ASSERT_MEMORY(gradient, images * g->outputs * g->height * g->width);
    CK_ASSERT_MEMORY(places, images * g->outputs * g->height * g->width);
    struct job job = {.g = g, .images = images, .source = source, .gradient = gradient, .places = places};
    job.source_gradient = source_gradient;
    job.wants_weights = weight_gradient != NULL;
    if (!ck_all_finite_f32(g->outputs * g->channels * g->kernel_height * g->kernel_width, weights)) return CK_NOT_FINITE;
    _Atomic int32_t not_finite = 0;
    job.not_finite = &not_finite;
    job.row_slots = (g->kernel_width * g->channels + 15) / 16;
    job.slots = g->kernel_height * job.row_slots;
    // The last slot of a row reaches up to fifteen numbers behind its window, never into the row below.
    job.stride = (2 * g->width + g->kernel_width - 1) * g->channels + 16;
    job.plane = (2 * g->height + g->kernel_height - 1) * job.stride;
    job.band = (POOLED_BAND_NUMBERS / job.stride - g->kernel_height + 1) / 2;
    job.band = job.band < 1 ? 1 : job.band > g->height ? g->height : job.band;
    job.parts = images < POOLED_PARTIAL_SUMS ? (images > 0 ? (int32_t)images : 1) : POOLED_PARTIAL_SUMS;
    struct workspace w;
    job.part_size = lay_out(&job, NULL, &w);
    size_t offsets = whole_lines((size_t)job.slots * sizeof(ptrdiff_t));
    size_t runs = (size_t)(g->outputs * job.slots * 16) * sizeof(float);
    size_t size = offsets + runs + job.part_size * (size_t)job.parts;
    char *memory = ck_buffer_take(size);
    if (!memory) return CK_NO_MEMORY;
    job.offsets = (void *)memory;
    job.runs = (void *)(memory + offsets);
    job.memory = memory + offsets + runs;
    set_slots(&job, weights, (void *)memory, (void *)(memory + offsets));
    ck_parallel(job.parts, part, &job);
    if (weight_gradient) take_sums(&job, weight_gradient, bias_gradient);
    ck_buffer_give(memory, size);
    return atomic_load(&not_finite) ? CK_NOT_FINITE : CK_OK;
}
