"""What the peers of the convolutional networks share: shapes, data, clock and the one line of JSON.

A network is a list of layers: ("conv", channels, kernel, padding), ("pool",), ("flatten",), ("dense", units). ReLU
follows each but the last one and the pools. They are those of `Sources/Models/Architecture+Names.swift`.

Training: Adam (0.001), softmax with cross-entropy, batches drawn at random from MNIST's 60,000 images, which lie in
memory as float32, each batch gathered within the timed loop. Inference: the scores of one batch of test images.

Import this module before NumPy or a framework: it sets the number of threads, which they read when imported.
"""

import argparse
import gzip
import json
import os
import struct
import sys
import time

import processors

NETWORKS = {
    "lenet": [("conv", 6, 5, 2), ("pool",), ("conv", 16, 5, 0), ("pool",), ("flatten",)]
    + [("dense", 120), ("dense", 84), ("dense", 10)],
    "simple-conv": [("conv", 30, 5, 0), ("pool",), ("flatten",), ("dense", 100), ("dense", 10)],
    "deep-conv": [("conv", 16, 3, 1), ("conv", 16, 3, 1), ("pool",)]
    + [("conv", 32, 3, 1), ("conv", 32, 3, 2), ("pool",)]
    + [("conv", 64, 3, 1), ("conv", 64, 3, 1), ("pool",), ("flatten",), ("dense", 50), ("dense", 10)],
    "wide-conv": [("conv", 32, 3, 0), ("conv", 64, 3, 0), ("pool",), ("flatten",)]
    + [("dense", 128), ("dense", 10)],
}
SEED = 1
SEEN = 2000  # test images whose accuracy is told: enough to see that a network learns


def _arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data-dir", required=True, help="the folder with MNIST's four gzipped files")
    parser.add_argument("--network", required=True, choices=NETWORKS)
    parser.add_argument("--work", required=True, choices=("train", "infer"))
    parser.add_argument("--variant", required=True, help="how the framework is used; see each script")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.5, help="of a round")
    return parser.parse_args()


arguments = _arguments()
layers = NETWORKS[arguments.network]
processors.use(arguments.threads)

import numpy as np  # noqa: E402


def _read(name, magic):
    with gzip.open(os.path.join(arguments.data_dir, name)) as file:
        content = file.read()
    axes = magic & 0xFF
    found, *shape = struct.unpack_from(f">{1 + axes}I", content)
    if found != magic:
        sys.exit(f"{name}: magic {found:#010x} instead of {magic:#010x}")
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)


def load(part):
    """Images [N, 28, 28] in 0...1 and labels of "train" or "t10k" (the first `SEEN` of them)."""
    images = _read(f"{part}-images-idx3-ubyte.gz", 0x803)
    labels = _read(f"{part}-labels-idx1-ubyte.gz", 0x801)
    if part == "t10k":
        images, labels = images[:SEEN], labels[:SEEN]
    return images.astype(np.float32) / 255, labels.astype(np.int64)


def report(peer, version, call, accuracy=None, warm_up=3):
    """Times `call(times)`, which returns when all is really done, over several rounds and prints the result."""
    call(warm_up)
    times, start = 0, time.perf_counter()
    while time.perf_counter() - start < arguments.seconds / 2:
        call(warm_up)
        times += warm_up
    in_round = max(1, round(times * arguments.seconds / (time.perf_counter() - start)))
    values = []
    for _ in range(arguments.rounds):
        start = time.perf_counter()
        call(in_round)
        seconds = (time.perf_counter() - start) / in_round
        values.append(seconds * 1e6 if arguments.batch == 1 else arguments.batch / seconds)
    print(
        json.dumps(
            {
                "peer": peer,
                "threads": arguments.threads,
                "values": values,
                "unit": "us" if arguments.batch == 1 else "images/s",
                "accuracy": None if accuracy is None else round(float(accuracy()), 4),
                "version": version,
            }
        )
    )
