// Numbers of any form, and the words for values that are not known.
#define _GNU_SOURCE

#include <locale.h>
#include <pthread.h>
#include <stdlib.h>
#include <strings.h>

#include "tables/number.h"

// More digits than these decide nothing but whether the number lies above them (767 are enough for any double).
#define NUMBER_DIGITS 800

static locale_t plain_locale;

static void make_locale(void) { plain_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0); }

/// The C library's rounding, with a point whatever the process's locale has.
static double rounded(const char *text) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_locale);
    return plain_locale ? strtod_l(text, NULL, plain_locale) : strtod(text, NULL);
}

static int is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

static int is_word(const uint8_t *field, ptrdiff_t count, const char *word) {
    return count == (ptrdiff_t)strlen(word) && strncasecmp((const char *)field, word, (size_t)count) == 0;
}

int32_t number_general(const uint8_t *field, const uint8_t *end, uint8_t point, double *value) {
    int negative = 0;
    if (field < end && (*field == '-' || *field == '+')) negative = *field++ == '-';
    if (is_word(field, end - field, "inf") || is_word(field, end - field, "infinity")) {
        *value = negative ? -__builtin_inf() : __builtin_inf();
        return 1;
    }
    char text[NUMBER_DIGITS + 32];
    int kept = 0, some = 0, more = 0, after = 0, exact = 1;
    uint64_t number = 0;
    int64_t power = 0;  // of ten, by which the digits kept are multiplied
    for (; field < end; field++) {
        if (*field == point && !after) {
            after = 1;
            continue;
        }
        if (!is_digit(*field)) break;
        some = 1;
        if (kept > 0 || *field != '0') {
            if (kept < NUMBER_DIGITS) {
                text[kept++] = (char)*field;
                if (kept <= 19) number = number * 10 + (uint64_t)(*field - '0');
                else exact = 0;
            } else {
                if (*field != '0') more = 1;
                power++;
            }
        }
        power -= after;
    }
    if (!some) return 0;
    if (field < end && (*field == 'e' || *field == 'E')) {
        field++;
        int below = 0;
        if (field < end && (*field == '-' || *field == '+')) below = *field++ == '-';
        if (field == end) return 0;
        int64_t exponent = 0;
        for (; field < end && is_digit(*field); field++)
            if (exponent < 1000000000) exponent = exponent * 10 + (*field - '0');
        power += below ? -exponent : exponent;
    }
    if (field != end) return 0;
    double result;
    if (kept == 0) {
        result = 0;
    } else if (power > 400) {
        result = __builtin_inf();
    } else if (power < -400 - NUMBER_DIGITS - 100) {
        result = 0;
    } else if (!exact || !number_scaled(number, (int)power, &result)) {
        if (more) {
            text[kept++] = '1';
            power--;
        }
        text[kept++] = 'e';
        int length = (int)ck_text_fixed(text + kept, 16, 0, (double)power);
        text[kept + length] = 0;
        result = rounded(text);
    }
    *value = negative ? -result : result;
    return 1;
}

static void without_spaces(const uint8_t **field, const uint8_t **end) {
    while (*field < *end && (**field == ' ' || **field == '\t')) ++*field;
    while (*end > *field && ((*end)[-1] == ' ' || (*end)[-1] == '\t')) --*end;
}

/// A field without spaces around it, and then without its quotes and the spaces within them.
static void bare(const uint8_t **field, const uint8_t **end) {
    without_spaces(field, end);
    if (*end - *field < 2 || **field != '"' || (*end)[-1] != '"') return;
    ++*field;
    --*end;
    without_spaces(field, end);
}

static int is_missing(const uint8_t *field, ptrdiff_t count) {
    if (count == 0) return 1;
    if (count == 1) return *field == '?' || *field == '-';
    if (count > 4) return 0;
    switch (*field) {
    case 'n': case 'N':
        return is_word(field, count, "NA") || is_word(field, count, "N/A") || is_word(field, count, "NaN") ||
               is_word(field, count, "null") || is_word(field, count, "None");
    case '#': return is_word(field, count, "#N/A") || is_word(field, count, "#NA");
    default: return 0;
    }
}

int32_t ck_field_is_missing(const uint8_t *field, ptrdiff_t count) {
    CK_ASSERT_MEMORY(field, count);
    const uint8_t *end = field + count;
    bare(&field, &end);
    return is_missing(field, end - field);
}

int32_t ck_field_number(const uint8_t *field, ptrdiff_t count, uint8_t point, double *value) {
    CK_ASSERT_MEMORY(field, count);
    CK_ASSERT_GIVEN(value);
    const uint8_t *end = field + count;
    bare(&field, &end);
    if (number_general(field, end, point, value)) return 1;
    *value = __builtin_nan("");
    return is_missing(field, end - field) ? 0 : -1;
}
