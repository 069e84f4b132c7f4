// Passes over images in their three layouts, and what networks in use need beside products.
#include "CKernels.h"
#include "check.h"

enum { IMAGES = 5, CHANNELS = 19, HEIGHT = 11, WIDTH = 13, PIXELS = HEIGHT * WIDTH, BLOCKS = 2 };
enum { COUNT = IMAGES * CHANNELS * PIXELS, ROOM = IMAGES * BLOCKS * 16 * PIXELS };

static void check_layouts(void) {
    static float x[COUNT], last[ROOM], blocked[ROOM], back[ROOM];
    random_floats(41, COUNT, x);
    ck_relayout(IMAGES, CHANNELS, PIXELS, CK_LAYOUT_ROWS, x, CK_LAYOUT_CHANNELS_LAST, last);
    ck_relayout(IMAGES, CHANNELS, PIXELS, CK_LAYOUT_CHANNELS_LAST, last, CK_LAYOUT_BLOCKED, blocked);
    for (int n = 0; n < IMAGES; n++)
        for (int c = 0; c < CHANNELS; c++)
            for (int p = 0; p < PIXELS; p++) {
                float e = x[(n * CHANNELS + c) * PIXELS + p];
                CHECK(last[(n * PIXELS + p) * CHANNELS + c] == e, "channels last");
                CHECK(blocked[((n * BLOCKS + c / 16) * PIXELS + p) * 16 + c % 16] == e, "blocked");
            }
    ck_relayout(IMAGES, CHANNELS, PIXELS, CK_LAYOUT_BLOCKED, blocked, CK_LAYOUT_ROWS, back);
    same_bytes("there and back", sizeof x, back, x);

    float mean[CHANNELS], rest[CHANNELS], variance[CHANNELS], expected_mean[CHANNELS], expected_variance[CHANNELS];
    for (int c = 0; c < CHANNELS; c++) {
        double sum = 0, squares = 0;
        for (int n = 0; n < IMAGES; n++)
            for (int p = 0; p < PIXELS; p++) sum += x[(n * CHANNELS + c) * PIXELS + p];
        sum /= IMAGES * PIXELS;
        for (int n = 0; n < IMAGES; n++)
            for (int p = 0; p < PIXELS; p++) squares += pow(x[(n * CHANNELS + c) * PIXELS + p] - sum, 2);
        expected_mean[c] = (float)sum;
        expected_variance[c] = (float)(squares / (IMAGES * PIXELS));
    }
    const float *layouts[] = {x, last, blocked};
    for (int layout = 0; layout < 3; layout++) {
        ck_channel_moments_f32(IMAGES, CHANNELS, PIXELS, layout, layouts[layout], mean, rest, variance);
        same_floats("channel means", CHANNELS, mean, expected_mean, 1e-6);
        same_floats("channel variances", CHANNELS, variance, expected_variance, 1e-5);
    }
}

static void check_pooling(void) {
    const struct ck_windows w = {HEIGHT, WIDTH, 5, 6, 3, 3, 2, 2, 0, 0};
    static float x[COUNT], in[ROOM], out[ROOM], rows[ROOM], gradient[ROOM], in_gradient[ROOM], expected[COUNT];
    static uint8_t places[ROOM];
    enum { OUT = 5 * 6 };
    random_floats(42, COUNT, x);
    memset(expected, 0, sizeof expected);
    for (int layout = 0; layout < 3; layout++) {
        ck_relayout(IMAGES, CHANNELS, PIXELS, CK_LAYOUT_ROWS, x, layout, in);
        ck_max_pool(&w, CHANNELS, IMAGES, layout, in, layout, out, places);
        ck_relayout(IMAGES, CHANNELS, OUT, layout, out, CK_LAYOUT_ROWS, rows);
        memset(expected, 0, sizeof expected);
        for (int plane = 0; plane < IMAGES * CHANNELS; plane++)
            for (int i = 0; i < 5; i++)
                for (int j = 0; j < 6; j++) {
                    int best = (i * 2) * WIDTH + j * 2;
                    for (int r = 0; r < 3; r++)
                        for (int s = 0; s < 3; s++) {
                            int at = (i * 2 + r) * WIDTH + j * 2 + s;
                            if (x[plane * PIXELS + at] > x[plane * PIXELS + best]) best = at;
                        }
                    CHECK(rows[plane * OUT + i * 6 + j] == x[plane * PIXELS + best], "largest of a window");
                    expected[plane * PIXELS + best] += 1;
                }
        for (int i = 0; i < ROOM; i++) gradient[i] = 1;
        ck_max_pool_gradient(&w, CHANNELS, IMAGES, layout, gradient, places, layout, in_gradient);
        ck_relayout(IMAGES, CHANNELS, PIXELS, layout, in_gradient, CK_LAYOUT_ROWS, rows);
        same_floats("gradient of the largest", COUNT, rows, expected, 0);
    }
    float means[OUT];
    ck_window_mean_f32(&w, 0, 1, x, means);
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 6; j++) {
            double sum = 0;
            for (int r = 0; r < 3; r++)
                for (int s = 0; s < 3; s++) sum += x[(i * 2 + r) * WIDTH + j * 2 + s];
            CHECK(near(means[i * 6 + j], sum / 9, 1e-6), "mean of a window");
        }
}

static void check_columns(void) {
    const struct ck_windows w = {HEIGHT, WIDTH, HEIGHT, WIDTH, 3, 3, 1, 1, 1, 1};
    static float x[3 * PIXELS], columns[27 * PIXELS], back[3 * PIXELS];
    random_floats(43, 3 * PIXELS, x);
    ck_columns_f32(&w, 1, 1, 3, x, columns);
    for (int c = 0; c < 3; c++)
        for (int r = 0; r < 3; r++)
            for (int s = 0; s < 3; s++)
                for (int p = 0; p < PIXELS; p++) {
                    int y = p / WIDTH + r - 1, z = p % WIDTH + s - 1;
                    float e = y < 0 || z < 0 || y >= HEIGHT || z >= WIDTH ? 0 : x[c * PIXELS + y * WIDTH + z];
                    CHECK(columns[((c * 3 + r) * 3 + s) * PIXELS + p] == e, "columns");
                }
    memset(back, 0, sizeof back);
    ck_add_columns_f32(&w, 1, 1, 3, columns, back);
    for (int c = 0; c < 3; c++)
        for (int p = 0; p < PIXELS; p++) {
            int y = p / WIDTH, z = p % WIDTH;
            int seen = (3 - (y == 0) - (y == HEIGHT - 1)) * (3 - (z == 0) - (z == WIDTH - 1));
            CHECK(near(back[c * PIXELS + p], seen * (double)x[c * PIXELS + p], 1e-6), "columns added up");
        }
}

/// The largest of what a window sees of a plane, number by number.
static float largest_seen(const struct ck_windows *w, const float *plane, int p, int q) {
    float best = -INFINITY;
    for (int r = 0; r < w->kernel_height; r++)
        for (int s = 0; s < w->kernel_width; s++) {
            int64_t y = p * w->stride_height - w->padding_top + r, z = q * w->stride_width - w->padding_left + s;
            if (y >= 0 && z >= 0 && y < w->height && z < w->width) best = fmaxf(best, plane[y * w->width + z]);
        }
    return best;
}

/// Pooling of images in blocks, to blocks or to rows, with ReLU and without it.
static void check_largest(int32_t layout, int channels, const struct ck_windows *w, int squares) {
    enum { MOST = 2 * 32 * 13 * 15 };
    static float x[MOST], in[MOST], out[MOST], rows[MOST];
    int64_t in_pixels = w->height * w->width, out_pixels = w->out_height * w->out_width;
    int64_t block = layout == CK_LAYOUT_EIGHTS ? 8 : 16;
    random_floats(44, 2 * channels * in_pixels, x);
    ck_relayout(2, channels, in_pixels, CK_LAYOUT_ROWS, x, layout, in);
    for (int way = 0; way < 4; way++) {
        int32_t relu = way & 1, to = way & 2 ? CK_LAYOUT_ROWS : layout;
        if (squares && to == CK_LAYOUT_ROWS && channels > block) continue;
        if (squares)
            ck_largest_of_squares(2, channels, w->height, w->width, w->out_height, w->out_width, 0, relu, layout, in, to, out);
        else
            ck_largest_of_windows(w, 2, channels, relu, layout, in, to, out);
        ck_relayout(2, channels, out_pixels, to, out, CK_LAYOUT_ROWS, rows);
        for (int plane = 0; plane < 2 * channels; plane++)
            for (int p = 0; p < w->out_height; p++)
                for (int q = 0; q < w->out_width; q++) {
                    float e = largest_seen(w, x + plane * in_pixels, p, q);
                    CHECK(rows[(plane * w->out_height + p) * w->out_width + q] == (relu && e < 0 ? 0 : e),
                          squares ? "largest of a square" : "largest of a window, nothing kept");
                }
    }
}

static void check_forward(void) {
    const struct ck_windows squares = {13, 15, 6, 7, 2, 2, 2, 2, 0, 0}, windows = {13, 15, 7, 5, 3, 4, 2, 3, 1, 1};
    const int32_t layouts[] = {CK_LAYOUT_BLOCKED, CK_LAYOUT_EIGHTS};
    for (int l = 0; l < 2; l++)
        for (int channels = 5; channels <= 19; channels += 7) {
            check_largest(layouts[l], channels, &squares, 1);
            check_largest(layouts[l], channels, &squares, 0);
            check_largest(layouts[l], channels, &windows, 0);
        }
    enum { DEPTH = 83, STEP = 64 };
    static float row[DEPTH], w[DEPTH * STEP], y[STEP];
    random_floats(45, DEPTH, row);
    for (int i = 0; i < DEPTH; i += 3) row[i] = 0;
    random_floats(46, DEPTH * STEP, w);
    ck_row_product_f32(DEPTH, STEP, 16, 48, row, w, y);
    for (int k = 16; k < 64; k++) {
        double sum = 0;
        for (int d = 0; d < DEPTH; d++) sum += (double)row[d] * w[d * STEP + k];
        CHECK(near(y[k], sum, 1e-5), "row product");
    }
}

/// The gradients of a convolution that was pooled, against sums over the places of the largest. Multiples of 2^-10 below 4:
/// a hundred products of two below 16 are exact in double, and in float their sum is off by 90 x 16 x 2^-24 at most: 1e-4.
static void check_pooled_gradients(int32_t layout, int channels, int kernel, int padding, int outputs) {
    enum { N = 3, H = 9, W = 12, MOST = N * H * W * 8 };
    const int height = (H + 2 * padding - kernel + 1) / 2, width = (W + 2 * padding - kernel + 1) / 2;
    const struct ck_pooled_gradients g = {channels, H, W, padding, padding, kernel, kernel, outputs, height, width,
                                          layout, layout};
    static float x[MOST], w[40 * 8 * 25], gradient[MOST * 8], by_x[MOST], by_w[40 * 8 * 25], by_b[40];
    static double expected_x[MOST], expected_w[40 * 8 * 25], expected_b[40];
    static uint8_t places[MOST * 8];
    struct ck_form form = ck_image_form(layout, outputs, height * width);
    int64_t count = N * form.image_step, weights = (int64_t)outputs * channels * kernel * kernel;
    random_floats(51, N * H * W * channels, x);
    random_floats(52, weights, w);
    random_floats(53, count, gradient);
    random_bytes(54, count, places);
    for (int64_t i = 0; i < count; i++) places[i] = places[i] % 8 < 4 ? places[i] % 4 : CK_NO_PLACE;
    memset(expected_x, 0, sizeof expected_x);
    memset(expected_w, 0, sizeof expected_w);
    memset(expected_b, 0, sizeof expected_b);
    for (int n = 0; n < N; n++)
        for (int k = 0; k < outputs; k++)
            for (int p = 0; p < height * width; p++) {
                int64_t at = n * form.image_step + k / 16 * form.block_step + p * form.pixel_step + k % 16;
                if (places[at] == CK_NO_PLACE) continue;
                expected_b[k] += gradient[at];
                int top = 2 * (p / width) + places[at] / 2 - padding, left = 2 * (p % width) + places[at] % 2 - padding;
                for (int c = 0; c < channels; c++)
                    for (int r = 0; r < kernel; r++)
                        for (int s = 0; s < kernel; s++) {
                            int y = top + r, z = left + s, tap = ((k * channels + c) * kernel + r) * kernel + s;
                            if (y < 0 || y >= H || z < 0 || z >= W) continue;
                            expected_x[((n * H + y) * W + z) * channels + c] += (double)gradient[at] * w[tap];
                            expected_w[tap] += (double)gradient[at] * x[((n * H + y) * W + z) * channels + c];
                        }
            }
    CHECK(ck_pooled_gradients(&g, N, x, w, gradient, places, by_x, by_w, by_b) == CK_OK, "memory for gradients");
    for (int64_t i = 0; i < (int64_t)N * H * W * channels; i++) CHECK(near(by_x[i], expected_x[i], 1e-4), "by the images");
    for (int64_t i = 0; i < weights; i++) CHECK(near(by_w[i], expected_w[i], 1e-4), "by the weights");
    for (int k = 0; k < outputs; k++) CHECK(near(by_b[k], expected_b[k], 1e-4), "by the biases");
}

void check_images(void) {
    check_pooled_gradients(CK_LAYOUT_CHANNELS_LAST, 8, 3, 0, 20);
    check_pooled_gradients(CK_LAYOUT_BLOCKED, 5, 5, 2, 33);
    check_pooled_gradients(CK_LAYOUT_CHANNELS_LAST, 7, 3, 1, 5);
    check_layouts();
    check_pooling();
    check_columns();
    check_forward();
}
