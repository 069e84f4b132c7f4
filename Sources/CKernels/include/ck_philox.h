// Random numbers by counter: number k of a stream follows from the key and k alone, so parts can be drawn in any
// order by any thread.
//
// Source: J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011
// (Philox4x32-10).
#ifndef CK_PHILOX_H
#define CK_PHILOX_H

#include <stdint.h>

#include "ck_clones.h"

/// Which stream: two words of key, and the upper two of the counter's four.
typedef struct {
    uint32_t key[2];
    uint32_t stream[2];
} ck_philox_stream;

/// Ten rounds on one counter.
CK_INLINE void ck_philox_rounds(uint32_t *c0, uint32_t *c1, uint32_t *c2, uint32_t *c3, uint32_t k0, uint32_t k1) {
    for (int round = 0; round < 10; round++) {
        uint64_t a = (uint64_t)0xD2511F53u * *c0, b = (uint64_t)0xCD9E8D57u * *c2;
        uint32_t n0 = (uint32_t)(b >> 32) ^ *c1 ^ k0, n2 = (uint32_t)(a >> 32) ^ *c3 ^ k1;
        *c1 = (uint32_t)b;
        *c3 = (uint32_t)a;
        *c0 = n0;
        *c2 = n2;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

/// The four words at `counter` for `key`.
void ck_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/// y = x * scale where the stream's word is at least `threshold`, else 0. A word is uniform in 0 ..< 2^32, so a
/// number is dropped with probability threshold / 2^32. The backward pass is the same call on the gradient.
void ck_dropout_f32(int64_t count, const float *x, uint32_t threshold, float scale, const ck_philox_stream *stream,
                    float *y);
void ck_dropout_f64(int64_t count, const double *x, uint32_t threshold, double scale,
                    const ck_philox_stream *stream, double *y);

#endif
