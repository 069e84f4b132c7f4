#include "rows.h"

#include <string.h>

void cif_keep_message(char *message, const char *text) {
    size_t length = strlen(text);
    if (length > CIF_MESSAGE_SIZE - 1) length = CIF_MESSAGE_SIZE - 1;
    memcpy(message, text, length);
    message[length] = 0;
}

static inline uint8_t luma(uint32_t red, uint32_t green, uint32_t blue) {
    return (uint8_t)((19595 * red + 38470 * green + 7471 * blue + 32768) >> 16);
}

/// a b / 255, rounded to nearest; exact for bytes.
static inline uint32_t product(uint32_t a, uint32_t b) {
    uint32_t t = a * b + 128;
    return (t + (t >> 8)) >> 8;
}

/// A value of this opacity over the background, rounded to nearest; exact for bytes.
static inline uint32_t over(uint32_t background, uint32_t value, uint32_t opacity) {
    uint32_t t = value * opacity + background * (255 - opacity) + 128;
    return (t + (t >> 8)) >> 8;
}

static inline void put(uint8_t *to, int32_t channels, uint32_t red, uint32_t green, uint32_t blue) {
    if (channels == 1) {
        to[0] = luma(red, green, blue);
    } else {
        to[0] = (uint8_t)red;
        to[1] = (uint8_t)green;
        to[2] = (uint8_t)blue;
    }
}

void cif_convert_row(
    const uint8_t *from, int32_t from_channels, uint8_t background, uint8_t *to, int32_t to_channels, ptrdiff_t width) {
    if (from_channels == to_channels) {
        memcpy(to, from, (size_t)width * (size_t)to_channels);
    } else if (from_channels <= 2) {
        for (ptrdiff_t i = 0; i < width; i++, from += from_channels, to += to_channels) {
            uint8_t value = from_channels == 1 ? from[0] : (uint8_t)over(background, from[0], from[1]);
            to[0] = value;
            if (to_channels == 3) to[1] = to[2] = value;
        }
    } else if (from_channels == 3) {
        for (ptrdiff_t i = 0; i < width; i++, from += 3) to[i] = luma(from[0], from[1], from[2]);
    } else {
        for (ptrdiff_t i = 0; i < width; i++, from += 4, to += to_channels) {
            uint32_t opacity = from[3];
            put(to, to_channels, over(background, from[0], opacity), over(background, from[1], opacity), over(background, from[2], opacity));
        }
    }
}

void cif_convert_cmyk_row(const uint8_t *from, int inverted, uint8_t *to, int32_t to_channels, ptrdiff_t width) {
    uint32_t flip = inverted ? 0 : 255;
    for (ptrdiff_t i = 0; i < width; i++, from += 4, to += to_channels) {
        // Paper left white by each ink and by black: (1 - C) (1 - K).
        uint32_t black = from[3] ^ flip;
        put(to, to_channels, product(from[0] ^ flip, black), product(from[1] ^ flip, black), product(from[2] ^ flip, black));
    }
}
