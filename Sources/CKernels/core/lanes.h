// Sixteen numbers side by side, by the compiler's vector types: one instruction where the processor has 512-bit
// vectors, two or four where it has not.
#ifndef CK_CORE_LANES_H
#define CK_CORE_LANES_H

#include <stdint.h>
#include <string.h>

#include "ck_core.h"

#if !defined(__clang__)
#include "core/lanes_gcc.h"
#endif

typedef float f32x16 __attribute__((vector_size(64)));
typedef int32_t i32x16 __attribute__((vector_size(64)));
typedef uint8_t u8x16 __attribute__((vector_size(16)));
typedef float f32x8 __attribute__((vector_size(32)));

// Macros, not functions: a function that takes or gives such vectors would have another calling convention in each
// clone. Loads and stores ask for no alignment.
typedef float f32x16_anywhere __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t i32x16_anywhere __attribute__((vector_size(64), aligned(4), may_alias));
typedef uint8_t u8x16_anywhere __attribute__((vector_size(16), aligned(1), may_alias));
typedef float f32x8_anywhere __attribute__((vector_size(32), aligned(4), may_alias));
#define CK_LOAD16(p) ((f32x16)(*(const f32x16_anywhere *)(p)))
#define CK_STORE16(p, v) (*(f32x16_anywhere *)(p) = (v))
#define CK_LOAD8(p) ((f32x8)(*(const f32x8_anywhere *)(p)))
#define CK_STORE8(p, v) (*(f32x8_anywhere *)(p) = (v))
#define CK_LOAD_I16(p) ((i32x16)(*(const i32x16_anywhere *)(p)))
#define CK_STORE_I16(p, v) (*(i32x16_anywhere *)(p) = (v))
#define CK_LOAD_BYTES16(p) ((u8x16)(*(const u8x16_anywhere *)(p)))
#define CK_STORE_BYTES16(p, v) (*(u8x16_anywhere *)(p) = (v))
#define CK_ALL16(x) ((f32x16){} + (x))
#define CK_MIN16(a, b) __builtin_elementwise_min(a, b)
#define CK_MAX16(a, b) __builtin_elementwise_max(a, b)
#define CK_ABS16(a) __builtin_elementwise_abs(a)
#define CK_SQRT16(a) __builtin_elementwise_sqrt(a)
/// a where the mask is -1, 0 where it is 0.
#define CK_WHERE16(mask, a) ((f32x16)((i32x16)(a) & (mask)))
/// a where the mask is -1, b where it is 0.
#define CK_PICK16(mask, a, b) ((f32x16)(((i32x16)(a) & (mask)) | ((i32x16)(b) & ~(mask))))
#define CK_FLOAT16(a) __builtin_convertvector(a, f32x16)

/// The lanes for which a comparison holds, as the bits of a number: one instruction where the processor has masks.
#if defined(__clang__)
typedef _Bool bool16 __attribute__((ext_vector_type(16)));
typedef _Bool bool64 __attribute__((ext_vector_type(64)));
#define CK_LANE_BITS(bools, number, condition)                     \
    ({                                                             \
        bools ck_b_ = __builtin_convertvector(condition, bools);   \
        number ck_n_;                                              \
        memcpy(&ck_n_, &ck_b_, sizeof ck_n_);                      \
        ck_n_;                                                     \
    })
#define CK_BITS16(condition) CK_LANE_BITS(bool16, uint16_t, condition)
#define CK_BITS64(condition) CK_LANE_BITS(bool64, uint64_t, condition)
#else
#define CK_BITS16(condition) CK_LANE_BITS(16, uint16_t, condition)
#define CK_BITS64(condition) CK_LANE_BITS(64, uint64_t, condition)
#endif

/// Rows become columns: 16 vectors of 16 numbers.
CK_INLINE void transpose16(f32x16 v[16]) {
    f32x16 t[16];
    for (int i = 0; i < 16; i += 2) {
        t[i] = __builtin_shufflevector(v[i], v[i + 1], 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30);
        t[i + 1] = __builtin_shufflevector(v[i], v[i + 1], 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
    }
    for (int i = 0; i < 16; i += 4)
        for (int j = 0; j < 2; j++) {
            v[i + j] = __builtin_shufflevector(t[i + j], t[i + j + 2], 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13,
                                               28, 29);
            v[i + j + 2] = __builtin_shufflevector(t[i + j], t[i + j + 2], 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27,
                                                   14, 15, 30, 31);
        }
    for (int i = 0; i < 16; i += 8)
        for (int j = 0; j < 4; j++) {
            t[i + j] = __builtin_shufflevector(v[i + j], v[i + j + 4], 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25,
                                               26, 27);
            t[i + j + 4] = __builtin_shufflevector(v[i + j], v[i + j + 4], 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15,
                                                   28, 29, 30, 31);
        }
    for (int j = 0; j < 8; j++) {
        v[j] = __builtin_shufflevector(t[j], t[j + 8], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
        v[j + 8] = __builtin_shufflevector(t[j], t[j + 8], 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
    }
}

/// The same for bytes, by four rounds of interleaving.
CK_INLINE void transpose_bytes16(u8x16 v[16]) {
    for (int round = 0; round < 4; round++) {
        u8x16 t[16];
        for (int i = 0; i < 8; i++) {
            t[2 * i] = __builtin_shufflevector(v[i], v[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            t[2 * i + 1] =
                __builtin_shufflevector(v[i], v[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        }
        for (int i = 0; i < 16; i++) v[i] = t[i];
    }
}

#endif
