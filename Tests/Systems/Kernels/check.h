// What the kernels' checks share: numbers at random, comparisons, and what is written down for other processors.
#ifndef CHECK_H
#define CHECK_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int failures, checks;
extern FILE *record;  // what Tests/Systems/compare reads, or NULL

/// splitmix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014): the same numbers on every processor.
static inline uint64_t random64(uint64_t *state) {
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}
/// A multiple of 2^-10 in -4 ..< 4: sums and products of a few are exact in float.
static inline double random_number(uint64_t *state) { return (double)(int64_t)(random64(state) % 8192) / 1024 - 4; }
static inline void random_floats(uint64_t seed, int64_t count, float *x) {
    for (int64_t i = 0; i < count; i++) x[i] = (float)random_number(&seed);
}
static inline void random_doubles(uint64_t seed, int64_t count, double *x) {
    for (int64_t i = 0; i < count; i++) x[i] = random_number(&seed);
}
static inline void random_bytes(uint64_t seed, int64_t count, uint8_t *x) {
    for (int64_t i = 0; i < count; i++) x[i] = (uint8_t)random64(&seed);
}
/// A smooth picture with some edges.
static inline void picture(int height, int width, uint8_t *image) {
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            double v = 90 + 60 * sin(x * 0.21) * cos(y * 0.17) + ((x / 9 + y / 11) % 2 ? 40 : 0);
            image[y * width + x] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
        }
}

#define CHECK(condition, ...)                                       \
    do {                                                            \
        checks++;                                                   \
        if (!(condition)) {                                         \
            failures++;                                             \
            fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);         \
            fprintf(stderr, __VA_ARGS__);                           \
            fputc('\n', stderr);                                    \
        }                                                           \
    } while (0)

/// Whether two numbers agree within `share` of the larger of 1 and their size; NaN agrees with NaN.
static inline int near(double a, double b, double share) {
    if (isnan(a) || isnan(b)) return isnan(a) && isnan(b);
    if (a == b) return 1;
    double size = fmax(1, fmax(fabs(a), fabs(b)));
    return fabs(a - b) <= share * size;
}

static inline void same_floats(const char *name, int64_t count, const float *got, const float *expected, double share) {
    for (int64_t i = 0; i < count; i++)
        if (!near(got[i], expected[i], share)) {
            CHECK(0, "%s: [%lld] is %.9g, not %.9g", name, (long long)i, got[i], expected[i]);
            return;
        }
    CHECK(1, " ");
}
static inline void same_doubles(const char *name, int64_t count, const double *got, const double *expected,
                                double share) {
    for (int64_t i = 0; i < count; i++)
        if (!near(got[i], expected[i], share)) {
            CHECK(0, "%s: [%lld] is %.17g, not %.17g", name, (long long)i, got[i], expected[i]);
            return;
        }
    CHECK(1, " ");
}
static inline void same_bytes(const char *name, size_t bytes, const void *got, const void *expected) {
    const uint8_t *a = got, *b = expected;
    for (size_t i = 0; i < bytes; i++)
        if (a[i] != b[i]) {
            CHECK(0, "%s: byte %zu is %u, not %u", name, i, a[i], b[i]);
            return;
        }
    CHECK(1, " ");
}

/// Writes down what must have the same bits on every processor.
static inline void write_bits(const char *name, size_t bytes, const void *what) {
    const uint8_t *b = what;
    uint64_t hash = 0xCBF29CE484222325u;  // FNV-1a
    for (size_t i = 0; i < bytes; i++) hash = (hash ^ b[i]) * 0x100000001B3u;
    if (record) fprintf(record, "bits %s %016llx\n", name, (unsigned long long)hash);
}
static inline void write_numbers(int64_t count, const float *x) {
    int64_t stride = count / 400 + 1;
    for (int64_t i = 0; i < count; i += stride) fprintf(record, " %.6g", x[i]);
    fputc('\n', record);
}
/// Writes down numbers that other processors must meet within `share`, every one.
static inline void write_near(const char *name, double share, int64_t count, const float *x) {
    if (!record) return;
    fprintf(record, "near %s %g", name, share);
    write_numbers(count, x);
}
/// Writes down numbers of which other processors must meet 99 in 100 within `share`, and none may be further away than
/// `step`: what is rounded to a byte, or counted in a bin of a histogram, may fall to the other side of a corner.
static inline void write_most(const char *name, double share, double step, int64_t count, const float *x) {
    if (!record) return;
    fprintf(record, "most %s %g %g", name, share, step);
    write_numbers(count, x);
}

void check_arrays(void);
void check_numbers(void);
void check_training(void);
void check_sparse(void);
void check_images(void);
void check_features(void);
void check_neighbors(void);
void check_machines(void);
void check_openblas(void);
void check_processors(void);

#endif
