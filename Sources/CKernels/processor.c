#include "ck_processor.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

struct ck_processor ck_this_processor(void) {
    struct ck_processor p = {0, 0, 0};
#if defined(__x86_64__)
    unsigned a = 0, b = 0, c = 0, d = 0;
    // The maker's name lies in three registers, in this order.
    if (__get_cpuid(0, &a, &b, &c, &d)) {
        unsigned name[3] = {b, d, c};
        p.is_amd = memcmp(name, "AuthenticAMD", sizeof name) == 0;
    }
    __builtin_cpu_init();
    p.avx512_bf16 = __builtin_cpu_supports("avx512bf16") ? 1 : 0;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) p.amx_bf16 = (d >> 22) & 1;
#endif
    return p;
}
