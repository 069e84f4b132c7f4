#include <stdlib.h>
#include <webp/decode.h>

#include "rows.h"

static const char *webp_text(VP8StatusCode code) {
    switch (code) {
        case VP8_STATUS_OUT_OF_MEMORY: return "out of memory";
        case VP8_STATUS_BITSTREAM_ERROR: return "invalid bit stream";
        case VP8_STATUS_UNSUPPORTED_FEATURE: return "an unsupported feature";
        case VP8_STATUS_SUSPENDED:
        case VP8_STATUS_NOT_ENOUGH_DATA: return "the file ends too early";
        default: return "invalid parameters";
    }
}

static enum cif_status webp_status(VP8StatusCode code, char *message) {
    if (code == VP8_STATUS_OK) return CIF_OK;
    cif_keep_message(message, webp_text(code));
    switch (code) {
        case VP8_STATUS_OUT_OF_MEMORY: return CIF_NO_MEMORY;
        case VP8_STATUS_UNSUPPORTED_FEATURE: return CIF_UNSUPPORTED;
        case VP8_STATUS_SUSPENDED:
        case VP8_STATUS_NOT_ENOUGH_DATA: return CIF_CUT_OFF;
        default: return CIF_DAMAGED;
    }
}

enum cif_status cif_webp_decode(
    const uint8_t *file, ptrdiff_t count, ptrdiff_t width, ptrdiff_t height, int32_t channels, uint8_t background,
    uint8_t *pixels, char *message) {
    WebPDecoderConfig config;
    message[0] = 0;
    if (!WebPInitDecoderConfig(&config)) {
        cif_keep_message(message, "another version of libwebp than this was compiled for");
        return CIF_UNSUPPORTED;
    }
    enum cif_status status = webp_status(WebPGetFeatures(file, (size_t)count, &config.input), message);
    if (status != CIF_OK) return status;
    if (config.input.width != width || config.input.height != height) {
        cif_keep_message(message, "two sizes");
        return CIF_DAMAGED;
    }
    if (config.input.has_animation) {
        cif_keep_message(message, "an animation");
        return CIF_UNSUPPORTED;
    }
    int32_t from = config.input.has_alpha ? 4 : 3;
    size_t row = (size_t)width * (size_t)from, size = row * (size_t)height;
    uint8_t *read = from == channels ? pixels : malloc(size);
    if (!read) return CIF_NO_MEMORY;
    config.output.colorspace = from == 4 ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = read;
    config.output.u.RGBA.stride = (int)row;
    config.output.u.RGBA.size = size;
    status = webp_status(WebPDecode(file, (size_t)count, &config), message);
    WebPFreeDecBuffer(&config.output);
    if (read != pixels) {
        size_t to_row = (size_t)width * (size_t)channels;
        for (ptrdiff_t i = 0; status == CIF_OK && i < height; i++) {
            cif_convert_row(read + (size_t)i * row, from, background, pixels + (size_t)i * to_row, channels, width);
        }
        free(read);
    }
    return status;
}
