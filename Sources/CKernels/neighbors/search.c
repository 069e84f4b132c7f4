// The k nearest rows: by codes, which rule most rows out, or by looking at every row.
//
// Codes are 1-Lipschitz: |code(x) - code(y)| step - error(x) - error(y) <= |x - y|. For a group of queries, half the
// square of the distance between codes is kept for every row (16 bits, rounded down); the rows with the smallest are
// looked at first, and the k-th best key so far tells which of the others may still belong to the answer.
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "ck_core.h"
#include "ck_neighbors.h"
#include "core/targets.h"
#include "neighbors/scan.h"
#include "neighbors/rows.h"

struct search {
    const ck_neighbor_index *index;
    const ck_rows *queries;
    const uint8_t *codes;
    const int32_t *constants;
    const double *errors;
    ptrdiff_t self, k;
    double *keys;
    int32_t *places;
    ptrdiff_t group;  // queries that are worked on together
    _Atomic ptrdiff_t checked;
};

/// The best so far, in order: by key, then by place.
struct nearest {
    double *keys;
    int32_t *places;
    ptrdiff_t count, k;
};

static inline int comes_before(double key, int32_t place, double other, int32_t other_place) {
    return key < other || (key == other && place < other_place);
}

static inline void keep(struct nearest *best, double key, int32_t place) {
    ptrdiff_t at = best->count;
    if (at == best->k) {
        if (!comes_before(key, place, best->keys[at - 1], best->places[at - 1])) return;
        at -= 1;
    } else {
        best->count += 1;
    }
    while (at > 0 && comes_before(key, place, best->keys[at - 1], best->places[at - 1])) {
        best->keys[at] = best->keys[at - 1];
        best->places[at] = best->places[at - 1];
        at -= 1;
    }
    best->keys[at] = key;
    best->places[at] = place;
}

static struct nearest nothing_yet(struct search *search, ptrdiff_t query) {
    return (struct nearest){search->keys + query * search->k, search->places + query * search->k, 0, search->k};
}

// MARK: Every row

#define SEARCH_TILE_BYTES 131072

static void search_all(struct search *search, ptrdiff_t first, ptrdiff_t end) {
    const ck_neighbor_index *index = search->index;
    ptrdiff_t size = index->rows.width * (index->rows.bytes ? 1 : 4), tile = size > 0 ? SEARCH_TILE_BYTES / size : 1;
    if (tile < 1) tile = 1;
    struct nearest best[CK_SCAN_QUERIES];
    for (ptrdiff_t q = first; q < end; q++) best[q - first] = nothing_yet(search, q);
    for (ptrdiff_t start = 0; start < index->rows.count; start += tile) {
        ptrdiff_t stop = start + tile < index->rows.count ? start + tile : index->rows.count;
        for (ptrdiff_t q = first; q < end; q++)
            for (ptrdiff_t row = start; row < stop; row++) {
                if (search->self >= 0 && row == search->self + q) continue;
                double key = ck_key(search->queries, q, &index->rows, row, index->kind, index->exponent,
                                    index->portable);
                keep(&best[q - first], key, (int32_t)row);
            }
    }
    atomic_fetch_add(&search->checked, (end - first) * index->rows.count);
}

// MARK: By codes

/// The greatest score that a row may have and still be no farther than the k-th best.
static int32_t score_limit(const struct search *search, const struct nearest *best, ptrdiff_t query) {
    const ck_neighbor_index *index = search->index;
    if (best->count < best->k) return CK_SCAN_FAR;
    double key = best->keys[best->k - 1];
    // Codes of rows for the cosine are of rows of length 1, where |x - y|^2 = 2 - 2 cos.
    double distance = sqrt(index->kind == CK_KEY_COSINE ? 2 * key + 1e-12 : key) * (1 + 1e-9);
    double reach = (distance + index->error + search->errors[query]) / index->step;
    double half = floor(reach * reach / 2);
    if (half >= (double)CK_SCAN_FAR * (1 << index->shift)) return CK_SCAN_FAR;
    return (int32_t)half >> index->shift;
}

static inline void prefetch_row(const ck_rows *rows, ptrdiff_t row) {
    ptrdiff_t size = rows->width * (rows->bytes ? 1 : 4);
    const char *start = (rows->bytes ? (const char *)rows->bytes : (const char *)rows->floats) + row * size;
    if (size > 2048) size = 2048;
    for (ptrdiff_t offset = 0; offset < size; offset += 64) __builtin_prefetch(start + offset);
}

#define SEARCH_PREFETCH_AHEAD 2

/// Looks at the rows listed, those whose score is still small enough.
static void check_rows(struct search *search, ptrdiff_t query, const int16_t *scores, const int32_t *rows,
                       ptrdiff_t count, struct nearest *best, ptrdiff_t *checked) {
    const ck_neighbor_index *index = search->index;
    int32_t limit = score_limit(search, best, query);
    double threshold = best->count == best->k ? best->keys[best->k - 1] : INFINITY;
    for (ptrdiff_t i = 0; i < count; i++) {
        if (i + SEARCH_PREFETCH_AHEAD < count) prefetch_row(&index->rows, rows[i + SEARCH_PREFETCH_AHEAD]);
        int32_t row = rows[i];
        if (scores[row] > limit || (search->self >= 0 && row == search->self + query)) continue;
        double key = ck_key(search->queries, query, &index->rows, row, index->kind, index->exponent,
                            index->portable);
        *checked += 1;
        if (key > threshold) continue;
        keep(best, key, row);
        if (best->count == best->k && best->keys[best->k - 1] < threshold) {
            threshold = best->keys[best->k - 1];
            limit = score_limit(search, best, query);
        }
    }
}

/// A score that at least `wanted` rows do not exceed: the wanted-th smallest of many minima.
static int32_t seed_score(const int16_t *minima, ptrdiff_t count, ptrdiff_t wanted) {
    int16_t smallest[CK_SCAN_MINIMA];
    ptrdiff_t have = 0;
    for (ptrdiff_t i = 0; i < count; i++) {
        int16_t value = minima[i];
        if (have == wanted && value >= smallest[have - 1]) continue;
        ptrdiff_t at = have < wanted ? have++ : have - 1;
        for (; at > 0 && smallest[at - 1] > value; at--) smallest[at] = smallest[at - 1];
        smallest[at] = value;
    }
    return have < wanted ? CK_SCAN_FAR : smallest[wanted - 1];
}

static void search_by_codes(struct search *search, ptrdiff_t first, ptrdiff_t end) {
    const ck_neighbor_index *index = search->index;
    ptrdiff_t queries = end - first, padded = index->padded;
    size_t score_bytes = (size_t)(queries * padded) * 2, row_bytes = (size_t)padded * 4;
    size_t bytes = (score_bytes + row_bytes + 63) / 64 * 64;
    char *memory = ck_buffer_take(bytes);
    if (!memory) {
        search_all(search, first, end);
        return;
    }
    int16_t *scores = (int16_t *)memory;
    int32_t *rows = (int32_t *)(memory + score_bytes);
    // So many rows are looked at before anything is ruled out; the query itself may be one.
    ptrdiff_t wanted = search->k + 8;
    ptrdiff_t checked = 0;
    ck_scan_codes(index, search->codes + first * index->dims, search->constants + first, queries, scores);
    for (ptrdiff_t q = first; q < end; q++) {
        struct nearest best = nothing_yet(search, q);
        const int16_t *own = scores + (q - first) * padded;
        int16_t minima[CK_SCAN_MINIMA];
        ptrdiff_t count = ck_scan_minima(index, own, wanted, minima);
        int32_t seed = seed_score(minima, count, wanted);
        ptrdiff_t listed = ck_scan_list(index, own, INT16_MIN, seed, rows);
        check_rows(search, q, own, rows, listed, &best, &checked);
        int32_t limit = score_limit(search, &best, q);
        if (limit > seed) {
            listed = ck_scan_list(index, own, seed + 1, limit, rows);
            check_rows(search, q, own, rows, listed, &best, &checked);
        }
    }
    atomic_fetch_add(&search->checked, checked);
    ck_buffer_give(memory, bytes);
}

static void search_part(void *context, int32_t part) {
    struct search *search = context;
    ptrdiff_t first = (ptrdiff_t)part * search->group, end = first + search->group;
    if (end > search->queries->count) end = search->queries->count;
    int coded = search->index->codes && search->k + 8 <= CK_SCAN_MINIMA / 4;
    if (coded) search_by_codes(search, first, end);
    else search_all(search, first, end);
}

void ck_search_neighbors(const ck_neighbor_index *index, const ck_rows *queries, const uint8_t *codes,
                         const int32_t *constants, const double *errors, ptrdiff_t self, ptrdiff_t k, double *keys,
                         int32_t *places, ptrdiff_t *checked) {
    CK_ASSERT_GIVEN(index);
    ck_check_rows(&index->rows);
    ck_check_rows(queries);
    CK_ASSERT(queries->width, == index->rows.width);
    CK_ASSERT_IN(index->kind, CK_KEY_SQUARE, CK_KEY_LARGEST);
    CK_ASSERT(self, >= -1);
    CK_ASSERT(k, >= 0);
    CK_ASSERT(k, <= index->rows.count - (self >= 0));
    CK_ASSERT_MEMORY(keys, queries->count * k);
    CK_ASSERT_MEMORY(places, queries->count * k);
    CK_ASSERT_GIVEN(checked);
    CK_ASSERT(index->portable || ck_multiplies_bytes(), == 1);
    // A few queries that take long are shared between the threads.
    ptrdiff_t group = queries->count < 4 * CK_SCAN_QUERIES ? 1 : CK_SCAN_QUERIES;
    struct search search = {index, queries, codes, constants, errors, self, k, keys, places, group, 0};
    ck_parallel((int32_t)((queries->count + group - 1) / group), search_part, &search);
    *checked += atomic_load(&search.checked);
}
