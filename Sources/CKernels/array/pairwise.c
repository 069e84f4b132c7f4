// Sums of long rows. In floating point they add in NumPy's order, so that they have NumPy's bits.
#include "ck_core.h"
#include "array/fold.h"

// A sum longer than this is cut at the first levels of its tree, and the pieces are summed by the pool.
#define PAIRWISE_TREE_FROM 65536
#define PAIRWISE_TREE_PIECES 32

#define PAIRWISE(suffix, T)                                                                                   \
    typedef T vector_##suffix __attribute__((vector_size(8 * sizeof(T)), aligned(sizeof(T))));                \
    CK_INLINE T block_##suffix(const T *a, ptrdiff_t n) {                                                     \
        if (n < 8) {                                                                                          \
            T sum = (T)-0.0;                                                                                  \
            for (ptrdiff_t i = 0; i < n; i++) sum += a[i];                                                    \
            return sum;                                                                                       \
        }                                                                                                     \
        vector_##suffix r = *(const vector_##suffix *)a;                                                      \
        ptrdiff_t i = 8;                                                                                      \
        for (; i < n - n % 8; i += 8) r += *(const vector_##suffix *)(a + i);                                 \
        T sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));                            \
        for (; i < n; i++) sum += a[i];                                                                       \
        return sum;                                                                                           \
    }                                                                                                         \
    CK_CLONES static T ck_pairwise_##suffix(const T *a, ptrdiff_t n) {                                        \
        if (n <= 128) return block_##suffix(a, n);                                                            \
        ptrdiff_t half = n / 2;                                                                               \
        half -= half % 8;                                                                                     \
        return ck_pairwise_##suffix(a, half) + ck_pairwise_##suffix(a + half, n - half);                      \
    }                                                                                                         \
    typedef struct {                                                                                          \
        const T *start[PAIRWISE_TREE_PIECES];                                                                 \
        ptrdiff_t length[PAIRWISE_TREE_PIECES];                                                               \
        T sum[PAIRWISE_TREE_PIECES];                                                                          \
        int32_t pieces;                                                                                       \
    } tree_##suffix;                                                                                          \
    static void cut_##suffix(tree_##suffix *tree, const T *a, ptrdiff_t n, int32_t leaves) {                  \
        if (leaves == 1) {                                                                                    \
            tree->start[tree->pieces] = a;                                                                    \
            tree->length[tree->pieces++] = n;                                                                 \
            return;                                                                                           \
        }                                                                                                     \
        ptrdiff_t half = n / 2;                                                                               \
        half -= half % 8;                                                                                     \
        cut_##suffix(tree, a, half, leaves / 2);                                                              \
        cut_##suffix(tree, a + half, n - half, leaves / 2);                                                   \
    }                                                                                                         \
    static void piece_##suffix(void *context, int32_t part) {                                                 \
        tree_##suffix *tree = context;                                                                        \
        tree->sum[part] = ck_pairwise_##suffix(tree->start[part], tree->length[part]);                        \
    }                                                                                                         \
    T ck_sum_row_##suffix(const T *a, ptrdiff_t n) {                                                          \
        if (n < PAIRWISE_TREE_FROM) return ck_pairwise_##suffix(a, n);                                        \
        tree_##suffix tree;                                                                                   \
        tree.pieces = 0;                                                                                      \
        cut_##suffix(&tree, a, n, PAIRWISE_TREE_PIECES);                                                      \
        ck_parallel(PAIRWISE_TREE_PIECES, piece_##suffix, &tree);                                             \
        for (int32_t width = 1; width < PAIRWISE_TREE_PIECES; width *= 2)                                     \
            for (int32_t i = 0; i < PAIRWISE_TREE_PIECES; i += 2 * width) tree.sum[i] += tree.sum[i + width]; \
        return tree.sum[0];                                                                                   \
    }
PAIRWISE(f32, float)
PAIRWISE(f64, double)

CK_CLONES int64_t ck_sum_row_i64(const int64_t *a, ptrdiff_t n) {
    uint64_t sum = 0;
    for (ptrdiff_t i = 0; i < n; i++) sum += (uint64_t)a[i];
    return (int64_t)sum;
}
