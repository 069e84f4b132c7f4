import CGraph
import Support

/// Operators that make tensors of little.
enum CreationKernels {
    /// The value of a Constant, which stands in one of several attributes.
    static func constant(_ node: Node, _ budget: MemoryBudget) throws -> ONNXTensor {
        if let tensor = try node.tensor("value") { return tensor }
        if let value = try node.float("value_float") { return try ONNXTensor([value], shape: [], budget) }
        if let values = try node.floats("value_floats") {
            return try ONNXTensor(values, shape: [values.count], budget)
        }
        if let value = try node.int("value_int") { return try ONNXTensor([Int64(value)], shape: [], budget) }
        if let values = try node.ints("value_ints") {
            return try ONNXTensor(values.map { Int64($0) }, shape: [values.count], budget)
        }
        if let values = try node.texts("value_strings") {
            return try ONNXTensor(texts: values, shape: [values.count], budget)
        }
        if node.has("value_string") {
            return try ONNXTensor(texts: [node.text("value_string", or: "")], shape: [], budget)
        }
        throw DescentError(.badData, "a constant without a value")
    }

    static func filled(_ shape: [Int], _ value: ONNXTensor, _ budget: MemoryBudget) throws -> ONNXTensor {
        guard value.count == 1, value.type != .string else {
            throw DescentError(.badData, "a value that is no single number", got: "\(value.shape)")
        }
        let y = try ONNXTensor(value.type, shape, budget)
        cg_fill(value.elementSize, y.count, value.base, y.base)
        return y
    }

    static func range(
        _ start: ONNXTensor, _ limit: ONNXTensor, _ delta: ONNXTensor, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        guard start.type == limit.type, start.type == delta.type else { throw typeMisfit(limit.type) }
        let (from, to, step) = (
            try start.scalarDouble(budget), try limit.scalarDouble(budget), try delta.scalarDouble(budget)
        )
        guard step != 0, let count = Int(exactly: max(0, ((to - from) / step).rounded(.up))),
            count < 1 << 40
        else { throw DescentError(.badData, "a range without an end", got: "\(from) to \(to) by \(step)") }
        let y = try ONNXTensor(.float64, [count], budget)
        let view = y.view(as: Double.self)
        for index in 0..<count { view[index] = from + Double(index) * step }
        return try y.cast(to: start.type, budget)
    }
}

extension OperatorRegistry {
    static var creationOperators: Family {
        [
            (
                "Constant", 1,
                { node in
                    let value = try CreationKernels.constant(node, MemoryBudget(limit: 1 << 40))
                    return { _ in [value] }
                }
            ),
            (
                "ConstantOfShape", 9,
                { node in
                    let value = try node.tensor("value")
                    return { arguments in
                        let shape = try arguments(0).ints()
                        let zero = try ONNXTensor([Float(0)], shape: [], arguments.budget)
                        return [try CreationKernels.filled(shape, value ?? zero, arguments.budget)]
                    }
                }
            ),
            ("Range", 11, { _ in { [try CreationKernels.range($0(0), $0(1), $0(2), $0.budget)] } }),
            (
                "EyeLike", 9,
                { node in
                    let number = try node.int("dtype")
                    let shift = try node.int("k", or: 0)
                    return { arguments in
                        let x = try arguments(0)
                        try x.expectRank(2)
                        let type = number.flatMap { ONNXElementType(rawValue: Int32(truncatingIfNeeded: $0)) }
                        let y = try arguments.tensor(.float32, x.shape)
                        let ones = y.view(as: Float.self)
                        ones.update(repeating: 0)
                        for row in 0..<(ones.isEmpty ? 0 : x.shape[0]) {
                            let (column, overflow) = row.addingReportingOverflow(shift)
                            if !overflow, 0 <= column, column < x.shape[1] {
                                ones[row * x.shape[1] + column] = 1
                            }
                        }
                        return [try y.cast(to: type ?? x.type, arguments.budget)]
                    }
                }
            ),
            (
                "OneHot", 9,
                { node in
                    let axis = try node.int("axis", or: -1)
                    return { arguments in
                        let budget = arguments.budget
                        let indices = try arguments(0).cast(to: .int64, budget)
                        let depth = try arguments(1).cast(to: .int64, budget).scalarInt()
                        let values = try arguments(2)
                        guard depth > 0, values.shape == [2], values.type != .string else {
                            throw DescentError(.badData, "no two values, or no depth", got: "\(depth)")
                        }
                        let at = try Shapes.axis(axis, rank: indices.rank, beyond: 1)
                        var shape = indices.shape
                        shape.insert(depth, at: at)
                        let y = try ONNXTensor(values.type, shape, budget)
                        let size = values.elementSize
                        cg_fill(size, y.count, values.base, y.base)
                        let inner = Shapes.product(shape[(at + 1)...])
                        for (index, place) in indices.view(as: Int64.self).enumerated() {
                            guard let place = Int(exactly: place), place >= -depth, place < depth else {
                                continue
                            }
                            let row = place < 0 ? place + depth : place
                            let to = (index / inner * depth + row) * inner + index % inner
                            (y.base + to * size).copyMemory(from: values.base + size, byteCount: size)
                        }
                        return [y]
                    }
                }
            ),
        ]
    }
}
