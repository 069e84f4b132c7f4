"""The networks of network_job as modules of PyTorch."""

import network_job as job
import torch
from torch import nn


def make():
    torch.manual_seed(job.SEED)
    layers, channels, size, width = [], 1, 28, None
    for number, (kind, *sizes) in enumerate(job.layers):
        if kind == "conv":
            outputs, kernel, padding = sizes
            layers += [nn.Conv2d(channels, outputs, kernel, padding=padding), nn.ReLU()]
            channels, size = outputs, size + 2 * padding - kernel + 1
        elif kind == "pool":
            layers.append(nn.MaxPool2d(2))
            size //= 2
        elif kind == "flatten":
            layers.append(nn.Flatten())
            width = channels * size * size
        else:
            layers.append(nn.Linear(width, sizes[0]))
            width = sizes[0]
            if number + 1 < len(job.layers):
                layers.append(nn.ReLU())
    return nn.Sequential(*layers)
