// Reductions that leave out NaN (`np.nansum` and its like). Of NaN alone, the sum is 0, the product 1, and every other
// result NaN.

import Support

extension NDArray where Scalar: FloatingScalar {
    /// The elements with NaN replaced by another value.
    private func filled(_ value: Scalar) -> NDArray { .where(isNaN(self), value, self) }

    /// The sum of the elements that are not NaN.
    public func nanSum() -> Scalar { filled(0).sum(axis: Array(allAxes), keepingDimensions: false).item() }

    /// The sum of the elements that are not NaN, along an axis or several.
    public func nanSum(axis: some ReductionAxes, keepingDimensions: Bool = false) -> NDArray {
        filled(0).sum(axis: Array(reductionAxes(axis)), keepingDimensions: keepingDimensions)
    }

    /// The product of the elements that are not NaN.
    public func nanProduct() -> Scalar {
        filled(1).product(axis: Array(allAxes), keepingDimensions: false).item()
    }

    /// The product of the elements that are not NaN, along an axis or several.
    public func nanProduct(axis: some ReductionAxes, keepingDimensions: Bool = false) -> NDArray {
        filled(1).product(axis: Array(reductionAxes(axis)), keepingDimensions: keepingDimensions)
    }

    /// The mean of the elements that are not NaN.
    public func nanMean() -> Scalar { nanMeans(allAxes, false).item() }

    /// The mean of the elements that are not NaN, along an axis or several.
    public func nanMean(axis: some ReductionAxes, keepingDimensions: Bool = false) -> NDArray {
        nanMeans(reductionAxes(axis), keepingDimensions)
    }

    /// The variance of the elements that are not NaN: the sum of (x - mean)^2 over their count less `ddof`.
    public func nanVariance(ddof: Int = 0) -> Scalar { nanSpreads(allAxes, ddof, false).item() }

    /// The variance of the elements that are not NaN: the sum of (x - mean)^2 over their count less `ddof`, along an
    /// axis or several.
    public func nanVariance(axis: some ReductionAxes, ddof: Int = 0, keepingDimensions: Bool = false)
        -> NDArray
    {
        nanSpreads(reductionAxes(axis), ddof, keepingDimensions)
    }

    /// The standard deviation of the elements that are not NaN.
    public func nanStd(ddof: Int = 0) -> Scalar { sqrt(nanSpreads(allAxes, ddof, false)).item() }

    /// The standard deviation of the elements that are not NaN, along an axis or several.
    public func nanStd(axis: some ReductionAxes, ddof: Int = 0, keepingDimensions: Bool = false) -> NDArray {
        sqrt(nanSpreads(reductionAxes(axis), ddof, keepingDimensions))
    }

    /// The largest element that is not NaN.
    public func nanMax() -> Scalar { nanExtremes(allAxes, false, largest: true).item() }

    /// The largest element that is not NaN, along an axis or several.
    public func nanMax(axis: some ReductionAxes, keepingDimensions: Bool = false) -> NDArray {
        nanExtremes(reductionAxes(axis), keepingDimensions, largest: true)
    }

    /// The smallest element that is not NaN.
    public func nanMin() -> Scalar { nanExtremes(allAxes, false, largest: false).item() }

    /// The smallest element that is not NaN, along an axis or several.
    public func nanMin(axis: some ReductionAxes, keepingDimensions: Bool = false) -> NDArray {
        nanExtremes(reductionAxes(axis), keepingDimensions, largest: false)
    }

    /// The median of the elements that are not NaN.
    public func nanMedian() -> Scalar { medianRows(allAxes, false, ignoringNaN: true).item() }

    /// The median of the elements that are not NaN, along an axis or several.
    public func nanMedian(axis: some ReductionAxes, keepingDimensions: Bool = false) -> NDArray {
        medianRows(normalizedAxes(axis._axisIndices), keepingDimensions, ignoringNaN: true)
    }

    /// The row-major index of the first largest element, ignoring NaN.
    ///
    /// - Precondition: an element that is not NaN exists.
    public func nanArgMax() -> Int { flattened().nanPlaces(0, false, largest: true).item() }

    /// The indices of the first largest elements, ignoring NaN, along an axis or several.
    ///
    /// - Precondition: every row has an element that is not NaN.
    public func nanArgMax(axis: Int, keepingDimensions: Bool = false) -> NDArray<Int> {
        nanPlaces(axis, keepingDimensions, largest: true)
    }

    /// The row-major index of the first smallest element, ignoring NaN.
    ///
    /// - Precondition: an element that is not NaN exists.
    public func nanArgMin() -> Int { flattened().nanPlaces(0, false, largest: false).item() }

    /// The indices of the first smallest elements, ignoring NaN, along an axis or several.
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

    /// The quantiles of the elements that are not NaN along an axis or several.
    public func nanQuantile(
        _ q: Double, axis: some ReductionAxes, method: QuantileMethod = .linear,
        keepingDimensions: Bool = false
    ) -> NDArray {
        quantileRows(
            checkedQuantiles([q]), normalizedAxes(axis._axisIndices), keepingDimensions, method,
            ignoringNaN: true)[0]
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

    /// The percentiles of the elements that are not NaN along an axis or several.
    public func nanPercentile(
        _ q: Double, axis: some ReductionAxes, method: QuantileMethod = .linear,
        keepingDimensions: Bool = false
    ) -> NDArray {
        quantileRows(
            checkedPercentiles([q]), normalizedAxes(axis._axisIndices), keepingDimensions, method,
            ignoringNaN: true)[0]
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
        (.!isNaN(self)).sum(axis: Array(axes), keepingDimensions: keeping).asType()
    }

    private func nanMeans(_ axes: Set<Int>, _ keeping: Bool) -> NDArray {
        filled(0).sum(axis: Array(axes), keepingDimensions: keeping) / numberCounts(axes, keeping)
    }

    private func nanSpreads(_ axes: Set<Int>, _ ddof: Int, _ keeping: Bool) -> NDArray {
        let deviations = NDArray.where(isNaN(self), 0, self - nanMeans(axes, true))
        let sums = square(deviations).sum(axis: Array(axes), keepingDimensions: keeping)
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
            ? filled(-.infinity).max(axis: all, keepingDimensions: keeping)
            : filled(.infinity).min(axis: all, keepingDimensions: keeping)
        return .where(isNaN(self).all(axis: all, keepingDimensions: keeping), Scalar.nan, found)
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
