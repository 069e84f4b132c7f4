"""What every peer shares: the data, the clock and the one line of JSON.

The job: 784-50-10, sigmoid, softmax with cross-entropy, weights from N(0, 0.01^2), biases zero, SGD with
learning rate 0.1, batches of 100 images drawn at random from MNIST's 60,000.

Import this module before NumPy or a framework: it sets the number of threads, which they read when imported.
"""

import argparse
import gzip
import json
import os
import statistics
import struct
import sys
import time

import processors

PIXELS, CLASSES, RATE, DEVIATION, SEED = 784, 10, 0.1, 0.01, 1


def _arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-dir", required=True, help="the folder with MNIST's four gzipped files")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, default=1000, help="steps in a round")
    parser.add_argument("--hidden", type=int, default=50, help="hidden units")
    parser.add_argument("--batch", type=int, default=100, help="images in a batch")
    return parser.parse_args()


arguments = _arguments()
HIDDEN, BATCH = arguments.hidden, arguments.batch

processors.use(arguments.threads)

import numpy as np  # noqa: E402


def read_idx(path, magic):
    """The elements of a gzipped IDX file of bytes, flat, and its dimensions."""
    with gzip.open(path) as file:
        content = file.read()
    axes = magic & 0xFF
    found, *shape = struct.unpack_from(f">{1 + axes}I", content)
    if found != magic:
        sys.exit(f"{path}: magic {found:#010x} instead of {magic:#010x}")
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)


def load(scalar):
    """Training images and labels, test images and labels; images as rows of `scalar` in 0...1."""
    parts = []
    for part in ("train", "t10k"):
        images = read_idx(os.path.join(arguments.data_dir, f"{part}-images-idx3-ubyte.gz"), 0x803)
        labels = read_idx(os.path.join(arguments.data_dir, f"{part}-labels-idx1-ubyte.gz"), 0x801)
        rows = images.reshape(len(images), PIXELS).astype(scalar)
        rows /= 255
        parts += [rows, labels]
    return parts


def report(peer, version, train, accuracy, warm_up=300):
    """Times `train(steps)` over several rounds and prints the result.

    `train` returns when the steps are really done; `accuracy()` is that on the test images, afterwards.
    """
    train(warm_up)
    train(arguments.steps)  # the second shape, for those that compile
    rates = []
    for _ in range(arguments.rounds):
        start = time.perf_counter()
        train(arguments.steps)
        rates.append(arguments.steps / (time.perf_counter() - start))
    print(
        json.dumps(
            {
                "peer": peer,
                "threads": arguments.threads,
                "steps_per_second": round(statistics.median(rates), 1),
                "minimum": round(min(rates), 1),
                "maximum": round(max(rates), 1),
                "accuracy": round(float(accuracy()), 4),
                "steps": warm_up + arguments.steps * (arguments.rounds + 1),
                "version": version,
            }
        )
    )
