import Autodiff
import Support

/// A residual connection: y = body(x) + x, or body(x) + projection(x).
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
public struct Residual: DescribedLayer {
    /// The layers whose output is added to the input.
    package let body: Sequential
    /// The layer through which the input goes before it is added, where the body changes its shape.
    package let projection: (any Layer)?

    /// Creates a residual connection around the layers that the closure lists.
    public init(projection: (any Layer)? = nil, @LayerBuilder _ body: () -> [any Layer]) {
        self.body = Sequential(body())
        self.projection = projection
        seedFirstValues()
    }

    /// Returns body(x) + projection(x).
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        let changed = body(input)
        let kept = projection.map { $0(input) } ?? input
        // Otherwise the sum would broadcast one to the other's shape.
        guard changed.shape == kept.shape else {
            return changed.unfit(
                "residual: shapes \(changed.shape) and \(kept.shape) to be added",
                expected: "\(kept.shape)", result: kept.shape)
        }
        return changed + kept
    }

    /// The body's parameters, named `body.0.weight`, then the projection's.
    public var namedParameters: [NamedParameter] {
        body.namedParameters.map { $0.prefixed(by: "body") }
            + (projection?.namedParameters ?? []).map { $0.prefixed(by: "projection") }
    }

    /// Returns the shape of the body's output.
    public func outputShape(for shape: [Int]) throws -> [Int]? {
        let changed = try located("Residual") { try body.outputShape(for: shape) }
        let kept = try located("Residual, projection") {
            guard let projection else { return shape }
            return try projection.outputShape(for: shape)
        }
        guard let changed, let kept else { return nil }
        return try located("Residual") { try Self.sum(changed, around: kept) }
    }

    /// The settings of the layers inside.
    ///
    /// - Throws: `usage` if one of them is not described.
    public var configuration: any LayerConfiguration {
        get throws {
            Configuration(
                body: try body.layers.map { try LayerDescription(of: $0) },
                projection: try projection.map { [try LayerDescription(of: $0)] })
        }
    }

    /// Returns the shape of the body's output after the check that the shortcut has the same.
    private static func sum(_ changed: [Int], around kept: [Int]) throws -> [Int] {
        guard changed == kept else {
            throw DescentError(
                .usage, "the body's output cannot be added to the input", expected: "shape \(kept)",
                got: "\(changed)", advice: "give a projection that brings the input to the body's shape")
        }
        return changed
    }

    private func located(_ place: String, _ shape: () throws -> [Int]?) throws -> [Int]? {
        do {
            return try shape()
        } catch let error as DescentError {
            throw error.at(error.place.map { "\(place), \($0)" } ?? place)
        }
    }
}

extension Residual: ReentrantLayer {
    package var isReentrant: Bool { (body.layers + (projection.map { [$0] } ?? [])).areReentrant }
}

extension Residual {
    /// The settings; an example's shape is mapped to that of the body's output.
    package struct Configuration: LayerConfiguration {
        package static let kind = "residual"

        let body: [LayerDescription]
        /// One layer, in a list because a value cannot contain itself; nil without one.
        let projection: [LayerDescription]?

        package func check() throws {
            guard !body.isEmpty else { throw impossible("body", expected: "at least one layer", got: "[]") }
            guard projection.map({ $0.count == 1 }) ?? true else {
                throw impossible("projection", expected: "one layer", got: "\(projection?.count ?? 0)")
            }
        }

        package func outputShape(for shape: [Int]) throws -> [Int] {
            try Residual.sum(
                body.reduce(shape) { try $1.outputShape(for: $0) },
                around: projection?.first?.outputShape(for: shape) ?? shape)
        }

        package func cost(for shape: [Int]) throws -> LayerCost {
            // The sum, then the layers.
            var cost = LayerCost(elementOperations: LayerCost.product(shape))
            var current = shape
            for layer in body {
                cost += try layer.cost(for: current)
                current = try layer.outputShape(for: current)
            }
            if let projection = projection?.first { cost += try projection.cost(for: shape) }
            return cost
        }

        package func makeLayer() -> any Layer {
            Residual(projection: projection?.first?.makeLayer()) { body.map { $0.makeLayer() } }
        }

        package var shortName: String? {
            "(" + body.compactMap(\.shortName).joined(separator: "-") + ")"
        }
        package var description: String { "Residual" }
    }
}

extension LayerDescription {
    /// A residual connection: the body's output plus its input, or plus the projection's output.
    package static func residual(body: [LayerDescription], projection: LayerDescription?) -> LayerDescription
    {
        LayerDescription(Residual.Configuration(body: body, projection: projection.map { [$0] }))
    }
}
