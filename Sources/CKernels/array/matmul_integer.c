// Products of integer matrices, modulo 2^64; those in floating point are BLAS's.
#include <string.h>

#include "ck_core.h"
#include "ck_array.h"

CK_CLONES void ck_matmul_i64(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const int64_t *a, const int64_t *b, int64_t *c) {
    CK_ASSERT(m, >= 0);
    CK_ASSERT(n, >= 0);
    CK_ASSERT(k, >= 0);
    CK_ASSERT_MEMORY(a, m * k);
    CK_ASSERT_MEMORY(b, k * n);
    CK_ASSERT_MEMORY(c, m * n);
    memset(c, 0, (size_t)(m * n) * sizeof *c);
    for (ptrdiff_t i = 0; i < m; i++)
        for (ptrdiff_t l = 0; l < k; l++) {
            uint64_t factor = (uint64_t)a[i * k + l];
            for (ptrdiff_t j = 0; j < n; j++)
                c[i * n + j] = (int64_t)((uint64_t)c[i * n + j] + factor * (uint64_t)b[l * n + j]);
        }
}
