import CGraph
import Support

/// Operators that read elements at places that a tensor says.
enum IndexingKernels {
    /// Returns places counted from the front.
    ///
    /// - Throws: `badData` where one is not in -length ..< length.
    static func places(_ indices: ONNXTensor, length: Int, _ budget: MemoryBudget) throws -> ONNXTensor {
        try indices.expect(.int64, .int32)
        let places = try ONNXTensor(.int64, indices.shape, budget)
        let from = try indices.cast(to: .int64, budget).view(as: Int64.self)
        let to = places.view(as: Int64.self)
        for index in 0..<places.count {
            let place = from[index]
            guard place >= -Int64(length), place < Int64(length) else {
                throw DescentError(
                    .badData, "an index outside the axis", expected: "\(-length)..<\(length)", got: "\(place)"
                )
            }
            to[index] = place < 0 ? place + Int64(length) : place
        }
        return places
    }

    static func gather(
        _ x: ONNXTensor, _ indices: ONNXTensor, axis: Int, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        let axis = try Shapes.axis(axis, rank: x.rank)
        let places = try places(indices, length: x.shape[axis], budget)
        let shape = Array(x.shape[..<axis]) + indices.shape + Array(x.shape[(axis + 1)...])
        let outer = Shapes.product(x.shape[..<axis])
        let inner = Shapes.product(x.shape[(axis + 1)...])
        if x.type == .string {
            // The texts take memory, too.
            let found = try ONNXTensor(.int64, shape, budget)
            var texts: [String] = []
            for row in 0..<(found.count > 0 ? outer : 0) {
                for place in places.view(as: Int64.self) {
                    let start = (row * x.shape[axis] + Int(place)) * inner
                    texts += x.texts[start..<start + inner]
                }
            }
            return try ONNXTensor(texts: texts, shape: shape, budget)
        }
        let y = try ONNXTensor(x.type, shape, budget)
        if y.count > 0 {
            cg_gather(
                outer, x.shape[axis], places.count, inner * x.elementSize,
                places.base.assumingMemoryBound(to: Int64.self), x.base, y.base)
        }
        return y
    }

    /// The place in `x` of each element of `indices`, which has as many axes.
    static func elementPlaces(
        _ x: ONNXTensor, _ indices: ONNXTensor, axis: Int, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        let axis = try Shapes.axis(axis, rank: x.rank)
        guard indices.rank == x.rank,
            x.shape.indices.allSatisfy({ $0 == axis || indices.shape[$0] <= x.shape[$0] })
        else {
            throw DescentError(
                .badData, "indices that do not fit the data", expected: "\(x.shape)", got: "\(indices.shape)")
        }
        let places = try places(indices, length: x.shape[axis], budget)
        let view = places.view(as: Int64.self)
        let strides = Shapes.strides(x.shape)
        var at = [Int](repeating: 0, count: x.rank)
        for index in 0..<places.count {
            var place = Int(view[index]) * strides[axis]
            for other in at.indices where other != axis { place += at[other] * strides[other] }
            view[index] = Int64(place)
            for other in at.indices.reversed() {
                at[other] += 1
                if at[other] < indices.shape[other] { break }
                at[other] = 0
            }
        }
        return places
    }

    /// The first element of the block that each row of `indices` [..., K] names, after `batch` axes in common, and the
    /// elements of a block.
    static func blockPlaces(
        _ x: ONNXTensor, _ indices: ONNXTensor, batch: Int, _ budget: MemoryBudget
    ) throws -> (places: ONNXTensor, block: Int) {
        try indices.expectRank(1, orMore: true)
        try indices.expect(.int64)
        let depth = indices.shape[indices.rank - 1]
        guard batch >= 0, batch < indices.rank, batch + depth <= x.rank,
            Array(indices.shape[..<batch]) == Array(x.shape[..<batch])
        else {
            throw DescentError(
                .badData, "indices that do not fit the data", expected: "\(x.shape)", got: "\(indices.shape)")
        }
        let rows = Shapes.product(indices.shape.dropLast())
        let places = try ONNXTensor(.int64, [rows], budget)
        let strides = Shapes.strides(x.shape)
        let batches = Shapes.product(x.shape[..<batch])
        let each = batches > 0 ? rows / batches : 0
        let step = Shapes.product(x.shape[batch...])
        let from = indices.view(as: Int64.self)
        for row in 0..<rows {
            var place = each > 0 ? row / each * step : 0
            for k in 0..<depth {
                let length = x.shape[batch + k]
                let index = from[row * depth + k]
                guard index >= -Int64(length), index < Int64(length) else {
                    throw DescentError(
                        .badData, "an index outside the axis", expected: "\(-length)..<\(length)",
                        got: "\(index)")
                }
                place += (Int(index) + (index < 0 ? length : 0)) * strides[batch + k]
            }
            places.view(as: Int64.self)[row] = Int64(place)
        }
        return (places, Shapes.product(x.shape[(batch + depth)...]))
    }

    /// The elements, or blocks of them, that begin at `places`.
    static func picked(
        _ x: ONNXTensor, _ places: ONNXTensor, block: Int, shape: [Int], _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        let view = places.view(as: Int64.self)
        if x.type == .string {
            // The texts take memory, too.
            _ = try ONNXTensor(.int64, shape, budget)
            return try ONNXTensor(
                texts: view.flatMap { x.texts[Int($0)..<Int($0) + block] }, shape: shape, budget)
        }
        let y = try ONNXTensor(x.type, shape, budget)
        let bytes = block * x.elementSize
        for (index, place) in view.enumerated() where bytes > 0 {
            (y.base + index * bytes).copyMemory(from: x.base + Int(place) * x.elementSize, byteCount: bytes)
        }
        return y
    }
}

extension OperatorRegistry {
    static var indexingOperators: Family {
        [
            (
                "Gather", 1,
                { node in
                    let axis = try node.int("axis", or: 0)
                    return { [try IndexingKernels.gather($0(0), $0(1), axis: axis, $0.budget)] }
                }
            ),
            (
                "GatherElements", 11,
                { node in
                    let axis = try node.int("axis", or: 0)
                    return { arguments in
                        let (x, indices) = (try arguments(0), try arguments(1))
                        let places = try IndexingKernels.elementPlaces(
                            x, indices, axis: axis, arguments.budget)
                        return [
                            try IndexingKernels.picked(
                                x, places, block: 1, shape: indices.shape, arguments.budget)
                        ]
                    }
                }
            ),
            (
                "GatherND", 11,
                { node in
                    let batch = try node.int("batch_dims", or: 0)
                    return { arguments in
                        let (x, indices) = (try arguments(0), try arguments(1))
                        let (places, block) = try IndexingKernels.blockPlaces(
                            x, indices, batch: batch, arguments.budget)
                        let depth = indices.shape[indices.rank - 1]
                        let shape = Array(indices.shape.dropLast()) + Array(x.shape[(batch + depth)...])
                        return [
                            try IndexingKernels.picked(
                                x, places, block: block, shape: shape, arguments.budget)
                        ]
                    }
                }
            ),
            (
                "Compress", 9,
                { node in
                    let axis = try node.int("axis")
                    return { arguments in
                        let x = try arguments(0)
                        let condition = try arguments(1)
                        try condition.expect(.bool)
                        let rows = axis == nil ? x.reshaped([x.count]) : x
                        let at = try Shapes.axis(axis ?? 0, rank: rows.rank)
                        let kept = condition.view(as: UInt8.self).enumerated().filter { $0.element != 0 }
                            .map { Int64($0.offset) }.filter { $0 < rows.shape[at] }
                        let indices = try ONNXTensor(kept, shape: [kept.count], arguments.budget)
                        return [try IndexingKernels.gather(rows, indices, axis: at, arguments.budget)]
                    }
                }
            ),
        ]
    }
}
