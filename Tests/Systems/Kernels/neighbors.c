// Nearest neighbours: exact keys, exact search, the graph.
#include "CKernels.h"
#include "check.h"

enum { ROWS = 300, QUERIES = 20, WIDTH = 64, K = 5 };

static uint8_t bytes[(ROWS + QUERIES) * WIDTH];
static float floats[(ROWS + QUERIES) * WIDTH];

static double key_of(const float *a, const float *b, int kind) {
    double sum = 0, largest = 0, dot = 0, aa = 0, bb = 0;
    for (int i = 0; i < WIDTH; i++) {
        double d = fabs((double)a[i] - b[i]);
        largest = fmax(largest, d);
        dot += (double)a[i] * b[i], aa += (double)a[i] * a[i], bb += (double)b[i] * b[i];
        sum += kind == CK_KEY_SQUARE ? d * d : kind == CK_KEY_SUM ? d : d * d * d;
    }
    switch (kind) {
        case CK_KEY_COSINE: return 1 - dot / (sqrt(aa) * sqrt(bb));
        case CK_KEY_POWER: return cbrt(sum);
        case CK_KEY_LARGEST: return largest;
        default: return sum;
    }
}

void check_neighbors(void) {
    random_bytes(61, sizeof bytes, bytes);
    for (int i = 0; i < (ROWS + QUERIES) * WIDTH; i++) floats[i] = bytes[i];
    static int64_t squares[ROWS + QUERIES], sums[ROWS + QUERIES];
    static double byte_norms[ROWS + QUERIES], norms[ROWS + QUERIES], powers[256];
    ck_row_sums_u8(bytes, ROWS + QUERIES, WIDTH, squares, sums);
    ck_row_norms_f32(floats, ROWS + QUERIES, WIDTH, norms);
    for (int r = 0; r < ROWS + QUERIES; r++) {
        int64_t square = 0, sum = 0;
        for (int i = 0; i < WIDTH; i++) square += bytes[r * WIDTH + i] * bytes[r * WIDTH + i], sum += bytes[r * WIDTH + i];
        CHECK(squares[r] == square && sums[r] == sum, "sums of a row");
        CHECK(near(norms[r], sqrt((double)square), 1e-14), "norm of a row");
        byte_norms[r] = sqrt((double)square);
    }
    for (int i = 0; i < 256; i++) powers[i] = (double)i * i * i;
    for (int in_bytes = 0; in_bytes < 2; in_bytes++) {
        ck_rows all = {in_bytes ? bytes : NULL, in_bytes ? NULL : floats, ROWS, WIDTH, in_bytes ? squares : NULL,
                       in_bytes ? sums : NULL, in_bytes ? byte_norms : norms, in_bytes ? powers : NULL};
        ck_rows queries = all;
        queries.count = QUERIES;
        if (in_bytes) {
            queries.bytes += ROWS * WIDTH, queries.squares += ROWS, queries.sums += ROWS;
        } else {
            queries.floats += ROWS * WIDTH;
        }
        queries.norms += ROWS;
        for (int kind = CK_KEY_SQUARE; kind <= CK_KEY_LARGEST; kind++) {
            static double keys[QUERIES * K], portable[QUERIES * K];
            static int32_t places[QUERIES * K], portable_places[QUERIES * K];
            int64_t checked = 0;
            ck_neighbor_index index = {.rows = all, .kind = kind, .exponent = 3,
                                       .portable = !ck_multiplies_bytes()};
            ck_search_neighbors(&index, &queries, NULL, NULL, NULL, -1, K, keys, places, &checked);
            index.portable = 1;
            ck_search_neighbors(&index, &queries, NULL, NULL, NULL, -1, K, portable, portable_places, &checked);
            same_bytes("keys without the special instructions", sizeof keys, portable, keys);
            same_bytes("places without the special instructions", sizeof places, portable_places, places);
            for (int q = 0; q < QUERIES; q++) {
                double all_keys[ROWS], last = -1;
                for (int r = 0; r < ROWS; r++) all_keys[r] = key_of(floats + (ROWS + q) * WIDTH, floats + r * WIDTH, kind);
                for (int k = 0; k < K; k++) {
                    double key = keys[q * K + k];
                    CHECK(near(key, all_keys[places[q * K + k]], 1e-12), "kind %d: key %.17g", kind, key);
                    CHECK(key >= last, "keys out of order");
                    last = key;
                }
                int nearer = 0;
                for (int r = 0; r < ROWS; r++) nearer += all_keys[r] < last * (1 - 1e-12);
                CHECK(nearer < K, "kind %d: %d rows are nearer than the last", kind, nearer);
            }
            char name[32];
            snprintf(name, sizeof name, "keys-%d-%d", kind, in_bytes);
            if (kind != CK_KEY_POWER) write_bits(name, sizeof keys, keys);
        }
    }
    double basis[6 * 20];
    random_doubles(62, 6 * 20, basis);
    ck_orthonormalize(basis, 6, 20);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            double dot = 0;
            for (int k = 0; k < 20; k++) dot += basis[i * 20 + k] * basis[j * 20 + k];
            CHECK(fabs(dot - (i == j)) < 1e-12, "orthonormal");
        }
}
