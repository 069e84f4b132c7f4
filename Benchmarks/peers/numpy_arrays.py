"""One operation on a million numbers, 1000 x 1000, as descent-bench's array suite times it.

The numbers are the same ones; each result is new memory, as an expression gives it, and is freed at once.
"""

import argparse
import json
import time

import processors

parser = argparse.ArgumentParser()
parser.add_argument("--operation", required=True)
parser.add_argument("--scalar", choices=("float32", "float64"), required=True)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--rounds", type=int, default=3)
arguments = parser.parse_args()
processors.use(arguments.threads)

import numpy as np  # noqa: E402

WARM_UP, ROUND = 0.1, 0.05  # seconds, as ours

generator = np.random.RandomState(1)
a = generator.randn(1000, 1000).astype(arguments.scalar)
b = generator.randn(1000, 1000).astype(arguments.scalar)
mask = a > 0
target = a.copy()
flat = a.reshape(-1)


def assign_slice():
    target[100:900] = b[100:900]


operations = {
    "add": lambda: a + b,
    "multiply": lambda: a * b,
    "exp": lambda: np.exp(a),
    "sigmoid": lambda: 1 / (1 + np.exp(-a)),
    "sum": lambda: a.sum(),
    "sum axis 0": lambda: a.sum(axis=0),
    "sum axis 1": lambda: a.sum(axis=1),
    "argmax": lambda: a.argmax(),
    "matmul": lambda: a @ b,
    "transpose-copy": lambda: np.ascontiguousarray(a.T),
    "boolean mask": lambda: a[mask],
    "slice assignment": assign_slice,
    "sigmoid by parts": lambda: 1 / (1 + np.exp(-a)),
    "std": lambda: a.std(),
    "cumulative sum": lambda: a.cumsum(),
    "sort rows": lambda: np.sort(a),
    "sort whole": lambda: np.sort(flat),
}
operation = operations[arguments.operation]

calls, start = 0, time.perf_counter()
while time.perf_counter() - start < WARM_UP:
    operation()
    calls += 1
calls_per_round = max(1, int(ROUND / ((time.perf_counter() - start) / calls)))
rounds = []
for _ in range(arguments.rounds):
    start = time.perf_counter()
    for _ in range(calls_per_round):
        operation()
    rounds.append((time.perf_counter() - start) / calls_per_round * 1000)
print(json.dumps({"peer": f"NumPy {arguments.scalar}", "milliseconds": rounds, "version": np.__version__}))
