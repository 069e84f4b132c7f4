"""PyTorch. Variants: eager, channels-last, compiled (torch.compile), each alone or with -bf16 (autocast); bf16."""

import network_job as job
import contextlib
import pytorch_layers
import torch
from torch import nn

words = job.arguments.variant
channels_last, half, compiled = "channels-last" in words, "bf16" in words, "compiled" in words
torch.set_num_threads(job.arguments.threads)
layout = torch.channels_last if channels_last or compiled else torch.contiguous_format
network = pytorch_layers.make().to(memory_format=layout)


def precision():
    return torch.autocast("cpu", torch.bfloat16) if half else contextlib.nullcontext()


def images(part):
    values, labels = job.load(part)
    return torch.from_numpy(values)[:, None].contiguous(memory_format=layout), torch.from_numpy(labels)


test_images, test_labels = images("t10k")


def training():
    train_images, train_labels = images("train")
    optimizer = torch.optim.Adam(network.parameters(), fused=True)

    def scores_and_loss(x, labels):
        with precision():
            return nn.functional.cross_entropy(network(x), labels)

    loss_of = torch.compile(scores_and_loss) if compiled else scores_and_loss

    def train(steps):
        for _ in range(steps):
            batch = torch.randint(len(train_images), (job.arguments.batch,))
            loss = loss_of(train_images[batch], train_labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return train


def inference():
    network.eval()
    model = torch.compile(network) if compiled else network
    x = test_images[: job.arguments.batch].contiguous(memory_format=layout)

    def infer(times):
        with torch.inference_mode(), precision():
            for _ in range(times):
                model(x)

    return infer


def accuracy():
    with torch.no_grad():
        return (network(test_images).argmax(1) == test_labels).float().mean()


trains = job.arguments.work == "train"
job.report(
    f"PyTorch {words}", torch.__version__, training() if trains else inference(), accuracy if trains else None
)
