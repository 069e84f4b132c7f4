import ArrayFiles
import Arrays
import Classification
import ExampleData
import Regression
import Support

/// The regressor that ``RidgeRegression`` fits: y = W x + b.
public struct RidgeRegressor: StorableRegressor {
    /// `ridge`.
    public static let kind = "ridge"
    /// The factor on bytes.
    package let byteScale: Float
    /// W: [K, D].
    public let weights: NDArray<Double>
    /// b: K.
    public let intercepts: [Double]

    init(byteScale: Float, weights: NDArray<Double>, intercepts: [Double]) {
        (self.byteScale, self.weights, self.intercepts) = (byteScale, weights, intercepts)
    }

    /// K.
    public var outputCount: Int { intercepts.count }

    /// Returns W x + b: [N, K].
    ///
    /// - Throws: `badData` for another number of features than in training, or one that is not finite; `interrupted`.
    /// - Complexity: O(N D K).
    public func values(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> NDArray<Float> {
        let place = RidgeRegression.title
        try ExampleChecks.require(examples, width: weights.shape[1], for: place)
        let rows = CentredRows(examples, byteScale: byteScale)
        let origin = NDArray<Double>.zeros(weights.shape[1])
        let b = NDArray(intercepts)
        var values: [Float] = []
        values.reserveCapacity(examples.count * outputCount)
        for first in stride(from: 0, to: examples.count, by: 4096) {
            try Cancellation.check(cancellation, at: place)
            let x = rows[first..<min(first + 4096, examples.count), origin]
            values += (matmul(x, weights.T) + b).elements.map { Float($0) }
        }
        return NDArray(shape: [examples.count, outputCount], elements: values)
    }

    /// Puts weights and intercepts under `prefix`.
    public func store(in file: inout SafeTensors, prefix: String) {
        file.set(weights, named: prefix + "weights")
        file.set(NDArray(intercepts), named: prefix + "intercepts")
        file.metadata[prefix + "byte-scale"] = "\(byteScale)"
    }

    /// Restores the model from the entries that `store` wrote.
    public init(from file: SafeTensors, prefix: String) throws {
        weights = try file.finite(named: prefix + "weights", as: Double.self, shape: [nil, nil])
        guard weights.count > 0 else {
            throw file.wrong(prefix + "weights", expected: "a row for each output", got: "\(weights.shape)")
        }
        intercepts = try file.finite(
            named: prefix + "intercepts", as: Double.self, shape: [weights.shape[0]]
        ).elements
        byteScale = try file.setting(prefix + "byte-scale") {
            Float($0).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
        }
    }
}
