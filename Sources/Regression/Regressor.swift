import Arrays
import ExampleData
import Support

/// A trained regressor: answers with numbers for each example.
///
/// One of one's own answers for many examples at once:
///
/// ```swift
/// struct Mean: Regressor {
///     let outputCount = 1
///     func values(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> NDArray<Float> {
///         examples.unscaledFloats.mean(axis: 1).reshaped(examples.count, 1)
///     }
/// }
/// ```
public protocol Regressor: Sendable {
    /// The number of values that it answers with for an example, K.
    var outputCount: Int { get }

    /// The end of the iterative method that trained it; nil, as by default, for methods that do not iterate and for loaded
    /// models whose file does not say.
    var convergence: Convergence? { get }

    /// Returns the numbers of each example: [N, K].
    ///
    /// - Throws: `badData` when the examples have another number of features than in training, or one that is not finite;
    ///   `interrupted` soon after `cancellation` where it takes long.
    func values(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> NDArray<Float>
}

extension Regressor {
    /// nil.
    public var convergence: Convergence? { nil }

    /// Returns the numbers of each example: [N, K].
    public func values(for examples: FeatureMatrix) throws -> NDArray<Float> {
        try values(for: examples, cancellation: nil)
    }

    /// Returns the errors of its answers on the targets of `examples`.
    ///
    /// - Throws: as `values(for:cancellation:)`; `badData` when the targets are classes, or another number of numbers.
    public func errors(
        on examples: LabeledExamples, cancellation: Cancellation? = nil
    ) throws -> RegressionErrors {
        let targets = try RegressionChecks.targets(of: examples, for: "regression")
        guard targets.shape[1] == outputCount else {
            throw DescentError(
                .badData, "targets of another width than the answers", at: "regression",
                expected: "\(outputCount) for each example", got: "\(targets.shape[1])")
        }
        let answers = try values(for: examples.features, cancellation: cancellation)
        guard answers.shape == targets.shape else {
            throw DescentError(
                .failed, "the regressor answers with another shape", at: "regression",
                expected: "\(targets.shape)", got: "\(answers.shape)")
        }
        return RegressionErrors(predicted: answers, actual: targets)
    }
}
