import CKernels
import Support

/// The interpolation of a quantile that falls between two elements.
///
/// Source: R. J. Hyndman, Y. Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996),
/// whose numbers are given in parentheses; the first five are NumPy's, which are not all in the article.
public enum QuantileMethod: Sendable, Hashable, CaseIterable {
    /// Linear interpolation (7), NumPy's default.
    case linear
    /// The lower one.
    case lower
    /// The higher one.
    case higher
    /// The nearer one; halfway, the one at an even index.
    case nearest
    /// Their mean.
    case midpoint
    /// The inverse of the distribution function, which jumps (1).
    case invertedCDF
    /// The same, with the mean where it jumps (2).
    case averagedInvertedCDF
    /// The element whose share is nearest (3).
    case closestObservation
    /// The inverse of the distribution function, made continuous (4).
    case interpolatedInvertedCDF
    /// Shares of (k - 1/2) / n (5).
    case hazen
    /// Shares of k / (n + 1) (6).
    case weibull
    /// Shares that make the result's median right, for any distribution (8).
    case medianUnbiased
    /// Shares that make the result's mean right, for a normal distribution (9).
    case normalUnbiased

    /// The two indices around the quantile `q` of `count` sorted elements, and its fraction of the distance from the
    /// first to the second; nil for no interpolation.
    func places(_ q: Double, _ count: Int) -> (first: Int, second: Int, weight: Double?) {
        let n = Double(count)
        let last = count - 1
        let line = (n - 1) * q
        /// A fractional index between two elements; outside, both are the same one.
        func between(_ place: Double, weight: ((Double) -> Double)? = nil) -> (Int, Int, Double?) {
            var (first, second) = (Int(place.rounded(.down)), Int(place.rounded(.down)) + 1)
            // NumPy counts the last element as -1 where it takes the fraction, which matters to infinities alone.
            var base = place.rounded(.down)
            if place >= n - 1 { (first, second, base) = (last, last, -1) }
            if place < 0 { (first, second, base) = (0, 0, 0) }
            let fraction = place - base
            return (first, second, weight.map { $0(fraction) } ?? fraction)
        }
        func at(_ place: Double) -> (Int, Int, Double?) {
            let inside = min(max(Int(place), 0), last)
            return (inside, inside, nil)
        }
        func plotting(_ alpha: Double, _ beta: Double) -> (Int, Int, Double?) {
            between(n * q + (alpha + q * (1 - alpha - beta)) - 1)
        }
        /// The element before a fractional index or the next one.
        func jumping(_ place: Double, stays: (_ fraction: Double, _ floor: Double) -> Bool) -> (
            Int, Int, Double?
        ) {
            let floor = place.rounded(.down)
            return at(stays(place - floor, floor) ? floor : floor + 1)
        }
        switch self {
        case .linear: return between(line)
        case .lower: return at(line.rounded(.down))
        case .higher: return at(line.rounded(.up))
        case .nearest: return at(line.rounded(.toNearestOrEven))
        case .midpoint:
            let middle = 0.5 * (line.rounded(.down) + line.rounded(.up))
            return between(middle) { _ in middle.rounded(.down) == middle ? 0 : 0.5 }
        case .invertedCDF: return jumping(n * q - 1) { fraction, _ in fraction == 0 }
        case .averagedInvertedCDF: return between(n * q - 1) { $0 == 0 ? 0.5 : 1 }
        case .closestObservation:
            return jumping(n * q - 1 - 0.5) { fraction, floor in
                fraction == 0 && floor.remainder(dividingBy: 2) != 0
            }
        case .interpolatedInvertedCDF: return plotting(0, 1)
        case .hazen: return plotting(0.5, 0.5)
        case .weibull: return plotting(0, 0)
        case .medianUnbiased: return plotting(1.0 / 3, 1.0 / 3)
        case .normalUnbiased: return plotting(3.0 / 8, 3.0 / 8)
        }
    }
}

extension NDArray {
    /// The array in its real type, with `axes` joined to one, the last, in new memory; and the shape of the others.
    func rowsToSelect(_ axes: Set<Int>) -> NDArray<Scalar.RealScalar> {
        let kept = shape.indices.filter { !axes.contains($0) }
        let joined = axes.sorted()
        return asType(Scalar.RealScalar.self).permuted(kept + joined).contiguousCopy()
            .reshaped(to: kept.map { shape[$0] } + [joined.reduce(1) { $0 * shape[$1] }])
    }

    /// The quantiles along `axes`: (K) and the array's other axes. A row with NaN gives NaN, or, ignoring it, the
    /// quantile of its other elements (NaN if there are none).
    func quantileRows(
        _ shares: [Double], _ axes: Set<Int>, _ keeping: Bool, _ method: QuantileMethod, ignoringNaN: Bool
    ) -> NDArray<Scalar.RealScalar> {
        typealias Real = Scalar.RealScalar
        var rows = rowsToSelect(axes)
        let length = rows.shape[rows.ndim - 1]
        let height = rows.shape.dropLast().reduce(1, *)
        require(
            length > 0 || height == 0 || ignoringNaN,
            "index -1 is out of bounds for axis 0 with size 0")
        let result = NDArray<Real>(shape: [shares.count] + reducedShape(axes, keeping: keeping)) { target in
            guard height > 0 else { return }
            if length == 0 {
                target.initialize(repeating: .nan)
                return
            }
            let common = shares.map { method.places($0, length) }
            // One call orders all rows alike; rows with NaN to be ignored are shorter, and ordered again below.
            rows.partition(at: common.flatMap { [$0.first, $0.second] })
            rows.withUnsafeMutableElements { elements in
                for row in 0..<height {
                    let part = UnsafeMutableBufferPointer(
                        rebasing: elements[row * length..<(row + 1) * length])
                    var places = common
                    var spoilt = false
                    if part[length - 1].isNaN {
                        let numbers = part.count { !$0.isNaN }
                        spoilt = !ignoringNaN || numbers == 0
                        if !spoilt {
                            places = shares.map { method.places($0, numbers) }
                            let wanted = places.flatMap { [$0.first, $0.second] }.sorted()
                            ck_partition(
                                Real.kernelType, 1, numbers, part.baseAddress, nil, wanted.count, wanted)
                        }
                    }
                    for (k, place) in places.enumerated() {
                        target.initializeElement(
                            at: k * height + row,
                            to: spoilt
                                ? .nan : Self.between(part[place.first], part[place.second], place.weight))
                    }
                }
            }
        }
        return result
    }

    /// The point on the line from a to b, reached from the nearer end, as NumPy does.
    private static func between<Real: FloatingScalar>(_ a: Real, _ b: Real, _ weight: Double?) -> Real {
        guard let weight else { return a }
        let step = b - a
        return weight >= 0.5 ? b - step * Real(1 - weight) : a + step * Real(weight)
    }

    /// The medians along `axes`: the middle element, or the mean of the two in the middle.
    func medianRows(
        _ axes: Set<Int>, _ keeping: Bool, ignoringNaN: Bool
    ) -> NDArray<Scalar.RealScalar> {
        typealias Real = Scalar.RealScalar
        var rows = rowsToSelect(axes)
        let length = rows.shape[rows.ndim - 1]
        func middle(_ n: Int) -> [Int] { n % 2 == 1 ? [n / 2] : [n / 2 - 1, n / 2] }
        return NDArray<Real>(shape: reducedShape(axes, keeping: keeping)) { target in
            if length == 0 {
                target.initialize(repeating: .nan)
                return
            }
            let common = middle(length)
            rows.partition(at: common)
            rows.withUnsafeMutableElements { elements in
                for row in target.indices {
                    let part = UnsafeMutableBufferPointer(
                        rebasing: elements[row * length..<(row + 1) * length])
                    var places = common
                    var result: Real?
                    if part[length - 1].isNaN {
                        let numbers = part.count { !$0.isNaN }
                        if !ignoringNaN || numbers == 0 {
                            result = .nan
                        } else {
                            places = middle(numbers)
                            ck_partition(
                                Real.kernelType, 1, numbers, part.baseAddress, nil, places.count, places)
                        }
                    }
                    let sum = places.dropFirst().reduce(part[places[0]]) { $0 + part[$1] }
                    target.initializeElement(at: row, to: result ?? sum / Real(places.count))
                }
            }
        }
    }
}
