// What the kernels of a first layer that skips zeros have in common: vectors that cover a row of H floats.
#ifndef CK_CORE_ROW_VECTORS_H
#define CK_CORE_ROW_VECTORS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ck_core.h"

// Rows of H floats are not aligned, so a vector of 64 bytes would always cross a cache line; of 32 bytes, half
// of the time. Measured on Zen 4 at H = 50: 32 bytes wins by a fifth.
typedef float lanes __attribute__((vector_size(32)));
typedef lanes unaligned_lanes __attribute__((aligned(4)));
#define CK_ROW_LANES 8
#define CK_ROW_MAX_VECTORS 7

// Macros, because a function that takes or returns such a vector has another ABI at each level.
#define CK_ROW_LOAD(p) (*(const unaligned_lanes *)(p))
#define CK_ROW_STORE(p, v) (*(unaligned_lanes *)(p) = (v))

/// Where vector k of a row of `width` floats begins: the last one is moved back to end with the row, so that it
/// overlaps its neighbour (both compute the same numbers) instead of needing a mask.
CK_INLINE ptrdiff_t vector_start(ptrdiff_t width, ptrdiff_t k) {
    ptrdiff_t start = k * CK_ROW_LANES;
    return start + CK_ROW_LANES <= width ? start : width - CK_ROW_LANES;
}

/// Calls `kernel(..., first vector, n)` with the number of vectors as a constant, for groups of at most CK_ROW_MAX_VECTORS
/// that divide a row of `width` >= CK_ROW_LANES floats evenly. A group's vectors are worked on together, so the overlap of a
/// row's last two must lie in one group; it does, because only a row of a single vector has a group of one.
#define CK_FOR_VECTOR_GROUPS(width, kernel, ...)                                                           \
    for (ptrdiff_t group = 0, vectors = ((width) + CK_ROW_LANES - 1) / CK_ROW_LANES,                       \
                 groups = (vectors + CK_ROW_MAX_VECTORS - 1) / CK_ROW_MAX_VECTORS;                         \
         group < groups; group++) {                                                                        \
        ptrdiff_t group_first = vectors * group / groups;                                                  \
        switch (vectors * (group + 1) / groups - group_first) {                                            \
        case 1: kernel(__VA_ARGS__, group_first, 1); break;                                                \
        case 2: kernel(__VA_ARGS__, group_first, 2); break;                                                \
        case 3: kernel(__VA_ARGS__, group_first, 3); break;                                                \
        case 4: kernel(__VA_ARGS__, group_first, 4); break;                                                \
        case 5: kernel(__VA_ARGS__, group_first, 5); break;                                                \
        case 6: kernel(__VA_ARGS__, group_first, 6); break;                                                \
        default: kernel(__VA_ARGS__, group_first, CK_ROW_MAX_VECTORS); break;                              \
        }                                                                                                  \
    }

/// Calls `kernel(..., width)` with the width of a row of fewer than CK_ROW_LANES floats as a constant.
#define CK_FOR_NARROW_ROW(width, kernel, ...)       \
    switch (width) {                                \
    case 1: kernel(__VA_ARGS__, 1); break;          \
    case 2: kernel(__VA_ARGS__, 2); break;          \
    case 3: kernel(__VA_ARGS__, 3); break;          \
    case 4: kernel(__VA_ARGS__, 4); break;          \
    case 5: kernel(__VA_ARGS__, 5); break;          \
    case 6: kernel(__VA_ARGS__, 6); break;          \
    default: kernel(__VA_ARGS__, 7); break;         \
    }

/// w - rate (g + decay w), in the words of the optimiser's own loop (optimizers.c), so that both give the same bits.
#define CK_DESCENDED(w, g, rate, decay) ((w) - (rate) * ((g) + (decay) * (w)))

#endif
