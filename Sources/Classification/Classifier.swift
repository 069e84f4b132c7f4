import Arrays
import ExampleData
import Support

/// A trained classifier: predicts the class of each example, and scores all classes.
///
/// A ``Learner`` makes it, its ``Answers`` have classes and scores, and an ``Evaluation`` measures it.
///
/// A network, a support vector machine and a pipeline are classifiers. One of one's own answers once for many examples:
///
/// ```swift
/// struct Threshold: Classifier {
///     let classNames = ["small", "large"]
///     func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers {
///         let large = examples.unscaledFloats.elements.map { $0 > 10 }
///         return Answers(decidingBy: NDArray(shape: [large.count, 2], elements: large.flatMap { $0 ? [0, 1] : [1, 0] }))
///     }
/// }
/// ```
public protocol Classifier: Sendable {
    /// The names of the classes, in the order of their indices.
    var classNames: [String] { get }

    /// The meaning of the classes' scores; probabilities by default.
    var scoreKind: ScoreKind { get }

    /// The state in which the iterative training ended; nil, as by default, for methods that do not iterate and for loaded
    /// models whose file does not say.
    var convergence: Convergence? { get }

    /// Returns the class and the scores of each example, from one pass.
    ///
    /// - Throws: `badData` when the examples have a shape that the classifier does not take; `interrupted` soon after
    ///   `cancellation` where it takes long.
    func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers

    /// Returns the class of each example, N of 0..<K: those of `answers(for:cancellation:)` by default. A classifier
    /// whose scores cost more than its decisions has a method of its own.
    ///
    /// - Throws: as `answers(for:cancellation:)`.
    func classes(of examples: FeatureMatrix, cancellation: Cancellation?) throws -> [Int32]
}

extension Classifier {
    /// Probabilities.
    public var scoreKind: ScoreKind { .probabilities }

    /// nil.
    public var convergence: Convergence? { nil }

    /// Returns the class and the scores of each example, from one pass.
    public func answers(for examples: FeatureMatrix) throws -> Answers {
        try answers(for: examples, cancellation: nil)
    }

    /// Returns the class of each example, from its answers.
    public func classes(of examples: FeatureMatrix, cancellation: Cancellation?) throws -> [Int32] {
        try answers(for: examples, cancellation: cancellation).classes
    }

    /// Returns the class of each example, N of 0..<K.
    public func classes(of examples: FeatureMatrix) throws -> [Int32] {
        try classes(of: examples, cancellation: nil)
    }

    /// Returns the scores of each example, [N, K], whatever `scoreKind` they are of; each row adds up to 1.
    public func probabilities(of examples: FeatureMatrix) throws -> NDArray<Float> {
        try answers(for: examples, cancellation: nil).scores
    }

    /// Returns the scores of each image: bytes [N, H, W] to [N, K].
    public func probabilities(of images: NDArray<UInt8>) throws -> NDArray<Float> {
        try probabilities(of: .bytes(images))
    }

    /// Returns the classifier's answers for `images` [N, H, W], in order.
    ///
    /// ```swift
    /// for answer in try model.predictions(for: digits.test.images) { print(answer.label, answer.probability) }
    /// ```
    ///
    /// - Throws: as `answers(for:cancellation:)`; `failed` when the classifier answers for another number of examples or
    ///   classes.
    public func predictions(for images: NDArray<UInt8>) throws -> [Prediction] {
        try predictions(for: FeatureMatrix.bytes(images))
    }

    /// Returns the classifier's answers for `examples`, in order.
    ///
    /// - Throws: as `answers(for:cancellation:)`; `failed` when the classifier answers for another number of examples or
    ///   classes.
    public func predictions(for examples: FeatureMatrix) throws -> [Prediction] {
        let width = classNames.count
        let answers = try answers(for: examples, cancellation: nil)
        // A classifier of another package may answer anything, and the scores are read by place.
        try answers.check(count: examples.count, classCount: width, by: "\(type(of: self))")
        return answers.scores.withUnsafeElements { values in
            answers.classes.enumerated().map { row, index in
                Prediction(
                    classNames: classNames, probabilities: Array(values[(row * width)..<((row + 1) * width)]),
                    index: Int(index))
            }
        }
    }
}

/// A classifier's answer for one example.
public struct Prediction: Equatable, Sendable {
    /// The names of the classes.
    public let classNames: [String]
    /// The score of each class, in the order of the names; a probability where the classifier's `scoreKind` says so.
    public let probabilities: [Float]
    /// The number of the class that the classifier decides for. Where it decides by votes, another one may be more
    /// probable.
    package let index: Int

    /// `index`: the first of the most probable classes when nil.
    init(classNames: [String], probabilities: [Float], index: Int? = nil) {
        self.classNames = classNames
        self.probabilities = probabilities
        self.index = index ?? ScoreRows.largest(probabilities)
    }

    /// The name of the class.
    public var className: String { classNames[index] }
    /// The name of the class; the same as `className`.
    public var label: String { className }

    /// The score of that class, 0...1.
    public var probability: Float { probabilities[index] }

    /// Returns the class decided for, then the others, the most probable first.
    public func top(_ count: Int) -> [(label: String, probability: Float)] {
        let others = probabilities.indices.filter { $0 != index }.sorted {
            probabilities[$0] != probabilities[$1] ? probabilities[$0] > probabilities[$1] : $0 < $1
        }
        let order = (probabilities.isEmpty ? [] : [index]) + others
        return order.prefix(count).map { (classNames[$0], probabilities[$0]) }
    }
}
