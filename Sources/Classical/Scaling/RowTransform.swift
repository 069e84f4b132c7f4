import ArrayFiles
import Arrays
import Classification
import Support

/// A transform of feature rows that was learned from rows: scaling, principal components.
///
/// Its ``RowTransformLearner`` has the settings from which it is fitted.
///
/// ```swift
/// let scaling = try StandardScaling(fitting: training, constants: .kept)
/// let scaled = try scaling.apply(to: test)
/// ```
public protocol RowTransform: Sendable {
    /// The kind, as files have it: `standard`, `min-max`, `pca`.
    static var kind: String { get }

    /// The number of features that a row must have, D.
    var featureCount: Int { get }

    /// The number of features that come out of each row.
    var outputCount: Int { get }

    /// The learned values in a line of a summary; empty by default.
    var summary: String { get }

    /// Returns the rows, [N, D], transformed: [N, `outputCount`].
    ///
    /// - Throws: `badData` for another number of features, or one that is not finite (row and column named).
    func apply(to rows: NDArray<Float>) throws -> NDArray<Float>

    /// Puts everything that the transform needs under names that begin with `prefix`.
    func store(in file: inout SafeTensors, prefix: String)

    /// Restores the transform from the entries that `store` wrote.
    ///
    /// - Throws: `badData` when something is missing, has another shape, or contradicts the rest.
    init(from file: SafeTensors, prefix: String) throws
}

extension RowTransform {
    /// Nothing.
    public var summary: String { "" }
}

/// The treatment of a feature that is the same in all rows, so that it has no scale.
public enum ConstantFeatures: String, CaseIterable, Sendable {
    /// It is an error that names the column: such a feature carries no information, and may be a mistake in the data.
    case refused
    /// It is moved like the others and not scaled, as scikit-learn does; pixels at the edge of images need this.
    case kept
}

/// The statistics that the scalings share.
enum RowStatistics {
    /// Calls `body` with the values of rows that a transform can be fitted to.
    static func read<Result>(
        _ rows: NDArray<Float>, for transform: String,
        _ body: (UnsafeBufferPointer<Float>, Int, Int) throws -> Result
    ) throws -> Result {
        guard rows.ndim == 2, rows.shape[0] > 0, rows.shape[1] > 0 else {
            throw DescentError(
                .badData, "no rows to learn from", at: transform, expected: "[N, D], neither of them 0",
                got: "shape \(rows.shape)")
        }
        try ExampleChecks.requireFinite(.floats(rows), for: transform)
        return try rows.withUnsafeElements { try body($0, rows.shape[0], rows.shape[1]) }
    }

    /// Returns the smallest and the largest of each column, N rows.
    static func extremes(_ values: UnsafeBufferPointer<Float>, _ count: Int, _ width: Int) -> (
        [Double], [Double]
    ) {
        var least = values[0..<width].map(Double.init)
        var most = least
        for row in 1..<max(1, count) {
            for column in 0..<width {
                let value = Double(values[row * width + column])
                if value < least[column] { least[column] = value }
                if value > most[column] { most[column] = value }
            }
        }
        return (least, most)
    }

    /// Refuses columns whose values are all the same, where they are to be refused.
    static func check(_ least: [Double], _ most: [Double], _ rule: ConstantFeatures, for transform: String)
        throws
    {
        guard rule == .refused, let column = least.indices.first(where: { least[$0] == most[$0] }) else {
            return
        }
        throw DescentError(
            .badData, "a feature that is the same in all rows", at: "\(transform), column \(column)",
            got: "\(least[column])", advice: "leave the feature out, or keep constant features unscaled")
    }

    /// Returns each value times its column's factor plus its column's term, in double precision, rounded once.
    static func apply(
        to rows: NDArray<Float>, minus: [Double], times: [Double], plus: Double, for transform: String
    ) throws -> NDArray<Float> {
        let width = minus.count
        try check(rows, width: width, for: transform)
        return NDArray(shape: rows.shape) { target in
            rows.withUnsafeElements { values in
                for row in 0..<rows.shape[0] {
                    for column in 0..<width {
                        let place = row * width + column
                        let value = (Double(values[place]) - minus[column]) * times[column] + plus
                        target.initializeElement(at: place, to: Float(value))
                    }
                }
            }
        }
    }

    static func check(_ rows: NDArray<Float>, width: Int, for transform: String) throws {
        guard rows.ndim == 2, rows.shape[1] == width else {
            throw DescentError(
                .badData, "another number of features than in training", at: transform,
                expected: "[N, \(width)]",
                got: "shape \(rows.shape)")
        }
        try ExampleChecks.requireFinite(.floats(rows), for: transform)
    }
}
