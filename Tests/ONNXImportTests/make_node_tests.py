"""Writes ONNX's node tests of some operators as folders: make_node_tests.py FOLDER OPERATOR...

They are made by the onnx package (1.23.2 when this was written), which no longer ships them as files. Cases with types that
are not supported here (8 and 4 bits of floating numbers) are left out and counted. Of a sequence each tensor is a file of its
own (input_0_0.pb, input_0_1.pb ...), a sequence without one is the text [], and an optional value that is not there an empty file.
"""

import json
import os
import sys

import numpy
import onnx
from onnx import TensorProto, numpy_helper
from onnx.backend.test.case.node import collect_testcases

KNOWN = {
    TensorProto.FLOAT, TensorProto.UINT8, TensorProto.INT8, TensorProto.UINT16, TensorProto.INT16, TensorProto.INT32,
    TensorProto.INT64, TensorProto.STRING, TensorProto.BOOL, TensorProto.FLOAT16, TensorProto.DOUBLE,
    TensorProto.UINT32, TensorProto.UINT64, TensorProto.BFLOAT16,
}


def known_type(type):
    if type.HasField("optional_type"):
        return known_type(type.optional_type.elem_type)
    if type.HasField("sequence_type"):
        return known_type(type.sequence_type.elem_type)
    return type.HasField("tensor_type") and type.tensor_type.elem_type in KNOWN


def known(values):
    return all(known_type(v.type) for v in values)


def write(path, value, name):
    if isinstance(value, (list, tuple)) and value:
        for index, member in enumerate(value):
            write("%s_%d" % (path, index), member, name)
        return
    with open(path + ".pb", "wb") as file:
        if value is None:
            return
        if isinstance(value, list):
            file.write(b"[]")
            return
        if not isinstance(value, TensorProto):
            value = numpy_helper.from_array(numpy.asarray(value), name)
        file.write(value.SerializeToString())


def main():
    folder, operators = sys.argv[1], set(sys.argv[2:])
    written, left_out = [], 0
    for case in collect_testcases(None):
        graph = case.model.graph
        if not {".".join(filter(None, (node.domain, node.op_type))) for node in graph.node} <= operators:
            continue
        if not known(list(graph.input) + list(graph.output)):
            left_out += 1
            continue
        random = "training_dropout" in case.name and "zero_ratio" not in case.name
        if random or any(o.version > 28 for o in case.model.opset_import if not o.domain):
            left_out += 1
            continue
        for number, (inputs, outputs) in enumerate(case.data_sets):
            place = os.path.join(folder, case.name, "test_data_set_%d" % number)
            os.makedirs(place, exist_ok=True)
            for kind, values, described in (("input", inputs, graph.input), ("output", outputs, graph.output)):
                for index, value in enumerate(values):
                    write(os.path.join(place, "%s_%d" % (kind, index)), value, described[index].name)
        onnx.save(case.model, os.path.join(folder, case.name, "model.onnx"))
        written.append({"name": case.name, "rtol": case.rtol, "atol": case.atol})
    with open(os.path.join(folder, "manifest.json"), "w") as file:
        json.dump({"cases": written, "left_out": left_out}, file)


main()
