// What entries of this folder ask of rows.
#ifndef CK_NEIGHBORS_ROWS_H
#define CK_NEIGHBORS_ROWS_H

#include "ck_core.h"
#include "ck_neighbors.h"

static inline void ck_check_rows(const ck_rows *rows) {
    CK_ASSERT_GIVEN(rows);
    CK_ASSERT(rows->count, >= 0);
    CK_ASSERT(rows->width, >= 0);
    CK_ASSERT(rows->bytes || rows->floats || rows->count * rows->width == 0, == 1);
    CK_ASSERT(rows->bytes && rows->floats, == 0);
}

#endif
