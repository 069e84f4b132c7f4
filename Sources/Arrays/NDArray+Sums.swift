import CKernels

// Sums, products, means and spreads. Without an axis the result is a scalar; with one, an array without that axis (or
// with length 1 there, keepingDimensions). Integers and Booleans are summed as `Int` and averaged as `Double`; floating
// point stays in its own type and is added in NumPy's order, bit for bit.
//
// `initial` is a further term or factor. `where` (a mask that broadcasts to the array) leaves out the elements at which
// it is false.

extension NDArray {
    /// The sum of all elements.
    ///
    /// - Complexity: O(count).
    public func sum(initial: Scalar.SumScalar? = nil, where mask: NDArray<Bool>? = nil) -> Scalar.SumScalar {
        if initial == nil, mask == nil, let truths = self as? NDArray<Bool>,
            let count = truths.countNonzero() as? Scalar.SumScalar
        {
            return count
        }
        return folded(.sum, allAxes, false, initial, mask).item()
    }

    /// The sums along an axis or several: (..., N, ...) to (..., ...).
    public func sum(
        axis: some ReductionAxes, keepingDimensions: Bool = false, initial: Scalar.SumScalar? = nil,
        where mask: NDArray<Bool>? = nil
    ) -> NDArray<Scalar.SumScalar> {
        folded(.sum, reductionAxes(axis), keepingDimensions, initial, mask)
    }

    /// The product of all elements.
    public func product(
        initial: Scalar.SumScalar? = nil, where mask: NDArray<Bool>? = nil
    ) -> Scalar.SumScalar {
        folded(.product, allAxes, false, initial, mask).item()
    }

    /// The products along an axis or several.
    public func product(
        axis: some ReductionAxes, keepingDimensions: Bool = false, initial: Scalar.SumScalar? = nil,
        where mask: NDArray<Bool>? = nil
    ) -> NDArray<Scalar.SumScalar> {
        folded(.product, reductionAxes(axis), keepingDimensions, initial, mask)
    }

    private enum Fold { case sum, product }

    private func folded(
        _ fold: Fold, _ axes: Set<Int>, _ keeping: Bool, _ initial: Scalar.SumScalar?, _ mask: NDArray<Bool>?
    ) -> NDArray<Scalar.SumScalar> {
        typealias Sum = Scalar.SumScalar
        let neutral = fold == .sum ? Sum.zeroScalar : Sum.oneScalar
        let terms = selected(asType(Sum.self), mask, otherwise: neutral)
        let result = terms.reduced(fold == .sum ? CK_SUM : CK_PRODUCT, axes, keeping: keeping)
        guard let initial else { return result }
        return fold == .sum ? initial + result : initial * result
    }

    /// `values` where the mask is true, `otherwise` elsewhere.
    func selected<Value>(
        _ values: NDArray<Value>, _ mask: NDArray<Bool>?, otherwise: Value
    ) -> NDArray<Value> {
        guard let mask else { return values }
        return .where(mask.broadcast(to: shape), values, otherwise)
    }
}

extension NDArray {
    /// The mean of all elements; NaN for none.
    public func mean(where mask: NDArray<Bool>? = nil) -> Scalar.RealScalar {
        guard mask != nil else {
            return asType(Scalar.RealScalar.self).reduced(CK_SUM, allAxes, keeping: false).item()
                / Scalar.RealScalar(count)
        }
        return averaged(allAxes, false, mask).item()
    }

    /// The means along an axis or several.
    public func mean(
        axis: some ReductionAxes, keepingDimensions: Bool = false, where mask: NDArray<Bool>? = nil
    ) -> NDArray<Scalar.RealScalar> {
        averaged(axes(of: axis, mask), keepingDimensions, mask)
    }

    /// The variance of all elements: the mean of (x - mean)^2, or that sum over count - `ddof`.
    public func variance(ddof: Int = 0, where mask: NDArray<Bool>? = nil) -> Scalar.RealScalar {
        spread(allAxes, ddof, false, mask).item()
    }

    /// The variances along an axis or several.
    public func variance(
        axis: some ReductionAxes, ddof: Int = 0, keepingDimensions: Bool = false,
        where mask: NDArray<Bool>? = nil
    ) -> NDArray<Scalar.RealScalar> {
        spread(axes(of: axis, mask), ddof, keepingDimensions, mask)
    }

    /// The standard deviation of all elements.
    public func std(ddof: Int = 0, where mask: NDArray<Bool>? = nil) -> Scalar.RealScalar {
        variance(ddof: ddof, where: mask).squareRoot()
    }

    /// The standard deviations along an axis or several.
    public func std(
        axis: some ReductionAxes, ddof: Int = 0, keepingDimensions: Bool = false,
        where mask: NDArray<Bool>? = nil
    ) -> NDArray<Scalar.RealScalar> {
        sqrt(variance(axis: axis, ddof: ddof, keepingDimensions: keepingDimensions, where: mask))
    }

    /// The axis of a mean. A 0-d array has none, unless there is a mask, as in NumPy, which counts by a sum then.
    private func axes(of axis: some ReductionAxes, _ mask: NDArray<Bool>?) -> Set<Int> {
        mask == nil ? normalizedAxes(axis._axisIndices) : reductionAxes(axis)
    }

    private func averaged(
        _ axes: Set<Int>, _ keeping: Bool, _ mask: NDArray<Bool>?
    ) -> NDArray<Scalar.RealScalar> {
        typealias Real = Scalar.RealScalar
        let sums = selected(asType(Real.self), mask, otherwise: 0).reduced(CK_SUM, axes, keeping: keeping)
        guard let mask else { return sums / Real(axes.reduce(1) { $0 * shape[$1] }) }
        return sums / counts(mask, axes, keeping)
    }

    private func spread(
        _ axes: Set<Int>, _ ddof: Int, _ keeping: Bool, _ mask: NDArray<Bool>?
    ) -> NDArray<Scalar.RealScalar> {
        typealias Real = Scalar.RealScalar
        var squares = asType(Real.self) - averaged(axes, true, mask)
        NDArray<Real>.update(CK_SQUARE, &squares)
        let sums = selected(squares, mask, otherwise: 0).reduced(CK_SUM, axes, keeping: keeping)
        guard let mask else {
            return sums / Real(Swift.max(axes.reduce(1) { $0 * shape[$1] } - ddof, 0))
        }
        return sums / maximum(counts(mask, axes, keeping) - Real(ddof), 0)
    }

    /// The number of elements that the mask selects along the axes.
    private func counts(_ mask: NDArray<Bool>, _ axes: Set<Int>, _ keeping: Bool) -> NDArray<
        Scalar.RealScalar
    > {
        mask.broadcast(to: shape).asType(Int.self).reduced(CK_SUM, axes, keeping: keeping).asType()
    }
}
