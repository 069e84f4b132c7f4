// Where a tile's bytes and words lie.
#ifndef CK_SPARSE_TILES_H
#define CK_SPARSE_TILES_H

#include "ck_sparse.h"
#include "core/row_vectors.h"

/// The words of a tile come first, rounded up to whole cache lines.
CK_INLINE size_t tile_mask_bytes(ptrdiff_t width) { return ((size_t)width * 8 + 63) & ~(size_t)63; }

CK_INLINE uint8_t *tile_start(const ck_byte_tiles *input, int32_t tile) {
    return (uint8_t *)input->memory +
           (size_t)tile * (tile_mask_bytes(input->width) + (size_t)input->width * CK_TILE_ROWS);
}

CK_INLINE uint64_t *tile_masks(const ck_byte_tiles *input, int32_t tile) {
    return (uint64_t *)(void *)tile_start(input, tile);
}

CK_INLINE uint8_t *tile_bytes(const ck_byte_tiles *input, int32_t tile) {
    return tile_start(input, tile) + tile_mask_bytes(input->width);
}

/// Columns are cut into as many blocks as this, by their number alone: each block's sums are taken by themselves and then
/// added up in order.
CK_INLINE int32_t block_count(ptrdiff_t width) { return width >= 2048 ? 8 : width >= 512 ? 4 : width >= 128 ? 2 : 1; }

/// The columns of a block: whole groups of sixteen, but for the end of the last.
CK_INLINE ptrdiff_t block_start(ptrdiff_t width, int32_t block) {
    int32_t blocks = block_count(width);
    return block == blocks ? width : width * block / blocks / 16 * 16;
}

/// Calls `kernel(..., column, 2)` for each pair of columns first ..< end, and with 1 for a last single one.
///
/// Neighbouring columns (pixels, words of one stem) are mostly non-zero in the same rows, so a pair has 1.2 times as many
/// rows as one of its columns, for half of the loop ends and half of the loads and stores. Two columns' sums and one row
/// fill the registers that there are.
#define CK_FOR_PAIRS(first, end, kernel, ...)                                    \
    do {                                                                         \
        ptrdiff_t column = first;                                                \
        for (; column + 2 <= (end); column += 2) kernel(__VA_ARGS__, column, 2); \
        if (column < (end)) kernel(__VA_ARGS__, column, 1);                      \
    } while (0)

/// Writes the columns from ..< to of one tile.
void ck_tile_write(const ck_byte_tiles *input, int32_t tile, ptrdiff_t from, ptrdiff_t to);
/// Asks for one part's share of the upcoming rows: some columns of each, as blocks are.
void ck_prefetch_share(const ck_upcoming_rows *upcoming, int32_t part, int32_t parts);

static inline void ck_check_tiles(const ck_byte_tiles *input) {
    CK_ASSERT_GIVEN(input);
    CK_ASSERT(input->count, >= 0);
    CK_ASSERT(input->width, >= 0);
    CK_ASSERT_IN(input->tiles, 0, CK_MAX_PARTS);
    CK_ASSERT_MEMORY(input->dense, input->count * input->width);
    CK_ASSERT_GIVEN(input->table);
    CK_ASSERT_MEMORY(input->rows, input->count);
    CK_ASSERT_INDICES(input->rows, input->count, INT32_MAX);
    CK_ASSERT(input->memory || input->tiles == 0, == 1);
    CK_ASSERT((uintptr_t)input->memory % 64, == 0);
}

#endif
