import Arrays
import Support

/// The answers of a classifier for N examples: the class of each and a score of each class, from one pass.
public struct Answers: Equatable, Sendable {
    /// The class of each example, N of 0..<K.
    ///
    /// Not always the one with the highest score: a support vector machine decides by votes, and its probabilities, fitted
    /// afterwards, may disagree.
    public let classes: [Int32]
    /// The score of each class for each example, [N, K]; each row adds up to 1. `Classifier.scoreKind` gives its meaning.
    public let scores: NDArray<Float>

    /// Answers from their parts.
    public init(classes: [Int32], scores: NDArray<Float>) {
        (self.classes, self.scores) = (classes, scores)
    }

    /// Answers that decide for the class with the highest score, the first of equals.
    ///
    /// - Precondition: scores [N, K], K at least 1.
    public init(decidingBy scores: NDArray<Float>) {
        require(scores.ndim == 2 && scores.shape[1] > 0, "scores of shape \(scores.shape)")
        classes = scores.withUnsafeElements { ScoreRows.largest($0, classCount: scores.shape[1]) }
        self.scores = scores
    }

    /// No answers, of `count` classes.
    package static func none(classes count: Int) -> Answers {
        Answers(classes: [], scores: NDArray(shape: [0, count], elements: []))
    }

    /// Checks that there are answers for `count` examples of `classCount` classes.
    ///
    /// - Throws: `failed` that names the classifier, when it has answered something else.
    package func check(count: Int, classCount: Int, by name: @autoclosure () -> String) throws {
        guard scores.shape == [count, classCount] else {
            throw DescentError(
                .failed, "the classifier scores another number of examples or classes", at: name(),
                expected: "scores of shape [\(count), \(classCount)]", got: "\(scores.shape)")
        }
        try Self.check(classes, count: count, classCount: classCount, by: name())
    }

    /// Checks that there are so many classes, each in 0..<classCount.
    ///
    /// - Throws: as `check(count:classCount:by:)`.
    package static func check(
        _ classes: [Int32], count: Int, classCount: Int, by name: @autoclosure () -> String
    ) throws {
        guard classes.count == count else {
            throw DescentError(
                .failed, "the classifier answers for another number of examples", at: name(),
                expected: "\(count)", got: "\(classes.count)")
        }
        if let row = classes.firstIndex(where: { !(0..<classCount).contains(Int($0)) }) {
            throw DescentError(
                .failed, "the classifier answers with a class that there is not",
                at: "\(name()), example \(row)",
                expected: "0..<\(classCount)", got: "\(classes[row])")
        }
    }
}
