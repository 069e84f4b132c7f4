import ArrayFiles
import Arrays
import Classical
import Classification
import Datasets
import EvaluationMetrics
import ExampleData
import Models
import Networks
import Pipelines
import Support

/// Several methods, each a ``ComparedMethod``, trained and measured on the same split of images; ``ComparisonPage`` shows it.
///
/// ```swift
/// let comparison = try MethodComparison(of: ComparedMethod.all(), on: digits)
/// for row in comparison.rows { print(row.name, row.accuracy, row.interval) }
/// ```
public struct MethodComparison: Sendable {
    /// The results of one method.
    public struct Row: Sendable {
        /// `RBF SVM on HOG`.
        public let name: String
        /// The features: `HOG`.
        public let features: String
        /// The classifier: `RBF SVM`.
        public let classifier: String
        /// The method with its settings.
        public let summary: String
        /// Its class for each test image.
        package let predicted: [Int32]
        /// The evaluation on the test images.
        public let evaluation: Evaluation
        /// The 95 % confidence interval of its accuracy.
        public let interval: ProportionInterval
        /// Seconds of learning, features included.
        public let trainSeconds: Double
        /// Microseconds for one image, all test images in one call.
        public let predictMicroseconds: Double
        /// Bytes of the model on disk.
        public let modelBytes: Int
        /// A remark (a solver that reached its limit); nil for none.
        public let remark: String?

        /// The accuracy: the share of the test images that it classifies correctly.
        public var accuracy: Double { evaluation.accuracy }
    }

    /// Two methods on the same images.
    public struct Pair: Sendable {
        /// Indices of the methods, the first smaller.
        public let first: Int, second: Int
        /// The numbers of images that only the first, and only the second, classifies correctly.
        public let onlyFirst: Int, onlySecond: Int
        /// The probability of a split at least as uneven between equally good methods.
        public let probability: Double
        /// Whether they differ significantly, corrected for all pairs (Holm, 5 %).
        public let isSignificant: Bool
    }

    /// The methods, in the order in which they were given.
    public let rows: [Row]
    /// Methods that could not be used on these images, and why.
    public let failures: [(name: String, reason: DescentError)]
    /// All pairs.
    public let pairs: [Pair]
    /// The class of each test image.
    public let actual: [Int32]
    /// The names of the classes.
    package let classNames: [String]
    /// The test images: [N, H, W], or [N, H, W, 3] in colour; none for rows of features.
    public let images: NDArray<UInt8>
    /// The name of the data set.
    public let dataName: String
    /// The number of training images.
    public let trainCount: Int

    /// Learns and measures every method, one after another, on images or rows of features.
    ///
    /// `progress`: called for each method (its index) when it begins, and with its progress.
    ///
    /// - Throws: `badData` without test examples, and for targets that are numbers; `interrupted` soon after `cancellation`. A
    ///   method that does not suit the examples is left out, and `failures` says why.
    /// - Complexity: the sum of the methods'.
    public init(
        of methods: [ComparedMethod], on data: Dataset, cancellation: Cancellation? = nil,
        progress: ((Int, LearningProgress) -> Void)? = nil
    ) throws {
        try ExampleChecks.requireClasses(of: data.test, for: data.name)
        guard data.test.count > 0 else {
            throw DescentError(
                .badData, "nothing to compare on", at: data.name, expected: "test images", got: "none")
        }
        // The sets may name their classes in another order; all indices here are the training set's.
        classNames = data.train.classNames
        let numbers = try data.test.classNames.map { name -> Int32 in
            guard let number = data.train.classNames.firstIndex(of: name) else {
                throw DescentError(
                    .badData, "a class that no method can learn: '\(name)'", at: data.name,
                    expected: "test images of the training set's classes")
            }
            return Int32(number)
        }
        let actual = data.test.classes.map { numbers[Int($0)] }
        var rows: [Row] = []
        var failures: [(String, DescentError)] = []
        for (index, method) in methods.enumerated() {
            progress?(index, LearningProgress(activity: "begins"))
            do {
                rows.append(
                    try Self.measure(method, on: data, actual, cancellation) { progress?(index, $0) })
            } catch let error as DescentError where error.kind == .interrupted {
                throw Self.interruption(rows.count, of: methods.count, at: method.name)
            } catch let error as DescentError {
                failures.append((method.name, error))
            }
            if cancellation?.isCancelled == true {
                throw Self.interruption(rows.count, of: methods.count, at: method.name)
            }
        }
        self.rows = rows
        self.failures = failures
        self.actual = actual
        images = Self.pictures(data.test.features)
        dataName = data.name
        trainCount = data.train.count
        pairs = Self.pairs(rows, actual)
    }

    /// Returns the images that fewest methods classify correctly, worst first: the image's index, and how many are
    /// correct.
    public func hardest(_ limit: Int) -> [(image: Int, readBy: Int)] {
        let counts = actual.indices.map { image in
            rows.count { $0.predicted[image] == actual[image] }
        }
        return actual.indices.sorted { (counts[$0], $0) < (counts[$1], $1) }.prefix(limit).map {
            ($0, counts[$0])
        }
    }

    private static func measure(
        _ method: ComparedMethod, on data: Dataset, _ actual: [Int32], _ cancellation: Cancellation?,
        _ progress: @escaping (LearningProgress) -> Void
    ) throws -> Row {
        let clock = ContinuousClock()
        let start = clock.now
        let classifier = try learn(method, data, cancellation, progress)
        let trained = clock.now
        let predicted = try classifier.classes(
            of: data.test.features, cancellation: cancellation)
        let seconds = (clock.now - trained).inSeconds
        let evaluation = Evaluation(
            classNames: classifier.classNames, actual: actual, predicted: predicted, loss: .nan)
        return Row(
            name: method.name, features: method.features, classifier: method.classifier,
            summary: classifier.summary, predicted: predicted, evaluation: evaluation,
            interval: ProportionInterval(correct: evaluation.correct, count: evaluation.count),
            trainSeconds: (trained - start).inSeconds,
            predictMicroseconds: seconds / Double(data.test.count) * 1e6,
            modelBytes: classifier.storedByteCount,
            remark: classifier.convergence.flatMap { $0.isReached ? nil : "\($0)" })
    }

    private static func interruption(_ done: Int, of count: Int, at name: String) -> DescentError {
        DescentError(
            .interrupted, "stopped after \(Numerals.counted(done, "method")) of \(count)", at: name,
            advice: "nothing is kept; `methods` can name fewer")
    }

    private static func learn(
        _ method: ComparedMethod, _ data: Dataset, _ cancellation: Cancellation?,
        _ progress: @escaping (LearningProgress) -> Void
    ) throws -> any TrainedClassifier {
        switch method.way {
        case .pipeline(let pipeline):
            return try pipeline.fit(data.train, cancellation: cancellation, progress: progress)
        case .network(let name, let trainer):
            let model = try TrainableNetwork(named: name, for: data.train)
            var trainer = trainer
            // Its seed decides all of it, as a pipeline's does.
            trainer.reinitializesWeights = true
            let epochs = trainer.epochs
            _ = try trainer.fit(model.network, on: data.train, cancellation: cancellation) { event in
                if case .epoch(let epoch, _) = event {
                    progress(
                        LearningProgress(
                            activity: "epoch \(epoch.number) of \(epochs)",
                            fraction: Double(epoch.number) / Double(epochs)))
                }
            }
            return try model.classifier()
        }
    }

    private static func pictures(_ features: FeatureMatrix) -> NDArray<UInt8> {
        guard FeatureMatrix.isImage(features.exampleShape), case .bytes(let images) = features.storage else {
            return NDArray(shape: [0, 0, 0], elements: [])
        }
        return images.ndim == 4 ? images.permuted([0, 2, 3, 1]) : images
    }

    private static func pairs(_ rows: [Row], _ actual: [Int32]) -> [Pair] {
        var counts: [(first: Int, second: Int, onlyFirst: Int, onlySecond: Int)] = []
        for first in rows.indices {
            for second in rows.indices.dropFirst(first + 1) {
                var (onlyFirst, onlySecond) = (0, 0)
                for image in actual.indices {
                    let one = rows[first].predicted[image] == actual[image]
                    let other = rows[second].predicted[image] == actual[image]
                    if one && !other { onlyFirst += 1 }
                    if other && !one { onlySecond += 1 }
                }
                counts.append((first, second, onlyFirst, onlySecond))
            }
        }
        let probabilities = counts.map { PairedTest.probability($0.onlyFirst, $0.onlySecond) }
        let significant = PairedTest.significant(probabilities)
        return counts.indices.map {
            Pair(
                first: counts[$0].first, second: counts[$0].second, onlyFirst: counts[$0].onlyFirst,
                onlySecond: counts[$0].onlySecond, probability: probabilities[$0],
                isSignificant: significant[$0])
        }
    }
}
