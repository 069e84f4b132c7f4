// What the processor can do.
#ifndef CK_PROCESSOR_H
#define CK_PROCESSOR_H

#include <stdint.h>

/// What decides in which numbers is multiplied: 1 or 0 each.
struct ck_processor {
    int32_t is_amd;       // its maker, as the processor names it
    int32_t avx512_bf16;  // multiplies vectors of bfloat16, and the system keeps them
    int32_t amx_bf16;     // multiplies tiles of bfloat16
};

/// This processor.
struct ck_processor ck_this_processor(void);

#endif
