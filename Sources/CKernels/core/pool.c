// The thread pool: workers spin for a short while after each region, because the next one usually comes
// within microseconds, then sleep on a futex.
#define _GNU_SOURCE

#include <dlfcn.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ck_core.h"

// About 100 microseconds of spinning: longer than the serial stretches of a training step.
#define CK_SPINS 4000
// The caller waits longer before it sleeps: on a virtual machine, waking costs more than most parts take.
#define CK_CALLER_SPINS 12000

// Each thread has a run of neighbouring parts: generation (32 bits) | end (16) | next (16), one word, so that a late
// worker can never take a part of a region other than the one that it means. A thread takes its own from the front,
// the same ones whenever a region is cut alike, so that what they touch may still lie in its caches; whoever has
// finished takes from the others' ends.
static struct {
    _Alignas(64) _Atomic uint64_t word;
} pool_runs[CK_MAX_THREADS];
static _Atomic uint32_t pool_generation;
static _Atomic int32_t pool_threads;  // that the parts were dealt to
static _Atomic int32_t pool_done;
static _Atomic uint32_t pool_wake;
static _Atomic int32_t pool_sleepers;
static _Atomic int32_t pool_caller_sleeps;
static atomic_flag pool_busy = ATOMIC_FLAG_INIT;
static _Atomic int32_t pool_limit;  // 0: not chosen yet
static _Atomic int32_t pool_workers;
static ck_task pool_task;
static void *pool_context;
static _Thread_local bool inside_region;

static inline void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static void futex(void *word, int operation, uint32_t value) {
    syscall(SYS_futex, word, operation, value, NULL, NULL, 0);
}

int32_t ck_thread_count(void) {
    int32_t limit = atomic_load_explicit(&pool_limit, memory_order_relaxed);
    if (limit == 0) {
        limit = ck_usable_processors();
        if (limit > CK_MAX_THREADS) limit = CK_MAX_THREADS;
        atomic_store_explicit(&pool_limit, limit, memory_order_relaxed);
    }
    return limit;
}

void ck_set_thread_count(int32_t count) {
    CK_ASSERT(count, >= 0);
    if (count < 1) count = 1;
    if (count > CK_MAX_THREADS) count = CK_MAX_THREADS;
    atomic_store_explicit(&pool_limit, count, memory_order_relaxed);
}

/// Takes parts of the region `generation` from one thread's run until it is empty.
static void take_run(int32_t owner, bool from_front, uint32_t generation) {
    _Atomic uint64_t *run = &pool_runs[owner].word;
    uint64_t word = atomic_load_explicit(run, memory_order_acquire);
    for (;;) {
        uint32_t end = (uint32_t)(word >> 16) & 0xFFFF, next = (uint32_t)word & 0xFFFF;
        if ((uint32_t)(word >> 32) != generation || next >= end) return;
        uint64_t rest = from_front ? word + 1 : word - (1u << 16);
        if (atomic_compare_exchange_weak_explicit(run, &word, rest, memory_order_acq_rel, memory_order_acquire)) {
            // The region cannot end before this part does, so task and context stay as they are.
            pool_task(pool_context, (int32_t)(from_front ? next : end - 1));
            atomic_fetch_add(&pool_done, 1);
            if (atomic_load(&pool_caller_sleeps)) futex(&pool_done, FUTEX_WAKE_PRIVATE, 1);
            word = atomic_load_explicit(run, memory_order_acquire);
        }
    }
}

/// Takes parts of the region `generation` until none is left: thread `index`'s own, then the others'.
static void take_parts(int32_t index, uint32_t generation) {
    int32_t threads = atomic_load_explicit(&pool_threads, memory_order_relaxed);
    if (index < threads) take_run(index, true, generation);
    for (int32_t k = 1; k < threads; k++) take_run((index + k) % threads, false, generation);
}

static void *worker(void *argument) {
    int32_t index = (int32_t)(ptrdiff_t)argument;  // 1 is the first worker; the caller counts as 0
    inside_region = true;
    uint32_t seen = 0;
    int spins = 0;
    for (;;) {
        uint32_t generation = atomic_load_explicit(&pool_generation, memory_order_acquire);
        if (generation != seen) {
            seen = generation;
            spins = 0;
            if (index < ck_thread_count()) take_parts(index, generation);
        } else if (++spins < CK_SPINS) {
            relax();
        } else {
            uint32_t wake = atomic_load(&pool_wake);
            atomic_fetch_add(&pool_sleepers, 1);
            if (atomic_load(&pool_generation) == seen)
                futex(&pool_wake, FUTEX_WAIT_PRIVATE, wake);
            atomic_fetch_sub(&pool_sleepers, 1);
            spins = 0;
        }
    }
    return NULL;
}

/// Starts the workers that are missing. A thread that cannot be started is done without.
static void start_workers(int32_t wanted) {
    int32_t have = atomic_load_explicit(&pool_workers, memory_order_relaxed);
    while (have < wanted) {
        pthread_attr_t attributes;
        pthread_t thread;
        pthread_attr_init(&attributes);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        int failed = pthread_create(&thread, &attributes, worker, (void *)(ptrdiff_t)(have + 1));
        pthread_attr_destroy(&attributes);
        if (failed) return;
        have += 1;
        atomic_store_explicit(&pool_workers, have, memory_order_relaxed);
    }
}

void ck_parallel(int32_t parts, ck_task task, void *context) {
    CK_ASSERT_IN(parts, 0, CK_MAX_PARTS);
    CK_ASSERT_GIVEN(task);
    int32_t threads = ck_thread_count();
    if (parts <= 1 || threads == 1 || inside_region || parts > CK_MAX_PARTS ||
        atomic_flag_test_and_set_explicit(&pool_busy, memory_order_acquire)) {
        for (int32_t part = 0; part < parts; part++) task(context, part);
        return;
    }
    start_workers(threads - 1);
    inside_region = true;
    pool_task = task;
    pool_context = context;
    atomic_store_explicit(&pool_done, 0, memory_order_relaxed);
    atomic_store_explicit(&pool_threads, threads, memory_order_relaxed);
    uint32_t generation = atomic_load_explicit(&pool_generation, memory_order_relaxed) + 1;
    for (int32_t t = 0; t < threads; t++) {
        ptrdiff_t first, end;
        ck_part_range(parts, threads, t, &first, &end);
        atomic_store_explicit(&pool_runs[t].word,
                              (uint64_t)generation << 32 | (uint64_t)end << 16 | (uint64_t)first, memory_order_release);
    }
    atomic_store(&pool_generation, generation);
    if (atomic_load(&pool_sleepers) > 0) {
        atomic_fetch_add(&pool_wake, 1);
        // Workers beyond the limit take no part; when there are such, all are woken, for any may be first in line.
        int32_t extra = atomic_load_explicit(&pool_workers, memory_order_relaxed) > threads - 1;
        futex(&pool_wake, FUTEX_WAKE_PRIVATE, extra ? INT32_MAX : (uint32_t)threads - 1);
    }
    take_parts(0, generation);
    int spins = 0;
    for (int32_t done; (done = atomic_load(&pool_done)) < parts;) {
        if (++spins < CK_CALLER_SPINS) {
            relax();
            continue;
        }
        // The thread that has the last part is not running. Asleep, this one leaves it a processor.
        atomic_store(&pool_caller_sleeps, 1);
        futex(&pool_done, FUTEX_WAIT_PRIVATE, (uint32_t)done);
        atomic_store(&pool_caller_sleeps, 0);
    }
    inside_region = false;
    atomic_flag_clear_explicit(&pool_busy, memory_order_release);
}

void ck_one_openmp_thread(void) {
    static _Thread_local bool said;
    if (said) return;
    said = true;
    void (*set_threads)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
    if (set_threads) set_threads(1);
}
