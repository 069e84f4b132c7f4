// Sorting rows: elements become integers of the same order (sort_keys.h), rows are dealt to the pool, and a long row is
// sorted by all threads.
#include <string.h>

#include "ck_core.h"
#include "ck_array.h"
#include "array/nd.h"
#include "array/sort_keys.h"

/// From this length on a few rows are sorted one after another, each by all threads.
#define SORT_LONG (1 << 17)

static int is_long(ptrdiff_t rows, ptrdiff_t count) { return count >= SORT_LONG && rows < 8; }

static void to_keys(int32_t type, void *elements, ptrdiff_t count) {
    if (type == CK_F32) ck_keys_from_f32(elements, count);
    if (type == CK_F64) ck_keys_from_f64(elements, count);
}

static void from_keys(int32_t type, void *elements, ptrdiff_t count) {
    if (type == CK_F32) ck_keys_to_f32(elements, count);
    if (type == CK_F64) ck_keys_to_f64(elements, count);
}

/// Bytes: counted, unless the counts outnumber them.
static void sort_bytes(uint8_t *row, ptrdiff_t count) {
    if (count > 64) {
        ck_radix_u8(row, count);
        return;
    }
    for (ptrdiff_t i = 1; i < count; i++) {
        uint8_t key = row[i];
        ptrdiff_t j = i;
        for (; j > 0 && key < row[j - 1]; j--) row[j] = row[j - 1];
        row[j] = key;
    }
}

static void sort_keys(int32_t type, void *keys, ptrdiff_t rows, ptrdiff_t count, void *scratch) {
    switch (ck_type_size(type)) {
        case 4: ck_sort_keys_i32(keys, rows, count, scratch); break;
        case 8: ck_sort_keys_i64(keys, rows, count, scratch); break;
        default:
            for (ptrdiff_t row = 0; row < rows; row++) sort_bytes((uint8_t *)keys + row * count, count);
    }
}

// ------------------------------------------------------------------------------------------------ many rows

typedef struct {
    int32_t type, parts;
    ptrdiff_t rows, count;
    char *elements, *scratch;
} sorting;

static void sort_part(void *context, int32_t part) {
    const sorting *s = context;
    ptrdiff_t bytes = s->count * ck_type_size(s->type);
    ptrdiff_t first, end;
    ck_part_range(s->rows, s->parts, part, &first, &end);
    char *rows = s->elements + first * bytes;
    to_keys(s->type, rows, (end - first) * s->count);
    sort_keys(s->type, rows, end - first, s->count, s->scratch + part * bytes);
    from_keys(s->type, rows, (end - first) * s->count);
}

static int32_t row_parts(ptrdiff_t rows, ptrdiff_t count) {
    ptrdiff_t parts = rows * count / 16384;
    if (parts > rows) parts = rows;
    return parts < 1 ? 1 : parts > 64 ? 64 : (int32_t)parts;
}

// ---------------------------------------------------------------------------------------------- a long row

/// A long row is sorted in chunks, one for each thread, which are then merged two by two. How many they are does not
/// show: equal keys have equal bits.
typedef struct {
    int32_t type, chunks, slices;
    ptrdiff_t count;
    char *elements, *from, *to;
    int is_last;
} long_row;

#define SORT_MERGE_SLICE(suffix, I)                                                                                    \
    typedef struct {                                                                                                   \
        const I *a, *a_end, *b, *b_end;                                                                                \
        I *out;                                                                                                        \
    } merging_##suffix;                                                                                                \
    /* How many of the first `k` merged keys come from `a` (of n keys; b has m): the least i with a[i] > b[k - i - 1]. \
     */                                                                                                                \
    static ptrdiff_t taken_##suffix(const I *a, ptrdiff_t n, const I *b, ptrdiff_t m, ptrdiff_t k) {                   \
        ptrdiff_t low = k > m ? k - m : 0, high = k < n ? k : n;                                                       \
        while (low < high) {                                                                                           \
            ptrdiff_t middle = (low + high) / 2;                                                                       \
            if (a[middle] > b[k - middle - 1]) high = middle;                                                          \
            else low = middle + 1;                                                                                     \
        }                                                                                                              \
        return low;                                                                                                    \
    }                                                                                                                  \
    static inline void step_##suffix(merging_##suffix *m) {                                                            \
        I a = *m->a, b = *m->b;                                                                                        \
        ptrdiff_t second = b < a;                                                                                      \
        *m->out++ = second ? b : a;                                                                                    \
        m->a += 1 - second;                                                                                            \
        m->b += second;                                                                                                \
    }                                                                                                                  \
    static void finish_##suffix(merging_##suffix m) {                                                                  \
        while (m.a < m.a_end && m.b < m.b_end) step_##suffix(&m);                                                      \
        memcpy(m.out, m.a, (size_t)(m.a_end - m.a) * sizeof(I));                                                       \
        memcpy(m.out + (m.a_end - m.a), m.b, (size_t)(m.b_end - m.b) * sizeof(I));                                     \
    }                                                                                                                  \
    /* Merged keys first ..< end of a and b. In two halves at once: each waits for its own loads. */                   \
    static void merge_##suffix(const I *a, ptrdiff_t n, const I *b, ptrdiff_t m, ptrdiff_t first, ptrdiff_t end,       \
                               I *out) {                                                                               \
        ptrdiff_t places[3] = {first, first + (end - first) / 2, end}, from_a[3];                                      \
        for (int k = 0; k < 3; k++) from_a[k] = taken_##suffix(a, n, b, m, places[k]);                                 \
        merging_##suffix half[2];                                                                                      \
        for (int k = 0; k < 2; k++)                                                                                    \
            half[k] = (merging_##suffix){a + from_a[k], a + from_a[k + 1], b + places[k] - from_a[k],                  \
                                         b + places[k + 1] - from_a[k + 1], out + places[k]};                          \
        merging_##suffix x = half[0], y = half[1];                                                                     \
        while (x.a < x.a_end && x.b < x.b_end && y.a < y.a_end && y.b < y.b_end) {                                     \
            step_##suffix(&x);                                                                                         \
            step_##suffix(&y);                                                                                         \
        }                                                                                                              \
        finish_##suffix(x);                                                                                            \
        finish_##suffix(y);                                                                                            \
    }
SORT_MERGE_SLICE(i32, int32_t)
SORT_MERGE_SLICE(i64, int64_t)

static void sort_chunk(void *context, int32_t chunk) {
    const long_row *row = context;
    ptrdiff_t bytes = ck_type_size(row->type);
    ptrdiff_t first, end;
    ck_part_range(row->count, row->chunks, chunk, &first, &end);
    to_keys(row->type, row->elements + first * bytes, end - first);
    if (row->from != row->elements)
        memcpy(row->from + first * bytes, row->elements + first * bytes, (size_t)((end - first) * bytes));
    // The other of the two buffers is free in this range.
    sort_keys(row->type, row->from + first * bytes, 1, end - first, row->to + first * bytes);
}

/// One slice of the merging of two neighbours: chunks are merged in pairs, each pair in as many slices.
static void merge_part(void *context, int32_t part) {
    const long_row *row = context;
    ptrdiff_t bytes = ck_type_size(row->type);
    ptrdiff_t start, middle, end, unused, first, last;
    int32_t pair = part / row->slices;
    ck_part_range(row->count, row->chunks, 2 * pair, &start, &middle);
    ck_part_range(row->count, row->chunks, 2 * pair + 1, &unused, &end);
    ck_part_range(end - start, row->slices, part % row->slices, &first, &last);
    const char *a = row->from + start * bytes, *b = row->from + middle * bytes;
    char *out = row->to + start * bytes;
    if (bytes == 4)
        merge_i32((const int32_t *)a, middle - start, (const int32_t *)b, end - middle, first, last, (int32_t *)out);
    else
        merge_i64((const int64_t *)a, middle - start, (const int64_t *)b, end - middle, first, last, (int64_t *)out);
    if (row->is_last) from_keys(row->type, out + first * bytes, last - first);
}

static void sort_long(int32_t type, ptrdiff_t count, void *elements, void *scratch) {
    int32_t rounds = 1;
    while (rounds < 4 && 1 << rounds < ck_thread_count()) rounds++;
    long_row row = {.type = type, .chunks = 1 << rounds, .count = count, .elements = elements};
    // The last round writes into the elements.
    row.from = rounds % 2 == 0 ? elements : scratch;
    row.to = rounds % 2 == 0 ? scratch : elements;
    ck_parallel(row.chunks, sort_chunk, &row);
    for (; row.chunks > 1; row.chunks /= 2) {
        row.is_last = row.chunks == 2;
        row.slices = 32 / row.chunks;
        ck_parallel(row.chunks / 2 * row.slices, merge_part, &row);
        char *swap = row.from;
        row.from = row.to;
        row.to = swap;
    }
}

ptrdiff_t ck_sort_scratch(int32_t type, ptrdiff_t rows, ptrdiff_t count) {
    CK_ASSERT_IN(type, CK_F32, CK_BOOL);
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(count, >= 0);
    ptrdiff_t size = ck_type_size(type);
    if (size == 1) return 0;
    if (is_long(rows, count)) return count * size;
    return row_parts(rows, count) * count * size;
}

void ck_sort(int32_t type, ptrdiff_t rows, ptrdiff_t count, void *elements, void *scratch) {
    CK_ASSERT_IN(type, CK_F32, CK_BOOL);
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(elements, rows * count);
    CK_ASSERT_MEMORY(scratch, ck_sort_scratch(type, rows, count));
    if (is_long(rows, count) && ck_type_size(type) > 1) {
        for (ptrdiff_t row = 0; row < rows; row++)
            sort_long(type, count, (char *)elements + row * count * ck_type_size(type), scratch);
        return;
    }
    sorting s = {type, row_parts(rows, count), rows, count, elements, scratch};
    ck_parallel(s.parts, sort_part, &s);
}
