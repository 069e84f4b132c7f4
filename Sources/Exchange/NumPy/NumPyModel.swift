import ArrayFiles
import Foundation
import ONNXMessages
import Support

/// A trained model as one Python file that needs NumPy only: the operators of its ONNX file, a line each.
///
/// ```swift
/// try NumPyModel(ONNXExport(classifier, samples: samples)).write(to: "digits.py")
/// ```
public struct NumPyModel: Sendable {
    /// The program.
    public let text: String

    /// Translates an exported model.
    public init(_ export: ONNXExport) throws {
        let graph = export.model.graph
        let properties = Dictionary(export.model.metadataProps.map { ($0.key, $0.value) }) { $1 }
        let inputs = graph.input.map(\.name)
        let outputs = graph.output.map(\.name)
        var lines = try graph.node.flatMap { try Self.lines(of: $0) }
        lines.append(
            "return {" + outputs.map { "\"\($0)\": \($0)" }.joined(separator: ", ") + "}")
        let constants = try graph.initializer.map { try Self.constant($0) }.joined()
        let words = (properties["descent.preprocessing"] ?? "").replacing("\"\"\"", with: "")
        text =
            Self.head(
                name: export.model.docString.replacing("\"\"\"", with: "").replacing("\\", with: "/"),
                words: words.replacing("\\", with: "/"), inputs: inputs, outputs: outputs)
            + NumPyOperators.text + "\n\n"
            + "# ---- what was learned ----\n" + constants + "\n\n"
            + "def answer(\(inputs.joined(separator: ", "))):\n"
            + lines.map { "    \($0)\n" }.joined() + "\n\n"
            + Self.check(samples: properties["descent.samples"] ?? "{}")
    }

    /// Writes the program, whole or not at all.
    ///
    /// - Throws: `cannotCreate`, `inputOutput`.
    public func write(to path: String) throws { try AtomicFile.write(text, to: path) }

    private static func head(name: String, words: String, inputs: [String], outputs: [String]) -> String {
        """
        \"\"\"\(name)

        \(words)

        from this_file import answer
        answer(\(inputs.map { "\($0)=..." }.joined(separator: ", ")))   # \(outputs.joined(separator: ", "))

        python3 this_file.py   compares its answers with those that Descent gave
        \"\"\"
        import base64
        import json
        import math

        import numpy as np


        def array(kind, shape, data):
            return np.frombuffer(base64.b64decode(data), np.dtype(kind).newbyteorder("<")).reshape(shape)



        """
    }

    private static func check(samples: String) -> String {
        // A string of Python that holds any JSON: JSON's own escapes, and no quote or backslash of Python's.
        let encoded = Data(samples.utf8).base64EncodedString()
        return """
            def check():
                samples = json.loads(base64.b64decode("\(encoded)"))

                def read(entry):
                    if entry["type"] == "string":
                        return np.array(entry["values"], dtype=object).reshape(entry["shape"])
                    return array(entry["type"], entry["shape"], entry["data"])

                found = answer(**{name: read(entry) for name, entry in samples["inputs"].items()})
                agrees = True
                if "labels" in samples:
                    equal = sum(a == b for a, b in zip(found["label"].tolist(), samples["labels"]))
                    print(f"{equal} of {samples['count']} labels equal")
                    agrees = equal == samples["count"]
                for name, entry in samples["outputs"].items():
                    largest = float(np.abs(found[name] - read(entry)).max())
                    print(f"{name} differ by at most {largest:.0e}")
                    agrees = agrees and largest <= entry["tolerance"]
                return agrees


            if __name__ == "__main__":
                raise SystemExit(0 if check() else 1)

            """
    }

    private static func constant(_ tensor: Onnx_TensorProto) throws -> String {
        if tensor.dataType == Int32(Onnx_TensorProto.DataType.string.rawValue) {
            let texts = tensor.stringData.map { JSONText.string(String(decoding: $0, as: UTF8.self)).line }
            return "\(tensor.name) = np.array([\(texts.joined(separator: ", "))], dtype=object)\n"
        }
        let shape = tensor.dims.map { "\($0)," }.joined(separator: " ")
        return
            "\(tensor.name) = array(\"\(try kind(Int(tensor.dataType)))\", (\(shape)), \"\(tensor.rawData.base64EncodedString())\")\n"
    }

    /// NumPy's name of an element type.
    private static func kind(_ type: Int) throws -> String {
        switch Onnx_TensorProto.DataType(rawValue: type) {
        case .float: return "float32"
        case .double: return "float64"
        case .int64: return "int64"
        case .uint8: return "uint8"
        case .bool: return "bool"
        default:
            throw DescentError(
                .failed, "an element type that the NumPy program does not know", got: "\(type)")
        }
    }

    // MARK: Nodes

    private static let infix = [
        "Add": "+", "Sub": "-", "Mul": "*", "Div": "/", "MatMul": "@", "Less": "<", "Greater": ">",
        "Equal": "==",
        "GreaterOrEqual": ">=", "And": "&", "Or": "|", "Pow": "**",
    ]

    /// Functions of the inputs, and of the attributes by name.
    private static let functions = [
        "Conv": "conv", "ConvTranspose": "conv_transpose", "MaxPool": "max_pool",
        "AveragePool": "average_pool",
        "BatchNormalization": "batch_normalization", "LayerNormalization": "layer_normalization",
        "Gemm": "gemm", "Reshape": "reshape", "Slice": "slice_", "Pad": "pad", "Softmax": "softmax",
        "Sigmoid": "sigmoid", "Elu": "elu", "Erf": "erf", "OneHot": "one_hot", "Where": "np.where",
        "Max": "np.maximum", "Min": "np.minimum", "Sqrt": "np.sqrt", "Neg": "np.negative", "Abs": "np.abs",
        "Log": "np.log", "Tanh": "np.tanh", "Floor": "np.floor", "Atan": "np.arctan", "IsNaN": "np.isnan",
    ]

    private static func lines(of node: Onnx_NodeProto) throws -> [String] {
        let inputs = node.input
        let attributes = Dictionary(node.attribute.map { ($0.name, $0) }) { $1 }
        func number(_ name: String) -> Int { Int(attributes[name]?.i ?? 0) }
        func assigned(_ value: String) -> [String] { ["\(node.output.joined(separator: ", ")) = \(value)"] }
        if let sign = infix[node.opType] { return assigned("\(inputs[0]) \(sign) \(inputs[1])") }
        if let function = functions[node.opType] {
            let named = try node.attribute.map { "\($0.name)=\(try value(of: $0))" }
            return assigned("\(function)(\((inputs + named).joined(separator: ", ")))")
        }
        switch node.opType {
        case "Identity": return assigned(inputs[0])
        case "Relu": return assigned("np.maximum(\(inputs[0]), 0)")
        case "LeakyRelu":
            return assigned(
                "np.where(\(inputs[0]) >= 0, \(inputs[0]), \(inputs[0]) * \(inputs[0]).dtype.type(\(attributes["alpha"]?.f ?? 0)))"
            )
        case "Softplus": return assigned("np.logaddexp(\(inputs[0]), \(inputs[0]).dtype.type(0))")
        case "Reciprocal":
            return ["with np.errstate(divide=\"ignore\"):", "    \(node.output[0]) = 1 / \(inputs[0])"]
        case "GlobalAveragePool": return assigned("\(inputs[0]).mean(axis=(2, 3), keepdims=True)")
        case "Cast": return assigned("\(inputs[0]).astype(\"\(try kind(number("to")))\")")
        case "Transpose":
            return assigned("\(inputs[0]).transpose(\(try value(of: attributes["perm"] ?? .init())))")
        case "Concat":
            return assigned("np.concatenate([\(inputs.joined(separator: ", "))], axis=\(number("axis")))")
        case "Unsqueeze": return assigned("np.expand_dims(\(inputs[0]), tuple(\(inputs[1])))")
        case "ReduceSum":
            return assigned(
                "\(inputs[0]).sum(axis=tuple(\(inputs[1])), keepdims=\(number("keepdims") == 1 ? "True" : "False"))"
            )
        case "ReduceMax":
            return assigned("\(inputs[0]).max(axis=tuple(\(try value(of: attributes["axes"] ?? .init()))))")
        case "ArgMax": return assigned("\(inputs[0]).argmax(axis=\(number("axis")))")
        case "TopK": return assigned("top_k(\(inputs[0]), \(inputs[1]))")
        case "Gather": return assigned("np.take(\(inputs[0]), \(inputs[1]), axis=\(number("axis")))")
        case "LabelEncoder":
            let parts = try ["keys_strings", "values_int64s", "default_int64"].map {
                try value(of: attributes[$0] ?? .init())
            }
            return assigned("label_encoder(\(inputs[0]), \(parts.joined(separator: ", ")))")
        case "Scan": return try scan(node, attributes["body"]?.g ?? .init())
        case "SVMClassifier", "SVMRegressor": return try machine(node, attributes)
        default:
            throw DescentError(
                .failed, "an operator that the NumPy program does not know", at: node.name, got: node.opType)
        }
    }

    private static func scan(_ node: Onnx_NodeProto, _ body: Onnx_GraphProto) throws -> [String] {
        let name = "body_of_\(node.output[0])"
        let constants = try body.initializer.flatMap {
            try constant($0).split(separator: "\n").map(String.init)
        }
        let lines = try constants + body.node.flatMap { try Self.lines(of: $0) }
        return ["def \(name)(\(body.input[0].name)):"] + lines.map { "    \($0)" }
            + ["    return \(body.output[0].name)", "\(node.output[0]) = scan(\(node.input[0]), \(name))"]
    }

    private static func machine(
        _ node: Onnx_NodeProto, _ attributes: [String: Onnx_AttributeProto]
    ) throws -> [String] {
        func floats(_ name: String) -> [Float] { attributes[name]?.floats ?? [] }
        func encoded(_ values: [Float], _ shape: String) -> String {
            let data = values.withUnsafeBufferPointer { Data(buffer: $0) }.base64EncodedString()
            return "array(\"float32\", (\(shape)), \"\(data)\")"
        }
        // A regressor is the machine of one pair, all of whose vectors are the first class's.
        let isPair = node.opType == "SVMRegressor"
        let counts =
            isPair ? [attributes["n_supports"]?.i ?? 0, 0] : attributes["vectors_per_class"]?.ints ?? []
        let support = counts.reduce(0, +)
        let parts = [
            node.input[0], "\"\(String(decoding: attributes["kernel_type"]?.s ?? Data(), as: UTF8.self))\"",
            "\(floats("kernel_params"))", encoded(floats("support_vectors"), "\(support), -1"),
            encoded(floats("coefficients"), "\(counts.count - 1), \(support)"), "\(counts)",
            encoded(floats("rho"), "-1,"), encoded(floats("prob_a"), "-1,"), encoded(floats("prob_b"), "-1,"),
        ]
        return ["\(node.output[isPair ? 0 : 1]) = svm(\(parts.joined(separator: ", ")))"]
    }

    private static func value(of attribute: Onnx_AttributeProto) throws -> String {
        switch attribute.type {
        case .int: "\(attribute.i)"
        case .ints: "\(attribute.ints)"
        case .float: "\(attribute.f)"
        case .floats: "\(attribute.floats)"
        case .string: JSONText.string(String(decoding: attribute.s, as: UTF8.self)).line
        case .strings:
            "["
                + attribute.strings.map { JSONText.string(String(decoding: $0, as: UTF8.self)).line }.joined(
                    separator: ", ") + "]"
        default:
            throw DescentError(
                .failed, "an attribute that the NumPy program does not know", got: attribute.name)
        }
    }
}
