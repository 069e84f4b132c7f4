// libpng: the simplified API (png_image_*), which reports errors without longjmp.
#include <png.h>
