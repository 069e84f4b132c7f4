import Support

extension ForestSum {
    private static func base(_ node: Node) throws -> [Double] {
        if let tensor = try node.tensor("base_values_as_tensor") {
            return try tensor.doubles(MemoryBudget(limit: 1 << 32))
        }
        return try node.floats("base_values")?.map { Double($0) } ?? []
    }

    private static func way(_ name: String) throws -> Way {
        guard let way = Way(rawValue: name) else {
            throw DescentError(.badData, "a sum that is not known", got: "'\(name)'")
        }
        return way
    }

    /// The results of rows as a tensor of their type, if that is a floating one.
    private static func numbers(
        _ rows: LearnedRows, _ type: ONNXElementType, _ width: Int, _ budget: MemoryBudget,
        _ result: (ArraySlice<Double>) throws -> [Double]
    ) throws -> ONNXTensor {
        let y = try ONNXTensor(.float64, [rows.count, width], budget)
        let view = y.view(as: Double.self)
        for row in 0..<rows.count {
            for (target, value) in try result(rows[row]).enumerated() { view[row * width + target] = value }
        }
        return try y.cast(to: type, budget)
    }

    private func regressed(
        _ x: ONNXTensor, _ type: ONNXElementType, _ transform: ScoreTransform, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        try Self.numbers(LearnedRows(x, budget), type, targets, budget) { row in
            let sums = try self(row).enumerated().map { target, sum in
                (sum ?? 0) + (base.isEmpty ? 0 : base[base.count == 1 ? 0 : target])
            }
            return transform(sums)
        }
    }

    static let regressor: OperatorMaker = { node in
        let sum = try ForestSum(
            Forest(node, votes: "target", targets: "target_ids"),
            way(node.text("aggregate_function", or: "SUM")), targets: node.int("n_targets", or: 1),
            base: base(node))
        let transform = try ScoreTransform(node)
        return { [try sum.regressed($0(0), .float32, transform, $0.budget)] }
    }

    /// Version 5 of the set: one operator for both.
    static let ensemble: OperatorMaker = { node in
        let ways: [Way] = [.mean, .sum, .smallest, .largest]
        let transforms: [ScoreTransform] = [.none, .softmax, .logistic, .softmaxOfNonzero, .probit]
        let (way, transform) = (
            try node.int("aggregate_function", or: 1), try node.int("post_transform", or: 0)
        )
        guard ways.indices ~= way, transforms.indices ~= transform else {
            throw DescentError(.badData, "a sum that is not known", got: "\(way), \(transform)")
        }
        let sum = try ForestSum(Forest(node), ways[way], targets: node.int("n_targets", or: 1), base: [])
        return { arguments in
            let x = try arguments(0)
            return [
                try sum.regressed(
                    x, x.type.isReal ? x.type : .float32, transforms[transform], arguments.budget)
            ]
        }
    }

    static let classifier: OperatorMaker = { node in
        guard let labels = try ClassLabels(node, numbers: "classlabels_int64s") else {
            throw DescentError(.badData, "a classifier without names of classes")
        }
        let transform = try ScoreTransform(node)
        let forest = try Forest(node, votes: "class", targets: "class_ids")
        let sum = try ForestSum(forest, .sum, targets: labels.count, base: base(node))
        // Votes for one class of two: what they say of the second, of all or against none.
        let isOneSided = labels.count == 2 && Set(forest.votes.map(\.target)).count == 1
        let arePositive = forest.votes.allSatisfy { $0.weight >= 0 }
        return { arguments in
            let budget = arguments.budget
            let rows = try LearnedRows(arguments(0), budget)
            var places: [Int] = []
            let scores = try numbers(rows, .float32, max(labels.count, 2), budget) { row in
                let sums = try sum(row)
                if isOneSided {
                    let score = (sums[1] ?? sums[0] ?? 0) + (sum.base.last ?? 0)
                    places.append(score > (arePositive ? 0.5 : 0) ? 1 : 0)
                    if transform == .probit { return [1 - score, score].map(ScoreTransform.probit) }
                    if arePositive { return [1 - score, score] }
                    return transform == .logistic
                        ? [ScoreTransform.logistic(-score), ScoreTransform.logistic(score)]
                        : [-score, score]
                }
                let whole = sums.enumerated().map { target, value in
                    (value ?? 0) + (sum.base.isEmpty ? 0 : sum.base[sum.base.count == 1 ? 0 : target])
                }
                places.append(whole.indices.reduce(0) { whole[$1] > whole[$0] ? $1 : $0 })
                return transform(whole)
            }
            return [try labels.tensor(places, budget), scores]
        }
    }
}

extension OperatorRegistry {
    static var forestOperators: Family {
        [
            ("ai.onnx.ml.TreeEnsembleRegressor", 1, ForestSum.regressor),
            ("ai.onnx.ml.TreeEnsembleClassifier", 1, ForestSum.classifier),
            ("ai.onnx.ml.TreeEnsemble", 5, ForestSum.ensemble),
        ]
    }
}
