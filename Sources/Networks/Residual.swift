import Arrays
import Autodiff
import Support

/// Layers around which their input has a way of its own: y = body(x) + x, or body(x) + projection(x).
///
/// ```swift
/// Residual {
///     Dense(50, 50, activation: .relu)
///     Dense(50, 50)
/// }
/// Residual(projection: Dense(50, 20)) { Dense(50, 20, activation: .relu) }
/// ```
///
/// Source: He et al. 2016, "Deep residual learning for image recognition".
public struct Residual: Layer {
    /// What is added to the input.
    public let body: Sequential
    /// What the input goes through before it is added, where the body changes its shape.
    public let projection: (any Layer)?

    /// A residual connection around the layers that the closure lists.
    public init(projection: (any Layer)? = nil, @LayerBuilder _ body: () -> [any Layer]) {
        self.body = Sequential(body())
        self.projection = projection
    }

    /// body(x) + projection(x).
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        let changed = body(input)
        let kept = projection.map { $0(input) } ?? input
        // The sum would stretch one to the other's shape.
        guard changed.shape == kept.shape else {
            return changed.unfit(
                "residual: shapes \(changed.shape) and \(kept.shape) to be added",
                expected: "\(kept.shape)", result: kept.shape)
        }
        return changed + kept
    }

    /// The body's, named `body.0.weight`, then the projection's.
    public var namedParameters: [NamedParameter] {
        body.namedParameters.map { $0.prefixed(by: "body") }
            + (projection?.namedParameters ?? []).map { $0.prefixed(by: "projection") }
    }

    /// The body's.
    public func outputShape(for shape: [Int]) throws -> [Int]? {
        let changed = try located("Residual") { try body.outputShape(for: shape) }
        let kept = try located("Residual, projection") {
            guard let projection else { return shape }
            return try projection.outputShape(for: shape)
        }
        guard let changed, let kept else { return nil }
        return try ShapeRules.located("Residual") { try ShapeRules.sum(changed, around: kept) }
    }

    private func located(_ place: String, _ shape: () throws -> [Int]?) throws -> [Int]? {
        do {
            return try shape()
        } catch let error as DescentError {
            throw error.at(error.place.map { "\(place), \($0)" } ?? place)
        }
    }
}
