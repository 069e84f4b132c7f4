// Kernels by VNNI: 8-bit dot products of AVX-512. Each has a portable twin with the same result.
#ifndef CK_CORE_VNNI_H
#define CK_CORE_VNNI_H

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>
#define CK_HAS_VNNI 1
#define CK_VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,popcnt,bmi,bmi2,fma")))
#else
#define CK_HAS_VNNI 0
#endif

#endif
