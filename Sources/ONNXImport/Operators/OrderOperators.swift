import CGraph
import Support

/// Operators that put elements in another order, or tell which are equal.
enum OrderKernels {
    /// The first elements of each sequence turned round.
    static let reverse: OperatorMaker = { node in
        let timeAxis = try node.int("time_axis", or: 0)
        let batchAxis = try node.int("batch_axis", or: 1)
        guard Set([timeAxis, batchAxis]) == [0, 1] else {
            throw DescentError(
                .badData, "axes of time and batch that are not the first two",
                got: "\(timeAxis) and \(batchAxis)")
        }
        return { arguments in
            let x = try arguments(0)
            try x.expectRank(2, orMore: true)
            let lengths = try arguments(1).ints()
            let steps = x.shape[timeAxis]
            guard lengths.count == x.shape[batchAxis], lengths.allSatisfy({ 0...steps ~= $0 }) else {
                throw DescentError(.badData, "lengths of sequences that they do not have", got: "\(lengths)")
            }
            // The place of each step of each sequence.
            let places = try arguments.tensor(.int64, [x.shape[0], x.shape[1]])
            let view = places.view(as: Int64.self)
            for row in 0..<x.shape[0] {
                for column in 0..<x.shape[1] {
                    let (time, batch) = timeAxis == 0 ? (row, column) : (column, row)
                    let from = time < lengths[batch] ? lengths[batch] - 1 - time : time
                    view[row * x.shape[1] + column] = Int64(
                        timeAxis == 0 ? from * x.shape[1] + batch : batch * x.shape[1] + from)
                }
            }
            let flat = x.reshaped([x.shape[0] * x.shape[1]] + x.shape.dropFirst(2))
            return [
                try IndexingKernels.gather(
                    flat, places.reshaped([places.count]), axis: 0, arguments.budget
                ).reshaped(x.shape)
            ]
        }
    }

    /// The distinct elements, or slices along an axis: where each stands first, which one each is, and how often.
    static let unique: OperatorMaker = { node in
        let axis = try node.int("axis")
        let isSorted = try node.flag("sorted", or: true)
        return { arguments in
            let budget = arguments.budget
            let given = try arguments(0)
            let at = try axis.map { try Shapes.axis($0, rank: given.rank) }
            var x = given.reshaped([given.count])
            if let at {
                let order = [at] + given.shape.indices.filter { $0 != at }
                x = try ShapeKernels.transpose(given, order, budget)
            }
            let count = x.shape[0]
            let width = count > 0 ? x.count / count : 0
            // What is compared takes memory, too.
            _ = try ONNXTensor(.int64, [count, max(width, 1), 4], budget)
            let groups =
                x.type == .string
                ? grouped(x.texts, count, width, isSorted)
                : x.type == .int64
                    ? grouped(Array(x.view(as: Int64.self)), count, width, isSorted)
                    : x.type == .uint64
                        ? grouped(Array(x.view(as: UInt64.self)), count, width, isSorted)
                        : grouped(try x.doubles(budget), count, width, isSorted)
            func list(_ values: [Int]) throws -> ONNXTensor {
                try ONNXTensor(values.map { Int64($0) }, shape: [values.count], budget)
            }
            let firsts = try list(groups.firsts)
            return try [
                IndexingKernels.gather(at == nil ? x : given, firsts, axis: at ?? 0, budget), firsts,
                list(groups.inverse), list(groups.counts),
            ]
        }
    }

    private static func grouped<Value: Comparable & Hashable>(
        _ values: [Value], _ count: Int, _ width: Int, _ isSorted: Bool
    ) -> (firsts: [Int], inverse: [Int], counts: [Int]) {
        var known: [ArraySlice<Value>: Int] = [:]
        var firsts: [Int] = []
        var inverse: [Int] = []
        var counts: [Int] = []
        for row in 0..<count {
            let own = values[row * width..<(row + 1) * width]
            let group = known[own] ?? firsts.count
            if group == firsts.count {
                known[own] = group
                firsts.append(row)
                counts.append(0)
            }
            counts[group] += 1
            inverse.append(group)
        }
        guard isSorted else { return (firsts, inverse, counts) }
        let order = firsts.indices.sorted { a, b in
            let (one, other) = (firsts[a] * width, firsts[b] * width)
            return values[one..<one + width].lexicographicallyPrecedes(values[other..<other + width])
        }
        var places = order
        for (place, group) in order.enumerated() { places[group] = place }
        return (order.map { firsts[$0] }, inverse.map { places[$0] }, order.map { counts[$0] })
    }
}

extension OperatorRegistry {
    static var orderOperators: Family {
        [("ReverseSequence", 10, OrderKernels.reverse), ("Unique", 11, OrderKernels.unique)]
    }
}
