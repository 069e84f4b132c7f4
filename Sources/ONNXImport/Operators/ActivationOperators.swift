import CGraph
import CKernels
import Support

/// Operators of one tensor, element by element.
enum UnaryKernels {
    /// The operators that give zero for zero, so that channels which are not there stay zero.
    private static func keepsZero(_ op: cg_unary_operator) -> Bool {
        switch op {
        case CG_RELU, CG_ABS, CG_NEG, CG_SIGN, CG_SQRT, CG_LEAKY_RELU, CG_ELU, CG_SELU, CG_CELU, CG_GELU,
            CG_GELU_TANH, CG_HARD_SWISH, CG_MISH, CG_TANH, CG_ERF, CG_SWISH, CG_SOFTSIGN:
            true
        default: false
        }
    }

    static func apply(
        _ op: cg_unary_operator, _ x: ONNXTensor, _ alpha: Double = 0, _ beta: Double = 0,
        _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        let lanes = 16
        let isFlat = x.layout == CK_LAYOUT_ROWS || keepsZero(op) || x.shape[1] % lanes == 0
        let x = isFlat ? x : try x.inRows(budget)
        let bytes = x.layout == CK_LAYOUT_ROWS ? x.count * x.type.size : x.memory.count
        let y = ONNXTensor(x.type, x.shape, try TensorMemory(bytes, budget), layout: x.layout)
        guard
            cg_unary(op, x.type.rawValue, bytes / max(x.type.size, 1), x.base, alpha, beta, y.base) == 1
        else { throw typeMisfit(x.type) }
        return y
    }

    static func maker(_ op: cg_unary_operator) -> OperatorMaker {
        { _ in { [try apply(op, $0.asLaid(0), 0, 0, $0.budget)] } }
    }

    /// With the attributes `alpha` and `beta` and their standard values.
    static func maker(
        _ op: cg_unary_operator, _ alpha: (String, Float), _ beta: (String, Float)? = nil
    ) -> OperatorMaker {
        { node in
            let a = Double(try node.float(alpha.0, or: alpha.1))
            let b = Double(try beta.map { try node.float($0.0, or: $0.1) } ?? 0)
            return { [try apply(op, $0.asLaid(0), a, b, $0.budget)] }
        }
    }

    /// Bounds of the type itself; nil for none.
    static func clip(
        _ x: ONNXTensor, _ low: ONNXTensor?, _ high: ONNXTensor?, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        for bound in [low, high].compactMap({ $0 }) {
            guard bound.count == 1, bound.type == x.type else {
                throw DescentError(
                    .badData, "a bound that is no single \(x.type)", got: "\(bound.type) \(bound.shape)")
            }
        }
        let y = try ONNXTensor(x.type, x.shape, budget)
        guard cg_clip(x.type.rawValue, x.count, x.base, low?.base, high?.base, y.base) == 1 else {
            throw typeMisfit(x.type)
        }
        return y
    }
}

extension OperatorRegistry {
    static var activationOperators: Family {
        let plain: [(String, Int, cg_unary_operator)] = [
            ("Abs", 1, CG_ABS), ("Neg", 1, CG_NEG), ("Sign", 9, CG_SIGN), ("Relu", 1, CG_RELU),
            ("BitwiseNot", 18, CG_BIT_NOT), ("Exp", 1, CG_EXP), ("Log", 1, CG_LOG), ("Sqrt", 1, CG_SQRT),
            ("Reciprocal", 1, CG_RECIPROCAL), ("Floor", 1, CG_FLOOR), ("Ceil", 1, CG_CEIL),
            ("Round", 11, CG_ROUND), ("Sin", 7, CG_SIN), ("Cos", 7, CG_COS), ("Tan", 7, CG_TAN),
            ("Asin", 7, CG_ASIN), ("Acos", 7, CG_ACOS), ("Atan", 7, CG_ATAN), ("Sinh", 9, CG_SINH),
            ("Cosh", 9, CG_COSH), ("Tanh", 1, CG_TANH), ("Asinh", 9, CG_ASINH), ("Acosh", 9, CG_ACOSH),
            ("Atanh", 9, CG_ATANH), ("Erf", 9, CG_ERF), ("Sigmoid", 1, CG_SIGMOID),
            ("Softplus", 1, CG_SOFTPLUS), ("Softsign", 1, CG_SOFTSIGN), ("HardSwish", 14, CG_HARD_SWISH),
            ("Mish", 18, CG_MISH),
        ]
        let set: [(name: String, since: Int, make: OperatorMaker)] = [
            ("LeakyRelu", 1, UnaryKernels.maker(CG_LEAKY_RELU, ("alpha", 0.01))),
            ("Elu", 1, UnaryKernels.maker(CG_ELU, ("alpha", 1))),
            ("Celu", 12, UnaryKernels.maker(CG_CELU, ("alpha", 1))),
            ("Selu", 1, UnaryKernels.maker(CG_SELU, ("alpha", 1.6732632), ("gamma", 1.0507010))),
            ("HardSigmoid", 1, UnaryKernels.maker(CG_HARD_SIGMOID, ("alpha", 0.2), ("beta", 0.5))),
            ("ThresholdedRelu", 1, UnaryKernels.maker(CG_THRESHOLDED_RELU, ("alpha", 1))),
            ("Shrink", 9, UnaryKernels.maker(CG_SHRINK, ("lambd", 0.5), ("bias", 0))),
            ("Swish", 24, UnaryKernels.maker(CG_SWISH, ("alpha", 1))),
            (
                "Gelu", 20,
                { node in
                    let op = try node.text("approximate", or: "none") == "tanh" ? CG_GELU_TANH : CG_GELU
                    return { [try UnaryKernels.apply(op, $0.asLaid(0), 0, 0, $0.budget)] }
                }
            ),
            (
                "Clip", 1,
                { node in
                    let low = Double(try node.float("min", or: -.greatestFiniteMagnitude))
                    let high = Double(try node.float("max", or: .greatestFiniteMagnitude))
                    return { arguments in
                        let x = try arguments(0)
                        func bound(_ value: Double) throws -> ONNXTensor {
                            try ONNXTensor([value], shape: [], arguments.budget)
                                .cast(to: x.type, arguments.budget)
                        }
                        return [try UnaryKernels.clip(x, bound(low), bound(high), arguments.budget)]
                    }
                }
            ),
            (
                "Clip", 11,
                { _ in
                    { [try UnaryKernels.clip($0(0), $0.optional(1), $0.optional(2), $0.budget)] }
                }
            ),
        ]
        return plain.map { ($0.0, $0.1, UnaryKernels.maker($0.2)) } + set
    }
}
