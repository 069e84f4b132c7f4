"""Writes primitives.json: arithmetic, products, activations, losses and layer normalisation by PyTorch in float64, with their gradients.

Run: python make_primitive_vectors.py   (in an environment with torch; the version is written into the file)

For each case: the inputs, the result, and the gradients of sum(result * weights) by the inputs that have one, where
weights[i] = 0.3 + 0.7 (i mod 5), so that a gradient that is merely constant cannot pass.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

torch.manual_seed(4)
# Numbers of every size: zero, both sides of every kink, far into the tails.
SPREAD = torch.tensor(
    [[-30.0, -6.0, -3.0, -1.25, -0.5, -0.01, -1e-4], [1e-4, 0.01, 0.5, 1.25, 3.0, 6.0, 30.0]], dtype=torch.float64)
SCORES = torch.tensor(
    [[1.0, -2.0, 0.5, 3.0], [0.0, 0.25, -0.75, -1.0], [-20.0, 20.0, 5.0, 0.0]], dtype=torch.float64)
LABELS = torch.tensor([3, 1, 0])
TARGETS = torch.tensor([[0.5, -1.0, 0.75, 2.5], [0.0, 2.25, -0.5, 1.0], [-18.0, 20.5, 4.0, 0.0]], dtype=torch.float64)
PROBABILITIES = torch.tensor([[0.1, 0.2, 0.3, 0.4], [0.0, 1.0, 0.0, 0.0], [0.25, 0.25, 0.5, 0.0]], dtype=torch.float64)
BINARY = torch.tensor([[1.0, 0.0, 1.0, 0.0], [0.0, 0.5, 0.25, 1.0], [1.0, 1.0, 0.0, 0.0]], dtype=torch.float64)
CLASS_WEIGHTS = torch.tensor([1.0, 2.0, 0.5, 3.0], dtype=torch.float64)
NORM = torch.randn(3, 2, 5, dtype=torch.float64) * 3 + 1
GAIN, SHIFT = torch.randn(5, dtype=torch.float64), torch.randn(5, dtype=torch.float64)
GAIN2, SHIFT2 = torch.randn(2, 5, dtype=torch.float64), torch.randn(2, 5, dtype=torch.float64)
TIES = torch.tensor([[1.0, 2.0, -1.0], [0.5, -2.0, 3.0]], dtype=torch.float64)
OTHER = torch.tensor([[1.0, -2.0, 4.0], [0.5, 0.0, 2.0]], dtype=torch.float64)
A = torch.tensor([[0.5, -1.25, 2.0], [3.0, -0.75, 1e-3]], dtype=torch.float64)
B = torch.tensor([[-2.0, 0.25, 1.5], [0.5, 4.0, -3.0]], dtype=torch.float64)
ROW = torch.tensor([2.0, -0.5, 1.25], dtype=torch.float64)
COLUMN = torch.tensor([[1.5], [-0.25]], dtype=torch.float64)
POSITIVE = torch.tensor([[0.01, 0.5, 1.0], [2.0, 30.0, 1e-4]], dtype=torch.float64)
X = torch.tensor([[1.0, -2.0, 0.5, 0.0], [0.0, 0.25, -0.75, 3.0], [-1.5, 1.0, 2.0, -0.5]], dtype=torch.float64)
W = torch.tensor([[0.5, -1.0], [0.25, 2.0], [-0.75, 0.5], [1.25, -0.25]], dtype=torch.float64)
BIAS = torch.tensor([0.125, -0.5], dtype=torch.float64)
ONE_SCORE = torch.tensor([[-0.5], [2.0], [0.25], [-3.0]], dtype=torch.float64)
SIGNS = torch.tensor([[1.0], [1.0], [-1.0], [-1.0]], dtype=torch.float64)


def dense(function):
    # PyTorch keeps weights with an output a row.
    return lambda x, w, b: function(F.linear(x, w.T, b)), [X, W, BIAS]


CASES = {
    "add": (torch.add, [A, B]),
    "add, broadcast": (torch.add, [A, ROW]),
    "subtract": (torch.sub, [A, B]),
    "subtract, broadcast": (torch.sub, [COLUMN, ROW]),
    "multiply": (torch.mul, [A, B]),
    "multiply, broadcast": (torch.mul, [ROW, COLUMN]),
    "divide": (torch.div, [A, B]),
    "divide, broadcast": (torch.div, [COLUMN, A]),
    "negate": (torch.neg, [A]),
    "with numbers": (lambda x: (3 - x * 2 + 1) / 4 - 0.5, [A]),
    "exp": (torch.exp, [A]),
    "log": (torch.log, [POSITIVE]),
    "square root": (torch.sqrt, [POSITIVE]),
    "power 2.5": (lambda x: x**2.5, [POSITIVE]),
    "power 3": (lambda x: x**3, [A]),
    "matmul": (torch.matmul, [X, W]),
    "dense, identity": dense(lambda z: z),
    "dense, sigmoid": dense(torch.sigmoid),
    "dense, tanh": dense(torch.tanh),
    "dense, relu": dense(F.relu),
    "dense, gelu": dense(F.gelu),
    "dense, softmax": dense(lambda z: F.softmax(z, dim=-1)),
    "sum": (torch.sum, [A]),
    "sum by axis 0": (lambda x: x.sum(0), [A]),
    "sum by axis 1, kept": (lambda x: x.sum(1, keepdim=True), [A]),
    "mean": (torch.mean, [A]),
    "reshape": (lambda x: x.reshape(3, 2), [A]),
    "transpose": (torch.t, [A]),
    "binary hinge, 1": (lambda x: F.margin_ranking_loss(x, torch.zeros_like(x), SIGNS, margin=1.0), [ONE_SCORE]),
    "binary hinge, 2.5": (lambda x: F.margin_ranking_loss(x, torch.zeros_like(x), SIGNS, margin=2.5), [ONE_SCORE]),
    "sigmoid": (torch.sigmoid, [SPREAD]),
    "tanh": (torch.tanh, [SPREAD]),
    "relu": (F.relu, [SPREAD]),
    "leaky-relu:0.01": (F.leaky_relu, [SPREAD]),
    "leaky-relu:0.3": (lambda x: F.leaky_relu(x, 0.3), [SPREAD]),
    "elu:1.0": (F.elu, [SPREAD]),
    "elu:0.5": (lambda x: F.elu(x, 0.5), [SPREAD]),
    "gelu": (F.gelu, [SPREAD]),
    "gelu-tanh": (lambda x: F.gelu(x, approximate="tanh"), [SPREAD]),
    "silu": (F.silu, [SPREAD]),
    # PyTorch goes over to x itself above its threshold, where log(1 + exp(x)) still differs in the 9th digit.
    "softplus": (lambda x: F.softplus(x, threshold=1000), [SPREAD]),
    "softmax": (lambda x: F.softmax(x, dim=-1), [SPREAD]),
    "loss cross-entropy": (lambda x: F.cross_entropy(x, LABELS), [SCORES]),
    "loss cross-entropy:smoothing=0.1": (lambda x: F.cross_entropy(x, LABELS, label_smoothing=0.1), [SCORES]),
    "loss cross-entropy:weights=1/2/0.5/3": (lambda x: F.cross_entropy(x, LABELS, weight=CLASS_WEIGHTS), [SCORES]),
    "loss cross-entropy:smoothing=0.2,weights=1/2/0.5/3": (
        lambda x: F.cross_entropy(x, LABELS, weight=CLASS_WEIGHTS, label_smoothing=0.2), [SCORES]),
    "loss mean-squared-error": (
        lambda x: F.mse_loss(F.softmax(x, 1), F.one_hot(LABELS, 4).double(), reduction="sum") / 6, [SCORES]),
    "loss binary-cross-entropy": (
        lambda x: F.binary_cross_entropy_with_logits(x, F.one_hot(LABELS, 4).double()), [SCORES]),
    "loss hinge:1": (lambda x: F.multi_margin_loss(x, LABELS), [SCORES]),
    "loss hinge:2.5": (lambda x: F.multi_margin_loss(x, LABELS, margin=2.5), [SCORES]),
    "loss huber:0.1": (
        lambda x: F.huber_loss(F.softmax(x, 1), F.one_hot(LABELS, 4).double(), delta=0.1), [SCORES]),
    "targets cross-entropy": (lambda x: F.cross_entropy(x, PROBABILITIES), [SCORES]),
    "targets cross-entropy:smoothing=0.2,weights=1/2/0.5/3": (
        lambda x: F.cross_entropy(x, PROBABILITIES, weight=CLASS_WEIGHTS, label_smoothing=0.2), [SCORES]),
    "targets mean-squared-error": (lambda x: F.mse_loss(x, TARGETS, reduction="sum") / 6, [SCORES]),
    "targets binary-cross-entropy": (lambda x: F.binary_cross_entropy_with_logits(x, BINARY), [SCORES]),
    "targets huber:1.0": (lambda x: F.huber_loss(x, TARGETS), [SCORES]),
    "targets huber:2.25": (lambda x: F.huber_loss(x, TARGETS, delta=2.25), [SCORES]),
    "layer normalisation": (lambda x, g, s: F.layer_norm(x, [5], g, s), [NORM, GAIN, SHIFT]),
    "layer normalisation, two axes": (lambda x, g, s: F.layer_norm(x, [2, 5], g, s), [NORM, GAIN2, SHIFT2]),
    "maximum": (torch.maximum, [TIES, OTHER]),
    "minimum": (torch.minimum, [TIES, OTHER]),
    "absolute": (torch.abs, [torch.tensor([-2.0, 0.0, 3.0], dtype=torch.float64)]),
    "max by axis": (lambda x: torch.amax(x, dim=1), [torch.tensor([[1.0, 3.0, 3.0], [0.0, -1.0, -2.0]], dtype=torch.float64)]),
}


def array(tensor):
    return {"shape": list(tensor.shape), "elements": tensor.detach().flatten().tolist()}


def case(function, inputs):
    inputs = [x.clone().requires_grad_() for x in inputs]
    result = function(*inputs)
    weights = (0.3 + 0.7 * (torch.arange(result.numel()) % 5).double()).reshape(result.shape)
    (result * weights).sum().backward()
    return {"inputs": [array(x) for x in inputs], "result": array(result), "gradients": [array(x.grad) for x in inputs]}


out = {
    "made_by": f"torch {torch.__version__}, float64",
    "labels": LABELS.tolist(),
    "targets": array(TARGETS),
    "probabilities": array(PROBABILITIES),
    "binary": array(BINARY),
    "cases": {name: case(*arguments) for name, arguments in CASES.items()},
}
pathlib.Path(__file__).with_name("primitives.json").write_text(json.dumps(out) + "\n")
