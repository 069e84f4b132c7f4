// Area averages and linear interpolation, axis by axis.
#include <math.h>
#include <stdlib.h>

#include "CImageFiles.h"

// The same bits on every processor: where a product and a sum are rounded once, results would differ in their last digit.
#pragma STDC FP_CONTRACT OFF

/// The pixels that one pixel of the target is made of along an axis: their weights add up to 1.
typedef struct {
    ptrdiff_t first, count;
    const float *weights;
} resample_taps;

/// The taps of every target pixel of an axis, and their weights behind them in one piece of memory; NULL: no memory.
static resample_taps *resample_axis(ptrdiff_t extent, double start, double length, ptrdiff_t to_extent) {
    double ratio = length / (double)to_extent;
    // A target pixel lies over at most ceil(ratio) + 1 pixels; interpolation takes two.
    size_t most = (size_t)ceil(ratio) + 2;
    resample_taps *taps = malloc((size_t)to_extent * (sizeof *taps + most * sizeof(float)));
    if (!taps) return NULL;
    float *weights = (float *)(taps + to_extent);
    for (ptrdiff_t i = 0; i < to_extent; i++, weights += most) {
        taps[i].weights = weights;
        if (ratio >= 1) {
            double from = fmax(start + (double)i * ratio, 0), end = fmin(start + (double)(i + 1) * ratio, (double)extent);
            ptrdiff_t first = (ptrdiff_t)from;
            if (first > extent - 1) first = extent - 1;
            ptrdiff_t last = (ptrdiff_t)ceil(end) - 1;
            // Shares that rounding made out of nothing.
            if (first < last && (double)(first + 1) - from < 1e-9) first++;
            if (last > first && end - (double)last < 1e-9) last--;
            if (last < first) last = first;
            double sum = 0;
            for (ptrdiff_t k = first; k <= last; k++) sum += fmin((double)(k + 1), end) - fmax((double)k, from);
            for (ptrdiff_t k = first; k <= last; k++) {
                double share = fmin((double)(k + 1), end) - fmax((double)k, from);
                weights[k - first] = first == last ? 1 : (float)(share / sum);
            }
            taps[i].first = first;
            taps[i].count = last - first + 1;
        } else {
            double center = fmin(fmax(start + ((double)i + 0.5) * ratio - 0.5, 0), (double)(extent - 1));
            ptrdiff_t first = (ptrdiff_t)center;
            double part = center - (double)first;
            taps[i].first = first;
            taps[i].count = part > 0 ? 2 : 1;
            weights[0] = (float)(1 - part);
            weights[1] = (float)part;
        }
    }
    return taps;
}

/// sums += weight * row
static void resample_add(float *restrict sums, const uint8_t *restrict row, float weight, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) sums[i] += weight * (float)row[i];
}

/// sums = weight * row
static void resample_set(float *restrict sums, const uint8_t *restrict row, float weight, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) sums[i] = weight * (float)row[i];
}

static void resample_row(
    const float *sums, ptrdiff_t left, int32_t channels, const resample_taps *columns, uint8_t *to, ptrdiff_t to_width) {
    for (ptrdiff_t i = 0; i < to_width; i++) {
        const float *from = sums + (columns[i].first - left) * channels, *weights = columns[i].weights;
        if (channels == 1) {
            float value = 0;
            for (ptrdiff_t k = 0; k < columns[i].count; k++) value += weights[k] * from[k];
            *to++ = (uint8_t)(value + 0.5f);
        } else {
            float red = 0, green = 0, blue = 0;
            for (ptrdiff_t k = 0; k < columns[i].count; k++, from += 3) {
                red += weights[k] * from[0];
                green += weights[k] * from[1];
                blue += weights[k] * from[2];
            }
            // At most 255 and a rounding error, far from 255.5.
            *to++ = (uint8_t)(red + 0.5f);
            *to++ = (uint8_t)(green + 0.5f);
            *to++ = (uint8_t)(blue + 0.5f);
        }
    }
}

enum cif_status cif_resample(
    const uint8_t *pixels, ptrdiff_t width, ptrdiff_t height, int32_t channels, cif_window window, uint8_t *to,
    ptrdiff_t to_width, ptrdiff_t to_height) {
    enum cif_status status = CIF_NO_MEMORY;
    float *sums = NULL;
    resample_taps *rows = resample_axis(height, window.top, window.height, to_height);
    resample_taps *columns = resample_axis(width, window.left, window.width, to_width);
    if (!rows || !columns) goto done;
    // Only what lies under the window is summed up.
    ptrdiff_t left = columns[0].first, end = columns[to_width - 1].first + columns[to_width - 1].count;
    ptrdiff_t count = (end - left) * channels;
    sums = malloc((size_t)count * sizeof *sums);
    if (!sums) goto done;
    for (ptrdiff_t i = 0; i < to_height; i++) {
        const uint8_t *row = pixels + (rows[i].first * width + left) * channels;
        resample_set(sums, row, rows[i].weights[0], count);
        for (ptrdiff_t k = 1; k < rows[i].count; k++) {
            resample_add(sums, row + k * width * channels, rows[i].weights[k], count);
        }
        resample_row(sums, left, channels, columns, to + i * to_width * channels, to_width);
    }
    status = CIF_OK;
done:
    free(sums);
    free(columns);
    free(rows);
    return status;
}
