import Arrays
import Support

/// The metrics of one class.
///
/// Undefined shares are nil: recall without examples, precision without predictions, F1 without either.
public struct ClassMetrics: Codable, Equatable, Sendable {
    /// The name of the class.
    public let name: String
    /// The number of its examples.
    public let support: Int
    /// The number of examples that were predicted as it.
    package let predicted: Int
    /// The number of its examples that were predicted as it.
    public let correct: Int
    /// correct / support.
    public let recall: Double?
    /// The 95 % interval of the recall; 0...1 without examples.
    public let recallInterval: ProportionInterval
    /// correct / predicted.
    public let precision: Double?
    /// 2 correct / (support + predicted), the harmonic mean of precision and recall.
    public let f1: Double?

    init(name: String, support: Int, predicted: Int, correct: Int) {
        (self.name, self.support, self.predicted, self.correct) = (name, support, predicted, correct)
        recall = support > 0 ? Double(correct) / Double(support) : nil
        recallInterval = ProportionInterval(correct: correct, count: support)
        precision = predicted > 0 ? Double(correct) / Double(predicted) : nil
        f1 = support + predicted > 0 ? 2 * Double(correct) / Double(support + predicted) : nil
    }
}

/// Precision, recall and F1 averaged over the classes.
public struct AveragedMetrics: Codable, Equatable, Sendable {
    /// The mean precision.
    public let precision: Double
    /// The mean recall.
    public let recall: Double
    /// The mean F1.
    public let f1: Double

    /// Undefined shares count as 0.
    init(_ classes: [ClassMetrics], weight: (ClassMetrics) -> Double) {
        let total = classes.reduce(0) { $0 + weight($1) }
        func mean(_ share: (ClassMetrics) -> Double?) -> Double {
            total > 0 ? classes.reduce(0) { $0 + weight($1) * (share($1) ?? 0) } / total : 0
        }
        (precision, recall, f1) = (mean(\.precision), mean(\.recall), mean(\.f1))
    }
}

/// The metrics of a classifier's decisions: accuracy with its interval, each class's, averages, confusion matrix.
///
/// ```swift
/// let metrics = try ClassificationMetrics(actual: [0, 0, 1], predicted: [0, 1, 1], classNames: ["cat", "dog"])
/// metrics.accuracy          // 0.667
/// metrics.accuracyInterval  // 0.208...0.939
/// ```
///
/// Definitions are those of scikit-learn's `classification_report` with `zero_division=0`; the interval is Wilson's.
public struct ClassificationMetrics: Codable, Equatable, Sendable {
    /// The number of examples.
    public let count: Int
    /// The number of examples whose class was found.
    public let correct: Int
    /// correct / count.
    public let accuracy: Double
    /// The 95 % interval of the accuracy (Wilson).
    public let accuracyInterval: ProportionInterval
    /// The unweighted mean over the classes that occur or are predicted.
    public let macro: AveragedMetrics
    /// The mean over the classes by their numbers of examples.
    public let weighted: AveragedMetrics
    /// Each class's metrics, in the order of the indices.
    public let classes: [ClassMetrics]
    /// `confusion[actual][predicted]`: how many examples of one class were predicted as another. Shape [K, K].
    public let confusion: [[Int]]

    /// The names of the classes.
    public var classNames: [String] { classes.map(\.name) }

    /// The metrics of predictions, N of 0..<K.
    ///
    /// - Throws: `badData`: no examples, other counts, a class without a name.
    /// - Complexity: O(N + K²).
    public init(actual: [Int32], predicted: [Int32], classNames: [String]) throws(DescentError) {
        try AnswerChecks.requireCounts(actual.count, predicted.count, of: "predictions")
        try AnswerChecks.requireClasses(actual, count: classNames.count, of: "labels")
        try AnswerChecks.requireClasses(predicted, count: classNames.count, of: "predictions")
        var confusion = [[Int]](
            repeating: [Int](repeating: 0, count: classNames.count), count: classNames.count)
        for (right, guess) in zip(actual, predicted) { confusion[Int(right)][Int(guess)] += 1 }
        self.init(counted: confusion, classNames)
    }

    /// The metrics of a confusion matrix, `confusion[actual][predicted]`.
    ///
    /// - Throws: `badData`: not as many rows and columns as names, a negative count, no examples.
    /// - Complexity: O(K²).
    public init(confusion: [[Int]], classNames: [String]) throws(DescentError) {
        let widths = Set(confusion.map(\.count) + [confusion.count])
        guard widths == [classNames.count], confusion.allSatisfy({ $0.allSatisfy { $0 >= 0 } }) else {
            throw DescentError(
                .badData, "not a confusion matrix", at: "predictions",
                expected: "[\(classNames.count), \(classNames.count)] counts",
                got: "\(confusion.count) rows of \(widths.sorted()) counts")
        }
        let count = confusion.reduce(0) { $0 + $1.reduce(0, +) }
        try AnswerChecks.requireCounts(count, count, of: "predictions")
        self.init(counted: confusion, classNames)
    }

    private init(counted confusion: [[Int]], _ classNames: [String]) {
        self.confusion = confusion
        var predictions = [Int](repeating: 0, count: classNames.count)
        for row in confusion { for (column, number) in row.enumerated() { predictions[column] += number } }
        classes = classNames.indices.map { index in
            ClassMetrics(
                name: classNames[index], support: confusion[index].reduce(0, +),
                predicted: predictions[index], correct: confusion[index][index])
        }
        count = classes.reduce(0) { $0 + $1.support }
        correct = classes.reduce(0) { $0 + $1.correct }
        accuracy = Double(correct) / Double(count)
        accuracyInterval = ProportionInterval(correct: correct, count: count)
        macro = AveragedMetrics(classes) { $0.support + $0.predicted > 0 ? 1 : 0 }
        weighted = AveragedMetrics(classes) { Double($0.support) }
    }

    /// Returns the most frequent kinds of mistake, most frequent first; equals in the order of the classes.
    ///
    /// - Complexity: O(K² log K).
    public func confusedPairs(_ limit: Int = 10) -> [ConfusedPair] {
        var pairs: [ConfusedPair] = []
        for (row, counts) in confusion.enumerated() {
            for (column, number) in counts.enumerated() where column != row && number > 0 {
                pairs.append(
                    ConfusedPair(
                        actual: classes[row].name, predicted: classes[column].name, count: number,
                        share: Double(number) / Double(classes[row].support)))
            }
        }
        // The sort keeps the order of equals.
        return Array(pairs.sorted { $0.count > $1.count }.prefix(limit))
    }
}

/// Two classes of which one was taken for the other.
public struct ConfusedPair: Codable, Equatable, Sendable {
    /// The true class.
    public let actual: String
    /// The predicted class.
    public let predicted: String
    /// The number of such examples.
    public let count: Int
    /// Their share of the true class's examples.
    public let share: Double
}
