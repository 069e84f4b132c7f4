// The rounds of Philox4x32-10, for kernels that draw as they go.
#ifndef CK_RANDOM_PHILOX_H
#define CK_RANDOM_PHILOX_H

#include <stdint.h>

#include "ck_core.h"

/// Ten rounds on one counter.
CK_INLINE void ck_philox_rounds(uint32_t *c0, uint32_t *c1, uint32_t *c2, uint32_t *c3, uint32_t k0, uint32_t k1) {
    for (int round = 0; round < 10; round++) {
        uint64_t a = (uint64_t)0xD2511F53u * *c0, b = (uint64_t)0xCD9E8D57u * *c2;
        uint32_t n0 = (uint32_t)(b >> 32) ^ *c1 ^ k0, n2 = (uint32_t)(a >> 32) ^ *c3 ^ k1;
        *c1 = (uint32_t)b;
        *c3 = (uint32_t)a;
        *c0 = n0;
        *c2 = n2;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

#endif
