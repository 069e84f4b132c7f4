import CGraph
import CKernels
import Support

/// Operators of two tensors and more, element by element.
enum ElementwiseKernels {
    static func binary(
        _ op: cg_binary_operator, _ a: ONNXTensor, _ b: ONNXTensor, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        guard a.type == b.type else {
            throw DescentError(.badData, "tensors of two types", got: "\(a.type) and \(b.type)")
        }
        let compares = op.rawValue >= CG_EQUAL.rawValue
        // Zero where no channel is: a sum or a product of two blocks has zeros there again.
        if a.layout != CK_LAYOUT_ROWS, a.layout == b.layout, a.shape == b.shape,
            op == CG_ADD || op == CG_MUL || op == CG_SUB || op == CG_MAX || op == CG_MIN
        {
            let result = ONNXTensor(
                a.type, a.shape, try TensorMemory(a.memory.count, budget), layout: a.layout)
            let count = [a.memory.count / 4]
            _ = cg_binary(op, CG_FLOAT32, 1, count, a.base, [1], b.base, [1], result.base)
            return result
        }
        let a = try a.inRows(budget)
        let b = try b.inRows(budget)
        let shape = try Shapes.broadcast(a.shape, b.shape)
        let result = try ONNXTensor(compares ? .bool : a.type, shape, budget)
        guard
            cg_binary(
                op, a.type.rawValue, Int32(shape.count), shape, a.base,
                Shapes.strides(a.shape, repeatedTo: shape), b.base,
                Shapes.strides(b.shape, repeatedTo: shape), result.base) == 1
        else { throw typeMisfit(a.type) }
        return result
    }

    /// The operator of two tensors.
    static func maker(_ op: cg_binary_operator) -> OperatorMaker {
        { node in
            // The broadcasting of opset 6.
            try node.refuse("broadcast", "axis")
            return { [try binary(op, $0.asLaid(0), $0.asLaid(1), $0.budget)] }
        }
    }

    /// The operator of any number of tensors, from the left to the right.
    static func chain(_ op: cg_binary_operator, isMean: Bool = false) -> OperatorMaker {
        { _ in
            { arguments in
                var result = try arguments.asLaid(0)
                for index in arguments.inputs.indices.dropFirst() {
                    result = try binary(op, result, arguments.asLaid(index), arguments.budget)
                }
                guard isMean else { return [result] }
                let count = try ONNXTensor([Double(arguments.inputs.count)], shape: [], arguments.budget)
                return [
                    try binary(
                        CG_DIV, result.inRows(arguments.budget),
                        count.cast(to: result.type, arguments.budget),
                        arguments.budget)
                ]
            }
        }
    }

    /// The base's type is the result's.
    static func power(_ a: ONNXTensor, _ b: ONNXTensor, _ budget: MemoryBudget) throws -> ONNXTensor {
        guard a.type != b.type else { return try binary(CG_POW, a, b, budget) }
        let wide = try binary(
            CG_POW, a.cast(to: .float64, budget), b.cast(to: .float64, budget), budget)
        return try wide.cast(to: a.type, budget)
    }
}

extension OperatorRegistry {
    static var elementwiseOperators: Family {
        [
            ("Add", 1, ElementwiseKernels.maker(CG_ADD)), ("Sub", 1, ElementwiseKernels.maker(CG_SUB)),
            ("Mul", 1, ElementwiseKernels.maker(CG_MUL)), ("Div", 1, ElementwiseKernels.maker(CG_DIV)),
            ("PRelu", 1, ElementwiseKernels.maker(CG_PRELU)),
            ("BitwiseAnd", 18, ElementwiseKernels.maker(CG_BIT_AND)),
            ("BitwiseOr", 18, ElementwiseKernels.maker(CG_BIT_OR)),
            ("BitwiseXor", 18, ElementwiseKernels.maker(CG_BIT_XOR)),
            ("Sum", 1, ElementwiseKernels.chain(CG_ADD)), ("Max", 1, ElementwiseKernels.chain(CG_MAX)),
            ("Min", 1, ElementwiseKernels.chain(CG_MIN)),
            ("Mean", 1, ElementwiseKernels.chain(CG_ADD, isMean: true)),
            (
                "Mod", 10,
                { node in
                    let op = try node.flag("fmod") ? CG_FMOD : CG_MOD
                    return { [try ElementwiseKernels.binary(op, $0(0), $0(1), $0.budget)] }
                }
            ),
            (
                "BitShift", 11,
                { node in
                    let op = try node.text("direction", or: "") == "LEFT" ? CG_SHIFT_LEFT : CG_SHIFT_RIGHT
                    return { [try ElementwiseKernels.binary(op, $0(0), $0(1), $0.budget)] }
                }
            ),
            (
                "Pow", 1,
                { node in
                    try node.refuse("broadcast", "axis")
                    return { [try ElementwiseKernels.power($0(0), $0(1), $0.budget)] }
                }
            ),
        ]
    }

    static var comparisonOperators: Family {
        [
            ("Less", 1, ElementwiseKernels.maker(CG_LESS)),
            ("LessOrEqual", 12, ElementwiseKernels.maker(CG_LESS_EQUAL)),
            ("Greater", 1, ElementwiseKernels.maker(CG_GREATER)),
            ("GreaterOrEqual", 12, ElementwiseKernels.maker(CG_GREATER_EQUAL)),
            ("And", 1, ElementwiseKernels.maker(CG_AND)), ("Or", 1, ElementwiseKernels.maker(CG_OR)),
            ("Xor", 1, ElementwiseKernels.maker(CG_XOR)),
            (
                "Equal", 1,
                { node in
                    try node.refuse("broadcast", "axis")
                    return { arguments in
                        let (a, b) = (try arguments(0), try arguments(1))
                        guard a.type == .string, b.type == .string else {
                            return [try ElementwiseKernels.binary(CG_EQUAL, a, b, arguments.budget)]
                        }
                        // Texts are compared by their places in a list of them all.
                        var places: [String: Int64] = [:]
                        func numbered(_ tensor: ONNXTensor) throws -> ONNXTensor {
                            let numbers = tensor.texts.map { text in
                                let next = Int64(places.count)
                                return places[text, default: next] == next
                                    ? {
                                        places[text] = next; return next
                                    }() : places[text] ?? next
                            }
                            return try ONNXTensor(numbers, shape: tensor.shape, arguments.budget)
                        }
                        return [
                            try ElementwiseKernels.binary(
                                CG_EQUAL, numbered(a), numbered(b), arguments.budget)
                        ]
                    }
                }
            ),
            (
                "Not", 1,
                { _ in
                    { arguments in
                        let x = try arguments(0)
                        try x.expect(.bool)
                        let y = try arguments.tensor(.bool, x.shape)
                        let (from, to) = (x.view(as: UInt8.self), y.view(as: UInt8.self))
                        for index in 0..<x.count { to[index] = from[index] == 0 ? 1 : 0 }
                        return [y]
                    }
                }
            ),
            (
                "IsNaN", 9,
                { _ in
                    { arguments in
                        let x = try arguments(0)
                        let y = try arguments.tensor(.bool, x.shape)
                        guard
                            cg_classify(
                                x.type.rawValue, x.count, x.base, 0,
                                y.base.assumingMemoryBound(to: UInt8.self))
                                == 1
                        else { throw typeMisfit(x.type) }
                        return [y]
                    }
                }
            ),
            (
                "IsInf", 10,
                { node in
                    let signs =
                        (try node.flag("detect_positive", or: true) ? 1 : 0)
                        | (try node.flag("detect_negative", or: true) ? 2 : 0)
                    return { arguments in
                        let x = try arguments(0)
                        let y = try arguments.tensor(.bool, x.shape)
                        let result = y.base.assumingMemoryBound(to: UInt8.self)
                        if signs == 0 {
                            for index in 0..<x.count { result[index] = 0 }
                            return [y]
                        }
                        guard cg_classify(x.type.rawValue, x.count, x.base, Int32(signs), result) == 1 else {
                            throw typeMisfit(x.type)
                        }
                        return [y]
                    }
                }
            ),
        ]
    }
}
