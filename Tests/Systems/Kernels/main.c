// The C kernels checked against plain loops, without Swift: for processors that have no Swift toolchain.
//
//   kernels [RECORD]
//
// RECORD gets what Tests/Systems/arm64 compares between processors.
#include "check.h"

int failures, checks;
FILE *record;

int main(int count, char **arguments) {
    if (count > 1 && !(record = fopen(arguments[1], "w"))) return 73;
    check_numbers();
    check_arrays();
    check_training();
    check_sparse();
    check_images();
    check_features();
    check_neighbors();
    check_machines();
    check_openblas();
    check_processors();
    if (record) fclose(record);
    printf("%d checks, %d failed\n", checks, failures);
    return failures ? 1 : 0;
}
