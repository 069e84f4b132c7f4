// Buffers that were given back wait here for the next of the same size.
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "ck_core.h"

// Smaller buffers are malloc's business; at most BUFFER_HELD bytes wait in all.
#define BUFFER_SMALLEST (2u << 10)
#define BUFFER_HELD (128u << 20)
#define BUFFER_SLOTS 128
#define BUFFER_HUGE_PAGE (2u << 20)

static struct {
    void *buffer;
    size_t bytes;
} waiting[BUFFER_SLOTS];  // the oldest first
static int waiting_count;
static size_t waiting_bytes;
static atomic_flag busy = ATOMIC_FLAG_INIT;

static void *remove_at(int place) {
    void *buffer = waiting[place].buffer;
    waiting_bytes -= waiting[place].bytes;
    waiting_count -= 1;
    for (int i = place; i < waiting_count; i++) waiting[i] = waiting[i + 1];
    return buffer;
}

/// Buffers of more than a huge page are made of them where the system gives them on request: a pass over three
/// arrays of 8 MB touches 6,000 pages of 4 KB, more than a processor remembers the places of. What is left over at the
/// end becomes a huge page of its own only if more than half of that would be used.
static void *fresh(size_t bytes) {
    if (bytes < BUFFER_HUGE_PAGE) return aligned_alloc(64, bytes);
    size_t rest = bytes % BUFFER_HUGE_PAGE;
    size_t whole = rest > BUFFER_HUGE_PAGE / 2 ? bytes - rest + BUFFER_HUGE_PAGE : bytes;
    void *buffer = NULL;
    // Unlike aligned_alloc, it takes sizes that are no multiple of the alignment.
    if (posix_memalign(&buffer, BUFFER_HUGE_PAGE, whole) != 0) return NULL;
    // A refusal leaves small pages, which are only slower.
    madvise(buffer, whole - whole % BUFFER_HUGE_PAGE, MADV_HUGEPAGE);
    return buffer;
}

// Whoever finds the list in use does without it.
void *ck_buffer_take(ptrdiff_t size) {
    CK_ASSERT(size, >= 0);
    CK_ASSERT(size % 64, == 0);
    size_t bytes = (size_t)size;
    void *buffer = NULL;
    if (bytes >= BUFFER_SMALLEST && !atomic_flag_test_and_set_explicit(&busy, memory_order_acquire)) {
        for (int i = waiting_count - 1; i >= 0 && !buffer; i--)
            if (waiting[i].bytes == bytes) buffer = remove_at(i);
        atomic_flag_clear_explicit(&busy, memory_order_release);
    }
    return buffer ? buffer : fresh(bytes);
}

void ck_buffer_give(void *buffer, ptrdiff_t size) {
    CK_ASSERT(size, >= 0);
    CK_ASSERT_GIVEN(buffer);
    size_t bytes = (size_t)size;
    void *old[BUFFER_SLOTS + 1];
    int old_count = 0;
    if (bytes < BUFFER_SMALLEST || bytes > BUFFER_HELD || atomic_flag_test_and_set_explicit(&busy, memory_order_acquire)) {
        free(buffer);
        return;
    }
    while (waiting_count == BUFFER_SLOTS || waiting_bytes + bytes > BUFFER_HELD) old[old_count++] = remove_at(0);
    waiting[waiting_count].buffer = buffer;
    waiting[waiting_count++].bytes = bytes;
    waiting_bytes += bytes;
    atomic_flag_clear_explicit(&busy, memory_order_release);
    while (old_count > 0) free(old[--old_count]);
}
