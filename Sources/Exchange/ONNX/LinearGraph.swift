import Arrays
import Classical
import Classification
import Support

/// Classifiers whose answers are one formula: linear ones, Gaussians, means.
extension GraphBuilder {
    /// Adds logistic regression, computed in double precision as Descent does.
    mutating func add(_ model: LogisticRegressionClassifier, to rows: Rows) -> Outputs {
        var values = doubles(rows)
        if rows.areBytes { values = add("Mul", values, scalar(Double(model.byteScale))) }
        var scores = linear(values, weights: model.weights, intercepts: model.intercepts)
        if model.weights.shape[0] == 1 { scores = beside(zero: scores) }
        return decided(byDoubles: scores)
    }

    /// Adds a linear support vector machine: its scores are the softmax of w x + b.
    mutating func add(_ model: LinearSupportVectorClassifier, to rows: Rows) -> Outputs {
        let isPair = model.classNames.count == 2
        let weights = isPair ? model.weights * 2 : model.weights
        let intercepts = isPair ? model.intercepts.map { 2 * $0 } : model.intercepts
        var values = linear(
            rows.areBytes ? cast(rows.name, to: .float) : rows.name, weights: weights.asType(Float.self),
            intercepts: intercepts.map { Float($0) }, factor: rows.areBytes ? model.byteScale : 1)
        if isPair {
            // Of two classes the first has score 0.
            values = concatenate([add("Mul", values, scalar(Float(0))), values], axis: 1)
        }
        return Outputs(classes: largest(values), scores: softmax(values))
    }

    /// Adds Gaussian naive Bayes.
    mutating func add(_ model: GaussianNaiveBayesClassifier, to rows: Rows) -> Outputs {
        let squares = squaredDeviations(rows, from: model.means)
        let weighed = add("Mul", squares, constant(1 / model.variances, "precision"))
        let constants = model.classNames.indices.map { number in
            let logs = model.variances[number].elements.reduce(0) { $0 + Mathematics.logarithm(2 * .pi * $1) }
            return Mathematics.logarithm(model.shares[number]) - 0.5 * logs
        }
        let halves = add("Mul", sum(weighed, over: [2]), scalar(-0.5))
        return decided(byDoubles: add("Add", halves, constant(constants)))
    }

    /// Adds the nearest mean of a class.
    mutating func add(_ model: NearestCentroidClassifier, to rows: Rows) -> Outputs {
        let squares = sum(squaredDeviations(rows, from: model.centroids), over: [2])
        // Without any deviation the nearest mean is certain.
        let factor = model.variance > 0 ? 1 / (2 * model.variance) : 1e300
        return Outputs(
            classes: largest(add("Neg", squares)),
            scores: cast(softmax(add("Mul", squares, scalar(-factor))), to: .float))
    }

    /// (x - m)^2 of each example, class and feature: [N, K, D], in double precision.
    private mutating func squaredDeviations(_ rows: Rows, from means: NDArray<Double>) -> String {
        let values = add("Unsqueeze", doubles(rows), constant([1], "axes"))
        let away = add("Sub", values, constant(means, "means"))
        return add("Mul", away, away)
    }

    /// Puts a column of zeros before the one of a pair's second class.
    private mutating func beside(zero column: String) -> String {
        concatenate([add("Mul", column, scalar(0.0)), column], axis: 1)
    }

    /// Takes the class with the largest score, and softmax.
    private mutating func decided(byDoubles scores: String) -> Outputs {
        Outputs(classes: largest(scores), scores: cast(softmax(scores), to: .float))
    }

    /// The rows in double precision, bytes as 0...255.
    mutating func doubles(_ rows: Rows) -> String { cast(rows.name, to: .double) }
}
