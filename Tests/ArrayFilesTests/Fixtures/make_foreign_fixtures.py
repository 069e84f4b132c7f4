"""Writes ../ForeignFixtures.swift: files as other programs make them, with members that are no arrays for NDArray.

Run with: python3 make_foreign_fixtures.py > ../ForeignFixtures.swift
"""
import base64
import io
import pickle
import platform
import zipfile

import ml_dtypes
import numpy as np
import safetensors
import safetensors.numpy
import scipy
import scipy.sparse

COMPOSED, DECOMPOSED = "\u00e9", "e\u0301"


def literal(data):
    text = base64.b64encode(data).decode()
    lines = [text[i:i + 88] for i in range(0, len(text), 88)]
    return '"""\n            %s\n            """' % "\n            ".join(lines)


def constant(comment, name, data):
    print("\n    /// %s" % comment)
    print("    static let %s =\n            %s" % (name, literal(data)))


def number(x):
    x = float(x)
    if x != x:
        return ".nan"
    if x in (float("inf"), float("-inf")):
        return ".infinity" if x > 0 else "-.infinity"
    return repr(x)


print("""// Made by Fixtures/make_foreign_fixtures.py with NumPy %s, SciPy %s, safetensors %s, ml_dtypes %s,
// Python %s; not to be changed by hand.
// swift-format-ignore-file

@testable import ArrayFiles

enum ForeignFixtures {""" % (np.__version__, scipy.__version__, safetensors.__version__, ml_dtypes.__version__,
                             platform.python_version()))

file = io.BytesIO()
scipy.sparse.save_npz(file, scipy.sparse.csr_matrix(np.array([[0, 1.5, 0], [2.5, 0, -3.5]])))
constant("scipy.sparse.save_npz of [[0, 1.5, 0], [2.5, 0, -3.5]] as csr_matrix.", "sparse", file.getvalue())

file = io.BytesIO()
np.savez_compressed(
    file, numbers=np.arange(3.0), text=np.array(["one", "two"]), objects=np.array([None, 1], dtype=object),
    half=np.array([0.5, -2, np.inf], "<f2"), dates=np.array(["2020-01-01"], "M8[D]"), complex=np.array([1j]),
    record=np.zeros(2, [("a", "f4"), ("b", "i8")]), large=np.array([2 ** 64 - 1], "u8"),
    **{COMPOSED: np.array([1, 2], "i8"), DECOMPOSED: np.array([3, 4], "i8")})
with zipfile.ZipFile(file, "a") as archive:
    archive.writestr("readme.md", "no array")
    archive.writestr("folder/", b"")
constant("np.savez_compressed of arrays of every kind, then a text file and a folder; see the tests.", "mixed",
         file.getvalue())

file = io.BytesIO()
inner = io.BytesIO()
np.save(inner, np.array([7], "i4"))
with zipfile.ZipFile(file, "w") as archive:
    archive.writestr("caf?.npy", inner.getvalue())
data = file.getvalue().replace(b"caf?.npy", b"caf\x82.npy")
assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["caf\u00e9.npy"]
constant("A zip whose member is named caf\u00e9.npy in code page 437; zipfile.namelist() says so.", "codePage",
         data)

constant("safetensors.numpy.save of one array of each type; see the tests.", "tensors", safetensors.numpy.save({
    "bf16": np.array([[1, -2.5, 3.140625]], ml_dtypes.bfloat16), "f16": np.array([0.5, 65504, 2.0 ** -24], "f2"),
    "f32": np.array([1.5], "f4"), "f64": np.array([0.1], "f8"), "i8": np.array([-128, 127], "i1"),
    "i16": np.array([-32768, 32767], "i2"), "i32": np.array([-5], "i4"), "i64": np.array([2 ** 62], "i8"),
    "u8": np.array([255], "u1"), "u16": np.array([65535], "u2"), "u32": np.array([4294967295], "u4"),
    "u64": np.array([2 ** 62], "u8"), "u64 large": np.array([2 ** 64 - 1], "u8"), "bool": np.array([True, False]),
    "f8": np.array([1, 2, 3], ml_dtypes.float8_e4m3fn), "f8 other": np.array([1], ml_dtypes.float8_e5m2),
    COMPOSED: np.array([1, 2], "i8"), DECOMPOSED: np.array([3, 4], "i8")}))

file = io.BytesIO()
np.save(file, np.arange(4, dtype="f4"))
np.save(file, np.array([[1, 2]], "i2"))
np.save(file, np.array(True))
constant("np.save three times on one file: arange(4) float32, [[1, 2]] int16, True.", "several", file.getvalue())

constant("pickle.dumps of a dictionary whose two names look alike.", "namesPickle", pickle.dumps(
    {COMPOSED: np.array([1.0, 2.0]), DECOMPOSED: np.array([3.0, 4.0])}, 4))

print("\n    /// pickle.dumps of arrays of every kind and a string, in three protocols; see the tests.")
print("    static let mixedPickles = [")
for protocol in (0, 2, 5):
    print("            %s," % literal(pickle.dumps({
        "numbers": np.arange(3.0), "text": np.array(["one", "two"]), "objects": np.array([None, 1], dtype=object),
        "dates": np.array(["2020-01-01"], "M8[D]"), "complex": np.complex64(1j),
        "record": np.zeros(2, [("a", "f4"), ("b", "i8")]), "note": "a word", "half": np.array([0.5], "f2")}, protocol)))
print("    ]")

# What astype gives, where C defines it and NumPy says the same on every machine.
sources = {
    "float32": np.array([0, -0.75, 1.5, 200.25, -3], "f4"), "float64": np.array([0, 0.1, 254.9, -7.9, 1e9]),
    "int32": np.array([0, 1, -1, 300, -2147483648, 2147483647], "i4"),
    "int64": np.array([0, 1, -1, 257, 2 ** 40 + 5, -2 ** 33], "i8"), "uint8": np.array([0, 1, 128, 255], "u1"),
    "bool": np.array([True, False])}
print("\n    /// Elements of a type, the type that `astype` is asked for, what it gives; as float64.")
print("    static let casts: [(from: ElementType, elements: [Double], to: ElementType, result: [Double])] = [")
for name, array in sources.items():
    for target in sources:
        values = array
        if name.startswith("float") and target == "uint8":
            values = array[(array >= 0) & (array < 256)]
        print("        (.%s, [%s], .%s, [%s])," % (name, ", ".join(map(number, values)), target,
                                                  ", ".join(map(number, values.astype(target)))))
print("    ]\n}")
