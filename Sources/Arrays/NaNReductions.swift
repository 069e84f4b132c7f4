// Reductions that leave out NaN (`np.nansum` and its like). Of NaN alone, the sum is 0, the product 1, and every other
// result NaN.

import Support

extension NDArray where Scalar: FloatingScalar {
    /// The elements with NaN replaced by another value.
    private func filled(_ value: Scalar) -> NDArray { .where(isNaN(self), value, self) }

    /// The sum of the elements that are not NaN.
    public func nanSum() -> Scalar { filled(0).sum(axes: Array(allAxes), keepingDimensions: false).item() }

    /// The sum of the elements that are not NaN, along one axis.
    public func nanSum(axis: Int, keepingDimensions: Bool = false) -> NDArray {
        filled(0).sum(axes: Array(reductionAxes(axis)), keepingDimensions: keepingDimensions)
    }

    /// The sum of the elements that are not NaN, along several axes.
    public func nanSum(axes: [Int], keepingDimensions: Bool = false) -> NDArray {
        filled(0).sum(axes: Array(normalizedAxes(axes)), keepingDimensions: keepingDimensions)
    }

    /// The product of the elements that are not NaN.
    public func nanProduct() -> Scalar {
        filled(1).product(axes: Array(allAxes), keepingDimensions: false).item()
    }

    /// The product of the elements that are not NaN, along one axis.
    public func nanProduct(axis: Int, keepingDimensions: Bool = false) -> NDArray {
        filled(1).product(axes: Array(reductionAxes(axis)), keepingDimensions: keepingDimensions)
    }

    /// The product of the elements that are not NaN, along several axes.
    public func nanProduct(axes: [Int], keepingDimensions: Bool = false) -> NDArray {
        filled(1).product(axes: Array(normalizedAxes(axes)), keepingDimensions: keepingDimensions)
    }

    /// The mean of the elements that are not NaN.
    public func nanMean() -> Scalar { nanMeans(allAxes, false).item() }

    /// The mean of the elements that are not NaN, along one axis.
    public func nanMean(axis: Int, keepingDimensions: Bool = false) -> NDArray {
        nanMeans(reductionAxes(axis), keepingDimensions)
    }

    /// The mean of the elements that are not NaN, along several axes.
    public func nanMean(axes: [Int], keepingDimensions: Bool = false) -> NDArray {
        nanMeans(normalizedAxes(axes), keepingDimensions)
    }

    /// The variance of the elements that are not NaN: the sum of (x - mean)^2 over their count less `ddof`.
    public func nanVariance(ddof: Int = 0) -> Scalar { nanSpreads(allAxes, ddof, false).item() }

    /// The variance of the elements that are not NaN: the sum of (x - mean)^2 over their count less `ddof`, along one
    /// axis.
    public func nanVariance(axis: Int, ddof: Int = 0, keepingDimensions: Bool = false) -> NDArray {
        nanSpreads(reductionAxes(axis), ddof, keepingDimensions)
    }

    /// The variance of the elements that are not NaN: the sum of (x - mean)^2 over their count less `ddof`, along
    /// several axes.
    public func nanVariance(axes: [Int], ddof: Int = 0, keepingDimensions: Bool = false) -> NDArray {
        nanSpreads(normalizedAxes(axes), ddof, keepingDimensions)
    }

    /// The standard deviation of the elements that are not NaN.
    public func nanStd(ddof: Int = 0) -> Scalar { sqrt(nanSpreads(allAxes, ddof, false)).item() }

    /// The standard deviation of the elements that are not NaN, along one axis.
    public func nanStd(axis: Int, ddof: Int = 0, keepingDimensions: Bool = false) -> NDArray {
        sqrt(nanSpreads(reductionAxes(axis), ddof, keepingDimensions))
    }

    /// The standard deviation of the elements that are not NaN, along several axes.
    public func nanStd(axes: [Int], ddof: Int = 0, keepingDimensions: Bool = false) -> NDArray {
        sqrt(nanSpreads(normalizedAxes(axes), ddof, keepingDimensions))
    }

    /// The largest element that is not NaN.
    public func nanMax() -> Scalar { nanExtremes(allAxes, false, largest: true).item() }

    /// The largest element that is not NaN, along one axis.
    public func nanMax(axis: Int, keepingDimensions: Bool = false) -> NDArray {
        nanExtremes(reductionAxes(axis), keepingDimensions, largest: true)
    }

    /// The largest element that is not NaN, along several axes.
    public func nanMax(axes: [Int], keepingDimensions: Bool = false) -> NDArray {
        nanExtremes(normalizedAxes(axes), keepingDimensions, largest: true)
    }

    /// The smallest element that is not NaN.
    public func nanMin() -> Scalar { nanExtremes(allAxes, false, largest: false).item() }

    /// The smallest element that is not NaN, along one axis.
    public func nanMin(axis: Int, keepingDimensions: Bool = false) -> NDArray {
        nanExtremes(reductionAxes(axis), keepingDimensions, largest: false)
    }

    /// The smallest element that is not NaN, along several axes.
    public func nanMin(axes: [Int], keepingDimensions: Bool = false) -> NDArray {
        nanExtremes(normalizedAxes(axes), keepingDimensions, largest: false)
    }

    /// The median of the elements that are not NaN.
    public func nanMedian() -> Scalar { medianRows(allAxes, false, ignoringNaN: true).item() }

    /// The median of the elements that are not NaN, along one axis.
    public func nanMedian(axis: Int, keepingDimensions: Bool = false) -> NDArray {
        medianRows(normalizedAxes([axis]), keepingDimensions, ignoringNaN: true)
    }

    /// The median of the elements that are not NaN, along several axes.
    public func nanMedian(axes: [Int], keepingDimensions: Bool = false) -> NDArray {
        medianRows(normalizedAxes(axes), keepingDimensions, ignoringNaN: true)
    }

    /// The row-major index of the first largest element, ignoring NaN.
    ///
    /// - Precondition: an element that is not NaN exists.
    public func nanArgMax() -> Int { flattened().nanPlaces(0, false, largest: true).item() }

    /// The indices of the first largest elements, ignoring NaN, along one axis.
    ///
    /// - Precondition: every row has an element that is not NaN.
    public func nanArgMax(axis: Int, keepingDimensions: Bool = false) -> NDArray<Int> {
        nanPlaces(axis, keepingDimensions, largest: true)
    }

    /// The row-major index of the first smallest element, ignoring NaN.
    ///
    /// - Precondition: an element that is not NaN exists.
    public func nanArgMin() -> Int { flattened().nanPlaces(0, false, largest: false).item() }

    /// The indices of the first smallest elements, ignoring NaN, along one axis.
    ///
    /// - Precondition: every row has an element that is not NaN.
    public func nanArgMin(axis: Int, keepingDimensions: Bool = false) -> NDArray<Int> {
        nanPlaces(axis, keepingDimensions, largest: false)
    }

    /// The running sums along `axis`, NaN counting as 0; of all elements in row-major order without one.
    public func nanCumulativeSum(axis: Int? = nil) -> NDArray { filled(0).cumulativeSum(axis: axis) }

    /// The running products along `axis`, NaN counting as 1; of all elements in row-major order without one.
    public func nanCumulativeProduct(axis: Int? = nil) -> NDArray { filled(1).cumulativeProduct(axis: axis) }

    /// The quantile `q` of the elements that are not NaN.
    public func nanQuantile(_ q: Double, method: QuantileMethod = .linear) -> Scalar {
        quantileRows(checkedQuantiles([q]), allAxes, false, method, ignoringNaN: true).item()
    }

    /// The quantiles of the elements that are not NaN along one axis.
    public func nanQuantile(
        _ q: Double, axis: Int, method: QuantileMethod = .linear, keepingDimensions: Bool = false
    ) -> NDArray {
        quantileRows(
            checkedQuantiles([q]), normalizedAxes([axis]), keepingDimensions, method, ignoringNaN: true)[0]
    }

    /// The quantiles of the elements that are not NaN along several axes.
    public func nanQuantile(
        _ q: Double, axes: [Int], method: QuantileMethod = .linear, keepingDimensions: Bool = false
    ) -> NDArray {
        quantileRows(
            checkedQuantiles([q]), normalizedAxes(axes), keepingDimensions, method, ignoringNaN: true)[0]
    }

    /// Several quantiles of the elements that are not NaN along axes, all of them by default: (K, ...).
    public func nanQuantiles(
        _ q: [Double], axes: [Int]? = nil, method: QuantileMethod = .linear, keepingDimensions: Bool = false
    ) -> NDArray {
        quantileRows(
            checkedQuantiles(q), axes.map(normalizedAxes) ?? allAxes, keepingDimensions, method,
            ignoringNaN: true)
    }

    /// The percentile `q` of the elements that are not NaN.
    public func nanPercentile(_ q: Double, method: QuantileMethod = .linear) -> Scalar {
        quantileRows(checkedPercentiles([q]), allAxes, false, method, ignoringNaN: true).item()
    }

    /// The percentiles of the elements that are not NaN along one axis.
    public func nanPercentile(
        _ q: Double, axis: Int, method: QuantileMethod = .linear, keepingDimensions: Bool = false
    ) -> NDArray {
        quantileRows(
            checkedPercentiles([q]), normalizedAxes([axis]), keepingDimensions, method, ignoringNaN: true)[0]
    }

    /// The percentiles of the elements that are not NaN along several axes.
    public func nanPercentile(
        _ q: Double, axes: [Int], method: QuantileMethod = .linear, keepingDimensions: Bool = false
    ) -> NDArray {
        quantileRows(
            checkedPercentiles([q]), normalizedAxes(axes), keepingDimensions, method, ignoringNaN: true)[0]
    }

    /// Several percentiles of the elements that are not NaN along axes, all of them by default: (K, ...).
    public func nanPercentiles(
        _ q: [Double], axes: [Int]? = nil, method: QuantileMethod = .linear, keepingDimensions: Bool = false
    ) -> NDArray {
        quantileRows(
            checkedPercentiles(q), axes.map(normalizedAxes) ?? allAxes, keepingDimensions, method,
            ignoringNaN: true)
    }
}

extension NDArray where Scalar: FloatingScalar {
    /// The number of elements that are not NaN along the axes.
    private func numberCounts(_ axes: Set<Int>, _ keeping: Bool) -> NDArray {
        (.!isNaN(self)).sum(axes: Array(axes), keepingDimensions: keeping).asType()
    }

    private func nanMeans(_ axes: Set<Int>, _ keeping: Bool) -> NDArray {
        filled(0).sum(axes: Array(axes), keepingDimensions: keeping) / numberCounts(axes, keeping)
    }

    private func nanSpreads(_ axes: Set<Int>, _ ddof: Int, _ keeping: Bool) -> NDArray {
        let deviations = NDArray.where(isNaN(self), 0, self - nanMeans(axes, true))
        let sums = square(deviations).sum(axes: Array(axes), keepingDimensions: keeping)
        let freedom = numberCounts(axes, keeping) - Scalar(ddof)
        return .where(freedom .<= 0, Scalar.nan, sums / freedom)
    }

    private func nanExtremes(_ axes: Set<Int>, _ keeping: Bool, largest: Bool) -> NDArray {
        require(
            axes.allSatisfy { shape[$0] > 0 },
            "zero-size array to reduction operation \(largest ? "fmax" : "fmin") which has no identity")
        let all = Array(axes)
        let found =
            largest
            ? filled(-.infinity).max(axes: all, keepingDimensions: keeping)
            : filled(.infinity).min(axes: all, keepingDimensions: keeping)
        return .where(isNaN(self).all(axes: all, keepingDimensions: keeping), Scalar.nan, found)
    }

    private func nanPlaces(_ axis: Int, _ keeping: Bool, largest: Bool) -> NDArray<Int> {
        let result =
            largest
            ? filled(-.infinity).argMax(axis: axis, keepingDimensions: keeping)
            : filled(.infinity).argMin(axis: axis, keepingDimensions: keeping)
        require(!isNaN(self).all(axis: axis).any(), "All-NaN slice encountered")
        return result
    }
}
