// PNG, JPEG and WebP by libpng, libjpeg-turbo and libwebp, and the resampling of what they decode.
//
// libpng and libjpeg report an error by longjmp. Each entry sets its own jump target and returns a status, so that no jump
// ever passes a caller's frame. Every entry may run on any number of threads at once.
#ifndef CIMAGEFILES_H
#define CIMAGEFILES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How a call ended. Unless it is CIF_OK, the pixels are not to be read.
enum cif_status {
    CIF_OK,
    /// The file ends before its pixels do.
    CIF_CUT_OFF,
    CIF_DAMAGED,
    /// A valid file of a kind that the library cannot read.
    CIF_UNSUPPORTED,
    CIF_NO_MEMORY
};

/// The bytes of a message, the zero at its end included.
enum { CIF_MESSAGE_SIZE = 200 };

/// Each decodes the `count` bytes at `file` to `height` rows of `width` pixels of `channels` bytes, without gaps, at `pixels`.
///
/// One channel is the luma of ITU-R BT.601, (19595 R + 38470 G + 7471 B + 32768) >> 16 of the coded values (of a JPEG with
/// luma, that luma); three are red, green, blue. Samples of 16 bits are rounded to 8; where the picture is
/// transparent, the grey `background` shows through; colour profiles are ignored. `width` and `height` are those of the file's header; CIF_DAMAGED if the library finds others.
/// `message` (CIF_MESSAGE_SIZE bytes) receives the library's words when the status is not CIF_OK.
enum cif_status cif_png_decode(
    const uint8_t *file, ptrdiff_t count, ptrdiff_t width, ptrdiff_t height, int32_t channels, uint8_t background,
    uint8_t *pixels, char *message);
enum cif_status cif_webp_decode(
    const uint8_t *file, ptrdiff_t count, ptrdiff_t width, ptrdiff_t height, int32_t channels, uint8_t background,
    uint8_t *pixels, char *message);
/// `eighths` (1, 2, 4 or 8): the picture is decoded at that many eighths of its size, rounded up to whole pixels, from the low
/// frequencies of each block: 8 is the picture itself.
enum cif_status cif_jpeg_decode(
    const uint8_t *file, ptrdiff_t count, ptrdiff_t width, ptrdiff_t height, int32_t eighths, int32_t channels, uint8_t *pixels,
    char *message);

/// What a thread keeps from one picture to the next: tables, and room. NULL: no memory.
struct cif_jpeg_space;
struct cif_jpeg_space *cif_jpeg_space_make(void);
void cif_jpeg_space_free(struct cif_jpeg_space *space);

/// The same for 1, 2 or 4 eighths without libjpeg, in half the time: each pixel is the mean of those that it stands for, rounded once. 1
/// where it was done; 0 where the file is of a kind, or has a fault, that is left to `cif_jpeg_decode`: the pixels are not to be
/// read then. `space`: of the calling thread; NULL will do, and does nothing.
int32_t cif_jpeg_decode_reduced(
    struct cif_jpeg_space *space, const uint8_t *file, ptrdiff_t count, ptrdiff_t width, ptrdiff_t height, int32_t eighths,
    int32_t channels, uint8_t *pixels);

/// Converts a row of 1 (grey), 2 (grey, opacity), 3 (colour) or 4 (colour, opacity) channels to 1 or 3, as the readers do.
void cif_convert_row(
    const uint8_t *from, int32_t from_channels, uint8_t background, uint8_t *to, int32_t to_channels, ptrdiff_t width);

/// A part of a picture, in pixels; its edges may lie inside of pixels.
typedef struct {
    double left, top, width, height;
} cif_window;

/// Resamples `window` of a picture of `height` x `width` pixels to `to_height` x `to_width` pixels, without gaps.
///
/// Along each axis on its own: an axis that becomes shorter is averaged by exact coverage (a pixel counts by the share that
/// lies under the target's pixel); one that becomes longer is interpolated linearly between pixel centres, and repeats the
/// picture's outermost pixels. Sums are taken in float, in the order of the pixels, then rounded to nearest.
enum cif_status cif_resample(
    const uint8_t *pixels, ptrdiff_t width, ptrdiff_t height, int32_t channels, cif_window window, uint8_t *to,
    ptrdiff_t to_width, ptrdiff_t to_height);

/// Copies a picture of `height` x `width` pixels, without gaps, as it is to be shown by EXIF's `orientation` (1 to 8), to `to`,
/// whose rows are `to_stride` bytes apart. From 5 on, rows become columns.
void cif_orient(
    const uint8_t *pixels, ptrdiff_t width, ptrdiff_t height, int32_t channels, int32_t orientation, uint8_t *to,
    ptrdiff_t to_stride);

#ifdef __cplusplus
}
#endif

#endif
