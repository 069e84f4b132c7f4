// Sorting long rows by their bytes, the least significant one first: as many passes as the type has bytes, whatever
// the order was. (D. E. Knuth, "The Art of Computer Programming", volume 3, 5.2.5.)
#include <string.h>

#include "ck_clones.h"
#include "ck_radix.h"

/// `keys` upwards, at most CK_RADIX_TO; `scratch` has room for as many. Small counts leave a row of a thousand in the
/// first cache.
#define RADIX(name, U)                                                                                 \
    static void name(U *keys, intptr_t n, U *scratch) {                                                \
        uint32_t places[sizeof(U)][256];                                                               \
        memset(places, 0, sizeof places);                                                              \
        for (intptr_t i = 0; i < n; i++)                                                               \
            for (size_t byte = 0; byte < sizeof(U); byte++) places[byte][keys[i] >> (8 * byte) & 255]++; \
        U *from = keys, *to = scratch;                                                                 \
        for (size_t byte = 0; byte < sizeof(U); byte++) {                                              \
            uint32_t *place = places[byte], next = 0;                                                  \
            /* A byte that is the same in all changes nothing. */                                      \
            if (place[from[0] >> (8 * byte) & 255] == (uint32_t)n) continue;                                     \
            for (int digit = 0; digit < 256; digit++) {                                                \
                uint32_t count = place[digit];                                                         \
                place[digit] = next;                                                                   \
                next += count;                                                                         \
            }                                                                                          \
            for (intptr_t i = 0; i < n; i++) {                                                         \
                U key = from[i];                                                                       \
                to[place[key >> (8 * byte) & 255]++] = key;                                            \
            }                                                                                          \
            U *swap = from;                                                                            \
            from = to;                                                                                 \
            to = swap;                                                                                 \
        }                                                                                              \
        if (from != keys) memcpy(keys, from, (size_t)n * sizeof(U));                                   \
    }
RADIX(radix_32, uint32_t)
RADIX(radix_64, uint64_t)

// Unsigned order for signed numbers: the sign's bit is turned round.
#define INTEGER(suffix, U, SIGN, RADIX_SORT)                                       \
    CK_CLONES void ck_radix_##suffix(void *row, intptr_t n, void *scratch) {       \
        U *keys = row;                                                             \
        for (intptr_t i = 0; i < n; i++) keys[i] ^= SIGN;                          \
        RADIX_SORT(keys, n, scratch);                                              \
        for (intptr_t i = 0; i < n; i++) keys[i] ^= SIGN;                          \
    }
INTEGER(i32, uint32_t, 0x80000000u, radix_32)
INTEGER(i64, uint64_t, 0x8000000000000000u, radix_64)

// Likewise for floating point, where the other bits of a negative number are turned round too. NaN is put at the end
// first, for its sign says nothing.
#define FLOATING(suffix, T, U, SIGN, SHIFT, RADIX_SORT)                            \
    CK_CLONES void ck_radix_##suffix(void *row, intptr_t n, void *scratch) {       \
        T *values = row, *odd = scratch;                                           \
        U *keys = row;                                                             \
        intptr_t kept = 0, set_aside = 0;                                          \
        uint8_t any = 0;                                                           \
        for (intptr_t i = 0; i < n; i++) any |= values[i] != values[i];            \
        if (any) {                                                                 \
            for (intptr_t i = 0; i < n; i++) {                                     \
                T value = values[i];                                               \
                if (value == value) values[kept++] = value;                        \
                else odd[set_aside++] = value;                                     \
            }                                                                      \
            memcpy(values + kept, odd, (size_t)set_aside * sizeof(T));             \
            n = kept;                                                              \
        }                                                                          \
        if (n < 2) return;                                                         \
        for (intptr_t i = 0; i < n; i++) {                                         \
            U key = keys[i];                                                       \
            keys[i] = key ^ ((0 - (key >> SHIFT)) | SIGN);                         \
        }                                                                          \
        RADIX_SORT(keys, n, scratch);                                              \
        for (intptr_t i = 0; i < n; i++) {                                         \
            U key = keys[i];                                                       \
            keys[i] = key ^ (((key >> SHIFT) - 1) | SIGN);                         \
        }                                                                          \
    }
FLOATING(f32, float, uint32_t, 0x80000000u, 31, radix_32)
FLOATING(f64, double, uint64_t, 0x8000000000000000u, 63, radix_64)

CK_CLONES void ck_radix_u8(void *row, intptr_t n, void *scratch) {
    (void)scratch;
    uint8_t *bytes = row;
    intptr_t counts[256] = {0};
    for (intptr_t i = 0; i < n; i++) counts[bytes[i]]++;
    for (int digit = 0; digit < 256; digit++) {
        memset(bytes, digit, (size_t)counts[digit]);
        bytes += counts[digit];
    }
}
