import CGraph
import CKernels
import Support

/// Operators that join tensors and take them apart along an axis.
enum JoiningKernels {
    static func concatenate(_ parts: [ONNXTensor], axis: Int, _ budget: MemoryBudget) throws -> ONNXTensor {
        guard let first = parts.first else { throw DescentError(.badData, "no tensors to join") }
        let axis = try Shapes.axis(axis, rank: first.rank)
        var shape = first.shape
        shape[axis] = 0
        for part in parts {
            guard part.type == first.type, part.rank == first.rank,
                shape.indices.allSatisfy({ $0 == axis || part.shape[$0] == shape[$0] })
            else {
                throw DescentError(
                    .badData, "tensors that cannot be joined", expected: "\(first.type) \(first.shape)",
                    got: "\(part.type) \(part.shape)")
            }
            let (sum, overflow) = shape[axis].addingReportingOverflow(part.shape[axis])
            guard !overflow else { throw DescentError(.badData, "a size that overflows") }
            shape[axis] = sum
        }
        let outer = Shapes.product(shape[..<axis])
        let inner = Shapes.product(shape[(axis + 1)...])
        if first.type == .string {
            // The texts take memory, too.
            let places = try ONNXTensor(.int64, shape, budget)
            var texts: [String] = []
            for row in 0..<(places.count > 0 ? outer : 0) {
                for part in parts {
                    let count = part.shape[axis] * inner
                    texts += part.texts[row * count..<(row + 1) * count]
                }
            }
            return try ONNXTensor(texts: texts, shape: shape, budget)
        }
        let y = try ONNXTensor(first.type, shape, budget)
        var start = 0
        for part in parts {
            let row = part.shape[axis] * inner
            if part.count > 0 {
                cg_copy(
                    y.elementSize, 2, [outer, row], part.base, [row, 1], y.base + start * y.elementSize,
                    [shape[axis] * inner, 1])
            }
            start += row
        }
        return y
    }

    static func split(
        _ x: ONNXTensor, axis: Int, _ lengths: [Int], _ budget: MemoryBudget
    ) throws -> [ONNXTensor] {
        let axis = try Shapes.axis(axis, rank: x.rank)
        let fault = DescentError(
            .badData, "parts that are not the whole axis", expected: "\(x.shape[axis])", got: "\(lengths)")
        // What is left after each part: a sum of the parts could overflow.
        var rest = x.shape[axis]
        for length in lengths {
            guard length >= 0, length <= rest else { throw fault }
            rest -= length
        }
        guard rest == 0 else { throw fault }
        var start = 0
        return try lengths.map { length in
            var shape = x.shape
            shape[axis] = length
            defer { start += length }
            let strides = Shapes.strides(x.shape)
            return try ShapeKernels.strided(x, shape: shape, strides: strides, start * strides[axis], budget)
        }
    }

    /// Equal parts, the last one shorter where they do not come out even.
    static func evenly(_ length: Int, into count: Int) throws -> [Int] {
        guard count > 0 else { throw DescentError(.badData, "no parts") }
        let each = (length + count - 1) / count
        return (0..<count).map { max(0, min(each, length - $0 * each)) }
    }
}

extension OperatorRegistry {
    static var joiningOperators: Family {
        [
            (
                "Concat", 1,
                { node in
                    let axis = try node.int("axis", or: 1)
                    return { arguments in
                        if axis == 1 || axis == -3 {
                            let laid = try arguments.inputs.indices.map { try arguments.asLaid($0) }
                            if let y = try BlockedKernels.concatenate(laid, arguments.budget) { return [y] }
                        }
                        let parts = try arguments.inputs.indices.map { try arguments($0) }
                        return [try JoiningKernels.concatenate(parts, axis: axis, arguments.budget)]
                    }
                }
            ),
            (
                "Split", 1,
                { node in
                    let axis = try node.int("axis", or: 0)
                    let listed = try node.list("split", input: 1, since: 13)
                    let count = try node.int("num_outputs") ?? node.outputCount
                    let outputs = node.outputCount
                    return { arguments in
                        let x = try arguments(0)
                        let length = x.shape.isEmpty ? 0 : x.shape[try Shapes.axis(axis, rank: x.rank)]
                        guard let lengths = try listed(arguments) else {
                            guard count == outputs else {
                                throw DescentError(
                                    .badData, "another number of parts than of outputs", got: "\(count)")
                            }
                            let even = try JoiningKernels.evenly(length, into: count)
                            return try JoiningKernels.split(x, axis: axis, even, arguments.budget)
                        }
                        return try JoiningKernels.split(x, axis: axis, lengths, arguments.budget)
                    }
                }
            ),
            (
                "DepthToSpace", 1,
                { node in
                    let block = try node.int("blocksize", or: 1)
                    let isColumnRowDepth = try node.text("mode", or: "DCR") == "CRD"
                    return { arguments in
                        let x = try arguments(0)
                        try x.expectRank(4)
                        let (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
                        guard block > 0, block < 1 << 20, c % (block * block) == 0 else {
                            throw DescentError(.badData, "channels that no blocks of \(block) fill")
                        }
                        let rest = c / (block * block)
                        let split =
                            isColumnRowDepth ? [n, rest, block, block, h, w] : [n, block, block, rest, h, w]
                        let order = isColumnRowDepth ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]
                        return [
                            try ShapeKernels.transpose(x.reshaped(split), order, arguments.budget)
                                .reshaped([n, rest, h * block, w * block])
                        ]
                    }
                }
            ),
            (
                "SpaceToDepth", 1,
                { node in
                    let block = try node.int("blocksize", or: 1)
                    let isColumnRowDepth = try node.text("mode", or: "DCR") == "CRD"
                    return { arguments in
                        let x = try arguments(0)
                        try x.expectRank(4)
                        let (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
                        guard block > 0, block < 1 << 20, h % block == 0, w % block == 0 else {
                            throw DescentError(.badData, "pixels that no blocks of \(block) fill")
                        }
                        let split = [n, c, h / block, block, w / block, block]
                        return [
                            try ShapeKernels.transpose(
                                x.reshaped(split),
                                isColumnRowDepth ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4],
                                arguments.budget
                            ).reshaped([n, c * block * block, h / block, w / block])
                        ]
                    }
                }
            ),
        ]
    }
}
