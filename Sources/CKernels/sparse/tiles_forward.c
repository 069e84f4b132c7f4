// The forward pass of a first layer over tiles of bytes: pairs of columns, for all rows of a tile.
#include <stdbool.h>

#include "ck_core.h"
#include "ck_nn.h"
#include "sparse/tiles.h"

// A thread has the same columns here as in tiles_gradient.c: the weights that it changed and the bytes that it turned
// are then in its own caches, and what goes from one core to another is only the sums of the rows and what comes back for
// them.

struct job {
    ck_byte_tiles *input;
    ptrdiff_t outputs;
    const float *w, *bias;
    float *result;
    /// The sums of all blocks of columns but the first, (blocks - 1) x N x H.
    float *sums;
    float parameter;
    int32_t parts, activation;
};

/// Adds `columns` columns to the rows of a tile.
CK_INLINE void forward_columns(const struct job *job, int32_t tile, lanes *y, const ptrdiff_t *at, const int vectors,
                               ptrdiff_t c, const int columns) {
    const uint64_t *masks = tile_masks(job->input, tile);
    const uint8_t *p = tile_bytes(job->input, tile) + c * CK_TILE_ROWS;
    const float *table = job->input->table, *w = job->w + c * job->outputs;
    uint64_t mask = columns == 2 ? masks[c] | masks[c + 1] : masks[c];
    if (!mask) return;
    lanes a[CK_ROW_MAX_VECTORS], b[CK_ROW_MAX_VECTORS];
    for (int k = 0; k < vectors; k++) a[k] = CK_ROW_LOAD(w + at[k]);
    for (int k = 0; k < vectors && columns == 2; k++) b[k] = CK_ROW_LOAD(w + job->outputs + at[k]);
    for (; mask; mask &= mask - 1) {
        int i = __builtin_ctzll(mask);
        float u = table[p[i]], v = columns == 2 ? table[p[CK_TILE_ROWS + i]] : 0;
        lanes *row = y + i * vectors;
        for (int k = 0; k < vectors; k++) {
            lanes sum = row[k];
            sum += u * a[k];
            if (columns == 2) sum += v * b[k];
            row[k] = sum;
        }
    }
}

/// The sums of one block of columns: where they begin, what is added to and where they go.
struct block {
    ptrdiff_t first_column, end_column;
    const float *start;
    float *target;
    int32_t adds;
};

/// `vectors` vectors of each row of a tile; the tile's rows are first ..< end of the batch.
CK_INLINE void forward_group(const struct job *job, const struct block *block, int32_t tile, ptrdiff_t first,
                             ptrdiff_t end, ptrdiff_t first_vector, const int vectors) {
    ptrdiff_t outputs = job->outputs, at[CK_ROW_MAX_VECTORS];
    for (int k = 0; k < vectors; k++) at[k] = vector_start(outputs, first_vector + k);
    // Summed as aligned vectors: at their own place half of them cross a cache line, and stores suffer most from that.
    lanes y[CK_TILE_ROWS * CK_ROW_MAX_VECTORS];
    for (ptrdiff_t i = 0; i < end - first; i++)
        for (int k = 0; k < vectors; k++) y[i * vectors + k] = block->start ? CK_ROW_LOAD(block->start + at[k]) : (lanes){0};
    CK_FOR_PAIRS(block->first_column, block->end_column, forward_columns, job, tile, y, at, vectors);
    for (ptrdiff_t i = first; i < end; i++) {
        float *row = block->target + i * outputs;
        lanes old[CK_ROW_MAX_VECTORS];
        // All are read before one is written, for the last two overlap.
        for (int k = 0; k < vectors && block->adds; k++) old[k] = CK_ROW_LOAD(row + at[k]);
        for (int k = 0; k < vectors; k++)
            CK_ROW_STORE(row + at[k], block->adds ? old[k] + y[(i - first) * vectors + k] : y[(i - first) * vectors + k]);
    }
}

/// Rows of fewer numbers than a vector has.
CK_INLINE void forward_narrow(const struct job *job, const struct block *block, int32_t tile, ptrdiff_t first,
                              ptrdiff_t end, const int outputs) {
    float y[CK_TILE_ROWS * CK_ROW_LANES];
    for (ptrdiff_t i = 0; i < end - first; i++)
        for (int j = 0; j < outputs; j++) y[i * outputs + j] = block->start ? block->start[j] : 0;
    const uint64_t *masks = tile_masks(job->input, tile);
    for (ptrdiff_t c = block->first_column; c < block->end_column; c++) {
        const uint8_t *bytes = tile_bytes(job->input, tile) + c * CK_TILE_ROWS;
        const float *w = job->w + c * outputs;
        for (uint64_t mask = masks[c]; mask; mask &= mask - 1) {
            int i = __builtin_ctzll(mask);
            float value = job->input->table[bytes[i]];
            for (int j = 0; j < outputs; j++) y[i * outputs + j] += value * w[j];
        }
    }
    float *target = block->target + first * outputs;
    for (ptrdiff_t k = 0; k < (end - first) * outputs; k++) target[k] = block->adds ? target[k] + y[k] : y[k];
}

CK_CLONES
static void ck_sparse_forward_block(const struct job *job, const struct block *block, int32_t tile, ptrdiff_t first,
                                    ptrdiff_t end) {
    if (job->outputs < CK_ROW_LANES) {
        CK_FOR_NARROW_ROW(job->outputs, forward_narrow, job, block, tile, first, end)
        return;
    }
    CK_FOR_VECTOR_GROUPS(job->outputs, forward_group, job, block, tile, first, end)
}

/// A few rows: read where they lie.
CK_CLONES
static void ck_sparse_forward_plain(const struct job *job, ptrdiff_t first, ptrdiff_t end) {
    ptrdiff_t outputs = job->outputs, width = job->input->width;
    for (ptrdiff_t i = first; i < end; i++) {
        const uint8_t *bytes = job->input->dense + (ptrdiff_t)job->input->rows[i] * width;
        float *restrict y = job->result + i * outputs;
        memcpy(y, job->bias, (size_t)outputs * sizeof(float));
        for (ptrdiff_t c = 0; c < width; c++) {
            if (!bytes[c]) continue;
            const float *w = job->w + c * outputs, value = job->input->table[bytes[c]];
            for (ptrdiff_t j = 0; j < outputs; j++) y[j] += value * w[j];
        }
    }
}

/// Writes one block of a tile's columns and sums them; `target` N x H, added to or not.
static void forward_block(const struct job *job, int32_t tile, int32_t block, float *target, int32_t adds) {
    const ck_byte_tiles *input = job->input;
    struct block sums = {block_start(input->width, block), block_start(input->width, block + 1),
                         block == 0 ? job->bias : NULL, target, adds};
    ptrdiff_t first, end;
    ck_part_range(input->count, input->tiles, tile, &first, &end);
    if (!input->ready) ck_tile_write(input, tile, sums.first_column, sums.end_column);
    ck_sparse_forward_block(job, &sums, tile, first, end);
}

static void activate_rows(const struct job *job, ptrdiff_t first, ptrdiff_t end) {
    float *rows = job->result + first * job->outputs;
    if (job->activation != CK_ACTIVATION_IDENTITY)
        ck_activate_f32(job->activation, job->parameter, (end - first) * job->outputs, rows, rows);
}

/// A part is a tile, all blocks one after another.
static void tile_part(void *context, int32_t part) {
    const struct job *job = context;
    ptrdiff_t first, end;
    ck_part_range(job->input->count, job->parts, part, &first, &end);
    if (job->input->tiles == 0) ck_sparse_forward_plain(job, first, end);
    else
        for (int32_t block = 0; block < block_count(job->input->width); block++)
            forward_block(job, part, block, job->result, block > 0);
    activate_rows(job, first, end);
}

/// A part is a block of columns, all tiles one after another; the blocks' sums are added up afterwards.
static void block_part(void *context, int32_t part) {
    const struct job *job = context;
    float *target = part == 0 ? job->result : job->sums + (part - 1) * job->input->count * job->outputs;
    for (int32_t tile = 0; tile < job->input->tiles; tile++) forward_block(job, tile, part, target, 0);
}

CK_CLONES
static void ck_sparse_add_blocks(const struct job *job, ptrdiff_t first, ptrdiff_t end) {
    ptrdiff_t size = job->input->count * job->outputs;
    int32_t others = block_count(job->input->width) - 1;
    float *restrict y = job->result;
    for (int32_t block = 0; block < others; block++) {
        const float *restrict sums = job->sums + block * size;
        for (ptrdiff_t k = first * job->outputs; k < end * job->outputs; k++) y[k] += sums[k];
    }
}

static void adding_part(void *context, int32_t part) {
    const struct job *job = context;
    ptrdiff_t first, end;
    ck_part_range(job->input->count, job->parts, part, &first, &end);
    ck_sparse_add_blocks(job, first, end);
    activate_rows(job, first, end);
}

void ck_tiled_forward_f32(ck_byte_tiles *input, ptrdiff_t outputs, const float *w, const float *bias,
                          int32_t activation, float parameter, float *out) {
    ck_check_tiles(input);
    CK_ASSERT(outputs, > 0);
    CK_ASSERT_MEMORY(w, input->width * outputs);
    CK_ASSERT_MEMORY(bias, outputs);
    CK_ASSERT_IN(activation, CK_ACTIVATION_IDENTITY, CK_ACTIVATION_SOFTPLUS);
    CK_ASSERT_MEMORY(out, input->count * outputs);
    struct job job = {.input = input, .outputs = outputs, .w = w, .bias = bias, .result = out,
                      .activation = activation, .parameter = parameter};
    int32_t blocks = block_count(input->width);
    size_t bytes = ((size_t)(blocks - 1) * (size_t)(input->count * outputs) * sizeof(float) + 63) & ~(size_t)63;
    // Many tiles are enough to divide; the sums of few rows are soon added up.
    bool by_blocks = ck_thread_count() > 1 && blocks > 1 && input->tiles > 0 && input->tiles <= 4 &&
                     (job.sums = ck_buffer_take(bytes));
    if (by_blocks) {
        job.parts = blocks;
        ck_parallel(blocks, block_part, &job);
        job.parts = 2;
        ck_parallel(2, adding_part, &job);
        ck_buffer_give(job.sums, bytes);
    } else {
        job.parts = input->tiles > 0 ? input->tiles : (int32_t)input->count;
        ck_parallel(job.parts, tile_part, &job);
    }
    input->ready = 1;
}
