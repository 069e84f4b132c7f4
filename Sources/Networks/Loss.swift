import Arrays
import Autodiff

/// What training makes small: a number that says how far scores lie from what they should be.
///
/// Scores [N, C] are what the last layer gives, before any softmax or sigmoid. They are compared with N labels, or with
/// numbers [N, C] that stand for what is wanted (`callAsFunction(_:targets:)`).
///
/// ```swift
/// let loss = Loss.crossEntropy(smoothing: 0.1)
/// let value = loss(scores, labels: [3, 1, 4])
/// let other = try Loss(parsing: "huber:0.5")
/// ```
public enum Loss: Sendable, Hashable {
    /// The weighted mean of -log softmax(scores)[label]. With smoothing s, s of the target is shared
    /// among all C classes alike; `classWeights` (one for each class, or none) weigh each class's part by its own weight,
    /// and the mean by the sum of the labels' weights, as PyTorch has it. Targets: the probability of each class.
    ///
    /// Source for smoothing: Szegedy et al. 2016, "Rethinking the Inception architecture", section 7.
    case crossEntropy(smoothing: Double = 0, classWeights: [Double] = [])
    /// (1/N) sum of (p - t)^2 / 2, the notebook's. Targets: any numbers, and p the scores themselves. Labels: t is one
    /// for the label and zero elsewhere, and p is softmax(scores).
    case meanSquaredError
    /// The mean over all numbers of -t log s - (1 - t) log(1 - s), s = sigmoid(score). Targets: 0...1. Labels: one
    /// column of scores and labels 0 and 1, or each class against all others.
    case binaryCrossEntropy
    /// (1/N) sum of (1/C) sum over j != label of max(0, margin - score[label] + score[j]). With one column of scores,
    /// labels (or targets) 0 and 1: the mean of max(0, margin - side score), side -1 or 1.
    case hinge(margin: Double = 1)
    /// The mean over all numbers of e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2); e = p - t, and p and t as
    /// for `meanSquaredError`.
    case huber(delta: Double = 1)

    /// Cross-entropy as it is, without smoothing or weights.
    public static var crossEntropy: Loss { .crossEntropy(smoothing: 0, classWeights: []) }
    /// The hinge with margin 1.
    public static var hinge: Loss { .hinge(margin: 1) }
    /// Huber's loss with delta 1.
    public static var huber: Loss { .huber(delta: 1) }

    /// The mean loss of scores [N, C] against N labels; 0-d.
    ///
    /// - Precondition: labels in `0 ..< C` (0 and 1 where one column of scores tells two classes apart); at least one;
    ///   class weights, if there are any, C of them (see `check(outputs:)`).
    @specialized(where Scalar == Float)
    public func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, labels: [Int32]
    ) -> Tensor<Scalar> {
        switch self {
        case .crossEntropy(let smoothing, let weights):
            guard smoothing != 0 || !weights.isEmpty else {
                return scores.softmaxCrossEntropy(labels: labels)
            }
            let targets = oneHot(labels, for: scores)
            return smoothed(scores, targets, smoothing, weights, divisorLabels: labels)
        case .meanSquaredError: return scores.softmax().meanSquaredError(oneHot(labels, for: scores))
        case .huber(let delta): return scores.softmax().huber(oneHot(labels, for: scores), delta: delta)
        case .binaryCrossEntropy: return scores.binaryCrossEntropy(sides(labels, for: scores))
        case .hinge(let margin):
            guard scores.shape.last != 1 else {
                return scores.binaryHinge(sides(labels, for: scores), margin: margin)
            }
            return scores.hinge(labels: labels, margin: margin)
        }
    }

    /// The mean loss of scores against the numbers that they should be, of the same shape [N, C]; 0-d.
    ///
    /// - Precondition: equal shapes, at least one row; for the hinge, one column.
    @specialized(where Scalar == Float)
    public func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, targets: NDArray<Scalar>
    ) -> Tensor<Scalar> {
        switch self {
        case .crossEntropy(let smoothing, let weights):
            guard smoothing != 0 || !weights.isEmpty else {
                return scores.softmaxCrossEntropy(targets: targets)
            }
            return smoothed(scores, targets, smoothing, weights, divisorLabels: nil)
        case .meanSquaredError: return scores.meanSquaredError(targets)
        case .huber(let delta): return scores.huber(targets, delta: delta)
        case .binaryCrossEntropy: return scores.binaryCrossEntropy(targets)
        case .hinge(let margin):
            require(scores.shape.last == 1, "the hinge over \(scores.shape) takes labels, not targets")
            return scores.binaryHinge(targets, margin: margin)
        }
    }

    /// Whether the loss can be had of that many outputs for each example, when there are that many classes.
    ///
    /// - Throws: `usage` when the class weights are of another number, or one output is to tell more than two classes
    ///   apart.
    public func check(outputs: Int, classes: Int) throws {
        if case .crossEntropy(_, let weights) = self, !weights.isEmpty, weights.count != outputs {
            throw DescentError(
                .usage, "class weights and classes differ in number", at: "loss '\(self)'",
                expected: "\(outputs) weights", got: "\(weights.count)")
        }
        let tellsTwoApart = outputs == 1 && classes == 2 && comparesOneColumn
        guard outputs == classes || tellsTwoApart else {
            throw DescentError(
                .usage, "the network has another number of outputs than there are classes",
                expected: "\(classes)", got: "[\(outputs)]")
        }
    }

    private var comparesOneColumn: Bool {
        switch self {
        case .binaryCrossEntropy, .hinge: true
        case .crossEntropy, .meanSquaredError, .huber: false
        }
    }
}

/// Each class's share of the label, times its weight. The divisor is the sum of the labels' weights, or the number of
/// rows where targets are probabilities.
private func smoothed<Scalar: DifferentiableScalar>(
    _ scores: Tensor<Scalar>, _ targets: NDArray<Scalar>, _ smoothing: Double, _ weights: [Double],
    divisorLabels: [Int32]?
) -> Tensor<Scalar> {
    require(smoothing >= 0 && smoothing <= 1, "label smoothing of \(smoothing) is not in 0...1")
    let classes = scores.shape[1]
    require(
        weights.isEmpty || weights.count == classes, "\(weights.count) class weights for \(classes) classes")
    require(
        scores.shape == targets.shape, "cross-entropy: shapes \(scores.shape) and \(targets.shape)")
    let weights = weights.isEmpty ? [Double](repeating: 1, count: classes) : weights
    let share = smoothing / Double(classes)
    let mixed = NDArray<Scalar>(shape: targets.shape) { mixed in
        targets.withUnsafeElements { targets in
            for place in targets.indices {
                let target = Double(targets[place]) * (1 - smoothing) + share
                mixed.initializeElement(at: place, to: Scalar(target * weights[place % classes]))
            }
        }
    }
    let divisor = divisorLabels.map { $0.reduce(0) { $0 + weights[Int($1)] } } ?? 0
    // A batch whose labels all weigh nothing has no mean of its own; its (small) sum is divided by N.
    return scores.softmaxCrossEntropy(targets: mixed, divisor: divisor > 0 ? divisor : nil)
}

/// 1 for the label and 0 elsewhere, [N, C].
@specialized(where Scalar == Float)
private func oneHot<Scalar: DifferentiableScalar>(
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

/// The labels 0 and 1 as numbers where there is one column of scores, else one against the others.
private func sides<Scalar: DifferentiableScalar>(
    _ labels: [Int32], for scores: Tensor<Scalar>
) -> NDArray<Scalar> {
    guard scores.shape == [labels.count, 1] else { return oneHot(labels, for: scores) }
    require(labels.allSatisfy { $0 == 0 || $0 == 1 }, "one score tells the labels 0 and 1 apart only")
    return NDArray(shape: scores.shape, elements: labels.map { Scalar($0) })
}
