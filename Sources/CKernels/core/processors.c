// How many processors this process may keep busy.
#define _GNU_SOURCE

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ck_core.h"

/// Processors for a share of time, rounded up; INT32_MAX where there is no limit.
static int32_t whole_processors(long long quota, long long period) {
    if (quota <= 0 || period <= 0) return INT32_MAX;
    long long count = quota / period + (quota % period != 0);
    return count < INT32_MAX ? (int32_t)count : INT32_MAX;
}

/// The first `count` numbers of a file; 1 when they are there.
static int numbers(const char *folder, const char *group, const char *file, int count, long long *values) {
    char path[4096];
    int length = snprintf(path, sizeof path, "%s%s/%s", folder, group, file);
    if (length < 0 || (size_t)length >= sizeof path) return 0;
    FILE *stream = fopen(path, "re");
    if (!stream) return 0;
    int found = 0;
    while (found < count && fscanf(stream, "%lld", values + found) == 1) found++;  // "max" is no number
    fclose(stream);
    return found == count;
}

/// One group's limit: version 2's file has quota and period, version 1 has a file for each.
static int32_t limit_of(const char *groups, const char *group, int version) {
    long long values[2] = {0, 0};
    if (version == 2) {
        if (numbers(groups, group, "cpu.max", 2, values)) return whole_processors(values[0], values[1]);
        return INT32_MAX;
    }
    // The controller's folder has this name, or a link of this name leads to it.
    char folder[4096];
    int length = snprintf(folder, sizeof folder, "%s/cpu", groups);
    if (length < 0 || (size_t)length >= sizeof folder) return INT32_MAX;
    if (numbers(folder, group, "cpu.cfs_quota_us", 1, values) &&
        numbers(folder, group, "cpu.cfs_period_us", 1, values + 1))
        return whole_processors(values[0], values[1]);
    return INT32_MAX;
}

/// The smallest limit of a group and those around it, up to the root. In a container the group's name may be that of
/// the host, which is not there: what is there, counts.
static int32_t limit_around(const char *groups, char *group, int version) {
    int32_t smallest = INT32_MAX;
    for (;;) {
        if (strcmp(group, "/") == 0) group[0] = 0;
        int32_t limit = limit_of(groups, group, version);
        if (limit < smallest) smallest = limit;
        char *end = strrchr(group, '/');
        if (!end) return smallest;
        *end = 0;
    }
}

/// Whether a line's list of controllers, "cpu,cpuacct", has the processors' one.
static int has_processors(const char *list, size_t length) {
    while (length > 0) {
        const char *comma = memchr(list, ',', length);
        size_t word = comma ? (size_t)(comma - list) : length;
        if (word == 3 && memcmp(list, "cpu", 3) == 0) return 1;
        if (!comma) return 0;
        length -= word + 1;
        list = comma + 1;
    }
    return 0;
}

int32_t ck_group_processors(const char *membership, const char *groups) {
    CK_ASSERT_GIVEN(membership);
    CK_ASSERT_GIVEN(groups);
    FILE *stream = fopen(membership, "re");
    if (!stream) return INT32_MAX;
    int32_t smallest = INT32_MAX;
    char line[4096];
    while (fgets(line, sizeof line, stream)) {  // "number:controllers:/group"
        line[strcspn(line, "\n")] = 0;
        char *controllers = strchr(line, ':');
        char *group = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!group || group[1] != '/') continue;
        controllers++;
        size_t length = (size_t)(group - controllers);
        if (length > 0 && !has_processors(controllers, length)) continue;
        int32_t limit = limit_around(groups, group + 1, length == 0 ? 2 : 1);
        if (limit < smallest) smallest = limit;
    }
    fclose(stream);
    return smallest;
}

/// The processors that this process may run on. The system refuses a set that is too small for the machine's processors,
/// and does not say how many they are: the set grows until it fits.
static int32_t allowed_processors(void) {
    for (int size = 1024; size <= 1 << 22; size *= 2) {
        cpu_set_t *set = CPU_ALLOC(size);
        if (!set) break;
        size_t bytes = CPU_ALLOC_SIZE(size);
        CPU_ZERO_S(bytes, set);
        int refused = sched_getaffinity(0, bytes, set) != 0, reason = errno;
        int count = refused ? 0 : CPU_COUNT_S(bytes, set);
        CPU_FREE(set);
        if (!refused && count > 0) return count;
        if (reason != EINVAL) break;
    }
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : online < INT32_MAX ? (int32_t)online : INT32_MAX;
}

int32_t ck_usable_processors(void) {
    int32_t allowed = allowed_processors(), share = ck_group_processors("/proc/self/cgroup", "/sys/fs/cgroup");
    return share < allowed ? share : allowed;
}
