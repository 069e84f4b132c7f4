// The Mersenne Twister MT19937 and NumPy's legacy ways of drawing from it (numpy.random.RandomState).
//
// Sources: M. Matsumoto, T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform
// pseudorandom number generator", ACM TOMACS 8 (1998); G. Marsaglia, T. Bray, "A convenient method for
// generating normal variables", SIAM Review 6 (1964), for the polar method.
//
// A state is CK_MT_WORDS words: 624 of the generator, then the place of the next one in them (0...624).
#ifndef CK_RANDOM_H
#define CK_RANDOM_H

#include <stdint.h>

#define CK_MT_LENGTH 624
#define CK_MT_WORDS 625

/// The second value of the polar method, kept for the next call.
typedef struct {
    double value;
    int32_t present;
} ck_gauss_cache;

void ck_mt_seed(uint32_t *words, uint32_t seed);
/// `count` is at least 1.
void ck_mt_seed_array(uint32_t *words, const uint32_t *seeds, int64_t count);

uint32_t ck_mt_next32(uint32_t *words);
uint64_t ck_mt_next64(uint32_t *words);
double ck_mt_double(uint32_t *words);
double ck_mt_gauss(uint32_t *words, ck_gauss_cache *cache);

/// low + range * u, u in [0, 1) with 53 bits.
void ck_mt_uniform_f64(uint32_t *words, double low, double range, int64_t count, double *out);
void ck_mt_uniform_f32(uint32_t *words, double low, double range, int64_t count, float *out);
/// location + scale * z, z standard normal.
void ck_mt_normal_f64(uint32_t *words, ck_gauss_cache *cache, double location, double scale, int64_t count,
                      double *out);
void ck_mt_normal_f32(uint32_t *words, ck_gauss_cache *cache, double location, double scale, int64_t count,
                      float *out);
/// low + an integer in 0...range, by masked rejection.
void ck_mt_integers(uint32_t *words, int64_t low, uint64_t range, int64_t count, int64_t *out);
/// 0 ..< count, shuffled; count is at most 2^31 for the 32-bit form.
void ck_mt_permutation_i64(uint32_t *words, int64_t count, int64_t *out);
void ck_mt_permutation_i32(uint32_t *words, int64_t count, int32_t *out);
/// Shuffles `count` rows of `row_bytes` bytes; `scratch` has room for one row.
void ck_mt_shuffle_rows(uint32_t *words, int64_t count, int64_t row_bytes, void *rows, void *scratch);

#endif
