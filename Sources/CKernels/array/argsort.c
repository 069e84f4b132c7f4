// The places that sort a row: each element's key and its place are one integer, so equal elements keep their order.
#include <string.h>

#include "ck_core.h"
#include "ck_array.h"
#include "array/nd.h"
#include "array/sort_keys.h"

/// Keys are compared as unsigned numbers; -0 is 0 here, and all NaN are one, the greatest.
static uint32_t key_f32(float x) {
    if (x != x) return UINT32_MAX;
    x += 0.0f;
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits ^ ((0 - (bits >> 31)) | 0x80000000u);
}

static uint64_t key_f64(double x) {
    if (x != x) return UINT64_MAX;
    x += 0.0;
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits ^ ((0 - (bits >> 63)) | 0x8000000000000000u);
}

typedef struct {
    int32_t type, parts;
    ptrdiff_t rows, count;
    const char *elements;
    int64_t *places;
    char *scratch;
} argsorting;

/// Keys of at most 32 bits, of rows whose places need no more: key and place in one word, written where the places
/// will be.
static void argsort_words(const argsorting *s, ptrdiff_t first, ptrdiff_t end, void *scratch) {
    for (ptrdiff_t row = first; row < end; row++) {
        const char *elements = s->elements + row * s->count * ck_type_size(s->type);
        uint64_t *entries = (uint64_t *)(s->places + row * s->count);
        for (ptrdiff_t i = 0; i < s->count; i++) {
            uint32_t key = s->type == CK_F32   ? key_f32(((const float *)elements)[i])
                           : s->type == CK_I32 ? (uint32_t)((const int32_t *)elements)[i] ^ 0x80000000u
                                               : ((const uint8_t *)elements)[i];
            entries[i] = (uint64_t)key << 32 | (uint32_t)i;
        }
        ck_sort_keys_placed(entries, 1, s->count, scratch);
        for (ptrdiff_t i = 0; i < s->count; i++) entries[i] &= UINT32_MAX;
    }
}

static void argsort_pairs(const argsorting *s, ptrdiff_t first, ptrdiff_t end, void *scratch) {
    chwy_pair *pairs = scratch;
    for (ptrdiff_t row = first; row < end; row++) {
        const char *elements = s->elements + row * s->count * ck_type_size(s->type);
        for (ptrdiff_t i = 0; i < s->count; i++) {
            uint64_t key;
            switch (s->type) {
                case CK_F32: key = key_f32(((const float *)elements)[i]); break;
                case CK_F64: key = key_f64(((const double *)elements)[i]); break;
                case CK_I32: key = (uint32_t)((const int32_t *)elements)[i] ^ 0x80000000u; break;
                case CK_I64: key = (uint64_t)((const int64_t *)elements)[i] ^ 0x8000000000000000u; break;
                default: key = ((const uint8_t *)elements)[i];
            }
            pairs[i] = (chwy_pair){.low = (uint64_t)i, .high = key};
        }
        ck_sort_keys_pairs(pairs, 1, s->count, pairs + s->count);
        int64_t *places = s->places + row * s->count;
        for (ptrdiff_t i = 0; i < s->count; i++) places[i] = (int64_t)pairs[i].low;
    }
}

static int fits_words(int32_t type, ptrdiff_t count) {
    return ck_type_size(type) <= 4 && count <= (ptrdiff_t)UINT32_MAX;
}

/// Bytes of scratch that one part needs.
static ptrdiff_t part_scratch(int32_t type, ptrdiff_t count) {
    return fits_words(type, count) ? count * (ptrdiff_t)sizeof(uint64_t) : 2 * count * (ptrdiff_t)sizeof(chwy_pair);
}

static int32_t argsort_parts(ptrdiff_t rows, ptrdiff_t count) {
    ptrdiff_t parts = rows * count / 8192;
    if (parts > rows) parts = rows;
    return parts < 1 ? 1 : parts > 16 ? 16 : (int32_t)parts;
}

static void argsort_part(void *context, int32_t part) {
    const argsorting *s = context;
    ptrdiff_t first, end;
    ck_part_range(s->rows, s->parts, part, &first, &end);
    char *scratch = s->scratch + part * part_scratch(s->type, s->count);
    if (fits_words(s->type, s->count)) argsort_words(s, first, end, scratch);
    else argsort_pairs(s, first, end, scratch);
}

ptrdiff_t ck_argsort_scratch(int32_t type, ptrdiff_t rows, ptrdiff_t count) {
    CK_ASSERT_IN(type, CK_F32, CK_BOOL);
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(count, >= 0);
    return argsort_parts(rows, count) * part_scratch(type, count);
}

void ck_argsort(int32_t type, ptrdiff_t rows, ptrdiff_t count, const void *elements, int64_t *places,
                void *scratch) {
    CK_ASSERT_IN(type, CK_F32, CK_BOOL);
    CK_ASSERT(rows, >= 0);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(elements, rows * count);
    CK_ASSERT_MEMORY(places, rows * count);
    CK_ASSERT_MEMORY(scratch, ck_argsort_scratch(type, rows, count));
    argsorting s = {type, argsort_parts(rows, count), rows, count, elements, places, scratch};
    ck_parallel(s.parts, argsort_part, &s);
}
