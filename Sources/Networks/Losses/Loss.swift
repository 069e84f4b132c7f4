import Arrays
import Autodiff
import ExampleData
import Support

/// A loss function: maps scores and labels or targets to a scalar that training minimises.
///
/// Scores [N, C] are the logits, the last layer's output before softmax or sigmoid. They are compared with N labels, or with
/// targets [N, C] (`callAsFunction(_:targets:)`). The kinds are in the files beside this one, one type each
/// (``LossFunction``).
///
/// ```swift
/// let loss = Loss.crossEntropy(smoothing: 0.1)
/// let value = loss(scores, labels: [3, 1, 4])
/// let other = try Loss(parsing: "huber:0.5")
/// ```
public struct Loss: Sendable, Hashable {
    /// The function that computes the loss.
    package let function: any LossFunction

    /// Creates the loss that `function` computes.
    public init(_ function: some LossFunction) { self.function = function }

    /// Returns the mean loss of scores [N, C] against N labels; 0-d.
    ///
    /// - Precondition: labels in `0 ..< C` (0 and 1 where one column of scores tells two classes apart); at least one;
    ///   class weights, if there are any, C of them (see `check(outputs:classes:)`).
    public func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, labels: [Int32]
    ) -> Tensor<Scalar> { function(scores, labels: labels) }

    /// Returns the mean loss of scores against targets of the same shape [N, C]; 0-d.
    ///
    /// - Precondition: equal shapes, at least one row; for the hinge, one column.
    public func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, targets: NDArray<Scalar>
    ) -> Tensor<Scalar> { function(scores, targets: targets) }

    /// Returns the mean loss of scores against the targets of the same examples; 0-d.
    ///
    /// - Precondition: as for classes, or for numbers.
    @specialized(where Scalar == Float)
    package func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, of targets: Targets
    ) -> Tensor<Scalar> {
        switch targets {
        case .classes(let classes): self(scores, labels: classes)
        case .values(let values): self(scores, targets: values.asType(Scalar.self))
        }
    }

    /// Requires a loss that compares numbers, [N, K], with targets of the same shape, so that a network can be trained for
    /// regression.
    ///
    /// - Throws: `usage` when it tells classes apart, or the network has another number of outputs.
    package func check(outputs: Int, values: Int) throws {
        guard type(of: function).comparesNumbers else {
            throw DescentError(
                .usage, "the loss tells classes apart, and the targets are numbers", at: "loss '\(self)'",
                advice: "take mean-squared-error or huber")
        }
        try function.check(outputs: outputs)
        guard outputs == values else {
            throw DescentError(
                .usage, "the network has another number of outputs than there are numbers to each example",
                expected: "\(values)", got: "[\(outputs)]")
        }
    }

    /// Whether the loss can be had of that many outputs for each example, when there are that many classes.
    ///
    /// - Throws: `usage` when the class weights are of another number, or one output is to tell more than two classes
    ///   apart.
    package func check(outputs: Int, classes: Int) throws {
        try function.check(outputs: outputs)
        let tellsTwoApart = outputs == 1 && classes == 2 && type(of: function).comparesOneColumn
        guard outputs == classes || tellsTwoApart else {
            throw DescentError(
                .usage, "the network has another number of outputs than there are classes",
                expected: "\(classes)", got: "[\(outputs)]")
        }
    }

    /// The same loss without smoothed labels, or whatever else keeps it above zero for correct scores.
    package var withoutSmoothing: Loss { function.lossWithoutSmoothing }

    /// Returns whether both compute the same.
    public static func == (one: Loss, other: Loss) -> Bool {
        AnyHashable(one.function) == AnyHashable(other.function)
    }

    /// Hashes the function.
    public func hash(into hasher: inout Hasher) { function.hash(into: &hasher) }
}

extension LossFunction {
    // A protocol's member, because a value of `any LossFunction` cannot be passed where `some LossFunction` is expected.
    fileprivate var lossWithoutSmoothing: Loss { Loss(withoutSmoothing) }
}

extension Loss {
    /// Returns labels as targets: 1 for the label and 0 elsewhere, [N, C].
    ///
    /// - Precondition: labels in `0 ..< C`, one for each row of scores.
    @specialized(where Scalar == Float)
    public static func oneHot<Scalar: DifferentiableScalar>(
        _ labels: [Int32], for scores: Tensor<Scalar>
    ) -> NDArray<Scalar> {
        require(
            scores.shape.count == 2 && labels.count == scores.shape[0],
            "\(labels.count) labels for scores of shape \(scores.shape)")
        let classes = scores.shape[1]
        require(labels.allSatisfy { $0 >= 0 && Int($0) < classes }, "a label outside 0 ..< \(classes)")
        return NDArray<Scalar>(shape: scores.shape) { target in
            target.initialize(repeating: 0)
            for (row, label) in labels.enumerated() { target[row * classes + Int(label)] = 1 }
        }
    }

    /// Returns the labels 0 and 1 as targets where there is one column of scores, else one class against the others.
    ///
    /// - Precondition: as `oneHot`; labels 0 and 1 for one column.
    @specialized(where Scalar == Float)
    static func sides<Scalar: DifferentiableScalar>(
        _ labels: [Int32], for scores: Tensor<Scalar>
    ) -> NDArray<Scalar> {
        guard scores.shape == [labels.count, 1] else { return oneHot(labels, for: scores) }
        require(labels.allSatisfy { $0 == 0 || $0 == 1 }, "one score tells the labels 0 and 1 apart only")
        return NDArray(shape: scores.shape, elements: labels.map { Scalar($0) })
    }
}
