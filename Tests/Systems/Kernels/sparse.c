// The first layer over an input that is mostly zero.
#include "CKernels.h"
#include "check.h"

enum { HEIGHT = 150, WIDTH = 100, OUTPUTS = 50, BATCH = 130 };

static uint8_t dense[HEIGHT * WIDTH];
static float numbers[HEIGHT * WIDTH], table[256];
static int32_t rows[BATCH];
static float w[WIDTH * OUTPUTS], bias[OUTPUTS], delta[BATCH * OUTPUTS];
static float forward[BATCH * OUTPUTS], gradient[WIDTH * OUTPUTS], stepped[WIDTH * OUTPUTS];

static void make_expected(void) {
    for (int i = 0; i < BATCH; i++)
        for (int k = 0; k < OUTPUTS; k++) {
            double sum = bias[k];
            for (int j = 0; j < WIDTH; j++) sum += (double)numbers[rows[i] * WIDTH + j] * w[j * OUTPUTS + k];
            forward[i * OUTPUTS + k] = (float)(1 / (1 + exp(-sum)));
        }
    for (int j = 0; j < WIDTH; j++)
        for (int k = 0; k < OUTPUTS; k++) {
            double sum = 0;
            for (int i = 0; i < BATCH; i++) sum += (double)numbers[rows[i] * WIDTH + j] * delta[i * OUTPUTS + k];
            gradient[j * OUTPUTS + k] = (float)sum;
            stepped[j * OUTPUTS + k] = (float)(w[j * OUTPUTS + k] - 0.01 * (sum + 0.1 * w[j * OUTPUTS + k]));
        }
}

void check_sparse(void) {
    uint64_t seed = 31;
    for (int i = 0; i < 256; i++) table[i] = (float)i * (1.0f / 255);
    for (int i = 0; i < HEIGHT * WIDTH; i++) {
        dense[i] = random64(&seed) % 5 == 0 ? (uint8_t)random64(&seed) : 0;
        numbers[i] = table[dense[i]];
    }
    for (int i = 0; i < BATCH; i++) rows[i] = (i * 37) % HEIGHT;
    random_floats(32, WIDTH * OUTPUTS, w);
    random_floats(33, OUTPUTS, bias);
    random_floats(34, BATCH * OUTPUTS, delta);
    make_expected();
    static float out[BATCH * OUTPUTS], got[WIDTH * OUTPUTS], other[BATCH * OUTPUTS], other_gradient[WIDTH * OUTPUTS];

    int32_t tiles = ck_tile_count(BATCH);
    ck_byte_tiles input = {dense, table, rows, BATCH, WIDTH, tiles, 0, aligned_alloc(64, ck_tile_bytes(tiles, WIDTH))};
    ck_tiled_forward_f32(&input, OUTPUTS, w, bias, CK_ACTIVATION_SIGMOID, 0, out);
    same_floats("bytes, forward", BATCH * OUTPUTS, out, forward, 1e-5);
    const ck_upcoming_rows none = {dense, rows, 0, WIDTH};
    ck_tiled_gradient_f32(&input, OUTPUTS, delta, got, &none);
    same_floats("bytes, gradient", WIDTH * OUTPUTS, got, gradient, 1e-5);

    static int64_t starts[HEIGHT + 1];
    static int32_t columns[HEIGHT * WIDTH];
    static float values[HEIGHT * WIDTH];
    ck_compress_rows_f32(numbers, HEIGHT, WIDTH, starts, columns, values);
    int64_t place = 0;
    for (int r = 0; r < HEIGHT; r++) {
        CHECK(starts[r] == place, "starts");
        for (int j = 0; j < WIDTH; j++) {
            if (numbers[r * WIDTH + j] == 0) continue;
            CHECK(columns[place] == j && values[place] == numbers[r * WIDTH + j], "entries");
            place++;
        }
    }
    CHECK(starts[HEIGHT] == place && ck_count_nonzero_f32(HEIGHT * WIDTH, numbers, INT64_MAX) == place, "how many");
    ck_entries entries = {starts, columns, values, rows, BATCH, WIDTH};
    ck_entries_forward_f32(&entries, OUTPUTS, w, bias, CK_ACTIVATION_SIGMOID, 0, other);
    same_bytes("numbers, forward: the bits of bytes", sizeof out, other, out);
    CHECK(ck_entries_gradient_f32(&entries, OUTPUTS, delta, other_gradient) == CK_OK, "memory");
    same_bytes("numbers, gradient: the bits of bytes", sizeof got, other_gradient, got);

    static float moved[WIDTH * OUTPUTS], moved_too[WIDTH * OUTPUTS];
    memcpy(moved, w, sizeof w), memcpy(moved_too, w, sizeof w);
    ck_tiled_descent_f32(&input, OUTPUTS, delta, moved, 0.01f, 0.1f, &none);
    same_floats("bytes, descent", WIDTH * OUTPUTS, moved, stepped, 1e-5);
    CHECK(ck_entries_descent_f32(&entries, OUTPUTS, delta, moved_too, 0.01f, 0.1f) == CK_OK, "memory");
    same_bytes("numbers, descent: the bits of bytes", sizeof moved, moved_too, moved);

    static float gathered[BATCH * WIDTH];
    ck_gather_rows_u8_f32(dense, WIDTH, table, rows, BATCH, gathered);
    for (int i = 0; i < BATCH; i++)
        same_floats("gather", WIDTH, gathered + i * WIDTH, numbers + rows[i] * WIDTH, 0);
    free(input.memory);
}
