// What the readers share: messages and the conversion of rows.
#ifndef ROWS_H
#define ROWS_H

#include "CImageFiles.h"

/// Keeps a message, cut to its room.
void cif_keep_message(char *message, const char *text);

/// Converts a row of CMYK, where 255 is full ink (or, if `inverted`, none), to 1 or 3 channels.
void cif_convert_cmyk_row(const uint8_t *from, int inverted, uint8_t *to, int32_t to_channels, ptrdiff_t width);

#endif
