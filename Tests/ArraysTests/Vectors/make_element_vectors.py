"""Writes elements.json: python3 make_element_vectors.py (in this directory; NumPy 2.4.6 made the committed file).

Functions of each element, operators between two types, arithmetic of truth values, bits, powers, closeness, arange,
0-d arrays and masks.
"""

import itertools

import numpy as np

from make_vectors import array
from vector_cases import Cases

c = Cases()
rng = np.random.RandomState(47)
f4 = np.float32
SPECIAL = np.array([0.0, -0.0, 1.0, -1.0, 0.5, -2.5, np.inf, -np.inf, np.nan, 1e-300, -1e300, 7.25])
TYPES = ["?", "u1", "i4", "i8", "f4", "f8"]


def functions():
    x = np.concatenate([SPECIAL, rng.randn(15) * 4])
    for t in ("f8", "f4"):
        with np.errstate(all="ignore"):
            v = x.astype(t)
        for name, f, ulp in (("exp2", np.exp2, 4), ("cbrt", np.cbrt, 4), ("arcsinh", np.arcsinh, 4), ("arccosh", np.arccosh, 4),
                             ("arctanh", np.arctanh, 4), ("deg2rad", np.deg2rad, 0), ("rad2deg", np.rad2deg, 0),
                             ("signbit", np.signbit, 0), ("fix", np.fix, 0), ("nan_to_num", np.nan_to_num, 0)):
            c.add(name, f, v, ulp=ulp)
            c.add(name, f, c.view(v, [(None, None, -2)]), ulp=ulp)
        c.add("sinc", np.sinc, np.array([0.0, 0.25, -0.5, 1.5, 2.25, np.nan], t), ulp=64)
        c.add("nan_to_num_values", lambda y: np.nan_to_num(y, nan=7.0, posinf=8.0, neginf=-9.0), v)
        for name, f, ulp in (("fmod", np.fmod, 0), ("hypot", np.hypot, 4), ("copysign", np.copysign, 0),
                             ("logaddexp", np.logaddexp, 8), ("logaddexp2", np.logaddexp2, 8)):
            c.add(name, f, v[:, None], v[:12], ulp=ulp)
            c.add(name, f, v, c.view(v, [(None, None, -1)]), ulp=ulp)
            c.add(name, f, v, np.array(-2.5, t), ulp=ulp)
        apart = v[v != 0]  # of two zeros NumPy's fmax gives one or the other, as their place has it
        c.add("fmax", np.fmax, apart[:, None], apart)
        c.add("fmin", np.fmin, apart[:, None], apart)
        c.add("divmod_0", lambda a, b: np.divmod(a, b)[0], v[:, None], v[2:6])
        c.add("divmod_1", lambda a, b: np.divmod(a, b)[1], v[:, None], v[2:6])
    for t in ("i8", "i4", "u1"):
        info = np.iinfo(t)
        v = np.array([0, 1, 2, 5, 7, 100, info.max, info.min, info.max - 1], t)
        w = np.concatenate([v, -v[1:5] if t != "u1" else v[:0]]).astype(t)
        for name, f in (("fmod", np.fmod), ("divmod_0", lambda a, b: np.divmod(a, b)[0]),
                        ("divmod_1", lambda a, b: np.divmod(a, b)[1]), ("shift_left", np.left_shift),
                        ("shift_right", np.right_shift), ("bit_and", np.bitwise_and), ("bit_or", np.bitwise_or),
                        ("bit_xor", np.bitwise_xor), ("modulo_scalar", lambda a, b: np.mod(a, b))):
            if name.startswith("divmod"):
                # The smallest number by -1 is one more than the largest.
                c.add(name, f, w[w != info.min][:, None], w[w != info.min])
            elif name == "modulo_scalar":
                c.add(name, f, np.array(5, t), w)
            elif name.startswith("shift"):
                c.add(name, f, w[:, None], np.arange(0, 70, 3).astype(t))
            else:
                c.add(name, f, w[w != info.min][:, None] if name == "fmod" and t != "u1" else w[:, None], w)
        c.add("invert", np.invert, w)
        c.add("power", np.power, w[:, None], np.array([0, 1, 2, 3, 9], t))
        c.add("power_scalar", lambda a, b: np.power(a, b), np.array(2, t), np.array([[0, 1], [5, 6]], t))
        c.add("power", np.power, np.array([], t), np.array([3], t))
    c.add("power_scalar", lambda a, b: np.power(a, b), np.array(2.0), np.array([-1.0, 0.5, 3.0]), ulp=2)
    empty = np.array([], int)
    c.add("power", np.power, empty, np.array([-1]))
    for shape in ((3, 4), (4,), ()):
        conditions = [rng.rand(*shape) < 0.4, rng.rand(4) < 0.4]
        choices = [np.round(rng.randn(3, 4), 1), np.array(7.0)]
        c.add("select", lambda p, q, a, b: np.select([p, q], [a, b], -1.0), np.array(conditions[0]), conditions[1], *choices)
        c.add("where", np.where, np.array(conditions[0]), choices[0], choices[1])


def closeness():
    a = np.array([1.0, 1.00001, 1.0001, 0.0, 1e-9, 1e-7, np.inf, -np.inf, np.nan, 1e300, 100.0])
    for t in ("f8", "f4"):
        with np.errstate(all="ignore"):
            v = a.astype(t)
        for equal in (False, True):
            for rtol, atol in ((1e-5, 1e-8), (0.0, 0.0), (1e-3, 0.0), (0.0, 1e-6)):
                p = dict(equal=equal, tolerances=[repr(rtol), repr(atol)])
                c.add("isClose", lambda x, y: np.isclose(x, y, rtol, atol, equal), v[:, None], v, **p)
                for w in (v, v[:8], v[::-1], v + 1, v[:0], v[0]):
                    c.add("allClose", lambda x, y: np.allclose(x, y, rtol, atol, equal), v[: w.size] if w.ndim else v, w, **p)
            for w in (v, v[:5], v + 1, v.reshape(1, -1)):
                c.add("isEqual", lambda x, y: np.array_equal(x, y, equal_nan=equal), v, w, equal=equal)
    c.add("isClose", lambda x, y: np.isclose(x, y), np.array([1, 100000, 7]), np.array([1, 100001, 8]), equal=False,
          tolerances=["1e-05", "1e-08"])


def two_types():
    operators = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.true_divide, "%": np.mod, ".==": np.equal,
                 ".!=": np.not_equal, ".<": np.less, ".<=": np.less_equal, ".>": np.greater, ".>=": np.greater_equal}
    values = np.array([0, 1, 1, 0, 3, 200, 250, 2, 0, 77])
    for s, t in itertools.product(TYPES, TYPES):
        a, b = values.astype(s), values[::-1].astype(t)
        if s not in ("?", "u1"):
            a = np.negative(a)
        if s in ("f4", "f8"):
            a = a / 4
        for sign, f in operators.items():
            if sign == "%" and s in ("?",) and t in ("?",):
                continue  # NumPy's has eight bits and a sign
            c.add("mixed", f, a, b, sign=sign, types=[s, t])
            c.add("mixed", f, a[:, None], c.view(b, [(None, None, -3)]), sign=sign, types=[s, t])
        for sign, f in list(operators.items())[:4]:
            def update(x, y):
                x = x.copy()
                f(x, y, out=x, casting="same_kind")
                return x
            c.add("mixed_update", update, a, b, sign=sign, types=[s, t])
    m = np.array([True, True, False, False])
    k = np.array([True, False, True, False])
    for name, f in (("bool_sum", lambda v: v.sum()), ("bool_mean", lambda v: v.mean()), ("max", lambda v: v.max()),
                    ("min", lambda v: v.min()), ("argMax", lambda v: v.argmax()), ("argMin", lambda v: v.argmin())):
        c.add(name, f, m, axis=None, keep=False)
    c.add("maximum", np.maximum, m, k)
    c.add("minimum", np.minimum, m, k)
    c.add("sorted", np.sort, m, axis=-1)
    c.add("argSorted", lambda v: np.argsort(v, kind="stable"), m, axis=-1)
    whole = np.array([0, -3, 5, 2**40])
    for sign, f in list(operators.items())[:4]:
        c.add("whole_with_fraction", lambda v: f(v, 2.5), whole, sign=sign, left=True)
        c.add("whole_with_fraction", lambda v: f(2.5, v), whole, sign=sign, left=False)


def ranges():
    inf = np.inf
    for p in [(0, 1, inf), (5, 1, inf), (5, 1, -inf), (1, 5, -inf), (0, 0, inf), (0, 5e-324, 1e300), (-5.5, 7, inf),
              (5e-324, 0, 1e300), (0, 1, 0.3), (1, 0, -0.3), (1e308, 1.7e308, 1e308), (0, 2, 2), (0, 2.0000001, 2)]:
        c.add("range_f8", lambda: np.arange(*map(float, p)), bounds=[repr(float(x)) for x in p])
    for t in ("i8", "i4", "u1"):
        low, high = np.iinfo(t).min, np.iinfo(t).max
        steps = [(high - 1, high, 10), (high - 5, high, 2), (high - 5, high, 5), (low, low + 3, 1), (0, high, high),
                 (low, high, high // 2 + 1), (5, 5, 1), (7, 5, 1), (0, 5, high), (high, high, high), (0, 7, 3)]
        if t != "u1":
            steps += [(low, high, high), (high, low, low), (5, 0, low), (low + 1, low, -10), (low + 5, low, -2), (5, 0, -2),
                      (0, 5, -1), (high, high - 4, -3), (low, high, high // 3)]
        for p in steps:
            c.add("range_" + t, lambda: np.arange(*p, dtype=t), bounds=[str(int(x)) for x in p])


def without_axes():
    yes, no = np.array(True), np.array(False)
    a = np.arange(12.0).reshape(3, 4)
    places, columns = np.array([0, 1]), np.array([[0, 1]])

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

    s = slice(None)
    for v in (np.array(5.0), a, c.view(a, [(None, None, -1), (None, None, 2)], [1, 0]), np.arange(3.0), np.zeros((0, 2))):
        for m in (yes, no):
            for i in [(m,), (m, m), (s, m), (m, s), (None, m), (Ellipsis, m), (m, Ellipsis), (m, 0), (m, places), (places, m),
                      (slice(0, 2), m, 0), (m, slice(0, 2)), (m, columns), (places, s, m), (m, s, places), (m, places, s),
                      (s, m, places), (m, None, 0), (m, np.array([0])), (m, np.asarray(v > 4)), (m, yes, no)]:
                c.add("index", lambda x: x[i], v, index=[entry(e) for e in i])

                def assign(x, w):
                    x = x.copy()
                    x[i] = w
                    return x

                c.add("assign", assign, v, np.array(-7.0), index=[entry(e) for e in i])
                try:
                    shape = v[i].shape
                except IndexError:
                    continue
                c.add("assign", assign, v, -np.arange(1.0, 1 + np.prod(shape, dtype=int)).reshape(shape),
                      index=[entry(e) for e in i])
    for t in TYPES:
        v = np.array(3, t)
        for place in (0, -1):
            c.add("taken", lambda x: np.take(x, [0, 0], axis=place), v, axis=place)
            c.add("repeated", lambda x: np.repeat(x, 3, axis=place), v, axis=place)
            c.add("squeezed", lambda x: np.squeeze(x, axis=place), v, axis=place)


if __name__ == "__main__":
    functions()
    closeness()
    two_types()
    ranges()
    without_axes()
    c.write("elements.json")
