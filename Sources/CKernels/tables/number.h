// Decimal text as the nearest double.
//
// Up to 19 digits with at most one point are read at once: 32 bytes that end with the field, in which the digits before the point
// move up by one, are digits aligned to the right, and three words of eight digits make the integer. Where it and the power of ten
// are exact as doubles, one division gives the nearest (Clinger, "How to read floating point numbers accurately", 1990);
// else the product with 128 bits of the power does in all but rare cases (Lemire, "Number parsing at a gigabyte per second",
// 2021). All else is left to `number_general`.
#ifndef CK_TABLES_NUMBER_H
#define CK_TABLES_NUMBER_H

#include <string.h>

#include "ck_tables.h"
#include "core/lanes.h"
#include "tables/powers.h"

static const double exact_tens[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/// digits * 10^power, rounded to nearest, into `value`; 0 if that needs another way.
CK_INLINE int number_scaled(uint64_t digits, int power, double *value) {
    // Up to 2^53 would do. But numbers of all the digits that a double needs lie on both sides of that, so that a processor could not
    // foretell the branch; those of nine digits are a kind of their own.
    if (digits < UINT64_C(1000000000) && power >= -22 && power <= 22) {
        // Both are exact, so that one operation rounds once.
        *value = power < 0 ? (double)(int64_t)digits / exact_tens[-power] : (double)(int64_t)digits * exact_tens[power];
        return 1;
    }
    if (digits == 0) {
        *value = 0;
        return 1;
    }
    if (power < CK_SMALLEST_POWER || power > CK_LARGEST_POWER) return 0;
    const uint64_t *five = powers_of_five[power - CK_SMALLEST_POWER];
    const int shift = __builtin_clzll(digits);
    digits <<= shift;
    const unsigned __int128 product = (unsigned __int128)digits * five[0];
    uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
    if ((high & 0x1FF) == 0x1FF) {
        // The 9 bits below the rounding bit are all ones: the lower half may carry into them.
        const uint64_t carry = (uint64_t)(((unsigned __int128)digits * five[1]) >> 64);
        low += carry;
        if (low < carry) high++;
    }
    if (low == ~UINT64_C(0) && (power < -27 || power > 55)) return 0;
    const int upper = (int)(high >> 63);
    uint64_t mantissa = high >> (upper + 9);  // 53 bits and the rounding bit
    // floor(power * log2(10)) + 63, and the bias.
    const int exponent = (((152170 + 65536) * power) >> 16) + 63 + upper - shift + 1023;
    if (exponent <= 0 || exponent >= 2046) return 0;  // subnormal, or near infinity
    // Halfway between two doubles, exactly: to the even one.
    if (low <= 1 && power >= -4 && power <= 23 && (mantissa & 3) == 1 && mantissa << (upper + 9) == high) mantissa--;
    mantissa = (mantissa + (mantissa & 1)) >> 1;
    // A mantissa that became 2^53 adds one to the exponent by itself.
    const uint64_t bits = mantissa + ((uint64_t)(exponent - 1) << 52);
    memcpy(value, &bits, sizeof bits);
    return 1;
}

/// Eight digits, the first in the lowest byte, 0 ... 9 each, as an integer.
CK_INLINE uint64_t number_eight(uint64_t digits) {
    digits = (digits * 2561) >> 8 & UINT64_C(0x00FF00FF00FF00FF);
    digits = (digits * 6553601) >> 16 & UINT64_C(0x0000FFFF0000FFFF);
    return (digits * UINT64_C(42949672960001)) >> 32;
}

typedef uint8_t u8x32 __attribute__((vector_size(32)));
typedef uint8_t u8x32_anywhere __attribute__((vector_size(32), aligned(1), may_alias));
#if defined(__clang__)
typedef _Bool bool32 __attribute__((ext_vector_type(32)));
#define CK_BITS32(condition) CK_LANE_BITS(bool32, uint32_t, condition)
#else
#define CK_BITS32(condition) CK_LANE_BITS(32, uint32_t, condition)
#endif

/// Bytes before the field are read, and ruled out. 0 if the field is not of the plain kind, which does not mean that it is no
/// number.
CK_INLINE int number_plain(const uint8_t *field, const uint8_t *end, uint8_t point, double *value) {
    const int negative = *field == '-';
    field += negative;
    const ptrdiff_t length = end - field;
    if (length < 1 || length > 20) return 0;
    const u8x32 places = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                          16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
    u8x32 bytes = (u8x32)(*(const u8x32_anywhere *)(end - 32));
    const uint32_t own = ~UINT32_C(0) << (32 - length);
    const uint32_t points = CK_BITS32(bytes == (uint8_t)point) & own;
    ptrdiff_t digits = length;
    int power = 0;
    if (points) {
        if (points & (points - 1)) return 0;
        const int place = __builtin_ctz(points);
        const u8x32 shifted = (u8x32)(*(const u8x32_anywhere *)(end - 33));
        const u8x32 after = (u8x32)(places > (uint8_t)place);
        bytes = (bytes & after) | (shifted & ~after);
        power = place - 31;
        digits--;
    }
    if (digits < 1 || digits > 19) return 0;
    bytes = (bytes - (uint8_t)'0') & (u8x32)(places >= (uint8_t)(32 - digits));
    if (CK_BITS32(bytes > 9)) return 0;
    uint64_t words[4];
    memcpy(words, &bytes, sizeof words);
    const uint64_t number = number_eight(words[3]) + UINT64_C(100000000) * number_eight(words[2]) +
                            UINT64_C(10000000000000000) * number_eight(words[1]);
    double result;
    if (!number_scaled(number, power, &result)) return 0;
    *value = negative ? -result : result;
    return 1;
}

/// Any number: 1 and its value, or 0.
int32_t number_general(const uint8_t *field, const uint8_t *end, uint8_t point, double *value);

#endif
