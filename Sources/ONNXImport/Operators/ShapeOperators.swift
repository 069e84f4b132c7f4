import CGraph
import CKernels
import Support

/// Operators on shapes, and those that put the same elements in another order.
enum ShapeKernels {
    static func transpose(_ x: ONNXTensor, _ order: [Int], _ budget: MemoryBudget) throws -> ONNXTensor {
        guard order.sorted() == Array(0..<x.rank) else {
            throw DescentError(.badData, "an order of axes that is none", got: "\(order) for \(x.shape)")
        }
        let strides = Shapes.strides(x.shape)
        return try strided(x, shape: order.map { x.shape[$0] }, strides: order.map { strides[$0] }, 0, budget)
    }

    /// Copies a part of `x` that is read with strides, from the element `start` on.
    static func strided(
        _ x: ONNXTensor, shape: [Int], strides: [Int], _ start: Int, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        if x.type == .string {
            let places = try indices(shape, strides, start, budget)
            return try ONNXTensor(
                texts: places.view(as: Int64.self).map { x.texts[Int($0)] }, shape: shape, budget)
        }
        let y = try ONNXTensor(x.type, shape, budget)
        guard y.count > 0 else { return y }
        cg_copy(
            x.elementSize, Int32(shape.count), shape, x.base + start * x.elementSize, strides, y.base,
            Shapes.strides(shape))
        return y
    }

    /// The places that a strided copy reads.
    private static func indices(
        _ shape: [Int], _ strides: [Int], _ start: Int, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        let places = try ONNXTensor(.int64, shape, budget)
        let view = places.view(as: Int64.self)
        var at = [Int](repeating: 0, count: shape.count)
        for index in 0..<places.count {
            view[index] = Int64(zip(at, strides).reduce(start) { $0 + $1.0 * $1.1 })
            for axis in shape.indices.reversed() {
                at[axis] += 1
                if at[axis] < shape[axis] { break }
                at[axis] = 0
            }
        }
        return places
    }

    static func reshape(_ x: ONNXTensor, _ target: [Int], allowsZero: Bool) throws -> ONNXTensor {
        var shape = target
        var free: Int?
        var known = 1
        for (axis, length) in target.enumerated() {
            if length == 0, !allowsZero {
                guard axis < x.rank else {
                    throw DescentError(.badData, "a length to copy that is not there", got: "\(target)")
                }
                shape[axis] = x.shape[axis]
            }
            if length == -1 {
                guard free == nil else { throw DescentError(.badData, "two free axes", got: "\(target)") }
                free = axis
            } else {
                guard length >= 0 else { throw DescentError(.badData, "a negative length", got: "\(target)") }
                known = try Shapes.checkedProduct([known, shape[axis]])
            }
        }
        if let free {
            guard known > 0, x.count % known == 0 else {
                throw DescentError(.badData, "a shape that the elements do not fill", got: "\(target)")
            }
            shape[free] = x.count / known
        }
        // With a length of zero the product of the others may still overflow.
        _ = try ONNXTensor.byteCount(x.type, shape)
        guard try Shapes.checkedProduct(shape) == x.count, shape.count <= Shapes.mostAxes else {
            throw DescentError(
                .badData, "a shape of another number of elements", expected: "\(x.shape)", got: "\(target)")
        }
        return x.reshaped(shape)
    }

    static func expand(_ x: ONNXTensor, _ target: [Int], _ budget: MemoryBudget) throws -> ONNXTensor {
        let shape = try Shapes.broadcast(x.shape, target)
        _ = try ONNXTensor.byteCount(x.type, shape)
        return try strided(x, shape: shape, strides: Shapes.strides(x.shape, repeatedTo: shape), 0, budget)
    }

    static func tile(_ x: ONNXTensor, _ repeats: [Int], _ budget: MemoryBudget) throws -> ONNXTensor {
        guard repeats.count == x.rank, repeats.allSatisfy({ $0 >= 0 }) else {
            throw DescentError(.badData, "repeats that are not one for each axis", got: "\(repeats)")
        }
        var lengths: [Int] = []
        for (n, m) in zip(x.shape, repeats) { lengths.append(try Shapes.checkedProduct([n, m])) }
        _ = try ONNXTensor.byteCount(x.type, lengths)
        // An axis at a time: twice as many axes may be more than there can be.
        var result = x
        for axis in x.shape.indices where repeats[axis] != 1 {
            let outer = Shapes.product(result.shape[..<axis])
            let inner = Shapes.product(result.shape[axis...])
            let rows = result.reshaped([outer, 1, inner])
            var shape = result.shape
            shape[axis] = lengths[axis]
            result = try strided(
                rows, shape: [outer, repeats[axis], inner], strides: [inner, 0, 1], 0, budget
            ).reshaped(shape)
        }
        return result
    }

    static func squeezed(_ x: ONNXTensor, _ axes: [Int]?) throws -> ONNXTensor {
        guard let axes else { return x.reshaped(x.shape.filter { $0 != 1 }) }
        let dropped = Set(try axes.map { try Shapes.axis($0, rank: x.rank) })
        guard dropped.allSatisfy({ x.shape[$0] == 1 }) else {
            throw DescentError(.badData, "an axis to drop that is not 1 long", got: "\(axes) of \(x.shape)")
        }
        return x.reshaped(x.shape.indices.filter { !dropped.contains($0) }.map { x.shape[$0] })
    }

    static func unsqueezed(_ x: ONNXTensor, _ axes: [Int]) throws -> ONNXTensor {
        let rank = x.rank + axes.count
        let added = Set(try axes.map { try Shapes.axis($0, rank: rank) })
        guard added.count == axes.count, rank <= Shapes.mostAxes else {
            throw DescentError(.badData, "axes to add that are not distinct", got: "\(axes)")
        }
        var rest = x.shape.makeIterator()
        return x.reshaped((0..<rank).map { added.contains($0) ? 1 : rest.next() ?? 1 })
    }
}

extension OperatorRegistry {
    static var shapeOperators: Family {
        [
            ("Identity", 1, { _ in { [try $0.any(0)] } }),
            (
                "Shape", 1,
                { node in
                    let start = try node.int("start", or: 0)
                    let end = try node.int("end")
                    return { arguments in
                        let shape = try arguments.asLaid(0).shape
                        func bounded(_ place: Int) -> Int {
                            min(max(place < 0 ? place + shape.count : place, 0), shape.count)
                        }
                        let (low, high) = (bounded(start), bounded(end ?? shape.count))
                        let part = low < high ? shape[low..<high].map { Int64($0) } : []
                        return [try ONNXTensor(part, shape: [part.count], arguments.budget)]
                    }
                }
            ),
            (
                "Size", 1,
                { _ in { [try ONNXTensor([Int64($0.asLaid(0).count)], shape: [], $0.budget)] } }
            ),
            (
                "Reshape", 5,
                { node in
                    let allowsZero = try node.flag("allowzero")
                    return { [try ShapeKernels.reshape($0(0), $0(1).ints(), allowsZero: allowsZero)] }
                }
            ),
            (
                "Flatten", 1,
                { node in
                    let axis = try node.int("axis", or: 1)
                    return { arguments in
                        let x = try arguments(0)
                        let at = axis == x.rank ? axis : try Shapes.axis(axis, rank: x.rank)
                        return [
                            x.reshaped([Shapes.product(x.shape[..<at]), Shapes.product(x.shape[at...])])
                        ]
                    }
                }
            ),
            (
                "Squeeze", 1,
                { node in
                    let axes = try node.list("axes", input: 1, since: 13)
                    return { [try ShapeKernels.squeezed($0(0), axes($0))] }
                }
            ),
            (
                "Unsqueeze", 1,
                { node in
                    let axes = try node.list("axes", input: 1, since: 13)
                    return { [try ShapeKernels.unsqueezed($0(0), axes($0) ?? [])] }
                }
            ),
            (
                "Transpose", 1,
                { node in
                    let order = try node.ints("perm")
                    return { arguments in
                        let x = try arguments(0)
                        return [
                            try ShapeKernels.transpose(
                                x, order ?? Array((0..<x.rank).reversed()), arguments.budget)
                        ]
                    }
                }
            ),
            ("Expand", 8, { _ in { [try ShapeKernels.expand($0(0), $0(1).ints(), $0.budget)] } }),
            ("Tile", 6, { _ in { [try ShapeKernels.tile($0(0), $0(1).ints(), $0.budget)] } }),
            (
                "Dropout", 1,
                { node in
                    let wantsMask = node.wants(1)
                    return { arguments in
                        let x = try arguments.asLaid(0)
                        if try arguments.optional(2)?.view(as: UInt8.self).first ?? 0 != 0,
                            try arguments.optional(1)?.scalarDouble(arguments.budget) ?? 0.5 > 0
                        {
                            throw DescentError(
                                .badData, "dropout while training is not supported",
                                advice: "export the network for inference")
                        }
                        guard wantsMask else { return [x] }
                        let mask = try arguments.tensor(.bool, x.shape)
                        mask.view(as: UInt8.self).update(repeating: 1)
                        return [x, mask]
                    }
                }
            ),
        ]
    }
}
