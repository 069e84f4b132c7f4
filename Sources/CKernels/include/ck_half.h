// Numbers in bfloat16: the upper half of a float's bits.
#ifndef CK_HALF_H
#define CK_HALF_H

#include <stdint.h>

/// Each number to the nearest bfloat16, ties to even; a NaN keeps its sign and becomes quiet. Serial.
void ck_to_half_range(const float *from, uint16_t *to, int64_t count);
/// The same in parallel.
void ck_to_half(int64_t count, const float *from, uint16_t *to);

#endif
