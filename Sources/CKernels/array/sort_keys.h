// Sorting integers that stand for elements (sort_keys.c): one row after another, upwards.
//
// By Highway's quicksort, or by bytes (radix.c) where `ck_sorts_by_bytes` says so. Equal keys have equal bits, so both
// give the same.
#ifndef CK_ARRAY_SORT_KEYS_H
#define CK_ARRAY_SORT_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "CHighway.h"

/// AMD's first processors with AVX-512 store the lanes that a mask picks in microcode, some hundred cycles a vector, and
/// Highway's AVX-512 partitions are made of such stores (Agner Fog's tables, Zen 4, vpcompressd m512). There bytes won.
int32_t ck_sorts_by_bytes(void);

/// `scratch` has room for one row, and is not read or written where keys are not sorted by bytes.
void ck_sort_keys_i32(int32_t *keys, ptrdiff_t rows, ptrdiff_t count, void *scratch);
void ck_sort_keys_i64(int64_t *keys, ptrdiff_t rows, ptrdiff_t count, void *scratch);
/// Entries whose low half is their place in the row, and so in order already among equal high halves.
void ck_sort_keys_placed(uint64_t *keys, ptrdiff_t rows, ptrdiff_t count, void *scratch);
void ck_sort_keys_pairs(chwy_pair *keys, ptrdiff_t rows, ptrdiff_t count, void *scratch);

/// Floating-point numbers as integers of the same order and size, and back: -0 comes before 0, NaN last without its
/// sign.
void ck_keys_from_f32(void *elements, ptrdiff_t count);
void ck_keys_to_f32(void *elements, ptrdiff_t count);
void ck_keys_from_f64(void *elements, ptrdiff_t count);
void ck_keys_to_f64(void *elements, ptrdiff_t count);

/// Sorts by bytes (radix.c), by the high half only: the low ones are in order already; `scratch` has room for the row.
void ck_radix_pairs(chwy_pair *row, ptrdiff_t n, void *scratch);

#endif
