// The tables of a JPEG's Huffman codes.
#include "jpeg_codes.h"

/// One coefficient by the bits that it begins with; `bits` 0: they are too few.
static jpeg_pair one_coefficient(const jpeg_codes *codes, uint32_t ahead) {
    uint16_t known = codes->lookup[ahead];
    int length = known >> 8, run = known >> 4 & 15, size = known & 15;
    if (length == 0 || length + size > JPEG_LOOKUP_BITS) return (jpeg_pair){0};
    jpeg_pair pair = {.bits = (uint8_t)(length + size), .first_bits = (uint8_t)(length + size)};
    if (size == 0) {
        // No number: sixteen zeros, or nothing more in this block. Other runs of nothing have no meaning; libjpeg ends the block.
        pair.first_step = run == 15 ? 16 : JPEG_BLOCK_END;
        return pair;
    }
    uint32_t value = ahead >> (JPEG_LOOKUP_BITS - length - size) & ((1u << size) - 1);
    pair.first_step = (uint8_t)(run + 1);
    pair.first = (int16_t)jpeg_extended(value, size);
    return pair;
}

static void make_pairs(jpeg_codes *codes) {
    for (uint32_t ahead = 0; ahead < JPEG_LOOKUPS; ahead++) codes->pairs[ahead] = one_coefficient(codes, ahead);
    // Downwards would not do: the second is looked up among those that have none yet.
    static const uint32_t mask = JPEG_LOOKUPS - 1;
    for (uint32_t ahead = 0; ahead < JPEG_LOOKUPS; ahead++) {
        jpeg_pair *pair = &codes->pairs[ahead];
        if (pair->first_bits == 0 || pair->first_step == JPEG_BLOCK_END) continue;
        jpeg_pair second = one_coefficient(codes, ahead << pair->first_bits & mask);
        // Bits that were shifted in are not the file's.
        if (second.first_bits == 0 || pair->first_bits + second.first_bits > JPEG_LOOKUP_BITS) continue;
        pair->bits = (uint8_t)(pair->first_bits + second.first_bits);
        pair->second_step = second.first_step;
        pair->second = second.first;
    }
}

int cif_jpeg_codes_make(jpeg_codes *codes, const uint8_t *counts, const uint8_t *symbols, int symbol_count, int has_pairs) {
    // Most files have the same tables.
    if (codes->symbol_count == symbol_count && memcmp(codes->counts, counts, 16) == 0 &&
        memcmp(codes->symbols, symbols, (size_t)symbol_count) == 0)
        return 1;
    codes->symbol_count = 0;
    memset(codes->lookup, 0, sizeof codes->lookup);
    uint32_t code = 0;
    int place = 0;
    for (int length = 1; length <= 16; length++) {
        int count = counts[length - 1];
        codes->offset[length] = place - (int32_t)code;
        // The code of ones alone is not used.
        if (code + (uint32_t)count >= 1u << length && count > 0) return 0;
        for (int i = 0; i < count; i++, code++, place++) {
            // Numbers of first coefficients have fifteen bits at most.
            if (!has_pairs && symbols[place] > 15) return 0;
            codes->symbols[place] = symbols[place];
            if (length > JPEG_LOOKUP_BITS) continue;
            uint32_t first = code << (JPEG_LOOKUP_BITS - length);
            for (uint32_t j = 0; j < 1u << (JPEG_LOOKUP_BITS - length); j++)
                codes->lookup[first + j] = (uint16_t)(length << 8 | symbols[place]);
        }
        codes->beyond[length] = code << (16 - length);
        code <<= 1;
    }
    memcpy(codes->counts, counts, 16);
    if (has_pairs) make_pairs(codes);
    codes->symbol_count = symbol_count;
    return 1;
}
