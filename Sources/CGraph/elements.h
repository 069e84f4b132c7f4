// Private to this target: half numbers, conversions that are defined for every value, lists of types.
#ifndef CG_PRIVATE_ELEMENTS_H
#define CG_PRIVATE_ELEMENTS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "cg_elements.h"

/// X(code, type, unsigned type of the same width)
#define CG_WHOLE_TYPES(X)                                                                                           \
    X(CG_UINT8, uint8_t, uint8_t) X(CG_INT8, int8_t, uint8_t) X(CG_UINT16, uint16_t, uint16_t)                        \
    X(CG_INT16, int16_t, uint16_t) X(CG_INT32, int32_t, uint32_t) X(CG_UINT32, uint32_t, uint32_t)                    \
    X(CG_INT64, int64_t, uint64_t) X(CG_UINT64, uint64_t, uint64_t)
/// X(code, type)
#define CG_REAL_TYPES(X) X(CG_FLOAT32, float) X(CG_FLOAT64, double)

static inline float cg_from_bfloat16(uint16_t half) {
    uint32_t bits = (uint32_t)half << 16;
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

static inline uint16_t cg_to_bfloat16(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    if (value != value) return (uint16_t)(bits >> 16 | 0x40);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static inline float cg_from_float16(uint16_t half) {
    uint32_t sign = (uint32_t)(half >> 15) << 31, exponent = half >> 10 & 31, fraction = half & 1023;
    float value;
    if (exponent == 0) {
        value = ldexpf((float)fraction, -24);
        return sign ? -value : value;
    }
    uint32_t bits = sign | (exponent == 31 ? 255u << 23 : (exponent + 112) << 23) | fraction << 13;
    memcpy(&value, &bits, 4);
    return value;
}

/// To the nearest, ties to even.
static inline uint16_t cg_to_float16(float value) {
    uint32_t bits;
    memcpy(&bits, &value, 4);
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    bits &= 0x7fffffff;
    if (bits > 0x7f800000) return sign | 0x7e00;
    if (bits >= 0x477ff000) return sign | 0x7c00;
    if (bits < 0x38800000) {
        float magnitude;
        memcpy(&magnitude, &bits, 4);
        return sign | (uint16_t)nearbyintf(magnitude * 16777216.0f);
    }
    return sign | (uint16_t)((bits - 0x38000000 + 0xfff + (bits >> 13 & 1)) >> 13);
}

#endif
