// Passes over images that treat each channel alike: what batch normalisation is made of. Sums are made in parts that
// follow from the batch, then added in order, so the bits do not depend on the number of threads.
#include <string.h>

#include "ck_buffer.h"
#include "ck_clones.h"
#include "ck_images.h"
#include "ck_pool.h"

#define SUM_PARTS 8

static size_t sums_size(int64_t channels) {
    return ((size_t)(SUM_PARTS * channels) * sizeof(double) + 63) & ~(size_t)63;
}

#define REAL float
#define NAME(x) x##_f32
#include "channels_template.h"
#undef REAL
#undef NAME
#define REAL double
#define NAME(x) x##_f64
#include "channels_template.h"
