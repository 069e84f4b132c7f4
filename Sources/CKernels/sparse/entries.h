// What entries of this folder ask of rows that are kept as their entries.
#ifndef CK_SPARSE_ENTRIES_H
#define CK_SPARSE_ENTRIES_H

#include "ck_core.h"
#include "ck_sparse.h"

static inline void ck_check_entries(const ck_entries *input) {
    CK_ASSERT_GIVEN(input);
    CK_ASSERT(input->count, >= 0);
    CK_ASSERT(input->width, >= 0);
    CK_ASSERT_GIVEN(input->starts);
    CK_ASSERT_MEMORY(input->rows, input->count);
    CK_ASSERT_INDICES(input->rows, input->count, INT32_MAX);
#if defined(CK_CHECKED)
    for (ptrdiff_t i = 0; i < input->count; i++) {
        int64_t first = input->starts[input->rows[i]], end = input->starts[input->rows[i] + 1];
        CK_ASSERT(first, >= 0);
        CK_ASSERT(end, >= first);
        CK_ASSERT_INDICES(input->columns + first, end - first, input->width);
    }
#endif
}

#endif
