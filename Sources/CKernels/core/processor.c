// Asks the processor, once, what it can do.
#include <pthread.h>

#include "ck_core.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

static struct ck_processor this_processor;

static void ask(void) {
#if defined(__x86_64__)
    struct ck_processor p = {0};
    __builtin_cpu_init();
    p.is_amd = __builtin_cpu_is("amd") ? 1 : 0;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        p.vector_bits = 512;
    else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        p.vector_bits = 256;
    p.level = __builtin_cpu_supports("x86-64-v4") ? 4 : __builtin_cpu_supports("x86-64-v3") ? 3 : 0;
    // All that those kernels are compiled for (targets.h).
    p.multiplies_bytes = p.vector_bits == 512 && __builtin_cpu_supports("avx512vnni") &&
                         __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi") &&
                         __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
    // vpcompressd into memory: some hundred microinstructions on AMD's first processors with AVX-512 (Zen 4), a few on
    // those that came with VP2INTERSECT (Zen 5), and on Intel's.
    p.stores_compressed = p.vector_bits == 512 && (!p.is_amd || __builtin_cpu_supports("avx512vp2intersect"));
    p.avx512_bf16 = __builtin_cpu_supports("avx512bf16") ? 1 : 0;
    // The compiler's library knows no tiles.
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) p.amx_bf16 = (d >> 22) & 1;
    this_processor = p;
#endif
}

const struct ck_processor *ck_this_processor(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, ask);
    return &this_processor;
}
