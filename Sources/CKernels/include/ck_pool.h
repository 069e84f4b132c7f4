// One pool of threads for the whole process.
//
// A parallel region is a number of parts; each part is run exactly once, by whichever thread takes it.
// Parts follow from the problem's size, or cut it so that each sum is taken whole, in one order, by one
// part; so results have the same bits on any number of threads.
#ifndef CK_POOL_H
#define CK_POOL_H

#include <stdint.h>

typedef void (*ck_task)(void *context, int32_t part);

/// Runs `task(context, part)` for each part in 0..<parts; returns when all have ended. `parts` is at most
/// CK_MAX_PARTS. Called inside a region, or while another thread runs one, it runs the parts itself.
void ck_parallel(int32_t parts, ck_task task, void *context);

#define CK_MAX_PARTS 65535
#define CK_MAX_THREADS 64

/// Number of threads that regions may use, this one included, held to 1...CK_MAX_THREADS. The default is the number of
/// processors this process may run on.
void ck_set_thread_count(int32_t count);
int32_t ck_thread_count(void);

/// Parts for a pass over `count` numbers that are worked on one by one: one below some thousands, where handing over
/// costs more than the work.
static inline int32_t ck_elementwise_parts(int64_t count) {
    int64_t parts = count / 16384;
    return parts < 1 ? 1 : parts > 1024 ? 1024 : (int32_t)parts;
}

/// Parts for `length` rows or columns, each a long piece of work: a power of two, so that two or four threads have the
/// same to do.
static inline int32_t ck_even_parts(int64_t length) {
    int32_t parts = 2;
    while (parts < 16 && length >= 400 * (int64_t)parts) parts *= 2;
    return parts;
}

/// Holds libraries that use OpenMP (oneDNN, OpenBLAS) to one thread when this thread calls them: the pool divides the
/// work already, and two sets of threads awake at once slow each other down. OpenMP keeps the limit per calling
/// thread, so each thread says it once; without OpenMP in the process nothing happens.
void ck_one_openmp_thread(void);

/// The half-open range of `count` items that belongs to `part` of `parts`.
static inline void ck_part_range(int64_t count, int32_t parts, int32_t part, int64_t *first, int64_t *end) {
    *first = count * part / parts;
    *end = count * (part + 1) / parts;
}

#endif
