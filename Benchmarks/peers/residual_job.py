"""What the peers of the residual networks for colour pictures share: sizes, pictures, first values, clock, the line of JSON.

A network is spelled as Descent spells it: `residual:16x3,32x3,64x3` is a convolution of 3x3, three stages of three blocks (He et al.
2016, section 4.2, with 1x1 convolutions around blocks that change the shape), the mean over the pixels, a dense layer. Convolutions
have no bias and are padded by one pixel on every side; a batch normalisation (momentum 0.1, epsilon 1e-5) follows each but those
around a block; ReLU.

Training: Adam (0.001), softmax with cross-entropy, batches drawn at random from 5,120 pictures of 32x32x3 (noise around a colour for
each of ten classes) that lie in memory as float32, each batch gathered within the timed loop.

Whether it is the same network is seen before anything is timed: the number of parameters, and the loss of the first eight pictures
with parameters made by a formula, must be those that Descent has.

Import this module before NumPy or a framework: it sets the number of threads, which they read when imported.
"""

import argparse
import json
import sys
import time

import processors

COUNT, SEEN, SEED = 5120, 2000, 1
CLASSES = 10


def _arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--network", required=True)
    parser.add_argument("--variant", required=True, help="how the framework is used; see each script")
    parser.add_argument("--parameters", type=int, required=True, help="how many Descent's network has")
    parser.add_argument("--loss", type=float, required=True, help="Descent's, with the first values of the formula")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2, help="of a round")
    return parser.parse_args()


arguments = _arguments()
processors.use(arguments.threads)

import numpy as np  # noqa: E402


def stages():
    """(channels, stride of the first block, blocks) of each stage."""
    parts = [part.split("x") for part in arguments.network.removeprefix("residual:").split(",")]
    return [(int(part[0]), 2 if index else 1, int(part[1]) if len(part) > 1 else 1) for index, part in enumerate(parts)]


def load():
    """Pictures [N, 3, 32, 32] in 0...1 and their labels."""
    noise = np.frombuffer(np.random.RandomState(SEED).bytes(COUNT * 3072), np.uint8).reshape(COUNT, 3, 32, 32)
    labels = np.arange(COUNT) % CLASSES
    colors = 12 * ((labels[:, None] * (1 + np.arange(3))) % 10)
    return (noise // 2 + colors[:, :, None, None]).astype(np.float32) / 255, labels.astype(np.int64)


def first_values(index, shape, base):
    """Parameter number `index`, in the order of Descent's network and the shape that it has there."""
    count = int(np.prod(shape))
    return (base + 0.1 * np.sin(0.7 * np.arange(count) + index)).reshape(shape).astype(np.float32)


def check(parameters, loss):
    if parameters != arguments.parameters:
        sys.exit(f"another network: {parameters} parameters instead of {arguments.parameters}")
    if abs(loss - arguments.loss) > 1e-3 * abs(arguments.loss):
        sys.exit(f"another network: a loss of {loss} instead of {arguments.loss}")


def report(peer, version, call, accuracy, warm_up=2):
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
        values.append(arguments.batch * in_round / (time.perf_counter() - start))
    print(
        json.dumps(
            {
                "peer": peer,
                "threads": arguments.threads,
                "values": values,
                "unit": "images/s",
                "accuracy": round(float(accuracy()), 4),
                "version": version,
            }
        )
    )
