"""Writes optimizers.json: what PyTorch's optimisers make of five given gradients.

Run: python make_optimizer_vectors.py   (in an environment with torch; the version is written into the file)
"""

import json
import pathlib

import torch

START = [0.5, -0.25, 1.0, 0.0]
GRADIENTS = [
    [0.1, -0.2, 0.3, 0.0],
    [-0.4, 0.1, 0.2, 1.0],
    [0.3, 0.3, -0.1, -0.5],
    [0.0, 0.25, 0.5, 0.125],
    [1.5, -1.0, 0.05, 0.2],
]
RULES = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.01),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1, eps=1e-7, weight_decay=0.01),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.99, eps=1e-7, weight_decay=0.01),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01),
}


def weights_after_each_step(rule):
    weights = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = rule([weights])
    steps = []
    for gradient in GRADIENTS:
        weights.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        steps.append(weights.detach().tolist())
    return steps


out = {
    "made_by": f"torch {torch.__version__}, float64",
    "start": START,
    "gradients": GRADIENTS,
    "weights": {name: weights_after_each_step(rule) for name, rule in RULES.items()},
}
path = pathlib.Path(__file__).with_name("optimizers.json")
path.write_text(json.dumps(out, indent=1) + "\n")
