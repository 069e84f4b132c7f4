// The weight gradient of a first layer over tiles of bytes, and the descent by it in the same pass.
#include "ck_core.h"
#include "sparse/tiles.h"

struct job {
    const ck_byte_tiles *input;
    ptrdiff_t outputs;
    const float *delta;
    /// The gradient, or the weights that go down by it.
    float *result;
    float rate, decay;
    int32_t parts, descends;
    const ck_upcoming_rows *upcoming;
};

/// Columns whose sums wait between two chunks of rows, and the rows of a chunk: either fits the nearest cache.
#define TILES_WAITING_COLUMNS 128
#define TILES_CHUNK_ROWS 128

/// Some rows of delta, as aligned vectors, and what is known about them.
struct chunk {
    lanes rows[TILES_CHUNK_ROWS * CK_ROW_MAX_VECTORS];
    int32_t first_tile, end_tile, is_first, is_last;
    /// The sums so far of columns `waiting_from` and on.
    ptrdiff_t waiting_from;
    lanes waiting[TILES_WAITING_COLUMNS * CK_ROW_MAX_VECTORS];
};

/// The tiles, from `tile` on, whose rows fit a chunk.
CK_INLINE void pack_chunk(const struct job *job, struct chunk *chunk, int32_t tile, const ptrdiff_t *at,
                          const int vectors) {
    ptrdiff_t first, end, begin, place = 0;
    const ck_byte_tiles *input = job->input;
    ck_part_range(input->count, input->tiles, tile, &begin, &end);
    chunk->first_tile = tile;
    chunk->is_first = tile == 0;
    for (; tile < input->tiles; tile++) {
        ck_part_range(input->count, input->tiles, tile, &first, &end);
        if (end - begin > TILES_CHUNK_ROWS) break;
        for (ptrdiff_t i = first; i < end; i++, place++)
            for (int k = 0; k < vectors; k++)
                chunk->rows[place * vectors + k] = CK_ROW_LOAD(job->delta + i * job->outputs + at[k]);
    }
    chunk->end_tile = tile;
    chunk->is_last = tile == input->tiles;
}

/// Writes the sums of one column, or goes down by them.
CK_INLINE void finish_column(const struct job *job, const lanes *sums, const ptrdiff_t *at, const int vectors,
                             ptrdiff_t c) {
    float *target = job->result + c * job->outputs;
    lanes old[CK_ROW_MAX_VECTORS];
    // All are read before one is written, for the last two overlap.
    for (int k = 0; k < vectors && job->descends; k++) old[k] = CK_ROW_LOAD(target + at[k]);
    for (int k = 0; k < vectors; k++)
        CK_ROW_STORE(target + at[k], job->descends ? CK_DESCENDED(old[k], sums[k], job->rate, job->decay) : sums[k]);
}

/// Sums `columns` columns over the rows of a chunk.
CK_INLINE void gradient_columns(const struct job *job, struct chunk *chunk, const ptrdiff_t *at, const int vectors,
                                ptrdiff_t c, const int columns) {
    const float *table = job->input->table;
    lanes a[CK_ROW_MAX_VECTORS], b[CK_ROW_MAX_VECTORS], *waiting = chunk->waiting + (c - chunk->waiting_from) * vectors;
    for (int k = 0; k < vectors; k++) a[k] = b[k] = (lanes){0};
    if (!chunk->is_first)
        for (int k = 0; k < vectors; k++) {
            a[k] = waiting[k];
            if (columns == 2) b[k] = waiting[vectors + k];
        }
    const lanes *rows = chunk->rows;
    uint64_t any = 0;
    for (int32_t tile = chunk->first_tile; tile < chunk->end_tile; tile++) {
        const uint64_t *masks = tile_masks(job->input, tile);
        const uint8_t *p = tile_bytes(job->input, tile) + c * CK_TILE_ROWS;
        uint64_t mask = columns == 2 ? masks[c] | masks[c + 1] : masks[c];
        any |= mask;
        for (; mask; mask &= mask - 1) {
            int i = __builtin_ctzll(mask);
            float u = table[p[i]], v = columns == 2 ? table[p[CK_TILE_ROWS + i]] : 0;
            const lanes *row = rows + i * vectors;
            for (int k = 0; k < vectors; k++) {
                a[k] += u * row[k];
                if (columns == 2) b[k] += v * row[k];
            }
        }
        ptrdiff_t first, end;
        ck_part_range(job->input->count, job->input->tiles, tile, &first, &end);
        rows += (end - first) * vectors;
    }
    if (!chunk->is_last) {
        for (int k = 0; k < vectors; k++) {
            waiting[k] = a[k];
            if (columns == 2) waiting[vectors + k] = b[k];
        }
        return;
    }
    // Where nothing was summed and nothing decays the weights stay as they are.
    if (job->descends && job->decay == 0 && chunk->is_first && !any) return;
    finish_column(job, a, at, vectors, c);
    if (columns == 2) finish_column(job, b, at, vectors, c + 1);
}

/// `vectors` vectors of each of the columns first ..< end.
CK_INLINE void gradient_group(const struct job *job, struct chunk *chunk, ptrdiff_t first, ptrdiff_t end,
                              ptrdiff_t first_vector, const int vectors) {
    ptrdiff_t at[CK_ROW_MAX_VECTORS];
    for (int k = 0; k < vectors; k++) at[k] = vector_start(job->outputs, first_vector + k);
    chunk->waiting_from = first;
    pack_chunk(job, chunk, 0, at, vectors);
    if (chunk->is_last) {
        CK_FOR_PAIRS(first, end, gradient_columns, job, chunk, at, vectors);
        return;
    }
    for (ptrdiff_t block = first; block < end; block += TILES_WAITING_COLUMNS) {
        ptrdiff_t stop = block + TILES_WAITING_COLUMNS < end ? block + TILES_WAITING_COLUMNS : end;
        chunk->waiting_from = block;
        chunk->end_tile = 0;
        do {
            pack_chunk(job, chunk, chunk->end_tile, at, vectors);
            CK_FOR_PAIRS(block, stop, gradient_columns, job, chunk, at, vectors);
        } while (!chunk->is_last);
    }
}

/// Rows of fewer numbers than a vector has.
CK_INLINE void gradient_narrow(const struct job *job, ptrdiff_t first, ptrdiff_t end, const int outputs) {
    for (ptrdiff_t c = first; c < end; c++) {
        float sums[CK_ROW_LANES] = {0};
        for (int32_t tile = 0; tile < job->input->tiles; tile++) {
            const uint8_t *bytes = tile_bytes(job->input, tile) + c * CK_TILE_ROWS;
            ptrdiff_t begin, stop;
            ck_part_range(job->input->count, job->input->tiles, tile, &begin, &stop);
            for (uint64_t mask = tile_masks(job->input, tile)[c]; mask; mask &= mask - 1) {
                int i = __builtin_ctzll(mask);
                const float *delta = job->delta + (begin + i) * outputs, value = job->input->table[bytes[i]];
                for (int j = 0; j < outputs; j++) sums[j] += value * delta[j];
            }
        }
        float *target = job->result + c * outputs;
        for (int j = 0; j < outputs; j++)
            target[j] = job->descends ? CK_DESCENDED(target[j], sums[j], job->rate, job->decay) : sums[j];
    }
}

/// A few rows, read where they lie; one column at a time, as its sum may change the weights.
CK_INLINE void gradient_plain(const struct job *job, ptrdiff_t first, ptrdiff_t end) {
    const ck_byte_tiles *input = job->input;
    ptrdiff_t outputs = job->outputs;
    enum { SOME = 64 };
    for (ptrdiff_t c = first; c < end; c++)
        for (ptrdiff_t start = 0; start < outputs; start += SOME) {
            ptrdiff_t count = outputs - start < SOME ? outputs - start : SOME;
            float sums[SOME] = {0};
            for (ptrdiff_t i = 0; i < input->count; i++) {
                uint8_t byte = input->dense[(ptrdiff_t)input->rows[i] * input->width + c];
                if (!byte) continue;
                const float *delta = job->delta + i * outputs + start, value = input->table[byte];
                for (ptrdiff_t j = 0; j < count; j++) sums[j] += value * delta[j];
            }
            float *restrict target = job->result + c * outputs + start;
            for (ptrdiff_t j = 0; j < count; j++)
                target[j] = job->descends ? CK_DESCENDED(target[j], sums[j], job->rate, job->decay) : sums[j];
        }
}

CK_CLONES
static void ck_sparse_gradient_columns(const struct job *job, ptrdiff_t first, ptrdiff_t end) {
    if (job->input->tiles == 0) {
        gradient_plain(job, first, end);
        return;
    }
    if (job->outputs < CK_ROW_LANES) {
        CK_FOR_NARROW_ROW(job->outputs, gradient_narrow, job, first, end)
        return;
    }
    struct chunk chunk;
    CK_FOR_VECTOR_GROUPS(job->outputs, gradient_group, job, &chunk, first, end)
}

static void gradient_part(void *context, int32_t part) {
    const struct job *job = context;
    ptrdiff_t width = job->input->width, first = 0, end = width;
    if (job->parts > 1) {
        // A block, or an even share of one where there are more threads than blocks.
        int32_t shares = job->parts / block_count(width), block = part / shares;
        ptrdiff_t from = block_start(width, block), pairs = (block_start(width, block + 1) - from + 1) / 2;
        ck_part_range(pairs, shares, part % shares, &first, &end);
        first = from + 2 * first;
        end = from + 2 * end < width ? from + 2 * end : width;
    }
    if (job->upcoming && job->upcoming->count > 0) ck_prefetch_share(job->upcoming, part, job->parts);
    ck_sparse_gradient_columns(job, first, end);
}

static void run(struct job job) {
    // Each column is summed by one part, rows ascending. Each part lays out delta for itself, so one thread has one.
    int32_t threads = ck_thread_count(), blocks = block_count(job.input->width);
    job.parts = threads == 1 ? 1 : (threads + blocks - 1) / blocks * blocks;
    ck_parallel(job.parts, gradient_part, &job);
}

/// Writes the tiles if no forward pass did.
static void prepare(ck_byte_tiles *input) {
    for (int32_t tile = 0; tile < input->tiles && !input->ready; tile++) ck_tile_write(input, tile, 0, input->width);
    input->ready = 1;
}

void ck_tiled_gradient_f32(ck_byte_tiles *input, ptrdiff_t outputs, const float *delta, float *gradient,
                           const ck_upcoming_rows *upcoming) {
    ck_check_tiles(input);
    CK_ASSERT(outputs, > 0);
    CK_ASSERT_MEMORY(delta, input->count * outputs);
    CK_ASSERT_MEMORY(gradient, input->width * outputs);
    prepare(input);
    run((struct job){.input = input, .outputs = outputs, .delta = delta, .result = gradient, .upcoming = upcoming});
}

void ck_tiled_descent_f32(ck_byte_tiles *input, ptrdiff_t outputs, const float *delta, float *w, float rate,
                          float decay, const ck_upcoming_rows *upcoming) {
    ck_check_tiles(input);
    CK_ASSERT(outputs, > 0);
    CK_ASSERT_MEMORY(delta, input->count * outputs);
    CK_ASSERT_MEMORY(w, input->width * outputs);
    prepare(input);
    run((struct job){.input = input, .outputs = outputs, .delta = delta, .result = w, .descends = 1, .rate = rate,
                     .decay = decay, .upcoming = upcoming});
}
