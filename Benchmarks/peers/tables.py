"""A CSV of a million rows and 50 columns of numbers, read into columns by pandas' C reader or by polars.

The file is the one that descent-bench writes: a block of 10,000 rows of normal numbers a hundred times.
"""

import argparse
import json
import os
import tempfile
import time

import processors

parser = argparse.ArgumentParser()
parser.add_argument("--reader", choices=("pandas", "polars"), required=True)
parser.add_argument("--digits", choices=("six decimals", "all digits"), required=True)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--rounds", type=int, default=3)
arguments = parser.parse_args()
processors.use(arguments.threads)
os.environ["POLARS_MAX_THREADS"] = str(arguments.threads)

import numpy as np  # noqa: E402

if arguments.reader == "pandas":
    import pandas

    version = pandas.__version__

    def read(path):
        return pandas.read_csv(path, engine="c")

else:
    import polars

    version = polars.__version__

    def read(path):
        return polars.read_csv(path)


numbers = np.random.RandomState(1).standard_normal((10_000, 50)).tolist()
form = repr if arguments.digits == "all digits" else "{:.6f}".format
block = "".join(",".join(map(form, row)) + "\n" for row in numbers)
with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
    file.write(",".join(f"c{i}" for i in range(1, 51)) + "\n")
    for _ in range(100):
        file.write(block)
    file.flush()
    milliseconds = []
    for round in range(arguments.rounds + 1):
        start = time.perf_counter()
        assert read(file.name).shape == (1_000_000, 50)
        milliseconds.append(1000 * (time.perf_counter() - start))

# The first round is to warm up.
print(json.dumps({"peer": arguments.reader, "milliseconds": milliseconds[1:], "version": version}))
