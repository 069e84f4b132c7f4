// A navigable graph over rows, for approximate nearest neighbours (Malkov and Yashunin 2018).
#ifndef CK_GRAPH_H
#define CK_GRAPH_H

#include <stdint.h>

#include "ck_neighbors.h"

/// A row in the graph is one cache line: at most CK_LINE_DIMS codes (value + 128; unused ones 128), then the square of
/// the code as int32.
enum { CK_LINE = 64, CK_LINE_DIMS = 60 };

/// Lines of `count` rows from negated codes [count, dims] (ck_code_rows).
void ck_graph_lines(const uint8_t *codes, intptr_t count, intptr_t dims, uint8_t *lines);

/// Rows and their links: on the bottom layer up to 2 `degree` each, above up to `degree`. Lists end with -1 or full.
typedef struct {
    const uint8_t *lines;   // [count][CK_LINE]
    intptr_t count;
    int32_t degree;
    int32_t *bottom;        // [count][2 degree]
    int32_t *upper;         // [slots][degree]
    const int32_t *slots;   // of each row: its slot on layer 1, that on layer 2 follows, ...
    const uint8_t *levels;  // the highest layer of each row
    int32_t entry, top;     // where a search begins: a row on the highest layer; -1 before the first
    int32_t portable;
} ck_graph;

/// Links rows first ..< first + batch, given that all before them are in the graph. Each looks for its neighbours among
/// those and, one by one, among the batch; links back are made afterwards, each row's by one thread: the same graph
/// on any number of threads. `effort`: how many candidates are kept (efConstruction). Returns 0, or 1 without memory.
int32_t ck_graph_insert(ck_graph *graph, intptr_t first, intptr_t batch, int32_t effort);

/// The `effort` rows with the nearest codes that the graph leads to, for each query line: found [count, effort], the
/// nearest first; -1 where there are fewer. Returns 0, or 1 without memory.
int32_t ck_graph_search(const ck_graph *graph, const uint8_t *lines, intptr_t count, int32_t effort, int32_t *found);

/// The k nearest of each query's candidates [queries, effort] by exact keys; what is missing has key infinity, place -1.
void ck_rank_rows(const ck_rows *queries, const ck_rows *rows, int32_t kind, double exponent, int32_t portable,
                  const int32_t *candidates, intptr_t effort, intptr_t k, double *keys, int32_t *places);

#endif
