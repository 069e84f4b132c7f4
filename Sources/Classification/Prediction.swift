/// A classifier's answer for one example.
///
/// ```swift
/// let answer = try model.predict(imageAt: "cat.jpg")
/// print(answer.className, answer.probability, answer.top(3))
/// ```
public struct Prediction: Equatable, Sendable {
    /// The reason why an answer is "unknown".
    public enum Rejection: String, Sendable, Equatable {
        /// The class is not sure enough.
        case unsure
        /// The example is unlike all that was learned, whatever the scores say.
        case novel
    }

    /// The names of the classes.
    public let classNames: [String]
    /// The score of each class, in the order of the names; a probability where the classifier's `scoreKind` says so.
    public let probabilities: [Float]
    /// The number of the class that the classifier decides for. Where it decides by votes, another one may be more
    /// probable.
    package let index: Int
    /// Why the answer is "unknown"; nil where it is an answer, or where nothing was to be rejected.
    public package(set) var rejection: Rejection?

    /// `index`: the first of the most probable classes when nil.
    package init(classNames: [String], probabilities: [Float], index: Int? = nil) {
        self.classNames = classNames
        self.probabilities = probabilities
        self.index = index ?? ScoreRows.largest(probabilities)
    }

    /// The name of the class; of an unknown answer, that of the class which comes first.
    public var className: String { classNames[index] }

    /// The score of that class, 0...1.
    public var probability: Float { probabilities[index] }

    /// Whether the answer is "unknown".
    public var isUnknown: Bool { rejection != nil }

    /// Returns the class decided for, then the others, the most probable first.
    public func top(_ count: Int) -> [(className: String, probability: Float)] {
        let others = probabilities.indices.filter { $0 != index }.sorted {
            probabilities[$0] != probabilities[$1] ? probabilities[$0] > probabilities[$1] : $0 < $1
        }
        let order = (probabilities.isEmpty ? [] : [index]) + others
        return order.prefix(count).map { (classNames[$0], probabilities[$0]) }
    }
}
