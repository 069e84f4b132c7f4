// Buffers that were given back wait here for the next of the same size.
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "ck_core.h"

// Smaller buffers are malloc's business, larger ones too. BUFFER_HELD bytes may always wait. More, up to BUFFER_HELD_MOST, only
// as far as they and the buffers in use together are no more than were in use at once before: a step of training wants all of its
// activations again, hundreds of megabytes whose pages the system would have to clear each time, and the most memory that a
// process ever has is not raised by what waits.
#define BUFFER_SMALLEST (2u << 10)
#define BUFFER_HELD ((size_t)128 << 20)
#define BUFFER_HELD_MOST ((size_t)1 << 30)
#define BUFFER_SLOTS 512
#define BUFFER_HUGE_PAGE (2u << 20)

static struct {
    void *buffer;
    size_t bytes;
} waiting[BUFFER_SLOTS];  // the oldest first
static int waiting_count;
static size_t waiting_bytes;
static atomic_flag busy = ATOMIC_FLAG_INIT;
static _Atomic size_t in_use;
static size_t most_in_use;

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

/// The bytes that may wait.
static size_t room(void) {
    size_t used = atomic_load_explicit(&in_use, memory_order_relaxed);
    if (used > most_in_use) most_in_use = used;
    size_t left = most_in_use - used;
    return left < BUFFER_HELD ? BUFFER_HELD : left > BUFFER_HELD_MOST ? BUFFER_HELD_MOST : left;
}

/// The oldest that wait leave, so that there is room for `bytes` more; `old` gets them.
static int make_room(size_t bytes, int slots, void **old) {
    int count = 0;
    size_t most = room();
    while (waiting_count > 0 && (waiting_count > BUFFER_SLOTS - slots || waiting_bytes + bytes > most)) old[count++] = remove_at(0);
    return count;
}

// Whoever finds the list in use does without it.
void *ck_buffer_take(ptrdiff_t size) {
    CK_ASSERT(size, >= 0);
    CK_ASSERT(size % 64, == 0);
    size_t bytes = (size_t)size;
    if (bytes < BUFFER_SMALLEST || bytes > BUFFER_HELD) return fresh(bytes);
    void *buffer = NULL, *old[BUFFER_SLOTS];
    int old_count = 0;
    atomic_fetch_add_explicit(&in_use, bytes, memory_order_relaxed);
    if (!atomic_flag_test_and_set_explicit(&busy, memory_order_acquire)) {
        for (int i = waiting_count - 1; i >= 0 && !buffer; i--)
            if (waiting[i].bytes == bytes) buffer = remove_at(i);
        // What is new takes the place of what waits.
        if (!buffer) old_count = make_room(0, 0, old);
        atomic_flag_clear_explicit(&busy, memory_order_release);
    }
    while (old_count > 0) free(old[--old_count]);
    if (!buffer) buffer = fresh(bytes);
    if (!buffer) atomic_fetch_sub_explicit(&in_use, bytes, memory_order_relaxed);
    return buffer;
}

void ck_buffer_give(void *buffer, ptrdiff_t size) {
    CK_ASSERT(size, >= 0);
    CK_ASSERT_GIVEN(buffer);
    size_t bytes = (size_t)size;
    void *old[BUFFER_SLOTS];
    if (bytes < BUFFER_SMALLEST || bytes > BUFFER_HELD) {
        free(buffer);
        return;
    }
    if (atomic_flag_test_and_set_explicit(&busy, memory_order_acquire)) {
        atomic_fetch_sub_explicit(&in_use, bytes, memory_order_relaxed);
        free(buffer);
        return;
    }
    // While it counts as in use: what was in use at once is what it was before.
    room();
    atomic_fetch_sub_explicit(&in_use, bytes, memory_order_relaxed);
    int old_count = make_room(bytes, 1, old);
    waiting[waiting_count].buffer = buffer;
    waiting[waiting_count++].bytes = bytes;
    waiting_bytes += bytes;
    atomic_flag_clear_explicit(&busy, memory_order_release);
    while (old_count > 0) free(old[--old_count]);
}
