// Scores of a few queries against the codes of all rows.
#ifndef CK_NEIGHBORS_SCAN_H
#define CK_NEIGHBORS_SCAN_H

#include "ck_neighbors.h"

/// Queries that are worked on together: their scores of 60,000 rows fit the second-level cache.
#define CK_SCAN_QUERIES 8
/// The greatest score: as far, or farther.
#define CK_SCAN_FAR 32767
/// The most minima that are taken of one query's scores.
#define CK_SCAN_MINIMA 1024

/// scores[q * padded + row] = half the square of the distance between the codes, in steps, rounded down, shifted, at
/// most CK_SCAN_FAR. `codes` and `constants` are those of `count` queries.
void ck_scan_codes(const ck_neighbor_index *index, const uint8_t *codes, const int32_t *constants, ptrdiff_t count,
                   int16_t *scores);

/// Minima over disjoint sets of one query's scores, at least 4 `wanted` where there are so many vectors of 32;
/// returns how many.
ptrdiff_t ck_scan_minima(const ck_neighbor_index *index, const int16_t *scores, ptrdiff_t wanted, int16_t *minima);

/// The rows whose score lies in least...most, in order; returns how many.
ptrdiff_t ck_scan_list(const ck_neighbor_index *index, const int16_t *scores, int32_t least, int32_t most,
                       int32_t *rows);

#endif
