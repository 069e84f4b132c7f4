// MT19937 and the draws of NumPy's RandomState, bit for bit.
#include <math.h>
#include <string.h>

#include "ck_core.h"
#include "ck_random.h"

// A fused multiply-add would round once where NumPy rounds twice.
#pragma STDC FP_CONTRACT OFF

#define MT19937_SHIFT 397
#define MT19937_UPPER 0x80000000u
#define MT19937_LOWER 0x7fffffffu
#define MT19937_TWIST(first, second) \
    ((((first) & MT19937_UPPER) | ((second) & MT19937_LOWER)) >> 1 ^ (-((second) & 1u) & 0x9908b0dfu))

void ck_mt_seed(uint32_t *words, uint32_t seed) {
    CK_ASSERT_GIVEN(words);
    for (uint32_t i = 0; i < CK_MT_LENGTH; i++) {
        words[i] = seed;
        seed = 1812433253u * (seed ^ (seed >> 30)) + i + 1;
    }
    words[CK_MT_LENGTH] = CK_MT_LENGTH;
}

void ck_mt_seed_array(uint32_t *words, const uint32_t *seeds, ptrdiff_t count) {
    CK_ASSERT_GIVEN(words);
    CK_ASSERT(count, > 0);
    CK_ASSERT_MEMORY(seeds, count);
    ck_mt_seed(words, 19650218u);
    ptrdiff_t j = 0;
    uint32_t i = 1;
    for (ptrdiff_t k = count > CK_MT_LENGTH ? count : CK_MT_LENGTH; k > 0; k--) {
        words[i] = (words[i] ^ ((words[i - 1] ^ (words[i - 1] >> 30)) * 1664525u)) + seeds[j] + (uint32_t)j;
        if (++i >= CK_MT_LENGTH) {
            words[0] = words[CK_MT_LENGTH - 1];
            i = 1;
        }
        if (++j >= count) j = 0;
    }
    for (int32_t k = CK_MT_LENGTH - 1; k > 0; k--) {
        words[i] = (words[i] ^ ((words[i - 1] ^ (words[i - 1] >> 30)) * 1566083941u)) - i;
        if (++i >= CK_MT_LENGTH) {
            words[0] = words[CK_MT_LENGTH - 1];
            i = 1;
        }
    }
    words[0] = MT19937_UPPER;  // so that the state cannot be all zeros
    words[CK_MT_LENGTH] = CK_MT_LENGTH;
}

/// The next 624 words. Three loops, because each reads only what it does not write within a vector's width.
CK_CLONES static void ck_mt_refill(uint32_t *words) {
    for (int i = 0; i < CK_MT_LENGTH - MT19937_SHIFT; i++) words[i] = words[i + MT19937_SHIFT] ^ MT19937_TWIST(words[i], words[i + 1]);
    for (int i = CK_MT_LENGTH - MT19937_SHIFT; i < CK_MT_LENGTH - 1; i++)
        words[i] = words[i + MT19937_SHIFT - CK_MT_LENGTH] ^ MT19937_TWIST(words[i], words[i + 1]);
    words[CK_MT_LENGTH - 1] = words[MT19937_SHIFT - 1] ^ MT19937_TWIST(words[CK_MT_LENGTH - 1], words[0]);
    words[CK_MT_LENGTH] = 0;
}

CK_INLINE uint32_t next32(uint32_t *words) {
    if (words[CK_MT_LENGTH] >= CK_MT_LENGTH) ck_mt_refill(words);
    uint32_t y = words[words[CK_MT_LENGTH]++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
}

CK_INLINE uint64_t next64(uint32_t *words) {
    uint64_t high = next32(words);
    return high << 32 | next32(words);
}

CK_INLINE double next_double(uint32_t *words) {
    int32_t high = (int32_t)(next32(words) >> 5), low = (int32_t)(next32(words) >> 6);
    return (high * 67108864.0 + low) / 9007199254740992.0;
}

CK_INLINE double next_gauss(uint32_t *words, ck_gauss_cache *cache) {
    if (cache->present) {
        cache->present = 0;
        return cache->value;
    }
    double x, y, square;
    do {
        x = 2.0 * next_double(words) - 1.0;
        y = 2.0 * next_double(words) - 1.0;
        square = x * x + y * y;
    } while (square >= 1.0 || square == 0.0);
    double factor = sqrt(-2.0 * log(square) / square);
    cache->value = factor * x;
    cache->present = 1;
    return factor * y;
}

/// The smallest 2^k - 1 that is at least `value`.
CK_INLINE uint64_t mask_for(uint64_t value) {
    return value == 0 ? 0 : UINT64_MAX >> __builtin_clzll(value);
}

/// An integer in 0...max, by masked rejection.
CK_INLINE uint64_t next_interval(uint32_t *words, uint64_t max, uint64_t mask) {
    uint64_t value;
    if (max == 0) return 0;
    if (max <= UINT32_MAX) {
        do value = next32(words) & mask;
        while (value > max);
    } else {
        do value = next64(words) & mask;
        while (value > max);
    }
    return value;
}

uint32_t ck_mt_next32(uint32_t *words) {
    CK_ASSERT_GIVEN(words);
    return next32(words);
}
uint64_t ck_mt_next64(uint32_t *words) {
    CK_ASSERT_GIVEN(words);
    return next64(words);
}
double ck_mt_double(uint32_t *words) {
    CK_ASSERT_GIVEN(words);
    return next_double(words);
}
double ck_mt_gauss(uint32_t *words, ck_gauss_cache *cache) {
    CK_ASSERT_GIVEN(words);
    CK_ASSERT_GIVEN(cache);
    return next_gauss(words, cache);
}

void ck_mt_uniform_f64(uint32_t *words, double low, double range, ptrdiff_t count, double *out) {
    CK_ASSERT_GIVEN(words);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(out, count);
    for (ptrdiff_t i = 0; i < count; i++) out[i] = low + range * next_double(words);
}

void ck_mt_uniform_f32(uint32_t *words, double low, double range, ptrdiff_t count, float *out) {
    CK_ASSERT_GIVEN(words);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(out, count);
    for (ptrdiff_t i = 0; i < count; i++) out[i] = (float)(low + range * next_double(words));
}

void ck_mt_normal_f64(uint32_t *words, ck_gauss_cache *cache, double location, double scale, ptrdiff_t count,
                      double *out) {
    CK_ASSERT_GIVEN(words);
    CK_ASSERT_GIVEN(cache);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(out, count);
    for (ptrdiff_t i = 0; i < count; i++) out[i] = location + scale * next_gauss(words, cache);
}

void ck_mt_normal_f32(uint32_t *words, ck_gauss_cache *cache, double location, double scale, ptrdiff_t count,
                      float *out) {
    CK_ASSERT_GIVEN(words);
    CK_ASSERT_GIVEN(cache);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(out, count);
    for (ptrdiff_t i = 0; i < count; i++) out[i] = (float)(location + scale * next_gauss(words, cache));
}

void ck_mt_integers(uint32_t *words, int64_t low, uint64_t range, ptrdiff_t count, int64_t *out) {
    CK_ASSERT_GIVEN(words);
    CK_ASSERT(count, >= 0);
    CK_ASSERT_MEMORY(out, count);
    uint64_t mask = mask_for(range);
    for (ptrdiff_t i = 0; i < count; i++)
        out[i] = (int64_t)((uint64_t)low + next_interval(words, range, mask));
}

#define MT19937_PERMUTATION(suffix, type)                                                \
    void ck_mt_permutation_##suffix(uint32_t *words, ptrdiff_t count, type *out) {       \
        CK_ASSERT_GIVEN(words);                                                          \
        CK_ASSERT(count, >= 0);                                                          \
        CK_ASSERT_MEMORY(out, count);                                                    \
        for (ptrdiff_t i = 0; i < count; i++) out[i] = (type)i;                          \
        for (ptrdiff_t i = count - 1; i > 0; i--) {                                      \
            uint64_t j = next_interval(words, (uint64_t)i, mask_for((uint64_t)i));       \
            type kept = out[j];                                                          \
            out[j] = out[i];                                                             \
            out[i] = kept;                                                               \
        }                                                                                \
    }
MT19937_PERMUTATION(i64, int64_t)
MT19937_PERMUTATION(i32, int32_t)

void ck_mt_shuffle_rows(uint32_t *words, ptrdiff_t count, ptrdiff_t row_bytes, void *rows, void *scratch) {
    CK_ASSERT_GIVEN(words);
    CK_ASSERT(count, >= 0);
    CK_ASSERT(row_bytes, >= 0);
    CK_ASSERT_MEMORY(rows, count * row_bytes);
    CK_ASSERT_MEMORY(scratch, row_bytes * (count > 1));
    char *base = rows;
    for (ptrdiff_t i = count - 1; i > 0; i--) {
        ptrdiff_t j = (int64_t)next_interval(words, (uint64_t)i, mask_for((uint64_t)i));
        if (i == j) continue;
        memcpy(scratch, base + j * row_bytes, (size_t)row_bytes);
        memcpy(base + j * row_bytes, base + i * row_bytes, (size_t)row_bytes);
        memcpy(base + i * row_bytes, scratch, (size_t)row_bytes);
    }
}
