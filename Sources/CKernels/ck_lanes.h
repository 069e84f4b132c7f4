// Sixteen numbers at once, and a square of them turned on its diagonal.
#ifndef CK_LANES_H
#define CK_LANES_H

#include <stdint.h>
#include <string.h>

#include "ck_clones.h"

typedef float lanes_f __attribute__((vector_size(64)));
typedef int32_t lanes_i __attribute__((vector_size(64)));
typedef uint8_t lanes_b __attribute__((vector_size(16)));

// By address, not by value: how vectors are passed differs between the levels that the source is compiled for.
CK_INLINE void ck_lanes_load(lanes_f *x, const float *from) { memcpy(x, from, sizeof *x); }
CK_INLINE void ck_lanes_store(float *to, const lanes_f *x) { memcpy(to, x, sizeof *x); }

/// All ones in the first `count` lanes.
CK_INLINE void ck_first_lanes(lanes_i *lanes, int64_t count) {
    const lanes_i index = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    *lanes = index < (lanes_i){} + (int32_t)count;
}

/// r[i][j] becomes r[j][i]: halves, quarters, pairs and single numbers change places in four rounds.
CK_INLINE void ck_transpose_16(lanes_f r[16]) {
    lanes_f t[16];
    for (int i = 0; i < 8; i++) {
        lanes_f a = r[i], b = r[i + 8];
        t[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
        t[i + 8] = __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
    }
    for (int h = 0; h < 16; h += 8)
        for (int i = h; i < h + 4; i++) {
            lanes_f a = t[i], b = t[i + 4];
            r[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27);
            r[i + 4] = __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
        }
    for (int h = 0; h < 16; h += 4)
        for (int i = h; i < h + 2; i++) {
            lanes_f a = r[i], b = r[i + 2];
            t[i] = __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
            t[i + 2] = __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
        }
    for (int i = 0; i < 16; i += 2) {
        lanes_f a = t[i], b = t[i + 1];
        r[i] = __builtin_shufflevector(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30);
        r[i + 1] = __builtin_shufflevector(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
    }
}

#endif
