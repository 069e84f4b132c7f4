import CGraph
import Support

/// Changes of the type of the elements.
enum CastingKernels {
    static func cast(_ x: ONNXTensor, to type: ONNXElementType, _ budget: MemoryBudget) throws -> ONNXTensor {
        if x.type == type { return x }
        let x = try x.inRows(budget)
        if type == .string { return try ONNXTensor(texts: texts(x, budget), shape: x.shape, budget) }
        if x.type == .string {
            let numbers = try x.texts.map { text in
                guard let number = number(text) else {
                    throw DescentError(.badData, "a text that is no number", got: "'\(text)'")
                }
                return number
            }
            return try cast(ONNXTensor(numbers, shape: x.shape, budget), to: type, budget)
        }
        let y = try ONNXTensor(type, x.shape, budget)
        guard cg_cast(x.type.rawValue, type.rawValue, x.count, x.base, y.base) == 1 else {
            throw typeMisfit(x.type)
        }
        return y
    }

    private static func number(_ text: String) -> Double? {
        switch text.lowercased() {
        case "inf", "+inf": .infinity
        case "-inf": -.infinity
        case "nan": .nan
        default: Double(text)
        }
    }

    private static func texts(_ x: ONNXTensor, _ budget: MemoryBudget) throws -> [String] {
        switch x.type {
        case .string: x.texts
        case .float32, .float16, .bfloat16:
            try x.cast(to: .float32, budget).view(as: Float.self).map { "\($0)" }
        case .float64: x.view(as: Double.self).map { "\($0)" }
        case .uint64: x.view(as: UInt64.self).map { "\($0)" }
        default: try x.cast(to: .int64, budget).view(as: Int64.self).map { "\($0)" }
        }
    }
}

extension OperatorRegistry {
    static var castingOperators: Family {
        [
            (
                "Cast", 6,
                { node in
                    let number = try node.int("to", or: 0)
                    guard let type = ONNXElementType(rawValue: Int32(truncatingIfNeeded: number)) else {
                        throw DescentError(
                            .badData, "a type that is not supported", got: "ONNX's type \(number)")
                    }
                    return { [try CastingKernels.cast($0.asLaid(0), to: type, $0.budget)] }
                }
            ),
            (
                "CastLike", 15,
                { _ in { [try CastingKernels.cast($0(0), to: $0(1).type, $0.budget)] } }
            ),
        ]
    }
}
