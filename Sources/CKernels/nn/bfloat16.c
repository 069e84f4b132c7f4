// From float to bfloat16, on the calling thread and on all.
#include <stddef.h>
#include <string.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "core/lanes.h"

CK_INLINE uint16_t upper_half(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint32_t rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
    uint32_t quiet = (bits >> 16) | 0x40;
    return (uint16_t)((bits & 0x7FFFFFFF) > 0x7F800000 ? quiet : rounded);
}

CK_CLONES
void ck_to_bfloat16(ptrdiff_t count, const float *x, uint16_t *y) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(x, count);
    CK_ASSERT_MEMORY(y, count);
    for (ptrdiff_t i = 0; i < count; i++) y[i] = upper_half(x[i]);
}

CK_CLONES
void ck_round_to_bfloat16(ptrdiff_t count, const float *x, float *y) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(x, count);
    CK_ASSERT_MEMORY(y, count);
    for (ptrdiff_t i = 0; i < count; i++) {
        uint32_t bits = (uint32_t)upper_half(x[i]) << 16;
        memcpy(y + i, &bits, sizeof bits);
    }
}

struct half_job {
    int32_t parts;
    ptrdiff_t count;
    const float *x;
    uint16_t *y;
    float *rounded;  // in its place
};

static void half_part(void *context, int32_t part) {
    const struct half_job *job = context;
    ptrdiff_t first, end;
    ck_part_range(job->count, job->parts, part, &first, &end);
    if (job->rounded)
        ck_round_to_bfloat16(end - first, job->x + first, job->rounded + first);
    else
        ck_to_bfloat16(end - first, job->x + first, job->y + first);
}

void ck_to_bfloat16_in_parts(ptrdiff_t count, const float *x, uint16_t *y) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(x, count);
    CK_ASSERT_MEMORY(y, count);
    struct half_job job = {ck_elementwise_parts(count), count, x, y, NULL};
    ck_parallel(job.parts, half_part, &job);
}

void ck_round_to_bfloat16_in_parts(ptrdiff_t count, const float *x, float *y) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(x, count);
    CK_ASSERT_MEMORY(y, count);
    struct half_job job = {ck_elementwise_parts(count), count, x, NULL, y};
    ck_parallel(job.parts, half_part, &job);
}
