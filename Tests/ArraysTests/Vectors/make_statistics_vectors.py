"""Writes statistics.json: python3 make_statistics_vectors.py (in this directory; NumPy 2.4.6 made the committed file).

Quantiles, histograms, searching, sets, differences, averages, covariances, picking along an axis.
"""

import numpy as np

from vector_cases import Cases

c = Cases()
rng = np.random.RandomState(43)
f4 = np.float32
METHODS = ["linear", "lower", "higher", "nearest", "midpoint", "inverted_cdf", "averaged_inverted_cdf",
           "closest_observation", "interpolated_inverted_cdf", "hazen", "weibull", "median_unbiased", "normal_unbiased"]


def plain(axis):
    return tuple(axis) if isinstance(axis, list) else axis


def quantiles():
    a = np.round(rng.randn(3, 7), 1)
    b = rng.randn(2, 3, 4)
    infinite = np.array([[-np.inf, 1.0, 2.0, np.inf], [np.nan, 1.0, 2.0, 3.0]])
    arrays = [(a, [None, 0, 1, -1, [0, 1]]), (c.view(a, [(None, None, -1), (None, None, 2)], [1, 0]), [None, 0, 1]),
              (b, [None, 1, [0, 2], [-1]]), (rng.randint(0, 9, 11), [None, 0]), (infinite, [None, 0, 1]),
              (np.array(2.0), [None]), (np.array([5.0]), [None, 0]), (np.zeros((3, 0)), [0]), (rng.randn(200), [None]),
              (rng.randint(0, 255, 60).astype(np.uint8), [None])]
    shares = [0.0, 0.1, 0.25, 0.5, 0.6, 0.9, 1.0, 1 / 3]
    for v, axes in arrays:
        for axis in axes:
            for method in METHODS:
                c.add("quantiles", lambda x: np.asarray(np.quantile(x, shares, axis=plain(axis), method=method), float), v,
                      axis=axis, keep=False, method=method, q=[repr(s) for s in shares])
            c.add("percentiles", lambda x: np.percentile(x, [5, 50, 95], axis=plain(axis), keepdims=axis is not None), v,
                  axis=axis, keep=axis is not None, method="linear", q=["5.0", "50.0", "95.0"])
            c.add("quantile", lambda x: np.quantile(x, 0.3, axis=plain(axis)), v, axis=axis, keep=False, method="linear",
                  q=["0.3"])
            c.add("percentile", lambda x: np.percentile(x, 37.5, axis=plain(axis)), v, axis=axis, keep=False,
                  method="linear", q=["37.5"])
    single = rng.randn(9).astype(f4)
    for q in (0.25, 0.5, 0.75):  # exact in single precision, in which NumPy keeps them
        c.add("quantile", lambda x: np.quantile(x, q), single, axis=None, keep=False, method="linear", q=[repr(q)])


def searching():
    for t in ("f8", "f4", "i8", "i4", "u1"):
        s = np.sort(rng.randint(0, 20, 15)).astype(t)
        v = rng.randint(0, 22, (3, 4)).astype(t)
        for side in ("left", "right"):
            c.add("searchSorted", lambda x, y: np.searchsorted(x, y, side), s, v, side=side)
            c.add("searchSorted", lambda x, y: np.searchsorted(x, y, side), s[:0], v, side=side)
            c.add("searchSorted", lambda x, y: np.searchsorted(x, y, side), s, v[:0], side=side)
            c.add("searchSorted", lambda x, y: np.searchsorted(x, y, side), s, v[0, 0], side=side)
            c.add("searchSorted", lambda x, y: np.searchsorted(x, y, side), s, c.view(v, [(None, None, -1), (None, None, 2)], [1, 0]),
                  side=side)
            mixed = rng.permutation(s)
            order = np.argsort(mixed, kind="stable")
            c.add("searchSorted", lambda x, y, o: np.searchsorted(x, y, side, o), mixed, v, order, side=side, sorter=True)
        for right in (False, True):
            c.add("digitized", lambda x, y: np.digitize(x, y, right), v, s, right=right)
            c.add("digitized", lambda x, y: np.digitize(x, y, right), v, c.view(s, [(None, None, -1)]), right=right)
            c.add("digitized", lambda x, y: np.digitize(x, y, right), v, s[:1], right=right)
            c.add("digitized", lambda x, y: np.digitize(x, y, right), v, s[:0], right=right)
        for other in (s, s[:0], v[:2]):
            for invert in (False, True):
                c.add("isIn", lambda x, y: np.isin(x, y, invert=invert), v, other, invert=invert)
        for name, f in (("intersection", np.intersect1d), ("union", np.union1d), ("subtracting", np.setdiff1d),
                        ("symmetricDifference", np.setxor1d)):
            c.add(name, f, v, s)
            c.add(name, f, v, s[:0])
        for values in (v, v * 0, v[:0]):
            c.add("argWhere", np.argwhere, values)
            c.add("flatNonzero", np.flatnonzero, values)
        for k in (0, 3, -1, -5, 14):
            # Only the chosen place is said by NumPy; the test checks the others against it.
            c.add("partitioned", lambda x: np.partition(x, k)[k], rng.permutation(s), k=k)
            c.add("partitioned", lambda x: np.partition(x, k)[k], rng.permutation(np.arange(15)).astype(t), k=k)
    nan = np.array([0.5, 2.0, np.nan, np.nan])
    for t in ("f8", "f4"):
        for side in ("left", "right"):
            c.add("searchSorted", lambda x, y: np.searchsorted(x, y, side), nan.astype(t),
                  np.array([np.nan, np.inf, -np.inf, 2.0], t), side=side)
        c.add("isIn", lambda x, y: np.isin(x, y, invert=False), nan.astype(t), nan.astype(t), invert=False)
        c.add("partitioned", lambda x: np.partition(x, 2)[2], np.array([np.nan, 3, np.nan, 1, 2, np.inf], t), k=2)
        c.add("partitioned", lambda x: np.partition(x, 5)[5], np.array([np.nan, 3, np.nan, 1, 2, np.inf], t), k=5)
    flags = np.array([True, False, True])
    c.add("searchSorted", np.searchsorted, np.array([False, False, True]), flags, side="left")
    c.add("isIn", np.isin, flags, np.array([False]), invert=False)
    c.add("unique", np.unique, flags)
    c.add("argWhere", np.argwhere, np.array(3.0))
    c.add("argWhere", np.argwhere, np.array(0.0))
    c.add("argWhere", np.argwhere, rng.randn(2, 3, 2) > 0)


def histograms():
    edges = np.array([-1.0, 0.0, 0.25, 2.0, 2.0, 5.0])
    uneven = [edges, np.array([0.0, 1.0]), np.array([3.0])]
    for t in ("f8", "f4", "i8", "i4", "u1"):
        for v in (np.round(np.abs(rng.randn(40)) * 3, 1), np.array([1.0, 2, 2, 5, 5, 9]), np.array([3.0] * 4), np.zeros(0),
                  rng.rand(4, 5) * 200, np.arange(100) / 10):
            v = v.astype(t)
            w = rng.rand(*v.shape)
            for bins in (1, 3, 10, 37):
                for limits in (None, (0.0, 5.0), (1.0, 2.5)):
                    p = dict(bins=bins, range=None if limits is None else [repr(x) for x in limits])
                    c.add("histogram", lambda x: np.histogram(x, bins, limits)[0], v, **p)
                    c.add("histogram_edges", lambda x: np.asarray(np.histogram(x, bins, limits)[1], float), v, **p)
                    c.add("histogram_density", lambda x: np.histogram(x, bins, limits, density=True)[0], v, ulp=4, **p)
                    c.add("histogram_weights", lambda x, y: np.histogram(x, bins, limits, weights=y)[0], v, w, ulp=8, **p)
                    c.add("histogram_both", lambda x, y: np.histogram(x, bins, limits, True, y)[0], v, w, ulp=8, **p)
            for e in uneven:
                c.add("histogram_uneven", lambda x, y: np.histogram(x, y)[0].astype(int), v, e)
                c.add("histogram_uneven_density", lambda x, y: np.histogram(x, y, density=True)[0], v, e, ulp=4)
                c.add("histogram_uneven_weights", lambda x, y, z: np.histogram(x, y, weights=z)[0], v, e, w, ulp=32)
    c.add("histogram", lambda x: np.histogram(x, 4)[0], np.array([True, False, True]), bins=4, range=None)
    c.add("histogram", lambda x: np.histogram(x, 4, (0, 3))[0], np.array([np.nan, 1.0, 2.0]), bins=4, range=["0.0", "3.0"])


def averages():
    a, n = rng.randn(3, 4), rng.randint(-5, 5, (2, 3, 4))
    for v in (a, n, c.view(n, [(None, None, None), (None, None, -1), (None, None, 2)], [2, 0, 1]), a[0], (a > 0)):
        w = rng.rand(*v.shape)
        c.add("average", lambda x, y: np.average(x, weights=y), v, w, axis=None, keep=False, ulp=16)
        for axis in range(-1, v.ndim):
            for keep in (False, True):
                c.add("average", lambda x, y: np.average(x, axis, y, keepdims=keep), v, w, axis=axis, keep=keep, ulp=64)
                c.add("average", lambda x, y: np.average(x, axis, y, keepdims=keep), v, rng.randint(1, 9, v.shape[axis]),
                      axis=axis, keep=keep, ulp=64)
    c.add("average", lambda x, y: np.average(x, (0, 2), y), n, rng.rand(2, 4), axis=[0, 2], keep=False, ulp=64)
    c.add("average", lambda x, y: np.average(x, (2, 0), y), n, rng.rand(4, 2), axis=[2, 0], keep=False, ulp=64)
    for v in (a, a[0], n[0], a.T, a.astype(f4), a[:1], a[:, :1], np.zeros((0, 3)), a > 0):
        for rowvar in (True, False):
            for ddof in (0, 1):
                if v.dtype != f4 and v.dtype != bool:
                    c.add("covariance", lambda x: np.cov(x, rowvar=rowvar, ddof=ddof), v, rows=rowvar, ddof=ddof, ulp=1 << 14)
            if v.size and v.dtype != f4 and v.dtype != bool:
                c.add("correlation", lambda x: np.corrcoef(x, rowvar=rowvar), v, rows=rowvar, ulp=1 << 14)


def along_axes():
    a, b = rng.randn(3, 4), rng.randint(0, 99, (2, 3, 4)).astype(np.int32)
    for v in (a, b, c.view(b, [(None, None, None), (None, None, -1), (None, None, 2)], [2, 0, 1])):
        for axis in range(-1, v.ndim):
            shape = list(v.shape)
            shape[axis] = 2
            for lengths in (shape, [1 if k != axis % v.ndim else 2 for k in range(v.ndim)],
                            [0 if k == axis % v.ndim else n for k, n in enumerate(v.shape)]):
                places = rng.randint(-v.shape[axis], v.shape[axis], lengths)
                c.add("takingAlongAxis", lambda x, y: np.take_along_axis(x, y, axis), v, places, axis=axis)

            def put(x, y, z):
                x = x.copy()
                np.put_along_axis(x, y, z, axis)
                return x

            distinct = np.argsort(rng.rand(*v.shape), axis)
            c.add("putAlongAxis", put, v, distinct, (np.arange(v.size).reshape(v.shape) * -1).astype(v.dtype), axis=axis)
            c.add("putAlongAxis", put, v, distinct[:, :1] if v.ndim == 2 and axis == 1 else distinct, np.array(5, v.dtype), axis=axis)
            c.add("argSorted_taken", lambda x: np.sort(x, axis), v, axis=axis)
    for keys in ([a[0], a[1]], [np.array([1, 2, 1, 2]), np.array([3, 3, 0, 0]), np.array([1, 1, 1, 0])],
                 [np.array([[1, 0], [0, 1]]), np.array([[2, 2], [2, 2]])]):
        c.add("lexSorted", lambda *k: np.lexsort(k), *keys)


def differences():
    a, b, n = rng.randn(5), rng.randint(0, 9, (3, 4)), rng.randint(0, 9, (4, 3)).astype(np.uint8)
    for v in (a, b, n, a.astype(f4), c.view(b, [(None, None, -1), (None, None, 2)], [1, 0]), a[:1], a[:0]):
        for axis in range(-1, v.ndim):
            for order in (0, 1, 2, 3, 9):
                c.add("differences", lambda x: np.diff(x, order, axis), v, axis=axis, order=order)
            c.add("differences_between", lambda x, y: np.diff(x, 1, axis, y, y), v, np.array(2, v.dtype), axis=axis, order=1)
            if v.dtype.kind != "u":
                real = v.dtype if v.dtype.kind == "f" else np.dtype(float)
                c.add("trapezoid", lambda x: np.asarray(np.trapezoid(x, dx=0.5, axis=axis), real), v, axis=axis, ulp=32)
                x = np.cumsum(rng.rand(v.shape[axis])).astype(real)
                c.add("trapezoid_at", lambda y, x: np.asarray(np.trapezoid(y, x, axis=axis), real), v, x, axis=axis, ulp=64)
        c.add("elementDifferences", lambda x: np.ediff1d(x), v)
        c.add("elementDifferences_between", lambda x, y: np.ediff1d(x, y, y), v, np.array([1, 2], v.dtype))
    for v in (b, np.arange(24).reshape(2, 3, 4)):
        for k in range(-5, 6):
            for axes in [(0, 1), (1, 0), (0, -1)] + ([(1, 2), (-2, -1)] if v.ndim == 3 else []):
                c.add("rotated", lambda x: np.rot90(x, k, axes), v, k=k, axes=list(axes))


if __name__ == "__main__":
    quantiles()
    searching()
    histograms()
    averages()
    along_axes()
    differences()
    c.write("statistics.json")
