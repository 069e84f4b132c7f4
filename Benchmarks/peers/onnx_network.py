"""onnxruntime, inference only, of the network exported from PyTorch. Variants: bound (input and output bound, all
threads), one-thread (the same on one thread, which is faster for one image of a small network)."""

import io
import warnings

import network_job as job
import onnxruntime
import pytorch_layers
import torch

file = io.BytesIO()
x, _ = job.load("t10k")
x = x[: job.arguments.batch, None]
warnings.simplefilter("ignore", DeprecationWarning)  # the newer exporter needs another package
torch.onnx.export(pytorch_layers.make().eval(), (torch.from_numpy(x),), file, dynamo=False)

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1 if job.arguments.variant == "one-thread" else job.arguments.threads
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])
binding = session.io_binding()
binding.bind_ortvalue_input(session.get_inputs()[0].name, onnxruntime.OrtValue.ortvalue_from_numpy(x))
scores = onnxruntime.OrtValue.ortvalue_from_shape_and_type([len(x), 10], "float32")
binding.bind_ortvalue_output(session.get_outputs()[0].name, scores)


def infer(times):
    for _ in range(times):
        session.run_with_iobinding(binding)


job.report(f"onnxruntime {job.arguments.variant}", onnxruntime.__version__, infer)
