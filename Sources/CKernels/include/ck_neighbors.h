// Nearest neighbours: exactly, and approximately by a graph.
#ifndef CK_NEIGHBORS_H
#define CK_NEIGHBORS_H

#include <stddef.h>
#include <stdint.h>

#include "ck_core.h"

// MARK: Exact
//
// Nearest neighbours: exact distances between rows, and a search that rules most rows out by short codes.

/// The orders of neighbours. Each is a key that grows with the distance.
enum {
    CK_KEY_SQUARE = 0,   // sum (a - b)^2
    CK_KEY_SUM = 1,      // sum |a - b|
    CK_KEY_COSINE = 2,   // 1 - a.b / (|a| |b|); 1 where a norm is 0
    CK_KEY_POWER = 3,    // (sum |a - b|^p)^(1/p)
    CK_KEY_LARGEST = 4,  // max |a - b|
};

/// Whether the kernels written for VNNI (8-bit dot products, AVX-512) can run here.
int32_t ck_multiplies_bytes(void);

/// Rows [count, width] and what is known of each.
typedef struct {
    const uint8_t *bytes;   // one of bytes and floats; the other is NULL
    const float *floats;
    ptrdiff_t count, width;
    const int64_t *squares;  // of bytes: the sum of the squares of each row; else NULL
    const int64_t *sums;     // of bytes: the sum of each row; else NULL
    const double *norms;     // |x| of each row; for CK_KEY_COSINE only
    const double *powers;    // of bytes, for CK_KEY_POWER: d^p for each d in 0...255; NULL if that may be too large
} ck_rows;

/// Squares and sums of rows of bytes.
void ck_row_sums_u8(const uint8_t *rows, ptrdiff_t count, ptrdiff_t width, int64_t *squares, int64_t *sums);
/// |x| of each row of floats, in double, in an order that the width alone decides.
void ck_row_norms_f32(const float *rows, ptrdiff_t count, ptrdiff_t width, double *norms);

/// The key between row i of `a` and row j of `b`: exact for bytes (square, sum, largest); for floats in double,
/// added up in an order that the width alone decides, without fused operations: the same bits everywhere.
/// `portable`: without VNNI; must not be 0 where ck_multiplies_bytes() is.
double ck_key(const ck_rows *a, ptrdiff_t i, const ck_rows *b, ptrdiff_t j, int32_t kind, double exponent,
              int32_t portable);

/// The coding of rows. A row x becomes (P (x - mean), |x - mean - P'P (x - mean)|), no two of which are farther apart
/// than the rows, as bytes in steps of `step`; `dims` is a multiple of 4, the last is the residual.
typedef struct {
    const float *mean;       // [width]
    ptrdiff_t width, dims;
    float step, residual_center;
    double rounding;         // how far P (x - mean) may be from what was computed, as a share of |x - mean|
    double margin;           // added to every error
} ck_coding;

/// (x * scale - mean) of rows first ..< first + count as floats, and the sum of their squares. `inverse_norms`: the
/// scale of each row of the set, or NULL for 1.
void ck_center_rows(const ck_rows *rows, ptrdiff_t first, ptrdiff_t count, const float *mean,
                    const double *inverse_norms, float *centered, double *squares);

/// Codes of `count` rows from their projections [count, dims] (the last column free) and the squares of the centred
/// rows. For rows that are searched (`packed`): codes [count/16][dims/4][16][4], value + 128, of rows from `first`, a
/// multiple of 16, on. For queries: codes [count, dims], negated. `constants`: half the square of the code, plus the
/// correction for the 128 (queries). `errors`: the bound of the distance between the code and the exact row. Returns
/// the greatest.
double ck_code_rows(const ck_coding *coding, const float *projected, const double *squares, ptrdiff_t first,
                    ptrdiff_t count, int32_t packed, uint8_t *codes, int32_t *constants, double *errors);

/// The index to search: rows, the metric, and codes (NULL: every row is compared).
typedef struct {
    ck_rows rows;
    int32_t kind;
    double exponent;
    const uint8_t *codes;
    const int32_t *constants;
    ptrdiff_t padded;  // rows rounded up to a multiple of 32; those beyond have a great constant
    ptrdiff_t dims;
    int32_t shift;
    double step, error;  // of the codes: their step and their greatest error
    int32_t portable;
} ck_neighbor_index;

/// The `k` nearest rows of each query: keys [queries, k] and places [queries, k], by key, then by place. `codes`,
/// `constants` and `errors` are those of the queries, or NULL. `self`: query i is row self + i of the index, which is
/// left out; -1 if it is none of them. `checked`: incremented by the number of rows compared. k is at most the rows
/// there are.
void ck_search_neighbors(const ck_neighbor_index *index, const ck_rows *queries, const uint8_t *codes,
                         const int32_t *constants, const double *errors, ptrdiff_t self, ptrdiff_t k, double *keys,
                         int32_t *places, ptrdiff_t *checked);

/// Makes `count` rows of `width` doubles orthogonal with length 1, one after another (Gram-Schmidt, twice); a row
/// that depends on those before it becomes zero.
void ck_orthonormalize(double *rows, ptrdiff_t count, ptrdiff_t width);

// MARK: Graph
//
// A navigable graph over rows, for approximate nearest neighbours (Malkov and Yashunin 2018).

/// A row in the graph is one cache line: at most CK_LINE_DIMS codes (value + 128; unused ones 128), then the square of
/// the code as int32.
enum { CK_LINE = 64, CK_LINE_DIMS = 60 };

/// Lines of `count` rows from negated codes [count, dims] (ck_code_rows).
void ck_graph_lines(const uint8_t *codes, ptrdiff_t count, ptrdiff_t dims, uint8_t *lines);

/// Rows and their links: on the bottom layer up to 2 `degree` each, above up to `degree`. Lists end with -1 or full.
typedef struct {
    const uint8_t *lines;   // [count][CK_LINE]
    ptrdiff_t count;
    int32_t degree;
    int32_t *bottom;        // [count][2 degree]
    int32_t *upper;         // [slots][degree]
    const int32_t *slots;   // of each row: its slot on layer 1, that on layer 2 follows, ...
    const uint8_t *levels;  // the highest layer of each row
    int32_t entry, top;     // where a search begins: a row on the highest layer; -1 before the first
    int32_t portable;
} ck_graph;

/// Links rows first ..< first + batch, given that all before them are in the graph. Each looks for its neighbours among
/// those and, one by one, among the batch; links back are made afterwards, each row's by one thread: the same graph on
/// any number of threads. `effort`: the number of candidates kept (efConstruction).
enum ck_status ck_graph_insert(ck_graph *graph, ptrdiff_t first, ptrdiff_t batch, ptrdiff_t effort);

/// The `effort` rows with the nearest codes that the graph leads to, for each query line: found [count, effort], the
/// nearest first; -1 where there are fewer.
enum ck_status ck_graph_search(const ck_graph *graph, const uint8_t *lines, ptrdiff_t count, ptrdiff_t effort,
                               int32_t *found);

/// The k nearest of each query's candidates [queries, effort] by exact keys; missing ones have key infinity, place -1.
void ck_rank_rows(const ck_rows *queries, const ck_rows *rows, int32_t kind, double exponent, int32_t portable,
                  const int32_t *candidates, ptrdiff_t effort, ptrdiff_t k, double *keys, int32_t *places);

#endif
