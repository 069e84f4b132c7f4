// What the processor can do.
#ifndef CK_PROCESSOR_H
#define CK_PROCESSOR_H

#include <stdint.h>

/// Whether it multiplies bfloat16 (AVX-512 BF16): 1 or 0.
int32_t ck_multiplies_bfloat16(void);

/// Widest vectors of float that it multiplies and adds: 512 bits (AVX-512 F, CD, BW, DQ, VL), 256 (AVX2, FMA), or 0,
/// which says nothing about other architectures than x86-64.
int32_t ck_vector_bits(void);
/// Whether AMD made it: 1 or 0.
int32_t ck_is_amd(void);

#endif
