#include "CHighway.h"

#include <hwy/contrib/sort/vqsort.h>

static_assert(sizeof(chwy_pair) == sizeof(hwy::uint128_t), "a pair is Highway's 128-bit number");

namespace {

/// One sorter for all rows: making one asks for memory.
template <typename Key>
void sort_rows(Key *keys, intptr_t rows, intptr_t count) {
    const hwy::Sorter sorter;
    for (intptr_t row = 0; row < rows; row++)
        sorter(keys + row * count, static_cast<size_t>(count), hwy::SortAscending());
}

}  // namespace

void chwy_sort_i32(int32_t *keys, intptr_t rows, intptr_t count) { sort_rows(keys, rows, count); }
void chwy_sort_i64(int64_t *keys, intptr_t rows, intptr_t count) { sort_rows(keys, rows, count); }
void chwy_sort_u64(uint64_t *keys, intptr_t rows, intptr_t count) { sort_rows(keys, rows, count); }
void chwy_sort_pairs(chwy_pair *keys, intptr_t rows, intptr_t count) {
    sort_rows(reinterpret_cast<hwy::uint128_t *>(keys), rows, count);
}
