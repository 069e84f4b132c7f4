// What stands between the matrix products of a training step.
#include "CKernels.h"
#include "check.h"

enum { ROWS = 61, COLUMNS = 37, COUNT = ROWS * COLUMNS };

static double activation_of(int kind, double parameter, double x) {
    switch (kind) {
        case CK_ACTIVATION_SIGMOID: return 1 / (1 + exp(-x));
        case CK_ACTIVATION_RELU: return x > 0 ? x : 0;
        case CK_ACTIVATION_TANH: return tanh(x);
        case CK_ACTIVATION_LEAKY_RELU: return x > 0 ? x : parameter * x;
        case CK_ACTIVATION_ELU: return x > 0 ? x : parameter * expm1(x);
        case CK_ACTIVATION_GELU: return x / 2 * (1 + erf(x / sqrt(2)));
        case CK_ACTIVATION_GELU_TANH: return x / 2 * (1 + tanh(sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)));
        case CK_ACTIVATION_SILU: return x / (1 + exp(-x));
        case CK_ACTIVATION_SOFTPLUS: return log1p(exp(x));
        default: return x;
    }
}

static void check_activations(void) {
    static float z[COUNT], y[COUNT], expected[COUNT], slope[COUNT], up[COUNT], bias[COLUMNS], biased[COUNT];
    random_floats(11, COUNT, z);
    random_floats(12, COUNT, up);
    random_floats(13, COLUMNS, bias);
    for (int kind = CK_ACTIVATION_IDENTITY; kind <= CK_ACTIVATION_SOFTPLUS; kind++) {
        char name[40];
        snprintf(name, sizeof name, "activation %d", kind);
        for (int i = 0; i < COUNT; i++) expected[i] = (float)activation_of(kind, 0.1, z[i]);
        ck_activate_f32(kind, 0.1f, COUNT, z, y);
        same_floats(name, COUNT, y, expected, 2e-6);
        for (int i = 0; i < COUNT; i++) {
            double h = 1e-5, x = z[i];
            double numeric = (activation_of(kind, 0.1, x + h) - activation_of(kind, 0.1, x - h)) / (2 * h);
            // Between the pieces either side's slope may be meant; relu's is 0 at 0, as everywhere in Descent.
            if (x == 0 && (kind == CK_ACTIVATION_RELU || kind == CK_ACTIVATION_LEAKY_RELU || kind == CK_ACTIVATION_ELU))
                numeric = kind == CK_ACTIVATION_RELU ? 0 : 0.1;
            expected[i] = (float)(up[i] * numeric);
        }
        ck_activation_gradient_f32(kind, 0.1f, COUNT, kind >= CK_ACTIVATION_GELU ? z : y, up, slope);
        snprintf(name, sizeof name, "slope of activation %d", kind);
        same_floats(name, COUNT, slope, expected, 2e-5);
        memcpy(biased, z, sizeof z);
        ck_bias_activation_f32(kind, 0.1f, ROWS, COLUMNS, bias, biased);
        for (int i = 0; i < COUNT; i++) expected[i] = (float)activation_of(kind, 0.1, z[i] + bias[i % COLUMNS]);
        same_floats("bias and activation", COUNT, biased, expected, 2e-6);
    }
}

static void check_softmax(void) {
    static float x[COUNT], p[COUNT], expected[COUNT], delta[COUNT], column_sums[COLUMNS], expected_sums[COLUMNS];
    static int32_t labels[ROWS], places[ROWS];
    random_floats(14, COUNT, x);
    double loss = 0;
    for (int i = 0; i < ROWS; i++) {
        labels[i] = i * 7 % COLUMNS;
        double most = -INFINITY, sum = 0;
        int best = 0;
        for (int j = 0; j < COLUMNS; j++)
            if (x[i * COLUMNS + j] > most) most = x[i * COLUMNS + j], best = j;
        for (int j = 0; j < COLUMNS; j++) sum += exp(x[i * COLUMNS + j] - most);
        for (int j = 0; j < COLUMNS; j++) expected[i * COLUMNS + j] = (float)(exp(x[i * COLUMNS + j] - most) / sum);
        loss -= x[i * COLUMNS + labels[i]] - most - log(sum);
        ck_argmax_rows_f32(1, COLUMNS, x + i * COLUMNS, places + i);
        CHECK(places[i] == best, "argmax");
    }
    ck_softmax_rows_f32(ROWS, COLUMNS, x, p);
    same_floats("softmax", COUNT, p, expected, 1e-6);
    double got = ck_softmax_cross_entropy_f32(ROWS, COLUMNS, x, labels, p);
    CHECK(near(got, loss, 1e-5), "cross-entropy %.9g, not %.9g", got, loss);
    ck_softmax_cross_entropy_gradient_f32(ROWS, COLUMNS, p, labels, 0.5f, delta);
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++) {
            float e = (expected[i * COLUMNS + j] - (j == labels[i])) * 0.5f;
            CHECK(near(delta[i * COLUMNS + j], e, 1e-6), "gradient of cross-entropy");
        }
    ck_column_sums_f32(ROWS, COLUMNS, x, column_sums);
    for (int j = 0; j < COLUMNS; j++) {
        double sum = 0;
        for (int i = 0; i < ROWS; i++) sum += x[i * COLUMNS + j];
        expected_sums[j] = (float)sum;
    }
    same_floats("column sums", COLUMNS, column_sums, expected_sums, 0);
    CHECK(ck_all_finite_f32(COUNT, x) == 1, "finite");
    x[COUNT - 1] = NAN;
    CHECK(ck_all_finite_f32(COUNT, x) == 0, "not finite");
    CHECK(ck_all_in_range(ROWS, labels, COLUMNS) == 1 && ck_all_in_range(ROWS, labels, COLUMNS - 1) == 0, "in range");
}

static void check_losses(void) {
    static float y[COUNT], t[COUNT], delta[COUNT], expected[COUNT];
    random_floats(15, COUNT, y);
    for (int kind = CK_LOSS_SQUARED; kind <= CK_LOSS_HINGE; kind++) {
        double sum = 0;
        for (int i = 0; i < COUNT; i++) {
            t[i] = kind == CK_LOSS_BINARY || kind == CK_LOSS_HINGE ? (float)(i % 2) : (float)(i % 5) - 2;
            double e = y[i] - t[i], s = 1 / (1 + exp(-(double)y[i])), side = 2 * t[i] - 1, d = 0, l = 0;
            switch (kind) {
                case CK_LOSS_SQUARED: l = e * e / 2, d = e; break;
                case CK_LOSS_HUBER:
                    l = fabs(e) <= 1 ? e * e / 2 : fabs(e) - 0.5;
                    d = e < -1 ? -1 : e > 1 ? 1 : e;
                    break;
                case CK_LOSS_BINARY: l = log1p(exp(y[i])) - t[i] * y[i], d = s - t[i]; break;
                default: l = fmax(0, 1 - side * y[i]), d = l > 0 ? -side : 0;
            }
            sum += l;
            expected[i] = (float)d;
        }
        double got = ck_element_loss_f32(kind, 1, COUNT, y, t, delta);
        CHECK(near(got, sum, 1e-5), "loss %d: %.9g, not %.9g", kind, got, sum);
        same_floats("derivative of a loss", COUNT, delta, expected, 2e-6);
    }
}

static void check_updates(void) {
    static float w[COUNT], g[COUNT], m[COUNT], v[COUNT], expected[COUNT];
    random_floats(16, COUNT, w);
    random_floats(17, COUNT, g);
    for (int i = 0; i < COUNT; i++) {
        double gradient = g[i], mean = 0.1 * gradient, square = 0.001 * gradient * gradient;
        expected[i] = (float)(w[i] * (1 - 0.01 * 0.1) - 0.01 * (mean / 0.1) / (sqrt(square / 0.001) + 1e-8));
        m[i] = v[i] = 0;
    }
    ck_adam_f32(COUNT, w, g, m, v, 0.01f, 0.9f, 0.999f, 1e-8f, 0.1f, 0.001f, 0.1f, 1);
    same_floats("AdamW", COUNT, w, expected, 2e-6);
    for (int i = 0; i < COUNT; i++) expected[i] = (float)(w[i] - 0.125 * (g[i] + 0.5 * w[i]));
    ck_sgd_f32(COUNT, w, g, 0.125f, 0.5f);
    same_floats("SGD", COUNT, w, expected, 1e-6);
    for (int i = 0; i < COUNT; i++) m[i] = g[i], expected[i] = (float)(w[i] - 0.125 * (g[i] + 0.5 * (0.5 * g[i] + g[i])));
    ck_momentum_f32(COUNT, w, g, m, 0.125f, 0.5f, 1, 0);
    same_floats("Nesterov", COUNT, w, expected, 1e-6);
    for (int i = 0; i < COUNT; i++) v[i] = 1, expected[i] = (float)(w[i] - 0.1 * g[i] / (sqrt(0.9 + 0.1 * g[i] * g[i]) + 1e-6));
    ck_rmsprop_f32(COUNT, w, g, v, 0.1f, 0.9f, 1e-6f, 0);
    same_floats("RMSprop", COUNT, w, expected, 2e-6);
    for (int i = 0; i < COUNT; i++) v[i] = 1, expected[i] = (float)(w[i] - 0.1 * g[i] / (sqrt(1.0 + g[i] * g[i]) + 1e-6));
    ck_adagrad_f32(COUNT, w, g, v, 0.1f, 1e-6f, 0);
    same_floats("Adagrad", COUNT, w, expected, 2e-6);
    double squares = 0;
    for (int i = 0; i < COUNT; i++) squares += (double)g[i] * g[i];
    CHECK(near(ck_sum_of_squares_f32(COUNT, g), squares, 1e-12), "sum of squares");
}

static void check_layers(void) {
    static float x[COUNT], y[COUNT], expected[COUNT], gain[COLUMNS], shift[COLUMNS], moments[3 * ROWS];
    random_floats(18, COUNT, x);
    random_floats(19, COLUMNS, gain);
    random_floats(20, COLUMNS, shift);
    for (int i = 0; i < ROWS; i++) {
        double mean = 0, variance = 0;
        for (int j = 0; j < COLUMNS; j++) mean += x[i * COLUMNS + j] / (double)COLUMNS;
        for (int j = 0; j < COLUMNS; j++) variance += pow(x[i * COLUMNS + j] - mean, 2) / COLUMNS;
        for (int j = 0; j < COLUMNS; j++)
            expected[i * COLUMNS + j] = (float)((x[i * COLUMNS + j] - mean) / sqrt(variance + 1e-5) * gain[j] + shift[j]);
    }
    ck_layer_norm_f32(ROWS, COLUMNS, 1e-5f, x, gain, shift, y, moments);
    same_floats("layer normalisation", COUNT, y, expected, 5e-6);

    enum { OUTPUTS = 10 };
    static float w[COLUMNS * OUTPUTS], bias[OUTPUTS], out[ROWS * OUTPUTS], e[ROWS * OUTPUTS];
    static float xg[COUNT], wg[COLUMNS * OUTPUTS], bg[OUTPUTS], xe[COUNT], we[COLUMNS * OUTPUTS], be[OUTPUTS];
    random_floats(21, COLUMNS * OUTPUTS, w);
    random_floats(22, OUTPUTS, bias);
    CHECK(ck_is_narrow(ROWS, COLUMNS, OUTPUTS), "narrow");
    for (int i = 0; i < ROWS; i++)
        for (int k = 0; k < OUTPUTS; k++) {
            double sum = bias[k];
            for (int j = 0; j < COLUMNS; j++) sum += (double)x[i * COLUMNS + j] * w[j * OUTPUTS + k];
            e[i * OUTPUTS + k] = (float)(sum > 0 ? sum : 0);
        }
    ck_narrow_forward_f32(ROWS, COLUMNS, OUTPUTS, x, w, bias, CK_ACTIVATION_RELU, 0, out);
    same_floats("narrow layer", ROWS * OUTPUTS, out, e, 1e-5);
    const float *delta = e;
    memset(we, 0, sizeof we), memset(be, 0, sizeof be);
    for (int i = 0; i < ROWS; i++)
        for (int k = 0; k < OUTPUTS; k++) be[k] += delta[i * OUTPUTS + k];
    for (int j = 0; j < COLUMNS; j++)
        for (int k = 0; k < OUTPUTS; k++) {
            double sum = 0;
            for (int i = 0; i < ROWS; i++) sum += (double)x[i * COLUMNS + j] * delta[i * OUTPUTS + k];
            we[j * OUTPUTS + k] = (float)sum;
        }
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++) {
            double sum = 0;
            for (int k = 0; k < OUTPUTS; k++) sum += (double)delta[i * OUTPUTS + k] * w[j * OUTPUTS + k];
            xe[i * COLUMNS + j] = (float)sum;
        }
    ck_narrow_gradients_f32(ROWS, COLUMNS, OUTPUTS, x, w, delta, xg, wg, bg);
    same_floats("narrow layer, by x", COUNT, xg, xe, 1e-4);
    same_floats("narrow layer, by w", COLUMNS * OUTPUTS, wg, we, 1e-4);
    same_floats("narrow layer, by bias", OUTPUTS, bg, be, 1e-5);
}

void check_training(void) {
    check_activations();
    check_softmax();
    check_losses();
    check_updates();
    check_layers();
}
