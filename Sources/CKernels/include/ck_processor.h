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

/// Widest vectors of float that it multiplies and adds: 512 bits (AVX-512 F, CD, BW, DQ, VL), 256 (AVX2, FMA), or 0,
/// which says nothing about other architectures than x86-64.
int32_t ck_vector_bits(void);
/// Whether AMD made it: 1 or 0.
int32_t ck_is_amd(void);

/// How many processors this process may keep busy, at least 1: those that it may run on, and no more than its control
/// group's share of time, rounded up.
int32_t ck_usable_processors(void);

/// The part of ck_usable_processors that asks the control groups, versions 1 and 2: the smallest share of the group
/// that `membership` names (as /proc/self/cgroup does) and of those around it, INT32_MAX without one. `groups` is the
/// folder of the groups, /sys/fs/cgroup.
int32_t ck_group_processors(const char *membership, const char *groups);

#endif
