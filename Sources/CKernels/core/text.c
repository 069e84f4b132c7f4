// Decimal text by the C library, whose rounding is exact.
#include <stdio.h>

#include "ck_core.h"

ptrdiff_t ck_text_fixed(char *buffer, ptrdiff_t size, int32_t digits, double value) {
    CK_ASSERT_MEMORY(buffer, size);
    CK_ASSERT(size, >= 0);
    CK_ASSERT(digits, >= 0);
    return snprintf(buffer, (size_t)size, "%.*f", digits, value);
}

ptrdiff_t ck_text_scientific(char *buffer, ptrdiff_t size, int32_t digits, double value) {
    CK_ASSERT_MEMORY(buffer, size);
    CK_ASSERT(size, >= 0);
    CK_ASSERT(digits, >= 0);
    return snprintf(buffer, (size_t)size, "%.*e", digits, value);
}
