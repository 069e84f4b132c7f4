import CGraph
import Support

/// Softmax and its kin.
enum SoftmaxKernels {
    static func softmax(
        _ x: ONNXTensor, axis: Int, spans: Bool, logarithm: Bool, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        let at = x.rank == 0 ? 0 : try Shapes.axis(axis, rank: x.rank)
        let y = try ONNXTensor(x.type, x.shape, budget)
        let outer = Shapes.product(x.shape[..<at])
        // Before opset 13 all axes from this one on are one.
        let middle = spans ? Shapes.product(x.shape[at...]) : x.rank == 0 ? 1 : x.shape[at]
        let inner = spans || x.rank == 0 ? 1 : Shapes.product(x.shape[(at + 1)...])
        guard cg_softmax(logarithm ? 1 : 0, x.type.rawValue, outer, middle, inner, x.base, y.base) == 1 else {
            throw typeMisfit(x.type)
        }
        return y
    }

    static func maker(logarithm: Bool) -> OperatorMaker {
        { node in
            let spans = node.version < 13
            let axis = try node.int("axis", or: spans ? 1 : -1)
            return { [try softmax($0(0), axis: axis, spans: spans, logarithm: logarithm, $0.budget)] }
        }
    }

    static let hardmax: OperatorMaker = { node in
        let spans = node.version < 13
        let axis = try node.int("axis", or: spans ? 1 : -1)
        return { arguments in
            let x = try arguments(0)
            let at = try Shapes.axis(axis, rank: x.rank)
            let outer = Shapes.product(x.shape[..<at])
            let middle = spans ? Shapes.product(x.shape[at...]) : x.shape[at]
            let inner = spans ? 1 : Shapes.product(x.shape[(at + 1)...])
            let wide = try x.cast(to: .float64, arguments.budget)
            let y = try arguments.tensor(.float64, x.shape)
            let (values, ones) = (wide.view(as: Double.self), y.view(as: Double.self))
            ones.update(repeating: 0)
            for row in 0..<(ones.isEmpty ? 0 : outer) {
                for column in 0..<inner where middle > 0 {
                    let start = row * middle * inner + column
                    var best = 0
                    for k in 1..<max(middle, 1) where values[start + k * inner] > values[start + best * inner]
                    {
                        best = k
                    }
                    ones[start + best * inner] = 1
                }
            }
            return [try withExtendedLifetime(wide) { try y.cast(to: x.type, arguments.budget) }]
        }
    }
}

/// Losses, which a file has that was written for training.
enum LossKernels {
    /// The negative log-likelihood of the classes, from logarithms [N, C, ...], and the mean, the sum or each.
    static func likelihood(
        _ logarithms: ONNXTensor, _ labels: ONNXTensor, _ weights: ONNXTensor?, reduction: String,
        ignored: Int?,
        _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        try logarithms.expectRank(2, orMore: true)
        let (n, classes) = (logarithms.shape[0], logarithms.shape[1])
        let inner = Shapes.product(logarithms.shape[2...])
        try labels.expectShape([n] + Array(logarithms.shape[2...]))
        try weights?.expectShape([classes])
        let values = try logarithms.doubles(budget)
        let factors = try weights?.doubles(budget)
        let places = try labels.ints()
        var losses = [Double](repeating: 0, count: n * inner)
        var total = 0.0
        for index in losses.indices {
            let label = places[index]
            if label == ignored { continue }
            guard label >= 0, label < classes else {
                throw DescentError(
                    .badData, "a class that is not there", expected: "0..<\(classes)", got: "\(label)")
            }
            let weight = factors?[label] ?? 1
            losses[index] = -weight * values[(index / inner * classes + label) * inner + index % inner]
            total += weight
        }
        let shape = reduction == "none" ? labels.shape : []
        if reduction != "none" {
            let sum = losses.reduce(0, +)
            losses = [reduction == "mean" ? sum / total : sum]
        }
        return try ONNXTensor(losses, shape: shape, budget).cast(to: logarithms.type, budget)
    }
}

extension OperatorRegistry {
    static var softmaxOperators: Family {
        [
            ("Softmax", 1, SoftmaxKernels.maker(logarithm: false)),
            ("LogSoftmax", 1, SoftmaxKernels.maker(logarithm: true)), ("Hardmax", 1, SoftmaxKernels.hardmax),
        ]
    }

    static var lossOperators: Family {
        [
            (
                "NegativeLogLikelihoodLoss", 12,
                { node in
                    let reduction = try node.text("reduction", or: "mean")
                    let ignored = try node.int("ignore_index")
                    return {
                        [
                            try LossKernels.likelihood(
                                $0(0), $0(1), $0.optional(2), reduction: reduction, ignored: ignored,
                                $0.budget)
                        ]
                    }
                }
            ),
            (
                "SoftmaxCrossEntropyLoss", 12,
                { node in
                    let reduction = try node.text("reduction", or: "mean")
                    let ignored = try node.int("ignore_index")
                    return { arguments in
                        let x = try arguments(0)
                        try x.expectRank(2, orMore: true)
                        let logarithms = try SoftmaxKernels.softmax(
                            x, axis: 1, spans: false, logarithm: true, arguments.budget)
                        let loss = try LossKernels.likelihood(
                            logarithms, arguments(1), arguments.optional(2), reduction: reduction,
                            ignored: ignored,
                            arguments.budget)
                        return [loss, logarithms]
                    }
                }
            ),
        ]
    }
}
