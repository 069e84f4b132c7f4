#include "ck_sparse.h"

#include <string.h>

#include "ck_clones.h"
#include "ck_pool.h"

// Rows of H floats are not aligned, so a vector of 64 bytes would always cross a cache line; of 32 bytes, half
// of the time. Measured on Zen 4 at H = 50: 32 bytes wins by a fifth.
typedef float lanes __attribute__((vector_size(32)));
typedef lanes unaligned_lanes __attribute__((aligned(4)));
#define LANES 8
#define MAX_VECTORS 7

// Macros, because a function that takes or returns such a vector has another ABI at each level.
#define LOAD(p) (*(const unaligned_lanes *)(p))
#define STORE(p, v) (*(unaligned_lanes *)(p) = (v))

/// Where vector k of a row of `width` floats begins: the last one is moved back to end with the row, so that it
/// overlaps its neighbour (both compute the same numbers) instead of needing a mask.
CK_INLINE int64_t vector_start(int64_t width, int64_t k) {
    int64_t start = k * LANES;
    return start + LANES <= width ? start : width - LANES;
}

void ck_compress_rows_u8(const uint8_t *dense, int64_t height, int64_t width, int64_t *starts,
                         uint16_t *columns, uint8_t *values, uint16_t *block_starts) {
    int64_t blocks = (width + CK_SPARSE_BLOCK - 1) / CK_SPARSE_BLOCK, place = 0;
    for (int64_t row = 0; row < height; row++) {
        starts[row] = place;
        const uint8_t *bytes = dense + row * width;
        for (int64_t block = 0; block < blocks; block++) {
            int64_t column = block * CK_SPARSE_BLOCK, end = column + CK_SPARSE_BLOCK;
            if (end > width) end = width;
            block_starts[row * (blocks + 1) + block] = (uint16_t)(place - starts[row]);
            while (column < end) {
                uint64_t eight;
                if (column + 8 <= end && (memcpy(&eight, bytes + column, 8), eight == 0)) {
                    column += 8;
                    continue;
                }
                for (int64_t stop = column + 8 < end ? column + 8 : end; column < stop; column++)
                    if (bytes[column]) {
                        columns[place] = (uint16_t)column;
                        values[place] = bytes[column];
                        place += 1;
                    }
            }
        }
        block_starts[row * (blocks + 1) + blocks] = (uint16_t)(place - starts[row]);
    }
    starts[height] = place;
}

/// Entries first ..< end of one row that lie in one column block.
typedef struct {
    int64_t first, end;
} entry_range;

CK_INLINE entry_range block_range(const ck_sparse_bytes *input, int64_t row, int64_t block) {
    const uint16_t *bounds = input->block_starts + row * (input->blocks + 1) + block;
    int64_t start = input->starts[row];
    return (entry_range){start + bounds[0], start + bounds[1]};
}

/// Asks for a row's entries, which lie anywhere in memory, some rows before they are needed.
CK_INLINE void prefetch_row(const ck_sparse_bytes *input, int64_t row) {
    int64_t begin = input->starts[row], end = input->starts[row + 1];
    for (int64_t e = begin; e < end; e += 32) __builtin_prefetch(input->columns + e);
    for (int64_t e = begin; e < end; e += 64) __builtin_prefetch(input->values + e);
    __builtin_prefetch(input->block_starts + row * (input->blocks + 1));
}

/// Calls `kernel(..., first vector, n)` with the number of vectors as a constant, for groups of at most MAX_VECTORS
/// that divide a row evenly. A group's vectors are summed together, so the overlap of a row's last two must lie in
/// one group; it does, because only a row of a single vector has a group of one.
#define FOR_VECTOR_GROUPS(width, kernel, ...)                                                              \
    for (int64_t group = 0, vectors = ((width) + LANES - 1) / LANES,                                       \
                 groups = (vectors + MAX_VECTORS - 1) / MAX_VECTORS;                                       \
         group < groups; group++) {                                                                        \
        int64_t group_first = vectors * group / groups;                                                    \
        switch (vectors * (group + 1) / groups - group_first) {                                            \
        case 1: kernel(__VA_ARGS__, group_first, 1); break;                                                \
        case 2: kernel(__VA_ARGS__, group_first, 2); break;                                                \
        case 3: kernel(__VA_ARGS__, group_first, 3); break;                                                \
        case 4: kernel(__VA_ARGS__, group_first, 4); break;                                                \
        case 5: kernel(__VA_ARGS__, group_first, 5); break;                                                \
        case 6: kernel(__VA_ARGS__, group_first, 6); break;                                                \
        default: kernel(__VA_ARGS__, group_first, MAX_VECTORS); break;                                     \
        }                                                                                                  \
    }

struct job {
    const ck_sparse_bytes *input;
    const float *table;
    const int32_t *rows;
    int64_t count, width;
    const float *weights, *bias, *delta;
    float *result;
    int32_t parts;
};

// MARK: forward

/// Adds one column block to rows first ..< end, in `vectors` vectors of each.
CK_INLINE void forward_block(const struct job *job, int64_t first, int64_t end, int64_t block,
                             int64_t first_vector, const int vectors) {
    const ck_sparse_bytes input = *job->input;
    const uint16_t *columns = input.columns;
    const uint8_t *values = input.values;
    const int32_t *rows = job->rows;
    const float *table = job->table;
    float *result = job->result;
    int64_t width = job->width, at[MAX_VECTORS], start = block * CK_SPARSE_BLOCK;
    int64_t stop = start + CK_SPARSE_BLOCK < input.width ? start + CK_SPARSE_BLOCK : input.width;
    for (int k = 0; k < vectors; k++) at[k] = vector_start(width, first_vector + k);
    // Each of the block's weights is used by many rows, so they are laid out once as aligned vectors: at their own
    // place most rows' vectors cross a cache line, which halves the loads per cycle.
    lanes packed[CK_SPARSE_BLOCK * MAX_VECTORS];
    for (int64_t column = start; column < stop; column++)
        for (int k = 0; k < vectors; k++)
            packed[(column - start) * vectors + k] = LOAD(job->weights + column * width + at[k]);
    for (int64_t i = first; i < end; i++) {
        entry_range range = block_range(&input, rows[i], block);
        if (range.first == range.end) continue;
        float *target = result + i * width;
        lanes sums[MAX_VECTORS];
        for (int k = 0; k < vectors; k++) sums[k] = LOAD(target + at[k]);
        for (int64_t e = range.first; e < range.end; e++) {
            const lanes *row = packed + (columns[e] - start) * vectors;
            float value = table[values[e]];
            for (int k = 0; k < vectors; k++) sums[k] += value * row[k];
        }
        for (int k = 0; k < vectors; k++) STORE(target + at[k], sums[k]);
    }
}

CK_CLONES
void ck_sparse_forward_rows_f32(const struct job *job, int64_t first, int64_t end) {
    const ck_sparse_bytes *input = job->input;
    int64_t width = job->width;
    for (int64_t i = first; i < end; i++) {
        memcpy(job->result + i * width, job->bias, (size_t)width * sizeof(float));
        prefetch_row(input, job->rows[i]);
    }
    if (width < LANES) {
        for (int64_t i = first; i < end; i++)
            for (int64_t e = input->starts[job->rows[i]]; e < input->starts[job->rows[i] + 1]; e++)
                for (int64_t j = 0; j < width; j++)
                    job->result[i * width + j] +=
                        job->table[input->values[e]] * job->weights[input->columns[e] * width + j];
        return;
    }
    for (int64_t block = 0; block < input->blocks; block++)
        FOR_VECTOR_GROUPS(width, forward_block, job, first, end, block)
}
static void forward_part(void *context, int32_t part) {
    const struct job *job = context;
    int64_t first, end;
    ck_part_range(job->count, job->parts, part, &first, &end);
    ck_sparse_forward_rows_f32(job, first, end);
}

void ck_sparse_forward_f32(const ck_sparse_bytes *input, const float *table, const int32_t *rows,
                           int64_t count, int64_t width, const float *weights, const float *bias, float *out) {
    // The parts may follow the number of threads: each row is summed by one of them, columns ascending.
    int64_t parts = ck_thread_count();
    if (count / 128 > parts) parts = count / 128 < CK_MAX_PARTS ? count / 128 : CK_MAX_PARTS;
    struct job job = {input, table, rows, count, width, weights, bias, NULL, out, (int32_t)parts};
    ck_parallel((int32_t)parts, forward_part, &job);
}

static void prefetch_part(void *context, int32_t part) {
    const struct job *job = context;
    int64_t first, end;
    ck_part_range(job->count, job->parts, part, &first, &end);
    for (int64_t i = first; i < end; i++) prefetch_row(job->input, job->rows[i]);
}

void ck_sparse_prefetch(const ck_sparse_bytes *input, const int32_t *rows, int64_t count) {
    // Divided as the forward pass will be, so that the rows come near the core that will read them.
    struct job job = {input, NULL, rows, count, 0, NULL, NULL, NULL, NULL, ck_thread_count()};
    ck_parallel(job.parts, prefetch_part, &job);
}

// MARK: weight gradient

/// Sums one column block over all rows.
CK_INLINE void gradient_block(const struct job *job, int64_t block, int64_t first_vector, const int vectors) {
    const ck_sparse_bytes input = *job->input;
    const uint16_t *columns = input.columns;
    const uint8_t *values = input.values;
    const int32_t *rows = job->rows;
    const float *table = job->table, *delta = job->delta;
    int64_t width = job->width, count = job->count, at[MAX_VECTORS], start = block * CK_SPARSE_BLOCK;
    int64_t stop = start + CK_SPARSE_BLOCK < input.width ? start + CK_SPARSE_BLOCK : input.width;
    for (int k = 0; k < vectors; k++) at[k] = vector_start(width, first_vector + k);
    // Summed as aligned vectors, for the reason given in forward_block; stores suffer even more.
    lanes packed[CK_SPARSE_BLOCK * MAX_VECTORS];
    for (int64_t p = 0; p < (stop - start) * vectors; p++) packed[p] = (lanes){0};
    for (int64_t i = 0; i < count; i++) {
        entry_range range = block_range(&input, rows[i], block);
        if (range.first == range.end) continue;
        lanes deltas[MAX_VECTORS];
        for (int k = 0; k < vectors; k++) deltas[k] = LOAD(delta + i * width + at[k]);
        for (int64_t e = range.first; e < range.end; e++) {
            lanes *row = packed + (columns[e] - start) * vectors;
            float value = table[values[e]];
            for (int k = 0; k < vectors; k++) row[k] += value * deltas[k];
        }
    }
    for (int64_t column = start; column < stop; column++)
        for (int k = 0; k < vectors; k++)
            STORE(job->result + column * width + at[k], packed[(column - start) * vectors + k]);
}

CK_CLONES
void ck_sparse_gradient_blocks_f32(const struct job *job, int64_t first, int64_t end) {
    const ck_sparse_bytes *input = job->input;
    int64_t width = job->width;
    for (int64_t block = first; block < end; block++) {
        if (width < LANES) {
            int64_t column = block * CK_SPARSE_BLOCK, stop = column + CK_SPARSE_BLOCK;
            if (stop > input->width) stop = input->width;
            memset(job->result + column * width, 0, (size_t)((stop - column) * width) * sizeof(float));
            for (int64_t i = 0; i < job->count; i++) {
                entry_range range = block_range(input, job->rows[i], block);
                for (int64_t e = range.first; e < range.end; e++)
                    for (int64_t j = 0; j < width; j++)
                        job->result[input->columns[e] * width + j] +=
                            job->table[input->values[e]] * job->delta[i * width + j];
            }
            continue;
        }
        FOR_VECTOR_GROUPS(width, gradient_block, job, block)
    }
}

static void gradient_part(void *context, int32_t part) {
    const struct job *job = context;
    ck_sparse_gradient_blocks_f32(job, part, part + 1);
}

void ck_sparse_weight_gradient_f32(const ck_sparse_bytes *input, const float *table, const int32_t *rows,
                                   int64_t count, int64_t width, const float *delta, float *gradient) {
    struct job job = {input, table, rows, count, width, NULL, NULL, delta, gradient, (int32_t)input->blocks};
    ck_parallel((int32_t)input->blocks, gradient_part, &job);
}

// MARK: dense rows

CK_CLONES
void ck_gather_rows_u8_f32(const uint8_t *dense, int64_t width, const float *table, const int32_t *rows,
                           int64_t count, float *out) {
    for (int64_t i = 0; i < count; i++) {
        const uint8_t *bytes = dense + (int64_t)rows[i] * width;
        for (int64_t j = 0; j < width; j++) out[i * width + j] = table[bytes[j]];
    }
}

CK_CLONES
void ck_gather_rows_u8_f64(const uint8_t *dense, int64_t width, const double *table, const int32_t *rows,
                           int64_t count, double *out) {
    for (int64_t i = 0; i < count; i++) {
        const uint8_t *bytes = dense + (int64_t)rows[i] * width;
        for (int64_t j = 0; j < width; j++) out[i * width + j] = table[bytes[j]];
    }
}
