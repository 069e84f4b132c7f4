// Moving elements by index or by mask.
#include <string.h>

#include "ck_core.h"
#include "ck_array.h"
#include "array/nd.h"

void ck_take(ptrdiff_t outer, ptrdiff_t length, ptrdiff_t bytes, const void *in, ptrdiff_t count,
             const ptrdiff_t *places, void *out) {
    CK_ASSERT(outer, >= 0);
    CK_ASSERT(length, >= 0);
    CK_ASSERT(bytes, >= 0);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(in, outer * length * bytes);
    CK_ASSERT_MEMORY(places, count);
    CK_ASSERT_MEMORY(out, outer * count * bytes);
    CK_ASSERT_INDICES(places, count, length);
    char *o = out;
    for (ptrdiff_t plane = 0; plane < outer; plane++) {
        const char *from = (const char *)in + plane * length * bytes;
        if (bytes == 8) {
            for (ptrdiff_t k = 0; k < count; k++) ((uint64_t *)o)[k] = ((const uint64_t *)from)[places[k]];
        } else if (bytes == 4) {
            for (ptrdiff_t k = 0; k < count; k++) ((uint32_t *)o)[k] = ((const uint32_t *)from)[places[k]];
        } else if (bytes == 1) {
            for (ptrdiff_t k = 0; k < count; k++) o[k] = from[places[k]];
        } else {
            for (ptrdiff_t k = 0; k < count; k++)
                memcpy(o + k * bytes, from + places[k] * bytes, (size_t)bytes);
        }
        o += count * bytes;
    }
}

// The next place is always written and kept only if the mask says so: no branch to guess.
#define GATHER_COMPRESS(T)                                         \
    {                                                              \
        const T *a = in;                                           \
        T *o = out;                                                \
        ptrdiff_t i = 0, last = count;                             \
        while (last > 0 && !mask[last - 1]) last--;                \
        for (; i < last; i++) {                                    \
            o[kept] = a[i];                                        \
            kept += mask[i] != 0;                                  \
        }                                                          \
    }                                                              \
    break;

CK_CLONES ptrdiff_t ck_compress(int32_t type, ptrdiff_t count, const void *in, const uint8_t *mask, void *out) {
    CK_ASSERT_IN(type, CK_F32, CK_BOOL);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(in, count);
    CK_ASSERT_MEMORY(mask, count);
    CK_ASSERT_GIVEN(out);
    ptrdiff_t kept = 0;
    switch (type) {
        case CK_F32:
        case CK_I32: GATHER_COMPRESS(uint32_t)
        case CK_F64:
        case CK_I64: GATHER_COMPRESS(uint64_t)
        default: GATHER_COMPRESS(uint8_t)
    }
    return kept;
}

#define GATHER_FILL_MASKED(T)                                                   \
    {                                                                           \
        T *a = elements, v = *(const T *)value;                                 \
        for (ptrdiff_t i = 0; i < count; i++) a[i] = mask[i] ? v : a[i];        \
    }                                                                           \
    break;

CK_CLONES void ck_fill_masked(int32_t type, ptrdiff_t count, void *elements, const uint8_t *mask,
                              const void *value) {
    CK_ASSERT_IN(type, CK_F32, CK_BOOL);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(elements, count);
    CK_ASSERT_MEMORY(mask, count);
    CK_ASSERT_GIVEN(value);
    switch (type) {
        case CK_F32:
        case CK_I32: GATHER_FILL_MASKED(uint32_t)
        case CK_F64:
        case CK_I64: GATHER_FILL_MASKED(uint64_t)
        default: GATHER_FILL_MASKED(uint8_t)
    }
}
