// libwebp: decoding.
#include <webp/decode.h>
