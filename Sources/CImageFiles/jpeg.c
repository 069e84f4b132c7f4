// JPEG by libjpeg-turbo's libjpeg interface: TurboJPEG's own, of version 2, says less of why a file is refused.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "rows.h"

/// A progressive file has about ten scans; each is a pass over all of the picture, so many of them are a bomb.
enum { JPEG_SCANS = 100 };

/// One picture that is being read. It lies outside of the frame that longjmp returns to, so its members keep their values.
typedef struct {
    struct jpeg_decompress_struct file;
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr source;
    struct jpeg_progress_mgr progress;
    jmp_buf jump;
    char *message;
    /// Whether libjpeg asked for bytes after the last.
    int has_ended;
    enum cif_status status;
    /// A row of CMYK.
    uint8_t *row;
} jpeg_reading;

static jpeg_reading *jpeg_reading_of(j_common_ptr file) { return file->client_data; }

static void jpeg_stop(jpeg_reading *reading, enum cif_status status, const char *text) {
    cif_keep_message(reading->message, text);
    reading->status = status;
    longjmp(reading->jump, 1);
}

static void jpeg_stop_with_code(j_common_ptr file, enum cif_status status) {
    char text[JMSG_LENGTH_MAX];
    file->err->format_message(file, text);
    jpeg_stop(jpeg_reading_of(file), status, text);
}

static void jpeg_failed(j_common_ptr file) {
    switch (file->err->msg_code) {
        // 12 bits, lossless, hierarchical, a height that follows later, and odd numbers of components.
        case JERR_BAD_PRECISION:
        case JERR_SOF_UNSUPPORTED:
        case JERR_ARITH_NOTIMPL:
        case JERR_EMPTY_IMAGE:
        case JERR_CONVERSION_NOTIMPL:
        case JERR_BAD_J_COLORSPACE: jpeg_stop_with_code(file, CIF_UNSUPPORTED);
        case JERR_OUT_OF_MEMORY: jpeg_stop_with_code(file, CIF_NO_MEMORY);
        default: jpeg_stop_with_code(file, jpeg_reading_of(file)->has_ended ? CIF_CUT_OFF : CIF_DAMAGED);
    }
}

/// libjpeg goes on after these, with grey where the pixels were: whoever trains on that learns grey.
static void jpeg_warned(j_common_ptr file, int level) {
    if (level >= 0) return;
    switch (file->err->msg_code) {
        case JWRN_HIT_MARKER:
        case JWRN_JPEG_EOF:
        case JWRN_HUFF_BAD_CODE:
        case JWRN_ARITH_BAD_CODE:
        case JWRN_MUST_RESYNC: jpeg_stop_with_code(file, jpeg_reading_of(file)->has_ended ? CIF_CUT_OFF : CIF_DAMAGED);
        default: return;
    }
}

static void jpeg_ignore(j_common_ptr file) { (void)file; }

static void jpeg_start(j_decompress_ptr file) { (void)file; }

/// All bytes were there from the start. An end marker is put after them, which is all that some files lack; where pixels are
/// missing too, the decoder meets the marker among them and warns.
static boolean jpeg_give_more(j_decompress_ptr file) {
    static const JOCTET end[2] = {0xFF, JPEG_EOI};
    jpeg_reading *reading = file->client_data;
    reading->has_ended = 1;
    reading->source.next_input_byte = end;
    reading->source.bytes_in_buffer = 2;
    return TRUE;
}

static void jpeg_pass_over(j_decompress_ptr file, long count) {
    jpeg_reading *reading = file->client_data;
    if (count <= 0) return;
    if ((size_t)count > reading->source.bytes_in_buffer) {
        jpeg_give_more(file);
        return;
    }
    reading->source.next_input_byte += count;
    reading->source.bytes_in_buffer -= (size_t)count;
}

static void jpeg_watch(j_common_ptr file) {
    if (((j_decompress_ptr)file)->input_scan_number > JPEG_SCANS) {
        jpeg_stop(jpeg_reading_of(file), CIF_DAMAGED, "more than 100 scans");
    }
}

/// Whether no scan is missing of a file of several, as far as can be told. An end marker that is there is believed.
static int jpeg_is_complete(j_decompress_ptr file, int has_ended) {
    for (int part = 0; part < file->num_components; part++) {
        // Taken over with a component's first scan.
        if (!file->comp_info[part].quant_table) return 0;
        if (!has_ended || !file->progressive_mode) continue;
        // Bits of each coefficient that are still to come, or -1.
        for (int i = 0; i < DCTSIZE2; i++) {
            if (file->coef_bits[part][i] != 0) return 0;
        }
    }
    return 1;
}

static void jpeg_read_all(
    jpeg_reading *reading, ptrdiff_t width, ptrdiff_t height, int32_t eighths, int32_t channels, uint8_t *pixels) {
    j_decompress_ptr file = &reading->file;
    if (setjmp(reading->jump)) return;
    jpeg_create_decompress(file);
    file->client_data = reading;
    file->src = &reading->source;
    file->progress = &reading->progress;
    jpeg_read_header(file, TRUE);
    if (file->image_width != (size_t)width || file->image_height != (size_t)height) {
        jpeg_stop(reading, CIF_DAMAGED, "two sizes");
    }
    int is_cmyk = file->jpeg_color_space == JCS_CMYK || file->jpeg_color_space == JCS_YCCK;
    file->out_color_space = is_cmyk ? JCS_CMYK : channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    file->scale_num = (unsigned)eighths;
    file->scale_denom = 8;
    file->dct_method = JDCT_ISLOW;
    jpeg_start_decompress(file);
    // All scans have been read by now, if there are several.
    if (jpeg_has_multiple_scans(file) && !jpeg_is_complete(file, reading->has_ended)) {
        jpeg_stop(reading, reading->has_ended ? CIF_CUT_OFF : CIF_DAMAGED, "scans are missing");
    }
    size_t to_width = ((size_t)width * (size_t)eighths + 7) / 8, to_height = ((size_t)height * (size_t)eighths + 7) / 8;
    if (file->output_width != to_width || file->output_height != to_height || file->output_components != (is_cmyk ? 4 : channels)) {
        jpeg_stop(reading, CIF_DAMAGED, "two sizes");
    }
    size_t row = to_width * (size_t)channels;
    if (is_cmyk) {
        reading->row = malloc(to_width * 4);
        if (!reading->row) jpeg_stop(reading, CIF_NO_MEMORY, "no memory");
        while (file->output_scanline < file->output_height) {
            uint8_t *to = pixels + file->output_scanline * row;
            jpeg_read_scanlines(file, &reading->row, 1);
            cif_convert_cmyk_row(reading->row, file->saw_Adobe_marker, to, channels, (ptrdiff_t)to_width);
        }
        return;
    }
    while (file->output_scanline < file->output_height) {
        JSAMPROW rows[8];
        size_t left = file->output_height - file->output_scanline, count = left < 8 ? left : 8;
        for (size_t i = 0; i < count; i++) rows[i] = pixels + (file->output_scanline + i) * row;
        jpeg_read_scanlines(file, rows, (JDIMENSION)count);
    }
}

enum cif_status cif_jpeg_decode(
    const uint8_t *file, ptrdiff_t count, ptrdiff_t width, ptrdiff_t height, int32_t eighths, int32_t channels, uint8_t *pixels,
    char *message) {
    jpeg_reading reading;
    memset(&reading, 0, sizeof reading);
    message[0] = 0;
    reading.message = message;
    reading.file.err = jpeg_std_error(&reading.errors);
    reading.errors.error_exit = jpeg_failed;
    reading.errors.emit_message = jpeg_warned;
    reading.errors.output_message = jpeg_ignore;
    // jpeg_create_decompress may fail too, and keeps these two.
    reading.file.client_data = &reading;
    reading.source.next_input_byte = file;
    reading.source.bytes_in_buffer = (size_t)count;
    reading.source.init_source = jpeg_start;
    reading.source.fill_input_buffer = jpeg_give_more;
    reading.source.skip_input_data = jpeg_pass_over;
    reading.source.resync_to_restart = jpeg_resync_to_restart;
    reading.source.term_source = jpeg_start;
    reading.progress.progress_monitor = jpeg_watch;
    jpeg_read_all(&reading, width, height, eighths, channels, pixels);
    // What follows the last row is not looked at: jpeg_finish_decompress would.
    jpeg_destroy_decompress(&reading.file);
    free(reading.row);
    return reading.status;
}
