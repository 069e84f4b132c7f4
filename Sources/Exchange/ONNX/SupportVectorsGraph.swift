import Arrays
import Classical
import ExampleData
import Support

/// Support vector machines: the linear kernel by a product, others by the operator SVMClassifier.
extension GraphBuilder {
    /// Adds a machine. Its scores are Descent's, shares of the votes or fitted probabilities; the decisions are beside them.
    ///
    /// - Throws: `usage` for a kernel of one's own.
    mutating func add(_ model: SupportVectorClassifier, to rows: Rows) throws -> Outputs {
        let classCount = model.classNames.count
        let pairs = (0..<classCount).flatMap { first in
            (first + 1..<max(first + 1, classCount)).map { (first, $0) }
        }
        var values = rows.areBytes ? cast(rows.name, to: .float) : rows.name
        let support = try scaledSupport(model)
        if rows.areBytes { values = add("Mul", values, scalar(model.byteScale)) }
        let decisions: String
        var machine: String?
        if case .linear = model.kernel {
            let weights = model.pairWeights(of: support)
            decisions = cast(
                linear(cast(values, to: .double), weights: weights, intercepts: model.thresholds.map { -$0 }),
                to: .float)
            if model.sigmoids != nil { machine = values }
        } else {
            decisions = try svm(model, support, to: values, isFitted: false)
            machine = values
        }
        // Each pair votes for its first class where the decision is above 0, else for the second.
        let ballots = cast(add("Greater", decisions, scalar(Float(0))), to: .float)
        var (gains, start) = (
            [Float](repeating: 0, count: classCount * pairs.count), [Float](repeating: 0, count: classCount)
        )
        for (index, pair) in pairs.enumerated() {
            gains[pair.0 * pairs.count + index] += 1
            gains[pair.1 * pairs.count + index] -= 1
            start[pair.1] += 1
        }
        let votes = linear(
            ballots, weights: NDArray(shape: [classCount, pairs.count], elements: gains), intercepts: start)
        let scores: String
        if let sigmoids = model.sigmoids, classCount == 2 {
            scores = fitted(sigmoids[0], to: decisions)
        } else if model.sigmoids != nil, let machine {
            scores = try svm(model, support, to: machine, isFitted: true)
        } else {
            scores = add("Div", votes, scalar(Float(pairs.count)))
        }
        return Outputs(classes: largest(votes), scores: scores, decisions: decisions)
    }

    /// The support vectors as the kernel takes them: [S, D].
    private func scaledSupport(_ model: SupportVectorClassifier) throws -> NDArray<Float> {
        try model.supportVectors.requireUnpackable(for: "svm")
        let floats = model.supportVectors.unscaledFloats
        if case .bytes = model.supportVectors.storage { return floats * model.byteScale }
        return floats
    }

    /// Adds the operator: the decisions, or the probabilities that were fitted to them.
    private mutating func svm(
        _ model: SupportVectorClassifier, _ support: NDArray<Float>, to values: String, isFitted: Bool
    ) throws -> String {
        let (kind, settings) = try kernel(model.kernel)
        if model.classNames.count == 2 {
            // Of two classes the classifier's form of the decisions is not said by the format; the regressor's is.
            return try machine(
                model.kernel, support: support, coefficients: model.coefficients.elements,
                threshold: model.thresholds[0], to: values)
        }
        let sigmoids = isFitted ? model.sigmoids ?? [] : []
        let (labels, scores) = (fresh("labels"), fresh("decisions"))
        add(
            "SVMClassifier", inputs: [values], outputs: [labels, scores],
            attributes: [
                "kernel_type": .text(kind), "kernel_params": .floats(settings),
                "classlabels_ints": .ints(Array(model.classNames.indices)),
                "vectors_per_class": .ints(model.supportCounts),
                "support_vectors": .floats(support.elements),
                "coefficients": .floats(model.coefficients.elements.map { Float($0) }),
                // The format adds what libsvm subtracts.
                "rho": .floats(model.thresholds.map { Float(-$0) }),
                "prob_a": .floats(sigmoids.map { Float($0.slope) }),
                "prob_b": .floats(sigmoids.map { Float($0.offset) }),
                "post_transform": .text("NONE"),
            ], domain: Self.machineLearning)
        return scores
    }

    /// Adds one sum of kernel values, less its threshold: [N, 1].
    mutating func machine(
        _ function: KernelFunction, support: NDArray<Float>, coefficients: [Double], threshold: Double,
        to values: String
    ) throws -> String {
        let (kind, settings) = try kernel(function)
        return add(
            "SVMRegressor", values,
            attributes: [
                "kernel_type": .text(kind), "kernel_params": .floats(settings),
                "n_supports": .int(support.shape[0]), "support_vectors": .floats(support.elements),
                "coefficients": .floats(coefficients.map { Float($0) }),
                // The format adds what libsvm subtracts.
                "rho": .floats([Float(-threshold)]), "post_transform": .text("NONE"),
            ], domain: Self.machineLearning)
    }

    /// The probabilities of two classes: no pair is quite sure, as with several.
    private mutating func fitted(_ sigmoid: DecisionSigmoid, to decisions: String) -> String {
        let slope = add("Mul", cast(decisions, to: .double), scalar(-sigmoid.slope))
        let share = add("Sigmoid", add("Sub", slope, scalar(sigmoid.offset)))
        let first = add("Min", add("Max", share, scalar(1e-7)), scalar(1 - 1e-7))
        return cast(concatenate([first, add("Sub", scalar(1.0), first)], axis: 1), to: .float)
    }

    private func kernel(_ kernel: KernelFunction) throws -> (kind: String, settings: [Float]) {
        func number(_ width: KernelWidth) throws -> Float {
            guard case .value(let value) = width else {
                throw DescentError(
                    .usage, "a kernel whose gamma is not yet known", at: "svm", got: "\(kernel)")
            }
            return Float(value)
        }
        switch kernel {
        case .linear: return ("LINEAR", [0, 0, 0])
        case .polynomial(let degree, let gamma, let constant):
            return ("POLY", [try number(gamma), Float(constant), Float(degree)])
        case .rbf(let gamma): return ("RBF", [try number(gamma), 0, 0])
        case .sigmoid(let gamma, let constant): return ("SIGMOID", [try number(gamma), Float(constant), 0])
        case .custom:
            throw DescentError(
                .usage, "a kernel that ONNX cannot be told", at: "svm",
                expected: "linear, polynomial, rbf or sigmoid", got: "\(kernel)",
                advice: "one of one's own has code that only Swift can run")
        }
    }
}
