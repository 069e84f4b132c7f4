// The part of OpenBLAS that Arrays uses: matrix products in Double (oneDNN has none), and LAPACK's solvers.
#include <cblas.h>
#include <stddef.h>
#include <stdlib.h>

// Where a build for many processors chooses between its kernels; such a build has both, another has neither.
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

/// Whether its choice may be changed: the build has several sets of kernels, and the user has chosen none.
static inline int descent_openblas_may_choose(void) {
    return gotoblas_dynamic_init != 0 && gotoblas_dynamic_quit != 0 && getenv("OPENBLAS_CORETYPE") == 0;
}

/// Has it choose again, the kernels of this name. Only before its first product: no other thread may be inside it.
static inline void descent_openblas_choose(const char *core) {
    setenv("OPENBLAS_CORETYPE", core, 1);  // it reads the variable when it chooses
    gotoblas_dynamic_quit();
    gotoblas_dynamic_init();
    unsetenv("OPENBLAS_CORETYPE");
}

#ifndef DESCENT_LAPACK_H
#define DESCENT_LAPACK_H
// LAPACK as Fortran exports it; matrices are stored by columns, and every argument is an address.

/// Solves A X = B; A becomes its LU factors and B becomes X. info > 0: A is singular.
extern void dgesv_(const int *n, const int *right_sides, double *a, const int *lda, int *pivots, double *b,
                   const int *ldb, int *info);
/// A = P L U. info > 0: U has a zero on its diagonal.
extern void dgetrf_(const int *m, const int *n, double *a, const int *lda, int *pivots, int *info);
/// A = U S V'. info > 0: it did not converge. With work_length -1 the best length goes to work[0].
extern void dgesdd_(const char *job, const int *m, const int *n, double *a, const int *lda, double *s, double *u,
                    const int *ldu, double *vt, const int *ldvt, double *work, const int *work_length,
                    int *integer_work, int *info, size_t job_length);
/// A = L L' (part L) or U' U (part U). info > 0: it is not positive definite.
extern void dpotrf_(const char *part, const int *n, double *a, const int *lda, int *info, size_t part_length);
/// The eigenvalues of a symmetric matrix, and with job V its eigenvectors in place of A. With work_length -1 the best
/// lengths go to work[0] and integer_work[0].
extern void dsyevd_(const char *job, const char *part, const int *n, double *a, const int *lda, double *values,
                    double *work, const int *work_length, int *integer_work, const int *integer_work_length, int *info,
                    size_t job_length, size_t part_length);
#endif
