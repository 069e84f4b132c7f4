// zlib: gzip streams and CRC-32.
#include <zlib.h>
