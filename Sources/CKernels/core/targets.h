// Levels of the processor that code is compiled for by name, beside CK_CLONES, which makes all three of one source. Each such
// kernel has a portable twin with the same result, and is called where `ck_this_processor` says that it can run.
#ifndef CK_CORE_TARGETS_H
#define CK_CORE_TARGETS_H

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>
#define CK_HAS_TARGETS 1
/// `vector_bits` 256 or more.
#define CK_AVX2 __attribute__((target("avx2,fma")))
/// `vector_bits` 512.
#define CK_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma")))
/// `multiplies_bytes`: 8-bit dot products.
#define CK_VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,popcnt,bmi,bmi2,fma")))
/// `level` 3 or more, and 4. Left to itself, clang cuts vectors of 512 bits in two for level 4, which halves the products of
/// a processor that multiplies 512 bits at once. (In the clones of CK_CLONES it does not, and refuses the word.)
#define CK_LEVEL_3 __attribute__((target("arch=x86-64-v3")))
#if defined(__clang__)
#define CK_LEVEL_4 __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#else
#define CK_LEVEL_4 __attribute__((target("arch=x86-64-v4")))
#endif
#else
#define CK_HAS_TARGETS 0
#endif

#endif
