"""Writes small whole models of other exporters as folders, with the answers of onnxruntime: the folder Exported beside this file.

make_exported_models.py FOLDER torch|paddle|tensorflow|sklearn

The committed ones were made with PyTorch 2.15 and torchvision 0.29 (both exporters), Paddle 3.3 with paddle2onnx 2.1, TensorFlow 2.21
with tf2onnx 1.17, scikit-learn with skl2onnx 1.20, and onnxruntime 1.32. Weights are random, from fixed seeds. A list of
dictionaries that onnxruntime gives for ZipMap is written as a tensor with a column for each class.
"""

import os
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper


def answers(folder, feeds):
    """Runs the model in the folder and writes its inputs and outputs beside it."""
    session = onnxruntime.InferenceSession(os.path.join(folder, "model.onnx"))
    place = os.path.join(folder, "test_data_set_0")
    os.makedirs(place, exist_ok=True)
    names = [value.name for value in session.get_inputs()]
    feeds = dict(zip(names, feeds))
    for kind, values in (("input", feeds.values()), ("output", session.run(None, feeds))):
        for index, value in enumerate(values):
            if isinstance(value, list):
                value = np.array([list(row.values()) for row in value], dtype=np.float32)
            value = np.asarray(value)
            if value.dtype.kind == "U":
                value = value.astype(object)
            with open(os.path.join(place, "%s_%d.pb" % (kind, index)), "wb") as file:
                file.write(numpy_helper.from_array(value).SerializeToString())
    print(folder, os.path.getsize(os.path.join(folder, "model.onnx")), "bytes")


def stripped(path):
    """Texts about where each node came from are most of a small file."""
    model = onnx.load(path)
    graphs = [model.graph] + [f for f in model.functions]
    for graph in graphs:
        for node in graph.node:
            del node.metadata_props[:]
            node.doc_string = ""
        if hasattr(graph, "value_info"):
            del graph.value_info[:]
            for value in list(graph.input) + list(graph.output) + list(graph.initializer):
                del value.metadata_props[:]
            del graph.metadata_props[:]
    return model


def torch_models(root):
    import torch
    import torchvision
    from torch import nn
    from torch.nn import functional as F

    torch.backends.mha.set_fastpath_enabled(False)

    class Classifier(nn.Module):
        """What MobileNets and ShuffleNets are made of."""

        def __init__(self):
            super().__init__()
            self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16), nn.Hardswish())
            self.depth = nn.Sequential(nn.Conv2d(16, 16, 3, 1, 1, groups=16, bias=False), nn.BatchNorm2d(16), nn.ReLU6())
            self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(16, 8, 1), nn.ReLU(), nn.Conv2d(8, 16, 1), nn.Hardsigmoid())
            self.grouped = nn.Conv2d(16, 24, 1, groups=4)
            self.last = nn.Linear(24, 5)

        def forward(self, x):
            x = self.depth(self.stem(x))
            x = x + x * self.gate(x)
            n, c, h, w = x.shape
            x = x.view(n, 4, c // 4, h, w).transpose(1, 2).reshape(n, c, h, w)
            a, b = self.grouped(x).chunk(2, dim=1)
            x = F.max_pool2d(torch.cat([F.silu(a), F.gelu(b)], 1), 3, 2, 1, ceil_mode=True)
            return self.last(x.mean([2, 3])).softmax(1)

    class Sequence(nn.Module):
        """Recurrent layers, attention, a grid, an equation."""

        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 8, 3, padding=1)
            self.lstm = nn.LSTM(8, 6, 2, bidirectional=True, batch_first=True)
            self.gru = nn.GRU(12, 10, batch_first=True)
            self.rnn = nn.RNN(10, 6, batch_first=True)
            self.attention = nn.MultiheadAttention(6, 2, batch_first=True)
            self.norm = nn.LayerNorm(6)
            self.matrix = nn.Parameter(torch.randn(6, 5))
            self.theta = nn.Parameter(torch.tensor([[0.9, 0.1, 0.05], [-0.1, 1.1, 0.0]]))

        def forward(self, x):
            theta = self.theta.unsqueeze(0).expand(x.shape[0], 2, 3)
            grid = F.affine_grid(theta, list(x.shape), align_corners=False)
            x = F.grid_sample(x, grid, align_corners=False, padding_mode="reflection")
            y = F.silu(self.conv(x)).mean(2).transpose(1, 2)
            y = self.rnn(self.gru(self.lstm(y)[0])[0])[0]
            y = self.norm(y + self.attention(y, y, y)[0])
            z = torch.roll(torch.einsum("btd,dk->btk", y, self.matrix), 1, 1).cumsum(1)
            values, places = z.topk(3, dim=1)
            return z.softmax(-1), values, places, F.unfold(x, 3, padding=1).sum(1)

    class Detector(nn.Module):
        """Boxes, their suppression, regions, and what is in them."""

        def __init__(self):
            super().__init__()
            self.body = nn.Conv2d(3, 8, 3, 2, 1)
            self.boxes = nn.Conv2d(8, 4, 1)
            self.scores = nn.Conv2d(8, 1, 1)
            self.head = nn.Linear(8 * 9, 4)

        def forward(self, x):
            seen = F.relu(self.body(x))
            boxes = self.boxes(seen).permute(0, 2, 3, 1).reshape(-1, 4) * 8
            scores = (3 * self.scores(seen)).sigmoid().reshape(-1)
            grid = torch.arange(scores.shape[0], dtype=torch.float32).unsqueeze(1) % 12
            boxes = torch.cat([grid + boxes[:, :2], grid + boxes[:, 2:].abs() + boxes[:, :2] + 2], 1)
            boxes = torchvision.ops.clip_boxes_to_image(boxes, (24, 24))
            kept = torchvision.ops.batched_nms(boxes, scores, (scores * 2).long(), 0.4)[:6]
            regions = torchvision.ops.roi_align(seen, [boxes[kept]], 3, 0.5, 2, aligned=True)
            return boxes[kept], scores[kept], self.head(regions.flatten(1)).softmax(-1)

    class Control(nn.Module):
        """Loops, branches and sequences, which a script keeps."""

        def forward(self, x):
            h = x
            for i in range(int(x.shape[0])):
                h = h + x[i] * 0.5
            parts = torch.split(h, [1, 2], 1)
            if bool(h.sum() > 0):
                h = h * 2
            else:
                h = h - 1
            rows = torch.cat(list(torch.unbind(h, 0)), 0)
            return h, rows, parts[1], torch.where(h > 0)[0], torch.masked_select(h, h > 0.5)

    batch = {0: torch.export.Dim("N", min=1, max=64)}
    for name, model, shape, ways in (
        ("classifier", Classifier, (2, 3, 16, 16), ("legacy", "dynamo")), ("sequence", Sequence, (2, 3, 12, 12), ("legacy", "dynamo")),
        ("detector", Detector, (1, 3, 24, 24), ("legacy",)), ("control", Control, (2, 3, 6, 6), ("legacy",)),
    ):
        for way in ways:
            torch.manual_seed(11)
            folder = os.path.join(root, "torch-%s-%s" % (way, name))
            os.makedirs(folder, exist_ok=True)
            path = os.path.join(folder, "model.onnx")
            network = model().eval()
            for layer in network.modules():
                if isinstance(layer, nn.BatchNorm2d):
                    layer.running_mean.normal_(0, 0.3)
                    layer.running_var.uniform_(0.5, 1.5)
            if name == "control":
                network = torch.jit.script(network)
            x = torch.rand(*shape)
            if way == "legacy":
                axes = {"image": {0: "N"}} if name in ("classifier", "sequence") else None
                torch.onnx.export(network, (x,), path, dynamo=False, opset_version=20 if name == "sequence" else 17,
                                  input_names=["image"], dynamic_axes=axes)
            else:
                torch.onnx.export(network, (x,), path, dynamo=True, input_names=["image"], dynamic_shapes=(batch,), verbose=False)
            # One of them keeps its weights in a file of its own (shapes stay: onnxruntime does not look for them there).
            beside = name == "classifier" and way == "dynamo"
            model_file = stripped(path)
            for old in os.listdir(folder):
                if old.startswith("model.onnx"):
                    os.remove(os.path.join(folder, old))
            onnx.save(model_file, path, save_as_external_data=beside, location="model.data", size_threshold=400)
            answers(folder, [x.numpy()])


def paddle_models(root):
    import paddle
    from paddle import nn
    from paddle.nn import functional as F

    class Reader(nn.Layer):
        """What Paddle's vision models are made of (its LSTM is not exported any more)."""

        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2D(3, 12, 3, stride=2)
            self.norm = nn.BatchNorm2D(12)
            self.group = nn.GroupNorm(3, 12)
            self.up = nn.Conv2DTranspose(12, 6, 2, 2)
            self.layer = nn.LayerNorm(12)
            self.last = nn.Linear(12, 7)

        def forward(self, x):
            y = F.hardswish(self.norm(self.conv(x)))
            large = F.interpolate(self.up(self.group(y)), size=[17, 30], mode="bilinear", align_corners=False)
            pooled = F.adaptive_avg_pool2d(y, 3)
            z = F.gelu(self.layer(paddle.mean(y, 2).transpose([0, 2, 1])))
            values, places = paddle.topk(z, 2, axis=1)
            return F.softmax(self.last(z), -1), large, pooled, values, places

    paddle.seed(5)
    folder = os.path.join(root, "paddle-reader")
    os.makedirs(folder, exist_ok=True)
    model = Reader()
    model.eval()
    paddle.onnx.export(model, os.path.join(folder, "model"), opset_version=16,
                       input_spec=[paddle.static.InputSpec([None, 3, 13, 21], "float32", "image")])
    answers(folder, [np.random.RandomState(0).rand(2, 3, 13, 21).astype(np.float32)])


def tensorflow_models(root):
    import tensorflow as tf
    import tf2onnx

    weights = np.random.RandomState(1).normal(0, 0.3, (3, 3, 3, 20)).astype(np.float32)

    def detector(x):
        y = tf.nn.conv2d(x, weights, 2, "SAME")
        batch = tf.shape(x)[0]
        corners = tf.reshape(y[..., :16], [batch, -1, 4])
        scores = tf.sigmoid(tf.reshape(y[..., 16:], [batch, -1]))
        low = tf.minimum(corners[..., :2], corners[..., 2:])
        boxes = tf.concat([low, tf.maximum(corners[..., :2], corners[..., 2:]) + 0.1], -1)

        def suppressed(pair):
            kept = tf.image.non_max_suppression(pair[0], pair[1], 5, 0.5)
            kept = tf.pad(kept, [[0, 5 - tf.shape(kept)[0]]])
            return tf.gather(pair[0], kept), tf.gather(pair[1], kept)

        found, best = tf.map_fn(suppressed, (boxes, scores), fn_output_signature=(tf.float32, tf.float32))
        crops = tf.image.crop_and_resize(x, tf.clip_by_value(found[0], 0.0, 1.0), tf.zeros([5], tf.int32), [4, 4])
        _, sums = tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a + x * tf.cast(i, tf.float32)),
                                [tf.constant(0), tf.zeros_like(x)])
        either = tf.cond(tf.reduce_sum(x) > 0.0, lambda: x * 2.0, lambda: x - 1.0)
        return found, best, crops, sums, either, tf.einsum("bhwc,bhwd->bcd", x, x)

    folder = os.path.join(root, "tensorflow-detector")
    os.makedirs(folder, exist_ok=True)
    signature = [tf.TensorSpec([None, 12, 12, 3], tf.float32, name="image")]
    function = tf.function(detector, input_signature=signature)
    tf2onnx.convert.from_function(function, input_signature=signature, opset=16, output_path=os.path.join(folder, "model.onnx"))
    answers(folder, [np.random.RandomState(0).rand(2, 12, 12, 3).astype(np.float32)])


def sklearn_models(root):
    import pandas
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
    from sklearn.compose import ColumnTransformer
    from sklearn.datasets import make_classification
    from sklearn.ensemble import GradientBoostingClassifier, RandomForestRegressor
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import Normalizer, OneHotEncoder, StandardScaler
    from sklearn.svm import SVC

    rows, classes = make_classification(90, 4, n_informative=4, n_redundant=0, n_classes=3, n_clusters_per_class=1, random_state=1)
    rows, names = rows.astype(np.float32), np.array(["red", "green", "blue"])
    holes = rows.copy()
    holes[::5, 1] = np.nan
    draw = np.random.RandomState(0)
    table = pandas.DataFrame({"a": rows[:, 0], "b": rows[:, 1], "city": names[draw.randint(3, size=90)], "grade": draw.randint(4, size=90)})
    columns = ColumnTransformer([("n", StandardScaler(), ["a", "b"]), ("t", OneHotEncoder(), ["city"]), ("g", OneHotEncoder(), ["grade"])])
    forms = [("a", FloatTensorType([None, 1])), ("b", FloatTensorType([None, 1])), ("city", StringTensorType([None, 1])),
             ("grade", Int64TensorType([None, 1]))]
    part = [table[["a"]].values[:20].astype(np.float32), table[["b"]].values[:20].astype(np.float32),
            table[["city"]].values[:20].astype(object), table[["grade"]].values[:20].astype(np.int64)]
    plain = [("X", FloatTensorType([None, 4]))]
    for name, model, x, y, form, feeds in (
        ("table", make_pipeline(columns, LogisticRegression()), table, names[classes], forms, part),
        ("boosting", GradientBoostingClassifier(n_estimators=4, max_depth=2, random_state=0), rows, names[classes], plain, [rows[:20]]),
        ("boosting-two", GradientBoostingClassifier(n_estimators=4, max_depth=2, random_state=0), rows, classes % 2, plain, [rows[:20]]),
        ("forest", RandomForestRegressor(4, max_depth=3, random_state=0), rows, rows[:, :2] ** 2, plain, [rows[:20]]),
        ("machine", make_pipeline(SimpleImputer(), Normalizer(), SVC()), holes, classes, plain, [holes[:20]]),
        ("machine-two", SVC(kernel="poly"), rows, classes % 2, plain, [rows[:20]]),
    ):
        folder = os.path.join(root, "sklearn-" + name)
        os.makedirs(folder, exist_ok=True)
        onnx.save(to_onnx(model.fit(x, y), initial_types=form, target_opset={"": 18, "ai.onnx.ml": 3}), os.path.join(folder, "model.onnx"))
        answers(folder, feeds)


{"torch": torch_models, "paddle": paddle_models, "tensorflow": tensorflow_models, "sklearn": sklearn_models}[sys.argv[2]](sys.argv[1])
