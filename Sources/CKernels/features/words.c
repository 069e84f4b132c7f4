// The nearest of some hundred words for millions of descriptors, exactly, in whole numbers.
//
// |d - w|^2 = |d|^2 + (|w|^2 - 2 w d): the least of the bracket is looked for. Words lie sixteen side by side, four
// bytes of each, as the processor's byte products (AVX-512 VNNI) want them; those multiply bytes with signs by bytes
// without, so 128 is taken from the descriptor and 256 times the sum of a word's bytes from |w|^2.
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "ck_core.h"
#include "core/targets.h"
#include "features/dense_sift.h"

#define WORDS_GROUP 16         // words side by side
#define WORDS_BLOCK 4          // groups worked on at once
#define WORDS_TOGETHER 6       // descriptors worked on at once
#define WORDS_MAX_DIMENSION 256

struct ck_words {
    ptrdiff_t count, dimension, groups;  // groups: a multiple of WORDS_BLOCK
    int32_t plain;
    uint8_t *packed;  // [groups][dimension / 4][16][4]
    int32_t *bias;    // |w|^2 - 256 sum of w; so large for padding that it is never the least
};

struct ck_words *ck_words_make(ptrdiff_t count, ptrdiff_t dimension, const uint8_t *words, int32_t plain) {
    CK_ASSERT(count, > 0);
    CK_ASSERT_IN(dimension, 4, WORDS_MAX_DIMENSION);
    CK_ASSERT(dimension % 4, == 0);
    CK_ASSERT_MEMORY(words, count * dimension);
    struct ck_words *result = calloc(1, sizeof *result);
    if (!result) return NULL;
    ptrdiff_t groups = (count + WORDS_GROUP * WORDS_BLOCK - 1) / (WORDS_GROUP * WORDS_BLOCK) * WORDS_BLOCK;
    *result = (struct ck_words){.count = count, .dimension = dimension, .groups = groups, .plain = plain};
    result->packed = aligned_alloc(64, (size_t)(groups * WORDS_GROUP * dimension));
    result->bias = aligned_alloc(64, (size_t)(groups * WORDS_GROUP) * sizeof(int32_t));
    if (!result->packed || !result->bias) {
        ck_words_free(result);
        return NULL;
    }
    memset(result->packed, 0, (size_t)(groups * WORDS_GROUP * dimension));
    for (ptrdiff_t w = 0; w < groups * WORDS_GROUP; w++) {
        int32_t bias = w < count ? 0 : INT32_MAX / 2;
        for (ptrdiff_t i = 0; i < dimension && w < count; i++) {
            int32_t value = words[w * dimension + i];
            bias += value * value - 256 * value;
            result->packed[((w / WORDS_GROUP * (dimension / 4) + i / 4) * WORDS_GROUP + w % WORDS_GROUP) * 4 + i % 4] = (uint8_t)value;
        }
        result->bias[w] = bias;
    }
    return result;
}

void ck_words_free(struct ck_words *words) {
    if (!words) return;
    free(words->packed);
    free(words->bias);
    free(words);
}

ptrdiff_t ck_words_count(const struct ck_words *words) { return words->count; }

/// The least and the second least of all words for one descriptor (128 taken from each byte), by plain loops.
CK_CLONES static void nearest_plain(const struct ck_words *words, const int8_t *descriptor, int32_t *word,
                                    int32_t *score, int32_t *second) {
    ptrdiff_t quads = words->dimension / 4;
    int32_t best = INT32_MAX, next = INT32_MAX, place = 0;
    for (ptrdiff_t g = 0; g < words->groups; g++) {
        int32_t sums[WORDS_GROUP] = {0};
        const uint8_t *packed = words->packed + g * quads * WORDS_GROUP * 4;
        for (ptrdiff_t q = 0; q < quads; q++)
            for (int w = 0; w < WORDS_GROUP; w++)
                for (int i = 0; i < 4; i++) sums[w] += packed[(q * WORDS_GROUP + w) * 4 + i] * descriptor[q * 4 + i];
        for (int w = 0; w < WORDS_GROUP; w++) {
            int32_t value = words->bias[g * WORDS_GROUP + w] - 2 * sums[w];
            if (value < best) {
                next = best;
                best = value;
                place = (int32_t)(g * WORDS_GROUP + w);
            } else if (value < next) {
                next = value;
            }
        }
    }
    *word = place;
    *score = best;
    *second = next;
}

#if CK_HAS_TARGETS

static int has_vnni(void) { return ck_this_processor()->multiplies_bytes; }

/// The same for six descriptors at once, [6][dimension]; `second` may be NULL.
CK_VNNI __attribute__((always_inline)) static inline void six(const struct ck_words *words, const int8_t *descriptors,
                      int32_t word[WORDS_TOGETHER], int32_t score[WORDS_TOGETHER], int32_t *second) {
    ptrdiff_t dimension = words->dimension, quads = dimension / 4;
    __m512i best[WORDS_TOGETHER], next[WORDS_TOGETHER], place[WORDS_TOGETHER];
    for (int d = 0; d < WORDS_TOGETHER; d++) {
        best[d] = next[d] = _mm512_set1_epi32(INT32_MAX);
        place[d] = _mm512_setzero_si512();
    }
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (ptrdiff_t g = 0; g < words->groups; g += WORDS_BLOCK) {
        __m512i sums[WORDS_TOGETHER][WORDS_BLOCK];
        for (int d = 0; d < WORDS_TOGETHER; d++)
            for (int b = 0; b < WORDS_BLOCK; b++) sums[d][b] = _mm512_setzero_si512();
        const uint8_t *packed = words->packed + g * quads * 64;
        for (ptrdiff_t q = 0; q < quads; q++) {
            __m512i w[WORDS_BLOCK];
#pragma clang loop unroll(full)
            for (int b = 0; b < WORDS_BLOCK; b++) w[b] = _mm512_load_si512(packed + (b * quads + q) * 64);
#pragma clang loop unroll(full)
            for (int d = 0; d < WORDS_TOGETHER; d++) {
                int32_t four;
                memcpy(&four, descriptors + d * dimension + q * 4, 4);
                __m512i v = _mm512_set1_epi32(four);
#pragma clang loop unroll(full)
                for (int b = 0; b < WORDS_BLOCK; b++) sums[d][b] = _mm512_dpbusd_epi32(sums[d][b], w[b], v);
            }
        }
        for (int b = 0; b < WORDS_BLOCK; b++) {
            __m512i bias = _mm512_load_si512(words->bias + (g + b) * WORDS_GROUP);
            __m512i here = _mm512_add_epi32(lanes, _mm512_set1_epi32((int32_t)((g + b) * WORDS_GROUP)));
            for (int d = 0; d < WORDS_TOGETHER; d++) {
                __m512i value = _mm512_sub_epi32(bias, _mm512_slli_epi32(sums[d][b], 1));
                __mmask16 less = _mm512_cmplt_epi32_mask(value, best[d]);
                // Of the two that are not the least, the smaller.
                if (second) next[d] = _mm512_min_epi32(next[d], _mm512_max_epi32(value, best[d]));
                best[d] = _mm512_mask_mov_epi32(best[d], less, value);
                place[d] = _mm512_mask_mov_epi32(place[d], less, here);
            }
        }
    }
    for (int d = 0; d < WORDS_TOGETHER; d++) {
        score[d] = _mm512_reduce_min_epi32(best[d]);
        __mmask16 equal = _mm512_cmpeq_epi32_mask(best[d], _mm512_set1_epi32(score[d]));
        word[d] = _mm512_mask_reduce_min_epi32(equal, place[d]);
        if (!second) continue;
        // The second least is the least of other lanes, or the second of the lane that has the least.
        __mmask16 winner = _mm512_mask_cmpeq_epi32_mask(equal, place[d], _mm512_set1_epi32(word[d]));
        second[d] = _mm512_reduce_min_epi32(_mm512_mask_mov_epi32(best[d], winner, next[d]));
    }
}

CK_VNNI static void nearest_six(const struct ck_words *words, const int8_t *descriptors, int32_t word[WORDS_TOGETHER],
                                int32_t score[WORDS_TOGETHER]) {
    six(words, descriptors, word, score, NULL);
}
CK_VNNI static void two_nearest_six(const struct ck_words *words, const int8_t *descriptors,
                                    int32_t word[WORDS_TOGETHER], int32_t score[WORDS_TOGETHER],
                                    int32_t second[WORDS_TOGETHER]) {
    six(words, descriptors, word, score, second);
}
#else
static int has_vnni(void) { return 0; }
static void two_nearest_six(const struct ck_words *words, const int8_t *descriptors, int32_t word[WORDS_TOGETHER],
                            int32_t score[WORDS_TOGETHER], int32_t second[WORDS_TOGETHER]) {
    for (int d = 0; d < WORDS_TOGETHER; d++)
        nearest_plain(words, descriptors + d * words->dimension, &word[d], &score[d], &second[d]);
}
static void nearest_six(const struct ck_words *words, const int8_t *descriptors, int32_t word[WORDS_TOGETHER],
                        int32_t score[WORDS_TOGETHER]) {
    int32_t second[WORDS_TOGETHER];
    two_nearest_six(words, descriptors, word, score, second);
}
#endif

/// 128 taken from each byte; the sum of the squares.
CK_CLONES static int32_t shift_descriptor(const uint8_t *descriptor, ptrdiff_t dimension, int8_t *result) {
    int32_t squares = 0;
    for (ptrdiff_t i = 0; i < dimension; i++) {
        squares += descriptor[i] * descriptor[i];
        result[i] = (int8_t)(descriptor[i] ^ 0x80);
    }
    return squares;
}

void ck_nearest_words_here(const struct ck_words *words, ptrdiff_t n, const uint8_t *descriptors, int32_t *nearest,
                           int32_t *distances) {
    ptrdiff_t dimension = words->dimension, waiting[WORDS_TOGETHER];
    int32_t squares[WORDS_TOGETHER], word[WORDS_TOGETHER], score[WORDS_TOGETHER], ignored, special = !words->plain && has_vnni();
    _Alignas(64) int8_t shifted[WORDS_TOGETHER * WORDS_MAX_DIMENSION] = {0};
    int held = 0;
    for (ptrdiff_t i = 0; i < n; i++) {
        squares[held] = shift_descriptor(descriptors + i * dimension, dimension, shifted + held * dimension);
        if (squares[held] == 0) {
            nearest[i] = -1;
            if (distances) distances[i] = 0;
        } else {
            waiting[held++] = i;
        }
        if (held < WORDS_TOGETHER && (i + 1 < n || held == 0)) continue;
        if (special) nearest_six(words, shifted, word, score);
        else for (int d = 0; d < held; d++) nearest_plain(words, shifted + d * dimension, &word[d], &score[d], &ignored);
        for (int d = 0; d < held; d++) {
            nearest[waiting[d]] = word[d];
            if (distances) distances[waiting[d]] = squares[d] + score[d];
        }
        held = 0;
    }
}

struct nearest_work {
    const struct ck_words *words;
    ptrdiff_t n, dimension;
    const uint8_t *descriptors, *word;
    int32_t *nearest, *distances;
    int32_t parts;
};

static void nearest_part(void *context, int32_t part) {
    struct nearest_work *work = context;
    ptrdiff_t first, end;
    ck_part_range(work->n, work->parts, part, &first, &end);
    ck_nearest_words_here(work->words, end - first, work->descriptors + first * work->words->dimension,
                          work->nearest + first, work->distances ? work->distances + first : NULL);
}

static int32_t parts_of(ptrdiff_t n, ptrdiff_t each) {
    ptrdiff_t parts = n / each + 1;
    return parts > 4096 ? 4096 : (int32_t)parts;
}

void ck_nearest_words(const struct ck_words *words, ptrdiff_t n, const uint8_t *descriptors, int32_t *nearest,
                      int32_t *distances) {
    CK_ASSERT_GIVEN(words);
    CK_ASSERT(n, >= 0);
    CK_ASSERT_MEMORY(descriptors, n);
    CK_ASSERT_MEMORY(nearest, n);
    struct nearest_work work = {.words = words, .n = n, .descriptors = descriptors, .nearest = nearest,
                                .distances = distances, .parts = parts_of(n, 96)};
    ck_parallel(work.parts, nearest_part, &work);
}

struct pair_work {
    const struct ck_words *others;
    ptrdiff_t n;
    const uint8_t *descriptors;
    struct ck_two_nearest *result;
    int32_t parts;
};

static void pair_part(void *context, int32_t part) {
    struct pair_work *work = context;
    ptrdiff_t first, end, dimension = work->others->dimension;
    int32_t squares[WORDS_TOGETHER], word[WORDS_TOGETHER], score[WORDS_TOGETHER], second[WORDS_TOGETHER], special = has_vnni();
    _Alignas(64) int8_t shifted[WORDS_TOGETHER * WORDS_MAX_DIMENSION] = {0};
    ck_part_range(work->n, work->parts, part, &first, &end);
    for (ptrdiff_t i = first; i < end; i += WORDS_TOGETHER) {
        int held = end - i < WORDS_TOGETHER ? (int)(end - i) : WORDS_TOGETHER;
        for (int d = 0; d < held; d++)
            squares[d] = shift_descriptor(work->descriptors + (i + d) * dimension, dimension, shifted + d * dimension);
        if (special) two_nearest_six(work->others, shifted, word, score, second);
        else for (int d = 0; d < held; d++)
            nearest_plain(work->others, shifted + d * dimension, &word[d], &score[d], &second[d]);
        for (int d = 0; d < held; d++) {
            int alone = work->others->count < 2;
            work->result[i + d] = (struct ck_two_nearest){word[d], squares[d] + score[d],
                                                          alone ? INT32_MAX : squares[d] + second[d]};
        }
    }
}

enum ck_status ck_find_two_nearest(ptrdiff_t n, const uint8_t *descriptors, ptrdiff_t count, const uint8_t *others,
                                   ptrdiff_t dimension, struct ck_two_nearest *result) {
    CK_ASSERT(n, >= 0);
    CK_ASSERT(count, > 0);
    CK_ASSERT_MEMORY(descriptors, n);
    CK_ASSERT_MEMORY(others, count);
    CK_ASSERT_IN(dimension, 4, WORDS_MAX_DIMENSION);
    CK_ASSERT(dimension % 4, == 0);
    CK_ASSERT_MEMORY(result, n);
    struct ck_words *words = ck_words_make(count, dimension, others, 0);
    if (!words) return CK_NO_MEMORY;
    struct pair_work work = {.others = words, .n = n, .descriptors = descriptors, .result = result,
                             .parts = parts_of(n, 48)};
    ck_parallel(work.parts, pair_part, &work);
    ck_words_free(words);
    return CK_OK;
}

CK_CLONES static void nearer(ptrdiff_t n, ptrdiff_t dimension, const uint8_t *descriptors, const uint8_t *word,
                             int32_t *nearest) {
    for (ptrdiff_t i = 0; i < n; i++) {
        int32_t sum = 0;
        const uint8_t *d = descriptors + i * dimension;
        for (ptrdiff_t k = 0; k < dimension; k++) {
            int32_t difference = (int32_t)d[k] - (int32_t)word[k];
            sum += difference * difference;
        }
        nearest[i] = sum < nearest[i] ? sum : nearest[i];
    }
}

static void nearer_part(void *context, int32_t part) {
    struct nearest_work *work = context;
    ptrdiff_t first, end;
    ck_part_range(work->n, work->parts, part, &first, &end);
    nearer(end - first, work->dimension, work->descriptors + first * work->dimension, work->word,
           work->nearest + first);
}

void ck_nearer(ptrdiff_t n, ptrdiff_t dimension, const uint8_t *descriptors, const uint8_t *word, int32_t *nearest) {
    CK_ASSERT(n, >= 0);
    CK_ASSERT(dimension, > 0);
    CK_ASSERT_MEMORY(descriptors, n * dimension);
    CK_ASSERT_GIVEN(word);
    CK_ASSERT_MEMORY(nearest, n);
    struct nearest_work work = {.n = n, .dimension = dimension, .descriptors = descriptors, .word = word,
                                .nearest = nearest, .parts = parts_of(n, 1024)};
    ck_parallel(work.parts, nearer_part, &work);
}
