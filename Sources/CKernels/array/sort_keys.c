// Sorting keys by Highway or by bytes, and making keys of floating-point numbers.
#include <string.h>

#include "array/sort_keys.h"
#include "ck_core.h"
#include "ck_array.h"

// Highway's partitions store compressed vectors where there are any of 512 bits.
int32_t ck_sorts_by_bytes(void) {
    return ck_this_processor()->vector_bits == 512 && !ck_this_processor()->stores_compressed;
}

// Pairs fill those vectors by four only: on AMD passes over bytes are faster from some hundred on (Zen 5, 1,000 pairs:
// 6.9 and 9.6 ns each).
static int sorts_pairs_by_bytes(ptrdiff_t count) {
    return ck_sorts_by_bytes() ||
           (ck_this_processor()->is_amd && ck_this_processor()->vector_bits == 512 && count >= CK_RADIX_FROM);
}

// Rows so short that one element after another is put in its place.
#define SORT_SHORT 24

#define SORT_ITSELF(key) (key)
#define SORT_HALVES(key) ((unsigned __int128)(key).high << 64 | (key).low)

#define SORT_ROWS(name, K, VALUE, HIGHWAY, BY_BYTES, IS_BY_BYTES)                                    \
    void name(K *keys, ptrdiff_t rows, ptrdiff_t count, void *scratch) {                             \
        if (count <= SORT_SHORT) {                                                                   \
            for (K *row = keys; row < keys + rows * count; row += count)                             \
                for (ptrdiff_t i = 1; i < count; i++) {                                              \
                    K key = row[i];                                                                  \
                    ptrdiff_t j = i;                                                                 \
                    for (; j > 0 && VALUE(key) < VALUE(row[j - 1]); j--) row[j] = row[j - 1];        \
                    row[j] = key;                                                                    \
                }                                                                                    \
        } else if (IS_BY_BYTES) {                                                                    \
            for (ptrdiff_t row = 0; row < rows; row++) BY_BYTES(keys + row * count, count, scratch); \
        } else {                                                                                     \
            HIGHWAY(keys, rows, count);                                                              \
        }                                                                                            \
    }
SORT_ROWS(ck_sort_keys_i32, int32_t, SORT_ITSELF, chwy_sort_i32, ck_radix_i32, ck_sorts_by_bytes())
SORT_ROWS(ck_sort_keys_i64, int64_t, SORT_ITSELF, chwy_sort_i64, ck_radix_i64, ck_sorts_by_bytes())
SORT_ROWS(ck_sort_keys_placed, uint64_t, SORT_ITSELF, chwy_sort_u64, ck_radix_placed, ck_sorts_by_bytes())
SORT_ROWS(ck_sort_keys_pairs, chwy_pair, SORT_HALVES, chwy_sort_pairs, ck_radix_pairs, sorts_pairs_by_bytes(count))

// A positive number's bits are in its order already; a negative one's are turned round, its sign excepted. A NaN's sign
// says nothing and is taken away, so that its bits come after infinity's.
#define SORT_KEYS(suffix, I, U, SIGN_BIT, TWICE_INFINITY)                                \
    CK_CLONES void ck_keys_from_##suffix(void *elements, ptrdiff_t count) {              \
        I *keys = elements;                                                              \
        for (ptrdiff_t i = 0; i < count; i++) {                                          \
            U bits = (U)keys[i];                                                         \
            bits = (U)(bits << 1) > TWICE_INFINITY ? bits & ~((U)1 << SIGN_BIT) : bits;  \
            keys[i] = (I)(bits ^ ((U)((I)bits >> SIGN_BIT) >> 1));                       \
        }                                                                                \
    }                                                                                    \
    CK_CLONES void ck_keys_to_##suffix(void *elements, ptrdiff_t count) {                \
        I *keys = elements;                                                              \
        for (ptrdiff_t i = 0; i < count; i++) {                                          \
            U bits = (U)keys[i];                                                         \
            keys[i] = (I)(bits ^ ((U)((I)bits >> SIGN_BIT) >> 1));                       \
        }                                                                                \
    }
SORT_KEYS(f32, int32_t, uint32_t, 31, 0xff000000u)
SORT_KEYS(f64, int64_t, uint64_t, 63, 0xffe0000000000000u)
