import Arrays
import Classical
import CoreMLMessages
import Support

/// Classifiers whose answer is the softmax of one linear formula for each class: scores W x + b, in double precision.
///
/// The format has the first class as reference, whose score is 0: K - 1 rows of weights.
struct CoreMLFormula {
    private let weights: [[Double]]
    private let offsets: [Double]

    /// One score for each class: weights [K, D], K intercepts.
    init(_ weights: NDArray<Double>, _ intercepts: [Double]) {
        self.weights = (1..<weights.shape[0]).map { (weights[$0] - weights[0]).contiguousCopy().elements }
        offsets = intercepts.dropFirst().map { $0 - intercepts[0] }
    }

    /// The score of the second of two classes: weights [1, D].
    init(pair weights: NDArray<Double>, _ intercepts: [Double]) {
        (self.weights, offsets) = ([weights[0].contiguousCopy().elements], intercepts)
    }

    /// Gaussian naive Bayes of features and, behind them, their squares: [K, 2 D].
    ///
    /// log P(k | x) = sum_d (m / v x_d - x_d^2 / (2 v)) + log share - sum_d (m^2 / v + log(2 pi v)) / 2
    init(_ bayes: GaussianNaiveBayesClassifier, _ temperature: Double) {
        let precisions = 1 / bayes.variances
        let linear = bayes.means * precisions
        let weights = concatenate([linear, precisions * -0.5], axis: 1) * (1 / temperature)
        let intercepts = bayes.classNames.indices.map { number in
            let own = (bayes.means[number] * linear[number]).elements
            let logs = bayes.variances[number].elements.map { Mathematics.logarithm(2 * .pi * $0) }
            let halves = zip(own, logs).reduce(0) { $0 + ($1.0 + $1.1) / 2 }
            return (Mathematics.logarithm(bayes.shares[number]) - halves) / temperature
        }
        self.init(weights, intercepts)
    }

    /// The nearest mean: -|x - m|^2 / (2 v) but for a term that all classes share.
    init(_ centroid: NearestCentroidClassifier, _ temperature: Double) {
        // Without any deviation the nearest mean is certain.
        let factor = (centroid.variance > 0 ? 1 / centroid.variance : 1e100) / temperature
        let squares = (centroid.centroids * centroid.centroids).sum(axis: 1).elements
        self.init(centroid.centroids * factor, squares.map { -$0 * factor / 2 })
    }

    func classifier(_ classNames: [String]) -> CoreML_Specification_GLMClassifier {
        var result = CoreML_Specification_GLMClassifier()
        result.weights = weights.map { row in
            var array = CoreML_Specification_GLMClassifier.DoubleArray()
            array.value = row
            return array
        }
        result.offset = offsets
        (result.postEvaluationTransform, result.classEncoding) = (.logit, .referenceClass)
        result.stringClassLabels.vector = classNames
        return result
    }
}
