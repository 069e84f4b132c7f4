# More than 500 lines: one run of one NumPy makes all of these files.
"""Writes the NumPy vectors that ArraysTests compares with: python3 make_vectors.py (in this directory).

Each file is one JSON object: the NumPy version, and named arrays {"dtype", "shape", "data"} in row-major
order; floating-point numbers are strings, because JSON has no NaN and Foundation's reader rounds the last bit.
"""

import json
import os
import sys
import warnings

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def number(x):
    if isinstance(x, (bool, np.bool_)):
        return int(x)
    if isinstance(x, (int, np.integer)):
        return int(x)
    return repr(float(x))


def array(a):
    a = np.asarray(a)
    return {"dtype": a.dtype.str[1:], "shape": list(a.shape), "data": [number(x) for x in a.ravel().tolist()]}


def write(name, content):
    with open(os.path.join(HERE, name), "w") as file:
        file.write('{"numpy": "%s"' % np.__version__)
        for key, value in content.items():
            file.write(",\n%s: %s" % (json.dumps(key), json.dumps(value)))
        file.write("}\n")


def random_vectors():
    v = {}
    R = np.random.RandomState
    for seed in (0, 1, 42, 4294967295):
        r = R(seed)
        v[f"rand {seed}"] = array(r.rand(7))
        v[f"randn {seed}"] = array(r.randn(5))  # odd: a cached value stays
        v[f"uniform {seed}"] = array(r.uniform(-2.5, 7, 6))
        v[f"normal {seed}"] = array(r.normal(3, 0.25, (2, 3)))
        v[f"randint {seed}"] = array(r.randint(0, 10, 20))
        v[f"randint offset {seed}"] = array(r.randint(-5, 1000, (4, 3)))
        v[f"randint wide {seed}"] = array(r.randint(-(2**62), 2**62, 5))
        v[f"randint 2^32 {seed}"] = array(r.randint(0, 2**32, 5))
        v[f"randint one {seed}"] = array(r.randint(4, 5, 3))
        v[f"choice {seed}"] = array(r.choice(60000, 10))
        v[f"choice distinct {seed}"] = array(r.choice(20, 8, replace=False))
        v[f"choice p {seed}"] = array(r.choice(4, 12, p=[0.1, 0.2, 0.3, 0.4]))
        v[f"choice p distinct {seed}"] = array(r.choice(6, 4, replace=False, p=[0.05, 0.05, 0.1, 0.6, 0.1, 0.1]))
        v[f"permutation {seed}"] = array(r.permutation(37))
        x = np.arange(12.0).reshape(6, 2)
        r.shuffle(x)
        v[f"shuffle {seed}"] = array(x)
        v[f"permutation rows {seed}"] = array(r.permutation(np.arange(15).reshape(5, 3)))
        v[f"float32 {seed}"] = array(r.randn(4).astype(np.float32))
        v[f"last {seed}"] = array(r.rand(2))
    for name, draw in {
        "exponential": lambda r: r.exponential(2.5, 40), "laplace": lambda r: r.laplace(1, 2, 40),
        "logistic": lambda r: r.logistic(1, 2, 40), "gumbel": lambda r: r.gumbel(1, 2, 40),
        "lognormal": lambda r: r.lognormal(0.5, 0.25, 40), "rayleigh": lambda r: r.rayleigh(1.5, 40),
        "weibull": lambda r: r.weibull(1.7, 40), "cauchy": lambda r: r.standard_cauchy(40),
        "gamma large": lambda r: r.gamma(3.5, 2, 40), "gamma small": lambda r: r.gamma(0.4, 2, 40),
        "gamma one": lambda r: r.gamma(1, 2, 40), "chisquare": lambda r: r.chisquare(5, 40),
        "beta small": lambda r: r.beta(0.5, 0.75, 40), "beta large": lambda r: r.beta(2, 3, 40),
        "poisson small": lambda r: r.poisson(3.2, 200), "poisson large": lambda r: r.poisson(47.5, 200),
    }.items():
        v[name] = array(draw(R(99)))
    r = R([1, 2, 3])
    v["seeds"] = array(r.randint(0, 2**32, 5))
    r = R(7)
    big = r.permutation(60000)
    v["permutation 60000 head"] = array(big[:20])
    v["permutation 60000 weighted"] = array(int((big * np.arange(60000)).sum()))
    r = R(3)
    x = r.randn(1001)
    v["get_state key"] = array(r.get_state()[1])
    v["get_state position"] = array(r.get_state()[2])
    v["get_state gauss"] = array(r.get_state()[4])
    write("random.json", v)


def printed_vectors():
    """What NumPy prints for arrays of every kind: [{dtype, shape, data, options, text}]."""
    cases = []

    def add(a, **options):
        a = np.asarray(a)
        if a.ndim == 0:
            text = str(a)
        else:
            text = np.array2string(a, **options)
        cases.append({**array(a), "options": options, "text": text})

    f8, f4 = np.float64, np.float32
    special = [np.nan, np.inf, -np.inf, -0.0]
    lists = [
        [1.0, 0.5], [0.1, 0.2, 0.3], [1.0, 2.0, 3.0], [0.0], [-0.0], [-0.0, 1.0], [np.nan], [np.inf], [-np.inf],
        [np.nan, np.inf], [np.nan, 1.0], [-np.inf, 1.0], [np.inf, 12345.0], [np.nan, 0.25, -3.5], special,
        [np.nan, 1e-10], [-np.inf, 1e10, 5], [np.inf, -1e-10], [1e8], [99999999.0], [1e7, 1.0], [1e-4], [9.9e-5],
        [1e-4, 0.1], [1e-4, 0.1001], [1000.0, 1.0], [1000.1, 1.0], [1e16, 1.0], [1e100], [1e-100, 1.0],
        [1e300, 1e-300], [5e-324], [1.7976931348623157e308], [0.57444252, 0.66818777, 0.75026011],
        [1 / 3, 2 / 3], [1e-5 / 3, 2.0], [123456.789], [1234567.891, 3], [0.1 + 0.2], [1e22, 1e23], [2.5, 1e10],
        [-1.0, 10.0, -100.0], [3.0, -1.25e-3], [6, 8], [100.0, 1e3, 1e5], [12345678.9], [0.123456785, 0.5],
        [0.999999999], [9.999999999], [1e-9 + 1], [1.5, 2.25, 3.125, 4.0625], [-1e-7, 1], [1e-7, 2e-7],
        [1.25e-7, 2e-7], [0.00012345, 0.5], [1 - 1e-12, 1e-3], [123.0, 0.12345678901], [5.0, 0.0, 0.0],
        [0.30000001192092896], [2**24 + 1.0], [7.0] * 30, [0.1] * 30,
    ]
    for values in lists:
        add(np.array(values, f8))
        with np.errstate(over="ignore"):
            add(np.array(values, f4))
    rng = np.random.RandomState(5)
    for shape in [(5,), (3, 4), (2, 3, 2), (2, 1, 2, 2), (40,), (20, 3), (3, 30), (1, 1, 1), (4, 25)]:
        a = rng.randn(*shape)
        for b in (a, a * 1e-6, a * 1e6, np.round(a, 2), np.exp(8 * a)):
            add(b)
            add(b.astype(f4))
        add((a * 100).astype(np.int64))
        add((a * 1e6).astype(np.int32))
        add(a > 0)
        add((np.abs(a) * 50).astype(np.uint8))
    for shape in [(1001,), (2000,), (50, 50), (1000, 2), (2, 1000), (11, 11, 11), (3, 700), (1000,), (2, 2, 300)]:
        count = int(np.prod(shape))
        a = np.arange(count).reshape(shape)
        add(a)
        add(a.astype(f8))
        add(a.astype(f4) / 7)
        add(a % 3 == 0)
        add((a * 5 % 256).astype(np.uint8))
    for shape in [(0,), (0, 3), (2, 0), (1, 0, 2)]:
        add(np.zeros(shape))
        add(np.zeros(shape, int))
    for x in [0.0, -0.0, 1.0, 1.5, 0.1 + 0.2, 1e16, 9999999999999998.0, 1e-4, 9.9e-5, 1e-5, 1.5e-7, np.nan, np.inf,
              -np.inf, 123456789.125, 1e22, 5e-324, -2.5]:
        add(f8(x))
        add(f4(x))
    for x in [0, -5, 2**62]:
        add(np.int64(x))
    add(np.bool_(True))
    add(np.bool_(False))
    add(np.array([-(2**63), 2**63 - 1]))
    add(np.array([1, -10, 100]))
    a = rng.randn(4, 3)
    for options in [
        {"precision": 2}, {"precision": 0}, {"precision": 3, "suppress_small": True}, {"precision": 15},
        {"precision": 20}, {"threshold": 5}, {"threshold": 5, "edgeitems": 1}, {"max_line_width": 20},
        {"threshold": 0, "edgeitems": 2, "precision": 1}, {"suppress_small": True},
    ]:
        for b in (a, a * 1e-5, a * 1e5, a.astype(f4), (a * 100).astype(int), np.array([0.5, 1.5, 2.5, 0.05]),
                  np.array([1e-10, 1.0]), np.arange(30) / 3):
            add(b, **options)
    write("printed.json", {"cases": cases})


def operation_vectors():
    """[{op, args, result, ulp, and the operation's own parameters}]: ulp 0 asks for the same bits.

    Arguments are places in the list "arrays". There an array is written out, or is drawn(seed, shape), or is a
    view (slices, then axes permuted) of another, because the layout decides the order of a sum.
    """
    cases = []
    arrays = []
    known = {}
    kept = []  # alive, so that ids stay unique
    rng = np.random.RandomState(11)

    def place(entry):
        key = json.dumps(entry)
        if key not in known:
            known[key] = len(arrays)
            arrays.append(entry)
        return known[key]

    def name_it(a, entry):
        kept.append(a)
        known[id(a)] = place(entry)
        return a

    def drawn(seed, *shape):
        return name_it(np.random.RandomState(seed).randn(*shape), {"drawn": seed, "dtype": "f8", "shape": list(shape)})

    def view(a, slices=(), axes=None):
        result = a[tuple(slice(*s) for s in slices)]
        axes = list(range(a.ndim)) if axes is None else axes
        entry = {"of": argument(a), "slices": [list(s) for s in slices], "axes": axes, "dtype": a.dtype.str[1:],
                 "shape": list(result.transpose(axes).shape)}
        return name_it(result.transpose(axes), entry)

    def argument(a):
        return known[id(a)] if id(a) in known else place(array(a))

    def add(op, function, *args, ulp=0, **parameters):
        args = [np.asarray(a) for a in args]
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = function(*args)
        cases.append({"op": op, "args": [argument(a) for a in args], "result": array(result), "ulp": ulp,
                      **parameters})

    np.seterr(all="ignore")
    f4 = np.float32
    a34, b34 = rng.randn(3, 4), rng.randn(3, 4)
    a234 = rng.randn(2, 3, 4)
    special = np.array([0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 1e308, 5e-324, 2.5, -2.5, 0.5])
    i34 = rng.randint(-9, 9, (3, 4))
    u8 = np.array([[0, 1, 255, 128], [7, 200, 3, 90]], np.uint8)
    i32 = np.array([2**31 - 1, -(2**31), 5, -7], np.int32)

    # Binary operations and broadcasting.
    pairs = [
        (a34, b34), (a34, b34[0]), (a34[:, :1], b34), (a234, b34), (a234, b34[:, :1]), (a34[:, 0], np.array(2.5)),
        (a234[:, :1], b34[None]), (np.array(3.0), np.array(-0.5)), (np.zeros((0, 3)), np.zeros(3)),
        (np.zeros((2, 0)), np.zeros((2, 1))), (special[:, None], special), (i34, i34[::-1]), (i34, i34[0]),
        (i34, np.array(3)), (u8, u8[0]), (i32, i32[::-1]), (a34.astype(f4), b34.astype(f4)),
        (special.astype(f4)[:, None], special.astype(f4)), (rng.randn(7, 40), rng.randn(40)),
    ]
    nan = np.array([np.nan, 1.0, -np.inf, 3.0])
    add("maximum", np.maximum, nan[:, None], nan)
    add("minimum", np.minimum, nan[:, None], nan)
    binary = {"add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide,
              "modulo": np.mod, "floor_divide": np.floor_divide, "maximum": np.maximum, "minimum": np.minimum,
              "equal": np.equal, "not_equal": np.not_equal, "less": np.less, "less_equal": np.less_equal,
              "greater": np.greater, "greater_equal": np.greater_equal}
    for x, y in pairs:
        for name, function in binary.items():
            if name in ("maximum", "minimum") and x.shape == (12, 1):
                continue  # which of two zeros of different sign wins depends on NumPy's processor
            if name == "divide" and x.dtype in (np.uint8,):
                continue  # NumPy divides bytes in float32 or float16's place; here quotients are Double
            add(name, function, x, y)
    add("power", np.power, np.abs(a34), b34, ulp=2)
    add("power", np.power, a34, np.array(2.0), ulp=0)
    add("power", np.power, np.abs(a34), np.array(0.5), ulp=1)
    add("power", np.power, i34, np.abs(i34) % 5)
    add("arctan2", np.arctan2, a34, b34, ulp=2)

    # Unary functions.
    x = np.concatenate([special, np.linspace(-20, 20, 41), rng.randn(20)])
    for name, function in {"exp": np.exp, "log": np.log, "sqrt": np.sqrt, "tanh": np.tanh, "expm1": np.expm1,
                           "log1p": np.log1p, "log2": np.log2, "log10": np.log10, "sin": np.sin, "cos": np.cos,
                           "tan": np.tan, "arcsin": np.arcsin, "arccos": np.arccos, "arctan": np.arctan,
                           "sinh": np.sinh, "cosh": np.cosh, "floor": np.floor, "ceil": np.ceil, "rint": np.rint,
                           "trunc": np.trunc, "abs": np.abs, "sign": np.sign, "square": np.square,
                           "negative": np.negative, "reciprocal": np.reciprocal, "isnan": np.isnan,
                           "isinf": np.isinf, "isfinite": np.isfinite}.items():
        exact = name in ("sqrt floor ceil rint trunc abs sign square negative reciprocal isnan isinf isfinite").split()
        limited = x[np.abs(x) < 1e6] if name in ("sin", "cos", "tan") else x
        add(name, function, limited, ulp=0 if exact else 4)
        add(name, function, limited.astype(f4), ulp=0 if exact else 4)
    for name, function in {"abs": np.abs, "sign": np.sign, "square": np.square, "negative": np.negative}.items():
        add(name, function, i34)
        add(name, function, i32)
    for decimals in (0, 1, 3, -1):
        add("round", lambda v: np.round(v, decimals), a34 * 100, decimals=decimals)
    add("clip", lambda v: np.clip(v, -0.5, 0.75), a34, low=-0.5, high=0.75)
    add("where", np.where, a34 > 0, a34, b34)
    add("where", np.where, a34[0] > 0, a34, np.array(0.0))
    add("where", np.where, np.array(True), a34, b34[0])

    # Reductions: along every axis, several axes, all; contiguous, transposed and sliced; long enough for the tree.
    N = None
    reduced = [a34, a234, view(a234, axes=[2, 0, 1]), view(a34, axes=[1, 0]), view(a234, [[N], [N, N, 2]]),
               view(a234, [[N], [N], [N, N, -1]]), rng.randn(7), drawn(1, 1000), drawn(2, 300, 5), drawn(3, 5, 300),
               view(drawn(4, 129, 131), axes=[1, 0]), drawn(5, 2, 150, 3), view(drawn(6, 20000), [[N, N, 2]]),
               drawn(7, 70000), drawn(8, 70, 1000), i34, u8, a34 > 0, a234.astype(f4),
               rng.randn(300).astype(f4), rng.randn(40, 30).astype(f4), view(rng.randn(20, 15).astype(f4), axes=[1, 0]),
               np.full((3, 0), 1.5), np.zeros((0, 3)), np.array(2.5), np.array([np.nan, 1.0, np.inf]),
               np.array([[1.0, np.nan], [3.0, 2.0]]), np.full(5, 7), np.array([3.0, 1, 3, 1])]
    for r in reduced:
        axes = [None] + list(range(r.ndim)) + ([-1] if r.ndim else [])
        if r.ndim == 3:
            axes += [[0, 1], [0, 2], [1, 2]]
        for axis in axes:
            t = tuple(axis) if isinstance(axis, list) else axis
            for keep in ((False, True) if r.size < 30 and axis is not None else (False,)):
                p = dict(axis=axis, keep=keep)
                flag = r.dtype == bool
                # NumPy keeps a view's layout in x - mean, and so adds the squares in another order.
                spread = 0 if r.flags.c_contiguous else 32
                add("sum", lambda v: v.sum(axis=t, keepdims=keep), r, **p)
                add("mean", lambda v: v.mean(axis=t, keepdims=keep), r, **p)
                if not isinstance(axis, list):
                    add("any", lambda v: v.any(axis=t, keepdims=keep), r, **p)
                    add("all", lambda v: v.all(axis=t, keepdims=keep), r, **p)
                    if not flag:
                        add("std", lambda v: v.std(axis=t, keepdims=keep), r, ulp=spread, **p)
                        add("variance", lambda v: v.var(axis=t, keepdims=keep, ddof=1), r, ulp=spread, ddof=1, **p)
                        add("product", lambda v: v.prod(axis=t, keepdims=keep), r, ulp=8 if r.size < 40 else 400, **p)
                length = r.size if axis is None else 1 if isinstance(axis, list) else r.shape[axis]
                if not flag and length > 0 and r.size > 0:
                    add("max", lambda v: v.max(axis=t, keepdims=keep), r, **p)
                    add("min", lambda v: v.min(axis=t, keepdims=keep), r, **p)
                    if not isinstance(axis, list):
                        add("argmax", lambda v: v.argmax(axis=t, keepdims=keep), r, **p)
                        add("argmin", lambda v: v.argmin(axis=t, keepdims=keep), r, **p)
            if not isinstance(axis, list) and r.size < 500 and not keep and (axis is None or r.ndim):
                add("cumsum", lambda v: v.cumsum(axis=t), r, axis=axis, keep=False)

    # Products.
    for p, q in [(a34, b34.T), (a34, b34[0]), (a34[:, 0], b34), (a34[0], b34[0]), (a234, b34.T), (a234, b34[0]),
                 (i34, i34.T), (i34[0], i34[1]), (a34.astype(f4), b34.T.astype(f4)), (np.array(2.0), a34),
                 (np.zeros((3, 0)), np.zeros((0, 4))), (np.zeros((0, 3)), np.zeros((3, 2))), (a34.T[::-1], b34),
                 (a34[:, ::2], b34[:2]), (drawn(20, 65, 130), drawn(21, 130, 33)), (a34, a234.transpose(0, 2, 1)),
                 (u8.astype(np.int32), u8.astype(np.int32).T), (drawn(22, 150, 80), drawn(23, 80, 60))]:
        add("dot", np.dot, p, q, ulp=1 << 14 if p.dtype.kind == "f" else 0)
    for p, q in [(a34, b34.T), (a34, b34[0]), (a34[:, 0], b34), (a34[0], b34[0]), (a234, b34.T), (a234, a234.transpose(0, 2, 1)),
                 (a234[:, None], a234.transpose(0, 2, 1)[None]), (i34, i34.T), (a234, b34[0]), (b34[:, 0], a234),
                 (np.zeros((2, 0, 3)), np.zeros((2, 3, 4)))]:
        add("matmul", np.matmul, p, q, ulp=1 << 14 if p.dtype.kind == "f" else 0)
    add("outer", np.outer, a34[0], b34[:, 0])

    # Shape.
    a = np.arange(24.0).reshape(2, 3, 4)
    for shape in ([6, 4], [-1], [4, -1], [2, 1, 12], [24, 1], [-1, 2, 3]):
        add("reshape", lambda v: v.reshape(shape), a, shape=shape)
        add("reshape", lambda v: v.reshape(shape), a.transpose(2, 0, 1), shape=shape)
    for axes in ([0, 1, 2], [2, 1, 0], [1, 0, 2], [-1, 0, 1]):
        add("transpose", lambda v: v.transpose(axes), a, axes=axes)
    add("transpose", lambda v: v.T, drawn(24, 70, 45), axes=[1, 0])
    for axis in (0, 1, 2, 3, -1):
        add("expand_dims", lambda v: np.expand_dims(v, axis), a, axis=axis)
    for source, destination in ((0, 2), (2, 0), (-1, 1)):
        add("moveaxis", lambda v: np.moveaxis(v, source, destination), a, source=source, destination=destination)
    add("squeeze", lambda v: v.squeeze(), a[:, :1])
    add("broadcast_to", lambda v: np.broadcast_to(v, (2, 3, 4)), a34, shape=[2, 3, 4])
    for axis in (0, 1, -1):
        add("concatenate", lambda *v: np.concatenate(v, axis=axis), a, a * 2, a[:, :, ::-1], axis=axis)
        add("stack", lambda *v: np.stack(v, axis=axis), a, a * 2, axis=axis)
    add("concatenate", lambda *v: np.concatenate(v, axis=0), np.zeros((0, 2)), np.ones((3, 2)), axis=0)

    # Making arrays.
    for p in ([5], [2, 7], [0, 1, 0.1], [1, 0, -0.25], [0, 0], [3, 2], [-1, 1, 0.3]):
        v = [float(x) for x in p]
        add("arange", lambda: np.arange(*v), bounds=[repr(x) for x in v])
    for p in ([0, 10, 3], [10, 0, -3], [5, 5, 1], [0, 9, 3]):
        add("arange_int", lambda: np.arange(*p), bounds=p)
    for p in ([0, 1, 5], [0, 1, 1], [2, 3, 0], [-1, 1, 50], [0.1, 0.7, 7], [1, 1, 3]):
        add("linspace", lambda: np.linspace(*p), bounds=[repr(float(x)) for x in p[:2]], count=p[2], endpoint=True)
        add("linspace", lambda: np.linspace(*p, endpoint=False), bounds=[repr(float(x)) for x in p[:2]], count=p[2],
            endpoint=False)
    for p in ([3, 3, 0], [2, 4, 1], [3, 2, -1]):
        add("eye", lambda: np.eye(*p), bounds=p)
    add("one_hot", lambda v: np.eye(4)[v], np.array([3, 0, 2]))

    # Conversions.
    v = np.array([0.0, -0.0, 1.9, -1.9, 255.0, 3.5, -0.5, 100.0])
    for t in ("f4", "i8", "i4", "?"):
        add("astype", lambda w: w.astype(t), v, type=np.dtype(t).str[1:])
        add("astype", lambda w: w.astype(t), v.astype(f4), type=np.dtype(t).str[1:])
        add("astype", lambda w: w.astype(t), u8, type=np.dtype(t).str[1:])
        add("astype", lambda w: w.astype(t), np.array([2**33 + 5, -1, 2**53 + 1, 0]), type=np.dtype(t).str[1:])
    add("astype", lambda w: w.astype("u1"), np.array([0, 255, 256, -1, 1000]), type="u1")
    add("astype", lambda w: w.astype("f8"), i32, type="f8")
    add("astype", lambda w: w.astype("f8"), a34 > 0, type="f8")

    # Indexing, and assignment through it.
    S = lambda *b: slice(*b)
    M = np.array([True, False, True])
    indices = [
        (0,), (-1,), (1, 2), (1, 2, 3), (-1, -1, -1), (S(1, None),), (S(None, 1),), (S(None), 1), (S(None), S(0, 2)),
        (S(None), S(None, None, 2)), (S(None, None, -1),), (S(None), S(None, None, -1), S(3, 0, -2)),
        (S(None), S(-2, None), S(-3, -1)), (S(5, 9),), (S(2, 1),), (S(None), S(None), S(-100, 100)), (None,),
        (S(None), None), (0, None, 1), (Ellipsis, 0), (0, Ellipsis), (Ellipsis,), (Ellipsis, S(1, 3)), (0, Ellipsis, 0),
        (Ellipsis, None), (S(None), S(None), S(None, None, -3)),
        (np.array([1, 0, 1]),), (np.array([[0, 1], [1, 0]]),), (S(None), np.array([2, 0])), (S(None), S(None), np.array([-1, 0, 0])),
        (np.array([0, 1]), np.array([2, 1])), (np.array([[0], [1]]), np.array([2, 0])), (np.array([0, 1]), S(None), np.array([3, 1])),
        (S(None), np.array([0, 2]), np.array([3, 1])), (0, S(None), np.array([1, 2])), (S(None), 1, np.array([1, 2])),
        (np.array([1]), 0), (None, np.array([1, 0])), (np.array([0, 1]), None, np.array([2, 1])), (np.array([], int),),
        (S(None), M), (0, M), (a[:, :, 0] > 8,), (a > 11,), (S(None), a[0] > 5), (Ellipsis, np.array([0, 2])),
        (S(None), S(1, None), np.array([[0, 1], [2, 3]])), (a > 100,), (M[:2], S(None, None, -1)), (S(None), M, np.array([1, 2])),
    ]

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

    def assign(v, w, i):
        v = v.copy()
        v[i] = w
        return v

    base = np.ascontiguousarray(a.transpose(2, 0, 1))
    scattered = view(base, axes=[1, 2, 0])
    for i in indices:
        add("index", lambda v: v[i], a, index=[entry(e) for e in i])
        shape = a[i].shape
        value = -np.arange(1.0, 1 + np.prod(shape, dtype=int)).reshape(shape)
        add("assign", lambda v, w: assign(v, w, i), a, value, index=[entry(e) for e in i])
        add("assign", lambda v, w: assign(v, w, i), a, np.array(-7.0), index=[entry(e) for e in i])
        add("index", lambda v: v[i], scattered, index=[entry(e) for e in i])
    # Joining's opposite, repetition, padding, order.
    def join(parts):
        return np.concatenate([p.ravel() for p in parts] + [np.array([float(x) for p in parts for x in p.shape])])

    for axis in (0, 1, 2):
        n = a.shape[axis]
        add("split", lambda v: join(np.split(v, n, axis)), a, parts=n, axis=axis)
        add("array_split", lambda v: join(np.array_split(v, 3, axis)), a, parts=3, axis=axis)
        add("split_at", lambda v: join(np.split(v, [1, 2], axis)), a, bounds=[1, 2], axis=axis)
        add("repeat", lambda v: v.repeat(2, axis), a, count=2, axis=axis)
        add("repeat_each", lambda v: v.repeat(list(range(n)), axis), a, counts=list(range(n)), axis=axis)
        add("flip", lambda v: np.flip(v, axis), a, axis=axis)
        for shift in (1, -1, 7):
            add("roll", lambda v: np.roll(v, shift, axis), a, shift=shift, axis=axis)
        for places in ([0], [-1, 0, 0], []):
            add("take", lambda v: np.take(v, np.array(places, int), axis), a, places=places, axis=axis)
    add("repeat", lambda v: v.repeat(3), a34, count=3, axis=None)
    add("flip", lambda v: np.flip(v), a34, axis=None)
    for r in (a, a34, np.zeros((0, 2)), np.array(3.0)):
        for axes in ([], [0], [-1], [0, 1], [-1, 0], [2, 0], [0, 1, 2]):
            if all(-r.ndim <= x < r.ndim for x in axes):
                add("flip_axes", lambda v: np.flip(v, tuple(axes)), r, axes=axes)
    add("roll", lambda v: np.roll(v, 5), a34, shift=5, axis=None)
    for counts in ([2], [2, 1], [1, 3], [2, 1, 2], [0, 2]):
        add("tile", lambda v: np.tile(v, counts), a34, counts=counts)
        add("tile", lambda v: np.tile(v, counts), a34[0], counts=counts)
    for mode in ("constant", "edge", "reflect", "symmetric", "wrap"):
        for widths in ([[1, 2], [0, 3]], [[2, 2], [2, 2]], [[0, 0], [5, 9]], [[7, 4], [1, 0]]):
            extra = {"constant_values": 2.5} if mode == "constant" else {}
            add("pad", lambda v: np.pad(v, widths, mode=mode, **extra), a34, widths=widths, mode=mode)
    ties = np.array([[3.0, 1, np.nan, 1, -0.0, 0.0, -np.inf, np.inf, 3, np.nan], [5, 4, 3, 2, 1, 0, -1, -2, -3, -4]])
    for r in (ties, a34, a234, drawn(30, 200), drawn(31, 50, 3), i34, u8, ties.astype(f4), np.zeros((2, 0)), np.zeros((0, 2)),
              rng.randint(0, 5, 100), i32):
        for axis in range(r.ndim):
            add("sort", lambda v: np.sort(v, axis, kind="stable"), r, axis=axis)
            add("argsort", lambda v: np.argsort(v, axis, kind="stable"), r, axis=axis)
        add("unique", lambda v: np.unique(v), np.where(r == 0, np.array(0, r.dtype), r))
        for k in (1, 2, 3):
            add(f"unique_{k}", lambda v: np.unique(v, True, True, True)[k].reshape(v.shape if k == 2 else -1),
                np.where(r == 0, np.array(0, r.dtype), r))
    counted = rng.randint(0, 9, 40)
    add("bincount", lambda v: np.bincount(v), counted, minimum=0)
    add("bincount", lambda v: np.bincount(v, minlength=15), counted, minimum=15)
    add("bincount", lambda v: np.bincount(v), np.array([], int), minimum=0)
    add("bincount_weights", lambda v, w: np.bincount(v, w), counted, rng.rand(40), minimum=0)
    for k in (0, 1):
        add("meshgrid", lambda x, y: np.meshgrid(x, y)[k], a34[0], b34[:, 0], place=k)
    for k in (0, 1, 2):
        add("meshgrid3", lambda x, y, z: np.meshgrid(x, y, z)[k], a34[0], b34[:, 0], np.arange(2.0), place=k)
    for r in (a34, a, i34, ties, a34 > 0, np.array(3.0)):
        add("count_nonzero", lambda v: np.count_nonzero(v), r)
    for k in range(3):
        add("nonzero", lambda v: np.nonzero(v)[k], np.round(a234), place=k)
    for offset in (0, 1, -2, 9):
        add("diagonal", lambda v: np.diagonal(v, offset), a34, offset=offset)
    add("trace", lambda v: np.trace(v), a34[:, :3])

    # Logic.
    p, q = a34 > 0, b34 > 0
    for name, function in {"logical_and": np.logical_and, "logical_or": np.logical_or, "logical_xor": np.logical_xor}.items():
        add(name, function, p, q)
        add(name, function, p, q[0])
    add("logical_not", np.logical_not, p)

    # Linear algebra: tolerances, because LAPACK is the library's.
    square5 = drawn(40, 5, 5)
    for b in (drawn(41, 5), drawn(42, 5, 3), np.zeros((5, 0))):
        add("solve", np.linalg.solve, square5, b, ulp=1 << 14)
    for m in (square5, drawn(43, 1, 1), drawn(44, 30, 30), np.eye(3)[[2, 0, 1]], square5.astype(f4)):
        add("inverse", np.linalg.inv, m, ulp=1 << 14)
        add("determinant", np.linalg.det, m, ulp=1 << 14)
    for m in (square5, drawn(45, 4, 7), drawn(46, 7, 4), np.ones((3, 3)), square5.astype(f4)):
        add("singular_values", lambda v: np.linalg.svd(v)[1], m, ulp=1 << 14)
        for full in (True, False):
            add("svd_product", lambda v: v, m, ulp=1 << 14, full=full)
    for r in (a34, a234, special[:4], i34.astype(float)):
        add("norm", lambda v: np.linalg.norm(v), r, ulp=8)
        for axis in range(r.ndim):
            for order in (1, 2, 3, 0, np.inf, -np.inf, 0.5, -1, -2):
                add("norm_axis", lambda v: np.linalg.norm(v, order, axis), r, ulp=16, order=repr(float(order)), axis=axis)
    for r in (a34[0], np.array([0.0, -3.0, 4.0]), drawn(47, 200).astype(f4)):
        for order in (1, 2, 3, 0, np.inf, -np.inf, 0.5, -1, -2):
            add("norm_order", lambda v: np.linalg.norm(v, order), r, ulp=64, order=repr(float(order)))
    for order in ("fro", "nuc", 1.0, -1.0, 2.0, -2.0, np.inf, -np.inf):
        for r in (a34, a34.T, square5, drawn(48, 1, 6), np.zeros((3, 2)), square5.astype(f4)):
            add("norm_order", lambda v: np.linalg.norm(v, order), r, ulp=1 << 14, order=str(order))
        for axes in ([0, 1], [2, 0], [-1, -2]):
            for keep in (False, True):
                add("norm_axes", lambda v: np.linalg.norm(v, order, tuple(axes), keep), a234, ulp=1 << 14,
                    order=str(order), axes=axes, keep=keep)
    write("operations.json", {"arrays": arrays, "cases": cases})
    print(len(cases), "operations")


if __name__ == "__main__":
    makers = [random_vectors, printed_vectors, operation_vectors]
    for maker in makers:
        if len(sys.argv) == 1 or maker.__name__.startswith(sys.argv[1]):
            maker()
