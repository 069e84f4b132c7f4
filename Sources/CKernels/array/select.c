// Partial sorting: what a place would hold after sorting, smaller elements before it and larger ones behind it.
#include <stddef.h>

#include "ck_core.h"
#include "ck_array.h"

// Quickselect (C. A. R. Hoare, "Algorithm 65: Find", CACM 4, 1961). The partition has no branch in its loop. The pivot
// is the middle of three, or of three such; a range that does not shrink as it should is sorted by a heap, so the worst
// case stays O(n log n). Elements equal to the smallest are split off at once, so many equal ones do no harm.
//
// SWAP exchanges elements i and j with whatever travels with them.
#define SELECT(suffix, T, ARGUMENTS, SWAP)                                                                \
    static void heap_##suffix(ARGUMENTS, ptrdiff_t low, ptrdiff_t count) {                                \
        for (ptrdiff_t start = count / 2, end = count; end > 1;) {                                        \
            if (start > 0) {                                                                              \
                start--;                                                                                  \
            } else {                                                                                      \
                end--;                                                                                    \
                SWAP(low, low + end)                                                                      \
            }                                                                                             \
            for (ptrdiff_t root = start;;) {                                                              \
                ptrdiff_t child = 2 * root + 1;                                                           \
                if (child >= end) break;                                                                  \
                child += child + 1 < end && a[low + child] < a[low + child + 1];                          \
                if (!(a[low + root] < a[low + child])) break;                                             \
                SWAP(low + root, low + child)                                                             \
                root = child;                                                                             \
            }                                                                                             \
        }                                                                                                 \
    }                                                                                                     \
    static ptrdiff_t middle_##suffix(const T *a, ptrdiff_t i, ptrdiff_t j, ptrdiff_t k) {                 \
        return a[i] < a[j] ? (a[j] < a[k] ? j : a[i] < a[k] ? k : i)                                      \
                           : (a[i] < a[k] ? i : a[j] < a[k] ? k : j);                                     \
    }                                                                                                     \
    CK_CLONES static void ck_select_##suffix(ARGUMENTS, ptrdiff_t low, ptrdiff_t high, ptrdiff_t place) { \
        int32_t patience = 16;                                                                            \
        for (ptrdiff_t n = high - low; n > 1; n /= 2) patience += 2;                                      \
        while (high - low > 24) {                                                                         \
            if (patience-- == 0) {                                                                        \
                heap_##suffix(SELECT_PASS_##suffix, low, high - low);                                     \
                return;                                                                                   \
            }                                                                                             \
            ptrdiff_t n = high - low, step = n / 8, pivot = low + n / 2;                                  \
            pivot = n < 128 ? middle_##suffix(a, low, pivot, high - 1)                                    \
                            : middle_##suffix(a, middle_##suffix(a, low, low + step, low + 2 * step),     \
                                              middle_##suffix(a, pivot - step, pivot, pivot + step),      \
                                              middle_##suffix(a, high - 1 - 2 * step, high - 1 - step,    \
                                                              high - 1));                                 \
            SWAP(pivot, high - 1)                                                                         \
            const T value = a[high - 1];                                                                  \
            ptrdiff_t next = low;                                                                         \
            for (ptrdiff_t i = low; i < high - 1; i++) {                                                  \
                ptrdiff_t less = a[i] < value;                                                            \
                SWAP(i, next)                                                                             \
                next += less;                                                                             \
            }                                                                                             \
            SWAP(next, high - 1)                                                                          \
            if (place == next) return;                                                                    \
            if (place < next) {                                                                           \
                high = next;                                                                              \
                continue;                                                                                 \
            }                                                                                             \
            const ptrdiff_t smallest = next == low;                                                       \
            low = next + 1;                                                                               \
            if (!smallest) continue;                                                                      \
            next = low;                                                                                   \
            for (ptrdiff_t i = low; i < high; i++) {                                                      \
                ptrdiff_t equal = !(value < a[i]);                                                        \
                SWAP(i, next)                                                                             \
                next += equal;                                                                            \
            }                                                                                             \
            if (place < next) return;                                                                     \
            low = next;                                                                                   \
        }                                                                                                 \
        for (ptrdiff_t i = low + 1; i < high; i++)                                                        \
            for (ptrdiff_t j = i; j > low && a[j] < a[j - 1]; j--) SWAP(j, j - 1)                         \
    }                                                                                                     \
    /* NaN goes behind all others; the places ascend. */                                                  \
    static void places_##suffix(ARGUMENTS, ptrdiff_t n, ptrdiff_t count, const ptrdiff_t *places) {       \
        ptrdiff_t end = n;                                                                                \
        for (ptrdiff_t i = 0; i < end;) {                                                                 \
            if (a[i] == a[i]) {                                                                           \
                i++;                                                                                      \
            } else {                                                                                      \
                end--;                                                                                    \
                SWAP(i, end)                                                                              \
            }                                                                                             \
        }                                                                                                 \
        for (ptrdiff_t k = 0, low = 0; k < count && places[k] < end; k++) {                               \
            if (places[k] < low) continue; /* the same place again */                                     \
            ck_select_##suffix(SELECT_PASS_##suffix, low, end, places[k]);                                \
            low = places[k] + 1;                                                                          \
        }                                                                                                 \
    }

#define SELECT_SWAP_ELEMENTS(i, j)         \
    {                                      \
        __typeof__(*a) first = a[i];       \
        a[i] = a[j];                       \
        a[j] = first;                      \
    }
#define SELECT_SWAP_BOTH(i, j)             \
    {                                      \
        int64_t number = from[i];          \
        from[i] = from[j];                 \
        from[j] = number;                  \
        SELECT_SWAP_ELEMENTS(i, j)         \
    }
// Two parameters in one argument of SELECT.
#define SELECT_WITH_PLACES(T) T *a, int64_t *from
#define SELECT_PASS_f32 a
#define SELECT_PASS_f64 a
#define SELECT_PASS_i32 a
#define SELECT_PASS_i64 a
#define SELECT_PASS_u8 a
#define SELECT_PASS_arg_f32 a, from
#define SELECT_PASS_arg_f64 a, from
#define SELECT_PASS_arg_i32 a, from
#define SELECT_PASS_arg_i64 a, from
#define SELECT_PASS_arg_u8 a, from
SELECT(f32, float, float *a, SELECT_SWAP_ELEMENTS)
SELECT(f64, double, double *a, SELECT_SWAP_ELEMENTS)
SELECT(i32, int32_t, int32_t *a, SELECT_SWAP_ELEMENTS)
SELECT(i64, int64_t, int64_t *a, SELECT_SWAP_ELEMENTS)
SELECT(u8, uint8_t, uint8_t *a, SELECT_SWAP_ELEMENTS)
SELECT(arg_f32, float, SELECT_WITH_PLACES(float), SELECT_SWAP_BOTH)
SELECT(arg_f64, double, SELECT_WITH_PLACES(double), SELECT_SWAP_BOTH)
SELECT(arg_i32, int32_t, SELECT_WITH_PLACES(int32_t), SELECT_SWAP_BOTH)
SELECT(arg_i64, int64_t, SELECT_WITH_PLACES(int64_t), SELECT_SWAP_BOTH)
SELECT(arg_u8, uint8_t, SELECT_WITH_PLACES(uint8_t), SELECT_SWAP_BOTH)

typedef struct {
    int32_t type, parts;
    ptrdiff_t rows, count, place_count;
    const ptrdiff_t *places;
    void *elements;
    int64_t *from;
} selection;

static void select_row(const selection *s, ptrdiff_t row) {
    const ptrdiff_t start = row * s->count;
#define SELECT_ROW(suffix, T)                                                                                   \
    if (s->from == NULL) places_##suffix((T *)s->elements + start, s->count, s->place_count, s->places);        \
    else places_arg_##suffix((T *)s->elements + start, s->from + start, s->count, s->place_count, s->places);   \
    break;
    if (s->from != NULL)
        for (ptrdiff_t i = 0; i < s->count; i++) s->from[start + i] = i;
    switch (s->type) {
        case CK_F32: SELECT_ROW(f32, float)
        case CK_F64: SELECT_ROW(f64, double)
        case CK_I32: SELECT_ROW(i32, int32_t)
        case CK_I64: SELECT_ROW(i64, int64_t)
        default: SELECT_ROW(u8, uint8_t)
    }
#undef SELECT_ROW
}

static void select_part(void *context, int32_t part) {
    const selection *s = context;
    ptrdiff_t first, end;
    ck_part_range(s->rows, s->parts, part, &first, &end);
    for (ptrdiff_t row = first; row < end; row++) select_row(s, row);
}

void ck_partition(int32_t type, ptrdiff_t rows, ptrdiff_t count, void *elements, int64_t *from, ptrdiff_t place_count,
                  const ptrdiff_t *places) {
    CK_ASSERT_IN(type, CK_F32, CK_BOOL);
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(count, >= 0);
    CK_ASSERT(place_count, >= 0);
    CK_ASSERT_MEMORY(elements, rows * count);
    CK_ASSERT_MEMORY(places, place_count);
    CK_ASSERT_INDICES(places, place_count, count);
    selection s = {type, 1, rows, count, place_count, places, elements, from};
    if (rows * count >= 65536 && rows > 1) s.parts = rows < 64 ? (int32_t)rows : 64;
    ck_parallel(s.parts, select_part, &s);
}
