// Built-in digits: labels, and all images on all threads. See ck_synthetic.h.
#include "ck_core.h"
#include "ck_synthetic.h"
#include "synthetic/digit_path.h"

#define DIGITS_IMAGES_PER_PART 64
#define DIGITS_MAX_PARTS 4096

enum { STREAM_LABELS = 1, STREAM_IMAGES = 2 };

/// The stream of one image (or of one block of labels): two rounds of the hash keep seeds and indices apart.
static inline uint64_t stream(uint64_t seed, uint64_t purpose, uint64_t index) {
    uint64_t state = seed;
    uint64_t a = next_word(&state);
    state = a ^ (purpose * 0xD1342543DE82EF95u);
    uint64_t b = next_word(&state);
    state = b + index * 0xAF251AF3B0F025B5u;
    return next_word(&state);
}

/// The label of each image: a shuffled deck for every block of CK_DIGIT_LABEL_BLOCK indices.
static void deal_labels(uint64_t seed, uint64_t first, ptrdiff_t count, uint8_t *labels) {
    uint8_t deck[CK_DIGIT_LABEL_BLOCK];
    uint64_t dealt = UINT64_MAX;
    for (ptrdiff_t i = 0; i < count; i++) {
        uint64_t index = first + (uint64_t)i, block = index / CK_DIGIT_LABEL_BLOCK;
        if (block != dealt) {
            uint64_t state = stream(seed, STREAM_LABELS, block);
            for (int k = 0; k < CK_DIGIT_LABEL_BLOCK; k++) deck[k] = (uint8_t)(k % 10);
            for (int k = CK_DIGIT_LABEL_BLOCK - 1; k > 0; k--) {
                int j = (int)((next_word(&state) >> 32) * (uint64_t)(k + 1) >> 32);
                uint8_t t = deck[k];
                deck[k] = deck[j];
                deck[j] = t;
            }
            dealt = block;
        }
        labels[i] = deck[index % CK_DIGIT_LABEL_BLOCK];
    }
}

typedef struct {
    const ck_digit_book *book;
    uint64_t seed, first;
    ptrdiff_t count;
    int32_t parts;
    uint8_t *images;
    const uint8_t *labels;
} job;

static void draw_part(void *context, int32_t part) {
    const job *j = context;
    ptrdiff_t from, to;
    ck_part_range(j->count, j->parts, part, &from, &to);
    for (ptrdiff_t i = from; i < to; i++) {
        uint64_t state = stream(j->seed, STREAM_IMAGES, j->first + (uint64_t)i);
        path line;
        float width = ck_digit_path(j->book, j->labels[i], &state, &line);
        ck_digit_ink(&j->book->variation, &line, width, &state, j->images + i * CK_DIGIT_SIDE * CK_DIGIT_SIDE);
    }
}

void ck_digits_generate(const ck_digit_book *book, uint64_t seed, uint64_t first, ptrdiff_t count,
                        uint8_t *images, uint8_t *labels) {
    CK_ASSERT_GIVEN(book);
    CK_ASSERT(book->style_count, > 0);
    CK_ASSERT_GIVEN(book->styles);
    CK_ASSERT_GIVEN(book->pens);
    CK_ASSERT_GIVEN(book->xy);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(images, count);
    CK_ASSERT_MEMORY(labels, count);
    if (count <= 0) return;
    deal_labels(seed, first, count, labels);
    ptrdiff_t parts = (count + DIGITS_IMAGES_PER_PART - 1) / DIGITS_IMAGES_PER_PART;
    if (parts > DIGITS_MAX_PARTS) parts = DIGITS_MAX_PARTS;
    job j = {book, seed, first, count, (int32_t)parts, images, labels};
    ck_parallel(j.parts, draw_part, &j);
}
