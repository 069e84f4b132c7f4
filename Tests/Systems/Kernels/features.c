// Features that people designed. What is rounded on its way (histograms, descriptors) is written down for other
// processors to meet; what is counted in integers is compared with plain loops.
#include "CKernels.h"
#include "check.h"

enum { HEIGHT = 96, WIDTH = 112 };

static uint8_t image[HEIGHT * WIDTH], digits[8 * 784];

static void write_descriptors(const char *name, int64_t count, const uint8_t *bytes) {
    float *x = malloc(sizeof(float) * (size_t)count);
    for (int64_t i = 0; i < count; i++) x[i] = bytes[i];
    write_most(name, 0, 1, count, x);  // bytes, rounded
    free(x);
}

/// Cells of votes by the nearest direction, as Dalal and Triggs describe them: mean magnitude in each of nine bins.
static void check_hog(void) {
    for (int norm = CK_HOG_L1; norm <= CK_HOG_L2_HYS; norm++)
        for (int trilinear = 0; trilinear < 2; trilinear++) {
            struct ck_hog hog = {28, 28, 4, 2, 9, 0, norm, trilinear};
            static float features[8 * 6 * 6 * 4 * 9];
            CHECK(ck_hog_features(&hog, 8, digits, features) == CK_OK, "memory");
            for (int block = 0; block < 8 * 36; block++) {
                double one = 0, two = 0;
                for (int i = 0; i < 36; i++) one += fabsf(features[block * 36 + i]), two += pow(features[block * 36 + i], 2);
                double length = norm == CK_HOG_L1 ? one : two;
                // The small number that is added keeps flat blocks, and those that are nearly flat, below 1.
                CHECK(length < 1.001 && (length > 0.9 || length < 0.5 || norm == CK_HOG_L1), "a block's length is %g", length);
            }
            char name[32];
            snprintf(name, sizeof name, "hog-%d-%d", norm, trilinear);
            // A vote goes to the nearest bin, or smoothly to two.
            if (trilinear) write_near(name, 1e-4, 8 * 36 * 36, features);
            else write_most(name, 1e-4, 0.1, 8 * 36 * 36, features);
        }
    struct ck_hog cells = {28, 28, 4, 2, 9, 0, CK_HOG_L2, 0};
    static float got[8 * 49 * 9];
    CHECK(ck_hog_cells(&cells, 8, digits, got) == CK_OK, "memory");
    write_most("hog-cells", 1e-4, 0.1, 8 * 49 * 9, got);
}

static void check_keypoints(void) {
    struct ck_sift sift = {HEIGHT, WIDTH, 3, 1, 1.6f, 0.02f, 10};
    struct ck_keypoints found;
    CHECK(ck_sift_detect(&sift, image, 1, &found) == CK_OK && found.count > 10, "SIFT found %lld", (long long)found.count);
    static float places[4 * 4000];
    int64_t count = found.count < 4000 ? found.count : 4000;
    for (int64_t i = 0; i < count; i++) {
        const struct ck_keypoint *k = found.keypoints + i;
        CHECK(k->x > -1 && k->x < WIDTH && k->y > -1 && k->y < HEIGHT && k->angle >= 0 && k->angle < 6.2832f, "a keypoint");
        memcpy(places + 4 * i, (float[]){k->x, k->y, k->scale, k->angle}, 4 * sizeof(float));
    }
    write_near("sift-keypoints", 2e-3, 4 * count, places);
    write_descriptors("sift-descriptors", 128 * count, found.descriptors);
    uint8_t *again = malloc(128 * (size_t)found.count);
    CHECK(ck_sift_describe(&sift, image, found.count, found.keypoints, again) == CK_OK, "memory");
    same_bytes("described again", 128 * (size_t)found.count, again, found.descriptors);
    free(again);
    ck_keypoints_free(&found);

    struct ck_surf surf = {HEIGHT, WIDTH, 3, 0, 0, 0.001f};
    CHECK(ck_surf_detect(&surf, image, 1, &found) == CK_OK && found.count > 3, "SURF found %lld", (long long)found.count);
    write_near("surf-descriptors", 2e-3, 64 * found.count, found.descriptors);
    ck_keypoints_free(&found);
    static uint32_t sums[(HEIGHT + 1) * (WIDTH + 1)];
    ck_integral_image(image, HEIGHT, WIDTH, sums);
    for (int y = 0; y <= HEIGHT; y += 7) {
        uint32_t e = 0;
        for (int i = 0; i < y; i++)
            for (int j = 0; j < 50; j++) e += image[i * WIDTH + j];
        CHECK(sums[y * (WIDTH + 1) + 50] == e, "integral image");
    }
    write_bits("integral", sizeof sums, sums);
}

static void check_words(void) {
    enum { WORDS = 37, DIMENSION = 128, COUNT = 500 };
    static uint8_t words[WORDS * DIMENSION], descriptors[COUNT * DIMENSION];
    static int32_t nearest[COUNT], distances[COUNT], plain_nearest[COUNT], plain_distances[COUNT];
    random_bytes(51, sizeof words, words);
    random_bytes(52, sizeof descriptors, descriptors);
    memset(descriptors + 7 * DIMENSION, 0, DIMENSION);
    static struct ck_two_nearest two[COUNT];
    CHECK(ck_find_two_nearest(COUNT, descriptors, WORDS, words, DIMENSION, two) == CK_OK, "memory");
    for (int plain = 0; plain < 2; plain++) {
        struct ck_words *made = ck_words_make(WORDS, DIMENSION, words, plain);
        CHECK(made != NULL, "memory");
        ck_nearest_words(made, COUNT, descriptors, plain ? plain_nearest : nearest, plain ? plain_distances : distances);
        ck_words_free(made);
    }
    for (int n = 0; n < COUNT; n++) {
        int best = -1, least = INT32_MAX, second = INT32_MAX;
        for (int k = 0; k < WORDS; k++) {
            int sum = 0;
            for (int i = 0; i < DIMENSION; i++) {
                int d = descriptors[n * DIMENSION + i] - words[k * DIMENSION + i];
                sum += d * d;
            }
            if (sum < least) second = least, least = sum, best = k;
            else if (sum < second) second = sum;
        }
        CHECK(two[n].nearest == best && two[n].distance == least && two[n].second_distance == second, "two nearest");
        if (n == 7) best = -1;
        CHECK(nearest[n] == best && plain_nearest[n] == best, "word %d, not %d", nearest[n], best);
        CHECK(best < 0 || (distances[n] == least && plain_distances[n] == least), "distance of a word");
    }
    write_bits("words", sizeof nearest, nearest);

    struct ck_dense_sift dense = {28, 28, 4, 4};
    static uint8_t grid[8 * 49 * 128];
    CHECK(ck_dense_sift(&dense, 8, digits, grid) == CK_OK, "memory");
    write_descriptors("dense-sift", sizeof grid, grid);
    uint8_t flat[784], none[49 * 128];
    memset(flat, 9, sizeof flat);
    memset(none, 1, sizeof none);
    CHECK(ck_dense_sift(&dense, 1, flat, none) == CK_OK, "memory");
    for (unsigned i = 0; i < sizeof none; i++) CHECK(none[i] == 0, "a flat picture has a descriptor");
    struct ck_words *made = ck_words_make(WORDS, DIMENSION, words, 0);
    const int32_t grids[] = {1, 2};
    static float histograms[8 * 5 * WORDS];
    CHECK(ck_dense_words(&dense, made, 2, grids, 8, digits, histograms) == CK_OK, "memory");
    for (int n = 0; n < 8; n++)
        for (int k = 0; k < WORDS; k++) {
            const float *h = histograms + n * 5 * WORDS;
            CHECK(h[k] == h[WORDS + k] + h[2 * WORDS + k] + h[3 * WORDS + k] + h[4 * WORDS + k], "cells and the whole");
        }
    ck_words_free(made);
}

void check_features(void) {
    picture(HEIGHT, WIDTH, image);
    for (int n = 0; n < 8; n++)
        for (int y = 0; y < 28; y++)
            for (int x = 0; x < 28; x++) digits[n * 784 + y * 28 + x] = image[(y + 4 * n) * WIDTH + x + 9 * n];
    check_hog();
    check_keypoints();
    check_words();
}
