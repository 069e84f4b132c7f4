/// The program that asks onnxruntime about a file's samples, in Python: the interop environment's `python3` runs it.
enum InteropScript {
    /// Prints one line of JSON: versions, and how far each output is from the answers that the file keeps.
    static let text = #"""
        import base64, json, sys
        import numpy as np
        import onnx
        import onnxruntime

        path = sys.argv[1]
        model = onnx.load(path)
        # Every value's shape is inferred, and what contradicts another is an error.
        onnx.checker.check_model(path, full_check=True)
        inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
        properties = {entry.key: entry.value for entry in model.metadata_props}
        samples = json.loads(properties["descent.samples"])


        def array(entry):
            if entry["type"] == "string":
                return np.array(entry["values"], dtype=object).reshape(entry["shape"])
            data = np.frombuffer(base64.b64decode(entry["data"]), np.dtype(entry["type"]).newbyteorder("<"))
            return data.reshape(entry["shape"])


        inputs = {name: array(entry) for name, entry in samples["inputs"].items()}
        expected = {name: array(entry) for name, entry in samples["outputs"].items()}
        count = samples["count"]
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        names = [output.name for output in session.get_outputs()]


        def answers(first, last):
            return dict(zip(names, session.run(names, {name: value[first:last] for name, value in inputs.items()})))


        # The batch's length is free: all at once, and one by one.
        whole = answers(0, count)
        single = [answers(i, i + 1) for i in range(min(count, 3))]
        outputs = []
        for name, values in expected.items():
            found = [whole[name]] + [one[name] for one in single]
            wanted = [values] + [values[i : i + 1] for i in range(len(single))]
            same_shape = all(a.shape == b.shape for a, b in zip(found, wanted))
            largest = max(float(np.max(np.abs(a - b), initial=0)) for a, b in zip(found, wanted)) if same_shape else None
            if largest is not None and not np.isfinite(largest):
                largest = None
            outputs.append({"name": name, "largest": largest, "tolerance": samples["outputs"][name]["tolerance"]})
        # A model that predicts numbers has no labels.
        equal = count
        if "labels" in samples:
            one_by_one = [one["label"].tolist() for one in single] == [[label] for label in samples["labels"][: len(single)]]
            labels = whole["label"].tolist()
            equal = sum(a == b for a, b in zip(labels, samples["labels"])) if len(labels) == count and one_by_one else 0
        print(json.dumps({
            "runtime": "onnxruntime " + onnxruntime.__version__, "checker": "onnx " + onnx.__version__,
            "count": count, "equal_labels": equal, "has_labels": "labels" in samples, "outputs": outputs,
        }))
        """#
}
