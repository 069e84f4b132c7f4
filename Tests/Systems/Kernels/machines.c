// Support vector machines: the solvers reach the optimality conditions of problems that plain loops then check.
#include "CKernels.h"
#include "check.h"

enum { COUNT = 60, WIDTH = 64, DEPTH = 5 };

static void check_two_variable_solver(void) {
    static float x[COUNT * DEPTH], kernel[COUNT * WIDTH];
    static double diagonal[WIDTH], signs[WIDTH], upper[WIDTH], alpha[WIDTH], f[WIDTH], up[WIDTH], low[WIDTH];
    random_floats(71, COUNT * DEPTH, x);
    for (int t = 0; t < COUNT; t++) {
        signs[t] = x[t * DEPTH] + 0.5 * x[t * DEPTH + 1] * x[t * DEPTH + 2] > 0 ? 1 : -1;
        for (int s = 0; s < COUNT; s++) {
            double square = 0;
            for (int i = 0; i < DEPTH; i++) square += pow(x[t * DEPTH + i] - x[s * DEPTH + i], 2);
            kernel[t * WIDTH + s] = (float)exp(-0.1 * square);
        }
        diagonal[t] = 1;
        upper[t] = 2;
        f[t] = -signs[t];
        up[t] = signs[t] > 0 ? 0 : INFINITY;
        low[t] = signs[t] < 0 ? 0 : -INFINITY;
    }
    for (int t = COUNT; t < WIDTH; t++) diagonal[t] = signs[t] = 1, up[t] = INFINITY, low[t] = -INFINITY;
    ck_smo problem = {COUNT, WIDTH, 1, kernel, WIDTH, diagonal, signs, upper, alpha, f, up, low};
    double violation;
    int64_t steps = ck_smo_solve(&problem, 1e-6, 100000, &violation);
    CHECK(steps > 10 && steps < 100000 && violation < 1e-6, "%lld steps, violation %g", (long long)steps, violation);
    double balance = 0, lowest = INFINITY, highest = -INFINITY;
    for (int t = 0; t < COUNT; t++) {
        CHECK(alpha[t] >= 0 && alpha[t] <= 2, "alpha beyond its bounds");
        balance += signs[t] * alpha[t];
        double derivative = -signs[t];
        for (int s = 0; s < COUNT; s++) derivative += signs[s] * alpha[s] * kernel[t * WIDTH + s];
        CHECK(fabs(derivative - f[t]) < 1e-9, "f is not the derivative");
        if (signs[t] > 0 ? alpha[t] < 2 : alpha[t] > 0) lowest = fmin(lowest, derivative);
        if (signs[t] > 0 ? alpha[t] > 0 : alpha[t] < 2) highest = fmax(highest, derivative);
    }
    CHECK(fabs(balance) < 1e-9 && highest - lowest < 2e-6, "not the optimum: %g, %g", balance, highest - lowest);

    enum { VECTORS = 700 };
    static float values[3 * VECTORS], coefficients[VECTORS * 4], norms[VECTORS];
    double sums[12] = {0};
    random_floats(72, 3 * VECTORS, values);
    random_floats(73, VECTORS * 4, coefficients);
    ck_svm_combine(values, 3, VECTORS, VECTORS, coefficients, 4, sums);
    for (int r = 0; r < 3; r++)
        for (int w = 0; w < 4; w++) {
            double e = 0;
            for (int s = 0; s < VECTORS; s++) e += (double)values[r * VECTORS + s] * coefficients[s * 4 + w];
            CHECK(near(sums[r * 4 + w], e, 1e-5), "sum over vectors");
        }
    for (int i = 0; i < VECTORS; i++) norms[i] = 16;
    for (int kind = CK_SVM_LINEAR; kind <= CK_SVM_SIGMOID; kind++) {
        ck_svm_kernel k = {kind, 3, 0.25f, 0.5f, 1};
        float applied[VECTORS];
        memcpy(applied, values, sizeof applied);
        ck_svm_apply(&k, 0, 0, 16, norms, applied, VECTORS);
        for (int i = 0; i < VECTORS; i++) {
            double p = values[i], line = 0.25 * p + 0.5;
            double e = kind == CK_SVM_LINEAR ? p : kind == CK_SVM_POLYNOMIAL ? line * line * line
                       : kind == CK_SVM_RBF  ? exp(-0.25 * (32 - 2 * p)) : tanh(line);
            CHECK(near(applied[i], e, 1e-5), "kernel %d of %g is %g, not %g", kind, p, applied[i], e);
        }
    }
}

static void check_linear(void) {
    enum { ROWS = 200, FEATURES = 30 };
    static uint8_t dense[ROWS * FEATURES];
    static float table[256], norms[ROWS], alpha[ROWS * CK_LINEAR_LANES], weights[(FEATURES + 1) * CK_LINEAR_LANES];
    static int32_t classes[ROWS], order[ROWS];
    static int64_t counts[ROWS], starts[ROWS + 1];
    uint64_t seed = 74;
    for (int i = 0; i < ROWS * FEATURES; i++) dense[i] = random64(&seed) % 3 ? 0 : (uint8_t)random64(&seed);
    for (int i = 0; i < 256; i++) table[i] = (float)i / 255;
    for (int r = 0; r < ROWS; r++) classes[r] = dense[r * FEATURES] > 40 ? 0 : dense[r * FEATURES + 1] > 40 ? 1 : 2, order[r] = r;
    ck_linear_count_u8(dense, FEATURES, 0, ROWS, counts);
    for (int r = 0; r < ROWS; r++) starts[r + 1] = starts[r] + counts[r];
    uint16_t *columns = malloc(sizeof(uint16_t) * (size_t)(starts[ROWS] + 64));
    uint8_t *values = malloc((size_t)(starts[ROWS] + 64));
    ck_linear_fill_u8(dense, FEATURES, 0, ROWS, starts, columns, values);
    for (int r = 0; r < ROWS; r++) {
        int64_t at = starts[r];
        for (int j = 0; j < FEATURES; j++)
            if (dense[r * FEATURES + j]) {
                CHECK(columns[at] == j && values[at] == dense[r * FEATURES + j], "entries of a row");
                at++;
            }
        CHECK(at == starts[r + 1], "how many entries");
    }
    ck_linear_rows rows = {starts, columns, values, table, NULL, NULL, ROWS, FEATURES};
    ck_linear_norms(&rows, 0, ROWS, 1, norms);
    float bound[CK_LINEAR_LANES], shift[CK_LINEAR_LANES];
    for (int l = 0; l < CK_LINEAR_LANES; l++) bound[l] = 1, shift[l] = 0;
    ck_linear problem = {.rows = &rows, .classes = classes, .lanes = 3, .bias = 1, .positive_upper = bound,
                         .negative_upper = bound, .positive_shift = shift, .negative_shift = shift, .norms = norms,
                         .alpha = alpha, .weights = weights, .order = order, .active = ROWS, .random = 5};
    for (int l = 0; l < CK_LINEAR_LANES; l++) problem.most[l] = INFINITY, problem.least[l] = -INFINITY;
    float violation = INFINITY;
    int passes = 0;
    for (; violation > 1e-3f && passes < 3000; passes++) ck_linear_pass(&problem, &violation);
    CHECK(violation <= 1e-3f, "violation %g after %d passes", violation, passes);
    // The weights are the sums of y alpha x; and the primal and the dual objective meet.
    for (int l = 0; l < 3; l++) {
        double w[FEATURES + 1] = {0}, primal = 0, dual = 0, square = 0;
        for (int r = 0; r < ROWS; r++) {
            double y = classes[r] == l ? 1 : -1, a = alpha[r * CK_LINEAR_LANES + l];
            CHECK(a >= 0 && a <= 1, "alpha beyond its bounds");
            for (int j = 0; j < FEATURES; j++) w[j] += y * a * table[dense[r * FEATURES + j]];
            w[FEATURES] += y * a;
            dual += a;
        }
        for (int j = 0; j <= FEATURES; j++) {
            CHECK(near(weights[j * CK_LINEAR_LANES + l], w[j], 1e-3), "weight %g, not %g", weights[j * CK_LINEAR_LANES + l], w[j]);
            square += w[j] * w[j];
        }
        for (int r = 0; r < ROWS; r++) {
            double y = classes[r] == l ? 1 : -1, s = w[FEATURES];
            for (int j = 0; j < FEATURES; j++) s += w[j] * table[dense[r * FEATURES + j]];
            primal += fmax(0, 1 - y * s);
        }
        CHECK(near(square / 2 + primal, dual - square / 2, 0.01), "primal %g, dual %g", square / 2 + primal, dual - square / 2);
    }
    free(columns);
    free(values);
}

void check_machines(void) {
    check_two_variable_solver();
    check_linear();
}
