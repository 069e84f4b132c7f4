// The base of all kernels: threads, memory, processor features, levels of code, text of numbers.
#ifndef CK_CORE_H
#define CK_CORE_H

#include <stddef.h>
#include <stdint.h>

// MARK: Status

/// The status of a function that can fail. After anything but CK_OK, its outputs must not be read.
enum ck_status {
    CK_OK = 0,
    CK_NO_MEMORY = 1,
    CK_TOO_LARGE = 2,    // more than the kernel counts
    CK_NOT_FINITE = 3,   // a number is infinite or NaN where the kernel takes finite ones only
    CK_BUSY = 4,         // another thread does the same at this moment
    CK_UNSUPPORTED = 5,  // the library that should do it has no implementation
    CK_FAILED = 6,       // that library has failed
};

// MARK: Assertions
//
// The preconditions of an entry, checked before it does anything. With CK_CHECKED, as in debug builds, one that fails
// prints what, where, expected and got, and aborts; without it none is computed.

__attribute__((cold, noreturn)) void ck_assertion_failed(const char *function, const char *file, int line,
                                                         const char *what, const char *expected, intmax_t got);
/// Aborts unless all indices, integers of `size` bytes, are in 0 ..< limit.
void ck_check_indices(const char *function, const char *file, int line, const char *what, const void *indices,
                      ptrdiff_t size, ptrdiff_t count, ptrdiff_t limit);

#if defined(CK_CHECKED)
/// A whole number: CK_ASSERT(count, >= 0).
#define CK_ASSERT(value, relation)                                                                                 \
    do {                                                                                                           \
        intmax_t ck_got_ = (intmax_t)(value);                                                                      \
        if (!(ck_got_ relation)) ck_assertion_failed(__func__, __FILE__, __LINE__, #value, #relation, ck_got_);    \
    } while (0)
/// A code: first...last.
#define CK_ASSERT_IN(value, first, last)                                                                           \
    do {                                                                                                           \
        intmax_t ck_got_ = (intmax_t)(value);                                                                      \
        if (ck_got_ < (first) || ck_got_ > (last))                                                                 \
            ck_assertion_failed(__func__, __FILE__, __LINE__, #value, #first "..." #last, ck_got_);                \
    } while (0)
/// `pointer` has `count` elements: it is aligned for them, and not NULL unless `count` is 0.
#define CK_ASSERT_MEMORY(pointer, count)                                                                           \
    do {                                                                                                           \
        intmax_t ck_count_ = (intmax_t)(count);                                                                    \
        if (!(pointer) && ck_count_ > 0)                                                                           \
            ck_assertion_failed(__func__, __FILE__, __LINE__, #pointer ", NULL", #count " elements", ck_count_);   \
        if ((uintptr_t)(pointer) % __alignof__(*(pointer)) != 0)                                                   \
            ck_assertion_failed(__func__, __FILE__, __LINE__, #pointer, "an aligned address",                      \
                                (intmax_t)(uintptr_t)(pointer));                                                   \
    } while (0)
/// Integers in 0 ..< limit.
#define CK_ASSERT_INDICES(indices, count, limit)                                                                   \
    ck_check_indices(__func__, __FILE__, __LINE__, #indices, indices, sizeof *(indices), count, limit)
#else
// Named, so that they are compiled, and not computed.
#define CK_ASSERT(value, relation) ((void)sizeof((value)relation))
#define CK_ASSERT_IN(value, first, last) ((void)sizeof((value) >= (first) && (value) <= (last)))
#define CK_ASSERT_MEMORY(pointer, count) ((void)sizeof((pointer) && (count)))
#define CK_ASSERT_INDICES(indices, count, limit) ((void)sizeof((indices) && (count) && (limit)))
#endif
/// Something is there.
#define CK_ASSERT_GIVEN(pointer) CK_ASSERT((pointer) != NULL, == 1)

// MARK: Pool
//
// One pool of threads for the whole process.
//
// A parallel region is a number of parts; each part is run exactly once, by whichever thread takes it.
// Parts follow from the problem's size, or cut it so that each sum is taken whole, in one order, by one
// part; so results have the same bits on any number of threads.

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

/// The number of parts of an element-wise pass over `count` elements: one below some thousands, where handing over
/// costs more than the work.
static inline int32_t ck_elementwise_parts(ptrdiff_t count) {
    ptrdiff_t parts = count / 16384;
    return parts < 1 ? 1 : parts > 1024 ? 1024 : (int32_t)parts;
}

/// Parts for `length` rows or columns, each a long piece of work: a power of two, so that two or four threads have the
/// same to do.
static inline int32_t ck_even_parts(ptrdiff_t length) {
    int32_t parts = 2;
    while (parts < 16 && length >= 400 * (ptrdiff_t)parts) parts *= 2;
    return parts;
}

/// Holds libraries that use OpenMP (oneDNN, OpenBLAS) to one thread when this thread calls them: the pool divides the
/// work already, and two sets of threads awake at once slow each other down. OpenMP keeps the limit per calling
/// thread, so each thread says it once; without OpenMP in the process nothing happens.
void ck_one_openmp_thread(void);

/// The half-open range of `count` items that belongs to `part` of `parts`.
static inline void ck_part_range(ptrdiff_t count, int32_t parts, int32_t part, ptrdiff_t *first, ptrdiff_t *end) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_IN(part, 0, parts - 1);
    *first = count * part / parts;
    *end = count * (part + 1) / parts;
}

// MARK: Buffers
//
// Memory for arrays, aligned to 64 bytes. Large buffers that are given back are kept for the next of the same
// size, because fresh pages cost more than most operations on them.

/// `size`, in bytes, is a multiple of 64. NULL if out of memory.
void *ck_buffer_take(ptrdiff_t size);
/// `size` is what the buffer was taken with.
void ck_buffer_give(void *buffer, ptrdiff_t size);

// MARK: Levels
//
// One source, compiled for each level of the processor and chosen when the program starts.

// ThreadSanitizer's calls would be in the functions that choose, which run before it is ready: one level there.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CK_ONE_LEVEL
#endif
#elif defined(__SANITIZE_THREAD__)
#define CK_ONE_LEVEL
#endif

#if defined(__x86_64__) && defined(__linux__) && !defined(CK_ONE_LEVEL)
#define CK_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CK_CLONES
#endif
#define CK_INLINE static inline __attribute__((always_inline))

// MARK: Processor
//
// The features of the processor, detected here and nowhere else, so that no two kernels judge one processor
// differently. (CK_CLONES leaves the choice to the loader; its names of levels mean the same features.)

/// The features by which kernels are chosen. On architectures other than x86-64 all are 0, regardless of the processor.
struct ck_processor {
    int32_t is_amd;            // its maker, as the processor names it: 1 or 0
    int32_t vector_bits;       // widest vectors of float that it multiplies and adds: 512 (AVX-512 F, CD, BW, DQ, VL),
                               // 256 (AVX2, FMA), or 0
    int32_t level;             // 4 or 3: it has all of x86-64-v4 or x86-64-v3, which more belongs to; else 0
    int32_t multiplies_bytes;  // 512 bits of bytes at once (AVX-512 VNNI): 1 or 0
    int32_t stores_compressed; // the chosen lanes of 512 bits go to memory at full speed (see processor.c): 1 or 0
    int32_t avx512_bf16;       // multiplies vectors of bfloat16, and the system keeps them: 1 or 0
    int32_t amx_bf16;          // multiplies tiles of bfloat16: 1 or 0
};

/// This processor, detected once; the pointer is valid for ever.
const struct ck_processor *ck_this_processor(void);

/// The number of processors that this process may keep busy, at least 1: those that it may run on, and no more than its
/// control group's share of time, rounded up.
int32_t ck_usable_processors(void);

/// The part of ck_usable_processors that asks the control groups, versions 1 and 2: the smallest share of the group
/// that `membership` names (as /proc/self/cgroup does) and of those around it, INT32_MAX without one. `groups` is the
/// folder of the groups, /sys/fs/cgroup.
int32_t ck_group_processors(const char *membership, const char *groups);

// MARK: OpenBLAS
//
// Which of its sets of kernels OpenBLAS runs.

/// The name of kernels that suit a processor better than those that OpenBLAS chose, or NULL where its choice is good.
///
/// A release knows the processors of its day by family and model; on a later one it falls back to kernels of 2006
/// (Debian 12's 0.3.21 on a Xeon of family 6, model 207: 64 ms instead of 14 for a product of 1024^3). The processor's
/// features are a better criterion than its model.
///
/// `taken`: the kernels' name, as openblas_get_corename gives it. `vector_bits`, `is_amd`: as in `ck_processor`.
const char *ck_better_openblas_core(const char *taken, int32_t vector_bits, int32_t is_amd);

/// Runs `body` while the environment has `variable` ("NAME=value", not yet in it) besides.
///
/// No variable is set: any thread that reads one meanwhile sees a complete, immutable list, the previous one or one
/// with an entry more, which is never freed. `body` is not run if out of memory, nor (CK_BUSY) while another thread
/// sets a variable.
enum ck_status ck_with_variable(const char *variable, void (*body)(void));

// MARK: Text
//
// Decimal text of a number with a given number of digits, rightly rounded (half to even).

/// Writes `value` with `digits` digits after the point, and a final zero byte, to at most `size` bytes;
/// returns the length that it has.
ptrdiff_t ck_text_fixed(char *buffer, ptrdiff_t size, int32_t digits, double value);
/// Likewise with one digit before the point and an exponent.
ptrdiff_t ck_text_scientific(char *buffer, ptrdiff_t size, int32_t digits, double value);

#endif
