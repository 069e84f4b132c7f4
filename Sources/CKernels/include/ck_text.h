// Decimal text of a number with a given number of digits, rightly rounded (half to even).
#ifndef CK_TEXT_H
#define CK_TEXT_H

#include <stdint.h>

/// Writes `value` with `digits` digits after the point, and a final zero byte, to at most `size` bytes;
/// returns the length that it has.
int32_t ck_text_fixed(char *buffer, int32_t size, int32_t digits, double value);
/// Likewise with one digit before the point and an exponent.
int32_t ck_text_scientific(char *buffer, int32_t size, int32_t digits, double value);

#endif
