import Arrays
import Support

/// The class of each example, N of 0..<K, and how probable each class is for it, [N, K].
public typealias Answers = (classes: [Int], probabilities: NDArray<Float>)

/// Anything that tells which class an example belongs to: a network, a support vector machine, a pipeline.
public protocol Classifier {
    /// The names of the classes, in the order of their numbers.
    var labels: [String] { get }

    /// How probable each class is for each example.
    ///
    /// - Returns: [N, K]; each row adds up to 1.
    /// - Throws: `badData` when the examples have a shape that the classifier does not take.
    func probabilities(of examples: Examples) throws -> NDArray<Float>

    /// The class of each example, N of 0..<K.
    ///
    /// Not always the most probable one: a support vector machine decides by votes, and its probabilities, fitted
    /// afterwards, may disagree.
    func classes(of examples: Examples) throws -> [Int]

    /// `classes(of:)` and `probabilities(of:)` of the same examples, for the price of one of them.
    ///
    /// - Throws: as those.
    func answers(of examples: Examples) throws -> Answers

    /// The same; ends soon after `cancellation` where it takes long.
    ///
    /// - Throws: as `classes(of:)`; `interrupted`.
    func classes(of examples: Examples, cancellation: Cancellation?) throws -> [Int]
}

extension Classifier {
    /// Both, one after the other: a classifier that computes the same for both has a method of its own.
    public func answers(of examples: Examples) throws -> Answers {
        (try classes(of: examples), try probabilities(of: examples))
    }

    /// The class of each example, N of 0..<K, by a classifier that takes so little time that it need not be stopped.
    public func classes(of examples: Examples, cancellation: Cancellation?) throws -> [Int] {
        try ExampleChecks.check(cancellation, "reading")
        return try classes(of: examples)
    }

    /// The most probable class of each example; the first of equals.
    public func classes(of examples: Examples) throws -> [Int] {
        mostProbable(try probabilities(of: examples))
    }

    /// The most probable class of each row of probabilities [N, K]; the first of equals.
    public func mostProbable(_ probabilities: NDArray<Float>) -> [Int] {
        let width = labels.count
        return probabilities.withUnsafeElements { values in
            (0..<probabilities.shape[0]).map { row in
                var best = 0
                for place in 1..<max(1, width) where values[row * width + place] > values[row * width + best]
                {
                    best = place
                }
                return best
            }
        }
    }

    /// How probable each class is for each image: bytes [N, H, W] to [N, K].
    public func probabilities(of images: NDArray<UInt8>) throws -> NDArray<Float> {
        try probabilities(of: .bytes(images))
    }
}

/// A classifier's answer for one image.
public struct Prediction: Equatable, Sendable {
    /// The names of the classes.
    public let labels: [String]
    /// How probable each class is, in the order of the labels.
    public let probabilities: [Float]
    /// The number of the class that the classifier decides for. Where it decides by votes, another one may be more
    /// probable.
    public let index: Int

    /// `index`: the first of the most probable classes when nil.
    init(labels: [String], probabilities: [Float], index: Int? = nil) {
        self.labels = labels
        self.probabilities = probabilities
        var best = 0
        for place in probabilities.indices where probabilities[place] > probabilities[best] { best = place }
        self.index = index ?? best
    }

    /// The name of the class.
    public var label: String { labels[index] }

    /// How probable that class is, 0...1.
    public var probability: Float { probabilities[index] }

    /// The class decided for, then the others, the most probable first.
    public func top(_ count: Int) -> [(label: String, probability: Float)] {
        let others = probabilities.indices.filter { $0 != index }.sorted {
            probabilities[$0] != probabilities[$1] ? probabilities[$0] > probabilities[$1] : $0 < $1
        }
        let order = (probabilities.isEmpty ? [] : [index]) + others
        return order.prefix(count).map { (labels[$0], probabilities[$0]) }
    }
}

extension Classifier {
    /// The classifier's answers for `images` [N, H, W], in order.
    ///
    /// ```swift
    /// for answer in try model.predictions(for: digits.test.images) { print(answer.label, answer.probability) }
    /// ```
    public func predictions(for images: NDArray<UInt8>) throws -> [Prediction] {
        let width = labels.count
        let answers = try answers(of: .bytes(images))
        return answers.probabilities.withUnsafeElements { values in
            answers.classes.enumerated().map { row, index in
                Prediction(
                    labels: labels, probabilities: Array(values[(row * width)..<((row + 1) * width)]),
                    index: index)
            }
        }
    }
}
