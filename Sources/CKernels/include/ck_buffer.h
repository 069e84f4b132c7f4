// Memory for arrays, aligned to 64 bytes. Large buffers that are given back are kept for the next of the same
// size, because fresh pages cost more than most operations on them.
#ifndef CK_BUFFER_H
#define CK_BUFFER_H

#include <stddef.h>

/// `bytes` is a multiple of 64. NULL when there is no memory.
void *ck_buffer_take(size_t bytes);
/// `bytes` is what the buffer was taken with.
void ck_buffer_give(void *buffer, size_t bytes);

#endif
