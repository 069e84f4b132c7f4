// Philox4x32-10, and dropout by it.
#include "random/philox.h"
#include "ck_core.h"
#include "ck_random.h"

void ck_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
    CK_ASSERT_GIVEN(counter);
    CK_ASSERT_GIVEN(key);
    CK_ASSERT_GIVEN(out);
    for (int j = 0; j < 4; j++) out[j] = counter[j];
    ck_philox_rounds(&out[0], &out[1], &out[2], &out[3], key[0], key[1]);
}

/// Numbers are drawn 1,024 at a time, by 256 counters: number 256 j + k of a tile is word j of counter k. So the
/// loop over counters is one of whole vectors.
enum { COUNTERS = 256, TILE = 4 * COUNTERS };

CK_INLINE void tile_words(ptrdiff_t tile, const ck_philox_stream *stream, uint32_t *restrict words) {
    uint64_t first = (uint64_t)tile * COUNTERS;
    const uint32_t k0 = stream->key[0], k1 = stream->key[1], s0 = stream->stream[0], s1 = stream->stream[1];
    // 256 counters from a multiple of 256: the upper word is the same for all.
    const uint32_t low = (uint32_t)first, high = (uint32_t)(first >> 32);
    for (int k = 0; k < COUNTERS; k++) {
        // The counter's four words: the place in the stream (two words), then which stream.
        uint32_t c0 = low + (uint32_t)k, c1 = high, c2 = s0, c3 = s1;
        ck_philox_rounds(&c0, &c1, &c2, &c3, k0, k1);
        words[k] = c0;
        words[COUNTERS + k] = c1;
        words[2 * COUNTERS + k] = c2;
        words[3 * COUNTERS + k] = c3;
    }
}

#define PHILOX_DROPOUT(REAL, suffix)                                                                                         \
    struct dropout_##suffix {                                                                                                \
        int32_t parts;                                                                                                       \
        ptrdiff_t count;                                                                                                     \
        const REAL *x;                                                                                                       \
        uint32_t threshold;                                                                                                  \
        REAL scale;                                                                                                          \
        ck_philox_stream stream;                                                                                             \
        REAL *y;                                                                                                             \
    };                                                                                                                       \
    CK_CLONES static void ck_dropout_tiles_##suffix(const struct dropout_##suffix *d, ptrdiff_t first, ptrdiff_t end) {      \
        uint32_t words[TILE];                                                                                                \
        for (ptrdiff_t tile = first; tile < end; tile++) {                                                                   \
            tile_words(tile, &d->stream, words);                                                                             \
            ptrdiff_t start = tile * TILE, length = d->count - start < TILE ? d->count - start : TILE;                       \
            const REAL *restrict x = d->x + start, scale = d->scale;                                                         \
            REAL *restrict y = d->y + start;                                                                                 \
            for (ptrdiff_t k = 0; k < length; k++) y[k] = words[k] >= d->threshold ? x[k] * scale : x[k] == x[k] ? 0 : x[k]; \
        }                                                                                                                    \
    }                                                                                                                        \
    static void dropout_part_##suffix(void *context, int32_t part) {                                                         \
        const struct dropout_##suffix *d = context;                                                                          \
        ptrdiff_t first, end;                                                                                                \
        ck_part_range((d->count + TILE - 1) / TILE, d->parts, part, &first, &end);                                           \
        ck_dropout_tiles_##suffix(d, first, end);                                                                            \
    }                                                                                                                        \
    void ck_dropout_##suffix(ptrdiff_t count, const REAL *x, uint32_t threshold, REAL scale,                                 \
                             const ck_philox_stream *stream, REAL *y) {                                                      \
        CK_ASSERT(count, >= 0);                                                                                              \
        CK_ASSERT_MEMORY(x, count);                                                                                          \
        CK_ASSERT_MEMORY(y, count);                                                                                          \
        CK_ASSERT_GIVEN(stream);                                                                                             \
        struct dropout_##suffix d = {ck_elementwise_parts(count), count, x, threshold, scale, *stream, y};                   \
        ck_parallel(d.parts, dropout_part_##suffix, &d);                                                                     \
    }

PHILOX_DROPOUT(float, f32)
PHILOX_DROPOUT(double, f64)
