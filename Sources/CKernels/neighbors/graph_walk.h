// The walk through one layer of a graph to the rows nearest to a query.
#ifndef CK_NEIGHBORS_GRAPH_WALK_H
#define CK_NEIGHBORS_GRAPH_WALK_H

#include "neighbors/graph_distance.h"

/// Rows by distance, then by number; each is distance (32 bits) | row (31) | whether its links have been followed (1).
typedef struct {
    uint64_t *entries;  // [capacity]
    ptrdiff_t count, capacity;
} graph_pool;

static inline uint64_t pool_entry(int32_t distance, int32_t row) {
    return (uint64_t)(uint32_t)distance << 32 | (uint64_t)(uint32_t)row << 1;
}
static inline int32_t pool_row(uint64_t entry) { return (int32_t)((uint32_t)entry >> 1); }
static inline int32_t pool_distance(uint64_t entry) { return (int32_t)(entry >> 32); }

/// Puts an entry in its place; returns the place, or the capacity when there is none for it.
static inline ptrdiff_t pool_insert(graph_pool *pool, uint64_t entry) {
    ptrdiff_t low = 0, high = pool->count;
    if (high == pool->capacity && entry > pool->entries[high - 1]) return pool->capacity;
    while (low < high) {
        ptrdiff_t middle = (low + high) / 2;
        if (pool->entries[middle] < entry) low = middle + 1;
        else high = middle;
    }
    ptrdiff_t moved = (pool->count < pool->capacity ? pool->count : pool->capacity - 1) - low;
    if (moved > 0) memmove(pool->entries + low + 1, pool->entries + low, (size_t)moved * sizeof(uint64_t));
    pool->entries[low] = entry;
    if (pool->count < pool->capacity) pool->count += 1;
    return low;
}

/// What one thread needs: which rows it has met in the walk that `mark` stands for.
typedef struct {
    uint16_t *met;  // [count of the graph]
    uint16_t mark;
    ptrdiff_t count;
} graph_marks;

static inline void forget(graph_marks *marks) {
    if (++marks->mark == 0) {
        memset(marks->met, 0, (size_t)marks->count * sizeof *marks->met);
        marks->mark = 1;
    }
}

static inline const int32_t *graph_links(const ck_graph *graph, int32_t row, int32_t layer, int32_t *most) {
    if (layer == 0) {
        *most = 2 * graph->degree;
        return graph->bottom + (ptrdiff_t)row * 2 * graph->degree;
    }
    *most = graph->degree;
    return graph->upper + (ptrdiff_t)(graph->slots[row] + layer - 1) * graph->degree;
}

#define CK_GRAPH_MOST_LINKS 512

/// Follows links from the rows in `pool`, the nearest first, until all that are in it have been followed.
static inline void walk_layer(const ck_graph *graph, const graph_query *query, int32_t layer, graph_pool *pool,
                              graph_marks *marks) {
    int32_t fresh[CK_GRAPH_MOST_LINKS], distances[CK_GRAPH_MOST_LINKS];
    forget(marks);
    for (ptrdiff_t i = 0; i < pool->count; i++) {
        pool->entries[i] &= ~1ull;
        marks->met[pool_row(pool->entries[i])] = marks->mark;
    }
    for (ptrdiff_t next = 0; next < pool->count;) {
        if (pool->entries[next] & 1) {
            next += 1;
            continue;
        }
        pool->entries[next] |= 1;
        int32_t most, count = 0;
        const int32_t *links = graph_links(graph, pool_row(pool->entries[next]), layer, &most);
        for (int32_t i = 0; i < most && links[i] >= 0; i++) {
            int32_t row = links[i];
            if (marks->met[row] == marks->mark) continue;
            marks->met[row] = marks->mark;
            __builtin_prefetch(graph_line(graph, row));
            fresh[count++] = row;
        }
        graph_distances(graph, query, fresh, count, distances);
        ptrdiff_t earliest = next + 1;
        for (int32_t i = 0; i < count; i++) {
            ptrdiff_t place = pool_insert(pool, pool_entry(distances[i], fresh[i]));
            if (place < earliest) earliest = place;
        }
        next = earliest;
        // The links that come next are known by now.
        if (next < pool->count) __builtin_prefetch(graph_links(graph, pool_row(pool->entries[next]), layer, &most));
    }
}

/// The best entry point on the layer below `layer`: from the top down with a pool of one.
static inline void walk_down(const ck_graph *graph, const graph_query *query, int32_t layer, graph_pool *pool,
                             graph_marks *marks) {
    int32_t distance;
    graph_distances(graph, query, &graph->entry, 1, &distance);
    uint64_t best;
    graph_pool one = {&best, 0, 1};
    pool_insert(&one, pool_entry(distance, graph->entry));
    for (int32_t above = graph->top; above > layer; above--) walk_layer(graph, query, above, &one, marks);
    pool->count = 0;
    pool_insert(pool, best & ~1ull);
}

static inline void ck_check_graph(const ck_graph *graph) {
    CK_ASSERT_GIVEN(graph);
    CK_ASSERT(graph->count, >= 0);
    CK_ASSERT_IN(graph->degree, 1, CK_GRAPH_MOST_LINKS / 2);
    CK_ASSERT_MEMORY(graph->lines, graph->count);
    CK_ASSERT_MEMORY(graph->bottom, graph->count);
    CK_ASSERT_MEMORY(graph->slots, graph->count);
    CK_ASSERT_MEMORY(graph->levels, graph->count);
    CK_ASSERT_IN(graph->entry, -1, graph->count - 1);
}

#endif
