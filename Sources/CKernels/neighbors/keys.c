// Exact keys between two rows.
#include <math.h>
#include <stddef.h>

#include "ck_core.h"
#include "ck_neighbors.h"
#include "core/targets.h"
#include "neighbors/rows.h"

int32_t ck_multiplies_bytes(void) {
#if CK_HAS_TARGETS
    return ck_this_processor()->multiplies_bytes;
#else
    return 0;
#endif
}

// Sums of this many products of bytes fit into 32 bits.
#define KEYS_BYTES_AT_ONCE 16384

#if CK_HAS_TARGETS
/// sum a (b - 128): b's sign bit is turned, so that it is what the instruction takes for its signed side.
CK_VNNI static int64_t shifted_dot(const uint8_t *a, const uint8_t *b, ptrdiff_t n) {
    const __m512i sign = _mm512_set1_epi8((char)0x80);
    int64_t total = 0;
    for (ptrdiff_t start = 0; start < n; start += KEYS_BYTES_AT_ONCE) {
        ptrdiff_t end = n - start < KEYS_BYTES_AT_ONCE ? n : start + KEYS_BYTES_AT_ONCE, i = start;
        __m512i even = _mm512_setzero_si512(), odd = even;
        for (; i + 128 <= end; i += 128) {
            even = _mm512_dpbusd_epi32(even, _mm512_loadu_si512(a + i),
                                       _mm512_xor_si512(_mm512_loadu_si512(b + i), sign));
            odd = _mm512_dpbusd_epi32(odd, _mm512_loadu_si512(a + i + 64),
                                      _mm512_xor_si512(_mm512_loadu_si512(b + i + 64), sign));
        }
        for (; i < end; i += 64) {
            __mmask64 mask = end - i >= 64 ? ~0ull : (1ull << (end - i)) - 1;
            even = _mm512_dpbusd_epi32(even, _mm512_maskz_loadu_epi8(mask, a + i),
                                       _mm512_xor_si512(_mm512_maskz_loadu_epi8(mask, b + i), sign));
        }
        total += _mm512_reduce_add_epi32(_mm512_add_epi32(even, odd));
    }
    return total;
}

CK_VNNI static int64_t vnni_sum_of_differences(const uint8_t *a, const uint8_t *b, ptrdiff_t n) {
    __m512i even = _mm512_setzero_si512(), odd = even;
    ptrdiff_t i = 0;
    for (; i + 128 <= n; i += 128) {
        even = _mm512_add_epi64(even, _mm512_sad_epu8(_mm512_loadu_si512(a + i), _mm512_loadu_si512(b + i)));
        odd = _mm512_add_epi64(odd, _mm512_sad_epu8(_mm512_loadu_si512(a + i + 64), _mm512_loadu_si512(b + i + 64)));
    }
    for (; i < n; i += 64) {
        __mmask64 mask = n - i >= 64 ? ~0ull : (1ull << (n - i)) - 1;
        even = _mm512_add_epi64(
            even, _mm512_sad_epu8(_mm512_maskz_loadu_epi8(mask, a + i), _mm512_maskz_loadu_epi8(mask, b + i)));
    }
    return _mm512_reduce_add_epi64(_mm512_add_epi64(even, odd));
}
#endif

CK_CLONES static int64_t dot_u8(const uint8_t *a, const uint8_t *b, ptrdiff_t n) {
    int64_t total = 0;
    for (ptrdiff_t start = 0; start < n; start += KEYS_BYTES_AT_ONCE) {
        ptrdiff_t end = n - start < KEYS_BYTES_AT_ONCE ? n : start + KEYS_BYTES_AT_ONCE;
        int32_t sum = 0;
        for (ptrdiff_t i = start; i < end; i++) sum += (int32_t)a[i] * b[i];
        total += sum;
    }
    return total;
}

CK_CLONES static int64_t sum_of_differences_u8(const uint8_t *a, const uint8_t *b, ptrdiff_t n) {
    int64_t total = 0;
    for (ptrdiff_t start = 0; start < n; start += KEYS_BYTES_AT_ONCE) {
        ptrdiff_t end = n - start < KEYS_BYTES_AT_ONCE ? n : start + KEYS_BYTES_AT_ONCE;
        int32_t sum = 0;
        for (ptrdiff_t i = start; i < end; i++) {
            int32_t difference = a[i] - b[i];  // the form that becomes one instruction for many bytes
            sum += difference < 0 ? -difference : difference;
        }
        total += sum;
    }
    return total;
}

CK_CLONES static int32_t largest_difference_u8(const uint8_t *a, const uint8_t *b, ptrdiff_t n) {
    uint8_t largest = 0;
    for (ptrdiff_t i = 0; i < n; i++) {
        uint8_t difference = a[i] > b[i] ? a[i] - b[i] : b[i] - a[i];
        largest = difference > largest ? difference : largest;
    }
    return largest;
}

// Sixteen partial sums, whatever the processor's vectors are, and no fused operations: the same bits everywhere.
#define KEYS_LANES 16

#define KEYS_LANE_SUM(name, T, expression)                                                          \
    CK_CLONES static double name(const T *a, const T *b, ptrdiff_t n) {                             \
        _Pragma("clang fp contract(off)") double lanes[KEYS_LANES] = {0};                           \
        ptrdiff_t i = 0;                                                                            \
        for (; i + KEYS_LANES <= n; i += KEYS_LANES)                                                \
            for (int l = 0; l < KEYS_LANES; l++) {                                                  \
                double x = a[i + l], y = b[i + l];                                                  \
                lanes[l] += expression;                                                             \
            }                                                                                       \
        for (int l = 0; i + l < n; l++) {                                                           \
            double x = a[i + l], y = b[i + l];                                                      \
            lanes[l] += expression;                                                                 \
        }                                                                                           \
        for (int width = KEYS_LANES / 2; width > 0; width /= 2)                                     \
            for (int l = 0; l < width; l++) lanes[l] += lanes[l + width];                           \
        return lanes[0];                                                                            \
    }
KEYS_LANE_SUM(square_f32, float, (x - y) * (x - y))
KEYS_LANE_SUM(absolute_f32, float, fabs(x - y))
KEYS_LANE_SUM(dot_f32, float, x *y)
KEYS_LANE_SUM(cube_f32, float, fabs(x - y) * (x - y) * (x - y))
KEYS_LANE_SUM(cube_u8, uint8_t, fabs(x - y) * (x - y) * (x - y))

CK_CLONES static double largest_difference_f32(const float *a, const float *b, ptrdiff_t n) {
    double largest = 0;
    for (ptrdiff_t i = 0; i < n; i++) {
        double difference = fabs((double)a[i] - (double)b[i]);
        largest = difference > largest ? difference : largest;
    }
    return largest;
}

/// sum powers[|a - b|], in four sums so that one need not wait for the other.
static double table_sum(const uint8_t *a, const uint8_t *b, ptrdiff_t n, const double *powers) {
    double sums[4] = {0};
    ptrdiff_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (int l = 0; l < 4; l++) sums[l] += powers[a[i + l] > b[i + l] ? a[i + l] - b[i + l] : b[i + l] - a[i + l]];
    for (; i < n; i++) sums[0] += powers[a[i] > b[i] ? a[i] - b[i] : b[i] - a[i]];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/// (sum |a - b|^p)^(1/p). Where a plain sum could leave the range of a double, differences are taken relative to the
/// largest one first; which way is decided by type and exponent, so that all keys of one search are made alike.
static double power_distance(const ck_rows *a, ptrdiff_t i, const ck_rows *b, ptrdiff_t j, double exponent) {
    ptrdiff_t n = a->width;
    const uint8_t *x = a->bytes ? a->bytes + i * n : NULL, *y = b->bytes ? b->bytes + j * n : NULL;
    const float *u = a->bytes ? NULL : a->floats + i * n, *v = b->bytes ? NULL : b->floats + j * n;
    if (exponent == 3) return cbrt(a->bytes ? cube_u8(x, y, n) : cube_f32(u, v, n));
    if (a->bytes && a->powers) return pow(table_sum(x, y, n, a->powers), 1 / exponent);
    double largest = 1;
    if (!a->bytes) largest = largest_difference_f32(u, v, n);
    else largest = largest_difference_u8(x, y, n);
    if (largest == 0) return 0;
    double sum = 0;
    for (ptrdiff_t c = 0; c < n; c++) {
        double difference = a->bytes ? (double)x[c] - (double)y[c] : (double)u[c] - (double)v[c];
        if (difference != 0) sum += pow(fabs(difference) / largest, exponent);
    }
    return largest * pow(sum, 1 / exponent);
}

static int64_t row_dot(const ck_rows *a, ptrdiff_t i, const ck_rows *b, ptrdiff_t j, int32_t portable) {
    const uint8_t *x = a->bytes + i * a->width, *y = b->bytes + j * b->width;
#if CK_HAS_TARGETS
    if (!portable) return shifted_dot(x, y, a->width) + 128 * a->sums[i];
#endif
    (void)portable;
    return dot_u8(x, y, a->width);
}

// Below this, 1 - cos has lost half of its digits or more.
#define KEYS_NEARLY_PARALLEL 1e-8

/// 1 - cos for nearly parallel rows: sin^2 / (1 + cos), exactly 0 where they are parallel.
static double small_cosine_key(const ck_rows *a, ptrdiff_t i, const ck_rows *b, ptrdiff_t j, double cosine,
                               int32_t portable) {
    ptrdiff_t n = a->width;
    if (a->bytes) {
        // |x|^2 |y|^2 - <x, y>^2, a whole number.
        __int128 dot = row_dot(a, i, b, j, portable);
        __int128 product = (__int128)a->squares[i] * b->squares[j];
        return (double)(product - dot * dot) / (double)product / (1 + cosine);
    }
    const float *x = a->floats + i * n, *y = b->floats + j * n;
    ptrdiff_t largest = 0;
    for (ptrdiff_t c = 1; c < n; c++)
        if (fabsf(x[c]) > fabsf(x[largest])) largest = c;
    // Products of two floats are exact in double.
    double u = x[largest], v = y[largest];
    ptrdiff_t c = 0;
    while (c < n && x[c] * v == y[c] * u) c++;
    if (c == n) return 0;
    // What is left of y without its part along x.
    double share = dot_f32(x, y, n) / dot_f32(x, x, n), rest = 0;
    for (c = 0; c < n; c++) rest += (y[c] - share * x[c]) * (y[c] - share * x[c]);
    return rest / dot_f32(y, y, n) / (1 + cosine);
}

double ck_key(const ck_rows *a, ptrdiff_t i, const ck_rows *b, ptrdiff_t j, int32_t kind, double exponent,
              int32_t portable) {
    ck_check_rows(a);
    ck_check_rows(b);
    CK_ASSERT_IN(i, 0, a->count - 1);
    CK_ASSERT_IN(j, 0, b->count - 1);
    CK_ASSERT(a->width, == b->width);
    CK_ASSERT_IN(kind, CK_KEY_SQUARE, CK_KEY_LARGEST);
    CK_ASSERT(portable || ck_multiplies_bytes(), == 1);
    ptrdiff_t n = a->width;
    switch (kind) {
        case CK_KEY_SQUARE:
            if (a->bytes) return (double)(a->squares[i] + b->squares[j] - 2 * row_dot(a, i, b, j, portable));
            return square_f32(a->floats + i * n, b->floats + j * n, n);
        case CK_KEY_SUM:
#if CK_HAS_TARGETS
            if (a->bytes && !portable)
                return (double)vnni_sum_of_differences(a->bytes + i * n, b->bytes + j * n, n);
#endif
            if (a->bytes) return (double)sum_of_differences_u8(a->bytes + i * n, b->bytes + j * n, n);
            return absolute_f32(a->floats + i * n, b->floats + j * n, n);
        case CK_KEY_COSINE: {
            double scale = a->norms[i] * b->norms[j];
            if (scale == 0) return 1;
            double dot = a->bytes ? (double)row_dot(a, i, b, j, portable)
                                  : dot_f32(a->floats + i * n, b->floats + j * n, n);
            double key = 1 - dot / scale;
            return key < KEYS_NEARLY_PARALLEL ? small_cosine_key(a, i, b, j, dot / scale, portable) : key;
        }
        case CK_KEY_LARGEST:
            if (a->bytes) return largest_difference_u8(a->bytes + i * n, b->bytes + j * n, n);
            return largest_difference_f32(a->floats + i * n, b->floats + j * n, n);
        default: return power_distance(a, i, b, j, exponent);
    }
}

void ck_row_norms_f32(const float *rows, ptrdiff_t count, ptrdiff_t width, double *norms) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT(width, >= 0);
    CK_ASSERT_MEMORY(rows, count * width);
    CK_ASSERT_MEMORY(norms, count);
    for (ptrdiff_t row = 0; row < count; row++)
        norms[row] = sqrt(dot_f32(rows + row * width, rows + row * width, width));
}

struct sums_job {
    const uint8_t *rows;
    ptrdiff_t count, width;
    int64_t *squares, *sums;
    int32_t parts;
};

CK_CLONES static int64_t sum_u8(const uint8_t *a, ptrdiff_t n) {
    int64_t sum = 0;
    for (ptrdiff_t i = 0; i < n; i++) sum += a[i];
    return sum;
}

static void sums_part(void *context, int32_t part) {
    struct sums_job *job = context;
    ptrdiff_t first, end;
    ck_part_range(job->count, job->parts, part, &first, &end);
    for (ptrdiff_t row = first; row < end; row++) {
        const uint8_t *x = job->rows + row * job->width;
        job->squares[row] = dot_u8(x, x, job->width);
        job->sums[row] = sum_u8(x, job->width);
    }
}

void ck_row_sums_u8(const uint8_t *rows, ptrdiff_t count, ptrdiff_t width, int64_t *squares, int64_t *sums) {
    CK_ASSERT(count, >= 0);
    CK_ASSERT(width, >= 0);
    CK_ASSERT_MEMORY(rows, count * width);
    CK_ASSERT_MEMORY(squares, count);
    CK_ASSERT_MEMORY(sums, count);
    struct sums_job job = {rows, count, width, squares, sums, ck_elementwise_parts(count * width)};
    ck_parallel(job.parts, sums_part, &job);
}
