// Rows of bytes turned into columns: 16 x 16 bytes at a time, four rounds of interleaving.
#include "sparse/tiles.h"
#include "ck_core.h"
#include "core/lanes.h"

typedef uint8_t sixteen __attribute__((vector_size(16)));
typedef sixteen unaligned_sixteen __attribute__((aligned(1)));
typedef uint8_t column __attribute__((vector_size(64)));

#define TILES_LOW(a, b) \
    __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define TILES_HIGH(a, b) \
    __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

int32_t ck_tile_count(ptrdiff_t count) {
    CK_ASSERT(count, >= 0);
    // Few rows have so few bits in a word that finding them costs more than it saves.
    return count < 8 ? 0 : (int32_t)((count + CK_TILE_ROWS - 1) / CK_TILE_ROWS);
}

ptrdiff_t ck_tile_bytes(int32_t tiles, ptrdiff_t width) {
    CK_ASSERT(tiles, >= 0);
    CK_ASSERT(width, >= 0);
    return (ptrdiff_t)tiles * (ptrdiff_t)(tile_mask_bytes(width) + (size_t)width * CK_TILE_ROWS);
}

/// Sixteen bytes of each of sixteen rows, as sixteen columns.
CK_INLINE void transpose_sixteen(const uint8_t *const *rows, ptrdiff_t first, uint8_t *out) {
    sixteen a[16], b[16];
    for (int i = 0; i < 16; i++) a[i] = *(const unaligned_sixteen *)(rows[i] + first);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 8; i++) {
            b[2 * i] = TILES_LOW(a[i], a[i + 8]);
            b[2 * i + 1] = TILES_HIGH(a[i], a[i + 8]);
        }
        for (int i = 0; i < 8; i++) {
            a[2 * i] = TILES_LOW(b[i], b[i + 8]);
            a[2 * i + 1] = TILES_HIGH(b[i], b[i + 8]);
        }
    }
    for (int i = 0; i < 16; i++) *(unaligned_sixteen *)(out + i * CK_TILE_ROWS) = a[i];
}

CK_CLONES
void ck_tile_write(const ck_byte_tiles *input, int32_t tile, ptrdiff_t from, ptrdiff_t to) {
    ptrdiff_t first, end, width = input->width;
    ck_part_range(input->count, input->tiles, tile, &first, &end);
    ptrdiff_t count = end - first;
    uint8_t *bytes = tile_bytes(input, tile);
    for (ptrdiff_t group = 0; group < count; group += 16) {
        const uint8_t *rows[16];
        // Beyond the last row any row will do: its bits are left out below.
        for (ptrdiff_t i = 0; i < 16; i++)
            rows[i] = input->dense + (ptrdiff_t)input->rows[first + (group + i < count ? group + i : 0)] * width;
        if (to - from < 16) {
            for (ptrdiff_t c = from; c < to; c++)
                for (ptrdiff_t i = 0; i < 16; i++) bytes[c * CK_TILE_ROWS + group + i] = rows[i][c];
            continue;
        }
        // The last sixteen columns overlap the ones before where their number is no multiple.
        for (ptrdiff_t c = from; c < to; c += 16) {
            ptrdiff_t start = c + 16 <= to ? c : to - 16;
            transpose_sixteen(rows, start, bytes + start * CK_TILE_ROWS + group);
        }
    }
    uint64_t *masks = tile_masks(input, tile), used = count < 64 ? ((uint64_t)1 << count) - 1 : ~(uint64_t)0;
    for (ptrdiff_t c = from; c < to; c++) {
        masks[c] = CK_BITS64(*(const column *)(bytes + c * CK_TILE_ROWS) != 0) & used;
    }
}

// MARK: rows asked for ahead

void ck_prefetch_share(const ck_upcoming_rows *upcoming, int32_t part, int32_t parts) {
    ptrdiff_t first, end;
    ck_part_range(upcoming->width, parts, part, &first, &end);
    for (ptrdiff_t i = 0; i < upcoming->count && first < end; i++) {
        const uint8_t *row = upcoming->dense + (ptrdiff_t)upcoming->rows[i] * upcoming->width;
        for (ptrdiff_t k = first; k < end; k += 64) __builtin_prefetch(row + k, 0, 2);
        __builtin_prefetch(row + end - 1, 0, 2);
    }
}

struct prefetching {
    const ck_upcoming_rows *upcoming;
    int32_t parts;
};

static void prefetch_part(void *context, int32_t part) {
    const struct prefetching *job = context;
    ck_prefetch_share(job->upcoming, part, job->parts);
}

void ck_prefetch_rows(const ck_upcoming_rows *upcoming) {
    CK_ASSERT_GIVEN(upcoming);
    CK_ASSERT(upcoming->count, >= 0);
    CK_ASSERT(upcoming->width, >= 0);
    CK_ASSERT_MEMORY(upcoming->rows, upcoming->count);
    CK_ASSERT_MEMORY(upcoming->dense, upcoming->count * upcoming->width);
    struct prefetching job = {upcoming, ck_thread_count()};
    if (upcoming->width > 0) ck_parallel(job.parts, prefetch_part, &job);
}

// MARK: dense rows

struct gathering {
    const uint8_t *dense;
    ptrdiff_t width, count;
    const void *table;
    const int32_t *rows;
    void *out;
    int32_t parts;
};

CK_CLONES
static void gather_f32(const struct gathering *g, ptrdiff_t first, ptrdiff_t end) {
    // The same numbers as the table's, sixteen at a time.
    const float scale = ((const float *)g->table)[1];
    for (ptrdiff_t i = first; i < end; i++) {
        const uint8_t *restrict bytes = g->dense + (ptrdiff_t)g->rows[i] * g->width;
        float *restrict row = (float *)g->out + i * g->width;
        for (ptrdiff_t j = 0; j < g->width; j++) row[j] = (float)bytes[j] * scale;
    }
}

CK_CLONES
static void gather_f64(const struct gathering *g, ptrdiff_t first, ptrdiff_t end) {
    const double *table = g->table;
    double *out = g->out;
    for (ptrdiff_t i = first; i < end; i++) {
        const uint8_t *bytes = g->dense + (ptrdiff_t)g->rows[i] * g->width;
        for (ptrdiff_t j = 0; j < g->width; j++) out[i * g->width + j] = table[bytes[j]];
    }
}

static void gather_part_f32(void *context, int32_t part) {
    const struct gathering *g = context;
    ptrdiff_t first, end;
    ck_part_range(g->count, g->parts, part, &first, &end);
    gather_f32(g, first, end);
}

static void gather_part_f64(void *context, int32_t part) {
    const struct gathering *g = context;
    ptrdiff_t first, end;
    ck_part_range(g->count, g->parts, part, &first, &end);
    gather_f64(g, first, end);
}

static void gather(struct gathering g, ck_task task) {
    int32_t parts = ck_elementwise_parts(g.count * g.width);
    g.parts = parts > g.count ? (g.count > 0 ? (int32_t)g.count : 1) : parts;
    ck_parallel(g.parts, task, &g);
}

void ck_gather_rows_u8_f32(const uint8_t *dense, ptrdiff_t width, const float *table, const int32_t *rows,
                           ptrdiff_t count, float *out) {
    CK_ASSERT(width, >= 0);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(dense, count * width);
    CK_ASSERT_GIVEN(table);
    CK_ASSERT_MEMORY(rows, count);
    CK_ASSERT_MEMORY(out, count * width);
    CK_ASSERT_INDICES(rows, count, INT32_MAX);
    gather((struct gathering){dense, width, count, table, rows, out, 0}, gather_part_f32);
}

void ck_gather_rows_u8_f64(const uint8_t *dense, ptrdiff_t width, const double *table, const int32_t *rows,
                           ptrdiff_t count, double *out) {
    CK_ASSERT(width, >= 0);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(dense, count * width);
    CK_ASSERT_GIVEN(table);
    CK_ASSERT_MEMORY(rows, count);
    CK_ASSERT_MEMORY(out, count * width);
    CK_ASSERT_INDICES(rows, count, INT32_MAX);
    gather((struct gathering){dense, width, count, table, rows, out, 0}, gather_part_f64);
}
