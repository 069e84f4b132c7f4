// Where values belong among sorted ones.
#include "ck_core.h"
#include "ck_array.h"

#define SEARCH_PARTS 32

typedef struct {
    int32_t type, right, parts;
    ptrdiff_t count, value_count;
    const void *sorted, *values;
    int64_t *places;
} search;

// The NaN at the end are left out of the search, which has no branch: half of what is left is passed or not.
#define SEARCH(suffix, T)                                                                             \
    static ptrdiff_t numbers_##suffix(ptrdiff_t count, const T *sorted) {                             \
        ptrdiff_t low = 0, high = count;                                                              \
        while (low < high) {                                                                          \
            ptrdiff_t middle = low + (high - low) / 2;                                                \
            if (sorted[middle] == sorted[middle]) low = middle + 1;                                   \
            else high = middle;                                                                       \
        }                                                                                             \
        return low;                                                                                   \
    }                                                                                                 \
    static void search_##suffix(const search *s, ptrdiff_t first, ptrdiff_t end) {                    \
        const T *sorted = s->sorted, *values = s->values;                                             \
        const ptrdiff_t numbers = numbers_##suffix(s->count, sorted);                                 \
        for (ptrdiff_t i = first; i < end; i++) {                                                     \
            const T value = values[i];                                                                \
            const T *base = sorted;                                                                   \
            ptrdiff_t left = value == value ? numbers : 0;                                            \
            if (s->right) {                                                                           \
                while (left > 0) {                                                                    \
                    ptrdiff_t half = (left + 1) / 2;                                                  \
                    base += base[half - 1] <= value ? half : 0;                                       \
                    left -= half;                                                                     \
                }                                                                                     \
            } else {                                                                                  \
                while (left > 0) {                                                                    \
                    ptrdiff_t half = (left + 1) / 2;                                                  \
                    base += base[half - 1] < value ? half : 0;                                        \
                    left -= half;                                                                     \
                }                                                                                     \
            }                                                                                         \
            s->places[i] = value == value ? base - sorted : s->right ? s->count : numbers;            \
        }                                                                                             \
    }
SEARCH(f32, float)
SEARCH(f64, double)
SEARCH(i32, int32_t)
SEARCH(i64, int64_t)
SEARCH(u8, uint8_t)

static void search_part(void *context, int32_t part) {
    const search *s = context;
    ptrdiff_t first, end;
    ck_part_range(s->value_count, s->parts, part, &first, &end);
    switch (s->type) {
        case CK_F32: search_f32(s, first, end); break;
        case CK_F64: search_f64(s, first, end); break;
        case CK_I32: search_i32(s, first, end); break;
        case CK_I64: search_i64(s, first, end); break;
        default: search_u8(s, first, end); break;
    }
}

void ck_search_sorted(int32_t type, ptrdiff_t count, const void *sorted, ptrdiff_t value_count, const void *values,
                      int32_t right, int64_t *places) {
    CK_ASSERT_IN(type, CK_F32, CK_BOOL);
    CK_ASSERT(count, >= 0);
    CK_ASSERT(value_count, >= 0);
    CK_ASSERT_MEMORY(sorted, count);
    CK_ASSERT_MEMORY(values, value_count);
    CK_ASSERT_MEMORY(places, value_count);
    search s = {type, right, value_count >= 8192 ? SEARCH_PARTS : 1, count, value_count, sorted, values, places};
    ck_parallel(s.parts, search_part, &s);
}
