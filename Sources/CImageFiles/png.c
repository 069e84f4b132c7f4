// PNG by libpng, row by row. The simplified interface would do the conversions too, but in linear light and in more passes.
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "rows.h"

/// One picture that is being read. It lies outside of the frame that longjmp returns to, so its members keep their values.
typedef struct {
    const uint8_t *next;
    size_t left;
    int is_cut_off;
    char *message;
    png_structp png;
    png_infop info;
    /// A row, or an interlaced picture, in the file's channels.
    uint8_t *rows;
} png_reading;

static void png_failed(png_structp png, png_const_charp text) {
    png_reading *reading = png_get_error_ptr(png);
    cif_keep_message(reading->message, text);
    png_longjmp(png, 1);
}

static void png_warned(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void png_give(png_structp png, png_bytep to, size_t count) {
    png_reading *reading = png_get_io_ptr(png);
    if (count > reading->left) {
        reading->is_cut_off = 1;
        png_error(png, "the file ends too early");
    }
    memcpy(to, reading->next, count);
    reading->next += count;
    reading->left -= count;
}

/// Everything between the first call of libpng that may jump and the last.
static enum cif_status png_read_all(
    png_reading *reading, ptrdiff_t width, ptrdiff_t height, int32_t channels, uint8_t background, uint8_t *pixels) {
    png_structp png = reading->png;
    if (setjmp(png_jmpbuf(png))) return reading->is_cut_off ? CIF_CUT_OFF : CIF_DAMAGED;
    png_set_read_fn(png, reading, png_give);
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    // All chunks but IHDR, PLTE, tRNS, IDAT and IEND are passed over: a profile or a text may unpack to megabytes.
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_read_info(png, reading->info);
    png_set_expand(png);
    png_set_scale_16(png);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, reading->info);
    if (png_get_image_width(png, reading->info) != (size_t)width || png_get_image_height(png, reading->info) != (size_t)height) {
        png_error(png, "two sizes");
    }
    int32_t from = png_get_channels(png, reading->info);
    size_t row = (size_t)width * (size_t)from;
    if (png_get_bit_depth(png, reading->info) != 8 || png_get_rowbytes(png, reading->info) != row || from < 1 || from > 4) {
        png_error(png, "not expanded to bytes");
    }
    size_t to_row = (size_t)width * (size_t)channels;
    if (from == channels) {
        for (int pass = 0; pass < passes; pass++) {
            for (ptrdiff_t i = 0; i < height; i++) png_read_row(png, pixels + (size_t)i * to_row, NULL);
        }
        return CIF_OK;
    }
    // Later passes of an interlaced picture go between the pixels of the earlier.
    reading->rows = malloc(passes > 1 ? row * (size_t)height : row);
    if (!reading->rows) return CIF_NO_MEMORY;
    for (int pass = 0; pass < passes; pass++) {
        for (ptrdiff_t i = 0; i < height; i++) {
            uint8_t *read = reading->rows + (passes > 1 ? (size_t)i * row : 0);
            png_read_row(png, read, NULL);
            if (pass + 1 == passes) cif_convert_row(read, from, background, pixels + (size_t)i * to_row, channels, width);
        }
    }
    return CIF_OK;
}

enum cif_status cif_png_decode(
    const uint8_t *file, ptrdiff_t count, ptrdiff_t width, ptrdiff_t height, int32_t channels, uint8_t background,
    uint8_t *pixels, char *message) {
    png_reading reading = {.next = file, .left = (size_t)count, .message = message};
    message[0] = 0;
    reading.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reading, png_failed, png_warned);
    if (!reading.png) return CIF_NO_MEMORY;
    reading.info = png_create_info_struct(reading.png);
    enum cif_status status = reading.info ? png_read_all(&reading, width, height, channels, background, pixels) : CIF_NO_MEMORY;
    png_destroy_read_struct(&reading.png, &reading.info, NULL);
    free(reading.rows);
    return status;
}
