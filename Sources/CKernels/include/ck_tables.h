// Delimited text: where rows end, fields cut and read as numbers or as texts, numbers rounded exactly.
#ifndef CK_TABLES_H
#define CK_TABLES_H

#include <stddef.h>
#include <stdint.h>

#include "ck_core.h"

// The texts here end with a line feed, may be read for CK_TEXT_PADDING bytes before their first byte and after their last, and
// separate rows by line feeds (a carriage return before one belongs to it). Quotes enclose fields: within them, delimiters and
// line feeds are text, and a doubled quote is a quote.
#define CK_TEXT_PADDING 64

// MARK: Survey

/// What a part of a text contains.
struct ck_text_part {
    ptrdiff_t rows[2];   // line feeds outside of quotes, if the part begins outside of them [0], or within [1]
    ptrdiff_t last[2];   // the position in the text of the last of them; -1 without
    int32_t odd_quotes;  // whether its quotes are odd in number: what follows begins the other way
    int32_t has_quotes;
    int32_t has_zero;    // a byte 0
    int32_t has_high;    // a byte that is not ASCII
    int32_t has_return;  // a carriage return that no line feed follows
};

/// Surveys the parts `first` ..< `first` + `parts` of a text that is cut into parts of `part_size` bytes, a multiple of 64
/// (the last has what is left), into `found[0 ..< parts]`; in parallel.
void ck_text_survey(const uint8_t *text, ptrdiff_t count, ptrdiff_t part_size, int32_t first, int32_t parts,
                    struct ck_text_part *found);

/// The position of the first byte at which `text` stops being UTF-8 (RFC 3629); `count` if it is UTF-8.
ptrdiff_t ck_utf8_fault(const uint8_t *text, ptrdiff_t count);

// MARK: Fields

/// How the fields of a column are read.
enum ck_field_kind {
    CK_FIELD_SKIPPED = 0,
    CK_FIELD_NUMBER = 1,  // as double: NaN for what is missing, and for what is no number, which is noted
    CK_FIELD_TEXT = 2,    // as the number of its text in the part's list: -1 for what is missing
};

/// What stopped a part.
enum ck_table_fault {
    CK_TABLE_SOUND = 0,
    CK_TABLE_RAGGED = 1,     // a row with more or fewer fields than columns
    CK_TABLE_LONG = 2,       // a field of more bytes than `longest_field`
    CK_TABLE_IRREGULAR = 3,  // a quote within an unquoted field, or text after a closing quote: rows may end elsewhere
    CK_TABLE_NO_MEMORY = 4,
};

/// The different texts of a column in one part, in the order in which they came: positions in the text, without quotes
/// around them and with doubled quotes within.
struct ck_texts {
    int32_t count;
    int32_t capacity;
    int32_t *lengths;    // bytes
    ptrdiff_t *places;   // where each begins
    uint64_t *hashes;
    int32_t *slots;      // hash table, of twice the capacity
};

/// Rows of one part.
struct ck_table_part {
    ptrdiff_t start;      // where its first row begins
    ptrdiff_t end;        // after the line feed of its last row
    ptrdiff_t first_row;  // counted from the first row of the text
    ptrdiff_t row_count;  // another number of rows is CK_TABLE_IRREGULAR; none is written beyond
    int32_t has_quotes;   // whether there may be quotes
    // Results.
    int32_t fault;           // enum ck_table_fault
    int32_t fault_column;    // the field at which it stopped
    ptrdiff_t fault_row;     // the row
    ptrdiff_t fault_place;   // where that row begins
};

/// A text and what is to be made of its columns.
struct ck_table_columns {
    const uint8_t *text;
    uint8_t delimiter;
    uint8_t point;             // the decimal separator
    int32_t count;             // columns
    ptrdiff_t longest_field;   // bytes
    const uint8_t *kinds;      // enum ck_field_kind, by column
    double *const *numbers;    // by column, then by row; only for numbers
    int32_t *const *codes;     // by column, then by row; only for texts
    const int32_t *lists;      // by column: the number of its list among the columns of texts; not read for others
    int32_t list_count;        // columns of texts
    uint8_t *blank;            // by row: 1 for an empty line, otherwise untouched. Its fields are NaN and -1
};

/// Reads the rows of `parts` parts in parallel. `not_numbers` [parts, columns] is set to 1 where a column of numbers holds
/// something else; `texts` [parts, columns of texts] is filled, empty at first.
void ck_table_read(const struct ck_table_columns *columns, int32_t parts, struct ck_table_part *rows,
                   uint8_t *not_numbers, struct ck_texts *texts);

/// Frees what a list of texts holds.
void ck_texts_clear(struct ck_texts *texts);

/// Reads a field as `ck_table_read` does: 1 a number (into `value`), 0 missing, -1 something else.
int32_t ck_field_number(const uint8_t *field, ptrdiff_t count, uint8_t point, double *value);

/// Whether a field stands for a value that is not known: empty, NA, N/A, NaN, #N/A, null, None in upper or lower case,
/// a question mark, a hyphen. Spaces and quotes around it do not count.
int32_t ck_field_is_missing(const uint8_t *field, ptrdiff_t count);

// MARK: Columns

/// What the numbers of a column are like; NaN stands for a missing one.
struct ck_number_summary {
    ptrdiff_t missing;
    ptrdiff_t infinite;
    int32_t has_fractions;  // whether any finite number is not whole
    double smallest;        // infinite where there is no number
    double largest;
    double sum;
};

/// Looks at values[rows[i]], or at values[i] where `rows` is NULL, for 0 <= i < count. Sums are taken in one order on any number of
/// threads.
struct ck_number_summary ck_number_summarize(const double *values, const int32_t *rows, ptrdiff_t count);

/// The sum of (value - center)^2 over what is not missing.
double ck_number_square_sum(const double *values, const int32_t *rows, ptrdiff_t count, double center);

#endif
