"""Writes wrk's scripts: the same picture as JSON, and as a binary tensor."""
import random
import sys

folder = sys.argv[1]
chance = random.Random(1)
# As MNIST is: four fifths of the pixels are 0.
pixels = bytes(0 if chance.random() < 0.8 else chance.randrange(1, 256) for _ in range(784))
json = ('{"inputs":[{"name":"image","datatype":"UINT8","shape":[1,28,28],"data":[' + ",".join(map(str, pixels))
        + ']}],"outputs":[{"name":"label"},{"name":"probabilities"}]}').encode()
head = (b'{"inputs":[{"name":"image","datatype":"UINT8","shape":[1,28,28],"parameters":{"binary_data_size":784}}],'
        b'"outputs":[{"name":"probabilities","parameters":{"binary_data":true}}]}')


def script(name, body, fields):
    open(f"{folder}/{name}.body", "wb").write(body)
    with open(f"{folder}/{name}.lua", "w") as file:
        file.write('wrk.method = "POST"\n')
        file.write(f'wrk.body = io.open("{folder}/{name}.body", "rb"):read("*a")\n')
        for field, value in fields:
            file.write(f'wrk.headers["{field}"] = "{value}"\n')


script("json", json, [("Content-Type", "application/json")])
script("binary", head + pixels, [("Inference-Header-Content-Length", len(head))])

# The same layers for onnxruntime; what the weights are does not matter for the time.
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

random_state, sizes = np.random.default_rng(1), [784, 50, 100, 10]
nodes, weights, last = [], [], "image"
for index, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
    weights.append(numpy_helper.from_array(random_state.normal(0, 0.1, (inputs, outputs)).astype(np.float32), f"w{index}"))
    weights.append(numpy_helper.from_array(np.zeros(outputs, np.float32), f"b{index}"))
    nodes.append(helper.make_node("Gemm", [last, f"w{index}", f"b{index}"], [f"z{index}"]))
    last = f"a{index}"
    nodes.append(helper.make_node("Softmax" if index == 2 else "Sigmoid", [f"z{index}"], [last]))
graph = helper.make_graph(
    nodes, "network", [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 784])],
    [helper.make_tensor_value_info(last, TensorProto.FLOAT, [1, 10])], weights)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.save(model, f"{folder}/network.onnx")
