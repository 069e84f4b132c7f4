// 64 bytes side by side, and what their comparisons give as the bits of a number.
#ifndef CK_TABLES_BITS_H
#define CK_TABLES_BITS_H

#include "core/lanes.h"

typedef uint8_t u8x64 __attribute__((vector_size(64)));
typedef uint8_t u8x64_anywhere __attribute__((vector_size(64), aligned(1), may_alias));
#define CK_LOAD_BYTES64(p) ((u8x64)(*(const u8x64_anywhere *)(p)))

/// For each bit, whether an odd number of bits up to it and with it is set: of quotes, what lies within them.
CK_INLINE uint64_t odd_up_to(uint64_t bits) {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    return bits ^ bits << 32;
}

#endif
