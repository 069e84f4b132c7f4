// Whether bytes are UTF-8 (RFC 3629): no surrogates, no longer forms than needed, nothing above U+10FFFF.
#include <string.h>

#include "ck_tables.h"

/// The length of the sequence at `p`, of which `left` bytes are there; 0 if it is none.
static ptrdiff_t sequence_length(const uint8_t *p, ptrdiff_t left) {
    const uint8_t lead = p[0];
    const ptrdiff_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || left < length) return 0;
    for (ptrdiff_t i = 1; i < length; i++)
        if ((p[i] & 0xC0) != 0x80) return 0;
    const uint8_t second = p[1];
    if (lead == 0xE0 && second < 0xA0) return 0;
    if (lead == 0xED && second > 0x9F) return 0;
    if (lead == 0xF0 && second < 0x90) return 0;
    if (lead == 0xF4 && second > 0x8F) return 0;
    return length;
}

ptrdiff_t ck_utf8_fault(const uint8_t *text, ptrdiff_t count) {
    CK_ASSERT_MEMORY(text, count);
    CK_ASSERT(count, >= 0);
    ptrdiff_t i = 0;
    while (i < count) {
        uint64_t eight;
        if (count - i >= 8) {
            memcpy(&eight, text + i, 8);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                i += 8;
                continue;
            }
        }
        if (text[i] < 0x80) {
            i++;
            continue;
        }
        const ptrdiff_t length = sequence_length(text + i, count - i);
        if (length == 0) return i;
        i += length;
    }
    return count;
}
