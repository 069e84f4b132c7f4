// SIFT from picture to descriptors, one octave after another in the same memory: D. Lowe, "Distinctive Image Features
// from Scale-Invariant Keypoints", IJCV 60 (2004).
#include <math.h>
#include <string.h>

#include "features/sift.h"
#include "ck_core.h"

#define SIFT_MAX_OCTAVES 16
#define SIFT_KEYPOINTS_PER_PART 8
/// The blur that a picture is assumed to have from its camera.
#define SIFT_CAMERA_SIGMA 0.5f

struct scale_space {
    const struct ck_sift *sift;
    struct ck_octave octave;
    int32_t octaves;
    ptrdiff_t bytes;
    float *memory;
};

/// The first picture of the first octave.
static enum ck_status begin(struct scale_space *space, const struct ck_sift *sift, const uint8_t *image) {
    int32_t doubled = sift->doubled != 0, pictures = sift->levels + 3;
    struct ck_octave *octave = &space->octave;
    *space = (struct scale_space){.sift = sift};
    octave->number = doubled ? -1 : 0;
    octave->height = sift->height << doubled;
    octave->width = sift->width << doubled;
    octave->levels = sift->levels;
    // Whole vectors are written beyond the last column, and rows of a power of two would share few cache sets.
    octave->stride = ((octave->width + 63) & ~63) + 16;
    ptrdiff_t size = octave->stride * octave->height + 128;
    space->bytes = (ptrdiff_t)(pictures * size * (ptrdiff_t)sizeof(float) + 63) & ~(ptrdiff_t)63;
    space->memory = ck_buffer_take((size_t)space->bytes);
    if (!space->memory) return CK_NO_MEMORY;
    for (int32_t i = 0; i < pictures; i++) octave->picture[i] = space->memory + 64 + i * size;
    int32_t side = octave->height < octave->width ? octave->height : octave->width;
    while (space->octaves < SIFT_MAX_OCTAVES && side > 2 * CK_SIFT_BORDER) {
        space->octaves += 1;
        side /= 2;
    }
    if (space->octaves == 0) space->octaves = 1;
    // The second picture holds the unblurred one for a moment.
    float *start = octave->picture[1], camera = SIFT_CAMERA_SIGMA * (doubled ? 2 : 1);
    if (doubled) ck_double_picture(image, sift->height, sift->width, start, octave->stride);
    else ck_bytes_to_picture(image, sift->height, sift->width, start, octave->stride);
    float extra = sqrtf(fmaxf(sift->sigma * sift->sigma - camera * camera, 0.01f));
    return ck_gaussian_blur(start, octave->picture[0], octave->height, octave->width, octave->stride, extra);
}

/// The first picture of the next octave: half the one whose blur is twice that of the first.
static void advance(struct scale_space *space) {
    struct ck_octave *octave = &space->octave;
    int32_t height = octave->height / 2, width = octave->width / 2;
    ptrdiff_t stride = ((width + 63) & ~63) + 16;
    ck_halve_picture(octave->picture[octave->levels], octave->stride, octave->picture[0], height, width, stride);
    octave->number += 1;
    octave->height = height;
    octave->width = width;
    octave->stride = stride;
}

static void end(struct scale_space *space) {
    if (space->memory) ck_buffer_give(space->memory, (size_t)space->bytes);
}

/// Where the middle of every octave's first pixel lies in the image.
static float first_pixel(const struct scale_space *space) { return space->sift->doubled ? -0.25f : 0; }

// --- Describing ---

struct description {
    const struct scale_space *space;
    const struct ck_keypoint *keypoints;
    const ptrdiff_t *chosen;  // which of them belong to this octave, or NULL: all
    ptrdiff_t count;
    uint8_t *descriptors;
    int32_t parts;
    int32_t failed;
};

static void describe_part(void *context, int32_t part) {
    struct description *work = context;
    const struct ck_octave *octave = &work->space->octave;
    ptrdiff_t first, last, room = 0;
    float pixel = exp2f((float)-octave->number);  // of the octave, for one of the image
    float origin = first_pixel(work->space);
    void *scratch = NULL;
    ck_part_range(work->count, work->parts, part, &first, &last);
    for (ptrdiff_t i = first; i < last; i++) {
        ptrdiff_t place = work->chosen ? work->chosen[i] : i;
        const struct ck_keypoint *keypoint = &work->keypoints[place];
        float scale = keypoint->scale * pixel;
        ptrdiff_t needed = ck_sift_scratch(octave, scale);
        if (needed > room) {
            free(scratch);
            scratch = aligned_alloc(64, (size_t)((needed + 63) & ~(ptrdiff_t)63));
            room = scratch ? needed : 0;
            if (!scratch) {
                __atomic_store_n(&work->failed, 1, __ATOMIC_RELAXED);
                return;
            }
        }
        ck_sift_descriptor(octave->picture[keypoint->level], octave, (keypoint->x - origin) * pixel,
                           (keypoint->y - origin) * pixel, scale, keypoint->angle, scratch, work->descriptors + place * 128);
    }
    free(scratch);
}

static int32_t parts_for(ptrdiff_t count) {
    ptrdiff_t parts = (count + SIFT_KEYPOINTS_PER_PART - 1) / SIFT_KEYPOINTS_PER_PART;
    return parts > 4096 ? 4096 : (int32_t)parts;
}

static enum ck_status describe(const struct scale_space *space, const struct ck_keypoint *keypoints,
                               const ptrdiff_t *chosen, ptrdiff_t count, uint8_t *descriptors) {
    struct description work = {.space = space, .keypoints = keypoints, .chosen = chosen, .count = count,
                               .descriptors = descriptors, .parts = parts_for(count)};
    ck_parallel(work.parts, describe_part, &work);
    return work.failed ? CK_NO_MEMORY : CK_OK;
}

// --- Detecting ---

struct orientation {
    const struct scale_space *space;
    const struct ck_extrema *extrema;
    float (*angles)[36];
    int32_t *counts;
    int32_t parts;
};

/// Blur of an extremum in the octave's pixels.
static float octave_scale(const struct scale_space *space, const struct ck_extremum *item) {
    return space->sift->sigma * exp2f(((float)item->level + item->dlevel) / (float)space->octave.levels);
}

static void orient_part(void *context, int32_t part) {
    struct orientation *work = context;
    const struct ck_octave *octave = &work->space->octave;
    ptrdiff_t first, last;
    ck_part_range(work->extrema->count, work->parts, part, &first, &last);
    for (ptrdiff_t i = first; i < last; i++) {
        const struct ck_extremum *item = &work->extrema->items[i];
        work->counts[i] = ck_sift_angles(octave->picture[item->level], octave, (float)item->x + item->dx,
                                         (float)item->y + item->dy, octave_scale(work->space, item), work->angles[i]);
    }
}

/// Makes room for `more` keypoints.
static enum ck_status grow(struct ck_keypoints *result, ptrdiff_t more, int32_t with_descriptors) {
    struct ck_keypoint *keypoints =
        realloc(result->keypoints, (size_t)(result->count + more + 1) * sizeof *keypoints);
    if (!keypoints) return CK_NO_MEMORY;
    result->keypoints = keypoints;
    if (!with_descriptors) return CK_OK;
    void *descriptors = realloc(result->descriptors, (size_t)(result->count + more + 1) * 128);
    if (!descriptors) return CK_NO_MEMORY;
    result->descriptors = descriptors;
    return CK_OK;
}

/// Blurs the octave's pictures and looks for extrema on the way.
static enum ck_status find_extrema(struct ck_octave *octave, const struct ck_sift *sift, struct ck_extrema *result) {
    int32_t parts = ck_octave_parts(octave);
    struct ck_extrema *found = calloc((size_t)parts, sizeof *found);
    if (!found) return CK_NO_MEMORY;
    enum ck_status status = ck_blur_octave(octave, sift, parts, found);
    if (!status) status = ck_sift_refine(octave, sift, found, parts, result);
    for (int32_t part = 0; part < parts; part++) free(found[part].items);
    free(found);
    return status;
}

static enum ck_status detect_octave(struct scale_space *space, int32_t describing, struct ck_keypoints *result) {
    struct ck_extrema extrema = {0};
    struct ck_octave *octave = &space->octave;
    enum ck_status status = find_extrema(octave, space->sift, &extrema);
    float(*angles)[36] = malloc((size_t)(extrema.count + 1) * sizeof *angles);
    int32_t *counts = malloc((size_t)(extrema.count + 1) * sizeof *counts);
    if (!angles || !counts) status = CK_NO_MEMORY;
    ptrdiff_t found = 0;
    if (!status) {
        struct orientation work = {.space = space, .extrema = &extrema, .angles = angles, .counts = counts,
                                   .parts = parts_for(extrema.count)};
        ck_parallel(work.parts, orient_part, &work);
        for (ptrdiff_t i = 0; i < extrema.count; i++) found += counts[i];
        status = grow(result, found, describing);
    }
    if (!status) {
        float pixel = exp2f((float)octave->number);  // of the image, for one of the octave
        float origin = first_pixel(space);
        struct ck_keypoint *next = result->keypoints + result->count;
        for (ptrdiff_t i = 0; i < extrema.count; i++)
            for (int32_t k = 0; k < counts[i]; k++) {
                const struct ck_extremum *item = &extrema.items[i];
                *next++ = (struct ck_keypoint){
                    .x = ((float)item->x + item->dx) * pixel + origin,
                    .y = ((float)item->y + item->dy) * pixel + origin,
                    .scale = octave_scale(space, item) * pixel, .angle = angles[i][k],
                    .response = fabsf(item->contrast), .octave = octave->number, .level = item->level,
                    // Where the picture is bright, more blur makes it darker.
                    .sign = item->contrast < 0 ? 1 : -1};
            }
        if (describing)
            status = describe(space, result->keypoints + result->count, NULL, found,
                              (uint8_t *)result->descriptors + result->count * 128);
        result->count += found;
    }
    free(extrema.items);
    free(angles);
    free(counts);
    return status;
}

enum ck_status ck_sift_detect(const struct ck_sift *sift, const uint8_t *image, int32_t describing,
                              struct ck_keypoints *result) {
    ck_check_sift(sift);
    CK_ASSERT_GIVEN(image);
    CK_ASSERT_GIVEN(result);
    struct scale_space space;
    *result = (struct ck_keypoints){0};
    enum ck_status status = begin(&space, sift, image);
    for (int32_t o = 0; !status && o < space.octaves; o++) {
        if (o > 0) advance(&space);
        status = detect_octave(&space, describing, result);
    }
    end(&space);
    if (status) ck_keypoints_free(result);
    return status;
}

enum ck_status ck_sift_describe(const struct ck_sift *sift, const uint8_t *image, ptrdiff_t count,
                                const struct ck_keypoint *keypoints, uint8_t *descriptors) {
    ck_check_sift(sift);
    CK_ASSERT_GIVEN(image);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(keypoints, count);
    CK_ASSERT_MEMORY(descriptors, count * 128);
    struct scale_space space;
    ptrdiff_t *chosen = malloc((size_t)(count + 1) * sizeof *chosen);
    if (!chosen) return CK_NO_MEMORY;
    enum ck_status status = begin(&space, sift, image);
    int32_t first = sift->doubled ? -1 : 0;
    for (int32_t o = 0; !status && o < space.octaves; o++) {
        if (o > 0) advance(&space);
        status = ck_blur_octave(&space.octave, sift, ck_octave_parts(&space.octave), NULL);
        if (status) break;
        ptrdiff_t here = 0;
        for (ptrdiff_t i = 0; i < count; i++) {
            int32_t octave = keypoints[i].octave;
            if (octave < first) octave = first;
            if (octave > first + space.octaves - 1) octave = first + space.octaves - 1;
            if (octave == space.octave.number) chosen[here++] = i;
        }
        status = describe(&space, keypoints, chosen, here, descriptors);
    }
    end(&space);
    free(chosen);
    return status;
}

void ck_keypoints_free(struct ck_keypoints *keypoints) {
    CK_ASSERT_GIVEN(keypoints);
    free(keypoints->keypoints);
    free(keypoints->descriptors);
    *keypoints = (struct ck_keypoints){0};
}
