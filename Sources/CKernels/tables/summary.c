// What a column of numbers is like, in one pass; sixteen sums side by side, added in order at the end.
#include <math.h>

#include "ck_tables.h"

#define SUMMARY_LANES 16

CK_INLINE struct ck_number_summary summarize(const double *values, const int32_t *rows, ptrdiff_t count) {
    double smallest[SUMMARY_LANES], largest[SUMMARY_LANES], sum[SUMMARY_LANES];
    int64_t missing[SUMMARY_LANES] = {0}, infinite[SUMMARY_LANES] = {0}, fractions[SUMMARY_LANES] = {0};
    for (int l = 0; l < SUMMARY_LANES; l++) smallest[l] = INFINITY, largest[l] = -INFINITY, sum[l] = 0;
    for (ptrdiff_t i = 0; i < count; i += SUMMARY_LANES) {
        double lanes[SUMMARY_LANES];
        const ptrdiff_t left = count - i;
        if (left >= SUMMARY_LANES) {
            for (int l = 0; l < SUMMARY_LANES; l++) lanes[l] = rows ? values[rows[i + l]] : values[i + l];
        } else {
            // Beyond the end stands NaN, which is counted as missing and taken off again.
            for (int l = 0; l < SUMMARY_LANES; l++)
                lanes[l] = l < left ? rows ? values[rows[i + l]] : values[i + l] : (double)NAN;
            missing[0] -= SUMMARY_LANES - left;
        }
        for (int l = 0; l < SUMMARY_LANES; l++) {
            const double value = lanes[l];
            const int is_nan = value != value;
            missing[l] += is_nan;
            infinite[l] += value - value != 0 && !is_nan;
            smallest[l] = value < smallest[l] ? value : smallest[l];
            largest[l] = value > largest[l] ? value : largest[l];
            sum[l] += is_nan ? 0 : value;
            fractions[l] |= !is_nan && __builtin_trunc(value) != value;
        }
    }
    struct ck_number_summary all = {0, 0, 0, INFINITY, -INFINITY, 0};
    for (int l = 0; l < SUMMARY_LANES; l++) {
        all.missing += missing[l];
        all.infinite += infinite[l];
        all.has_fractions |= fractions[l] != 0;
        all.smallest = smallest[l] < all.smallest ? smallest[l] : all.smallest;
        all.largest = largest[l] > all.largest ? largest[l] : all.largest;
        all.sum += sum[l];
    }
    return all;
}

CK_CLONES static void summarize_into(const double *values, const int32_t *rows, ptrdiff_t count,
                                     struct ck_number_summary *result) {
    *result = rows ? summarize(values, rows, count) : summarize(values, NULL, count);
}

struct ck_number_summary ck_number_summarize(const double *values, const int32_t *rows, ptrdiff_t count) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(values, count);
    struct ck_number_summary result;
    summarize_into(values, rows, count, &result);
    return result;
}

CK_INLINE double square_sum(const double *values, const int32_t *rows, ptrdiff_t count, double center) {
    double sums[SUMMARY_LANES] = {0};
    for (ptrdiff_t i = 0; i < count; i += SUMMARY_LANES) {
        double lanes[SUMMARY_LANES];
        const ptrdiff_t left = count - i;
        if (left >= SUMMARY_LANES) {
            for (int l = 0; l < SUMMARY_LANES; l++) lanes[l] = rows ? values[rows[i + l]] : values[i + l];
        } else {
            for (int l = 0; l < SUMMARY_LANES; l++)
                lanes[l] = l < left ? rows ? values[rows[i + l]] : values[i + l] : (double)NAN;
        }
        for (int l = 0; l < SUMMARY_LANES; l++) {
            const double off = lanes[l] - center;
            sums[l] += off != off ? 0 : off * off;
        }
    }
    double sum = 0;
    for (int l = 0; l < SUMMARY_LANES; l++) sum += sums[l];
    return sum;
}

CK_CLONES static void square_sum_into(const double *values, const int32_t *rows, ptrdiff_t count, double center,
                                      double *sum) {
    *sum = rows ? square_sum(values, rows, count, center) : square_sum(values, NULL, count, center);
}

double ck_number_square_sum(const double *values, const int32_t *rows, ptrdiff_t count, double center) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(values, count);
    double sum;
    square_sum_into(values, rows, count, center, &sum);
    return sum;
}
