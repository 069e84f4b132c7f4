#include <string.h>

#include "CImageFiles.h"

void cif_orient(
    const uint8_t *pixels, ptrdiff_t width, ptrdiff_t height, int32_t channels, int32_t orientation, uint8_t *to,
    ptrdiff_t to_stride) {
    int swaps = orientation >= 5;
    // EXIF says where the stored first row and first column are to be seen. Read backwards, they are seen from the end.
    int rows_backwards = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    int columns_backwards = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    ptrdiff_t row_step = (rows_backwards ? -width : width) * channels, column_step = columns_backwards ? -channels : channels;
    const uint8_t *first = pixels + ((rows_backwards ? height - 1 : 0) * width + (columns_backwards ? width - 1 : 0)) * channels;
    ptrdiff_t to_height = swaps ? width : height, to_width = swaps ? height : width;
    ptrdiff_t down = swaps ? column_step : row_step, across = swaps ? row_step : column_step;
    for (ptrdiff_t i = 0; i < to_height; i++, first += down, to += to_stride) {
        if (across == channels) {
            memcpy(to, first, (size_t)(to_width * channels));
            continue;
        }
        const uint8_t *from = first;
        uint8_t *next = to;
        for (ptrdiff_t j = 0; j < to_width; j++, from += across) {
            for (int32_t c = 0; c < channels; c++) *next++ = from[c];
        }
    }
}
