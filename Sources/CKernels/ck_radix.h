// Sorts for long rows (radix.c): upwards, NaN last; `scratch` has room for the row.
#ifndef CK_RADIX_H
#define CK_RADIX_H

#include <stdint.h>

/// Shorter rows are merged: the tables of counts would cost more than the sorting.
#define CK_RADIX_FROM 256
/// Longer ones would need wider counts.
#define CK_RADIX_TO UINT32_MAX

void ck_radix_f32(void *row, intptr_t n, void *scratch);
void ck_radix_f64(void *row, intptr_t n, void *scratch);
void ck_radix_i32(void *row, intptr_t n, void *scratch);
void ck_radix_i64(void *row, intptr_t n, void *scratch);
void ck_radix_u8(void *row, intptr_t n, void *scratch);

#endif
