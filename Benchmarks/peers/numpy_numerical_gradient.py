"""The textbook's numerical gradient in NumPy float64: every one of the network's 39,760 parameters is moved up and
down, and the whole network is computed for both, 79,520 times, on a batch of 100 images.

The process is timed from outside, with its start; it prints its own seconds too. `--fraction F` (default 1) moves only
the first part of each array and prints the seconds of all by that.
"""

import json
import sys
import time

FRACTION = 1.0
if "--fraction" in sys.argv:
    place = sys.argv.index("--fraction")
    FRACTION = float(sys.argv[place + 1])
    del sys.argv[place : place + 2]

import job  # noqa: E402
from two_layer_net import TwoLayerNet  # noqa: E402
import numpy as np  # noqa: E402

STEP = 1e-4


def loss(network, x, labels):
    y = network.predict(x)
    return -np.sum(np.log(y[np.arange(len(labels)), labels] + 1e-7)) / len(labels)


def numerical_gradient(f, x):
    gradient = np.zeros_like(x)
    flat, slopes = x.reshape(-1), gradient.reshape(-1)  # views
    count = max(1, round(FRACTION * len(flat)))
    for place in range(count):
        kept = flat[place]
        flat[place] = kept + STEP
        up = f()
        flat[place] = kept - STEP
        down = f()
        flat[place] = kept
        slopes[place] = (up - down) / (2 * STEP)
    return gradient, count


x_train, train_labels, _, _ = job.load(np.float64)
x, labels = x_train[: job.BATCH], train_labels[: job.BATCH]
network = TwoLayerNet(np.float64)
exact = network.gradient(x, np.eye(job.CLASSES)[labels])
start = time.perf_counter()
moved, largest = 0, 0.0
for name, array in network.params.items():
    gradient, count = numerical_gradient(lambda: loss(network, x, labels), array)
    difference = np.abs(gradient - exact[name]).reshape(-1)[:count]
    moved, largest = moved + count, max(largest, float(difference.max()))
seconds = time.perf_counter() - start
total = sum(array.size for array in network.params.values())
print(
    json.dumps(
        {
            "peer": "NumPy float64 (textbook), numerical gradient",
            "threads": job.arguments.threads,
            "seconds": round(seconds * total / moved, 2),
            "forward_passes": 2 * moved,
            "largest_difference": largest,
            "version": np.__version__,
        }
    )
)
