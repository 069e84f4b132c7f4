// Memory that begins with a cache line.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

void *ci_aligned(ptrdiff_t bytes) { return aligned_alloc(64, ((size_t)bytes + 127) & ~(size_t)63); }

float *ci_zeros(ptrdiff_t count) {
    size_t bytes = ((size_t)count * sizeof(float) + 63) & ~(size_t)63;
    float *memory = aligned_alloc(64, bytes ? bytes : 64);
    if (memory) memset(memory, 0, bytes);
    return memory;
}
