// What the processor can do.
#ifndef CK_PROCESSOR_H
#define CK_PROCESSOR_H

#include <stdint.h>

/// Whether it multiplies bfloat16 (AVX-512 BF16): 1 or 0.
int32_t ck_multiplies_bfloat16(void);

#endif
