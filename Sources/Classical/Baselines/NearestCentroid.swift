import ArrayFiles
import Arrays
import Support

/// The simplest classifier: each class is its mean, and an example belongs to the nearest one by L2.
///
/// Probabilities take each class for a round Gaussian, all equally wide and equally frequent: proportional to
/// exp(-|x - m|^2 / (2 v)), where v is the mean square deviation of a feature from its class's mean.
///
/// ```swift
/// let classifier = try NearestCentroid().fit(training)
/// ```
///
/// Source: R. Tibshirani et al., "Diagnosis of multiple cancer types by shrunken centroids of gene expression" (2002),
/// without the shrinking.
public struct NearestCentroid: Learner, Equatable {
    /// No settings.
    public init() {}

    /// Learns the class means.
    ///
    /// - Throws: `badData` for one class only, a class without examples, no features or one that is not finite;
    ///   `interrupted`.
    /// - Complexity: O(N D).
    public func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> NearestCentroidClassifier {
        try ExampleChecks.require(examples, for: "nearest centroid")
        let moments = try ClassMoments(examples, cancellation: cancellation, "nearest centroid")
        let squares = moments.squares.reduce(0, +)
        return NearestCentroidClassifier(
            labels: examples.classNames,
            centroids: NDArray(shape: [examples.classNames.count, moments.width], elements: moments.means),
            variance: squares / Double(examples.count * moments.width))
    }
}

/// What `NearestCentroid` makes.
public struct NearestCentroidClassifier: StorableClassifier {
    /// Stands for the type in a file.
    public static let kind = "nearest-centroid"
    /// The names of the classes.
    public let labels: [String]
    /// The mean of each class: [K, D].
    public let centroids: NDArray<Double>
    /// The mean square deviation of a feature from its class's mean.
    public let variance: Double

    init(labels: [String], centroids: NDArray<Double>, variance: Double) {
        (self.labels, self.centroids, self.variance) = (labels, centroids, variance)
    }

    /// The class with the nearest mean; the first of equals.
    ///
    /// - Throws: `badData` for another number of features than in training, or one that is not finite.
    public func classes(of examples: Examples) throws -> [Int] {
        try Scores.winners(scores(of: examples), labels.count)
    }

    /// How probable each class is: [N, K].
    ///
    /// - Throws: as `classes(of:)`.
    public func probabilities(of examples: Examples) throws -> NDArray<Float> {
        shares(try scores(of: examples))
    }

    /// Both from the same distances.
    public func answers(of examples: Examples) throws -> Answers {
        let scores = try scores(of: examples)
        return (try Scores.winners(scores, labels.count), shares(scores))
    }

    private func shares(_ scores: [Double]) -> NDArray<Float> {
        // Without any deviation the nearest mean is certain; an infinite factor would make 0 * inf.
        let factor = variance > 0 ? 1 / (2 * variance) : 1e300
        return Scores.softmax(scores.map { $0 == 0 ? 0 : $0 * factor }, labels.count)
    }

    /// -|x - m|^2 for each example and class.
    private func scores(of examples: Examples) throws -> [Double] {
        let width = centroids.shape[1]
        try ExampleChecks.require(examples, width: width, for: "nearest centroid")
        return centroids.withUnsafeElements { means in
            Scores.make(examples, labels.count) { features, number in
                var sum = 0.0
                for column in 0..<width {
                    let away = Double(features[column]) - means[number * width + column]
                    sum -= away * away
                }
                return sum
            }
        }
    }

    /// Puts means and variance under `prefix`.
    public func store(in file: inout SafeTensors, prefix: String) {
        file.setLabels(labels, prefix: prefix)
        file.set(centroids, named: prefix + "centroids")
        file.set(NDArray([variance]), named: prefix + "variance")
    }

    /// Brings back what `store` put.
    public init(from file: SafeTensors, prefix: String) throws {
        labels = try file.labels(prefix: prefix)
        centroids = try file.finite(named: prefix + "centroids", as: Double.self, shape: [labels.count, nil])
        variance = try file.finite(named: prefix + "variance", as: Double.self, shape: [1]).elements[0]
        guard variance >= 0 else { throw file.wrong(prefix + "variance", expected: "0 or more") }
    }
}
