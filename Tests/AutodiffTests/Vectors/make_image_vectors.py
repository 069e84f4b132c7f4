"""Writes images.json (convolutions, pooling, batch normalisation) and NetworksTests/Vectors/batch_normalization.json
(running moments over three batches): values and gradients as PyTorch has them, in float64.

Run: python make_image_vectors.py   (in an environment with torch; the version is written into the files)
"""

import json
import pathlib

import torch
from torch.nn import functional

HERE = pathlib.Path(__file__).parent
MADE_BY = f"torch {torch.__version__}, float64, torch.manual_seed(4)"
torch.manual_seed(4)


def pair(value):
    return list(value) if isinstance(value, tuple) else [value, value]


def array(tensor):
    return {"shape": list(tensor.shape), "elements": [round(x, 12) for x in tensor.detach().flatten().tolist()]}


def draw(*shape):
    # Rounded, so that the file holds what was computed with.
    return (torch.randn(*shape, dtype=torch.float64) * 1000).round().div(1000).requires_grad_()


def case(name, operation, inputs, function, **options):
    output = function(*inputs)
    upstream = draw(*output.shape).detach()
    output.backward(upstream)
    return {
        "name": name,
        "operation": operation,
        "inputs": [array(x) for x in inputs],
        "options": options,
        "output": array(output),
        "upstream": array(upstream),
        "gradients": [array(x.grad) for x in inputs],
    }


def convolution(name, x, w, bias=True, stride=1, padding=0, dilation=1, groups=1, relu=False):
    inputs = [draw(*x), draw(*w)] + ([draw(w[0])] if bias else [])

    def run(x, w, b=None):
        y = functional.conv2d(x, w, b, stride, padding, dilation, groups)
        return functional.relu(y) if relu else y

    return case(name, "convolution", inputs, run, kernel=list(w[2:]), stride=pair(stride), padding=pair(padding),
                dilation=pair(dilation), groups=groups, relu=relu)


def transposed(name, x, w, bias=True, stride=1, padding=0, dilation=1, groups=1):
    inputs = [draw(*x), draw(*w)] + ([draw(w[1] * groups)] if bias else [])

    def run(x, w, b=None):
        return functional.conv_transpose2d(x, w, b, stride, padding, 0, groups, dilation)

    return case(name, "transposed", inputs, run, kernel=list(w[2:]), stride=pair(stride), padding=pair(padding),
                dilation=pair(dilation), groups=groups)


def max_pooling(name, x, kernel, stride, padding=0):
    return case(name, "max", [draw(*x)], lambda x: functional.max_pool2d(x, kernel, stride, padding),
                kernel=pair(kernel), stride=pair(stride), padding=pair(padding))


def average_pooling(name, x, kernel, stride, padding=0, counts=True):
    return case(name, "average", [draw(*x)],
                lambda x: functional.avg_pool2d(x, kernel, stride, padding, count_include_pad=counts),
                kernel=pair(kernel), stride=pair(stride), padding=pair(padding), countsPadding=counts)


def normalization(name, shape, training):
    channels = shape[1]
    mean, variance = draw(channels).detach(), draw(channels).detach().abs() + 0.5

    def run(x, scale, shift):
        return functional.batch_norm(x, mean.clone(), variance.clone(), scale, shift, training, 0.1, 1e-5)

    inputs = [draw(*shape), draw(channels), draw(channels)]
    return case(name, "normalization", inputs, run, training=training, mean=array(mean), variance=array(variance))


CASES = [
    convolution("convolution 3x3", (2, 4, 5, 5), (5, 4, 3, 3)),
    convolution("convolution 3x3, no bias, same, relu", (2, 1, 5, 4), (3, 1, 3, 3), bias=False, padding=1, relu=True),
    convolution("convolution 2x3, strides, padding, dilation", (1, 6, 7, 8), (4, 6, 2, 3), stride=(2, 1),
                padding=(1, 2), dilation=(2, 1)),
    convolution("convolution 1x1, 17 to 18 channels", (2, 17, 2, 3), (18, 17, 1, 1), relu=True),
    convolution("convolution 3x3 in 2 groups", (2, 4, 4, 5), (6, 2, 3, 3), padding=1, groups=2),
    convolution("convolution 3x3, depthwise", (2, 6, 5, 4), (6, 1, 3, 3), padding=1, groups=6, relu=True),
    transposed("transposed 3x3", (2, 4, 3, 3), (4, 5, 3, 3)),
    transposed("transposed 2x2, stride 2, no bias", (1, 6, 3, 2), (6, 3, 2, 2), bias=False, stride=2),
    transposed("transposed 3x4, everything", (2, 4, 3, 4), (4, 3, 3, 4), stride=(2, 3), padding=(1, 2),
               dilation=(2, 1), groups=2),
    max_pooling("max 2x2", (2, 3, 4, 6), 2, 2),
    max_pooling("max 3x2, overlapping, padded", (1, 5, 6, 5), (3, 2), (2, 1), (1, 1)),
    average_pooling("average 2x2", (2, 3, 4, 5), 2, 2),
    average_pooling("average 3x3, padded, counted", (1, 3, 5, 6), 3, 2, 1),
    average_pooling("average 3x3, padded, not counted", (1, 3, 5, 6), 3, 2, 1, counts=False),
    case("global average", "global", [draw(2, 5, 3, 4)], lambda x: x.mean((2, 3))),
    normalization("normalization of images, training", (3, 4, 3, 2), True),
    normalization("normalization of images, evaluation", (2, 5, 2, 2), False),
    normalization("normalization of rows, training", (6, 3), True),
]


def running_moments():
    layer = torch.nn.BatchNorm2d(3, momentum=0.1, dtype=torch.float64)
    batches = [(draw(4, 3, 3, 2) * (1 + k) + k).detach() for k in range(3)]
    outputs = [layer(x) for x in batches]
    mean, variance = layer.running_mean.clone(), layer.running_var.clone()
    layer.eval()
    return {
        "made_by": MADE_BY,
        "batches": [array(x) for x in batches],
        "outputs": [array(y) for y in outputs],
        "mean": array(mean),
        "variance": array(variance),
        "evaluated": array(layer(batches[0])),
    }


def write(path, value):
    path.write_text(json.dumps(value, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")


write(HERE / "images.json", {"made_by": MADE_BY, "cases": CASES})
write(HERE / "../../NetworksTests/Vectors/batch_normalization.json", running_moments())
