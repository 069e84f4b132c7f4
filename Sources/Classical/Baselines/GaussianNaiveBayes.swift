import ArrayFiles
import Arrays
import Classification
import ExampleData
import Support

/// Each feature of each class is a Gaussian of its own, independent of the others; Bayes' rule gives the classes.
///
/// log P(k | x) = log p_k - 1/2 sum_d (log(2 pi v_kd) + (x_d - m_kd)^2 / v_kd) + const, where p_k is the share of the
/// class, and v_kd the variance (divided by the class's count) plus `smoothing` times the largest variance of any
/// feature over all examples, as in scikit-learn's `GaussianNB`.
///
/// ```swift
/// let classifier = try GaussianNaiveBayes().fit(training)
/// ```
public struct GaussianNaiveBayes: Learner, Equatable {
    /// The share of the largest variance that is added to each.
    public var smoothing: Double
    /// The weights of the classes' examples; p_k is proportional to the weight times the number of examples.
    public var classWeights: ClassWeights = [:]

    /// Naive Bayes with that smoothing, at least 0.
    public init(smoothing: Double = 1e-9) { self.smoothing = smoothing }

    /// `Gaussian naive Bayes`.
    public static let title = "Gaussian naive Bayes"

    /// The settings that `init(from:)` reads.
    public static let settingNames = ["class-weights"]

    /// Naive Bayes with the settings of a text.
    public init(from settings: inout SettingText) throws {
        self.init()
        classWeights = try settings.classWeights() ?? [:]
    }

    /// The weights of the classes, where they differ; nil for settings that text cannot express.
    public var settings: [LearnerSetting]? {
        smoothing == GaussianNaiveBayes().smoothing ? classWeights.settings : nil
    }

    /// `Gaussian naive Bayes`.
    public func summary(of classifier: GaussianNaiveBayesClassifier) -> String { Self.title }

    /// Learns shares, means and variances.
    ///
    /// - Throws: `usage` for smoothing below 0 or not finite; `badData` for one class only, a class without examples, no
    ///   features, one that is not finite, or a feature without variance in a class that smoothing does not help
    ///   (column named); `interrupted`.
    /// - Complexity: O(N D).
    public func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> GaussianNaiveBayesClassifier {
        let place = "naive Bayes"
        guard smoothing >= 0, smoothing.isFinite else {
            throw DescentError(
                .usage, "impossible smoothing", at: place, expected: "a number, 0 or more",
                got: "\(smoothing)")
        }
        try ExampleChecks.require(examples, for: place)
        try classWeights.check(examples, for: place)
        let moments = try ClassMoments(examples, cancellation: cancellation, place)
        let width = moments.width
        let added: Double
        var counts = moments.counts.map(Double.init)
        if classWeights.isNeutral {
            let whole = LabeledExamples(
                examples.features, classes: [Int32](repeating: 0, count: examples.count), classNames: [""])
            let all = try ClassMoments(whole, cancellation: cancellation, place)
            added = smoothing * (all.squares.max() ?? 0) / Double(examples.count)
        } else {
            counts = zip(counts, classWeights.values(for: examples)).map { $0 * $1 }
            added = smoothing * moments.largestVariance(weighting: counts)
        }
        let total = counts.reduce(0, +)
        let variances = moments.squares.indices.map {
            moments.squares[$0] / Double(moments.counts[$0 / width]) + added
        }
        if let flat = variances.firstIndex(where: { $0 <= 0 }) {
            throw DescentError(
                .badData, "a feature that is the same in all examples of a class",
                at: "\(place), column \(flat % width), class '\(examples.classNames[flat / width])'",
                advice: "leave the feature out, or smooth")
        }
        let shape = [examples.classNames.count, width]
        return GaussianNaiveBayesClassifier(
            classNames: examples.classNames, shares: counts.map { $0 / total },
            means: NDArray(shape: shape, elements: moments.means),
            variances: NDArray(shape: shape, elements: variances))
    }
}

/// The classifier that ``GaussianNaiveBayes`` fits.
public struct GaussianNaiveBayesClassifier: StorableClassifier {
    /// The name of the type in a file.
    public static let kind = "naive-bayes"
    /// The names of the classes.
    public let classNames: [String]
    /// The share of each class: K.
    package let shares: [Double]
    /// The mean of each feature in each class: [K, D].
    public let means: NDArray<Double>
    /// The variance of each feature in each class, smoothed: [K, D].
    public let variances: NDArray<Double>

    init(classNames: [String], shares: [Double], means: NDArray<Double>, variances: NDArray<Double>) {
        (self.classNames, self.shares, self.means, self.variances) = (classNames, shares, means, variances)
    }

    /// Returns the most probable class, the first of equals, and the probabilities, from the same scores.
    ///
    /// - Throws: `badData` for another number of features than in training, or one that is not finite; `interrupted`.
    public func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers {
        let scores = try scores(of: examples, cancellation)
        return Answers(
            classes: ScoreRows.largest(scores, classCount: classNames.count),
            scores: ScoreRows.softmax(scores, classCount: classNames.count))
    }

    /// log P(k | x) but for a term that all classes share.
    private func scores(of examples: FeatureMatrix, _ cancellation: Cancellation?) throws -> [Double] {
        let width = means.shape[1]
        try ExampleChecks.require(examples, width: width, for: "naive Bayes")
        try Cancellation.check(cancellation, at: "naive Bayes")
        let (means, inverses) = (means.elements, variances.elements.map { 1 / $0 })
        let constants = classNames.indices.map { number in
            let logs = variances[number].elements.reduce(0) { $0 + logarithm(2 * .pi * $1) }
            return logarithm(shares[number]) - 0.5 * logs
        }
        return means.withUnsafeBufferPointer { means in
            inverses.withUnsafeBufferPointer { inverses in
                examples.scores(classCount: classNames.count) { features, number in
                    var sum = 0.0
                    for column in 0..<width {
                        let away = Double(features[column]) - means[number * width + column]
                        sum += away * away * inverses[number * width + column]
                    }
                    return constants[number] - 0.5 * sum
                }
            }
        }
    }

    /// Puts shares, means and variances under `prefix`.
    public func store(in file: inout SafeTensors, prefix: String) {
        file.setClassNames(classNames, prefix: prefix)
        file.set(NDArray(shares), named: prefix + "shares")
        file.set(means, named: prefix + "means")
        file.set(variances, named: prefix + "variances")
    }

    /// Restores the classifier from the entries that `store` wrote.
    public init(from file: SafeTensors, prefix: String) throws {
        classNames = try file.classNames(prefix: prefix)
        shares = try file.finite(named: prefix + "shares", as: Double.self, shape: [classNames.count])
            .elements
        means = try file.finite(named: prefix + "means", as: Double.self, shape: [classNames.count, nil])
        variances = try file.finite(named: prefix + "variances", as: Double.self, shape: means.shape)
        guard shares.allSatisfy({ $0 > 0 }), variances.elements.allSatisfy({ $0 > 0 }) else {
            throw file.wrong(prefix + "variances", expected: "shares and variances above 0")
        }
    }
}
