import Arrays
import Support

/// A classifier's result on labelled examples: accuracy, loss and confusion matrix.
public struct Evaluation: Equatable, Sendable {
    /// The names of the classes, in the order of their indices.
    public let classNames: [String]
    /// `confusion[actual][predicted]`: how many examples of one class were predicted as another, or correctly for
    /// themselves on the diagonal. Shape [K, K].
    public let confusion: [[Int]]
    /// The mean cross-entropy per example, in nats.
    public let loss: Double

    /// Creates an evaluation from true and predicted class indices.
    ///
    /// - Precondition: as many predictions as right answers, all of them in 0 ..< K.
    /// - Complexity: O(N + K²).
    public init(classNames: [String], actual: [Int32], predicted: [Int32], loss: Double) {
        require(
            actual.count == predicted.count,
            "\(predicted.count) predictions for \(actual.count) right answers")
        var confusion = [[Int]](
            repeating: [Int](repeating: 0, count: classNames.count), count: classNames.count)
        for (right, guess) in zip(actual, predicted) { confusion[Int(right)][Int(guess)] += 1 }
        self.classNames = classNames
        self.confusion = confusion
        self.loss = loss
    }

    /// The evaluation of all examples, from those of parts of them by one classifier.
    ///
    /// - Precondition: one part or more, of the same classes.
    init(joining parts: [Evaluation]) {
        classNames = parts[0].classNames
        var confusion = parts[0].confusion
        for part in parts.dropFirst() {
            for (row, counts) in part.confusion.enumerated() {
                for (column, count) in counts.enumerated() { confusion[row][column] += count }
            }
        }
        self.confusion = confusion
        let count = parts.reduce(0) { $0 + $1.count }
        loss = parts.reduce(0) { $0 + $1.loss * Double($1.count) } / Double(max(1, count))
    }

    /// The number of examples.
    public var count: Int { confusion.reduce(0) { $0 + $1.reduce(0, +) } }

    /// The number of examples whose class was found.
    public var correct: Int { confusion.indices.reduce(0) { $0 + confusion[$1][$1] } }

    /// The accuracy: the share of the examples that are classified correctly, 0...1; 0 when there are none.
    public var accuracy: Double { count > 0 ? Double(correct) / Double(count) : 0 }

    /// The recall of one class.
    public struct ClassScores: Equatable, Sendable {
        /// The class.
        public let label: String
        /// The number of its examples.
        public let count: Int
        /// The number of them that are classified correctly.
        public let correct: Int
        /// The recall: the share of its examples that are classified correctly, 0...1; nil when there are none.
        public var accuracy: Double? { count > 0 ? Double(correct) / Double(count) : nil }
    }

    /// Each class's own accuracy.
    public var classes: [ClassScores] {
        classNames.indices.map { index in
            ClassScores(
                label: classNames[index], count: confusion[index].reduce(0, +),
                correct: confusion[index][index])
        }
    }

    /// One kind of mistake.
    public struct Confusion: Equatable, Sendable {
        /// The true class.
        public let actual: String
        /// The predicted class.
        public let predicted: String
        /// The number of such examples.
        public let count: Int
    }

    /// Returns the most frequent kinds of mistake, most frequent first; equals in the order of the classes.
    ///
    /// - Complexity: O(K² log K).
    public func topConfusions(_ limit: Int = 5) -> [Confusion] {
        var found: [(actual: Int, predicted: Int, count: Int)] = []
        for actual in classNames.indices {
            for predicted in classNames.indices where predicted != actual && confusion[actual][predicted] > 0
            {
                found.append((actual, predicted, confusion[actual][predicted]))
            }
        }
        found.sort {
            ($1.count, $0.actual, $0.predicted) < ($0.count, $1.actual, $1.predicted)
        }
        return found.prefix(limit).map {
            Confusion(actual: classNames[$0.actual], predicted: classNames[$0.predicted], count: $0.count)
        }
    }
}
