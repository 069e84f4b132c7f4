// Huffman codes of a JPEG's scan: tables that tell one symbol, or two with their numbers, from the next bits.
#ifndef CIMAGEFILES_JPEG_CODES_H
#define CIMAGEFILES_JPEG_CODES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Bits that are looked up at once. Of 11 the pairs of a table take 16 kB, so that two stay in the first cache.
enum { JPEG_LOOKUP_BITS = 11, JPEG_LOOKUPS = 1 << JPEG_LOOKUP_BITS };
/// What a code must be followed by for a block to end: farther than any run reaches.
enum { JPEG_BLOCK_END = 128 };

/// Up to two coefficients of a block.
typedef struct {
    /// The bits of both, code and number.
    uint8_t bits;
    /// Those of the first; 0: it does not fit the looked up bits.
    uint8_t first_bits;
    /// How far each moves on among the coefficients, itself included; JPEG_BLOCK_END for the end of the block; 0: there is no second.
    uint8_t first_step, second_step;
    int16_t first, second;
} jpeg_pair;

typedef struct {
    /// As in the file: how many codes there are of each length from 1 to 16, and their symbols. No symbols: no table yet.
    uint8_t counts[16], symbols[256];
    int symbol_count;
    /// Symbol and, in the upper byte, length of the code that the bits begin with; 0: it is longer.
    uint16_t lookup[JPEG_LOOKUPS];
    /// Of the coefficients after the first.
    jpeg_pair pairs[JPEG_LOOKUPS];
    /// Of each length: the first code that is beyond those of it (of 16 bits, the code in the upper ones), and what to add to a code
    /// for its symbol's place.
    uint32_t beyond[17];
    int32_t offset[17];
} jpeg_codes;

/// Makes a table from a file's segment: `counts` and `symbols` as there; 0 when no codes are like that. `has_pairs`: for the
/// coefficients after the first.
int cif_jpeg_codes_make(jpeg_codes *codes, const uint8_t *counts, const uint8_t *symbols, int symbol_count, int has_pairs);

/// Bits without stuffing, from the upper end of a word. They are followed by at least JPEG_BITS_BEYOND zeros, which whoever reads too
/// far gets, and notices by `jpeg_bits_left`.
typedef struct {
    uint64_t word;
    int count;
    const uint8_t *next, *end;
} jpeg_bits;

/// A block reads 64 codes of 16 bits with 16 more at most, and a word beyond.
enum { JPEG_BITS_BEYOND = 64 * 4 + 16 };

/// At least 56 bits are in the word after it.
static inline void jpeg_bits_fill(jpeg_bits *bits) {
    uint64_t more;
    memcpy(&more, bits->next, sizeof more);
    bits->word |= __builtin_bswap64(more) >> bits->count;
    bits->next += (63 - bits->count) >> 3;
    bits->count |= 56;
}

static inline uint32_t jpeg_bits_look(const jpeg_bits *bits, int count) { return (uint32_t)(bits->word >> (64 - count)); }

static inline void jpeg_bits_drop(jpeg_bits *bits, int count) {
    bits->word <<= count;
    bits->count -= count;
}

/// Bits before the end; negative beyond it.
static inline ptrdiff_t jpeg_bits_left(const jpeg_bits *bits) { return (bits->end - bits->next) * 8 + bits->count; }

/// The symbol of the next code, which is taken; -1: no code begins so. At least 16 bits are in the word.
static inline int jpeg_symbol(const jpeg_codes *codes, jpeg_bits *bits) {
    uint16_t known = codes->lookup[jpeg_bits_look(bits, JPEG_LOOKUP_BITS)];
    if (known) {
        jpeg_bits_drop(bits, known >> 8);
        return known & 255;
    }
    uint32_t ahead = jpeg_bits_look(bits, 16);
    for (int length = JPEG_LOOKUP_BITS + 1; length <= 16; length++) {
        if (ahead < codes->beyond[length]) {
            jpeg_bits_drop(bits, length);
            return codes->symbols[(int32_t)(ahead >> (16 - length)) + codes->offset[length]];
        }
    }
    return -1;
}

/// The number that `size` bits stand for, 0 to 15: those that begin with 0 are negative.
static inline int jpeg_extended(uint32_t value, int size) {
    return size > 0 && value < (1u << (size - 1)) ? (int)value - (1 << size) + 1 : (int)value;
}

/// The number of the next `size` bits, which are taken.
static inline int jpeg_number(jpeg_bits *bits, int size) {
    // In two steps, as a shift by 64 is none.
    uint32_t value = (uint32_t)(bits->word >> 1 >> (63 - size));
    jpeg_bits_drop(bits, size);
    return jpeg_extended(value, size);
}

#endif
