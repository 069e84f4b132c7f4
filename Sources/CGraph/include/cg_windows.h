// Windows that slide over planes of any number of axes: pooling, convolutions that oneDNN is not asked for, resizing.
#ifndef CG_WINDOWS_H
#define CG_WINDOWS_H

#include <stddef.h>
#include <stdint.h>

/// The most axes of a plane.
#define CG_MAX_AXES 8

/// Windows over planes of `rank` axes: element r of window p along an axis is in[p stride - before + r dilation].
struct cg_windows {
    int32_t rank;
    const ptrdiff_t *in, *out, *kernel, *stride, *before, *after, *dilation;
};

/// The largest element of each window, and its index in the whole tensor (`places`, NULL for none; `columns`: counted with
/// the first axis of the plane fastest). Types: float32, float64, int8, uint8. 1 where the type is known. In parallel.
int32_t cg_max_pool(int32_t type, ptrdiff_t planes, const struct cg_windows *w, int32_t columns, const void *x, void *y,
                    int64_t *places);
/// The mean of each window's elements inside the plane, or (`count_padding`) inside the padded plane. float32 or float64.
int32_t cg_average_pool(int32_t type, ptrdiff_t planes, const struct cg_windows *w, int32_t count_padding, const void *x,
                        void *y);
/// The p-norm of each window. float32.
void cg_norm_pool(ptrdiff_t planes, const struct cg_windows *w, double p, const float *x, float *y);

/// y[N, K, out] = x[N, C, in] * weights[K, C / groups, kernel] (+ bias[K], NULL for none). float32, float64 or int32.
int32_t cg_convolve(int32_t type, ptrdiff_t images, ptrdiff_t channels, ptrdiff_t outputs, ptrdiff_t groups,
                    const struct cg_windows *w, const void *x, const void *weights, const void *bias, void *y);
/// The adjoint: x[N, C, out] (windows are counted by x), weights[C, K / groups, kernel], y[N, K, in].
int32_t cg_convolve_transposed(int32_t type, ptrdiff_t images, ptrdiff_t channels, ptrdiff_t outputs, ptrdiff_t groups,
                               const struct cg_windows *w, const void *x, const void *weights, const void *bias, void *y);

/// One axis of a resampling: y[o, q, i] = sum over t of weights[q taps + t] x[o, places[q taps + t], i]. float32.
void cg_resample(ptrdiff_t outer, ptrdiff_t in, ptrdiff_t out, ptrdiff_t inner, ptrdiff_t taps, const int32_t *places,
                 const float *weights, const float *x, float *y);

#endif
