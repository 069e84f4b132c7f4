// The different texts of a column, numbered as they come.
#ifndef CK_TABLES_TEXTS_H
#define CK_TABLES_TEXTS_H

#include "ck_tables.h"

/// The number of the text of `length` bytes at `place` of `text`, added if it is new; -1 if out of memory.
int32_t texts_number(struct ck_texts *texts, const uint8_t *text, ptrdiff_t place, ptrdiff_t length);

#endif
