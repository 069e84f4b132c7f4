// Histograms: counts of elements between edges.

import Support

extension NDArray {
    /// The counts of elements in `bins` bins of equal width (`np.histogram`), and the bins' edges (`bins` + 1): a bin
    /// includes its lower edge, and the last bin includes both.
    ///
    /// ```swift
    /// NDArray([1, 2, 2, 5]).histogram(bins: 4).counts   // [1 2 0 1]
    /// ```
    ///
    /// - Parameters:
    ///   - bins: the number of bins.
    ///   - range: the range of the bins, by default from the smallest to the largest element; elements outside do not
    ///     count.
    /// - Precondition: at least one bin; ends of the range that are finite, the lower one first.
    /// - Complexity: O(count).
    public func histogram(
        bins: Int = 10, range: (lower: Double, upper: Double)? = nil
    ) -> (counts: NDArray<Int>, edges: NDArray<Double>) {
        let edges = evenEdges(bins, range)
        return (NDArray<Int>(tally(edges, even: true, into: 0) { $0 += 1 }), edges)
    }

    /// The counts of elements between ascending edges.
    ///
    /// - Precondition: one axis of edges.
    /// - Complexity: O(count log K) for K edges.
    public func histogram(
        edges: NDArray<Double>
    ) -> (counts: NDArray<Int>, edges: NDArray<Double>) {
        Self.check(edges)
        return (NDArray<Int>(tally(edges, even: false, into: 0) { $0 += 1 }), edges)
    }

    /// The sums of the weights in bins of equal width, the counts of elements without weights; with `density`, divided
    /// by the bins' widths and the total: a density, whose integral is 1.
    ///
    /// - Precondition: as for the counts; weights of the array's shape.
    @_disfavoredOverload
    public func histogram(
        bins: Int = 10, range: (lower: Double, upper: Double)? = nil, weights: NDArray<Double>? = nil,
        density: Bool = false
    ) -> (sums: NDArray<Double>, edges: NDArray<Double>) {
        let edges = evenEdges(bins, range)
        return (weighed(edges, even: true, weights, density), edges)
    }

    /// The sums of the weights between ascending edges, the counts of elements without weights; with `density`, a
    /// density.
    ///
    /// - Precondition: one axis of edges; weights of the array's shape.
    @_disfavoredOverload
    public func histogram(
        edges: NDArray<Double>, weights: NDArray<Double>? = nil, density: Bool = false
    ) -> (sums: NDArray<Double>, edges: NDArray<Double>) {
        Self.check(edges)
        return (weighed(edges, even: false, weights, density), edges)
    }

    private func weighed(
        _ edges: NDArray<Double>, even: Bool, _ weights: NDArray<Double>?, _ density: Bool
    ) -> NDArray<Double> {
        let sums: [Double]
        if let weights {
            require(weights.shape == shape, "weights should have the same shape as a.")
            var place = 0
            sums = weights.withUnsafeElements { weights in
                tally(edges, even: even, into: 0.0, passing: { place = $0 }) { $0 += weights[place] }
            }
        } else {
            sums = tally(edges, even: even, into: 0.0) { $0 += 1 }
        }
        let result = NDArray<Double>(sums)
        guard density else { return result }
        var widths = edges.differences()
        if Scalar.self is Float.Type && even { widths = widths.asType(Float.self).asType() }
        return result / widths / result.sum()
    }

    private static func check(_ edges: NDArray<Double>) {
        require(edges.ndim == 1, "`bins` must be 1d, when an array")
        let all = edges.elements
        require(
            zip(all, all.dropFirst()).allSatisfy { !($0 > $1) },
            "`bins` must increase monotonically, when an array")
    }

    private func evenEdges(_ bins: Int, _ range: (lower: Double, upper: Double)?) -> NDArray<Double> {
        require(bins >= 1, "`bins` must be positive, when an integer")
        var (lower, upper) = (0.0, 1.0)
        if let range {
            require(range.lower <= range.upper, "max must be larger than min in range parameter.")
            (lower, upper) = range
            require(
                lower.isFinite && upper.isFinite,
                "supplied range of [\(lower.scalarText), \(upper.scalarText)] is not finite")
        } else if count > 0 {
            let values = asType(Double.self)
            (lower, upper) = (values.min(), values.max())
            require(
                lower.isFinite && upper.isFinite,
                "autodetected range of [\(lower.scalarText), \(upper.scalarText)] is not finite")
        }
        if lower == upper { (lower, upper) = (lower - 0.5, upper + 0.5) }
        let edges = NDArray<Double>.linspace(lower, upper, bins + 1)
        guard Scalar.self is Float.Type else { return ascending(edges) }
        // Edges of single-precision elements are rounded to it, and computed in it if the ends are elements, as in
        // NumPy.
        if range != nil || count == 0 { return ascending(edges.asType(Float.self).asType()) }
        let (first, last) = (Float(lower), Float(upper))
        let step = (last - first) / Float(bins)
        var single = (0...bins).map { Float($0) * step + first }
        single[bins] = last
        return ascending(NDArray<Float>(single).asType())
    }

    /// The edges, if each is above the one before and the whole has a width: far from zero a bin may have none.
    private func ascending(_ edges: NDArray<Double>) -> NDArray<Double> {
        let values = edges.elements
        let isFinite = (values[values.count - 1] - values[0]).isFinite
        require(
            isFinite && zip(values, values.dropFirst()).allSatisfy { $0 < $1 },
            "Too many bins for data range. Cannot create \(values.count - 1) finite-sized bins.")
        return edges
    }

    /// Calls `add` with the total of each element's bin; `passing` is called with the element's index before.
    private func tally<Total>(
        _ edges: NDArray<Double>, even: Bool, into zero: Total, passing: (Int) -> Void = { _ in },
        _ add: (inout Total) -> Void
    ) -> [Total] {
        let edges = edges.elements
        let bins = edges.count - 1
        guard bins >= 1, let lower = edges.first, let upper = edges.last else { return [] }
        var totals = [Total](repeating: zero, count: bins)
        asType(Double.self).withUnsafeElements { elements in
            for (place, x) in elements.enumerated() where x >= lower && x <= upper {
                var bin: Int
                if even {
                    // By division, corrected where that is off by one.
                    bin = Swift.min(Int((x - lower) / (upper - lower) * Double(bins)), bins - 1)
                    if x < edges[bin] { bin -= 1 } else if bin < bins - 1 && x >= edges[bin + 1] { bin += 1 }
                } else {
                    var (low, high) = (0, bins + 1)
                    while low < high {
                        let middle = (low + high) / 2
                        if edges[middle] <= x { low = middle + 1 } else { high = middle }
                    }
                    bin = Swift.min(low - 1, bins - 1)
                    // An element on the last edge belongs to the last bin, also if bins before are empty.
                    if x == upper { bin = bins - 1 }
                }
                passing(place)
                add(&totals[bin])
            }
        }
        return totals
    }
}
