// Random numbers by counter: number k of a stream follows from the key and k alone, so parts can be drawn in any
// order by any thread.
//
// Source: J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011
// (Philox4x32-10).
#ifndef CK_PHILOX_H
#define CK_PHILOX_H

#include <stdint.h>

/// Which stream: two words of key, and the upper two of the counter's four.
typedef struct {
    uint32_t key[2];
    uint32_t stream[2];
} ck_philox_stream;

/// The four words at `counter` for `key`.
void ck_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/// y = x * scale where the stream's word is at least `threshold`, else 0. A word is uniform in 0 ..< 2^32, so a
/// number is dropped with probability threshold / 2^32. The backward pass is the same call on the gradient.
void ck_dropout_f32(int64_t count, const float *x, uint32_t threshold, float scale, const ck_philox_stream *stream,
                    float *y);
void ck_dropout_f64(int64_t count, const double *x, uint32_t threshold, double scale,
                    const ck_philox_stream *stream, double *y);

#endif
