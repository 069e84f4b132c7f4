import CGraph
import Support

/// Sums of products by an equation of axes: `bij,bjk->bik`.
struct Einsum: Sendable {
    /// The axes of each tensor by their labels, nil where an ellipsis stands for any number of them.
    private let terms: [[Character?]]
    private let result: [Character?]

    /// A tensor whose axes have labels.
    private struct Labelled {
        var tensor: ONNXTensor
        var labels: [Int]
    }

    init(_ equation: String) throws {
        func term(_ text: Substring) throws -> [Character?] {
            guard let gap = text.firstRange(of: "...") else { return Array(text) }
            return Array(text[..<gap.lowerBound]) + [nil] + Array(text[gap.upperBound...])
        }
        let fault = DescentError(.badData, "an equation that is none", got: "'\(equation)'")
        let sides = equation.filter { $0 != " " }.split(separator: /->/, omittingEmptySubsequences: false)
        guard let left = sides.first, sides.count <= 2, equation.utf8.count < 1 << 12 else { throw fault }
        terms = try left.split(separator: ",", omittingEmptySubsequences: false).map(term)
        if sides.count == 2 {
            result = try term(sides[1])
        } else {
            // What stands once, in the order of the alphabet, after the axes of an ellipsis.
            let all = terms.flatMap { $0.compactMap { $0 } }
            let once = Dictionary(grouping: all) { $0 }.filter { $1.count == 1 }.keys.sorted()
            result = (terms.contains { $0.contains(nil) } ? [nil] : []) + once
        }
        let labels = (terms + [result]).flatMap { $0.compactMap { $0 } }
        guard labels.allSatisfy({ $0.isASCII && $0.isLetter }), Set(result).count == result.count,
            terms.count <= 64
        else { throw fault }
    }

    func callAsFunction(_ tensors: [ONNXTensor], _ budget: MemoryBudget) throws -> ONNXTensor {
        guard tensors.count == terms.count, let first = tensors.first,
            tensors.allSatisfy({ $0.type == first.type }), first.type != .string
        else {
            throw DescentError(
                .badData, "tensors that do not fit the equation", expected: "\(terms.count) of one type",
                got: tensors.map { "\($0.type) \($0.shape)" }.joined(separator: ", "))
        }
        // The axes of an ellipsis have the labels -1, -2 ... from the last to the first.
        var most = 0
        func labels(_ term: [Character?], _ gap: Int) -> [Int] {
            term.flatMap { label -> [Int] in
                guard let label else { return (0..<gap).map { $0 - gap } }
                return [Int(label.asciiValue ?? 0)]
            }
        }
        var parts: [Labelled] = []
        var lengths: [Int: Int] = [:]
        for (term, tensor) in zip(terms, tensors) {
            let gap = tensor.rank - term.count + 1
            guard term.contains(nil) ? gap >= 0 : term.count == tensor.rank else {
                throw DescentError(
                    .badData, "a tensor of another number of axes than in the equation",
                    got: "\(tensor.shape)")
            }
            if term.contains(nil) { most = max(most, gap) }
            let own = labels(term, gap)
            for (label, length) in zip(own, tensor.shape) {
                let known = lengths[label] ?? 1
                guard known == length || known == 1 || length == 1 else {
                    throw DescentError(
                        .badData, "axes of one name and two lengths", got: "\(known) and \(length)")
                }
                lengths[label] = known == 1 ? length : known
            }
            parts.append(Labelled(tensor: tensor, labels: own))
        }
        let wanted = labels(result, most)
        guard wanted.allSatisfy({ lengths[$0] != nil }) else {
            throw DescentError(.badData, "an axis of the result that no tensor has")
        }
        parts = try parts.map { try Self.spread($0, lengths, budget) }
        var whole = parts[0]
        for index in parts.indices.dropFirst() {
            let needed = Set(parts[(index + 1)...].flatMap(\.labels) + wanted)
            whole = try Self.product(whole, parts[index], keeping: needed, lengths, budget)
        }
        whole = try Self.reduced(whole, to: Set(wanted), budget)
        return try Self.arranged(whole, wanted, budget)
    }

    /// The diagonal where a label stands twice, and axes of length 1 as long as their label's.
    private static func spread(
        _ part: Labelled, _ lengths: [Int: Int], _ budget: MemoryBudget
    ) throws -> Labelled {
        var labels: [Int] = []
        var strides: [Int] = []
        let own = Shapes.strides(part.tensor.shape)
        for (axis, label) in part.labels.enumerated() {
            let step = part.tensor.shape[axis] == 1 ? 0 : own[axis]
            if let place = labels.firstIndex(of: label) {
                strides[place] += step
            } else {
                labels.append(label)
                strides.append(step)
            }
        }
        let shape = labels.map { lengths[$0] ?? 1 }
        if shape == part.tensor.shape { return part }
        let tensor = try ShapeKernels.strided(part.tensor, shape: shape, strides: strides, 0, budget)
        return Labelled(tensor: tensor, labels: labels)
    }

    private static func reduced(
        _ part: Labelled, to kept: Set<Int>, _ budget: MemoryBudget
    ) throws -> Labelled {
        let axes = part.labels.indices.filter { !kept.contains(part.labels[$0]) }
        guard !axes.isEmpty else { return part }
        return Labelled(
            tensor: try ReductionKernels.reduce(CG_SUM, part.tensor, axes, keepsAxes: false, budget),
            labels: part.labels.filter(kept.contains))
    }

    private static func arranged(
        _ part: Labelled, _ order: [Int], _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        let places = order.compactMap { part.labels.firstIndex(of: $0) }
        if places == Array(part.labels.indices) { return part.tensor }
        return try ShapeKernels.transpose(part.tensor, places, budget)
    }

    /// The product of two: a batch of matrices [batch, own of a, common] and [batch, common, own of b].
    private static func product(
        _ a: Labelled, _ b: Labelled, keeping needed: Set<Int>, _ lengths: [Int: Int], _ budget: MemoryBudget
    ) throws -> Labelled {
        let left = try reduced(a, to: needed.union(b.labels), budget)
        let right = try reduced(b, to: needed.union(a.labels), budget)
        let both = left.labels.filter(right.labels.contains)
        let batch = both.filter(needed.contains)
        let common = both.filter { !needed.contains($0) }
        let (own, others) = (
            left.labels.filter { !both.contains($0) }, right.labels.filter { !both.contains($0) }
        )
        func length(_ labels: [Int]) -> Int { Shapes.product(labels.map { lengths[$0] ?? 1 }) }
        let shape = (batch + own + others).map { lengths[$0] ?? 1 }
        _ = try ONNXTensor.byteCount(left.tensor.type, shape)
        let x = try arranged(left, batch + own + common, budget)
            .reshaped([length(batch), length(own), length(common)])
        let y = try arranged(right, batch + common + others, budget)
            .reshaped([length(batch), length(common), length(others)])
        return Labelled(
            tensor: try ProductKernels.matmul(x, y, budget).reshaped(shape), labels: batch + own + others)
    }
}

extension OperatorRegistry {
    static var einsumOperators: Family {
        [
            (
                "Einsum", 12,
                { node in
                    let equation = try Einsum(node.text("equation", or: ""))
                    return { arguments in
                        let tensors = try arguments.inputs.indices.map { try arguments($0) }
                        return [try equation(tensors, arguments.budget)]
                    }
                }
            )
        ]
    }
}
