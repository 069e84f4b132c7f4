// Sorts by bytes (radix.c): upwards; `scratch` has room for the row. Rows shorter than CK_RADIX_FROM or longer than
// CK_RADIX_TO are merged instead.
#ifndef CK_RADIX_H
#define CK_RADIX_H

#include <stdint.h>

#include "CHighway.h"

/// Shorter rows: the tables of counts would cost more than the sorting.
#define CK_RADIX_FROM 256
/// Longer ones would need wider counts.
#define CK_RADIX_TO UINT32_MAX

void ck_radix_i32(int32_t *row, intptr_t n, void *scratch);
void ck_radix_i64(int64_t *row, intptr_t n, void *scratch);
void ck_radix_u8(uint8_t *row, intptr_t n);
/// By the high four bytes only: the low ones are in order already.
void ck_radix_placed(uint64_t *row, intptr_t n, void *scratch);
/// By the high half only, likewise.
void ck_radix_pairs(chwy_pair *row, intptr_t n, void *scratch);

#endif
