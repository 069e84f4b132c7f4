// libjpeg-turbo: the classic interface. jpeglib.h needs stdio.h before it.
#include <stddef.h>
#include <stdio.h>
#include <jpeglib.h>
