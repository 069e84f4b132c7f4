#include "ck_processor.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

int32_t ck_vector_bits(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return 512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 256;
#endif
    return 0;
}

int32_t ck_is_amd(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_is("amd") ? 1 : 0;
#else
    return 0;
#endif
}

struct ck_processor ck_this_processor(void) {
    struct ck_processor p = {ck_is_amd(), 0, 0};
#if defined(__x86_64__)
    unsigned a = 0, b = 0, c = 0, d = 0;
    __builtin_cpu_init();
    p.avx512_bf16 = __builtin_cpu_supports("avx512bf16") ? 1 : 0;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) p.amx_bf16 = (d >> 22) & 1;
#endif
    return p;
}
