// Searching the graph, and ranking what it finds by exact keys.
#include <math.h>
#include <stdatomic.h>

#include "ck_core.h"
#include "ck_neighbors.h"
#include "neighbors/graph_walk.h"
#include "neighbors/rows.h"

#define GRAPH_SEARCH_QUERIES_AT_ONCE 32

void ck_graph_lines(const uint8_t *codes, ptrdiff_t count, ptrdiff_t dims, uint8_t *lines) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_IN(dims, 0, CK_LINE_DIMS);
    CK_ASSERT_MEMORY(codes, count * dims);
    CK_ASSERT_MEMORY(lines, count);
    for (ptrdiff_t row = 0; row < count; row++) {
        uint8_t *line = lines + row * CK_LINE;
        int32_t square = 0;
        for (ptrdiff_t d = 0; d < CK_LINE_DIMS; d++) {
            int32_t code = d < dims ? -(int8_t)codes[row * dims + d] : 0;
            line[d] = (uint8_t)(code + 128);
            square += code * code;
        }
        memcpy(line + CK_LINE_DIMS, &square, 4);
    }
}

struct graph_job {
    const ck_graph *graph;
    const uint8_t *lines;
    ptrdiff_t count;
    int32_t effort;
    int32_t *found;
    _Atomic int32_t failed;
};

static void graph_part(void *context, int32_t part) {
    struct graph_job *job = context;
    const ck_graph *graph = job->graph;
    ptrdiff_t first = (ptrdiff_t)part * GRAPH_SEARCH_QUERIES_AT_ONCE, end = first + GRAPH_SEARCH_QUERIES_AT_ONCE;
    if (end > job->count) end = job->count;
    size_t mark_bytes = ((size_t)graph->count * 2 + 63) / 64 * 64;
    size_t bytes = mark_bytes + ((size_t)job->effort * 8 + 63) / 64 * 64;
    char *memory = ck_buffer_take(bytes);
    if (!memory) {
        atomic_store(&job->failed, 1);
        return;
    }
    memset(memory, 0, mark_bytes);
    graph_marks marks = {(uint16_t *)memory, 0, graph->count};
    graph_pool pool = {(uint64_t *)(memory + mark_bytes), 0, job->effort};
    for (ptrdiff_t place = first; place < end; place++) {
        graph_query query;
        make_query(&query, job->lines + place * CK_LINE, graph->portable);
        walk_down(graph, &query, 0, &pool, &marks);
        walk_layer(graph, &query, 0, &pool, &marks);
        for (ptrdiff_t i = 0; i < job->effort; i++)
            job->found[place * job->effort + i] = i < pool.count ? pool_row(pool.entries[i]) : -1;
    }
    ck_buffer_give(memory, bytes);
}

enum ck_status ck_graph_search(const ck_graph *graph, const uint8_t *lines, ptrdiff_t count, ptrdiff_t effort,
                               int32_t *found) {
    ck_check_graph(graph);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(lines, count);
    CK_ASSERT(effort, > 0);
    CK_ASSERT_MEMORY(found, count * effort);
    struct graph_job job = {graph, lines, count, effort, found, 0};
    ck_parallel((int32_t)((count + GRAPH_SEARCH_QUERIES_AT_ONCE - 1) / GRAPH_SEARCH_QUERIES_AT_ONCE), graph_part, &job);
    return atomic_load(&job.failed) ? CK_NO_MEMORY : CK_OK;
}

struct rank_job {
    const ck_rows *queries, *rows;
    int32_t kind;
    double exponent;
    int32_t portable;
    const int32_t *candidates;
    ptrdiff_t effort, k;
    double *keys;
    int32_t *places;
};

static void rank_query(const struct rank_job *job, ptrdiff_t query) {
    double *keys = job->keys + query * job->k;
    int32_t *places = job->places + query * job->k;
    ptrdiff_t size = job->rows->width * (job->rows->bytes ? 1 : 4);
    const char *base = job->rows->bytes ? (const char *)job->rows->bytes : (const char *)job->rows->floats;
    for (ptrdiff_t i = 0; i < job->k; i++) {
        keys[i] = INFINITY;
        places[i] = -1;
    }
    for (ptrdiff_t i = 0; i < job->effort; i++) {
        int32_t row = job->candidates[query * job->effort + i];
        if (row < 0) break;
        if (i + 2 < job->effort && job->candidates[query * job->effort + i + 2] >= 0)
            for (ptrdiff_t offset = 0; offset < size && offset < 2048; offset += 64)
                __builtin_prefetch(base + job->candidates[query * job->effort + i + 2] * size + offset);
        double key = ck_key(job->queries, query, job->rows, row, job->kind, job->exponent, job->portable);
        ptrdiff_t at = job->k;
        while (at > 0 && (key < keys[at - 1] || (key == keys[at - 1] && row < places[at - 1]))) at--;
        if (at == job->k) continue;
        for (ptrdiff_t j = job->k - 1; j > at; j--) {
            keys[j] = keys[j - 1];
            places[j] = places[j - 1];
        }
        keys[at] = key;
        places[at] = row;
    }
}

static void rank_part(void *context, int32_t part) {
    struct rank_job *job = context;
    ptrdiff_t first = (ptrdiff_t)part * GRAPH_SEARCH_QUERIES_AT_ONCE, end = first + GRAPH_SEARCH_QUERIES_AT_ONCE;
    if (end > job->queries->count) end = job->queries->count;
    for (ptrdiff_t query = first; query < end; query++) rank_query(job, query);
}

void ck_rank_rows(const ck_rows *queries, const ck_rows *rows, int32_t kind, double exponent, int32_t portable,
                  const int32_t *candidates, ptrdiff_t effort, ptrdiff_t k, double *keys, int32_t *places) {
    ck_check_rows(queries);
    ck_check_rows(rows);
    CK_ASSERT(queries->width, == rows->width);
    CK_ASSERT_IN(kind, CK_KEY_SQUARE, CK_KEY_LARGEST);
    CK_ASSERT(effort, >= 0);
    CK_ASSERT(k, >= 0);
    CK_ASSERT_MEMORY(candidates, queries->count * effort);
    CK_ASSERT_MEMORY(keys, queries->count * k);
    CK_ASSERT_MEMORY(places, queries->count * k);
    struct rank_job job = {queries, rows, kind, exponent, portable, candidates, effort, k, keys, places};
    ck_parallel((int32_t)((queries->count + GRAPH_SEARCH_QUERIES_AT_ONCE - 1) / GRAPH_SEARCH_QUERIES_AT_ONCE), rank_part, &job);
}
