// Fields of rows, read into columns.
//
// A block of bytes at a time is searched for delimiters and line feeds outside of quotes, 64 bytes by three comparisons; then
// the fields between them are read one after another. The two loops are apart because each is predictable by itself.
#include <string.h>

#include "tables/bits.h"
#include "tables/number.h"
#include "tables/texts.h"

// A block's positions stay in the first cache, with room for the columns' lines.
#define ROWS_BLOCK 8192

/// The places, from `from`, of the ends of fields in from ..< to. `inside`: all ones within quotes.
CK_INLINE int32_t find_ends(const uint8_t *text, ptrdiff_t from, ptrdiff_t to, uint8_t delimiter, int quoted,
                            uint64_t *inside, uint32_t *ends) {
    int32_t count = 0;
    for (ptrdiff_t place = from; place < to; place += 64) {
        const u8x64 bytes = CK_LOAD_BYTES64(text + place);
        uint64_t found = CK_BITS64((bytes == delimiter) | (bytes == '\n'));
        const uint64_t own = to - place < 64 ? (UINT64_C(1) << (to - place)) - 1 : ~UINT64_C(0);
        found &= own;
        if (quoted) {
            const uint64_t quotes = CK_BITS64(bytes == '"') & own;
            const uint64_t within = *inside ^ odd_up_to(quotes);
            if (__builtin_popcountll(quotes) & 1) *inside = ~*inside;
            found &= ~within;
        }
        const uint32_t base = (uint32_t)(place - from);
        const int32_t more = __builtin_popcountll(found);
        // Eight at a time, whether they are there or not: the buffer has room.
        for (int32_t done = 0; done < more; done += 8)
            for (int i = 0; i < 8; i++) {
                ends[count + done + i] = base + (uint32_t)__builtin_ctzll(found | UINT64_C(1) << 63);
                found &= found - 1;
            }
        count += more;
    }
    return count;
}

/// Whether a field's quotes are as RFC 4180 has them: none, or around it, and doubled within.
static int is_regular(const uint8_t *field, const uint8_t *end) {
    if (field == end || *field != '"') return memchr(field, '"', (size_t)(end - field)) == NULL;
    if (end - field < 2 || end[-1] != '"') return 0;
    const uint8_t *last = end - 1;
    for (const uint8_t *p = field + 1; (p = memchr(p, '"', (size_t)(last - p))) != NULL; p += 2)
        if (p + 1 >= last || p[1] != '"') return 0;
    return 1;
}

/// The text of a field: between its quotes, or without the spaces around it.
static void text_of(const uint8_t **field, const uint8_t **end) {
    if (*end - *field >= 2 && **field == '"') {
        ++*field;
        --*end;
        return;
    }
    while (*field < *end && (**field == ' ' || **field == '\t')) ++*field;
    while (*end > *field && ((*end)[-1] == ' ' || (*end)[-1] == '\t')) --*end;
}

struct rows_job {
    const struct ck_table_columns *columns;
    struct ck_table_part *rows;
    uint8_t *not_numbers;
    struct ck_texts *texts;
};

static void stop(struct ck_table_part *part, enum ck_table_fault fault, int32_t column, ptrdiff_t row, ptrdiff_t place) {
    part->fault = fault;
    part->fault_column = column;
    part->fault_row = row;
    part->fault_place = place;
}

/// What is not a plain number. Kept apart, so that the loop's registers are its own.
__attribute__((noinline)) static double odd_number(const uint8_t *field, const uint8_t *end, uint8_t point,
                                                   uint8_t *not_number) {
    double value;
    if (ck_field_number(field, end - field, point, &value) < 0) *not_number = 1;
    return value;
}

CK_INLINE void read_rows(const struct ck_table_columns *table, struct ck_table_part *part, uint8_t *not_numbers,
                         struct ck_texts *texts, int quoted) {
    const uint8_t *text = table->text;
    const uint8_t delimiter = table->delimiter, point = table->point;
    const int32_t last = table->count - 1;
    uint32_t ends[ROWS_BLOCK + 8];
    uint64_t inside = 0;
    int32_t column = 0;
    const ptrdiff_t row_end = part->first_row + part->row_count;
    ptrdiff_t row = part->first_row, row_place = part->start, field_place = part->start;
    for (ptrdiff_t block = part->start; block < part->end; block += ROWS_BLOCK) {
        const ptrdiff_t block_end = part->end - block < ROWS_BLOCK ? part->end : block + ROWS_BLOCK;
        const int32_t count = find_ends(text, block, block_end, delimiter, quoted, &inside, ends);
        for (int32_t i = 0; i < count; i++) {
            const ptrdiff_t place = block + ends[i];
            const uint8_t *field = text + field_place, *end = text + place;
            const int at_end = text[place] == '\n';
            field_place = place + 1;
            if (row == row_end) {
                stop(part, CK_TABLE_IRREGULAR, column, row, row_place);
                return;
            }
            if (at_end) {
                if (end > field && end[-1] == '\r') end--;
                if (column == 0 && field == end) {
                    table->blank[row] = 1;
                    for (int32_t c = 0; c <= last; c++) {
                        if (table->kinds[c] == CK_FIELD_NUMBER) table->numbers[c][row] = __builtin_nan("");
                        if (table->kinds[c] == CK_FIELD_TEXT) table->codes[c][row] = -1;
                    }
                    row++;
                    row_place = field_place;
                    continue;
                }
            }
            if (at_end != (column == last)) {
                // A stray quote may have hidden an end.
                stop(part, quoted && !is_regular(field, end) ? CK_TABLE_IRREGULAR : CK_TABLE_RAGGED, column, row, row_place);
                return;
            }
            if (quoted && !is_regular(field, end)) {
                stop(part, CK_TABLE_IRREGULAR, column, row, row_place);
                return;
            }
            if (end - field > table->longest_field) {
                stop(part, CK_TABLE_LONG, column, row, row_place);
                return;
            }
            const uint8_t kind = table->kinds[column];
            if (kind == CK_FIELD_NUMBER) {
                double value;
                if (!number_plain(field, end, point, &value))
                    value = odd_number(field, end, point, not_numbers + column);
                table->numbers[column][row] = value;
            } else if (kind == CK_FIELD_TEXT) {
                int32_t code = -1;
                if (!ck_field_is_missing(field, end - field)) {
                    text_of(&field, &end);
                    code = texts_number(texts + table->lists[column], text, field - text, end - field);
                    if (code < 0) {
                        stop(part, CK_TABLE_NO_MEMORY, column, row, row_place);
                        return;
                    }
                }
                table->codes[column][row] = code;
            }
            if (at_end) {
                row++;
                row_place = field_place;
                column = 0;
            } else {
                column++;
            }
        }
    }
    if (row != row_end || column != 0) stop(part, CK_TABLE_IRREGULAR, column, row, row_place);
}

CK_CLONES static void read_plain(const struct ck_table_columns *table, struct ck_table_part *part,
                                 uint8_t *not_numbers, struct ck_texts *texts) {
    read_rows(table, part, not_numbers, texts, 0);
}

CK_CLONES static void read_quoted(const struct ck_table_columns *table, struct ck_table_part *part,
                                  uint8_t *not_numbers, struct ck_texts *texts) {
    read_rows(table, part, not_numbers, texts, 1);
}

static void read_part(void *context, int32_t part) {
    const struct rows_job *job = context;
    struct ck_table_part *rows = job->rows + part;
    const struct ck_table_columns *columns = job->columns;
    (rows->has_quotes ? read_quoted : read_plain)(columns, rows, job->not_numbers + (ptrdiff_t)part * columns->count,
                                                  job->texts + (ptrdiff_t)part * columns->list_count);
}

void ck_table_read(const struct ck_table_columns *columns, int32_t parts, struct ck_table_part *rows,
                   uint8_t *not_numbers, struct ck_texts *texts) {
    CK_ASSERT_GIVEN(columns);
    CK_ASSERT(columns->count, > 0);
    CK_ASSERT(columns->list_count, >= 0);
    CK_ASSERT_IN(parts, 0, CK_MAX_PARTS);
    CK_ASSERT_MEMORY(rows, parts);
    CK_ASSERT_MEMORY(not_numbers, (ptrdiff_t)parts * columns->count);
    CK_ASSERT_MEMORY(texts, (ptrdiff_t)parts * columns->list_count);
    struct rows_job job = {columns, rows, not_numbers, texts};
    ck_parallel(parts, read_part, &job);
}
