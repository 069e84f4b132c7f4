import ArrayFiles
import Arrays
import Classification
import ExampleData
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

    /// `the nearest mean of a class`.
    public static let title = "the nearest mean of a class"

    /// No settings.
    public init(from settings: inout SettingText) throws {}

    /// `nearest centroid`.
    public func summary(of classifier: NearestCentroidClassifier) -> String { "nearest centroid" }

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
            classNames: examples.classNames,
            centroids: NDArray(shape: [examples.classNames.count, moments.width], elements: moments.means),
            variance: squares / Double(examples.count * moments.width))
    }
}

/// The classifier that ``NearestCentroid`` fits.
public struct NearestCentroidClassifier: StorableClassifier {
    /// The name of the type in a file.
    public static let kind = "nearest-centroid"
    /// The names of the classes.
    public let classNames: [String]
    /// The mean of each class: [K, D].
    public let centroids: NDArray<Double>
    /// The mean square deviation of a feature from its class's mean.
    package let variance: Double

    init(classNames: [String], centroids: NDArray<Double>, variance: Double) {
        (self.classNames, self.centroids, self.variance) = (classNames, centroids, variance)
    }

    /// Returns the class with the nearest mean, the first of equals, and the probabilities, from the same scores.
    ///
    /// - Throws: `badData` for another number of features than in training, or one that is not finite; `interrupted`.
    public func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers {
        let scores = try scores(of: examples, cancellation)
        return Answers(
            classes: ScoreRows.largest(scores, classCount: classNames.count), scores: shares(scores))
    }

    private func shares(_ scores: [Double]) -> NDArray<Float> {
        // Without any deviation the nearest mean is certain; an infinite factor would make 0 * inf.
        let factor = variance > 0 ? 1 / (2 * variance) : 1e300
        return ScoreRows.softmax(
            scores.map { $0 == 0 ? 0 : $0 * factor }, classCount: classNames.count)
    }

    /// -|x - m|^2 for each example and class.
    private func scores(of examples: FeatureMatrix, _ cancellation: Cancellation?) throws -> [Double] {
        let width = centroids.shape[1]
        try ExampleChecks.require(examples, width: width, for: "nearest centroid")
        try Cancellation.check(cancellation, at: "nearest centroid")
        return centroids.withUnsafeElements { means in
            examples.scores(classCount: classNames.count) { features, number in
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
        file.setClassNames(classNames, prefix: prefix)
        file.set(centroids, named: prefix + "centroids")
        file.set(NDArray([variance]), named: prefix + "variance")
    }

    /// Restores the classifier from the entries that `store` wrote.
    public init(from file: SafeTensors, prefix: String) throws {
        classNames = try file.classNames(prefix: prefix)
        centroids = try file.finite(
            named: prefix + "centroids", as: Double.self, shape: [classNames.count, nil])
        variance = try file.finite(named: prefix + "variance", as: Double.self, shape: [1]).elements[0]
        guard variance >= 0 else { throw file.wrong(prefix + "variance", expected: "0 or more") }
    }
}
