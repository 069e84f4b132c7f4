// What the processor can do: asked here and nowhere else, so that no two kernels judge one processor differently.
// (ck_clones.h leaves the choice to the loader; its names of processors mean the same features.)
#ifndef CK_PROCESSOR_H
#define CK_PROCESSOR_H

#include <stdint.h>

/// What the kernels are chosen by. On other architectures than x86-64 all is 0, which says nothing about them.
struct ck_processor {
    int32_t is_amd;            // its maker, as the processor names it: 1 or 0
    int32_t vector_bits;       // widest vectors of float that it multiplies and adds: 512 (AVX-512 F, CD, BW, DQ, VL),
                               // 256 (AVX2, FMA), or 0
    int32_t level;             // 4 or 3: it has all of x86-64-v4 or x86-64-v3, which more belongs to; else 0
    int32_t multiplies_bytes;  // 512 bits of bytes at once (AVX-512 VNNI): 1 or 0
    int32_t stores_compressed; // the chosen lanes of 512 bits go to memory at full speed (see processor.c): 1 or 0
    int32_t avx512_bf16;       // multiplies vectors of bfloat16, and the system keeps them: 1 or 0
    int32_t amx_bf16;          // multiplies tiles of bfloat16: 1 or 0
};

/// This processor. It is asked once; what comes back is for ever.
const struct ck_processor *ck_this_processor(void);

/// How many processors this process may keep busy, at least 1: those that it may run on, and no more than its control
/// group's share of time, rounded up.
int32_t ck_usable_processors(void);

/// The part of ck_usable_processors that asks the control groups, versions 1 and 2: the smallest share of the group
/// that `membership` names (as /proc/self/cgroup does) and of those around it, INT32_MAX without one. `groups` is the
/// folder of the groups, /sys/fs/cgroup.
int32_t ck_group_processors(const char *membership, const char *groups);

#endif
