"""Answers of a Core ML file for the samples that it keeps, computed with NumPy from the specification.

usage: read_coreml.py FILE.mlmodel: prints one line of JSON. coremltools reads the file; what each message means is taken
from Apple's "Core ML Format Specification" (NeuralNetwork, GLMClassifier, GLMRegressor, SVM, KNearestNeighborsClassifier,
Pipeline, and what prepares columns: FeatureVectorizer, Imputer, CategoricalMapping, OneHotEncoder, Scaler, ArrayFeatureExtractor),
whose networks have the axes C, H, W here. The probabilities of several classes are coupled as libsvm does, whose fields the SVM
has: Wu, Lin, Weng 2004. Core ML itself runs on Apple's systems only.
"""

import base64
import json
import math
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


def deconvolution(p, value):
    groups = p.nGroups or 1
    each, own = p.outputChannels // groups, p.kernelChannels // groups
    kernel = weights(p.weights, p.kernelChannels, each, *p.kernelSize)
    (_, rows, columns), (down, along) = value.shape, p.stride
    reach = [(size - 1) * step + 1 for size, step in zip(p.kernelSize, p.dilationFactor)]
    result = np.zeros((p.outputChannels, (rows - 1) * down + reach[0], (columns - 1) * along + reach[1]), EXACT)
    for channel in range(p.kernelChannels):
        group = channel // own
        for y in range(rows):
            for x in range(columns):
                result[
                    group * each : (group + 1) * each,
                    y * down : y * down + reach[0] : p.dilationFactor[0],
                    x * along : x * along + reach[1] : p.dilationFactor[1],
                ] += value[channel, y, x] * kernel[channel]
    (top, left) = p.valid.paddingAmounts.borderAmounts
    result = result[:, top.startEdgeSize : result.shape[1] - top.endEdgeSize]
    result = result[:, :, left.startEdgeSize : result.shape[2] - left.endEdgeSize]
    return result + weights(p.bias, -1, 1, 1) if p.hasBias else result


def convolution(p, value):
    if p.isDeconvolution:
        return deconvolution(p, value)
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
    if kind == "layerNormalization":
        last = tuple(range(-len(p.normalizedShape), 0))
        assert value.shape[-len(p.normalizedShape) :] == tuple(p.normalizedShape)
        away = value - value.mean(axis=last, keepdims=True)
        scaled = away / np.sqrt((away * away).mean(axis=last, keepdims=True) + p.eps)
        return scaled * weights(p.gamma, *p.normalizedShape) + weights(p.beta, *p.normalizedShape)
    if kind == "gelu":
        if p.mode == 0:
            return value * (1 + np.vectorize(math.erf)(value / math.sqrt(2))) / 2
        assert p.mode == 1, "hyperbolic tangent"
        return value * (1 + np.tanh(math.sqrt(2 / math.pi) * (value + 0.044715 * value**3))) / 2
    if kind == "unary":
        assert p.type == 3, "power"
        return (p.shift + p.scale * value) ** p.alpha
    if kind == "multiply":
        return values[node.input[0]] * values[node.input[1]]
    if kind == "concat":
        return np.concatenate([values[name] for name in node.input])
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


def kernels(p, vectors, row):
    kind = p.WhichOneof("kernel")
    k = getattr(p, kind)
    if kind == "linearKernel":
        return vectors @ row
    if kind == "rbfKernel":
        return np.exp(-k.gamma * ((vectors - row) ** 2).sum(axis=1))
    if kind == "polyKernel":
        return (k.gamma * (vectors @ row) + k.c) ** k.degree
    assert kind == "sigmoidKernel"
    return np.tanh(k.gamma * (vectors @ row) + k.c)


def coupled(pairs, count):
    """p_1 ... p_K of P(i | i or j): the second method of Wu, Lin and Weng by the iteration of their section 4.2, which libsvm
    ends at 0.005 / K."""
    if count == 2:
        return np.array([pairs[0, 1], pairs[1, 0]])
    q = -(pairs.T * pairs)
    for i in range(count):
        q[i, i] = sum(pairs[j, i] ** 2 for j in range(count) if j != i)
    p = np.full(count, 1 / count)
    for _ in range(max(100, count)):
        if np.abs(q @ p - p @ q @ p).max() < 0.005 / count:
            break
        for t in range(count):
            p[t] += (p @ q @ p - (q @ p)[t]) / q[t, t]
            p /= p.sum()
    return p


CACHE = {}


def support(p):
    if id(p) not in CACHE:
        CACHE[id(p)] = (p, np.array([v.values for v in p.denseSupportVectors.vectors]))
    return CACHE[id(p)][1]


def machine(p, row):
    vectors, counts = support(p), list(p.numberOfSupportVectorsPerClass)
    values = kernels(p.kernel, vectors, row)
    starts, count = np.cumsum([0] + counts), len(counts)
    alphas = np.array([list(c.alpha) for c in p.coefficients])
    pairs, votes, place = np.zeros((count, count)), [0] * count, 0
    for i in range(count):
        for j in range(i + 1, count):
            of_i, of_j = slice(starts[i], starts[i + 1]), slice(starts[j], starts[j + 1])
            decision = alphas[j - 1, of_i] @ values[of_i] + alphas[i, of_j] @ values[of_j] - p.rho[place]
            share = 1 / (1 + math.exp(min(700, p.probA[place] * decision + p.probB[place])))
            votes[i if decision > 0 else j] += 1
            pairs[i, j] = min(max(share, 1e-7), 1 - 1e-7)
            pairs[j, i] = 1 - pairs[i, j]
            place += 1
    return coupled(pairs, count), votes.index(max(votes))


def best(labels, scores):
    """The labels with the largest number: equal votes of neighbours have no order in the format."""
    return {label for label, score in zip(labels, scores) if score >= max(scores) - 1e-9}


def classifier(model, inputs):
    """The labels, a number for each, and which of them may be the class."""
    kind = model.WhichOneof("Type")
    p = getattr(model, kind)
    if kind == "neuralNetworkClassifier":
        scores = network(p, model.description, inputs)[p.labelProbabilityLayerName].reshape(-1)
        return list(p.stringClassLabels.vector), scores, best(p.stringClassLabels.vector, scores)
    row = np.asarray(inputs[model.description.input[0].name], dtype=EXACT).reshape(-1)
    if kind == "glmClassifier":
        assert (p.postEvaluationTransform, p.classEncoding) == (0, 0), "logit, reference class"
        scores = [np.dot(array.value, row) + offset for array, offset in zip(p.weights, p.offset)]
        scores = softmax(np.array([0] + scores))
        return list(p.stringClassLabels.vector), scores, best(p.stringClassLabels.vector, scores)
    if kind == "supportVectorClassifier":
        # As libsvm, the most votes; the format does not say whether Core ML takes them or the largest probability.
        scores, winner = machine(p, row)
        return list(p.stringClassLabels.vector), scores, {p.stringClassLabels.vector[winner]}
    if kind == "kNearestNeighborsClassifier":
        index = p.nearestNeighborsIndex
        samples = np.array([sample.vector for sample in index.floatSamples], dtype=EXACT)
        assert samples.shape[1] == index.numberOfDimensions == row.size
        nearest = np.argsort(((samples - row) ** 2).sum(axis=1), kind="stable")[: p.numberOfNeighbors.defaultValue]
        found = [p.stringClassLabels.vector[i] for i in nearest]
        labels = sorted(set(p.stringClassLabels.vector))
        scores = np.array([found.count(label) / len(found) for label in labels])
        return labels, scores, best(labels, scores)
    raise SystemExit(f"no model {kind}")


def number(model, inputs):
    """A regressor's number."""
    kind = model.WhichOneof("Type")
    p = getattr(model, kind)
    if kind == "neuralNetwork":
        (output,) = model.description.output
        return float(network(p, model.description, inputs)[output.name].reshape(-1)[0])
    row = np.asarray(inputs[model.description.input[0].name], dtype=EXACT).reshape(-1)
    if kind == "glmRegressor":
        return float(np.dot(p.weights[0].value, row) + p.offset[0])
    assert kind == "supportVectorRegressor", kind
    vectors = support(p)
    return float(np.dot(p.coefficients.alpha, kernels(p.kernel, vectors, row)) - p.rho)


def prepared(model, inputs):
    """What a model before the last one makes of its inputs."""
    kind = model.WhichOneof("Type")
    p = getattr(model, kind)
    if kind == "neuralNetwork":
        values = network(p, model.description, inputs)
        return {output.name: values[output.name] for output in model.description.output}
    (output,) = model.description.output
    value = inputs[model.description.input[0].name]
    if kind == "featureVectorizer":
        parts = [np.asarray(inputs[c.inputColumn], dtype=EXACT).reshape(-1) for c in p.inputList]
        assert [part.size for part in parts] == [c.inputDimensions for c in p.inputList]
        result = np.concatenate(parts)
    elif kind == "imputer":
        assert np.isnan(p.replaceDoubleValue)
        result = np.where(np.isnan(value), p.imputedDoubleArray.vector, value)
    elif kind == "categoricalMapping":
        result = p.stringToInt64Map.map[value] if value in p.stringToInt64Map.map else p.int64Value
    elif kind == "oneHotEncoder":
        result = (np.array(p.int64Categories.vector) == value).astype(EXACT)
        assert result.sum() == 1
    elif kind == "scaler":
        result = (value + p.shiftValue) * p.scaleValue
    elif kind == "arrayFeatureExtractor":
        result = value[list(p.extractIndex)]
    else:
        raise SystemExit(f"no model {kind}")
    if output.type.WhichOneof("Type") == "multiArrayType":
        assert np.asarray(result).shape == tuple(output.type.multiArrayType.shape), output.name
    return {output.name: result}


def answer(model, inputs, predict):
    kind = model.WhichOneof("Type")
    if kind == "pipeline":
        models = model.pipeline.models
    elif kind in ("pipelineClassifier", "pipelineRegressor"):
        models = getattr(model, kind).pipeline.models
    else:
        return predict(model, inputs)
    *before, last = models
    for part in before:
        inputs = {**inputs, **prepared(part, inputs)}
    return predict(last, inputs)


def array(entry):
    if entry["type"] == "string":
        return np.array(entry["values"], dtype=object).reshape(entry["shape"])
    data = np.frombuffer(base64.b64decode(entry["data"]), np.dtype(entry["type"]).newbyteorder("<"))
    return data.reshape(entry["shape"])


def main(path):
    model = coremltools.utils.load_spec(path)
    # Reads the description and its types; compiling and predicting are macOS's.
    coremltools.models.MLModel(model, skip_model_load=True)
    kept = dict(model.description.metadata.userDefined)
    samples = json.loads(kept["descent.samples"])
    entries = {name: array(entry) for name, entry in samples["inputs"].items()}
    features = list(model.description.input)
    if set(entries) <= {"numbers", "texts"}:
        # The columns of a table: numbers and texts apart there, each for itself here.
        numbers = [f.name for f in features if f.type.WhichOneof("Type") == "doubleType"]
        texts = [f.name for f in features if f.type.WhichOneof("Type") == "stringType"]
        count = len(next(iter(entries.values())))
        examples = [
            {
                **dict(zip(numbers, entries["numbers"][n] if numbers else [])),
                **dict(zip(texts, entries["texts"][n] if texts else [])),
            }
            for n in range(count)
        ]
    else:
        ((name, values),) = entries.items()
        if name == "image" and values.ndim == 4:
            values = values.transpose(0, 3, 1, 2)
        feature = features[0]
        assert feature.name == name
        if feature.type.WhichOneof("Type") == "imageType":
            size = (feature.type.imageType.height, feature.type.imageType.width)
            assert size == values.shape[-2:], "the image's size"
            assert feature.type.imageType.colorSpace == (10 if values.ndim == 3 else 20), "the image's colours"
        examples = [{name: value} for value in values]
    largest, equal = 0.0, 0
    if "descent.classes" in kept:
        classes = json.loads(kept["descent.classes"])
        expected = array(samples["outputs"]["probabilities"])
        for example, wanted, label in zip(examples, expected, samples["labels"]):
            labels, scores, chosen = answer(model, example, classifier)
            assert sorted(labels) == sorted(set(classes) & set(labels)), labels
            found = dict(zip(labels, scores))
            largest = max(largest, max(abs(found.get(c, 0.0) - w) for c, w in zip(classes, wanted)))
            equal += label in chosen
    else:
        for example, wanted in zip(examples, array(samples["outputs"]["value"]).reshape(-1)):
            largest = max(largest, abs(answer(model, example, number) - wanted))
        equal = len(examples)
    print(json.dumps({"count": len(examples), "equal": equal, "largest": float(largest), "updatable": bool(model.isUpdatable)}))


main(sys.argv[1])
