import ExampleData
import Support

/// A regressor that a model folder can keep: a network, or a classical regressor with its transforms. It answers with one
/// number for each row, in the units of the targets that it was trained on.
///
/// It is a value that any number of tasks may ask at once.
public protocol TrainedRegressor: Regressor {
    /// The name: `ridge`, `mlp:64`.
    var name: String { get }
    /// The structure and settings in a line: `10 features, ridge regression, alpha 1`.
    var summary: String { get }
    /// The number of features of the rows that it takes, D.
    var featureCount: Int { get }
    /// What brings its answers back into the units of the targets.
    var targetScaling: TargetScaling { get }
    /// The size of the learned parameters in a file, in bytes.
    var storedByteCount: Int { get }
}

extension TrainedRegressor {
    /// One number for each row.
    public var outputCount: Int { 1 }

    /// Requires rows of as many features as the model takes.
    ///
    /// - Throws: `badData` when they have another number.
    package func check(_ examples: FeatureMatrix) throws {
        guard examples.featureCount == featureCount else {
            throw DescentError(
                .badData, "the model takes rows of features", at: name, expected: "[N, \(featureCount)]",
                got: "\(examples.shape)",
                advice: "the examples have another number of features than in training")
        }
    }

    /// Returns the number predicted for each row: N.
    ///
    /// - Throws: as `values(for:cancellation:)`.
    public func predictions(
        for examples: FeatureMatrix, cancellation: Cancellation? = nil
    ) throws -> [Float] {
        let values = try values(for: examples, cancellation: cancellation)
        guard values.shape == [examples.count, 1] else {
            throw DescentError(
                .failed, "the regressor answers with another shape", at: name,
                expected: "[\(examples.count), 1]", got: "\(values.shape)")
        }
        return values.elements
    }
}
