// Medians, percentiles and quantiles. They are found by selection, not by sorting: O(count) for a few of them. Integers
// and Booleans are converted to `Double`; NaN anywhere in a row makes its result NaN.

import Support

extension NDArray {
    /// The median of all elements: the middle one, or the mean of the two in the middle; NaN for none.
    ///
    /// ```swift
    /// NDArray([3, 1, 2, 10]).median()   // 2.5
    /// ```
    ///
    /// - Complexity: O(count).
    public func median() -> Scalar.RealScalar { medianRows(allAxes, false, ignoringNaN: false).item() }

    /// The medians along an axis or several.
    public func median(axis: some ReductionAxes, keepingDimensions: Bool = false) -> NDArray<
        Scalar.RealScalar
    > {
        medianRows(normalizedAxes(axis._axisIndices), keepingDimensions, ignoringNaN: false)
    }
}

extension NDArray {
    /// The quantile `q` of all elements, the value below which the share `q` of them falls (`np.quantile`).
    ///
    /// ```swift
    /// NDArray([1, 2, 3, 4]).quantile(0.25)   // 1.75
    /// ```
    ///
    /// - Precondition: q in 0...1; not empty.
    /// - Complexity: O(count).
    public func quantile(_ q: Double, method: QuantileMethod = .linear) -> Scalar.RealScalar {
        quantileRows(checkedQuantiles([q]), allAxes, false, method, ignoringNaN: false).item()
    }

    /// The quantiles along an axis or several.
    public func quantile(
        _ q: Double, axis: some ReductionAxes, method: QuantileMethod = .linear,
        keepingDimensions: Bool = false
    ) -> NDArray<Scalar.RealScalar> {
        quantileRows(
            checkedQuantiles([q]), normalizedAxes(axis._axisIndices), keepingDimensions, method,
            ignoringNaN: false)[0]
    }

    /// Several quantiles along axes, all of them by default: (K, ...).
    public func quantiles(
        _ q: [Double], axes: [Int]? = nil, method: QuantileMethod = .linear, keepingDimensions: Bool = false
    ) -> NDArray<Scalar.RealScalar> {
        quantileRows(
            checkedQuantiles(q), axes.map(normalizedAxes) ?? allAxes, keepingDimensions, method,
            ignoringNaN: false)
    }
}

extension NDArray {
    /// The percentile `q` of all elements, the value below which `q` percent of them fall (`np.percentile`).
    ///
    /// ```swift
    /// NDArray([1, 2, 3, 4]).percentile(25)   // 1.75
    /// ```
    ///
    /// - Precondition: q in 0...100; not empty.
    /// - Complexity: O(count).
    public func percentile(_ q: Double, method: QuantileMethod = .linear) -> Scalar.RealScalar {
        quantileRows(checkedPercentiles([q]), allAxes, false, method, ignoringNaN: false).item()
    }

    /// The percentiles along an axis or several.
    public func percentile(
        _ q: Double, axis: some ReductionAxes, method: QuantileMethod = .linear,
        keepingDimensions: Bool = false
    ) -> NDArray<Scalar.RealScalar> {
        quantileRows(
            checkedPercentiles([q]), normalizedAxes(axis._axisIndices), keepingDimensions, method,
            ignoringNaN: false)[0]
    }

    /// Several percentiles along axes, all of them by default: (K, ...).
    public func percentiles(
        _ q: [Double], axes: [Int]? = nil, method: QuantileMethod = .linear, keepingDimensions: Bool = false
    ) -> NDArray<Scalar.RealScalar> {
        quantileRows(
            checkedPercentiles(q), axes.map(normalizedAxes) ?? allAxes, keepingDimensions, method,
            ignoringNaN: false)
    }
}

/// The shares themselves.
///
/// - Precondition: from 0 to 1.
func checkedQuantiles(_ q: [Double]) -> [Double] {
    require(q.allSatisfy { $0 >= 0 && $0 <= 1 }, "Quantiles must be in the range [0, 1]")
    return q
}

/// Percentages as shares.
///
/// - Precondition: from 0 to 100.
func checkedPercentiles(_ q: [Double]) -> [Double] {
    require(q.allSatisfy { $0 >= 0 && $0 <= 100 }, "Percentiles must be in the range [0, 100]")
    return q.map { $0 / 100 }
}
