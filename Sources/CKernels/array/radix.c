// Sorting rows by their bytes, the least significant one first: as many passes as the key has bytes, whatever the order
// was. (D. E. Knuth, "The Art of Computer Programming", volume 3, 5.2.5.) Short rows are merged from the bottom up.
#include <string.h>

#include "ck_core.h"
#include "ck_array.h"
#include "array/sort_keys.h"

#define RADIX_RUN_LENGTH 16

/// KEY(e) is the unsigned number that entry `e` is sorted by; its lowest byte that counts is FIRST, its last LAST - 1.
/// Both ways keep the order of entries whose keys are equal.
#define RADIX_SORTS(name, E, KEY, FIRST, LAST)                                                               \
    static void merge_##name(E *entries, ptrdiff_t n, E *scratch) {                                          \
        for (ptrdiff_t start = 0; start < n; start += RADIX_RUN_LENGTH) {                                    \
            ptrdiff_t end = start + RADIX_RUN_LENGTH < n ? start + RADIX_RUN_LENGTH : n;                     \
            for (ptrdiff_t i = start + 1; i < end; i++) {                                                    \
                E entry = entries[i];                                                                        \
                ptrdiff_t j = i;                                                                             \
                for (; j > start && KEY(entry) < KEY(entries[j - 1]); j--) entries[j] = entries[j - 1];      \
                entries[j] = entry;                                                                          \
            }                                                                                                \
        }                                                                                                    \
        E *from = entries, *to = scratch;                                                                    \
        for (ptrdiff_t width = RADIX_RUN_LENGTH; width < n; width *= 2) {                                    \
            for (ptrdiff_t start = 0; start < n; start += 2 * width) {                                       \
                ptrdiff_t middle = start + width < n ? start + width : n;                                    \
                ptrdiff_t end = start + 2 * width < n ? start + 2 * width : n;                               \
                ptrdiff_t i = start, j = middle, k = start;                                                  \
                while (i < middle && j < end) to[k++] = KEY(from[j]) < KEY(from[i]) ? from[j++] : from[i++]; \
                while (i < middle) to[k++] = from[i++];                                                      \
                while (j < end) to[k++] = from[j++];                                                         \
            }                                                                                                \
            E *swap = from;                                                                                  \
            from = to;                                                                                       \
            to = swap;                                                                                       \
        }                                                                                                    \
        if (from != entries) memcpy(entries, from, (size_t)n * sizeof(E));                                   \
    }                                                                                                        \
    CK_CLONES void ck_radix_##name(E *entries, ptrdiff_t n, void *scratch) {                                 \
        CK_ASSERT(n, >= 0);                                                                                  \
        CK_ASSERT_MEMORY(entries, n);                                                                        \
        CK_ASSERT_MEMORY((E *)scratch, n);                                                                   \
        if (n < CK_RADIX_FROM || n > CK_RADIX_TO) {                                                          \
            merge_##name(entries, n, scratch);                                                               \
            return;                                                                                          \
        }                                                                                                    \
        uint32_t places[LAST][256];                                                                          \
        memset(places, 0, sizeof places);                                                                    \
        for (ptrdiff_t i = 0; i < n; i++)                                                                    \
            for (int byte = FIRST; byte < LAST; byte++) places[byte][KEY(entries[i]) >> (8 * byte) & 255]++; \
        E *from = entries, *to = scratch;                                                                    \
        for (int byte = FIRST; byte < LAST; byte++) {                                                        \
            uint32_t *place = places[byte], next = 0;                                                        \
            /* A byte that is the same in all changes nothing. */                                            \
            if (place[KEY(from[0]) >> (8 * byte) & 255] == (uint32_t)n) continue;                            \
            for (int digit = 0; digit < 256; digit++) {                                                      \
                uint32_t count = place[digit];                                                               \
                place[digit] = next;                                                                         \
                next += count;                                                                               \
            }                                                                                                \
            for (ptrdiff_t i = 0; i < n; i++) {                                                              \
                E entry = from[i];                                                                           \
                to[place[KEY(entry) >> (8 * byte) & 255]++] = entry;                                         \
            }                                                                                                \
            E *swap = from;                                                                                  \
            from = to;                                                                                       \
            to = swap;                                                                                       \
        }                                                                                                    \
        if (from != entries) memcpy(entries, from, (size_t)n * sizeof(E));                                   \
    }

// Unsigned order for signed numbers: the sign's bit is turned round.
#define RADIX_SIGNED_32(key) ((uint32_t)(key) ^ 0x80000000u)
#define RADIX_SIGNED_64(key) ((uint64_t)(key) ^ 0x8000000000000000u)
#define RADIX_ITSELF(key) (key)
#define RADIX_HIGH_HALF(pair) ((pair).high)
RADIX_SORTS(i32, int32_t, RADIX_SIGNED_32, 0, 4)
RADIX_SORTS(i64, int64_t, RADIX_SIGNED_64, 0, 8)
RADIX_SORTS(placed, uint64_t, RADIX_ITSELF, 4, 8)
RADIX_SORTS(pairs, chwy_pair, RADIX_HIGH_HALF, 0, 8)

void ck_radix_u8(uint8_t *row, ptrdiff_t n) {
    CK_ASSERT(n, >= 0);
    CK_ASSERT_MEMORY(row, n);
    ptrdiff_t counts[256] = {0};
    for (ptrdiff_t i = 0; i < n; i++) counts[row[i]]++;
    for (int digit = 0; digit < 256; digit++) {
        memset(row, digit, (size_t)counts[digit]);
        row += counts[digit];
    }
}
