"""Writes indices.json: python3 make_index_vectors.py (in this directory).

Random indices of every kind into random views, and what NumPy gives for reading, assigning and updating in place
through them; then what 0-d arrays and arrays with an axis of length 0 give. The cases have the form of operations.json.
"""

import warnings

import numpy as np

from make_vectors import array, write

rng = np.random.RandomState(2026)
arrays, cases = [], []


def argument(a):
    arrays.append(array(a))
    return len(arrays) - 1


def view():
    """A view of an array of consecutive numbers, and its place in the list."""
    ndim = rng.choice([0, 1, 2, 3, 4], p=[0.03, 0.1, 0.27, 0.4, 0.2])
    lengths = [int(n) for n in rng.choice([0, 1, 2, 3, 4, 5], ndim, p=[0.03, 0.12, 0.25, 0.25, 0.2, 0.15])]
    base = np.arange(float(np.prod(lengths, dtype=int))).reshape(lengths)
    if ndim in (0, 4) or rng.rand() < 0.4:
        return base, argument(base)
    slices = [(None, None, int(rng.choice([1, -1, 2, -2]))) for _ in range(ndim)]
    axes = [int(k) for k in rng.permutation(ndim)]
    place = argument(base)
    result = base[tuple(slice(*s) for s in slices)].transpose(axes)
    arrays.append({"of": place, "slices": [list(s) for s in slices], "axes": axes, "dtype": "f8",
                   "shape": list(result.shape)})
    return result, len(arrays) - 1


def bound(n):
    return None if rng.rand() < 0.3 else int(rng.randint(-n - 2, n + 3))


def random_index(a):
    """One to four entries: integers, slices, new axes, an ellipsis, arrays of places, masks."""
    common = [(2,), (1,), (3,), (2, 1), (1, 2), (0,)][rng.choice(6, p=[0.3, 0.1, 0.25, 0.15, 0.15, 0.05])]
    entries, axis, wanted = [], 0, rng.choice([1, 2, 3, 4], p=[0.1, 0.3, 0.4, 0.2])
    while len(entries) < wanted:
        kind = rng.choice(["int", "slice", "new", "rest", "places", "mask"], p=[0.2, 0.32, 0.1, 0.08, 0.2, 0.1])
        if kind == "new":
            entries.append(None)
            continue
        if kind == "rest":
            if any(e is Ellipsis for e in entries):
                continue
            entries.append(Ellipsis)
            # What follows counts from the last axis: one whole axis or more is left out.
            axis = min(a.ndim, axis + rng.randint(0, 2))
            skipped = a.ndim - axis - (wanted - len(entries))
            axis = max(axis, axis + skipped)
            continue
        if axis >= a.ndim:
            if len(entries) == 0:
                entries.append(Ellipsis if rng.rand() < 0.5 else None)
            break
        n = a.shape[axis]
        if kind == "int" and n:
            entries.append(int(rng.randint(-n, n)))
        elif kind == "places" and n:
            entries.append(rng.randint(-n, n, common if rng.rand() < 0.7 else common[-1:]))
        elif kind == "mask":
            entries.append(rng.rand(n) < 0.5)
        else:
            entries.append(slice(bound(n), bound(n), int(rng.choice([1, 1, -1, 2, -2, 3]))))
        axis += 1
    return tuple(entries)


def entry(i):
    if i is None:
        return "newaxis"
    if i is Ellipsis:
        return "ellipsis"
    if isinstance(i, slice):
        return {"slice": [i.start, i.stop, i.step]}
    if isinstance(i, np.ndarray):
        return {"mask" if i.dtype == bool else "places": array(i)}
    return i


def narrowed(shape):
    """A shape that broadcasts to `shape`."""
    shape = [1 if rng.rand() < 0.3 else n for n in shape]
    while shape and rng.rand() < 0.25:
        shape = shape[1:]
    return shape


def add(op, args, result, **parameters):
    cases.append({"op": op, "args": args, "result": array(result), "ulp": 0, **parameters})


def index_cases(count):
    refused = 0
    while len(cases) < count:
        a, place = view()
        i = random_index(a)
        try:
            part = a[i]
        except IndexError:
            refused += 1  # masks and places that do not broadcast together
            continue
        index = [entry(e) for e in i]
        add("index", [place], part, index=index)
        shape = narrowed(part.shape)
        value = -np.arange(1.0, 1 + np.prod(shape, dtype=int)).reshape(shape)
        w = argument(value)
        changed = a.copy()
        changed[i] = value
        add("assign", [place, w], changed, index=index)
        changed = a.copy()
        changed[i] += value
        add("update", [place, w], changed, index=index)
    print(refused, "random indices did not fit")


def edge_cases():
    shapes = [(), (0,), (0, 3), (3, 0), (2, 0, 3), (1,), (1, 1)]
    for shape in shapes:
        x = np.arange(float(np.prod(shape, dtype=int))).reshape(shape) + 2
        for kind in ("f8", "f4", "i8", "u1"):
            v = x.astype(kind)
            for name, f in {"add": np.add, "multiply": np.multiply, "less": np.less, "equal": np.equal,
                            "maximum": np.maximum}.items():
                add(name, [argument(v), argument(v)], f(v, v))
                add(name, [argument(v), argument(np.array(3, kind))], f(v, np.array(3, kind)))
                if v.ndim:
                    add(name, [argument(v), argument(v[..., :1])], f(v, v[..., :1]))
            for axis in [None] + list(range(v.ndim)):
                for op in ("sum", "mean", "any", "all", "product", "std"):
                    f = {"product": np.prod}.get(op) or getattr(np, op)
                    for keep in (False, True) if axis is not None else (False,):
                        add(op, [argument(v)], f(v, axis=axis, keepdims=keep), axis=axis, keep=keep)
                if v.size and (axis is not None or v.ndim == 0):
                    for op in ("max", "min", "argmax", "argmin"):
                        add(op, [argument(v)], getattr(v, op)(axis=axis), axis=axis, keep=False)
                if axis is not None:
                    add("cumsum", [argument(v)], v.cumsum(axis), axis=axis, keep=False)
                    add("sort", [argument(v)], np.sort(v, axis, kind="stable"), axis=axis)
                    add("argsort", [argument(v)], np.argsort(v, axis, kind="stable"), axis=axis)
                    add("repeat", [argument(v)], v.repeat(2, axis), count=2, axis=axis)
                    add("flip", [argument(v)], np.flip(v, axis), axis=axis)
                    add("concatenate", [argument(v), argument(v)], np.concatenate([v, v], axis), axis=axis)
                    add("stack", [argument(v), argument(v)], np.stack([v, v], axis), axis=axis)
            add("unique", [argument(v)], np.unique(v))
            add("reshape", [argument(v)], v.reshape(v.shape + (1,)), shape=list(v.shape) + [1])
            add("transpose", [argument(v)], v.T, axes=list(range(v.ndim))[::-1])
            add("expand_dims", [argument(v)], np.expand_dims(v, 0), axis=0)
            add("squeeze", [argument(v)], v.squeeze())
            for i in [(Ellipsis,), (None,)] + ([(slice(None, None, -1),), (np.array([], int),)] if v.ndim else []):
                add("index", [argument(v)], v[i], index=[entry(e) for e in i])
        for name in ("exp", "log", "sqrt", "floor"):
            add(name, [argument(x)], getattr(np, name)(x), )
            cases[-1]["ulp"] = 2
        if x.ndim == 2:
            for op in ("dot", "matmul"):
                add(op, [argument(x), argument(x.T)], getattr(np, op)(x, x.T))
        if x.ndim == 1:
            add("dot", [argument(x), argument(x)], np.dot(x, x))
    for n in (0, 1):
        add("solve", [argument(np.eye(n)), argument(np.ones(n))], np.linalg.solve(np.eye(n), np.ones(n)))
        add("inverse", [argument(np.eye(n))], np.linalg.inv(np.eye(n)))
        add("determinant", [argument(np.eye(n))], np.linalg.det(np.eye(n)))


if __name__ == "__main__":
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        index_cases(1500)
        edge_cases()
    write("indices.json", {"arrays": arrays, "cases": cases})
    print(len(cases), "cases")
