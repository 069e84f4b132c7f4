// Has OpenBLAS choose its kernels by what the processor can do, before the program's first thread.
//
// A build for many processors chooses when it is loaded, by the processor's number, and reads OPENBLAS_CORETYPE then; that
// variable is the only way to tell it otherwise. To set it (setenv) while another thread reads the environment is a race:
// the C library moves the list under the reader. So it is not set, and it does not happen late:
//
// - `choose` is a constructor. Those of a program run before `main`, when it has one thread that runs any code of ours or
//   of the C library's users: OpenBLAS's own, where it has made some, sleep until they are given a product, and no product
//   has been asked for. Libraries are initialised before what needs them, so OpenBLAS has made its first choice by then.
// - Where this is loaded into a program that runs already (dlopen), other threads may read the environment: then they read
//   one of two whole lists, which both stay (`ck_with_variable`). A thread that sets a variable itself in that moment works
//   on the longer list: it may keep OPENBLAS_CORETYPE, or lose what it changed in place when the shorter one comes back. Only
//   the C library's own lock could keep it out.
#define _GNU_SOURCE

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "ck_core.h"

// Of OpenBLAS; a build for one processor has none of the two in the middle, and a program without OpenBLAS none at all.
extern char *openblas_get_corename(void) __attribute__((weak));
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

static int is_one_of(const char *name, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(name, names[i]) == 0) return 1;
    return 0;
}

const char *ck_better_openblas_core(const char *taken, int32_t vector_bits, int32_t is_amd) {
    CK_ASSERT_GIVEN(taken);
    CK_ASSERT(vector_bits, >= 0);
    static const char *const good[] = {"skylakex", "cooperlake", "sapphirerapids", "haswell", "zen"};
    if (vector_bits >= 512) return is_one_of(taken, good, 3) ? NULL : "SkylakeX";
    if (vector_bits >= 256) return is_one_of(taken, good, 5) ? NULL : is_amd ? "Zen" : "Haswell";
    return NULL;
}

/// A list of variables that has been shown to readers, one of whom may still be in it.
struct shown {
    struct shown *next;
    char *list[];
};
static struct shown *all_shown;

enum ck_status ck_with_variable(const char *variable, void (*body)(void)) {
    CK_ASSERT_GIVEN(variable);
    CK_ASSERT_GIVEN(body);
    size_t count = 0;
    char **before = __atomic_load_n(&environ, __ATOMIC_ACQUIRE);
    while (before && before[count]) count++;
    struct shown *shown = malloc(sizeof *shown + (count + 2) * sizeof(char *));
    char *entry = strdup(variable);
    if (!shown || !entry) {
        free(shown);
        free(entry);
        return CK_NO_MEMORY;
    }
    char **list = shown->list;
    list[0] = entry;
    for (size_t i = 0; i <= count; i++) list[i + 1] = before ? before[i] : NULL;
    char **expected = before;
    if (!__atomic_compare_exchange_n(&environ, &expected, list, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        // Somebody sets variables at this moment: theirs count.
        free(shown);
        free(entry);
        return CK_BUSY;
    }
    body();
    expected = list;
    __atomic_compare_exchange_n(&environ, &expected, before, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    shown->next = __atomic_load_n(&all_shown, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&all_shown, &shown->next, shown, 1, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
    }
    return CK_OK;
}

static void choose_again(void) {
    gotoblas_dynamic_quit();
    gotoblas_dynamic_init();
}

__attribute__((constructor)) static void choose(void) {
    // What the user has chosen stands.
    if (!gotoblas_dynamic_init || !gotoblas_dynamic_quit || !openblas_get_corename || getenv("OPENBLAS_CORETYPE")) return;
    const char *taken = openblas_get_corename();
    if (!taken) return;
    const struct ck_processor *p = ck_this_processor();
    const char *better = ck_better_openblas_core(taken, p->vector_bits, p->is_amd);
    if (!better) return;
    char variable[64] = "OPENBLAS_CORETYPE=";
    strncat(variable, better, sizeof variable - strlen(variable) - 1);
    ck_with_variable(variable, choose_again);
}
