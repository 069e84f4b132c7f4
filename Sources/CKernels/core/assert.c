// What an assertion that fails says before it ends the program.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ck_core.h"

static _Noreturn void stop(void) {
    fflush(stderr);
    abort();
}

void ck_assertion_failed(const char *function, const char *file, int line, const char *what, const char *expected,
                         intmax_t got) {
    fprintf(stderr, "%s (%s:%d): %s: expected %s, got %" PRIdMAX "\n", function, file, line, what, expected, got);
    stop();
}

void ck_check_indices(const char *function, const char *file, int line, const char *what, const void *indices,
                      ptrdiff_t size, ptrdiff_t count, ptrdiff_t limit) {
    for (ptrdiff_t i = 0; i < count; i++) {
        int64_t index = size == sizeof(int32_t) ? ((const int32_t *)indices)[i] : ((const int64_t *)indices)[i];
        if (index >= 0 && index < limit) continue;
        fprintf(stderr, "%s (%s:%d): %s[%td]: expected 0 ..< %td, got %" PRId64 "\n", function, file, line, what, i, limit,
                index);
        stop();
    }
}
