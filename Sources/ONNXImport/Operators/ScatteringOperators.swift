import CGraph
import Support

/// Operators that write elements to places that a tensor says.
enum ScatteringKernels {
    static func reduction(_ name: String) throws -> cg_binary_operator? {
        switch name {
        case "none": nil
        case "add": CG_ADD
        case "mul": CG_MUL
        case "min": CG_MIN
        case "max": CG_MAX
        default: throw DescentError(.badData, "a reduction that is not known", got: "'\(name)'")
        }
    }

    /// `x` with blocks of `updates` at `places`, one after another.
    static func scattered(
        _ x: ONNXTensor, _ places: ONNXTensor, _ updates: ONNXTensor, block: Int,
        _ reduction: cg_binary_operator?, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        guard updates.type == x.type, updates.count == places.count * block else {
            throw DescentError(
                .badData, "updates that do not fit the data", got: "\(updates.type) \(updates.shape)")
        }
        let view = places.view(as: Int64.self)
        if x.type == .string {
            guard reduction == nil else { throw typeMisfit(.string) }
            var texts = x.texts
            for (index, place) in view.enumerated() {
                for k in 0..<block { texts[Int(place) + k] = updates.texts[index * block + k] }
            }
            return try ONNXTensor(texts: texts, shape: x.shape, budget)
        }
        let y = try ONNXTensor(x.type, x.shape, budget)
        y.base.copyMemory(from: x.base, byteCount: x.count * x.elementSize)
        let bytes = block * x.elementSize
        guard bytes > 0 else { return y }
        for (index, place) in view.enumerated() {
            let to = y.base + Int(place) * x.elementSize
            let from = updates.base + index * bytes
            guard let reduction else {
                to.copyMemory(from: from, byteCount: bytes)
                continue
            }
            guard cg_binary(reduction, x.type.rawValue, 1, [block], to, [1], from, [1], to) == 1 else {
                throw typeMisfit(x.type)
            }
        }
        return y
    }

    static let elements: OperatorMaker = { node in
        let axis = try node.int("axis", or: 0)
        let reduction = try reduction(node.text("reduction", or: "none"))
        return { arguments in
            let (x, indices) = (try arguments(0), try arguments(1))
            let places = try IndexingKernels.elementPlaces(x, indices, axis: axis, arguments.budget)
            return [try scattered(x, places, arguments(2), block: 1, reduction, arguments.budget)]
        }
    }
}

extension OperatorRegistry {
    static var scatteringOperators: Family {
        [
            ("Scatter", 9, ScatteringKernels.elements),
            ("ScatterElements", 11, ScatteringKernels.elements),
            (
                "ScatterND", 11,
                { node in
                    let reduction = try ScatteringKernels.reduction(node.text("reduction", or: "none"))
                    return { arguments in
                        let x = try arguments(0)
                        let (places, block) = try IndexingKernels.blockPlaces(
                            x, arguments(1), batch: 0, arguments.budget)
                        return [
                            try ScatteringKernels.scattered(
                                x, places, arguments(2), block: block, reduction, arguments.budget)
                        ]
                    }
                }
            ),
        ]
    }
}
