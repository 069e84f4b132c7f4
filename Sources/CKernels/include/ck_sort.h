// Sorting rows, and moving elements by index or by mask.
#ifndef CK_SORT_H
#define CK_SORT_H

#include <stdint.h>

/// Sorts each of `rows` rows of `count` elements upwards, -0 before 0, NaN last and without its sign; `scratch` has
/// ck_sort_scratch bytes.
void ck_sort(int32_t type, intptr_t rows, intptr_t count, void *elements, void *scratch);
intptr_t ck_sort_scratch(int32_t type, intptr_t rows, intptr_t count);
/// For each row the places of its elements in sorted order; equal ones keep their order. `scratch` has
/// ck_argsort_scratch bytes, aligned to 16.
void ck_argsort(int32_t type, intptr_t rows, intptr_t count, const void *elements, int64_t *places,
                void *scratch);
intptr_t ck_argsort_scratch(int32_t type, intptr_t rows, intptr_t count);

/// Orders each of `rows` rows so that each of `places`, which ascend, holds what it would hold after sorting (NaN last),
/// with nothing larger before it and nothing smaller behind it. `from`, unless NULL, gets where each element came from.
void ck_partition(int32_t type, intptr_t rows, intptr_t count, void *elements, int64_t *from, intptr_t place_count,
                  const intptr_t *places);
/// For each value how many of the sorted elements (NaN last) are smaller, or not larger when `right` is not 0.
void ck_search_sorted(int32_t type, intptr_t count, const void *sorted, intptr_t value_count, const void *values,
                      int32_t right, int64_t *places);

/// out[o][k] = in[o][places[k]] for blocks of `bytes` bytes, `length` of them in each of `outer` planes. The
/// places lie in 0 ..< length.
void ck_take(intptr_t outer, intptr_t length, intptr_t bytes, const void *in, intptr_t count,
             const intptr_t *places, void *out);

/// Writes the elements whose mask byte is not zero one after another, and returns how many they are.
intptr_t ck_compress(int32_t type, intptr_t count, const void *in, const uint8_t *mask, void *out);
/// elements[i] = mask[i] ? value : elements[i].
void ck_fill_masked(int32_t type, intptr_t count, void *elements, const uint8_t *mask, const void *value);

#endif
