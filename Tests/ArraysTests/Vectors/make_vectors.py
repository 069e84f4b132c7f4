"""Writes the NumPy vectors that ArraysTests compares with: python3 make_vectors.py (in this directory).

Each file is one JSON object: the NumPy version, and named arrays {"dtype", "shape", "data"} in row-major
order; floating-point numbers are strings, because JSON has no NaN and Foundation's reader rounds the last bit.
"""

import json
import os
import sys

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


if __name__ == "__main__":
    makers = [random_vectors]
    for maker in makers:
        if len(sys.argv) == 1 or maker.__name__.startswith(sys.argv[1]):
            maker()
