// Numbers in bfloat16: the upper half of a float's bits.
#ifndef CK_HALF_H
#define CK_HALF_H

#include <stdint.h>

/// `ck_to_bfloat16` in parallel.
void ck_to_bfloat16_in_parts(int64_t count, const float *x, uint16_t *y);
/// `ck_round_to_bfloat16` in parallel.
void ck_round_to_bfloat16_in_parts(int64_t count, const float *x, float *y);

#endif
