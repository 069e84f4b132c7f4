// Short rows and argsort: merge sort from the bottom up over runs that insertion has sorted; and gathers.
#include "ck_sort.h"

#include <string.h>

#include "ck_clones.h"
#include "ck_nd.h"
#include "ck_pool.h"
#include "ck_radix.h"

#define RUN_LENGTH 16

// NaN is greater than everything, itself excepted.
#define BEFORE(a, b) ((a) < (b) || ((b) != (b) && (a) == (a)))

/// KEY(e) is the element that entry `e` stands for.
#define MERGE_SORT(name, E, KEYS, KEY)                                                           \
    static void name(const KEYS *keys, intptr_t n, E *entries, E *scratch) {                     \
        (void)keys;                                                                              \
        for (intptr_t start = 0; start < n; start += RUN_LENGTH) {                               \
            intptr_t end = start + RUN_LENGTH < n ? start + RUN_LENGTH : n;                      \
            for (intptr_t i = start + 1; i < end; i++) {                                         \
                E entry = entries[i];                                                            \
                intptr_t j = i;                                                                  \
                for (; j > start && BEFORE(KEY(entry), KEY(entries[j - 1])); j--)                \
                    entries[j] = entries[j - 1];                                                 \
                entries[j] = entry;                                                              \
            }                                                                                    \
        }                                                                                        \
        E *from = entries, *to = scratch;                                                        \
        for (intptr_t width = RUN_LENGTH; width < n; width *= 2) {                               \
            for (intptr_t start = 0; start < n; start += 2 * width) {                            \
                intptr_t middle = start + width < n ? start + width : n;                         \
                intptr_t end = start + 2 * width < n ? start + 2 * width : n;                    \
                intptr_t i = start, j = middle, k = start;                                       \
                while (i < middle && j < end)                                                    \
                    to[k++] = BEFORE(KEY(from[j]), KEY(from[i])) ? from[j++] : from[i++];        \
                while (i < middle) to[k++] = from[i++];                                          \
                while (j < end) to[k++] = from[j++];                                             \
            }                                                                                    \
            E *swap = from;                                                                      \
            from = to;                                                                           \
            to = swap;                                                                           \
        }                                                                                        \
        if (from != entries) memcpy(entries, from, (size_t)n * sizeof(E));                       \
    }

#define ITSELF(e) (e)
#define AT_PLACE(e) (keys[e])
#define SORTS(suffix, T)                                                                              \
    MERGE_SORT(sort_##suffix, T, T, ITSELF)                                          \
    MERGE_SORT(argsort_##suffix, int64_t, T, AT_PLACE)
SORTS(f32, float)
SORTS(f64, double)
SORTS(i32, int32_t)
SORTS(i64, int64_t)
SORTS(u8, uint8_t)

typedef struct {
    int32_t type, parts;
    intptr_t rows, count;
    char *elements, *scratch;
} sorting;

static void sort_row(int32_t type, intptr_t count, void *row, void *scratch) {
    if (count >= CK_RADIX_FROM && count <= CK_RADIX_TO) {
        switch (type) {
            case CK_F32: ck_radix_f32(row, count, scratch); break;
            case CK_F64: ck_radix_f64(row, count, scratch); break;
            case CK_I32: ck_radix_i32(row, count, scratch); break;
            case CK_I64: ck_radix_i64(row, count, scratch); break;
            default: ck_radix_u8(row, count, scratch); break;
        }
    } else {
        switch (type) {
            case CK_F32: sort_f32(NULL, count, row, scratch); break;
            case CK_F64: sort_f64(NULL, count, row, scratch); break;
            case CK_I32: sort_i32(NULL, count, row, scratch); break;
            case CK_I64: sort_i64(NULL, count, row, scratch); break;
            default: sort_u8(NULL, count, row, scratch); break;
        }
    }
}

static void sort_part(void *context, int32_t part) {
    const sorting *s = context;
    intptr_t bytes = s->count * ck_type_size(s->type);
    int64_t first, end;
    ck_part_range(s->rows, s->parts, part, &first, &end);
    for (intptr_t row = first; row < end; row++)
        sort_row(s->type, s->count, s->elements + row * bytes, s->scratch + part * bytes);
}

int32_t ck_sort_parts(intptr_t rows, intptr_t count) {
    intptr_t parts = rows * count / 16384;
    if (parts > rows) parts = rows;
    return parts < 1 ? 1 : parts > 16 ? 16 : (int32_t)parts;
}

void ck_sort(int32_t type, intptr_t rows, intptr_t count, void *elements, void *scratch) {
    sorting s = {type, ck_sort_parts(rows, count), rows, count, elements, scratch};
    ck_parallel(s.parts, sort_part, &s);
}

void ck_argsort(int32_t type, intptr_t rows, intptr_t count, const void *elements, int64_t *places,
                int64_t *scratch) {
    for (intptr_t row = 0; row < rows; row++) {
        intptr_t first = row * count;
        int64_t *out = places + first;
        for (intptr_t i = 0; i < count; i++) out[i] = i;
        switch (type) {
            case CK_F32: argsort_f32((const float *)elements + first, count, out, scratch); break;
            case CK_F64: argsort_f64((const double *)elements + first, count, out, scratch); break;
            case CK_I32: argsort_i32((const int32_t *)elements + first, count, out, scratch); break;
            case CK_I64: argsort_i64((const int64_t *)elements + first, count, out, scratch); break;
            default: argsort_u8((const uint8_t *)elements + first, count, out, scratch); break;
        }
    }
}

void ck_take(intptr_t outer, intptr_t length, intptr_t bytes, const void *in, intptr_t count,
             const intptr_t *places, void *out) {
    char *o = out;
    for (intptr_t plane = 0; plane < outer; plane++) {
        const char *from = (const char *)in + plane * length * bytes;
        if (bytes == 8) {
            for (intptr_t k = 0; k < count; k++) ((uint64_t *)o)[k] = ((const uint64_t *)from)[places[k]];
        } else if (bytes == 4) {
            for (intptr_t k = 0; k < count; k++) ((uint32_t *)o)[k] = ((const uint32_t *)from)[places[k]];
        } else if (bytes == 1) {
            for (intptr_t k = 0; k < count; k++) o[k] = from[places[k]];
        } else {
            for (intptr_t k = 0; k < count; k++)
                memcpy(o + k * bytes, from + places[k] * bytes, (size_t)bytes);
        }
        o += count * bytes;
    }
}

// The next place is always written and kept only if the mask says so: no branch to guess.
#define COMPRESS(T)                                                \
    {                                                              \
        const T *a = in;                                           \
        T *o = out;                                                \
        intptr_t i = 0, last = count;                              \
        while (last > 0 && !mask[last - 1]) last--;                \
        for (; i < last; i++) {                                    \
            o[kept] = a[i];                                        \
            kept += mask[i] != 0;                                  \
        }                                                          \
    }                                                              \
    break;

CK_CLONES intptr_t ck_compress(int32_t type, intptr_t count, const void *in, const uint8_t *mask, void *out) {
    intptr_t kept = 0;
    switch (type) {
        case CK_F32:
        case CK_I32: COMPRESS(uint32_t)
        case CK_F64:
        case CK_I64: COMPRESS(uint64_t)
        default: COMPRESS(uint8_t)
    }
    return kept;
}

#define FILL_MASKED(T)                                                          \
    {                                                                           \
        T *a = elements, v = *(const T *)value;                                 \
        for (intptr_t i = 0; i < count; i++) a[i] = mask[i] ? v : a[i];         \
    }                                                                           \
    break;

CK_CLONES void ck_fill_masked(int32_t type, intptr_t count, void *elements, const uint8_t *mask,
                              const void *value) {
    switch (type) {
        case CK_F32:
        case CK_I32: FILL_MASKED(uint32_t)
        case CK_F64:
        case CK_I64: FILL_MASKED(uint64_t)
        default: FILL_MASKED(uint8_t)
    }
}
