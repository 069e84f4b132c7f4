// Building the graph, batch by batch.
//
// Source: Y. A. Malkov, D. A. Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical
// Navigable Small World graphs", IEEE TPAMI 42 (2020): algorithms 1, 2 and 4. There rows come one at a time; here a batch
// sees the graph before it and each other, so that threads cannot change the result.
#include <stdatomic.h>
#include <stdlib.h>

#include "ck_core.h"
#include "ck_neighbors.h"
#include "neighbors/graph_walk.h"

/// A link back, from `to` to `from`, with their distance.
struct back_link {
    int32_t to, from, layer, distance;
};

struct insertion {
    ck_graph *graph;
    ptrdiff_t first, batch;
    int32_t effort;
    int32_t top;               // of the graph before the batch
    struct back_link *links;   // [batch][room]; to < 0 ends each
    ptrdiff_t room;
    ptrdiff_t *starts;          // where the links of each (to, layer) begin
    ptrdiff_t groups;
    _Atomic int32_t failed;
};

#define GRAPH_BUILD_ROWS_AT_ONCE 16

/// Keeps of candidates, nearest first, those that are nearer to the query than to any kept before (algorithm 4).
static int32_t select_links(const ck_graph *graph, const uint64_t *candidates, ptrdiff_t count, int32_t most,
                            int32_t *rows, int32_t *distances) {
    int32_t kept = 0, between[CK_GRAPH_MOST_LINKS];
    for (ptrdiff_t i = 0; i < count && kept < most; i++) {
        int32_t row = pool_row(candidates[i]), distance = pool_distance(candidates[i]), apart = 1;
        if (kept > 0) {
            graph_query query;
            make_query(&query, graph_line(graph, row), graph->portable);
            for (int32_t start = 0; start < kept && apart; start += 8) {
                int32_t some = kept - start < 8 ? kept - start : 8;
                graph_distances(graph, &query, rows + start, some, between);
                for (int32_t j = 0; j < some; j++) apart &= between[j] >= distance;
            }
        }
        if (!apart) continue;
        rows[kept] = row;
        distances[kept++] = distance;
    }
    return kept;
}

static int32_t *own_links(const ck_graph *graph, int32_t row, int32_t layer, int32_t *most) {
    return (int32_t *)graph_links(graph, row, layer, most);
}

static void link_row(struct insertion *work, ptrdiff_t place, graph_pool *pool, graph_marks *marks,
                     const int32_t *batch_distances) {
    ck_graph *graph = work->graph;
    int32_t row = (int32_t)(work->first + place), level = graph->levels[row];
    struct back_link *back = work->links + place * work->room;
    graph_query query;
    make_query(&query, graph_line(graph, row), graph->portable);
    if (work->top >= 0) walk_down(graph, &query, level < work->top ? level : work->top, pool, marks);
    else pool->count = 0;
    for (int32_t layer = level; layer >= 0; layer--) {
        if (layer <= work->top) walk_layer(graph, &query, layer, pool, marks);
        // What the batch adds must not be walked from on the layer below: it is not linked yet.
        uint64_t saved[pool->count > 0 ? pool->count : 1];
        ptrdiff_t before = pool->count;
        memcpy(saved, pool->entries, (size_t)before * sizeof *saved);
        if (layer > work->top) pool->count = 0;
        for (ptrdiff_t other = 0; other < work->batch; other++)
            if (other != place && graph->levels[work->first + other] >= layer)
                pool_insert(pool, pool_entry(batch_distances[other], (int32_t)(work->first + other)));
        int32_t most, rows[CK_GRAPH_MOST_LINKS], distances[CK_GRAPH_MOST_LINKS];
        int32_t *links = own_links(graph, row, layer, &most);
        int32_t kept = select_links(graph, pool->entries, pool->count, graph->degree, rows, distances);
        for (int32_t i = 0; i < kept; i++) {
            links[i] = rows[i];
            *back++ = (struct back_link){rows[i], row, layer, distances[i]};
        }
        memcpy(pool->entries, saved, (size_t)before * sizeof *saved);
        pool->count = before;
    }
    back->to = -1;
}

static void link_part(void *context, int32_t part) {
    struct insertion *work = context;
    ck_graph *graph = work->graph;
    ptrdiff_t first = (ptrdiff_t)part * GRAPH_BUILD_ROWS_AT_ONCE, end = first + GRAPH_BUILD_ROWS_AT_ONCE;
    if (end > work->batch) end = work->batch;
    size_t mark_bytes = ((size_t)graph->count * 2 + 63) / 64 * 64;
    size_t pool_bytes = ((size_t)work->effort * 8 + 63) / 64 * 64;
    size_t batch_bytes = ((size_t)work->batch * 8 + 63) / 64 * 64;
    size_t bytes = mark_bytes + pool_bytes + batch_bytes;
    char *memory = ck_buffer_take(bytes);
    if (!memory) {
        atomic_store(&work->failed, 1);
        for (ptrdiff_t place = first; place < end; place++) work->links[place * work->room].to = -1;
        return;
    }
    memset(memory, 0, mark_bytes);
    graph_marks marks = {(uint16_t *)memory, 0, graph->count};
    graph_pool pool = {(uint64_t *)(memory + mark_bytes), 0, work->effort};
    int32_t *rows = (int32_t *)(memory + mark_bytes + pool_bytes), *distances = rows + work->batch;
    for (ptrdiff_t other = 0; other < work->batch; other++) rows[other] = (int32_t)(work->first + other);
    for (ptrdiff_t place = first; place < end; place++) {
        graph_query query;
        make_query(&query, graph_line(graph, rows[place]), graph->portable);
        graph_distances(graph, &query, rows, work->batch, distances);
        link_row(work, place, &pool, &marks, distances);
    }
    ck_buffer_give(memory, bytes);
}

static int compare_links(const void *left, const void *right) {
    const struct back_link *a = left, *b = right;
    if (a->to != b->to) return a->to < b->to ? -1 : 1;
    if (a->layer != b->layer) return a->layer < b->layer ? -1 : 1;
    return a->from < b->from ? -1 : a->from > b->from;
}

/// Adds links back to one row on one layer; when there are too many, algorithm 4 chooses.
static void add_back_links(ck_graph *graph, const struct back_link *back, ptrdiff_t count) {
    int32_t most, old = 0, fresh = 0, distances[CK_GRAPH_MOST_LINKS];
    int32_t row = back[0].to;
    int32_t *links = own_links(graph, row, back[0].layer, &most);
    while (old < most && links[old] >= 0) old++;
    const struct back_link *added[count];
    for (ptrdiff_t i = 0; i < count; i++) {
        int32_t known = 0;
        for (int32_t j = 0; j < old && !known; j++) known = links[j] == back[i].from;
        if (!known) added[fresh++] = &back[i];
    }
    if (old + fresh <= most) {
        for (int32_t i = 0; i < fresh; i++) links[old + i] = added[i]->from;
        return;
    }
    graph_query query;
    make_query(&query, graph_line(graph, row), graph->portable);
    graph_distances(graph, &query, links, old, distances);
    uint64_t entries[old + fresh];
    graph_pool all = {entries, 0, old + fresh};
    for (int32_t i = 0; i < old; i++) pool_insert(&all, pool_entry(distances[i], links[i]));
    for (int32_t i = 0; i < fresh; i++) pool_insert(&all, pool_entry(added[i]->distance, added[i]->from));
    int32_t chosen[CK_GRAPH_MOST_LINKS];
    int32_t kept = select_links(graph, entries, all.count, most, chosen, distances);
    for (int32_t i = 0; i < most; i++) links[i] = i < kept ? chosen[i] : -1;
}

static void back_part(void *context, int32_t part) {
    struct insertion *work = context;
    ptrdiff_t first, end;
    int32_t parts = work->groups < 64 ? (int32_t)work->groups : 64;
    ck_part_range(work->groups, parts, part, &first, &end);
    for (ptrdiff_t group = first; group < end; group++)
        add_back_links(work->graph, work->links + work->starts[group], work->starts[group + 1] - work->starts[group]);
}

enum ck_status ck_graph_insert(ck_graph *graph, ptrdiff_t first, ptrdiff_t batch, ptrdiff_t effort) {
    ck_check_graph(graph);
    CK_ASSERT(first, >= 0);
    CK_ASSERT(batch, >= 0);
    CK_ASSERT(first + batch, <= graph->count);
    CK_ASSERT(effort, > 0);
    int32_t highest = 0;
    for (ptrdiff_t i = 0; i < batch; i++)
        if (graph->levels[first + i] > highest) highest = graph->levels[first + i];
    ptrdiff_t room = (ptrdiff_t)(highest + 1) * graph->degree + 1;
    struct back_link *links = malloc((size_t)(batch * room) * sizeof *links);
    ptrdiff_t *starts = malloc((size_t)(batch * room + 1) * sizeof *starts);
    struct insertion work = {graph, first, batch, effort, graph->top, links, room, starts, 0, 0};
    if (!links || !starts) {
        free(links);
        free(starts);
        return CK_NO_MEMORY;
    }
    ck_parallel((int32_t)((batch + GRAPH_BUILD_ROWS_AT_ONCE - 1) / GRAPH_BUILD_ROWS_AT_ONCE), link_part, &work);
    ptrdiff_t count = 0;
    for (ptrdiff_t place = 0; place < batch; place++)
        for (const struct back_link *link = links + place * room; link->to >= 0; link++) links[count++] = *link;
    qsort(links, (size_t)count, sizeof *links, compare_links);
    for (ptrdiff_t i = 0; i < count; i++)
        if (i == 0 || links[i].to != links[i - 1].to || links[i].layer != links[i - 1].layer)
            starts[work.groups++] = i;
    starts[work.groups] = count;
    ck_parallel((int32_t)(work.groups < 64 ? work.groups : 64), back_part, &work);
    for (ptrdiff_t i = 0; i < batch; i++)
        if (graph->levels[first + i] > graph->top) {
            graph->top = graph->levels[first + i];
            graph->entry = (int32_t)(first + i);
        }
    free(links);
    free(starts);
    return atomic_load(&work.failed) ? CK_NO_MEMORY : CK_OK;
}
