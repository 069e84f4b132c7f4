"""PyTorch. Variants: eager, channels-last, compiled (torch.compile, channels last)."""

import residual_job as job
import torch
from torch import nn

variant = job.arguments.variant
torch.set_num_threads(job.arguments.threads)
torch.manual_seed(job.SEED)
layout = torch.contiguous_format if variant == "eager" else torch.channels_last


def plain(inputs, outputs, kernel, stride):
    return nn.Conv2d(inputs, outputs, kernel, stride=stride, padding=kernel // 2, bias=False)


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.body = nn.Sequential(
            plain(inputs, outputs, 3, stride), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True),
            plain(outputs, outputs, 3, 1), nn.BatchNorm2d(outputs))
        self.projection = plain(inputs, outputs, 1, stride) if inputs != outputs or stride != 1 else None

    def forward(self, x):
        kept = x if self.projection is None else self.projection(x)
        return nn.functional.relu(self.body(x) + kept, inplace=True)


def make():
    channels = job.stages()[0][0]
    layers = [plain(3, channels, 3, 1), nn.BatchNorm2d(channels), nn.ReLU(inplace=True)]
    for outputs, stride, blocks in job.stages():
        for block in range(blocks):
            layers.append(Block(channels, outputs, stride if block == 0 else 1))
            channels = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, job.CLASSES))


def check(images, labels):
    network = make()
    index = 0
    with torch.no_grad():
        for module in network.modules():
            for name, parameter in module.named_parameters(recurse=False):
                dense = isinstance(module, nn.Linear) and name == "weight"
                shape = parameter.T.shape if dense else parameter.shape
                base = 1 if isinstance(module, nn.BatchNorm2d) and name == "weight" else 0
                values = torch.from_numpy(job.first_values(index, tuple(shape), base))
                parameter.copy_(values.T if dense else values)
                index += 1
        loss = nn.functional.cross_entropy(network(images[:8]), labels[:8])
    job.check(sum(parameter.numel() for parameter in network.parameters()), float(loss))


values, classes = job.load()
images = torch.from_numpy(values).contiguous(memory_format=layout)
labels = torch.from_numpy(classes)
check(images, labels)
network = make().to(memory_format=layout)
optimizer = torch.optim.Adam(network.parameters(), fused=True)


def batch_loss(x, labels):
    return nn.functional.cross_entropy(network(x), labels)


loss_of = torch.compile(batch_loss) if variant == "compiled" else batch_loss


def train(steps):
    for _ in range(steps):
        batch = torch.randint(len(images), (job.arguments.batch,))
        loss = loss_of(images[batch], labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def accuracy():
    network.eval()
    with torch.no_grad():
        return (network(images[: job.SEEN]).argmax(1) == labels[: job.SEEN]).float().mean()


job.report(f"PyTorch {variant}", torch.__version__, train, accuracy)
