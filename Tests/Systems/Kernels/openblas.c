// What is said to OpenBLAS before `main`: to a library that is played, and that knows no processor since 2006.
#define _GNU_SOURCE
#include "CKernels.h"
#include "check.h"

#include <unistd.h>

static char chosen[64] = "Prescott";
static int quits, choices, is_in_main;

// In place of the library's own, which are weak in CKernels.
char *openblas_get_corename(void);
void gotoblas_dynamic_init(void);
void gotoblas_dynamic_quit(void);

char *openblas_get_corename(void) { return chosen; }
void gotoblas_dynamic_quit(void) { quits += !is_in_main; }
void gotoblas_dynamic_init(void) {
    const char *asked = getenv("OPENBLAS_CORETYPE");
    if (asked) snprintf(chosen, sizeof chosen, "%s", asked);
    choices += !is_in_main;
}

static int seen;
static void look(void) {
    const char *value = getenv("DESCENT_FOR_A_MOMENT");
    seen += value && strcmp(value, "here") == 0 && getenv("PATH");
}
static void set_another(void) { setenv("DESCENT_ANOTHER", "stays", 1); }

void check_openblas(void) {
    is_in_main = 1;
    const struct ck_processor *p = ck_this_processor();
    const char *better = ck_better_openblas_core("Prescott", p->vector_bits, p->is_amd);
    if (getenv("OPENBLAS_CORETYPE")) {
        CHECK(quits == 0 && choices == 0, "the user's choice does not stand");
    } else {
        CHECK(strcmp(chosen, better ? better : "Prescott") == 0, "the library runs %s", chosen);
        CHECK(quits == choices && choices == (better ? 1 : 0), "it chose %d times", choices);
        CHECK(!ck_better_openblas_core(chosen, p->vector_bits, p->is_amd), "there is something better than %s", chosen);
    }

    char **before = environ;
    CHECK(ck_with_variable("DESCENT_FOR_A_MOMENT=here", look) == CK_OK && seen == 1, "the variable was not seen");
    CHECK(!getenv("DESCENT_FOR_A_MOMENT") && environ == before, "the environment is another");
    // Whoever sets one meanwhile keeps it, on a list of the C library's.
    CHECK(ck_with_variable("DESCENT_FOR_A_MOMENT=here", set_another) == CK_OK, "the variable was not shown");
    const char *another = getenv("DESCENT_ANOTHER");
    CHECK(another && strcmp(another, "stays") == 0 && getenv("PATH"), "a variable that was set meanwhile is lost");
}
