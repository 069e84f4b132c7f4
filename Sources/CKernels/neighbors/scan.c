// The scan by VNNI, and its portable twin with the same scores.
#include <string.h>

#include "neighbors/scan.h"
#include "ck_core.h"
#include "core/targets.h"

CK_CLONES static void scan_portable(const ck_neighbor_index *index, const uint8_t *codes,
                                    const int32_t *constants, ptrdiff_t count, int16_t *scores) {
    ptrdiff_t dims = index->dims;
    for (ptrdiff_t start = 0; start < index->padded; start += 16) {
        const uint8_t *block = index->codes + start * dims;
        for (ptrdiff_t q = 0; q < count; q++) {
            const int8_t *query = (const int8_t *)codes + q * dims;
            int32_t sums[16];
            for (int l = 0; l < 16; l++) sums[l] = index->constants[start + l] + constants[q];
            for (ptrdiff_t d = 0; d < dims; d += 4)
                for (int l = 0; l < 16; l++)
                    sums[l] += query[d] * block[d * 16 + l * 4] + query[d + 1] * block[d * 16 + l * 4 + 1] +
                               query[d + 2] * block[d * 16 + l * 4 + 2] + query[d + 3] * block[d * 16 + l * 4 + 3];
            int16_t *target = scores + q * index->padded + start;
            for (int l = 0; l < 16; l++) {
                int32_t score = sums[l] >> index->shift;
                target[l] = (int16_t)(score > CK_SCAN_FAR ? CK_SCAN_FAR : score);
            }
        }
    }
}

#if CK_HAS_TARGETS
/// One block of 32 rows against 8 queries: 16 sums of 16 rows stay in registers.
CK_VNNI static inline __attribute__((always_inline)) void scan_block(
    const uint8_t *block, ptrdiff_t dims, const uint8_t *codes, const int32_t *row_constants,
    const int32_t *constants, __m128i shift, int16_t *scores, ptrdiff_t padded, int queries) {
    __m512i low[8], high[8];
    __m512i first = _mm512_loadu_si512(row_constants), second = _mm512_loadu_si512(row_constants + 16);
    for (int q = 0; q < queries; q++) {
        __m512i own = _mm512_set1_epi32(constants[q]);
        low[q] = _mm512_add_epi32(first, own);
        high[q] = _mm512_add_epi32(second, own);
    }
    for (ptrdiff_t d = 0; d < dims; d += 4) {
        __m512i a = _mm512_loadu_si512(block + d * 16), b = _mm512_loadu_si512(block + (dims + d) * 16);
        for (int q = 0; q < queries; q++) {
            int32_t four;
            memcpy(&four, codes + q * dims + d, 4);
            __m512i query = _mm512_set1_epi32(four);
            low[q] = _mm512_dpbusd_epi32(low[q], a, query);
            high[q] = _mm512_dpbusd_epi32(high[q], b, query);
        }
    }
    for (int q = 0; q < queries; q++) {
        __m256i l = _mm512_cvtsepi32_epi16(_mm512_sra_epi32(low[q], shift));
        __m256i h = _mm512_cvtsepi32_epi16(_mm512_sra_epi32(high[q], shift));
        _mm512_storeu_si512(scores + q * padded, _mm512_inserti64x4(_mm512_castsi256_si512(l), h, 1));
    }
}

CK_VNNI static void scan_vnni(const ck_neighbor_index *index, const uint8_t *codes, const int32_t *constants,
                              ptrdiff_t count, int16_t *scores) {
    ptrdiff_t dims = index->dims, padded = index->padded;
    __m128i shift = _mm_cvtsi32_si128(index->shift);
    for (ptrdiff_t start = 0; start < padded; start += 32) {
        const uint8_t *block = index->codes + start * dims;
        ptrdiff_t q = 0;
        for (; q + 8 <= count; q += 8)
            scan_block(block, dims, codes + q * dims, index->constants + start, constants + q, shift,
                       scores + q * padded + start, padded, 8);
        for (; q < count; q++)
            scan_block(block, dims, codes + q * dims, index->constants + start, constants + q, shift,
                       scores + q * padded + start, padded, 1);
    }
}

CK_VNNI static ptrdiff_t list_vnni(const int16_t *scores, ptrdiff_t padded, int32_t least, int32_t most,
                                   int32_t *rows) {
    __m512i lower = _mm512_set1_epi16((short)least), upper = _mm512_set1_epi16((short)most);
    ptrdiff_t count = 0;
    for (ptrdiff_t start = 0; start < padded; start += 32) {
        __m512i values = _mm512_loadu_si512(scores + start);
        uint32_t mask = _mm512_cmple_epi16_mask(values, upper) & _mm512_cmpge_epi16_mask(values, lower);
        for (; mask; mask &= mask - 1) rows[count++] = (int32_t)(start + __builtin_ctz(mask));
    }
    return count;
}
#endif

void ck_scan_codes(const ck_neighbor_index *index, const uint8_t *codes, const int32_t *constants, ptrdiff_t count,
                   int16_t *scores) {
#if CK_HAS_TARGETS
    if (!index->portable) {
        scan_vnni(index, codes, constants, count, scores);
        return;
    }
#endif
    scan_portable(index, codes, constants, count, scores);
}

CK_CLONES static void lane_minima(const int16_t *scores, ptrdiff_t vectors, int16_t *minima) {
    int16_t lanes[32];
    for (int l = 0; l < 32; l++) lanes[l] = CK_SCAN_FAR;
    for (ptrdiff_t v = 0; v < vectors; v++)
        for (int l = 0; l < 32; l++) {
            int16_t value = scores[v * 32 + l];
            lanes[l] = value < lanes[l] ? value : lanes[l];
        }
    for (int l = 0; l < 32; l++) minima[l] = lanes[l];
}

ptrdiff_t ck_scan_minima(const ck_neighbor_index *index, const int16_t *scores, ptrdiff_t wanted, int16_t *minima) {
    ptrdiff_t vectors = index->padded / 32, segments = (4 * wanted + 31) / 32;
    if (segments > vectors) segments = vectors;
    if (segments > CK_SCAN_MINIMA / 32) segments = CK_SCAN_MINIMA / 32;
    for (ptrdiff_t s = 0; s < segments; s++) {
        ptrdiff_t first = vectors * s / segments, end = vectors * (s + 1) / segments;
        lane_minima(scores + first * 32, end - first, minima + s * 32);
    }
    return segments * 32;
}

ptrdiff_t ck_scan_list(const ck_neighbor_index *index, const int16_t *scores, int32_t least, int32_t most,
                       int32_t *rows) {
    ptrdiff_t count = 0;
#if CK_HAS_TARGETS
    if (!index->portable) count = list_vnni(scores, index->padded, least, most, rows);
    else
#endif
        for (ptrdiff_t row = 0; row < index->padded; row++)
            if (scores[row] >= least && scores[row] <= most) rows[count++] = (int32_t)row;
    // Rows that only fill the last block are the last in the list.
    while (count > 0 && rows[count - 1] >= index->rows.count) count--;
    return count;
}
