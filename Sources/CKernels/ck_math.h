// exp, sigmoid and tanh without branches, so that a loop over them becomes vector code.
//
// exp(x) = 2^n exp(r), n = round(x / ln 2), |r| <= ln(2) / 2; ln 2 in two parts keeps r exact enough (Cody and
// Waite 1980), and exp(r) is its Taylor polynomial, cut where the next term falls below half a unit in the last
// place: r^8 / 8! in float, r^14 / 14! in double.
#ifndef CK_MATH_H
#define CK_MATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "ck_clones.h"

CK_INLINE float ck_exp_f32(float x) {
    // Beyond these the result is 0 or infinity; 2^n is made in two halves so that both ends come out right.
    float clamped = x < -104.0f ? -104.0f : x > 89.0f ? 89.0f : x;
    float shifted = clamped * 1.44269504f + 12582912.0f;
    float n = shifted - 12582912.0f;
    float r = clamped - n * 0.693359375f + n * 2.12194440e-4f;
    float p = 1.0f / 5040;
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    int32_t exponent = (int32_t)n, half = exponent >> 1;
    int32_t bits_a = (half + 127) << 23, bits_b = (exponent - half + 127) << 23;
    float a, b;
    memcpy(&a, &bits_a, 4);
    memcpy(&b, &bits_b, 4);
    float result = p * a * b;
    return x != x ? x : result;
}

CK_INLINE double ck_exp_f64(double x) {
    double clamped = x < -746.0 ? -746.0 : x > 710.0 ? 710.0 : x;
    double shifted = clamped * 1.4426950408889634 + 6755399441055744.0;
    double n = shifted - 6755399441055744.0;
    double r = clamped - n * 6.93147180369123816490e-01 - n * 1.90821492927058770002e-10;
    double p = 1.0 / 6227020800.0;
    p = p * r + 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    // The integer is read from the low bits of the shifted value: there is no vector conversion before AVX-512.
    int64_t bits;
    memcpy(&bits, &shifted, 8);
    int64_t exponent = (int64_t)((uint64_t)bits << 32) >> 32, half = exponent >> 1;
    int64_t bits_a = (half + 1023) << 52, bits_b = (exponent - half + 1023) << 52;
    double a, b;
    memcpy(&a, &bits_a, 8);
    memcpy(&b, &bits_b, 8);
    double result = p * a * b;
    return x != x ? x : result;
}

CK_INLINE float ck_sigmoid_f32(float x) { return 1.0f / (1.0f + ck_exp_f32(-x)); }
CK_INLINE double ck_sigmoid_f64(double x) { return 1.0 / (1.0 + ck_exp_f64(-x)); }

// tanh(x) = (e - 1) / (e + 1) with e = exp(2x); near zero, where that cancels, its Taylor polynomial.
CK_INLINE float ck_tanh_f32(float x) {
    float square = x * x;
    float near = x + x * square * (-1.0f / 3 + square * (2.0f / 15 + square * (-17.0f / 315 + square * (62.0f / 2835))));
    float clamped = x < -10.0f ? -10.0f : x > 10.0f ? 10.0f : x;
    float e = ck_exp_f32(2 * clamped);
    float far = (e - 1.0f) / (e + 1.0f);
    float result = square < 0.0625f ? near : far;
    return x != x ? x : result;
}

CK_INLINE double ck_tanh_f64(double x) {
    double square = x * x;
    double near =
        x + x * square * (-1.0 / 3 + square * (2.0 / 15 + square * (-17.0 / 315 + square * (62.0 / 2835))));
    double clamped = x < -20.0 ? -20.0 : x > 20.0 ? 20.0 : x;
    double e = ck_exp_f64(2 * clamped);
    double far = (e - 1.0) / (e + 1.0);
    double result = square < 0.0004 ? near : far;
    return x != x ? x : result;
}

#endif
