import ArrayFiles
import Arrays
import Classification
import Support

/// The directions in which rows differ most, one orthogonal to the other: y = V (x - m), whitened y / sqrt(variance).
///
/// Exact, from a singular value decomposition in double precision: of the centred rows, or, when there are many more rows
/// than features, of their covariance. The sign of each direction is such that its largest coefficient by absolute value
/// is positive, as in scikit-learn's `PCA`.
///
/// ```swift
/// let pca = try PrincipalComponents(fitting: pixels, keeping: .share(0.95))
/// print(pca.outputCount, pca.explainedVarianceRatios)
/// ```
///
/// Source: K. Pearson, "On lines and planes of closest fit to systems of points in space" (1901).
public struct PrincipalComponents: RowTransform, Equatable {
    /// The number of directions to keep.
    public enum Keeping: Hashable, Sendable {
        /// This many, at most min(N, D).
        case count(Int)
        /// The smallest number that explains more than this share of the variance, above 0 and below 1.
        case share(Double)
        /// min(N, D).
        case all
    }

    /// The name of the type in a file.
    public static let kind = "pca"
    /// The mean of each feature: D.
    package let means: [Double]
    /// The directions, each of length 1: [K, D].
    public let components: NDArray<Double>
    /// The variance along each direction, the largest first, divided by N - 1: K.
    package let explainedVariances: [Double]
    /// The same as shares of all variance: K.
    public let explainedVarianceRatios: [Double]
    /// Whether each direction is scaled to variance 1.
    package let isWhitening: Bool

    /// Learns the directions from rows [N, D], N at least 2.
    ///
    /// - Throws: `usage` for an impossible number of directions; `badData` for fewer than two rows, a feature that is not
    ///   finite (row and column named), rows that are all the same, or, with whitening, more directions than those in
    ///   which the rows differ; `interrupted` after `cancellation`, but not inside the decomposition.
    /// - Complexity: O(N D min(N, D)).
    package init(
        fitting rows: NDArray<Float>, keeping: Keeping, whitening: Bool = false,
        cancellation: Cancellation? = nil
    ) throws {
        let place = "principal components"
        try RowStatistics.read(rows, for: place) { _, _, _ in }
        let (count, width) = (rows.shape[0], rows.shape[1])
        guard count >= 2 else {
            throw DescentError(.badData, "too few rows", at: place, expected: "2 or more", got: "\(count)")
        }
        let means = Self.means(rows)
        let (variances, directions) = try Self.decompose(rows, means, cancellation)
        let total = variances.reduce(0, +)
        guard total > 0 else { throw DescentError(.badData, "rows that are all the same", at: place) }
        let most = min(count, width)
        let kept: Int
        switch keeping {
        case .all: kept = most
        case .count(let wanted):
            guard (1...most).contains(wanted) else {
                throw DescentError(
                    .usage, "impossible number of directions", at: place, expected: "1...\(most)",
                    got: "\(wanted)")
            }
            kept = wanted
        case .share(let share):
            guard share > 0, share < 1 else {
                throw DescentError(
                    .usage, "impossible share of the variance", at: place, expected: "above 0 and below 1",
                    got: "\(share)")
            }
            var sum = 0.0
            let last = variances.firstIndex { variance in
                sum += variance / total
                return sum > share
            }
            kept = min((last ?? most - 1) + 1, most)
        }
        // A direction without variance is one of rounding errors only.
        guard !whitening || variances[kept - 1] > 1e-12 * variances[0] else {
            throw DescentError(
                .badData, "a direction without variance cannot be whitened", at: place,
                expected: "at most \(variances.prefix { $0 > 1e-12 * variances[0] }.count) directions",
                got: "\(kept)")
        }
        self.means = means
        components = directions[0..<kept].contiguousCopy()
        explainedVariances = Array(variances[0..<kept])
        explainedVarianceRatios = explainedVariances.map { $0 / total }
        isWhitening = whitening
    }

    private static let blockSize = 1024

    /// Column means, summed in double precision.
    private static func means(_ rows: NDArray<Float>) -> [Double] {
        var sums = NDArray<Double>.zeros(rows.shape[1])
        for block in blocks(rows) { sums += block.sum(axis: 0) }
        return sums.elements.map { $0 / Double(rows.shape[0]) }
    }

    /// Returns the rows in double precision, some thousands at a time.
    private static func blocks(_ rows: NDArray<Float>) -> some Sequence<NDArray<Double>> {
        stride(from: 0, to: rows.shape[0], by: blockSize).lazy.map { first in
            rows[first..<min(first + blockSize, rows.shape[0])].asType(Double.self)
        }
    }

    /// Variances and directions [min(N, D), D], the largest variance first.
    private static func decompose(
        _ rows: NDArray<Float>, _ means: [Double], _ cancellation: Cancellation?
    ) throws -> (variances: [Double], directions: NDArray<Double>) {
        let (count, width) = (rows.shape[0], rows.shape[1])
        let center = NDArray(means)
        let variances: [Double]
        var directions: NDArray<Double>
        if count >= 10 * width {
            var covariance = NDArray<Double>.zeros(width, width)
            for block in blocks(rows) {
                try Cancellation.check(cancellation, at: "principal components")
                let centered = block - center
                covariance += matmul(centered.T, centered)
            }
            let parts = try svd(covariance / Double(count - 1))
            variances = parts.s.elements
            directions = parts.vt
        } else {
            let parts = try svd(rows.asType(Double.self) - center, fullMatrices: false)
            variances = parts.s.elements.map { $0 * $0 / Double(count - 1) }
            directions = parts.vt
        }
        directions.withUnsafeMutableElements { values in
            for row in 0..<values.count / width {
                var largest = 0.0
                for place in row * width..<(row + 1) * width where values[place].magnitude > largest.magnitude
                {
                    largest = values[place]
                }
                guard largest < 0 else { continue }
                for place in row * width..<(row + 1) * width { values[place] = -values[place] }
            }
        }
        return (variances, directions)
    }

    /// The number of features.
    public var featureCount: Int { means.count }
    /// The number of directions, K.
    public var outputCount: Int { explainedVariances.count }

    /// Returns the rows' coordinates along the directions: [N, K].
    public func apply(to rows: NDArray<Float>) throws -> NDArray<Float> {
        try RowStatistics.check(rows, width: means.count, for: "principal components")
        var matrix = components
        if isWhitening {
            matrix = matrix / NDArray(explainedVariances.map { $0.squareRoot() }).reshaped(outputCount, 1)
        }
        // Differences are taken in double, so that nothing is lost far from the origin; small variances that become 1,
        // and narrow rows, are multiplied so too.
        let isPrecise = isWhitening || means.count <= Self.narrowWidth
        let (precise, single) = (matrix.T, matrix.asType(Float.self).T)
        let count = rows.shape[0]
        return NDArray(shape: [count, outputCount]) { target in
            var first = 0
            for block in Self.blocks(rows) {
                let centered = block - NDArray(means)
                let found =
                    isPrecise
                    ? matmul(centered, precise).asType(Float.self)
                    : matmul(centered.asType(Float.self), single)
                found.withUnsafeElements { values in
                    for (place, value) in values.enumerated() {
                        target.initializeElement(at: first + place, to: value)
                    }
                }
                first += block.shape[0] * outputCount
            }
        }
    }

    private static let narrowWidth = 256

    /// Puts means, directions and variances under `prefix`.
    public func store(in file: inout SafeTensors, prefix: String) {
        file.set(NDArray(means), named: prefix + "means")
        file.set(components, named: prefix + "components")
        file.set(NDArray(explainedVariances), named: prefix + "variances")
        file.set(NDArray(explainedVarianceRatios), named: prefix + "ratios")
        file.metadata[prefix + "whitening"] = "\(isWhitening)"
    }

    /// Restores the transform from the entries that `store` wrote.
    public init(from file: SafeTensors, prefix: String) throws {
        means = try file.finite(named: prefix + "means", as: Double.self, shape: [nil]).elements
        components = try file.finite(
            named: prefix + "components", as: Double.self, shape: [nil, means.count])
        let count = components.shape[0]
        explainedVariances = try file.finite(named: prefix + "variances", as: Double.self, shape: [count])
            .elements
        explainedVarianceRatios = try file.finite(named: prefix + "ratios", as: Double.self, shape: [count])
            .elements
        isWhitening = try file.setting(prefix + "whitening") { Bool($0) }
        guard !means.isEmpty, count > 0 else {
            throw file.wrong(prefix + "components", expected: "a direction")
        }
        guard !isWhitening || explainedVariances.allSatisfy({ $0 > 0 }) else {
            throw file.wrong(prefix + "variances", expected: "numbers above 0")
        }
    }
}
