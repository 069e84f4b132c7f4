// A hash table with open addressing: a slot is the number of a text plus one, 0 where it is free.
#include "tables/texts.h"

#include <stdlib.h>
#include <string.h>

static uint64_t mixed(uint64_t a, uint64_t b) {
    const unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t hash(const uint8_t *bytes, ptrdiff_t length) {
    uint64_t state = UINT64_C(0x9E3779B97F4A7C15) ^ (uint64_t)length, word;
    for (; length >= 8; length -= 8, bytes += 8) {
        memcpy(&word, bytes, 8);
        state = mixed(state ^ word, UINT64_C(0xD6E8FEB86659FD93));
    }
    word = 0;
    memcpy(&word, bytes, (size_t)length);
    return mixed(state ^ word, UINT64_C(0xA0761D6478BD642F));
}

static int grow(struct ck_texts *texts) {
    if (texts->capacity > INT32_MAX / 4) return 0;
    const int32_t capacity = texts->capacity ? 2 * texts->capacity : 16;
    const size_t size = (size_t)capacity;
    int32_t *lengths = realloc(texts->lengths, size * sizeof *lengths);
    if (lengths) texts->lengths = lengths;
    ptrdiff_t *places = realloc(texts->places, size * sizeof *places);
    if (places) texts->places = places;
    uint64_t *hashes = realloc(texts->hashes, size * sizeof *hashes);
    if (hashes) texts->hashes = hashes;
    int32_t *slots = calloc(2 * size, sizeof *slots);
    if (!lengths || !places || !hashes || !slots) {
        free(slots);
        return 0;
    }
    free(texts->slots);
    texts->slots = slots;
    texts->capacity = capacity;
    const uint64_t mask = 2 * (uint64_t)capacity - 1;
    for (int32_t i = 0; i < texts->count; i++) {
        uint64_t slot = hashes[i] & mask;
        while (slots[slot]) slot = (slot + 1) & mask;
        slots[slot] = i + 1;
    }
    return 1;
}

int32_t texts_number(struct ck_texts *texts, const uint8_t *text, ptrdiff_t place, ptrdiff_t length) {
    const uint64_t code = hash(text + place, length);
    if (texts->count == texts->capacity && !grow(texts)) return -1;
    const uint64_t mask = 2 * (uint64_t)texts->capacity - 1;
    uint64_t slot = code & mask;
    for (; texts->slots[slot]; slot = (slot + 1) & mask) {
        const int32_t number = texts->slots[slot] - 1;
        if (texts->hashes[number] == code && texts->lengths[number] == length &&
            memcmp(text + texts->places[number], text + place, (size_t)length) == 0)
            return number;
    }
    const int32_t number = texts->count++;
    texts->lengths[number] = (int32_t)length;
    texts->places[number] = place;
    texts->hashes[number] = code;
    texts->slots[slot] = number + 1;
    return number;
}

void ck_texts_clear(struct ck_texts *texts) {
    CK_ASSERT_GIVEN(texts);
    free(texts->lengths);
    free(texts->places);
    free(texts->hashes);
    free(texts->slots);
    *texts = (struct ck_texts){0};
}
