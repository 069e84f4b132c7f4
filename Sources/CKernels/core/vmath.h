// exp, log, tanh, sigmoid and the normal distribution's tail without branches, for loops that clang vectorises.
//
// exp(x) = 2^n exp(r), n = round(x / ln 2), |r| <= ln 2 / 2, exp(r) by a polynomial; 2^n in two factors of half the
// exponent each, so that overflow and subnormal results come out of the multiplication. log(x) = k ln 2 + log(m), m in
// [sqrt(1/2), sqrt(2)), log(m) = 2 artanh((m - 1) / (m + 1)) by its series. See J.-M. Muller, "Elementary
// Functions" (2016), chapters 3 and 11.
#ifndef CK_CORE_VMATH_H
#define CK_CORE_VMATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "ck_core.h"

CK_INLINE uint64_t ck_bits64(double x) { uint64_t u; memcpy(&u, &x, 8); return u; }
CK_INLINE double ck_from64(uint64_t u) { double x; memcpy(&x, &u, 8); return x; }
CK_INLINE uint32_t ck_bits32(float x) { uint32_t u; memcpy(&u, &x, 4); return u; }
CK_INLINE float ck_from32(uint32_t u) { float x; memcpy(&x, &u, 4); return x; }

// Adding 1.5 * 2^52 (2^23) leaves the nearest integer in the low bits.
#define CK_ROUND64 6755399441055744.0
#define CK_ROUND32 12582912.0f

/// exp(r) - 1 for |r| <= 0.3466: r + r^2 g(r), g of degree 9 with g(0) = 1/2 and the rest such that the largest error
/// is least (Lawson's iteration with weights r^4, in 50 digits): 5.9e-18, with two steps fewer than Taylor's series.
CK_INLINE double ck_expm1_small64(double r) {
    double p = 2.511505133365861e-08;
    p = p * r + 2.762539332926499e-07;
    p = p * r + 2.7557226214428063e-06;
    p = p * r + 2.480150815243382e-05;
    p = p * r + 0.0001984126990476753;
    p = p * r + 0.0013888888927225333;
    p = p * r + 0.008333333333313986;
    p = p * r + 0.04166666666660289;
    p = p * r + 0.16666666666666685;
    p = p * r + 0.5;
    return r + r * r * p;
}

CK_INLINE float ck_expm1_small32(float r) {
    float p = 1.9841270e-4f;  // 1/7!
    p = p * r + 1.3888889e-3f;
    p = p * r + 8.3333333e-3f;
    p = p * r + 4.1666667e-2f;
    p = p * r + 1.6666667e-1f;
    p = p * r + 0.5f;
    return r + r * r * p;
}

CK_INLINE double ck_exp64(double x) {
    x = x > 710.0 ? 710.0 : x;
    x = x < -746.0 ? -746.0 : x;  // both keep NaN
    double t = x * 1.4426950408889634 + CK_ROUND64, n = t - CK_ROUND64;
    double r = (x - n * 0.6931471803691238) - n * 1.9082149292705877e-10;
    uint64_t e = ck_bits64(t) - ck_bits64(CK_ROUND64) + 2046, e1 = e >> 1;
    double s1 = ck_from64(e1 << 52), s2 = ck_from64((e - e1) << 52);
    return (1.0 + ck_expm1_small64(r)) * s1 * s2;
}

CK_INLINE float ck_exp32(float x) {
    x = x > 89.0f ? 89.0f : x;
    x = x < -104.0f ? -104.0f : x;
    float t = x * 1.44269504f + CK_ROUND32, n = t - CK_ROUND32;
    float r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
    uint32_t e = ck_bits32(t) - ck_bits32(CK_ROUND32) + 254, e1 = e >> 1;
    float s1 = ck_from32(e1 << 23), s2 = ck_from32((e - e1) << 23);
    return (1.0f + ck_expm1_small32(r)) * s1 * s2;
}

CK_INLINE double ck_log64(double x) {
    int tiny = x < 2.2250738585072014e-308;
    double scaled = tiny ? x * 18014398509481984.0 : x;  // 2^54
    uint64_t u = ck_bits64(scaled) + (0x3ff0000000000000u - 0x3fe6a09e667f3bcdu);
    double k = ck_from64(u >> 52 | 0x4330000000000000u) - (4503599627370496.0 + 1023.0);
    k = tiny ? k - 54.0 : k;
    double m = ck_from64((u & 0x000fffffffffffffu) + 0x3fe6a09e667f3bcdu);
    double f = m - 1.0, half = 0.5 * f * f, s = f / (2.0 + f), z = s * s;
    double p = 2.0 / 21.0;
    p = p * z + 2.0 / 19.0;
    p = p * z + 2.0 / 17.0;
    p = p * z + 2.0 / 15.0;
    p = p * z + 2.0 / 13.0;
    p = p * z + 2.0 / 11.0;
    p = p * z + 2.0 / 9.0;
    p = p * z + 2.0 / 7.0;
    p = p * z + 2.0 / 5.0;
    p = p * z + 2.0 / 3.0;
    double result = k * 0.6931471803691238 - ((half - (s * (half + p * z) + k * 1.9082149292705877e-10)) - f);
    result = x == 0.0 ? -INFINITY : result;
    result = x < 0.0 ? NAN : result;
    return x < INFINITY ? result : x;  // infinity and NaN are their own logarithms
}

CK_INLINE float ck_log32(float x) {
    int tiny = x < 1.17549435e-38f;
    float scaled = tiny ? x * 33554432.0f : x;  // 2^25
    uint32_t u = ck_bits32(scaled) + (0x3f800000u - 0x3f3504f3u);
    float k = ck_from32(u >> 23 | 0x4b000000u) - (8388608.0f + 127.0f);
    k = tiny ? k - 25.0f : k;
    float m = ck_from32((u & 0x007fffffu) + 0x3f3504f3u);
    float f = m - 1.0f, half = 0.5f * f * f, s = f / (2.0f + f), z = s * s;
    float p = 2.0f / 11.0f;
    p = p * z + 2.0f / 9.0f;
    p = p * z + 2.0f / 7.0f;
    p = p * z + 2.0f / 5.0f;
    p = p * z + 2.0f / 3.0f;
    float result = k * 0.693359375f - ((half - (s * (half + p * z) + k * -2.12194440e-4f)) - f);
    result = x == 0.0f ? -INFINITY : result;
    result = x < 0.0f ? NAN : result;
    return x < INFINITY ? result : x;
}

/// tanh(x) = e / (e + 2), e = exp(2|x|) - 1 kept to full relative precision near zero.
CK_INLINE double ck_tanh64(double x) {
    double a = fabs(x), y = a > 20.0 ? 40.0 : 2.0 * a;
    double t = y * 1.4426950408889634 + CK_ROUND64, n = t - CK_ROUND64;
    double r = (y - n * 0.6931471803691238) - n * 1.9082149292705877e-10;
    double s = ck_from64((ck_bits64(t) + 1023) << 52), e = s * ck_expm1_small64(r) + (s - 1.0);
    return copysign(e / (e + 2.0), x);
}

CK_INLINE float ck_tanh32(float x) {
    float a = fabsf(x), y = a > 10.0f ? 20.0f : 2.0f * a;
    float t = y * 1.44269504f + CK_ROUND32, n = t - CK_ROUND32;
    float r = (y - n * 0.693359375f) - n * -2.12194440e-4f;
    float s = ck_from32((ck_bits32(t) + 127) << 23), e = s * ck_expm1_small32(r) + (s - 1.0f);
    return copysignf(e / (e + 2.0f), x);
}

CK_INLINE double ck_sigmoid64(double x) { return 1.0 / (1.0 + ck_exp64(-x)); }
CK_INLINE float ck_sigmoid32(float x) { return 1.0f / (1.0f + ck_exp32(-x)); }

/// log(1 + e) for e in 0...1; the second term gives back what 1 + e rounds away.
CK_INLINE double ck_log1p_unit64(double e) {
    double u = 1.0 + e;
    return ck_log64(u) + (e - (u - 1.0)) / u;
}
CK_INLINE float ck_log1p_unit32(float e) {
    float u = 1.0f + e;
    return ck_log32(u) + (e - (u - 1.0f)) / u;
}

// The probability that a standard normal number is above a >= 0, given e = exp(-a^2 / 2):
// e P(t) / (1 + a), t = (a - 4) / (a + 4). P is the Chebyshev interpolation of (1 + a) times Mills' ratio over
// sqrt(2 pi), made with mpmath 40 digits deep; relative error 4e-16 (4e-8 in float). The substitution is that of
// M. Shepherd and J. Laframboise, "Chebyshev approximation of (1 + 2x) exp(x^2) erfc x", Math. Comp. 36 (1981).
CK_INLINE double ck_normal_tail64(double a, double e) {
    a = a > 40.0 ? 40.0 : a;  // e is zero there
    double t = (a - 4.0) / (a + 4.0), p = -1.5456221598143852e-9;
    p = p * t + 1.5858299859752785e-9;
    p = p * t + 1.7442583764419793e-8;
    p = p * t - 8.209925301458887e-9;
    p = p * t - 1.1022354013739079e-7;
    p = p * t - 1.5091283543628724e-8;
    p = p * t + 5.5077479653640979e-7;
    p = p * t + 4.1911310193590348e-7;
    p = p * t - 2.6118464340168556e-6;
    p = p * t - 3.4406031005858181e-6;
    p = p * t + 1.3626315192600401e-5;
    p = p * t + 2.1253211605870818e-5;
    p = p * t - 8.7853004426457919e-5;
    p = p * t - 9.4431018286305418e-5;
    p = p * t + 0.00069489706925704951;
    p = p * t - 0.00028562298498267665;
    p = p * t - 0.0050023785870514666;
    p = p * t + 0.017936097470383029;
    p = p * t - 0.032197837428314526;
    p = p * t + 0.028600364053903857;
    p = p * t + 0.013999634724430469;
    p = p * t - 0.096703477326529777;
    p = p * t + 0.47205320650984466;
    return e * p / (1.0 + a);
}
CK_INLINE float ck_normal_tail32(float a, float e) {
    a = a > 40.0f ? 40.0f : a;  // e is zero there
    float t = (a - 4.0f) / (a + 4.0f), p = -5.80912353e-5f;
    p = p * t - 4.99905145e-5f;
    p = p * t + 0.000664988692f;
    p = p * t - 0.000325830999f;
    p = p * t - 0.00498771425f;
    p = p * t + 0.0179528175f;
    p = p * t - 0.0322011629f;
    p = p * t + 0.0285974679f;
    p = p * t + 0.0139999137f;
    p = p * t - 0.0967033354f;
    p = p * t + 0.472053203f;
    return e * p / (1.0f + a);
}

#endif
