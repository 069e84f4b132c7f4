#include "ck_buffer.h"

#include <stdatomic.h>
#include <stdlib.h>

// Smaller buffers are malloc's business; at most HELD bytes wait in all.
#define SMALLEST (64u << 10)
#define HELD (32u << 20)
#define SLOTS 24

static struct {
    void *buffer;
    size_t bytes;
} waiting[SLOTS];  // the oldest first
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

// Whoever finds the list in use does without it.
void *ck_buffer_take(size_t bytes) {
    void *buffer = NULL;
    if (bytes >= SMALLEST && !atomic_flag_test_and_set_explicit(&busy, memory_order_acquire)) {
        for (int i = waiting_count - 1; i >= 0 && !buffer; i--)
            if (waiting[i].bytes == bytes) buffer = remove_at(i);
        atomic_flag_clear_explicit(&busy, memory_order_release);
    }
    return buffer ? buffer : aligned_alloc(64, bytes);
}

void ck_buffer_give(void *buffer, size_t bytes) {
    void *old[SLOTS + 1];
    int old_count = 0;
    if (bytes < SMALLEST || bytes > HELD || atomic_flag_test_and_set_explicit(&busy, memory_order_acquire)) {
        free(buffer);
        return;
    }
    while (waiting_count == SLOTS || waiting_bytes + bytes > HELD) old[old_count++] = remove_at(0);
    waiting[waiting_count].buffer = buffer;
    waiting[waiting_count++].bytes = bytes;
    waiting_bytes += bytes;
    atomic_flag_clear_explicit(&busy, memory_order_release);
    while (old_count > 0) free(old[--old_count]);
}
