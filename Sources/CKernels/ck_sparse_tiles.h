// Where a tile's bytes and words lie.
#ifndef CK_SPARSE_TILES_H
#define CK_SPARSE_TILES_H

#include "ck_sparse.h"
#include "ck_sparse_inside.h"

/// The words of a tile come first, rounded up to whole cache lines.
CK_INLINE size_t tile_mask_bytes(int64_t width) { return ((size_t)width * 8 + 63) & ~(size_t)63; }

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

/// Writes one tile.
void ck_tile_write(const ck_byte_tiles *input, int32_t tile);
/// Asks for one part's share of the upcoming rows.
void ck_prefetch_share(const ck_upcoming_rows *upcoming, int32_t part, int32_t parts);

#endif
