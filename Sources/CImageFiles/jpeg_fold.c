// Means of a block's areas from its coefficients.
#include <math.h>
#include <string.h>

#include "jpeg_fold.h"

// The same bits on every processor, as when pixels are resampled.
#pragma STDC FP_CONTRACT OFF

/// Of each place in the file: the coefficient's row and column, 8 row + column.
static const uint8_t zigzag[64] = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6,  7,  14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
};

static const double turn = 3.14159265358979323846 / 16;

/// What a coefficient of frequency u adds to `count` means along an axis: the sum it goes to, and its weight there.
static double folded(int u, int count, int *slot) {
    int merged = 8 / count, within = u % (4 * count);
    // The transform's own scale, then the mean of `merged` pixels.
    double weight = u == 0 ? sqrt(0.125) : 0.5 * sin(merged * u * turn) / (merged * sin(u * turn));
    // cos((2i + 1) u pi / 2n), which returns after 4n, is even, and changes its sign about n.
    if (within > 2 * count) within = 4 * count - within;
    if (within > count) {
        within = 2 * count - within;
        weight = -weight;
    }
    // Zero in the middle of every pixel.
    if (within == count) within = 0, weight = 0;
    *slot = within;
    // The middle frequency has the same cosine everywhere, but for its sign: the transforms below leave it out.
    return within * 2 == count ? weight * sqrt(0.5) : weight;
}

void cif_jpeg_fold_make(jpeg_fold *fold, int rows, int columns, const uint8_t *quanta) {
    memset(fold, 0, sizeof *fold);
    fold->rows = rows;
    fold->columns = columns;
    double down[8], across[8];
    int row_slots[8], column_slots[8];
    for (int u = 0; u < 8; u++) {
        down[u] = folded(u, rows, &row_slots[u]);
        across[u] = folded(u, columns, &column_slots[u]);
    }
    for (int place = 0; place < 64; place++) {
        int v = zigzag[place] / 8, u = zigzag[place] % 8;
        float weight = (float)(quanta[place] * down[v] * across[u]);
        int slot = row_slots[v] * columns + column_slots[u];
        if (place == 0) {
            fold->first_weight = weight;
            continue;
        }
        fold->weights[place] = weight;
        fold->slots[place] = (uint8_t)slot;
        if (rows * columns <= 4) fold->by_sum[place][slot] = weight;
    }
}

static uint8_t byte_of(float value) {
    value += 128.5f;
    return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value;
}

/// The values at `count` places of the cosines whose sums lie `step` apart; they take their places.
static inline void transform(float *x, int count, int step) {
    if (count == 2) {
        float sum = x[0] + x[step], difference = x[0] - x[step];
        x[0] = sum;
        x[step] = difference;
    } else if (count == 4) {
        // cos(pi / 8), cos(3 pi / 8)
        const float long_part = 0.92387953f, short_part = 0.38268343f;
        float outer = x[0] + x[2 * step], inner = x[0] - x[2 * step];
        float outer_odd = long_part * x[step] + short_part * x[3 * step];
        float inner_odd = short_part * x[step] - long_part * x[3 * step];
        x[0] = outer + outer_odd;
        x[step] = inner + inner_odd;
        x[2 * step] = inner - inner_odd;
        x[3 * step] = outer - outer_odd;
    } else if (count == 8) {
        // cos(n pi / 16), n = 1 to 7
        const float c1 = 0.98078528f, c2 = 0.92387953f, c3 = 0.83146961f, c5 = 0.55557023f, c6 = 0.38268343f, c7 = 0.19509032f;
        float a = x[0] + x[4 * step], b = x[0] - x[4 * step];
        float c = c2 * x[2 * step] + c6 * x[6 * step], d = c6 * x[2 * step] - c2 * x[6 * step];
        float even[4] = {a + c, b + d, b - d, a - c};
        float p = x[step], q = x[3 * step], r = x[5 * step], s = x[7 * step];
        float odd[4] = {c1 * p + c3 * q + c5 * r + c7 * s, c3 * p - c7 * q - c1 * r - c5 * s,
                        c5 * p - c1 * q + c7 * r + c3 * s, c7 * p - c5 * q + c3 * r - c1 * s};
        for (int i = 0; i < 4; i++) {
            x[i * step] = even[i] + odd[i];
            x[(7 - i) * step] = even[i] - odd[i];
        }
    }
}

/// Inlined for each size, so that the rows are vectors.
static inline __attribute__((always_inline)) void fold_block(
    int rows, int columns, float *x, uint8_t *to, int64_t step) {
    for (int j = 0; j < columns; j++) transform(x + j, rows, columns);
    for (int i = 0; i < rows; i++) transform(x + i * columns, columns, 1);
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) to[i * step + j] = byte_of(x[i * columns + j]);
}

/// The same for 4 x 4 means, whose rows are vectors.
static void fold_four(const float *x, uint8_t *to, int64_t step) {
    const float long_part = 0.92387953f, short_part = 0.38268343f;
    jpeg_sums rows[4];
    memcpy(rows, x, sizeof rows);
    for (int axis = 0; axis < 2; axis++) {
        jpeg_sums outer = rows[0] + rows[2], inner = rows[0] - rows[2];
        jpeg_sums outer_odd = long_part * rows[1] + short_part * rows[3];
        jpeg_sums inner_odd = short_part * rows[1] - long_part * rows[3];
        jpeg_sums a = outer + outer_odd, b = inner + inner_odd, c = inner - inner_odd, d = outer - outer_odd;
        // Rows become columns.
        jpeg_sums ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
        jpeg_sums ab_end = __builtin_shufflevector(a, b, 2, 6, 3, 7), cd_end = __builtin_shufflevector(c, d, 2, 6, 3, 7);
        rows[0] = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
        rows[1] = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
        rows[2] = __builtin_shufflevector(ab_end, cd_end, 0, 1, 4, 5);
        rows[3] = __builtin_shufflevector(ab_end, cd_end, 2, 3, 6, 7);
    }
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) to[i * step + j] = byte_of(rows[i][j]);
}

void cif_jpeg_fold_block(const jpeg_fold *fold, float *sums, uint8_t *to, int64_t step) {
    switch (fold->rows * 16 + fold->columns) {
        case 0x11: fold_block(1, 1, sums, to, step); break;
        case 0x22: fold_block(2, 2, sums, to, step); break;
        case 0x44: fold_four(sums, to, step); break;
        case 0x88: fold_block(8, 8, sums, to, step); break;
        default: fold_block(fold->rows, fold->columns, sums, to, step);
    }
}
