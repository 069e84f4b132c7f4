// What the linear solvers share: the order in which rows are visited, and how their entries are read.
#ifndef CK_SVM_LINEAR_H
#define CK_SVM_LINEAR_H

#include <stddef.h>
#include <stdint.h>

#include "ck_core.h"
#include "ck_svm.h"

// xorshift64* (G. Marsaglia 2003, S. Vigna 2016).
CK_INLINE uint64_t draw(uint64_t *state) {
    uint64_t x = *state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return x * 0x2545F4914F6CDD1Du;
}

CK_INLINE void shuffle(int32_t *order, ptrdiff_t count, uint64_t *state) {
    for (ptrdiff_t i = 0; i + 1 < count; i++) {
        ptrdiff_t j = i + (ptrdiff_t)(((__uint128_t)draw(state) * (uint64_t)(count - i)) >> 64);
        int32_t kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

CK_INLINE void prefetch(const ck_linear_rows *rows, ptrdiff_t r, const int bytes) {
    ptrdiff_t begin = rows->starts[r], end = rows->starts[r + 1];
    if (bytes) {
        for (ptrdiff_t e = begin; e < end; e += 32) __builtin_prefetch(rows->columns16 + e);
        for (ptrdiff_t e = begin; e < end; e += 64) __builtin_prefetch(rows->bytes + e);
    } else {
        for (ptrdiff_t e = begin; e < end; e += 16) __builtin_prefetch(rows->columns32 + e);
        for (ptrdiff_t e = begin; e < end; e += 16) __builtin_prefetch(rows->numbers + e);
    }
}

#define CK_LINEAR_COLUMN(e) (bytes ? (ptrdiff_t)rows->columns16[e] : (ptrdiff_t)rows->columns32[e])
#define CK_LINEAR_VALUE(e) (bytes ? rows->table[rows->bytes[e]] : rows->numbers[e])

static inline void ck_check_linear_rows(const ck_linear_rows *rows) {
    CK_ASSERT_GIVEN(rows);
    CK_ASSERT(rows->count, >= 0);
    CK_ASSERT(rows->width, >= 0);
    CK_ASSERT_GIVEN(rows->starts);
    CK_ASSERT(rows->bytes && !rows->table, == 0);
}

#endif
