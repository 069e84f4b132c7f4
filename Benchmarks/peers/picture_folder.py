"""Decoding and resizing a folder of pictures (one class, `a`) by PyTorch's DataLoader with torchvision, or by tf.data.

torchvision decodes by Pillow and resizes with its antialiasing filter, in two worker processes; tf.data decodes by its own
libjpeg-turbo (at a quarter of the size in the variant `tf-data-quarter`) and resizes by area. Every picture is visited once a round;
batches of 100 bytes-valued pictures. The workers' start is not timed.
"""

import argparse
import json
import os
import time

import processors

parser = argparse.ArgumentParser()
parser.add_argument("--folder", required=True)
parser.add_argument("--side", type=int, required=True)
parser.add_argument("--gray", action="store_true")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--variant", required=True, choices=["torchvision", "tf-data", "tf-data-quarter"])
arguments = parser.parse_args()
processors.use(arguments.threads)
side = arguments.side
# A relative path begins where Descent lies.
arguments.folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", arguments.folder)


def torchvision_rounds():
    import torch

    # A build for GPUs does not load its operators without their libraries, and then misses two when imported that nothing here
    # calls.
    library = torch.library.Library("torchvision", "FRAGMENT")
    for operator in ("nms", "qnms"):
        library.define(operator + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision
    from torchvision import datasets, transforms

    torch.set_num_threads(1)
    steps = [transforms.Grayscale()] if arguments.gray else []
    steps += [transforms.Resize((side, side)), transforms.PILToTensor()]
    data = datasets.ImageFolder(arguments.folder, transforms.Compose(steps))
    loader = torch.utils.data.DataLoader(
        data, batch_size=100, num_workers=arguments.threads, persistent_workers=True, prefetch_factor=4)

    def work():
        return sum(len(pictures) for pictures, _ in loader)

    return "torchvision", torchvision.__version__, work


def tensorflow_rounds():
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    tf.config.threading.set_inter_op_parallelism_threads(arguments.threads)
    place = os.path.join(arguments.folder, "a")
    paths = sorted(os.path.join(place, name) for name in os.listdir(place))
    channels = 1 if arguments.gray else 3
    ratio = 4 if arguments.variant == "tf-data-quarter" else 1

    def read(path):
        contents = tf.io.read_file(path)
        if paths[0].endswith(".jpg"):
            picture = tf.io.decode_jpeg(contents, channels=channels, ratio=ratio)
        else:
            picture = tf.io.decode_png(contents, channels=channels)
        picture.set_shape([None, None, channels])
        return tf.cast(tf.image.resize(picture, (side, side), method="area"), tf.uint8)

    data = tf.data.Dataset.from_tensor_slices(paths).map(read, num_parallel_calls=arguments.threads)
    data = data.batch(100).prefetch(2)

    def work():
        return sum(len(batch) for batch in data)

    return arguments.variant.replace("tf-data", "tf.data").replace("-quarter", " (decoded at a quarter)"), tf.__version__, work


name, version, work = torchvision_rounds() if arguments.variant == "torchvision" else tensorflow_rounds()
work()
values = []
for _ in range(arguments.rounds):
    start = time.perf_counter()
    count = work()
    values.append(1000 * (time.perf_counter() - start))
print(json.dumps({"peer": name, "milliseconds": values, "version": version, "count": int(count)}))
