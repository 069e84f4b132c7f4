import Arrays

// What each operation of statistics.json is in this package.

extension OperationCase {
    /// NumPy's name of a method of quantiles.
    private var method: QuantileMethod {
        let names: [String: QuantileMethod] = [
            "linear": .linear, "lower": .lower, "higher": .higher, "nearest": .nearest, "midpoint": .midpoint,
            "inverted_cdf": .invertedCDF, "averaged_inverted_cdf": .averagedInvertedCDF,
            "closest_observation": .closestObservation,
            "interpolated_inverted_cdf": .interpolatedInvertedCDF, "hazen": .hazen, "weibull": .weibull,
            "median_unbiased": .medianUnbiased, "normal_unbiased": .normalUnbiased,
        ]
        return names[content["method"] as? String ?? ""] ?? .linear
    }

    private var limits: (lower: Double, upper: Double)? {
        let ends = numbers("range")
        return ends.count == 2 ? (ends[0], ends[1]) : nil
    }

    func statistics<Scalar: ArrayScalar>(_ x: NDArray<Scalar>) throws -> Typed? {
        let (k, q, how) = (keep, numbers("q"), method)
        let all = axes ?? axis.map { [$0] } ?? Array(0..<x.ndim)
        switch op {
        case "quantiles":
            let result =
                axis == nil && axes == nil
                ? x.quantiles(q, method: how)
                : x.quantiles(q, axes: all, method: how, keepingDimensions: k)
            return Typed(result)
        case "percentiles": return Typed(x.percentiles(q, axes: all, method: how, keepingDimensions: k))
        case "quantile":
            return three(
                x.quantile(q[0], method: how), { x.quantile(q[0], axis: $0, method: how) },
                { x.quantile(q[0], axis: $0, method: how) })
        case "percentile":
            return three(
                x.percentile(q[0], method: how), { x.percentile(q[0], axis: $0, method: how) },
                { x.percentile(q[0], axis: $0, method: how) })
        case "average":
            let weights: NDArray<Double> = try array(1)
            return three(
                x.average(weights: weights),
                { x.average(axis: $0, weights: weights, keepingDimensions: k) },
                { x.average(axis: $0, weights: weights, keepingDimensions: k) })
        case "covariance":
            return Typed(x.covariance(rowsAreVariables: flag("rows"), ddof: integer("ddof") ?? 1))
        case "correlation": return Typed(x.correlation(rowsAreVariables: flag("rows")))
        case "trapezoid": return Typed(x.trapezoid(spacing: 0.5, axis: axis ?? -1))
        case "trapezoid_at": return Typed(x.trapezoid(at: try array(1), axis: axis ?? -1))
        default: return try histogram(x)
        }
    }

    private func histogram<Scalar: ArrayScalar>(_ x: NDArray<Scalar>) throws -> Typed? {
        let bins = integer("bins") ?? 0
        switch op {
        case "histogram": return Typed(x.histogram(bins: bins, range: limits).counts)
        case "histogram_edges": return Typed(x.histogram(bins: bins, range: limits).edges)
        case "histogram_density": return Typed(x.histogram(bins: bins, range: limits, density: true).sums)
        case "histogram_weights":
            return Typed(x.histogram(bins: bins, range: limits, weights: try array(1)).sums)
        case "histogram_both":
            return Typed(x.histogram(bins: bins, range: limits, weights: try array(1), density: true).sums)
        case "histogram_uneven": return Typed(x.histogram(edges: try array(1)).counts)
        case "histogram_uneven_density": return Typed(x.histogram(edges: try array(1), density: true).sums)
        case "histogram_uneven_weights":
            return Typed(x.histogram(edges: try array(1), weights: try array(2)).sums)
        default: return nil
        }
    }

    func searched<Scalar: ArrayScalar>(_ x: NDArray<Scalar>) throws -> Typed? {
        func y() throws -> NDArray<Scalar> { try array(1) }
        switch op {
        case "searchSorted":
            let side: SearchSide = content["side"] as? String == "right" ? .right : .left
            return Typed(
                x.searchSorted(try y(), side: side, sorter: flag("sorter") ? try array(2) : nil))
        case "digitized": return Typed(x.digitized(by: try y(), rightClosed: flag("right")))
        case "isIn": return Typed(x.isIn(try y(), inverted: flag("invert")))
        case "intersection": return Typed(x.intersection(try y()))
        case "union": return Typed(x.union(try y()))
        case "subtracting": return Typed(x.subtracting(try y()))
        case "symmetricDifference": return Typed(x.symmetricDifference(try y()))
        case "argWhere": return Typed(x.argWhere())
        case "flatNonzero": return Typed(x.flatNonzero())
        case "unique": return Typed(x.unique())
        case "partitioned": return try partitioned(x)
        case "lexSorted": return Typed(lexSorted(try args.indices.map { try array($0, as: Scalar.self) }))
        default: return nil
        }
    }

    /// The chosen element, if both forms have it there, with nothing larger before and nothing smaller behind it.
    private func partitioned<Scalar: ArrayScalar>(_ x: NDArray<Scalar>) throws -> Typed {
        let k = integer("k") ?? 0
        let sorted = x.sorted()
        let part = x.partitioned(at: [k])
        let again = x[x.argPartitioned(at: [k])]
        let place = k < 0 ? k + x.count : k
        for result in [part, again] {
            let before = result[..<place]
            let behind = result[place...]
            guard result.sorted().isEqual(to: sorted, equalNaN: true),
                place == 0 || before.sorted().isEqual(to: sorted[..<place], equalNaN: true),
                behind.sorted().isEqual(to: sorted[place...], equalNaN: true)
            else { throw VectorFile.Missing(name: "an order with nothing larger before \(place): \(result)") }
        }
        return Typed(part[k])
    }

    func moved<Scalar: ArrayScalar>(_ x: NDArray<Scalar>) throws -> Typed? {
        switch op {
        case "takingAlongAxis": return Typed(x.takingAlongAxis(try array(1), axis: axis ?? 0))
        case "putAlongAxis":
            var changed = x
            changed.putAlongAxis(try array(1), try array(2), axis: axis ?? 0)
            guard x == (try array(0)) else { throw VectorFile.Missing(name: "the original, unchanged") }
            return Typed(changed)
        case "argSorted_taken":
            return Typed(x.takingAlongAxis(x.argSorted(axis: axis ?? 0), axis: axis ?? 0))
        case "rotated":
            let plane = integers("axes")
            return Typed(x.rotated(quarters: integer("k") ?? 0, axes: (plane[0], plane[1])))
        case "repeated": return Typed(x.repeated(3, axis: axis))
        case "squeezed": return Typed(x.squeezed(axis: axis))
        case "taken": return Typed(x.taking([0, 0], axis: axis ?? 0))
        case "index", "assign": return try indexing(x)
        default: return nil
        }
    }
}
