// Private to this target: memory that begins with a cache line.
#ifndef CI_MEMORY_H
#define CI_MEMORY_H

#include <stddef.h>

/// Memory of at least `bytes`, whole cache lines, freed by the caller; NULL when there is none.
void *ci_aligned(ptrdiff_t bytes);
/// `count` zeros, freed by the caller; NULL when there is no memory.
float *ci_zeros(ptrdiff_t count);

#endif
