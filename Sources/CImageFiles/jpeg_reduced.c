// JPEGs at a half, a quarter or an eighth of their size, of the kinds that cameras and programs write: one scan, Huffman codes, grey or
// luma with chroma. Of anything else, and wherever a file is not as it should be, nothing is said: libjpeg then reads it from the
// start, and says what is wrong.
#include <stdlib.h>
#include <string.h>

#include "CImageFiles.h"
#include "jpeg_codes.h"
#include "jpeg_fold.h"

// The same bits on every processor, as when pixels are resampled.
#pragma STDC FP_CONTRACT OFF

/// One of the components.
typedef struct {
    int id, across, down, quanta, first_codes, codes;
    /// The first coefficient of the block before.
    int last;
    jpeg_fold fold;
    /// The means of a row of blocks.
    uint8_t *plane;
} jpeg_part;

struct cif_jpeg_space {
    jpeg_codes codes[2][4];
    uint8_t quanta[4][64];
    jpeg_part parts[3];
    uint8_t *bits, *planes;
    size_t bits_size, planes_size;
};

struct cif_jpeg_space *cif_jpeg_space_make(void) { return calloc(1, sizeof(struct cif_jpeg_space)); }

void cif_jpeg_space_free(struct cif_jpeg_space *space) {
    if (!space) return;
    free(space->bits);
    free(space->planes);
    free(space);
}

/// A file that is being read.
typedef struct {
    struct cif_jpeg_space *space;
    const uint8_t *at, *end;
    int part_count, has_frame, is_jfif, adobe_transform;
    /// Which tables the file has brought: a bit for each.
    unsigned quanta, codes[2];
    ptrdiff_t width, height, restart;
    /// The marker that ended the bits; 0: the file's end.
    int marker;
} jpeg_file;

static int room(uint8_t **memory, size_t *size, size_t wanted) {
    if (*size >= wanted) return 1;
    free(*memory);
    *memory = malloc(wanted);
    *size = *memory ? wanted : 0;
    return *memory != NULL;
}

static int read_quanta(jpeg_file *file, const uint8_t *at, const uint8_t *end) {
    for (; at < end; at += 65) {
        if (end - at < 65 || at[0] > 3) return 0;  // of 16 bits, or cut off
        memcpy(file->space->quanta[at[0]], at + 1, 64);
        file->quanta |= 1u << at[0];
    }
    return 1;
}

static int read_codes(jpeg_file *file, const uint8_t *at, const uint8_t *end) {
    while (at < end) {
        if (end - at < 17 || (at[0] & 0xEC)) return 0;
        int kind = at[0] >> 4, index = at[0] & 3, count = 0;
        for (int i = 1; i <= 16; i++) count += at[i];
        if (count > 256 || end - at < 17 + count) return 0;
        if (!cif_jpeg_codes_make(&file->space->codes[kind][index], at + 1, at + 17, count, kind)) return 0;
        file->codes[kind] |= 1u << index;
        at += 17 + count;
    }
    return 1;
}

static int read_frame(jpeg_file *file, const uint8_t *at, const uint8_t *end) {
    if (file->has_frame || end - at < 6 || at[0] != 8) return 0;
    file->has_frame = 1;
    file->part_count = at[5];
    if (at[1] * 256 + at[2] != file->height || at[3] * 256 + at[4] != file->width) return 0;
    if ((file->part_count != 1 && file->part_count != 3) || end - at < 6 + 3 * file->part_count) return 0;
    for (int i = 0; i < file->part_count; i++) {
        const uint8_t *given = at + 6 + 3 * i;
        jpeg_part *part = &file->space->parts[i];
        part->id = given[0];
        part->across = given[1] >> 4;
        part->down = given[1] & 15;
        part->quanta = given[2];
        if (part->quanta > 3) return 0;
        // Chroma is as fine as luma or half as fine.
        int most = file->part_count == 1 ? 4 : i == 0 ? 2 : 1;
        if (part->across < 1 || part->across > most || part->down < 1 || part->down > most) return 0;
    }
    // A component alone is not divided.
    if (file->part_count == 1) file->space->parts[0].across = file->space->parts[0].down = 1;
    return 1;
}

/// Whether three components are luma and chroma, as libjpeg tells it.
static int has_luma(const jpeg_file *file) {
    const jpeg_part *parts = file->space->parts;
    if (file->is_jfif) return 1;
    if (file->adobe_transform >= 0) return file->adobe_transform != 0;
    return parts[0].id != 'R' || parts[1].id != 'G' || parts[2].id != 'B';
}

static int read_scan(jpeg_file *file, const uint8_t *at, const uint8_t *end) {
    int count = file->part_count;
    if (!file->has_frame || end - at != 4 + 2 * count || at[0] != count) return 0;
    for (int i = 0; i < count; i++) {
        jpeg_part *part = &file->space->parts[i];
        const uint8_t *given = at + 1 + 2 * i;
        if (given[0] != part->id || (given[1] & 0xCC)) return 0;
        part->first_codes = given[1] >> 4;
        part->codes = given[1] & 3;
        if (!(file->codes[0] >> part->first_codes & 1) || !(file->codes[1] >> part->codes & 1)) return 0;
        if (!(file->quanta >> part->quanta & 1)) return 0;
    }
    const uint8_t *rest = at + 1 + 2 * count;
    return rest[0] == 0 && rest[1] == 63 && rest[2] == 0 && (count == 1 || has_luma(file));
}

/// Reads up to the bits; 0 where they are of another kind.
static int read_header(jpeg_file *file) {
    if (file->end - file->at < 2 || file->at[0] != 0xFF || file->at[1] != 0xD8) return 0;
    file->at += 2;
    for (;;) {
        if (file->end - file->at < 4 || file->at[0] != 0xFF) return 0;
        int marker = file->at[1];
        const uint8_t *at = file->at + 4, *end = file->at + 2 + file->at[2] * 256 + file->at[3];
        if (end < at || end > file->end) return 0;
        file->at = end;
        int is_good = 1;
        switch (marker) {
            case 0xC0: case 0xC1: is_good = read_frame(file, at, end); break;
            case 0xC4: is_good = read_codes(file, at, end); break;
            case 0xDB: is_good = read_quanta(file, at, end); break;
            case 0xDA: return read_scan(file, at, end);
            case 0xDD:
                is_good = end - at == 2;
                if (is_good) file->restart = at[0] * 256 + at[1];
                break;
            case 0xE0: file->is_jfif |= end - at >= 14 && memcmp(at, "JFIF", 5) == 0; break;
            case 0xEE:
                if (end - at >= 12 && memcmp(at, "Adobe", 5) == 0) file->adobe_transform = at[11];
                break;
            // Notes and what programs keep for themselves; all other segments mean something else.
            default: is_good = marker == 0xFE || (marker >= 0xE1 && marker <= 0xEF);
        }
        if (!is_good) return 0;
    }
}

/// The bits up to the next marker, without the zeros that follow each byte of ones.
static jpeg_bits next_bits(jpeg_file *file) {
    uint8_t *to = file->space->bits;
    file->marker = 0;
    while (file->at < file->end) {
        const uint8_t *ones = memchr(file->at, 0xFF, (size_t)(file->end - file->at));
        size_t count = (size_t)((ones ? ones : file->end) - file->at);
        memcpy(to, file->at, count);
        to += count;
        file->at += count;
        while (file->at < file->end && *file->at == 0xFF) file->at++;
        if (file->at == file->end) break;
        file->marker = *file->at++;
        if (file->marker) break;
        *to++ = 0xFF;
    }
    memset(to, 0, JPEG_BITS_BEYOND);
    return (jpeg_bits){.next = file->space->bits, .end = to};
}

/// A coefficient goes into its sum.
static inline __attribute__((always_inline)) void add(
    const jpeg_fold *fold, int place, int number, float *sums, jpeg_sums *small, int is_small) {
    if (is_small) {
        *small += (float)number * fold->by_sum[place];
    } else {
        sums[fold->slots[place]] += (float)number * fold->weights[place];
    }
}

/// Adds the next block's coefficients to the sums; 0 where no block is like that. `is_small`: there are four sums at most.
static inline __attribute__((always_inline)) int add_block(
    const jpeg_codes *first_codes, const jpeg_codes *codes, jpeg_part *part, jpeg_bits *given, float *sums, int is_small) {
    const jpeg_fold *fold = &part->fold;
    // A copy, so that it stays in registers; and sums of their own, as four at once wait for nothing but their own last.
    jpeg_bits bits = *given;
    jpeg_sums small = {0};
    jpeg_bits_fill(&bits);
    int size = jpeg_symbol(first_codes, &bits);
    if (size < 0 || size > 11) return 0;
    part->last += jpeg_number(&bits, size);
    if (part->last < -32768 || part->last > 32767) return 0;
    float first_sum = (float)part->last * fold->first_weight;
    int place = 1;
    while (place < 64) {
        jpeg_bits_fill(&bits);
        // What is there after that is enough for two pairs, and then for a code that is not among them.
        int is_known = 1;
        for (int turn = 0; turn < 2 && is_known && place < 64; turn++) {
            jpeg_pair pair = codes->pairs[jpeg_bits_look(&bits, JPEG_LOOKUP_BITS)];
            is_known = pair.first_bits != 0;
            if (!is_known) break;
            place += pair.first_step;
            add(fold, place - 1, pair.first, sums, &small, is_small);
            if (place >= 64) {
                // What follows belongs to the next block.
                jpeg_bits_drop(&bits, pair.first_bits);
                break;
            }
            place += pair.second_step;
            add(fold, place - 1, pair.second, sums, &small, is_small);
            jpeg_bits_drop(&bits, pair.bits);
        }
        if (is_known) continue;
        int symbol = jpeg_symbol(codes, &bits);
        if (symbol < 0 || (symbol & 15) > 10) return 0;
        int number = jpeg_number(&bits, symbol & 15);
        place += (symbol & 15) || symbol == 0xF0 ? (symbol >> 4) + 1 : JPEG_BLOCK_END;
        add(fold, place - 1, number, sums, &small, is_small);
    }
    if (is_small) memcpy(sums, &small, sizeof small);
    sums[0] += first_sum;
    *given = bits;
    return place == 64 || place > JPEG_BLOCK_END;
}

static int clipped(int value) { return value < 0 ? 0 : value > 255 ? 255 : value; }

enum { PIXELS_AT_ONCE = 64 };

/// One row of pixels from those of the planes; ITU-R BT.601 in fixed point, as libjpeg has it.
static void write_row(const jpeg_part *parts, size_t start, ptrdiff_t width, int channels, uint8_t *to) {
    const uint8_t *luma = parts[0].plane + start;
    if (channels == 1) {
        memcpy(to, luma, (size_t)width);
        return;
    }
    if (!parts[1].plane) {
        for (ptrdiff_t i = 0; i < width; i++, to += 3) memset(to, luma[i], 3);
        return;
    }
    const uint8_t *blue = parts[1].plane + start, *red = parts[2].plane + start;
    for (ptrdiff_t first = 0; first < width; first += PIXELS_AT_ONCE) {
        // Computed side by side, as vectors, then put together.
        uint8_t r[PIXELS_AT_ONCE], g[PIXELS_AT_ONCE], b[PIXELS_AT_ONCE];
        ptrdiff_t count = width - first < PIXELS_AT_ONCE ? width - first : PIXELS_AT_ONCE;
        for (ptrdiff_t i = 0; i < count; i++) {
            int y = luma[first + i], cb = blue[first + i] - 128, cr = red[first + i] - 128;
            r[i] = (uint8_t)clipped(y + ((91881 * cr + 32768) >> 16));
            g[i] = (uint8_t)clipped(y + ((-22554 * cb - 46802 * cr + 32768) >> 16));
            b[i] = (uint8_t)clipped(y + ((116130 * cb + 32768) >> 16));
        }
        for (ptrdiff_t i = 0; i < count; i++, to += 3) {
            to[0] = r[i];
            to[1] = g[i];
            to[2] = b[i];
        }
    }
}

/// One unit of the scan: the blocks of every component that lie over the same pixels.
static int read_unit(jpeg_file *file, jpeg_bits *bits, ptrdiff_t column, size_t stride, int channels) {
    struct cif_jpeg_space *space = file->space;
    for (int i = 0; i < file->part_count; i++) {
        jpeg_part *part = &space->parts[i];
        const jpeg_codes *first_codes = &space->codes[0][part->first_codes], *codes = &space->codes[1][part->codes];
        int rows = part->fold.rows, columns = part->fold.columns;
        for (int block = 0; block < part->across * part->down; block++) {
            float sums[64];
            int is_small = rows * columns <= 4;
            if (!is_small) memset(sums, 0, (size_t)(rows * columns) * sizeof *sums);
            int is_good = is_small ? add_block(first_codes, codes, part, bits, sums, 1)
                                   : add_block(first_codes, codes, part, bits, sums, 0);
            if (!is_good || jpeg_bits_left(bits) < 0) return 0;
            if (i > 0 && channels == 1) continue;
            ptrdiff_t x = (column * part->across + block % part->across) * columns, y = block / part->across * rows;
            cif_jpeg_fold_block(&part->fold, sums, part->plane + (size_t)y * stride + (size_t)x, (int64_t)stride);
        }
    }
    return 1;
}

/// Every unit, row by row, to the pixels.
static int read_units(jpeg_file *file, int eighths, int channels, uint8_t *pixels) {
    struct cif_jpeg_space *space = file->space;
    int across = space->parts[0].across, down = space->parts[0].down, rows = down * eighths;
    ptrdiff_t columns = (file->width + 8 * across - 1) / (8 * across), lines = (file->height + 8 * down - 1) / (8 * down);
    ptrdiff_t to_width = (file->width * eighths + 7) / 8, to_height = (file->height * eighths + 7) / 8;
    size_t stride = (size_t)(columns * across * eighths), plane = stride * (size_t)rows;
    if (!room(&space->planes, &space->planes_size, 3 * plane)) return 0;
    if (!room(&space->bits, &space->bits_size, (size_t)(file->end - file->at) + JPEG_BITS_BEYOND)) return 0;
    space->parts[1].plane = NULL;
    for (int i = 0; i < file->part_count; i++) {
        jpeg_part *part = &space->parts[i];
        part->plane = space->planes + (size_t)i * plane;
        part->last = 0;
        // Chroma gets as many means as luma, from fewer blocks.
        cif_jpeg_fold_make(&part->fold, rows / part->down, eighths * across / part->across, space->quanta[part->quanta]);
    }
    jpeg_bits bits = next_bits(file);
    ptrdiff_t unit = 0;
    for (ptrdiff_t line = 0; line < lines; line++) {
        for (ptrdiff_t column = 0; column < columns; column++, unit++) {
            if (file->restart && unit && unit % file->restart == 0) {
                if (jpeg_bits_left(&bits) > 7 || file->marker != 0xD0 + (int)((unit / file->restart - 1) & 7)) return 0;
                bits = next_bits(file);
                for (int i = 0; i < file->part_count; i++) space->parts[i].last = 0;
            }
            if (!read_unit(file, &bits, column, stride, channels)) return 0;
        }
        for (int row = 0; row < rows && line * rows + row < to_height; row++)
            write_row(space->parts, (size_t)row * stride, to_width, channels,
                      pixels + (line * rows + row) * to_width * channels);
    }
    // Nothing but the end follows.
    return jpeg_bits_left(&bits) <= 7 && (file->marker == 0xD9 || file->marker == 0);
}

int32_t cif_jpeg_decode_reduced(
    struct cif_jpeg_space *space, const uint8_t *bytes, ptrdiff_t count, ptrdiff_t width, ptrdiff_t height, int32_t eighths,
    int32_t channels, uint8_t *pixels) {
    jpeg_file file = {
        .space = space, .at = bytes, .end = bytes + count, .width = width, .height = height, .adobe_transform = -1};
    if (!space || (eighths != 1 && eighths != 2 && eighths != 4) || !read_header(&file)) return 0;
    return read_units(&file, eighths, channels, pixels);
}
