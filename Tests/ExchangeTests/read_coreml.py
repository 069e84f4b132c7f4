"""Answers of a Core ML file for the samples that it keeps, computed with NumPy from the specification.

usage: read_coreml.py FILE.mlmodel: prints one line of JSON. coremltools reads the file; what each message means is taken
from Apple's "Core ML Format Specification" (NeuralNetwork, GLMClassifier, KNearestNeighborsClassifier, Pipeline), whose
networks have the axes C, H, W here. Core ML itself runs on Apple's systems only.
"""

import base64
import json
import sys

import coremltools
import numpy as np

EXACT = np.float64


def weights(params, *shape):
    return np.array(params.floatValue, dtype=np.float32).astype(EXACT).reshape(shape)


def padded(value, borders, fill):
    rows, columns = borders.borderAmounts
    pads = [(0, 0), (rows.startEdgeSize, rows.endEdgeSize), (columns.startEdgeSize, columns.endEdgeSize)]
    return np.pad(value, pads, constant_values=fill)


def windows(value, kernel, stride, dilation=(1, 1)):
    """[C, H', W', kH, kW]"""
    reach = [(size - 1) * step + 1 for size, step in zip(kernel, dilation)]
    view = np.lib.stride_tricks.sliding_window_view(value, reach, axis=(1, 2))
    return view[:, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]


def convolution(p, value):
    groups = p.nGroups or 1
    kernel = weights(p.weights, p.outputChannels, p.kernelChannels, *p.kernelSize)
    view = windows(padded(value, p.valid.paddingAmounts, 0), p.kernelSize, p.stride, p.dilationFactor)
    each = p.outputChannels // groups
    parts = [
        np.einsum(
            "chwij,ocij->ohw",
            view[g * p.kernelChannels : (g + 1) * p.kernelChannels],
            kernel[g * each : (g + 1) * each],
        )
        for g in range(groups)
    ]
    result = np.concatenate(parts)
    return result + weights(p.bias, -1, 1, 1) if p.hasBias else result


def pooling(p, value):
    if p.globalPooling:
        return value.mean(axis=(1, 2), keepdims=True) if p.type == 1 else value.max(axis=(1, 2), keepdims=True)
    borders = p.valid.paddingAmounts
    if p.type == 0:
        return windows(padded(value, borders, -np.inf), p.kernelSize, p.stride).max(axis=(3, 4))
    view = windows(padded(value, borders, 0), p.kernelSize, p.stride)
    if not p.avgPoolExcludePadding:
        return view.mean(axis=(3, 4))
    inside = windows(padded(np.ones_like(value), borders, 0), p.kernelSize, p.stride)
    return view.sum(axis=(3, 4)) / inside.sum(axis=(3, 4))


def activation(p, value):
    kind = p.WhichOneof("NonlinearityType")
    below = np.minimum(value, 0)
    return {
        "ReLU": lambda: np.maximum(value, 0),
        "leakyReLU": lambda: np.where(value > 0, value, p.leakyReLU.alpha * value),
        "ELU": lambda: np.where(value > 0, value, p.ELU.alpha * np.expm1(below)),
        "tanh": lambda: np.tanh(value),
        "sigmoid": lambda: 1 / (1 + np.exp(-value)),
        "softplus": lambda: np.logaddexp(value, 0),
    }[kind]()


def softmax(value):
    power = np.exp(value - value.max())
    return power / power.sum()


def layer(node, values):
    kind = node.WhichOneof("layer")
    p = getattr(node, kind)
    value = values[node.input[0]]
    if kind == "convolution":
        return convolution(p, value)
    if kind == "pooling":
        return pooling(p, value)
    if kind == "activation":
        return activation(p, value)
    if kind == "innerProduct":
        product = weights(p.weights, p.outputChannels, p.inputChannels) @ value.reshape(-1)
        return (product + weights(p.bias, -1)).reshape(-1, 1, 1)
    if kind == "batchnorm":
        factor = weights(p.gamma, -1, 1, 1) / np.sqrt(weights(p.variance, -1, 1, 1) + p.epsilon)
        return (value - weights(p.mean, -1, 1, 1)) * factor + weights(p.beta, -1, 1, 1)
    if kind == "softmax":
        return softmax(value)
    if kind == "add":
        return sum(values[name] for name in node.input)
    if kind == "scale":
        result = value * weights(p.scale, -1, 1, 1)
        return result + weights(p.bias, -1, 1, 1) if p.hasBias else result
    if kind == "reshape":
        assert p.mode == 0, "channel first"
        return value.reshape(tuple(p.targetShape))
    if kind == "flatten":
        assert p.mode == 0, "channel first"
        return value.reshape(-1, 1, 1)
    raise SystemExit(f"no layer {kind}")


def axes(value):
    """An image [H, W] or [C, H, W], or a row [D], as C, H, W."""
    value = np.asarray(value, dtype=EXACT)
    return {1: value.reshape(-1, 1, 1), 2: value[None]}.get(value.ndim, value) if value.ndim < 3 else value


def network(model, description, inputs):
    values = {feature.name: axes(inputs[feature.name]) for feature in description.input}
    for step in model.preprocessing:
        scaler = step.scaler
        values[step.featureName] = values[step.featureName] * scaler.channelScale + scaler.grayBias
    for node in model.layers:
        values[node.output[0]] = layer(node, values)
    return values


def classifier(model, inputs):
    """The labels and a number for each; the first largest number is the class."""
    kind = model.WhichOneof("Type")
    p = getattr(model, kind)
    if kind == "neuralNetworkClassifier":
        scores = network(p, model.description, inputs)[p.labelProbabilityLayerName].reshape(-1)
        return list(p.stringClassLabels.vector), scores
    row = np.asarray(inputs[model.description.input[0].name], dtype=EXACT).reshape(-1)
    if kind == "glmClassifier":
        assert (p.postEvaluationTransform, p.classEncoding) == (0, 0), "logit, reference class"
        scores = [np.dot(array.value, row) + offset for array, offset in zip(p.weights, p.offset)]
        return list(p.stringClassLabels.vector), softmax(np.array([0] + scores))
    if kind == "kNearestNeighborsClassifier":
        index = p.nearestNeighborsIndex
        samples = np.array([sample.vector for sample in index.floatSamples], dtype=EXACT)
        assert samples.shape[1] == index.numberOfDimensions == row.size
        nearest = np.argsort(((samples - row) ** 2).sum(axis=1), kind="stable")[: p.numberOfNeighbors.defaultValue]
        found = [p.stringClassLabels.vector[i] for i in nearest]
        labels = sorted(set(p.stringClassLabels.vector))
        return labels, np.array([found.count(label) / len(found) for label in labels])
    raise SystemExit(f"no model {kind}")


def answer(model, inputs):
    if model.WhichOneof("Type") != "pipelineClassifier":
        return classifier(model, inputs)
    *before, last = model.pipelineClassifier.pipeline.models
    for part in before:
        values = network(part.neuralNetwork, part.description, inputs)
        inputs = {**inputs, **{output.name: values[output.name] for output in part.description.output}}
    return classifier(last, inputs)


def array(entry):
    data = np.frombuffer(base64.b64decode(entry["data"]), np.dtype(entry["type"]).newbyteorder("<"))
    return data.reshape(entry["shape"])


def main(path):
    model = coremltools.utils.load_spec(path)
    # Reads the description and its types; compiling and predicting are macOS's.
    coremltools.models.MLModel(model, skip_model_load=True)
    kept = dict(model.description.metadata.userDefined)
    samples, classes = json.loads(kept["descent.samples"]), json.loads(kept["descent.classes"])
    ((name, entry),) = samples["inputs"].items()
    examples = array(entry)
    if name == "image" and examples.ndim == 4:
        examples = examples.transpose(0, 3, 1, 2)
    feature = model.description.input[0]
    assert feature.name == name
    if feature.type.WhichOneof("Type") == "imageType":
        size = (feature.type.imageType.height, feature.type.imageType.width)
        assert size == examples.shape[-2:], "the image's size"
        assert feature.type.imageType.colorSpace == (10 if examples.ndim == 3 else 20), "the image's colours"
    expected = array(samples["outputs"]["probabilities"])
    largest, equal = 0.0, 0
    for example, wanted, label in zip(examples, expected, samples["labels"]):
        labels, scores = answer(model, {name: example})
        assert sorted(labels) == sorted(set(classes) & set(labels)), labels
        found = dict(zip(labels, scores))
        largest = max(largest, max(abs(found.get(c, 0.0) - w) for c, w in zip(classes, wanted)))
        # Equal votes have no order in the format.
        equal += bool(found[label] >= max(scores) - 1e-9)
    print(json.dumps({"count": len(examples), "equal": equal, "largest": float(largest), "updatable": bool(model.isUpdatable)}))


main(sys.argv[1])
