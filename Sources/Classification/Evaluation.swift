import Arrays
import Support

/// How a classifier does on labelled examples: accuracy, loss, and which classes it takes for which.
public struct Evaluation: Equatable, Sendable {
    /// The names of the classes, in the order of their numbers.
    public let labels: [String]
    /// `confusion[actual][predicted]`: how many examples of one class were taken for another, or rightly for
    /// themselves on the diagonal. Shape [K, K].
    public let confusion: [[Int]]
    /// The mean cross-entropy per example, in nats.
    public let loss: Double

    /// An evaluation from right and predicted class numbers.
    ///
    /// - Precondition: as many predictions as right answers, all of them in 0 ..< K.
    /// - Complexity: O(N + K²).
    public init(labels: [String], actual: [Int32], predicted: [Int32], loss: Double) {
        require(
            actual.count == predicted.count,
            "\(predicted.count) predictions for \(actual.count) right answers")
        var confusion = [[Int]](
            repeating: [Int](repeating: 0, count: labels.count), count: labels.count)
        for (right, guess) in zip(actual, predicted) { confusion[Int(right)][Int(guess)] += 1 }
        self.labels = labels
        self.confusion = confusion
        self.loss = loss
    }

    /// The number of examples.
    public var count: Int { confusion.reduce(0) { $0 + $1.reduce(0, +) } }

    /// The number of examples whose class was found.
    public var correct: Int { confusion.indices.reduce(0) { $0 + confusion[$1][$1] } }

    /// The part of the examples whose class was found, 0...1; 0 when there are none.
    public var accuracy: Double { count > 0 ? Double(correct) / Double(count) : 0 }

    /// How one class fares.
    public struct ClassScores: Equatable, Sendable {
        /// The class.
        public let label: String
        /// How many examples of it there are.
        public let count: Int
        /// How many of them were recognised.
        public let correct: Int
        /// The part of them that was recognised (the class's recall), 0...1; nil when there are none.
        public var accuracy: Double? { count > 0 ? Double(correct) / Double(count) : nil }
    }

    /// Each class's own accuracy.
    public var classes: [ClassScores] {
        labels.indices.map { index in
            ClassScores(
                label: labels[index], count: confusion[index].reduce(0, +), correct: confusion[index][index])
        }
    }

    /// One kind of mistake.
    public struct Confusion: Equatable, Sendable {
        /// What the examples show.
        public let actual: String
        /// What they were taken for.
        public let predicted: String
        /// How often that happened.
        public let count: Int
    }

    /// The most frequent kinds of mistake, most frequent first; equals in the order of the classes.
    ///
    /// - Complexity: O(K² log K).
    public func topConfusions(_ limit: Int = 5) -> [Confusion] {
        var found: [(actual: Int, predicted: Int, count: Int)] = []
        for actual in labels.indices {
            for predicted in labels.indices where predicted != actual && confusion[actual][predicted] > 0 {
                found.append((actual, predicted, confusion[actual][predicted]))
            }
        }
        found.sort {
            ($1.count, $0.actual, $0.predicted) < ($0.count, $1.actual, $1.predicted)
        }
        return found.prefix(limit).map {
            Confusion(actual: labels[$0.actual], predicted: labels[$0.predicted], count: $0.count)
        }
    }
}
