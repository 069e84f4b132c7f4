// Element-wise work, reductions, sorting, on strided arrays.
#include "CKernels.h"
#include "check.h"

enum { ROWS = 37, COLUMNS = 53, COUNT = ROWS * COLUMNS };

static double binary_of(int operation, double a, double b) {
    switch (operation) {
        case CK_ADD: return a + b;
        case CK_SUB: return a - b;
        case CK_MUL: return a * b;
        case CK_DIV: return a / b;
        case CK_POW: return pow(a, b);
        case CK_MOD: {
            double r = fmod(a, b);
            return r != 0 && (r < 0) != (b < 0) ? r + b : r;
        }
        case CK_FLOOR_DIV: return floor(a / b);
        case CK_MAX: return a > b || isnan(a) ? a : b;
        case CK_MIN: return a < b || isnan(a) ? a : b;
        default: return atan2(a, b);
    }
}

static double unary_of(int operation, double x) {
    switch (operation) {
        case CK_NEG: return -x;
        case CK_ABS: return fabs(x);
        case CK_SQUARE: return x * x;
        case CK_SIGN: return (x > 0) - (x < 0);
        case CK_SQRT: return sqrt(x);
        case CK_EXP: return exp(x);
        case CK_LOG: return log(x);
        case CK_TANH: return tanh(x);
        case CK_SIGMOID: return 1 / (1 + exp(-x));
        case CK_FLOOR: return floor(x);
        case CK_CEIL: return ceil(x);
        case CK_RINT: return rint(x);
        case CK_TRUNC: return trunc(x);
        case CK_RECIPROCAL: return 1 / x;
        case CK_EXPM1: return expm1(x);
        case CK_LOG1P: return log1p(x);
        case CK_LOG2: return log2(x);
        case CK_LOG10: return log10(x);
        case CK_SIN: return sin(x);
        case CK_COS: return cos(x);
        case CK_TAN: return tan(x);
        case CK_ASIN: return asin(x);
        case CK_ACOS: return acos(x);
        case CK_ATAN: return atan(x);
        case CK_SINH: return sinh(x);
        default: return cosh(x);
    }
}

static void check_elementwise(void) {
    static double a[COUNT], b[COUNT], out[COUNT], expected[COUNT];
    static float af[COUNT], bf[COUNT], outf[COUNT], expectedf[COUNT];
    random_doubles(1, COUNT, a);
    random_doubles(2, COUNT, b);
    for (int i = 0; i < COUNT; i++) af[i] = (float)a[i], bf[i] = (float)b[i];
    // b transposed, a and the result as they lie.
    const intptr_t shape[] = {ROWS, COLUMNS}, plain[] = {COLUMNS, 1}, turned[] = {1, ROWS};
    for (int operation = CK_ADD; operation <= CK_ATAN2; operation++) {
        for (int i = 0; i < ROWS; i++)
            for (int j = 0; j < COLUMNS; j++) {
                int at = i * COLUMNS + j, other = j * ROWS + i;
                expected[at] = binary_of(operation, a[at], b[other]);
                expectedf[at] = (float)expected[at];
                // The quotient rounded to float first, as a float's division is.
                if (operation == CK_FLOOR_DIV) expectedf[at] = floorf(af[at] / bf[other]);
            }
        char name[32];
        snprintf(name, sizeof name, "binary %d", operation);
        ck_binary(CK_F64, operation, 2, shape, a, plain, b, turned, out, plain);
        same_doubles(name, COUNT, out, expected, 1e-14);
        ck_binary(CK_F32, operation, 2, shape, af, plain, bf, turned, outf, plain);
        same_floats(name, COUNT, outf, expectedf, operation == CK_FLOOR_DIV ? 1 : 1e-6);
    }
    static int64_t ai[COUNT], bi[COUNT], outi[COUNT];
    for (int i = 0; i < COUNT; i++) ai[i] = (int64_t)(a[i] * 1024), bi[i] = (int64_t)(b[i] * 1024) | 1;
    const int integer[] = {CK_ADD, CK_SUB, CK_MUL, CK_MAX, CK_MIN, CK_AND, CK_OR, CK_XOR, CK_MOD, CK_FLOOR_DIV};
    for (unsigned k = 0; k < sizeof integer / sizeof integer[0]; k++) {
        ck_binary(CK_I64, integer[k], 2, shape, ai, plain, bi, plain, outi, plain);
        for (int i = 0; i < COUNT; i++) {
            int64_t x = ai[i], y = bi[i], quotient = x / y - (x % y != 0 && (x < 0) != (y < 0)), e = 0;
            switch (integer[k]) {
                case CK_ADD: e = x + y; break;
                case CK_SUB: e = x - y; break;
                case CK_MUL: e = x * y; break;
                case CK_MAX: e = x > y ? x : y; break;
                case CK_MIN: e = x < y ? x : y; break;
                case CK_AND: e = x & y; break;
                case CK_OR: e = x | y; break;
                case CK_XOR: e = x ^ y; break;
                case CK_MOD: e = x - quotient * y; break;
                default: e = quotient;
            }
            if (outi[i] != e) {
                CHECK(0, "integers, operation %d: %lld, not %lld", integer[k], (long long)outi[i], (long long)e);
                break;
            }
        }
    }
    uint8_t truth[COUNT];
    ck_binary(CK_F32, CK_LT, 2, shape, af, plain, bf, plain, truth, plain);
    for (int i = 0; i < COUNT; i++) CHECK(truth[i] == (af[i] < bf[i]), "<");
    ck_select(CK_F32, 2, shape, truth, plain, af, plain, bf, plain, outf, plain);
    for (int i = 0; i < COUNT; i++) CHECK(outf[i] == (truth[i] ? af[i] : bf[i]), "select");
    const intptr_t turned_shape[] = {COLUMNS, ROWS}, from[] = {1, COLUMNS}, to[] = {ROWS, 1};
    ck_copy(CK_F32, 2, turned_shape, af, from, outf, to);
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++) CHECK(outf[j * ROWS + i] == af[i * COLUMNS + j], "transposed copy");
    int32_t whole[COUNT];
    ck_convert(CK_F32, CK_I32, COUNT, af, whole);
    for (int i = 0; i < COUNT; i++) CHECK(whole[i] == (int32_t)af[i], "float to integer");
    const float far[] = {NAN, INFINITY, -INFINITY, 3e9f, -3e9f};
    ck_convert(CK_F32, CK_I32, 5, far, whole);
    for (int i = 0; i < 5; i++) CHECK(whole[i] == INT32_MIN, "%g to integer is %d", far[i], whole[i]);
    const double far64[] = {NAN, INFINITY, -INFINITY, 1e30, -1e30};
    int64_t whole64[5];
    ck_convert(CK_F64, CK_I64, 5, far64, whole64);
    for (int i = 0; i < 5; i++) CHECK(whole64[i] == INT64_MIN, "%g to integer is %lld", far64[i], (long long)whole64[i]);

    const intptr_t line[] = {COUNT}, one[] = {1};
    for (int operation = CK_NEG; operation <= CK_COSH; operation++) {
        if (operation == CK_NOT) continue;
        for (int i = 0; i < COUNT; i++) {
            expected[i] = unary_of(operation, a[i]);
            expectedf[i] = (float)expected[i];
        }
        char name[32];
        snprintf(name, sizeof name, "unary %d", operation);
        ck_unary(CK_F64, operation, 1, line, a, one, out, one);
        same_doubles(name, COUNT, out, expected, 2e-14);
        ck_unary(CK_F32, operation, 1, line, af, one, outf, one);
        same_floats(name, COUNT, outf, expectedf, 1e-6);
    }
    const float odd[] = {NAN, INFINITY, -INFINITY, 0, -0.0f, 1e-42f, 3e38f};
    for (int operation = CK_SQRT; operation <= CK_COSH; operation++) {
        ck_unary(CK_F32, operation, 1, (intptr_t[]){7}, odd, one, outf, one);
        for (int i = 0; i < 7; i++) {
            float e = (float)unary_of(operation, odd[i]);
            int is_right = near(outf[i], e, 1e-6) && (isnan(e) || signbit(e) == signbit(outf[i]));
            CHECK(is_right, "unary %d of %g is %g, not %g", operation, odd[i], outf[i], e);
        }
    }
}

static void check_reductions(void) {
    static double x[COUNT];
    random_doubles(3, COUNT, x);
    static float xf[COUNT];
    for (int i = 0; i < COUNT; i++) xf[i] = (float)x[i];
    for (int inner = 1; inner <= COLUMNS; inner += COLUMNS - 1) {
        int count = inner == 1 ? COLUMNS : ROWS, outer = COUNT / count / inner, results = outer * inner;
        double sums[COUNT], most[COUNT];
        float got[COUNT], largest[COUNT];
        int64_t places[COUNT];
        ck_reduce(CK_F32, CK_SUM, outer, count, inner, xf, got);
        ck_reduce(CK_F32, CK_LARGEST, outer, count, inner, xf, largest);
        ck_arg_extreme(CK_F32, 0, outer, count, inner, xf, places);
        for (int o = 0; o < outer; o++)
            for (int i = 0; i < inner; i++) {
                int at = o * inner + i, best = 0;
                sums[at] = 0;
                for (int k = 0; k < count; k++) {
                    double v = x[(o * count + k) * inner + i];
                    sums[at] += v;
                    if (v > x[(o * count + best) * inner + i]) best = k;
                }
                most[at] = x[(o * count + best) * inner + i];
                CHECK(got[at] == (float)sums[at], "sum %g, not %g", got[at], sums[at]);  // exact: see random_number
                CHECK(largest[at] == (float)most[at], "largest");
                CHECK(places[at] == best, "place of the largest: %lld, not %d", (long long)places[at], best);
            }
        write_bits(inner == 1 ? "sums" : "sums-over-rows", sizeof(float) * (size_t)results, got);
    }
    xf[COUNT / 2] = NAN;
    float extreme;
    int64_t place;
    ck_reduce(CK_F32, CK_SMALLEST, 1, COUNT, 1, xf, &extreme);
    ck_arg_extreme(CK_F32, 1, 1, COUNT, 1, xf, &place);
    CHECK(isnan(extreme) && place == COUNT / 2, "NaN is the smallest");
    int64_t running[COUNT], whole[COUNT];
    for (int i = 0; i < COUNT; i++) whole[i] = i % 91 - 40;
    ck_cumulative(CK_I64, CK_SUM, 1, COUNT, 1, whole, running);
    int64_t sum = 0;
    for (int i = 0; i < COUNT; i++) {
        sum += whole[i];
        CHECK(running[i] == sum, "running sum");
    }
    int64_t product[9 * 11], a[9 * 13], b[13 * 11];
    for (int i = 0; i < 9 * 13; i++) a[i] = i * 7 % 31 - 9;
    for (int i = 0; i < 13 * 11; i++) b[i] = i * 5 % 29 - 14;
    ck_matmul_i64(9, 11, 13, a, b, product);
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 11; j++) {
            int64_t e = 0;
            for (int k = 0; k < 13; k++) e += a[i * 13 + k] * b[k * 11 + j];
            CHECK(product[i * 11 + j] == e, "integer product");
        }
}

static int by_value(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void check_sorting(void) {
    enum { LENGTH = 5000 };
    static float x[LENGTH], sorted[LENGTH], scratch[16 * LENGTH];
    static int64_t places[LENGTH], place_scratch[LENGTH];
    random_floats(4, LENGTH, x);
    memcpy(sorted, x, sizeof x);
    qsort(sorted, LENGTH, sizeof(float), by_value);
    ck_argsort(CK_F32, 1, LENGTH, x, places, place_scratch);
    for (int i = 0; i < LENGTH; i++) {
        CHECK(x[places[i]] == sorted[i], "argsort");
        CHECK(i == 0 || x[places[i - 1]] != x[places[i]] || places[i - 1] < places[i], "equals out of order");
    }
    ck_sort(CK_F32, 1, LENGTH, x, scratch);
    same_floats("sort", LENGTH, x, sorted, 0);
    float taken[6];
    const intptr_t wanted[] = {3, 0, 3, 4, 1, 2};
    ck_take(1, 5, sizeof(float), sorted, 6, wanted, taken);
    for (int i = 0; i < 6; i++) CHECK(taken[i] == sorted[wanted[i]], "take");
    static uint8_t mask[LENGTH];
    static float kept[LENGTH];
    for (int i = 0; i < LENGTH; i++) mask[i] = i % 3 == 0;
    CHECK(ck_compress(CK_F32, LENGTH, sorted, mask, kept) == (LENGTH + 2) / 3, "how many are kept");
    for (int i = 0; i < LENGTH; i += 3) CHECK(kept[i / 3] == sorted[i], "compress");
}

void check_arrays(void) {
    check_elementwise();
    check_reductions();
    check_sorting();
}
