"""Writes ../NumPyFixtures.swift: files that NumPy made, and what is in them.

Run with: python3 make_numpy_fixtures.py > ../NumPyFixtures.swift
"""
import base64
import collections
import io
import pickle
import platform

import numpy as np


def literal(data):
    text = base64.b64encode(data).decode()
    lines = [text[i:i + 88] for i in range(0, len(text), 88)]
    # One literal of several lines: the decoder skips the line feeds.
    return '"""\n            %s\n            """' % "\n            ".join(lines)


def element(dtype):
    return {"f2": "float32", "f4": "float32", "f8": "float64", "i1": "int32", "i2": "int32", "i4": "int32",
            "i8": "int64", "u1": "uint8", "u2": "int32", "u4": "int64", "u8": "int64", "b1": "bool"}[dtype.str[1:]]


def number(x):
    x = float(x)
    if x != x:
        return ".nan"
    if x in (float("inf"), float("-inf")):
        return ".infinity" if x > 0 else "-.infinity"
    return repr(x)


def numpy_file(name, array, data):
    values = ", ".join(number(x) for x in array.flatten(order="C"))
    print('        NumPyFile(')
    print('            name: "%s", type: .%s, shape: %s,' % (name, element(array.dtype), list(array.shape)))
    print('            values: [%s],' % values)
    print('            base64: %s),' % literal(data))


print("""// Made by Fixtures/make_numpy_fixtures.py with NumPy %s, Python %s; not to be changed by hand.
// swift-format-ignore-file

@testable import ArrayFiles

struct NumPyFile: Sendable {
    let name: String
    let type: ElementType
    let shape: [Int]
    /// The elements in row-major order, as float64.
    let values: [Double]
    let base64: String
}

enum NumPyFixtures {
    static let npy: [NumPyFile] = [""" % (np.__version__, platform.python_version()))

values = {
    "f2": [0, -0.5, 65504, 2.0 ** -24, float("inf"), float("nan")],
    "f4": [0, 1.5, -2.25, 3.4028234663852886e38, 1e-45, float("-inf")],
    "f8": [0, 0.1, -1e300, 1e-307, float("inf"), float("nan")],
    "i1": [0, 1, -128, 127, 5, -1], "i2": [0, 258, -32768, 32767, 5, -1],
    "i4": [0, 16909060, -2147483648, 2147483647, 5, -1],
    "i8": [0, 72623859790382856, -4611686018427387904, 4611686018427387904, 5, -1],
    "u1": [0, 255, 1, 2, 3, 4], "u2": [0, 65535, 258, 2, 3, 4], "u4": [0, 4294967295, 16909060, 2, 3, 4],
    "u8": [0, 4611686018427387904, 72623859790382856, 2, 3, 4], "b1": [0, 1, 1, 0, 1, 0],
}
for kind, numbers in values.items():
    for order in "<>" if kind[1] != "1" else "|":
        array = np.array(numbers).astype(order + kind).reshape(2, 3)
        file = io.BytesIO()
        np.save(file, array)
        numpy_file(array.dtype.str, array, file.getvalue())
for name, array, version in [
    ("0-d", np.array(7.0), (1, 0)), ("empty", np.zeros((0, 3), "f4"), (1, 0)),
    ("1-d", np.arange(3.0), (1, 0)), ("2.0", np.arange(6.0).reshape(3, 2), (2, 0)),
    ("3.0", np.arange(6, dtype="i4").reshape(1, 6), (3, 0)),
    ("Fortran 2-d", np.asfortranarray(np.arange(6, dtype="f4").reshape(2, 3)), (1, 0)),
    ("Fortran 3-d", np.asfortranarray(np.arange(24, dtype="u1").reshape(2, 3, 4)), (1, 0)),
    ("Fortran 2-d, big-endian", np.asfortranarray(np.arange(6, dtype=">i2").reshape(3, 2)), (2, 0)),
]:
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    numpy_file(name, array, file.getvalue())
print("    ]")

weights = {"W1": np.arange(6, dtype="f4").reshape(2, 3) / 4, "b1": np.array([1, -2], ">f8"),
           "labels": np.asfortranarray(np.arange(4, dtype="u1").reshape(2, 2))}
print("\n    /// W1: [[0, 0.25, 0.5], [0.75, 1, 1.25]] float32; b1: [1, -2] float64; labels: [[0, 1], [2, 3]] uint8.")
for name, save in [("npz", np.savez), ("compressedNPZ", np.savez_compressed)]:
    file = io.BytesIO()
    save(file, **weights)
    print("    static let %s =\n            %s" % (name, literal(file.getvalue())))

print("\n    /// The same arrays as a dictionary, by protocol; then with the names of NumPy 1.")
print("    static let pickles = [")
for protocol in range(6):
    print("            %s," % literal(pickle.dumps(weights, protocol)))
for protocol in (0, 2, 3):
    data = pickle.dumps(weights, protocol).replace(b"numpy._core", b"numpy.core")
    print("            %s," % literal(data))
print("    ]")

plain = [None, True, False, 0, 255, 65535, -1, 2 ** 31, -2 ** 63, 2 ** 63 - 1, 0.1, float("inf"), "", "héllo €😀\\\n",
         b"", b"\x00\xff'\"\\", (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1, [2]], {}, {"a": 1, 2: "b"},
         collections.OrderedDict([("x", 1), ("y", 2)]), np.float64(0.5), np.int32(-3), np.bool_(True)]
print("\n    /// A list of plain values, described in the test, by protocol.")
print("    static let plainPickles = [")
for protocol in range(6):
    print("            %s," % literal(pickle.dumps(plain, protocol)))
print("    ]\n}")
