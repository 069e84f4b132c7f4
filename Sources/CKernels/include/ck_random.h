// Random numbers: NumPy's generator, and one by counter for parallel work.
#ifndef CK_RANDOM_H
#define CK_RANDOM_H

#include <stddef.h>
#include <stdint.h>

// MARK: Mersenne Twister
//
// The Mersenne Twister MT19937 and NumPy's legacy ways of drawing from it (numpy.random.RandomState).
//
// Sources: M. Matsumoto, T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform
// pseudorandom number generator", ACM TOMACS 8 (1998); G. Marsaglia, T. Bray, "A convenient method for
// generating normal variables", SIAM Review 6 (1964), for the polar method.
//
// A state is CK_MT_WORDS words: 624 of the generator, then the place of the next one in them (0...624).

#define CK_MT_LENGTH 624
#define CK_MT_WORDS 625

/// The second value of the polar method, kept for the next call.
typedef struct {
    double value;
    int32_t present;
} ck_gauss_cache;

void ck_mt_seed(uint32_t *words, uint32_t seed);
/// `count` is at least 1.
void ck_mt_seed_array(uint32_t *words, const uint32_t *seeds, ptrdiff_t count);

uint32_t ck_mt_next32(uint32_t *words);
uint64_t ck_mt_next64(uint32_t *words);
double ck_mt_double(uint32_t *words);
double ck_mt_gauss(uint32_t *words, ck_gauss_cache *cache);

/// low + range * u, u in [0, 1) with 53 bits.
void ck_mt_uniform_f64(uint32_t *words, double low, double range, ptrdiff_t count, double *out);
void ck_mt_uniform_f32(uint32_t *words, double low, double range, ptrdiff_t count, float *out);
/// location + scale * z, z standard normal.
void ck_mt_normal_f64(uint32_t *words, ck_gauss_cache *cache, double location, double scale, ptrdiff_t count,
                      double *out);
void ck_mt_normal_f32(uint32_t *words, ck_gauss_cache *cache, double location, double scale, ptrdiff_t count,
                      float *out);
/// low + an integer in 0...range, by masked rejection.
void ck_mt_integers(uint32_t *words, int64_t low, uint64_t range, ptrdiff_t count, int64_t *out);
/// 0 ..< count, shuffled; count is at most 2^31 for the 32-bit form.
void ck_mt_permutation_i64(uint32_t *words, ptrdiff_t count, int64_t *out);
void ck_mt_permutation_i32(uint32_t *words, ptrdiff_t count, int32_t *out);
/// Shuffles `count` rows of `row_bytes` bytes; `scratch` has room for one row.
void ck_mt_shuffle_rows(uint32_t *words, ptrdiff_t count, ptrdiff_t row_bytes, void *rows, void *scratch);

// MARK: By counter
//
// Random numbers by counter: number k of a stream is a function of the key and k alone, so parts can be drawn in any
// order by any thread.
//
// Source: J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011
// (Philox4x32-10).

/// Which stream: two words of key, and the upper two of the counter's four.
typedef struct {
    uint32_t key[2];
    uint32_t stream[2];
} ck_philox_stream;

/// The four words at `counter` for `key`.
void ck_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/// y = x * scale where the stream's word is at least `threshold`, else 0. A word is uniform in 0 ..< 2^32, so a
/// number is dropped with probability threshold / 2^32. The backward pass is the same call on the gradient.
void ck_dropout_f32(ptrdiff_t count, const float *x, uint32_t threshold, float scale, const ck_philox_stream *stream,
                    float *y);
void ck_dropout_f64(ptrdiff_t count, const double *x, uint32_t threshold, double scale,
                    const ck_philox_stream *stream, double *y);

#endif
