import Arrays
import Autodiff
import Support

/// One kind of loss function.
///
/// A kind of one's own is one type; `Loss(_:)` makes a loss of it, and ``LossRegistry`` finds it by name:
///
/// ```swift
/// struct SquaredError: LossFunction {
///     static let kind = "squared-error"
///     init() {}
///     init(from settings: inout SettingText) throws {}
///     func callAsFunction<Scalar: DifferentiableScalar>(
///         _ scores: Tensor<Scalar>, labels: [Int32]
///     ) -> Tensor<Scalar> { self(scores, targets: Loss.oneHot(labels, for: scores)) }
///     func callAsFunction<Scalar: DifferentiableScalar>(
///         _ scores: Tensor<Scalar>, targets: NDArray<Scalar>
///     ) -> Tensor<Scalar> { scores.meanSquaredError(targets) * 2 }
/// }
/// var losses = LossRegistry.standard
/// losses.register(SquaredError.self)
/// let loss = try Loss(parsing: "squared-error", in: losses)
/// ```
public protocol LossFunction: NamedBySettings {
    /// Whether one column of scores can distinguish two classes; false by default.
    static var comparesOneColumn: Bool { get }

    /// Whether it compares scores with numbers of any size, as regression needs; true by default.
    static var comparesNumbers: Bool { get }

    /// Whether the least loss lies where softmax of the scores are the classes' probabilities; false by default.
    static var leadsToProbabilities: Bool { get }

    /// Whether examples have weights of their own in the mean of a batch, so that it is not the mean of smaller batches'
    /// means; false by default.
    var weighsExamples: Bool { get }

    /// The same loss without what keeps it above zero for correct scores, such as smoothed labels; itself by default.
    var withoutSmoothing: Self { get }

    /// Checks that the loss is defined for that many outputs of an example.
    ///
    /// - Throws: `usage` otherwise.
    func check(outputs: Int) throws

    /// Returns the mean loss of scores [N, C] against N labels; 0-d.
    ///
    /// - Precondition: labels in `0 ..< C` (0 and 1 where one column of scores tells two classes apart); at least one.
    func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, labels: [Int32]
    ) -> Tensor<Scalar>

    /// Returns the mean loss of scores against targets of the same shape [N, C]; 0-d.
    ///
    /// - Precondition: equal shapes, at least one row.
    func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, targets: NDArray<Scalar>
    ) -> Tensor<Scalar>
}

extension LossFunction {
    /// true.
    public static var comparesNumbers: Bool { true }

    /// false.
    public static var comparesOneColumn: Bool { false }

    /// false.
    public static var leadsToProbabilities: Bool { false }

    /// false.
    public var weighsExamples: Bool { false }

    /// The loss itself.
    public var withoutSmoothing: Self { self }

    /// Accepts any number.
    public func check(outputs: Int) throws {}
}
