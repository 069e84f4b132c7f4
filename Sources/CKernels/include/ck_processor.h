// What the processor can do.
#ifndef CK_PROCESSOR_H
#define CK_PROCESSOR_H

#include <stdint.h>

/// Whether it multiplies bfloat16 (AVX-512 BF16): 1 or 0.
int32_t ck_multiplies_bfloat16(void);

/// How many processors this process may keep busy, at least 1: those that it may run on, and no more than its control
/// group's share of time, rounded up.
int32_t ck_usable_processors(void);

/// The part of ck_usable_processors that asks the control groups, versions 1 and 2: the smallest share of the group
/// that `membership` names (as /proc/self/cgroup does) and of those around it, INT32_MAX without one. `groups` is the
/// folder of the groups, /sys/fs/cgroup.
int32_t ck_group_processors(const char *membership, const char *groups);

#endif
