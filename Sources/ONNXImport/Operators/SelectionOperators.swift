import CGraph
import Support

/// Operators that choose elements by their values.
enum SelectionKernels {
    static func choose(
        _ condition: ONNXTensor, _ a: ONNXTensor, _ b: ONNXTensor, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        try condition.expect(.bool)
        guard a.type == b.type, a.type != .string else {
            throw DescentError(
                .badData, "tensors of two types, or of strings", got: "\(a.type) and \(b.type)")
        }
        let shape = try Shapes.broadcast(condition.shape, Shapes.broadcast(a.shape, b.shape))
        let y = try ONNXTensor(a.type, shape, budget)
        cg_select(
            a.elementSize, Int32(shape.count), shape, condition.base.assumingMemoryBound(to: UInt8.self),
            Shapes.strides(condition.shape, repeatedTo: shape), a.base,
            Shapes.strides(a.shape, repeatedTo: shape), b.base, Shapes.strides(b.shape, repeatedTo: shape),
            y.base)
        return y
    }

    /// The `count` largest or smallest along an axis, with their places; of equals the first comes first.
    static func top(
        _ x: ONNXTensor, _ count: Int, axis: Int, largest: Bool, _ budget: MemoryBudget
    ) throws -> [ONNXTensor] {
        let at = try Shapes.axis(axis, rank: x.rank)
        let length = x.shape[at]
        guard count >= 0, count <= length else {
            throw DescentError(.badData, "more than the axis has", expected: "0...\(length)", got: "\(count)")
        }
        var shape = x.shape
        shape[at] = count
        let places = try ONNXTensor(.int64, shape, budget)
        let inner = Shapes.product(x.shape[(at + 1)...])
        func fill<Number: Comparable>(_ view: UnsafeMutableBufferPointer<Number>) {
            let to = places.view(as: Int64.self)
            for row in 0..<Shapes.product(x.shape[..<at]) {
                for column in 0..<inner {
                    let start = row * length * inner + column
                    let order = (0..<length).sorted { i, j in
                        let (a, b) = (view[start + i * inner], view[start + j * inner])
                        return a == b ? i < j : largest ? a > b : a < b
                    }
                    for k in 0..<count { to[(row * count + k) * inner + column] = Int64(order[k]) }
                }
            }
        }
        switch x.type {
        case .float32: fill(x.view(as: Float.self))
        case .int64: fill(x.view(as: Int64.self))
        case .uint64: fill(x.view(as: UInt64.self))
        default: fill(try x.cast(to: .float64, budget).view(as: Double.self))
        }
        let elements = try IndexingKernels.elementPlaces(x, places, axis: at, budget)
        return [try IndexingKernels.picked(x, elements, block: 1, shape: shape, budget), places]
    }

    static func topMaker(_ count: @escaping @Sendable (Arguments) throws -> Int, _ node: Node) throws
        -> Operator
    {
        let axis = try node.int("axis", or: -1)
        let largest = try node.flag("largest", or: true)
        return { try top($0(0), count($0), axis: axis, largest: largest, $0.budget) }
    }
}

extension OperatorRegistry {
    static var selectionOperators: Family {
        [
            ("Where", 9, { _ in { [try SelectionKernels.choose($0(0), $0(1), $0(2), $0.budget)] } }),
            (
                "TopK", 1,
                { node in
                    let count = try node.int("k", or: 0)
                    return try SelectionKernels.topMaker({ _ in count }, node)
                }
            ),
            ("TopK", 10, { try SelectionKernels.topMaker({ try $0(1).scalarInt() }, $0) }),
            (
                "NonZero", 9,
                { _ in
                    { arguments in
                        let x = try arguments(0)
                        let truth = try x.cast(to: .bool, arguments.budget).view(as: UInt8.self)
                        let places = truth.indices.filter { truth[$0] != 0 }
                        let y = try arguments.tensor(.int64, [x.rank, places.count])
                        let view = y.view(as: Int64.self)
                        for (axis, step) in Shapes.strides(x.shape).enumerated() {
                            for (index, place) in places.enumerated() {
                                view[axis * places.count + index] = Int64(place / step % x.shape[axis])
                            }
                        }
                        return [y]
                    }
                }
            ),
            (
                "Trilu", 14,
                { node in
                    let isUpper = try node.flag("upper", or: true)
                    return { arguments in
                        let x = try arguments(0)
                        try x.expectRank(2, orMore: true)
                        let shift = try arguments.optional(1)?.scalarInt() ?? 0
                        let (rows, columns) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
                        let mask = try arguments.tensor(.bool, [rows, columns])
                        let view = mask.view(as: UInt8.self)
                        for i in 0..<rows {
                            let edge = i.addingReportingOverflow(shift).partialValue
                            for j in 0..<columns {
                                view[i * columns + j] = (isUpper ? j >= edge : j <= edge) ? 1 : 0
                            }
                        }
                        let zero = try ONNXTensor([Float(0)], shape: [], arguments.budget)
                            .cast(to: x.type, arguments.budget)
                        return [try SelectionKernels.choose(mask, x, zero, arguments.budget)]
                    }
                }
            ),
        ]
    }
}
