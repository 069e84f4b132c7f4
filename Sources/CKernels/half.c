// From float to bfloat16.
#include "ck_half.h"

#include <string.h>

#include "ck_clones.h"
#include "ck_pool.h"

CK_CLONES
void ck_to_half_range(const float *from, uint16_t *to, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, from + i, sizeof bits);
        uint32_t rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
        uint32_t quiet = (bits >> 16) | 0x40;
        to[i] = (uint16_t)((bits & 0x7FFFFFFF) > 0x7F800000 ? quiet : rounded);
    }
}

struct half_job {
    int32_t parts;
    int64_t count;
    const float *from;
    uint16_t *to;
};

static void half_part(void *context, int32_t part) {
    const struct half_job *job = context;
    int64_t first, end;
    ck_part_range(job->count, job->parts, part, &first, &end);
    ck_to_half_range(job->from + first, job->to + first, end - first);
}

void ck_to_half(int64_t count, const float *from, uint16_t *to) {
    struct half_job job = {ck_elementwise_parts(count), count, from, to};
    ck_parallel(job.parts, half_part, &job);
}
