"""What the peers of the classical way share: MNIST as bytes, the clock and the one line of JSON.

Import this before NumPy or a library: it sets the number of threads.
"""

import argparse
import gzip
import json
import os
import time

import processors

parser = argparse.ArgumentParser()
parser.add_argument("--data-dir", required=True, help="the folder with MNIST's four gzipped files")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--variant", required=True, help="which library, and what it does")
arguments = parser.parse_args()
processors.use(arguments.threads)
if arguments.variant.startswith("faiss"):
    # The OpenBLAS in its wheel is too old to know every processor, and takes a slow kernel for those.
    os.environ["OPENBLAS_CORETYPE"] = "SKYLAKEX"

import numpy as np  # noqa: E402


def _read(name, offset, columns):
    with gzip.open(os.path.join(arguments.data_dir, name + ".gz")) as file:
        values = np.frombuffer(file.read(), np.uint8, offset=offset)
    return values.reshape(-1, columns) if columns else values


def load():
    """Training pixels [60000, 784] and labels, test pixels [10000, 784] and labels, all bytes."""
    return [
        _read(f"{part}-{kind}-ubyte", offset, columns)
        for part in ("train", "t10k")
        for kind, offset, columns in (("images-idx3", 16, 784), ("labels-idx1", 8, 0))
    ]


def report(peer, version, work, accuracy):
    """Times `work()` several times, after a first one that may be slower, and prints the result.

    A library whose work takes long is timed as often as fits a minute, once at least.
    """
    values, start = [], time.perf_counter()
    result = work()
    first = time.perf_counter() - start
    if first > 10:
        values.append(first)
    while len(values) < arguments.rounds and time.perf_counter() - start < 60 - first:
        begin = time.perf_counter()
        result = work()
        values.append(time.perf_counter() - begin)
    values = values or [first]
    print(json.dumps({"peer": peer, "values": values, "unit": "s", "accuracy": accuracy(result), "version": version}))
