// How many processors there are: on machines that are played, with more than a fixed set holds and with limits.
#define _GNU_SOURCE
#include "CKernels.h"
#include "check.h"

#include <errno.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

static int played;  // processors of the machine that is played; 0: this one's own
static int refusal = EINVAL;

/// Takes the place of the C library's: as Linux, it refuses a set that is too small for the machine's processors.
int sched_getaffinity(pid_t process, size_t bytes, cpu_set_t *set) {
    (void)process;
    int processors = played ? played : 4;
    if (played < 0 || bytes * 8 < (size_t)processors) {
        errno = refusal;
        return -1;
    }
    CPU_ZERO_S(bytes, set);
    for (int i = 0; i < processors; i++) CPU_SET_S(i, bytes, set);
    return 0;
}

static char folder[] = "/tmp/kernels-XXXXXX";

static void put(const char *path, const char *text) {
    char name[512];
    snprintf(name, sizeof name, "%s/%s", folder, path);
    for (char *slash = name + sizeof folder; (slash = strchr(slash, '/')); *slash++ = '/') {
        *slash = 0;
        mkdir(name, 0755);
    }
    FILE *file = fopen(name, "w");
    if (!file) exit(73);
    fputs(text, file);
    fclose(file);
}

static int32_t limit(const char *membership) {
    put("self", membership);
    char path[512];
    snprintf(path, sizeof path, "%s/self", folder);
    return ck_group_processors(path, folder);
}

void check_processors(void) {
    int32_t share = ck_group_processors("/proc/self/cgroup", "/sys/fs/cgroup");
    const int machines[] = {1, 4, 1024, 1025, 4096, 8192, 100000};
    for (unsigned i = 0; i < sizeof machines / sizeof machines[0]; i++) {
        played = machines[i];
        int32_t expected = share < played ? share : played;
        CHECK(ck_usable_processors() == expected, "of %d processors %d are used", played, ck_usable_processors());
    }
    played = -1;
    refusal = EPERM;
    CHECK(ck_usable_processors() >= 1, "no processor where the system does not answer");
    played = 0;

    if (!mkdtemp(folder)) exit(73);
    CHECK(limit("0::/\n") == INT32_MAX, "no limit is a limit");
    put("cpu.max", "max 100000\n");
    CHECK(limit("0::/\n") == INT32_MAX, "\"max\" is a limit");
    put("cpu.max", "150000 100000\n");
    CHECK(limit("0::/\n") == 2, "one and a half processors are %d", limit("0::/\n"));
    put("a/cpu.max", "max 100000\n");
    put("a/b/cpu.max", "300000 100000\n");
    CHECK(limit("0::/a/b\n") == 2, "the group around is the tighter one");
    put("cpu.max", "800000 100000\n");
    CHECK(limit("0::/a/b\n") == 3, "the inner group is the tighter one");
    CHECK(limit("0::/not/there\n") == 8, "a group that is not there");
    put("cpu.max", "0 0\n");
    CHECK(limit("0::/\n") == INT32_MAX, "nonsense is a limit");
    put("cpu/docker/cpu.cfs_quota_us", "50000\n");
    put("cpu/docker/cpu.cfs_period_us", "100000\n");
    put("cpu/cpu.cfs_quota_us", "-1\n");
    put("cpu/cpu.cfs_period_us", "100000\n");
    CHECK(limit("3:memory:/docker\n2:cpu,cpuacct:/docker\n1:name=systemd:/\n") == 1, "version 1");
    CHECK(limit("2:cpuset:/docker\n") == INT32_MAX, "another controller");
    CHECK(limit("2:cpuacct,cpu:/\n") == INT32_MAX, "version 1 without a limit");
    CHECK(limit("") == INT32_MAX && limit("nonsense\n0:\n::\n") == INT32_MAX, "nonsense");
    char command[600];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0) exit(73);
}
