"""Writes reductions.json: python3 make_reduction_vectors.py (in this directory; NumPy 2.4.6 made the committed file).

Every reduction over one axis, several and all, with initial values and masks, of every type, of views, of nothing, of
0-d arrays; the same without NaN; running sums, products and extremes; which of two zeros an extreme gives (NumPy on a
processor with AVX2: there lanes of 32 bytes decide).
"""

import itertools

import numpy as np

from vector_cases import Cases

c = Cases()
rng = np.random.RandomState(41)
f4 = np.float32


def samples():
    a = rng.randn(3, 4)
    yield a
    yield c.view(a, [(None, None, -1), (None, None, 2)], [1, 0])
    yield a.astype(f4)
    b = np.round(rng.randn(2, 3, 4), 1)
    yield b
    yield c.view(b, [(None, None, None), (None, None, -1), (None, None, 2)], [2, 0, 1])
    yield rng.randint(-9, 9, (3, 4))
    yield rng.randint(0, 255, (4, 3)).astype(np.uint8)
    yield rng.randint(-9, 9, (2, 5)).astype(np.int32)
    yield rng.rand(3, 5) < 0.5
    yield np.array([[1.0, np.nan, -np.inf], [np.nan, np.nan, np.inf]])
    yield np.zeros((0, 3))
    yield np.zeros((3, 0), f4)
    yield np.array(2.5)
    yield np.array(7, np.uint8)
    yield np.array(True)


def axes_of(a):
    yield None
    yield from range(-1 if a.ndim < 2 else -2, max(a.ndim, 1))
    if a.ndim > 1:
        yield list(range(a.ndim))
    if a.ndim == 3:
        yield from ([0, 2], [-1, 1], [1])


def plain(axis):
    return tuple(axis) if isinstance(axis, list) else axis


def reductions():
    names = {"sum": np.sum, "product": np.prod, "mean": np.mean, "variance": np.var, "std": np.std, "max": np.max,
             "min": np.min, "any": np.any, "all": np.all, "countNonzero": np.count_nonzero, "median": np.median,
             "peakToPeak": np.ptp}
    for a in samples():
        floating = a.dtype.kind == "f"
        contiguous = a.flags.c_contiguous
        for axis, (name, f) in itertools.product(axes_of(a), names.items()):
            if name == "peakToPeak" and a.dtype == bool:
                continue
            loose = 0 if not floating and name not in ("variance", "std") or name in ("max", "min") else 16
            for keep in (False, True) if axis is not None else (False,):
                p = dict(axis=axis, keep=keep)
                c.add(name, lambda v: f(v, axis=plain(axis), keepdims=keep) if keep else f(v, axis=plain(axis)), a,
                      ulp=16 if name in ("variance", "std", "product") and floating else
                      0 if contiguous or not floating else loose, **p)
            if name in ("sum", "product", "max", "min"):
                initial = {"b": 1, "u": 3, "i": -2, "f": 0.75}[a.dtype.kind]
                if name in ("max", "min") and a.dtype == bool:
                    initial = True
                c.add(name, lambda v: f(v, axis=plain(axis), initial=initial), a, axis=axis, keep=False, ulp=loose,
                      initial=float(initial))
            if name in ("median", "peakToPeak", "countNonzero"):
                continue
            for shape in {a.shape, a.shape[-1:], a.shape[:-1] + (1,) if a.ndim else ()}:
                mask = rng.rand(*shape) < 0.6
                extra = {"initial": a.dtype.type(1)} if name in ("max", "min") else {}
                c.add(name, lambda v, m: f(v, axis=plain(axis), where=m, **extra), a, np.array(mask), axis=axis,
                      keep=False, masked=True, ulp=64 if floating or name in ("variance", "std") else 0,
                      **({"initial": 1.0} if extra else {}))
        for axis in axes_of(a):
            if isinstance(axis, list):
                continue
            for name, f in (("argMax", np.argmax), ("argMin", np.argmin)):
                for keep in (False, True) if axis is not None else (False,):
                    c.add(name, lambda v: f(v, axis=axis, keepdims=keep), a, axis=axis, keep=keep)
            c.add("cumulativeSum", lambda v: np.cumsum(v, axis), a, axis=axis)
            c.add("cumulativeProduct", lambda v: np.cumprod(v, axis), a, axis=axis)
            if axis is not None:
                c.add("cumulativeMaximum", lambda v: np.maximum.accumulate(v, axis), a, axis=axis)
                c.add("cumulativeMinimum", lambda v: np.minimum.accumulate(v, axis), a, axis=axis)
            c.add("argSorted", lambda v: np.argsort(v, axis if axis is not None else -1, kind="stable"), a,
                  axis=axis)
            c.add("sorted", lambda v: np.sort(v, axis if axis is not None else -1), a, axis=axis)


def without_nan():
    names = {"nanSum": np.nansum, "nanProduct": np.nanprod, "nanMean": np.nanmean, "nanVariance": np.nanvar,
             "nanStd": np.nanstd, "nanMax": np.nanmax, "nanMin": np.nanmin, "nanMedian": np.nanmedian}
    a = rng.randn(3, 5)
    a[rng.rand(3, 5) < 0.3] = np.nan
    b = np.round(rng.randn(2, 3, 4), 1)
    b[rng.rand(2, 3, 4) < 0.4] = np.nan
    b[0, 1] = np.nan
    arrays = [a, a.astype(f4), c.view(a, [(None, None, -1), (None, None, 2)], [1, 0]), b, np.array(np.nan), np.array(2.0),
              np.full((2, 3), np.nan), np.array([[np.nan, -np.inf], [np.inf, np.nan]]), np.zeros((0, 2)), np.zeros((2, 0)),
              np.array([1.0, np.nan, 3.0, 4.0, np.nan, 2.0])]
    for v in arrays:
        for axis in axes_of(v):
            for name, f in names.items():
                loose = {"nanSum": 16, "nanMean": 16, "nanProduct": 16, "nanVariance": 64, "nanStd": 64}.get(name, 0)
                for keep in (False, True) if axis is not None else (False,):
                    c.add(name, lambda x: f(x, axis=plain(axis), **({"keepdims": True} if keep else {})), v, axis=axis,
                          keep=keep, ulp=loose)
                if name in ("nanVariance", "nanStd"):
                    c.add(name, lambda x: f(x, axis=plain(axis), ddof=1), v, axis=axis, keep=False, ddof=1, ulp=loose)
            for q, method in ((0.3, "linear"), (0.5, "nearest"), (0.75, "midpoint"), (0.1, "hazen"), (1.0, "lower")):
                if v.dtype == f4:
                    continue  # NumPy keeps the share in single precision; ours is double
                c.add("nanQuantile", lambda x: np.nanquantile(x, q, axis=plain(axis), method=method), v, axis=axis,
                      keep=False, q=[repr(q)], method=method)
            if not isinstance(axis, list):
                c.add("nanArgMax", lambda x: np.nanargmax(x, axis=axis), v, axis=axis, keep=False)
                c.add("nanArgMin", lambda x: np.nanargmin(x, axis=axis), v, axis=axis, keep=False)
                c.add("nanCumulativeSum", lambda x: np.nancumsum(x, axis=axis), v, axis=axis)
                c.add("nanCumulativeProduct", lambda x: np.nancumprod(x, axis=axis), v, axis=axis)


def zeros_of_both_signs():
    for t in ("f8", "f4"):
        for n in list(range(1, 20)) + [31, 32, 33, 34, 63, 64, 65, 66, 100, 127, 200, 257]:
            v = np.where(rng.rand(n) < 0.5, -0.0, 0.0).astype(t)
            for low in (v, np.where(rng.rand(n) < 0.6, -1.0, v).astype(t)):
                c.add("max", np.max, low, axis=None, keep=False)
                c.add("min", lambda x: np.min(x), -low, axis=None, keep=False)
                c.add("argMax", np.argmax, low, axis=None, keep=False)
            if n < 40:
                w = np.where(rng.rand(n) < 0.5, -0.0, 0.0).astype(t)
                c.add("maximum", np.maximum, v, w)
                c.add("minimum", np.minimum, v, w)
                c.add("maximum", np.maximum, v, w[0])
                c.add("minimum", np.minimum, v[0], w)
                c.add("cumulativeMaximum", lambda x: np.maximum.accumulate(x), v, axis=0)
                for low, high in ((0.0, 1.0), (-0.0, 1.0), (-1.0, 0.0), (-1.0, -0.0), (0.0, None), (-0.0, None),
                                  (None, 0.0), (None, -0.0), (0.0, 0.0)):
                    c.add("clip", lambda x: np.clip(x, low, high), v, low=None if low is None else repr(low),
                          high=None if high is None else repr(high))
        for shape in ((5, 7), (7, 5), (3, 70), (2, 3, 9)):
            v = np.where(rng.rand(*shape) < 0.5, -0.0, 0.0).astype(t)
            for axis in list(range(len(shape))) + [list(range(len(shape)))]:
                c.add("max", lambda x: np.max(x, axis=plain(axis)), v, axis=axis, keep=False)
                c.add("min", lambda x: np.min(x, axis=plain(axis)), v, axis=axis, keep=False)


if __name__ == "__main__":
    reductions()
    without_nan()
    zeros_of_both_signs()
    c.write("reductions.json")
