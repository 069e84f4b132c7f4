import CKernels

// Sums, products, means and spreads. Without an axis the result is a scalar; with one, an array without that axis
// (or with length 1 there, keepingDimensions). Integers and truth values are summed as `Int` and averaged as
// `Double`; floating point stays in its own type and is added in NumPy's order, bit for bit.

extension NDArray {
    /// The sum of all elements.
    ///
    /// - Complexity: O(count).
    public func sum() -> Scalar.SumScalar {
        if let mask = self as? NDArray<Bool>, let count = mask.countNonzero() as? Scalar.SumScalar {
            return count
        }
        return asType(Scalar.SumScalar.self).reduced(CK_SUM, allAxes, keeping: false).item()
    }

    /// The sums along one axis: (..., N, ...) to (..., ...).
    public func sum(axis: Int, keepingDimensions: Bool = false) -> NDArray<Scalar.SumScalar> {
        sum(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// The sums along several axes.
    public func sum(axes: [Int], keepingDimensions: Bool = false) -> NDArray<Scalar.SumScalar> {
        asType(Scalar.SumScalar.self)
            .reduced(CK_SUM, normalizedAxes(axes), keeping: keepingDimensions)
    }

    /// The product of all elements.
    public func product() -> Scalar.SumScalar {
        asType(Scalar.SumScalar.self).reduced(CK_PRODUCT, allAxes, keeping: false).item()
    }

    /// The products along one axis.
    public func product(axis: Int, keepingDimensions: Bool = false) -> NDArray<Scalar.SumScalar> {
        asType(Scalar.SumScalar.self)
            .reduced(CK_PRODUCT, normalizedAxes([axis]), keeping: keepingDimensions)
    }

    /// The running sums along `axis`; of all elements in row-major order without one (`np.cumsum`).
    public func cumulativeSum(axis: Int? = nil) -> NDArray<Scalar.SumScalar> {
        guard let axis else { return flattened().cumulativeSum(axis: 0) }
        let place = normalized(axis: axis, ndim: ndim)
        return asType(Scalar.SumScalar.self).withPlanes(place) { elements, outer, count, inner in
            NDArray<Scalar.SumScalar>(shape: shape) { target in
                ck_cumulative_sum(
                    Scalar.SumScalar.kernelType, outer, count, inner, elements.baseAddress, target.baseAddress
                )
            }
        }
    }

    /// The mean of all elements; NaN for none.
    public func mean() -> Scalar.RealScalar {
        asType(Scalar.RealScalar.self).reduced(CK_SUM, allAxes, keeping: false).item()
            / Scalar.RealScalar(count)
    }

    /// The means along one axis.
    public func mean(axis: Int, keepingDimensions: Bool = false) -> NDArray<Scalar.RealScalar> {
        mean(axes: [axis], keepingDimensions: keepingDimensions)
    }

    /// The means along several axes.
    public func mean(axes: [Int], keepingDimensions: Bool = false) -> NDArray<Scalar.RealScalar> {
        let axes = normalizedAxes(axes)
        let length = axes.reduce(1) { $0 * shape[$1] }
        return asType(Scalar.RealScalar.self).reduced(CK_SUM, axes, keeping: keepingDimensions)
            / Scalar.RealScalar(length)
    }

    /// The variance of all elements: the mean of (x - mean)^2, or that sum over count - `ddof`.
    public func variance(ddof: Int = 0) -> Scalar.RealScalar {
        spread(allAxes, ddof: ddof, keeping: false).item()
    }

    /// The variances along one axis.
    public func variance(axis: Int, ddof: Int = 0, keepingDimensions: Bool = false) -> NDArray<
        Scalar.RealScalar
    > {
        spread(normalizedAxes([axis]), ddof: ddof, keeping: keepingDimensions)
    }

    /// The standard deviation of all elements.
    public func std(ddof: Int = 0) -> Scalar.RealScalar { variance(ddof: ddof).squareRoot() }

    /// The standard deviations along one axis.
    public func std(axis: Int, ddof: Int = 0, keepingDimensions: Bool = false) -> NDArray<Scalar.RealScalar> {
        sqrt(variance(axis: axis, ddof: ddof, keepingDimensions: keepingDimensions))
    }

    private func spread(_ axes: Set<Int>, ddof: Int, keeping: Bool) -> NDArray<Scalar.RealScalar> {
        let length = axes.reduce(1) { $0 * shape[$1] }
        let values = asType(Scalar.RealScalar.self)
        let mean = values.reduced(CK_SUM, axes, keeping: true) / Scalar.RealScalar(length)
        var squares = values - mean
        NDArray<Scalar.RealScalar>.update(CK_SQUARE, &squares)
        return squares.reduced(CK_SUM, axes, keeping: keeping)
            / Scalar.RealScalar(Swift.max(length - ddof, 0))
    }
}

extension NDArray {
    /// How many elements are not zero (`np.count_nonzero`).
    public func countNonzero() -> Int {
        asType(Bool.self).withUnsafeElements { elements in
            elements.withMemoryRebound(to: UInt8.self) { Int(ck_count_nonzero($0.count, $0.baseAddress)) }
        }
    }

    /// Whether any element is not zero.
    public func any() -> Bool { countNonzero() > 0 }

    /// Whether no element is zero; true for none.
    public func all() -> Bool { countNonzero() == count }

    /// Whether any element along the axis is not zero.
    public func any(axis: Int, keepingDimensions: Bool = false) -> NDArray<Bool> {
        asType(Bool.self).sum(axis: axis, keepingDimensions: keepingDimensions) .> 0
    }

    /// Whether no element along the axis is zero.
    public func all(axis: Int, keepingDimensions: Bool = false) -> NDArray<Bool> {
        asType(Bool.self).sum(axis: axis, keepingDimensions: keepingDimensions)
            .== shape[normalized(axis: axis, ndim: ndim)]
    }
}
