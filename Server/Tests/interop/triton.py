"""Asks the server by Triton's client, and compares the answers with those of `descent predict --json`."""
import base64
import csv
import gzip
import json
import subprocess
import sys
import urllib.request

import numpy as np
import tritonclient.http as triton

descent, address, folder = sys.argv[1:4]
client = triton.InferenceServerClient(address.removeprefix("http://"), concurrency=4)
failures = 0


def check(what, holds, detail=""):
    global failures
    if not holds:
        failures += 1
        print(f"FAILED: {what} {detail}")


def library(model, file):
    """The library's own answers."""
    done = subprocess.run(
        [descent, "predict", f"{folder}/{model}", file, "--json"], check=True, capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def post(path, body, **fields):
    request = urllib.request.Request(address + path, data=body, headers=fields)
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())


def figures(answer, order):
    return np.array([answer["probabilities"][name] for name in order], np.float32)


def compare(what, got, expected):
    check(what, got.shape == expected.shape and np.allclose(got, expected, atol=1e-5, rtol=1e-4), f"{got} {expected}")


def output(model):
    return next(o["name"] for o in client.get_model_metadata(model)["outputs"] if o["datatype"] != "BYTES")


check("live", client.is_server_live())
check("ready", client.is_server_ready())
check("extensions", "binary_tensor_data" in client.get_server_metadata()["extensions"])
picture = open(f"{folder}/seven.png", "rb").read()
digits = [str(digit) for digit in range(10)]
for model in ["network", "svm", "knn"]:
    check("model ready", client.is_model_ready(model))
    expected = library(model, f"{folder}/seven.png")[0]
    want = figures(expected, digits)
    plain = post(f"/predict?model={model}&seen=1&top=10", picture)
    check(f"{model}: /predict", plain["label"] == expected["label"], f"{plain} {expected}")
    compare(f"{model}: /predict's figures",
            np.array([{e["label"]: e["probability"] for e in plain["top"]}[d] for d in digits], np.float32), want)
    seen = np.frombuffer(base64.b64decode(plain["seen"]["pixels"]), np.uint8).reshape(1, 28, 28)
    name = output(model)
    for datatype, pixels in [("UINT8", seen), ("FP32", seen.astype(np.float32))]:
        for is_binary in [True, False]:
            given = triton.InferInput("image", list(pixels.shape), datatype)
            given.set_data_from_numpy(pixels, binary_data=is_binary)
            wanted = [triton.InferRequestedOutput(name, binary_data=is_binary),
                      triton.InferRequestedOutput("label", binary_data=is_binary)]
            for packing in [None, "gzip", "deflate"]:
                result = client.infer(model, [given], outputs=wanted, request_compression_algorithm=packing)
                compare(f"{model}: {datatype} binary {is_binary} {packing}", result.as_numpy(name)[0], want)
                label = result.as_numpy("label")[0]
                label = label.decode() if isinstance(label, bytes) else label
                check(f"{model}: label", label == expected["label"], f"{label} {expected['label']}")
            pending = [client.async_infer(model, [given], outputs=wanted) for _ in range(16)]
            for answer in pending:
                compare(f"{model}: async", answer.get_result().as_numpy(name)[0], want)
    # Several examples in one request, and the classification extension.
    batch = np.repeat(seen, 3, axis=0)
    given = triton.InferInput("image", list(batch.shape), "UINT8")
    given.set_data_from_numpy(batch)
    result = client.infer(model, [given], outputs=[triton.InferRequestedOutput(name, class_count=2)], request_id="seven")
    check(f"{model}: id", result.get_response()["id"] == "seven")
    classes = result.as_numpy(name)
    check(f"{model}: shape of classes", classes.shape == (3, 2), f"{classes}")
    value, index, label = classes[0][0].decode().split(":")
    check(f"{model}: class", label == digits[int(index)] and abs(float(value) - want.max()) < 1e-5, f"{classes} {want}")

expected = library("table", f"{folder}/rows.csv")
rows = list(csv.DictReader(open(f"{folder}/rows.csv")))
numbers = {name: np.array([float(row[name] or "nan") for row in rows]) for name in ["length", "width"]}
texts = np.array([row["colour"].encode() for row in rows], dtype=object)
for is_binary in [True, False]:
    inputs = []
    for name in ["length", "width"]:
        given = triton.InferInput(name, [len(rows)], "FP64")
        # JSON has no NaN: a missing number is null there, which Triton's client cannot say.
        column = numbers[name] if is_binary else np.nan_to_num(numbers[name], nan=1.0)
        given.set_data_from_numpy(column, binary_data=is_binary)
        inputs.append(given)
    given = triton.InferInput("colour", [len(rows)], "BYTES")
    given.set_data_from_numpy(texts, binary_data=is_binary)
    inputs.append(given)
    result = client.infer("table", inputs, outputs=[
        triton.InferRequestedOutput("label", binary_data=is_binary),
        triton.InferRequestedOutput(output("table"), class_count=3, binary_data=is_binary)])
    labels = [label.decode() if isinstance(label, bytes) else label for label in result.as_numpy("label")]
    count = len(rows) if is_binary else len(rows) - 1
    check("table: labels", labels[:count] == [row["label"] for row in expected][:count], f"{labels}")
    for row, entries in list(zip(expected, result.as_numpy(output("table"))))[:count]:
        for entry in entries:
            value, _, label = (entry.decode() if isinstance(entry, bytes) else entry).split(":")
            check("table: figures", abs(float(value) - row["probabilities"][label]) < 1e-5, f"{entry} {row}")
body = json.dumps([{name: (float(text) if name != "colour" else text) if text else None for name, text in row.items()}
                   for row in rows]).encode()
for answer in [post("/predict?model=table", body),
               post("/predict/?model=table", gzip.compress(body), **{"Content-Encoding": "gzip"})]:
    check("table: /predict", [row["label"] for row in answer] == [row["label"] for row in expected], f"{answer}")

# What Triton's client must be told: an error in words.
for broken in [lambda: client.infer("none", []), lambda: client.get_model_metadata("none"),
               lambda: client.infer("network", [triton.InferInput("image", [1, 2], "UINT8")])]:
    try:
        broken()
        check("an error", False)
    except triton.InferenceServerException as error:
        check("an error's words", len(error.message()) > 5, str(error))
print("tritonclient:", "the library's answers" if failures == 0 else f"{failures} differ")
sys.exit(1 if failures else 0)
