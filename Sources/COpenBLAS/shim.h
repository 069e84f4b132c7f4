// The part of OpenBLAS that Arrays uses: matrix products in Double (oneDNN has none), and LAPACK's solvers.
#include <cblas.h>
#include <stddef.h>

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
