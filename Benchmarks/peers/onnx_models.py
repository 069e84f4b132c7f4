"""Image classifiers as ONNX files, and onnxruntime's time on them.

onnx_models.py make FOLDER          squeezenet, resnet50, shufflenet (of the onnx package, with random weights), mobilenet_v2
onnx_models.py time FILE BATCH SECONDS

Needs onnx 1.23 and onnxruntime; `Benchmarks/Sources/ONNXBenchmark` does the second with Descent.
"""

import os
import sys
import time

import numpy as np


def weights(rng, shape):
    return rng.normal(0, np.sqrt(2 / np.prod(shape[1:])), shape).astype(np.float32)


def light(name, rng):
    """A classifier of the onnx package: its constant weights become random ones, its batch free."""
    import onnx
    from onnx import numpy_helper

    folder = os.path.join(os.path.dirname(onnx.__file__), "backend/test/data/light")
    model = onnx.load(os.path.join(folder, "light_%s.onnx" % name))
    graph = model.graph
    shapes = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    ones = {n.input[i] for n in graph.node if n.op_type == "BatchNormalization" for i in (1, 4)}
    kept, made = [], []
    for node in graph.node:
        if node.op_type != "ConstantOfShape" or node.input[0] not in shapes:
            kept.append(node)
            continue
        shape, output = [int(v) for v in shapes[node.input[0]]], node.output[0]
        if output in ones:
            value = np.ones(shape, np.float32)
        elif len(shape) > 1:
            value = weights(rng, shape)
        else:
            value = rng.normal(0, 0.1, shape).astype(np.float32)
        made.append(numpy_helper.from_array(value, output))
    del graph.node[:], graph.value_info[:]
    graph.node.extend(kept)
    used = {name for node in kept for name in node.input}
    old = [i for i in graph.initializer if i.name in used]
    for tensor in old:
        reshapes = [n for n in kept if n.op_type == "Reshape" and n.input[1] == tensor.name]
        value = numpy_helper.to_array(tensor).copy()
        if reshapes and value[0] == 1:
            value[0] = 0
            tensor.CopyFrom(numpy_helper.from_array(value, tensor.name))
    del graph.initializer[:]
    graph.initializer.extend(old + made)
    names = {i.name for i in graph.initializer}
    inputs = [i for i in graph.input if i.name not in names and i.name in used]
    del graph.input[:]
    graph.input.extend(inputs)
    model.ir_version = 8
    for value in list(graph.input) + list(graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "N"
    return model


def mobilenet(rng):
    """MobileNetV2 (Sandler and others 2018): depthwise convolutions, relu6, sums."""
    from onnx import TensorProto, helper, numpy_helper

    nodes = []
    constants = [numpy_helper.from_array(np.float32(v), n) for v, n in ((0, "low"), (6, "high"))]

    def conv(x, channels, outputs, kernel, stride, groups, bounded):
        name = "c%d" % len(nodes)
        constants.append(numpy_helper.from_array(weights(rng, (outputs, channels // groups, kernel, kernel)), name + "w"))
        constants.append(numpy_helper.from_array(rng.normal(0, 0.1, outputs).astype(np.float32), name + "b"))
        nodes.append(helper.make_node(
            "Conv", [x, name + "w", name + "b"], [name], group=groups, strides=[stride] * 2,
            kernel_shape=[kernel] * 2, pads=[kernel // 2] * 4))
        if bounded:
            nodes.append(helper.make_node("Clip", [name, "low", "high"], [name + "r"]))
        return name + ("r" if bounded else "")

    x, channels = conv("x", 3, 32, 3, 2, 1, True), 32
    for widen, outputs, count, stride in [
            (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]:
        for index in range(count):
            step, wide, y = stride if index == 0 else 1, channels * widen, x
            if widen > 1:
                y = conv(y, channels, wide, 1, 1, 1, True)
            y = conv(conv(y, wide, wide, 3, step, wide, True), wide, outputs, 1, 1, 1, False)
            if step == 1 and channels == outputs:
                nodes.append(helper.make_node("Add", [x, y], [y + "s"]))
                y += "s"
            x, channels = y, outputs
    x = conv(x, channels, 1280, 1, 1, 1, True)
    constants.append(numpy_helper.from_array(weights(rng, (1000, 1280)), "w"))
    constants.append(numpy_helper.from_array(np.zeros(1000, np.float32), "b"))
    nodes.append(helper.make_node("GlobalAveragePool", [x], ["mean"]))
    nodes.append(helper.make_node("Flatten", ["mean"], ["flat"]))
    nodes.append(helper.make_node("Gemm", ["flat", "w", "b"], ["y"], transB=1))
    graph = helper.make_graph(
        nodes, "mobilenet_v2", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 3, 224, 224])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 1000])], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def make(folder):
    import onnx

    rng = np.random.default_rng(0)
    os.makedirs(folder, exist_ok=True)
    for name in ("squeezenet", "resnet50", "shufflenet"):
        onnx.save(light(name, rng), os.path.join(folder, name + ".onnx"))
    onnx.save(mobilenet(rng), os.path.join(folder, "mobilenet_v2.onnx"))


def measure(path, batch, seconds):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    start = time.perf_counter()
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    opening = time.perf_counter() - start
    value = session.get_inputs()[0]
    shape = [batch] + [int(length) for length in value.shape[1:]]
    count = int(np.prod(shape))
    given = {value.name: (np.arange(count) / count).reshape(shape).astype(np.float32)}
    best, end = float("inf"), time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        session.run(None, given)
        best = min(best, time.perf_counter() - start)
        if time.perf_counter() > end:
            break
    print("opened in %.4f seconds, best %.6f seconds" % (opening, best))


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    measure(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
