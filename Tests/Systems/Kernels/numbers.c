// Random numbers, bfloat16, decimal text, built-in images.
#include "CKernels.h"
#include "check.h"

/// The published test vectors: philox4x32-10 of Random123 (kat_vectors), MT19937's reference output (mt19937ar.out) and
/// the 10,000th number of C++'s std::mt19937.
static void check_generators(void) {
    const struct {
        uint32_t counter[4], key[2], out[4];
    } vectors[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (int i = 0; i < 3; i++) {
        uint32_t out[4];
        ck_philox4x32(vectors[i].counter, vectors[i].key, out);
        same_bytes("philox", sizeof out, out, vectors[i].out);
    }
    uint32_t words[CK_MT_WORDS], last = 0;
    ck_mt_seed(words, 5489);
    for (int i = 0; i < 10000; i++) last = ck_mt_next32(words);
    CHECK(last == 4123659995u, "MT19937: the 10,000th number is %u", last);
    const uint32_t seeds[] = {0x123, 0x234, 0x345, 0x456}, first[] = {1067595299, 955945823, 477289528};
    ck_mt_seed_array(words, seeds, 4);
    for (int i = 0; i < 3; i++) CHECK(ck_mt_next32(words) == first[i], "MT19937 by array: number %d", i);

    double uniform[1000];
    int64_t integers[1000], permutation[1000];
    uint32_t again[CK_MT_WORDS];
    memcpy(again, words, sizeof words);
    ck_mt_uniform_f64(words, -1, 3, 1000, uniform);
    for (int i = 0; i < 1000; i++) {
        uint32_t a = ck_mt_next32(again) >> 5, b = ck_mt_next32(again) >> 6;
        double expected = -1 + 3 * ((a * 67108864.0 + b) / 9007199254740992.0);
        CHECK(uniform[i] == expected, "uniform: %.17g, not %.17g", uniform[i], expected);
    }
    ck_mt_integers(words, -5, 1000, 1000, integers);
    ck_mt_permutation_i64(words, 1000, permutation);
    int64_t sum = 0, squares = 0;
    for (int i = 0; i < 1000; i++) {
        CHECK(integers[i] >= -5 && integers[i] <= 995, "an integer beyond its range");
        sum += permutation[i];
        squares += permutation[i] * permutation[i];
    }
    CHECK(sum == 499500 && squares == 332833500, "no permutation");
    write_bits("uniform", sizeof uniform, uniform);
    write_bits("integers", sizeof integers, integers);
    write_bits("permutation", sizeof permutation, permutation);
    ck_gauss_cache cache = {0, 0};
    double normal[2000], mean = 0, square = 0;
    ck_mt_normal_f64(words, &cache, 1, 2, 2000, normal);
    for (int i = 0; i < 2000; i++) mean += normal[i] / 2000, square += normal[i] * normal[i] / 2000;
    CHECK(fabs(mean - 1) < 0.2 && fabs(square - 5) < 0.6, "normal: mean %g, square %g", mean, square);
    float few[2000];
    for (int i = 0; i < 2000; i++) few[i] = (float)normal[i];
    write_near("normal", 1e-6, 2000, few);

    float x[5000], y[5000];
    for (int i = 0; i < 5000; i++) x[i] = (float)(i + 1);
    ck_philox_stream stream = {{1, 2}, {3, 4}};
    ck_dropout_f32(5000, x, 1u << 30, 2, &stream, y);
    int dropped = 0;
    for (int i = 0; i < 5000; i++) {
        if (y[i] == 0) dropped++;
        else CHECK(y[i] == 2 * x[i], "dropout");
    }
    CHECK(dropped > 1100 && dropped < 1400, "%d of 5,000 dropped at 0.25", dropped);
    write_bits("dropout", sizeof y, y);
}

static void check_text(void) {
    char text[64];
    const struct {
        double value;
        int digits;
        const char *fixed;
    } cases[] = {{0.125, 2, "0.12"}, {0.375, 2, "0.38"}, {-1234.5678, 3, "-1234.568"}, {1e15 + 0.3, 1, "1000000000000000.2"},
                 {2.5, 0, "2"}, {3.5, 0, "4"}, {0.1, 20, "0.10000000000000000555"}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_text_fixed(text, sizeof text, cases[i].digits, cases[i].value);
        CHECK(strcmp(text, cases[i].fixed) == 0, "text %s, not %s", text, cases[i].fixed);
    }
    ck_text_scientific(text, sizeof text, 3, 0.000123456);
    CHECK(strncmp(text, "1.235e-0", 8) == 0, "text %s", text);
}

static void check_half(void) {
    float x[4000];
    uint16_t y[4000], expected[4000], parts[4000];
    uint64_t seed = 7;
    for (int i = 0; i < 4000; i++) {
        uint32_t bits = (uint32_t)random64(&seed);
        memcpy(x + i, &bits, 4);
        if (isnan(x[i])) {
            expected[i] = (uint16_t)(bits >> 16 | 0x40);
        } else {
            uint32_t low = bits & 0xFFFF, high = bits >> 16;
            expected[i] = (uint16_t)(high + (low > 0x8000 || (low == 0x8000 && (high & 1))));
        }
    }
    ck_to_bfloat16(4000, x, y);
    ck_to_bfloat16_in_parts(4000, x, parts);
    same_bytes("bfloat16", sizeof y, y, expected);
    same_bytes("bfloat16 in parts", sizeof y, parts, expected);
}

static void check_digits(void) {
    const uint8_t pens[] = {CK_PEN_DOWN, CK_PEN_SMOOTH, CK_PEN_CORNER, CK_PEN_SMOOTH};
    const float xy[] = {20, 10, 70, 20, 60, 60, 30, 90};
    ck_digit_style styles[10];
    for (int d = 0; d < 10; d++)
        styles[d] = (ck_digit_style){.digit = d, .share = 1, .point_count = 4, .key_count = 1, .freedom = 1, .boldness = 1,
                                     .lean = 0.05f * (float)d};
    ck_digit_book book = {styles, 10, pens, xy, {.haste_low = 0.5f, .haste_high = 1.5f, .turn_spread = 0.05f,
                                                .point_x = 2, .point_y = 2, .softness_low = 0.5f, .softness_high = 1}};
    for (int i = 0; i < CK_DIGIT_WIDTHS; i++) book.variation.widths[i] = 1.5f + 0.2f * (float)i;
    static uint8_t images[200 * 784], later[100 * 784], labels[200], later_labels[100];
    ck_digits_generate(&book, 3, 0, 200, images, labels);
    ck_digits_generate(&book, 3, 100, 100, later, later_labels);
    same_bytes("digits: a part of the stream", sizeof later, later, images + 100 * 784);
    int ink = 0;
    for (int i = 0; i < 200 * 784; i++) ink += images[i] > 128;
    CHECK(ink > 200 * 20, "digits without ink");
    write_bits("digits", sizeof images, images);
    write_bits("labels", sizeof labels, labels);

    static uint8_t upright[200 * 784];
    ck_deskew_u8(images, 200, 28, 28, upright);
    write_bits("deskewed", sizeof upright, upright);
    ck_augmentation a = {28, 28, 2, 0.2f, 0.1f, 8, 4, {5, 6}, 1, .channels = 1};
    int32_t rows[50];
    for (int i = 0; i < 50; i++) rows[i] = i * 3;
    static uint8_t changed[50 * 784], again[50 * 784];
    float *scratch = malloc(sizeof(float) * 4 * (size_t)ck_augment_scratch(&a));
    ck_augment_u8(&a, images, rows, rows, 50, 1, scratch, changed);
    ck_augment_u8(&a, images, rows, rows, 50, 4, scratch, again);
    same_bytes("augmentation in four parts", sizeof again, again, changed);
    free(scratch);
    float some[50 * 784];
    for (int i = 0; i < 50 * 784; i++) some[i] = changed[i];
    write_most("augmented", 0, 1, 50 * 784, some);  // bytes, rounded
}

void check_numbers(void) {
    check_generators();
    check_text();
    check_half();
    check_digits();
}
