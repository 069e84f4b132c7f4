// A first look at a delimited text: where its rows end, whichever way its quotes stand, and what else is in it.
#include "ck_tables.h"

#include "tables/bits.h"

struct survey_job {
    const uint8_t *text;
    ptrdiff_t count, part_size;
    int32_t first;
    struct ck_text_part *found;
};

CK_CLONES static void survey_bytes(const uint8_t *text, ptrdiff_t from, ptrdiff_t to, struct ck_text_part *found) {
    struct ck_text_part part = {.last = {-1, -1}};
    uint64_t inside = 0;  // all ones within quotes, if the part begins outside
    u8x64 high = {}, zero = {};
    for (ptrdiff_t place = from; place < to; place += 64) {
        const u8x64 bytes = CK_LOAD_BYTES64(text + place);
        // What follows the part is not its own; what follows the text is padding.
        const uint64_t own = to - place < 64 ? (UINT64_C(1) << (to - place)) - 1 : ~UINT64_C(0);
        const uint64_t quotes = CK_BITS64(bytes == '"') & own;
        const uint64_t ends = CK_BITS64(bytes == '\n') & own;
        const uint64_t returns = CK_BITS64(bytes == '\r') & own;
        if (own == ~UINT64_C(0)) {
            high |= bytes;
            zero |= (u8x64)(bytes == 0);
        } else {
            for (ptrdiff_t i = place; i < to; i++) {
                if (text[i] >= 0x80) part.has_high = 1;
                if (text[i] == 0) part.has_zero = 1;
            }
        }
        if (returns) {
            // The last byte's successor is looked at by itself: it may lie in the next part.
            uint64_t followed = ends >> 1;
            if (text[place + 64] == '\n') followed |= UINT64_C(1) << 63;
            if (own != ~UINT64_C(0) && text[to] == '\n') followed |= UINT64_C(1) << (to - place - 1);
            if (returns & ~followed) part.has_return = 1;
        }
        uint64_t within = inside;
        if (quotes) {
            part.has_quotes = 1;
            within ^= odd_up_to(quotes);
            inside ^= __builtin_popcountll(quotes) & 1 ? ~UINT64_C(0) : 0;
        }
        const uint64_t rows[2] = {ends & ~within, ends & within};
        for (int way = 0; way < 2; way++)
            if (rows[way]) {
                part.rows[way] += __builtin_popcountll(rows[way]);
                part.last[way] = place + 63 - __builtin_clzll(rows[way]);
            }
    }
    if (CK_BITS64(high >= 0x80)) part.has_high = 1;
    if (CK_BITS64(zero != 0)) part.has_zero = 1;
    part.odd_quotes = inside != 0;
    *found = part;
}

static void survey_part(void *context, int32_t part) {
    const struct survey_job *job = context;
    const ptrdiff_t from = (job->first + part) * job->part_size;
    const ptrdiff_t rest = job->count - from;
    survey_bytes(job->text, from, from + (rest < job->part_size ? rest : job->part_size), job->found + part);
}

void ck_text_survey(const uint8_t *text, ptrdiff_t count, ptrdiff_t part_size, int32_t first, int32_t parts,
                    struct ck_text_part *found) {
    CK_ASSERT_MEMORY(text, count);
    CK_ASSERT(part_size, > 0);
    CK_ASSERT(part_size % 64, == 0);
    CK_ASSERT(first, >= 0);
    CK_ASSERT_IN(parts, 0, CK_MAX_PARTS);
    CK_ASSERT((first + parts - 1) * part_size, < count);
    CK_ASSERT_MEMORY(found, parts);
    struct survey_job job = {text, count, part_size, first, found};
    ck_parallel(parts, survey_part, &job);
}
