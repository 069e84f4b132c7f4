import Arrays
import ONNXMessages

/// Steps that several kinds of models take.
extension GraphBuilder {
    /// Converts a value's elements to another type.
    mutating func cast(_ value: String, to type: Onnx_TensorProto.DataType) -> String {
        add("Cast", value, attributes: ["to": .int(type.rawValue)])
    }

    /// Gives each example another shape; the number of examples stays.
    mutating func reshape(_ value: String, to shape: [Int]) -> String {
        add("Reshape", value, constant([0] + shape, "shape"))
    }

    /// Sums along axes that go, or stay with length 1.
    mutating func sum(_ value: String, over axes: [Int], keeping: Bool = false) -> String {
        add("ReduceSum", value, constant(axes, "axes"), attributes: ["keepdims": .int(keeping ? 1 : 0)])
    }

    /// Cuts a range out of one axis; `end` nil: to the end.
    mutating func slice(_ value: String, _ axis: Int, from start: Int, to end: Int?) -> String {
        add(
            "Slice", value, constant([start], "starts"), constant([end ?? Int(Int32.max)], "ends"),
            constant([axis], "axes"))
    }

    /// Puts values behind one another along an axis.
    mutating func concatenate(_ values: [String], axis: Int) -> String {
        guard values.count > 1 else { return values[0] }
        let name = fresh("concat")
        add("Concat", inputs: values, outputs: [name], attributes: ["axis": .int(axis)])
        return name
    }

    /// Computes softmax along the last axis.
    mutating func softmax(_ value: String) -> String {
        add("Softmax", value, attributes: ["axis": .int(-1)])
    }

    /// Finds the index of the largest of each row's numbers, the first of equals: [N, K] to [N].
    mutating func largest(_ value: String) -> String {
        add("ArgMax", value, attributes: ["axis": .int(1), "keepdims": .int(0)])
    }

    /// Multiplies by the transpose of constant weights [K, D] and adds K numbers: [N, D] to [N, K].
    mutating func linear<Scalar: ONNXElement>(
        _ value: String, weights: NDArray<Scalar>, intercepts: [Scalar], factor: Float = 1
    ) -> String {
        add(
            "Gemm", value, constant(weights, "weights"), constant(intercepts, "intercepts"),
            attributes: ["transB": .int(1), "alpha": .float(factor)])
    }
}
