import ArrayFiles
import Arrays
import Support

/// Tells examples that are far from all that was learned: their answer is "unknown", whatever the probabilities say.
///
/// Some of the training examples are kept as representatives. An example is novel when its Euclidean distance to the nearest of
/// them is above the threshold, below which the share `quantile` of other training examples lies. So the share
/// 1 − `quantile` of ordinary examples is refused too. Features should have one scale: a pipeline's rows after scaling, or what
/// the last but one layer of a network gives.
///
/// A detector of M representatives of D features is 4 M D bytes and takes M D multiplications for each example: 2,000 of 784
/// are 6 MB and 1.6 million.
///
/// ```swift
/// let detector = try NoveltyDetector(fitting: rows, quantile: 0.99, seed: 1)
/// try detector.isNovel(stranger)   // [true]
/// ```
public struct NoveltyDetector: Sendable {
    /// The kept training examples, [M, D].
    package let representatives: NDArray<Float>
    /// The distance above which an example is novel.
    package let threshold: Double
    /// The share of ordinary examples that is below the threshold.
    package let quantile: Double
    /// The mean of the representatives: taken off before products, which keeps them small and their rounding too.
    private let center: [Float]
    /// The centred representatives as columns, [D, M], and their squared lengths.
    private let columns: NDArray<Float>
    private let squares: [Float]

    /// The greatest number of representatives, unless another one is asked for.
    public static let defaultLimit = 2000
    /// The examples of one product.
    private static let chunk = 256

    /// Fits a detector to the features [N, D] of training examples.
    ///
    /// Up to `limit` of them, drawn by the seed, are the representatives, and as many others give the threshold; where there
    /// are no others, each representative is measured against the rest.
    ///
    /// - Precondition: `limit` is 2 or more, `quantile` in 0...1.
    /// - Throws: `badData`: fewer than two examples, a feature that is not finite; `interrupted`.
    /// - Complexity: O(limit² D).
    public init(
        fitting features: NDArray<Float>, quantile: Double = 0.99, limit: Int = defaultLimit, seed: Int = 0,
        cancellation: Cancellation? = nil
    ) throws {
        require(limit >= 2, "\(limit) representatives")
        require((0...1).contains(quantile), "the quantile \(quantile)")
        guard features.ndim == 2, features.shape[0] >= 2, features.shape[1] >= 1 else {
            throw DescentError(
                .badData, "too few examples to know what is usual", at: "novelty detector",
                expected: "two examples of one feature or more", got: "shape \(features.shape)")
        }
        try Self.requireFinite(features)
        let count = features.shape[0]
        var random = RandomState(seed)
        let order = random.permutation(count).elements
        let kept = order.prefix(limit).sorted()
        let others = order.dropFirst(limit).prefix(limit).sorted()
        let measured = others.isEmpty ? kept : others
        let usual = Self.rows(kept, of: features)
        // Measuring needs no threshold.
        let unbound = NoveltyDetector(representatives: usual, threshold: 0, quantile: quantile)
        let distances = try unbound.distances(
            to: Self.rows(measured, of: features), exceptOwn: others.isEmpty, cancellation: cancellation)
        let threshold = NDArray(shape: [distances.count], elements: distances).quantile(quantile)
        self.init(representatives: usual, threshold: threshold, quantile: quantile)
    }

    private init(representatives: NDArray<Float>, threshold: Double, quantile: Double) {
        let (count, width) = (representatives.shape[0], representatives.shape[1])
        (self.representatives, self.threshold, self.quantile) = (representatives, threshold, quantile)
        let center = representatives.withUnsafeElements { values in
            (0..<width).map { column in
                Float((0..<count).reduce(0.0) { $0 + Double(values[$1 * width + column]) } / Double(count))
            }
        }
        let centered = Self.centered(representatives, by: center)
        self.center = center
        columns = centered.transposed().contiguousCopy()
        squares = Self.squares(centered)
    }

    /// The number of features that examples must have, D.
    package var featureCount: Int { representatives.shape[1] }

    /// Returns the distance of each example [N, D] to the nearest representative.
    ///
    /// - Throws: `badData`: another number of features, or one that is not finite; `interrupted`.
    /// - Complexity: O(N M D).
    public func distances(
        to features: NDArray<Float>, cancellation: Cancellation? = nil
    ) throws -> [Double] {
        guard features.ndim == 2, features.shape[1] == featureCount else {
            throw DescentError(
                .badData, "another number of features than in training", at: "novelty detector",
                expected: "shape [N, \(featureCount)]", got: "\(features.shape)")
        }
        try Self.requireFinite(features)
        return try distances(to: features, exceptOwn: false, cancellation: cancellation)
    }

    /// Returns whether each example [N, D] is farther from all representatives than the threshold.
    ///
    /// - Throws: as `distances(to:cancellation:)`.
    public func isNovel(_ features: NDArray<Float>, cancellation: Cancellation? = nil) throws -> [Bool] {
        try distances(to: features, cancellation: cancellation).map { $0 > threshold }
    }

    /// `exceptOwn`: the examples are the representatives, and none is its own neighbour.
    private func distances(
        to features: NDArray<Float>, exceptOwn: Bool, cancellation: Cancellation?
    ) throws -> [Double] {
        let (count, width, kept) = (features.shape[0], featureCount, representatives.shape[0])
        var distances: [Double] = []
        distances.reserveCapacity(count)
        for start in stride(from: 0, to: count, by: Self.chunk) {
            try Cancellation.check(cancellation, at: "novelty detector")
            let rows = features[start..<min(count, start + Self.chunk)]
            let products = matmul(Self.centered(rows, by: center), columns)
            products.withUnsafeElements { products in
                for row in 0..<rows.shape[0] {
                    var (nearest, least) = (-1, Float.infinity)
                    for place in 0..<kept where !exceptOwn || place != start + row {
                        // |r|² − 2 x r: the same order as the distances, without |x|².
                        let order = squares[place] - 2 * products[row * kept + place]
                        if nearest < 0 || order < least { (nearest, least) = (place, order) }
                    }
                    distances.append(exactDistance(features, start + row, nearest, width))
                }
            }
        }
        return distances
    }

    /// The distance, summed anew from the differences: products of nearly equal numbers lose its digits.
    private func exactDistance(_ features: NDArray<Float>, _ row: Int, _ place: Int, _ width: Int) -> Double {
        features.withUnsafeElements { examples in
            representatives.withUnsafeElements { kept in
                var sum = 0.0
                for column in 0..<width {
                    let difference = Double(examples[row * width + column] - kept[place * width + column])
                    sum += difference * difference
                }
                return sum.squareRoot()
            }
        }
    }

    private static func requireFinite(_ features: NDArray<Float>) throws {
        let width = max(1, features.shape[1])
        let bad = features.withUnsafeElements { values in
            values.firstIndex { !$0.isFinite }.map { ($0, values[$0]) }
        }
        guard let (place, value) = bad else { return }
        throw DescentError(
            .badData, "a feature that is not finite",
            at: "novelty detector, row \(place / width), column \(place % width)", got: "\(value)")
    }

    private static func rows(_ rows: [Int], of features: NDArray<Float>) -> NDArray<Float> {
        let width = features.shape[1]
        return features.withUnsafeElements { values in
            NDArray(
                shape: [rows.count, width],
                elements: rows.flatMap { values[$0 * width..<($0 + 1) * width] })
        }
    }

    private static func centered(_ features: NDArray<Float>, by center: [Float]) -> NDArray<Float> {
        features - NDArray(shape: [center.count], elements: center)
    }

    private static func squares(_ features: NDArray<Float>) -> [Float] {
        let width = features.shape[1]
        return features.withUnsafeElements { values in
            (0..<features.shape[0]).map { row in
                Float(values[row * width..<(row + 1) * width].reduce(0.0) { $0 + Double($1) * Double($1) })
            }
        }
    }
}

extension NoveltyDetector: Equatable {
    /// Whether both keep the same examples and the same threshold.
    public static func == (one: NoveltyDetector, other: NoveltyDetector) -> Bool {
        (one.threshold, one.quantile) == (other.threshold, other.quantile)
            && one.representatives == other.representatives
    }
}

extension NoveltyDetector {
    /// Puts the detector into a file, under names that begin with `prefix`.
    public func store(in file: inout SafeTensors, prefix: String) {
        file.set(representatives, named: prefix + "representatives")
        file.set(NDArray(shape: [2], elements: [threshold, quantile]), named: prefix + "threshold")
    }

    /// Restores a detector from the entries that `store` wrote.
    ///
    /// - Throws: `badData` when something is missing or cannot be.
    public init(from file: SafeTensors, prefix: String) throws {
        let kept: NDArray<Float> = try file.array(named: prefix + "representatives")
        let limits: NDArray<Double> = try file.array(named: prefix + "threshold")
        let numbers = limits.elements
        guard kept.ndim == 2, kept.shape[0] >= 1, kept.shape[1] >= 1, numbers.count == 2,
            numbers[0] >= 0, numbers[0].isFinite, (0...1).contains(numbers[1])
        else {
            throw DescentError(
                .badData, "not a novelty detector", at: file.path,
                expected: "representatives [M, D], a threshold and a quantile",
                got: "shape \(kept.shape) and \(numbers.prefix(4))")
        }
        try Self.requireFinite(kept)
        self.init(representatives: kept, threshold: numbers[0], quantile: numbers[1])
    }
}
