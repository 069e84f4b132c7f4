// Distances between codes in lines (ck_neighbors.h): sums of squares, exact.
#ifndef CK_NEIGHBORS_GRAPH_DISTANCE_H
#define CK_NEIGHBORS_GRAPH_DISTANCE_H

#include <string.h>

#include "ck_neighbors.h"
#include "core/targets.h"

/// A line as the side that is multiplied: signed codes, zeros where the line has its square.
typedef struct {
    _Alignas(64) int8_t codes[CK_LINE];
    int32_t constant;  // its square, plus what takes out the 128 of the other side
    int32_t portable;
} graph_query;

static inline const uint8_t *graph_line(const ck_graph *graph, int32_t row) {
    return graph->lines + (ptrdiff_t)row * CK_LINE;
}

static inline int32_t line_square(const uint8_t *line) {
    int32_t square;
    memcpy(&square, line + CK_LINE_DIMS, 4);
    return square;
}

static inline void make_query(graph_query *query, const uint8_t *line, int32_t portable) {
    int32_t sum = 0;
    memset(query, 0, sizeof *query);
    for (int d = 0; d < CK_LINE_DIMS; d++) {
        query->codes[d] = (int8_t)(line[d] - 128);
        sum += query->codes[d];
    }
    query->constant = line_square(line) + 256 * sum;
    query->portable = portable;
}

static inline int32_t portable_distance(const graph_query *query, const uint8_t *line) {
    int32_t dot = 0;
    for (int d = 0; d < CK_LINE_DIMS; d++) dot += line[d] * query->codes[d];
    return query->constant + line_square(line) - 2 * dot;
}

#if CK_HAS_TARGETS
CK_VNNI static inline __m256i products(const graph_query *query, const uint8_t *line) {
    __m512i sums = _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_load_si512(line),
                                       _mm512_load_si512(query->codes));
    return _mm256_add_epi32(_mm512_castsi512_si256(sums), _mm512_extracti64x4_epi64(sums, 1));
}

CK_VNNI static void vnni_distances(const ck_graph *graph, const graph_query *query, const int32_t *rows,
                                   ptrdiff_t count, int32_t *distances) {
    ptrdiff_t i = 0;
    for (; i + 4 <= count; i += 4) {
        const uint8_t *a = graph_line(graph, rows[i]), *b = graph_line(graph, rows[i + 1]);
        const uint8_t *c = graph_line(graph, rows[i + 2]), *d = graph_line(graph, rows[i + 3]);
        __m256i first = _mm256_hadd_epi32(products(query, a), products(query, b));
        __m256i second = _mm256_hadd_epi32(products(query, c), products(query, d));
        __m256i both = _mm256_hadd_epi32(first, second);
        __m128i dots = _mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
        __m128i squares = _mm_setr_epi32(line_square(a), line_square(b), line_square(c), line_square(d));
        squares = _mm_add_epi32(squares, _mm_set1_epi32(query->constant));
        _mm_storeu_si128((__m128i *)(distances + i), _mm_sub_epi32(squares, _mm_slli_epi32(dots, 1)));
    }
    for (; i < count; i++) {
        const uint8_t *line = graph_line(graph, rows[i]);
        __m512i sums = _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_load_si512(line),
                                           _mm512_load_si512(query->codes));
        distances[i] = query->constant + line_square(line) - 2 * _mm512_reduce_add_epi32(sums);
    }
}
#endif

/// The distances from the query to the rows listed.
static inline void graph_distances(const ck_graph *graph, const graph_query *query, const int32_t *rows,
                                   ptrdiff_t count, int32_t *distances) {
#if CK_HAS_TARGETS
    if (!query->portable) {
        vnni_distances(graph, query, rows, count, distances);
        return;
    }
#endif
    for (ptrdiff_t i = 0; i < count; i++) distances[i] = portable_distance(query, graph_line(graph, rows[i]));
}

#endif
