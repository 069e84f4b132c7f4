// Weighted means, spans, covariances.

import Support

extension NDArray {
    /// The mean with weights of the array's shape (`np.average`): the sum of x w over that of w.
    ///
    /// ```swift
    /// NDArray([1, 2, 6]).average(weights: NDArray([1.0, 1, 2]))   // 3.75
    /// ```
    ///
    /// - Precondition: the weights have the array's shape and do not sum to 0.
    public func average<Weight>(weights: NDArray<Weight>) -> Double {
        require(
            weights.shape == shape, "Axis must be specified when shapes of a and weights differ.")
        return averaged(weights.asType(), allAxes, false).item()
    }

    /// The means along an axis or several, with weights of the array's shape or of those axes' lengths, in their order.
    ///
    /// - Precondition: no weights that sum to 0.
    public func average<Weight>(
        axis: some ReductionAxes, weights: NDArray<Weight>, keepingDimensions: Bool = false
    ) -> NDArray<Double> {
        let axes = axis._axisIndices
        let wanted = normalizedAxes(axes)
        var weights = weights.asType(Double.self)
        if weights.shape != shape {
            let order = axes.map { normalized(axis: $0, ndim: ndim) }
            require(
                weights.shape == order.map { shape[$0] },
                "Shape of weights must be consistent with shape of a along specified axis.")
            // Their axes in the array's order, and length 1 for the others.
            let sorted = order.indices.sorted { order[$0] < order[$1] }
            weights = weights.permuted(sorted)
                .reshaped(to: shape.indices.map { wanted.contains($0) ? shape[$0] : 1 })
        }
        return averaged(weights, wanted, keepingDimensions)
    }

    private func averaged(
        _ weights: NDArray<Double>, _ axes: Set<Int>, _ keeping: Bool
    ) -> NDArray<Double> {
        let all = Array(axes)
        let sums = weights.broadcast(to: shape).sum(axis: all, keepingDimensions: keeping)
        require((sums .!= 0).all(), "Weights sum to zero, can't be normalized")
        return (asType(Double.self) * weights).sum(axis: all, keepingDimensions: keeping) / sums
    }
}

extension NDArray where Scalar: NumericScalar {
    /// The largest element less the smallest (`np.ptp`).
    ///
    /// - Precondition: not empty.
    public func peakToPeak() -> Scalar { (NDArray(max()) - NDArray(min())).item() }

    /// The largest element less the smallest along an axis or several.
    public func peakToPeak(axis: some ReductionAxes, keepingDimensions: Bool = false) -> NDArray {
        max(axis: axis, keepingDimensions: keepingDimensions)
            - min(axis: axis, keepingDimensions: keepingDimensions)
    }
}

extension NDArray {
    /// The covariance matrix (`np.cov`) of V variables with N observations: (V, N), or (N, V) with `rowsAreVariables`
    /// false, to (V, V); 0-d for one variable that is a vector. In double precision.
    ///
    /// - Parameters:
    ///   - rowsAreVariables: whether each row is a variable, else each column.
    ///   - ddof: the number subtracted from the count of observations; 1 makes the estimate unbiased.
    /// - Precondition: at most two axes.
    /// - Complexity: O(V^2 N).
    public func covariance(rowsAreVariables: Bool = true, ddof: Int = 1) -> NDArray<Double> {
        require(ndim <= 2, "m has more than 2 dimensions")
        var rows = asType(Double.self)
        if ndim < 2 { rows = rows.reshaped(1, count) } else if !rowsAreVariables { rows = rows.T }
        guard rows.shape[0] > 0 else { return .zeros(0, 0) }
        let centred = rows - rows.mean(axis: 1, keepingDimensions: true)
        // Fewer observations than are taken off leave infinities or NaN, as in NumPy.
        let matrix = dot(centred, centred.T) / Double(Swift.max(rows.shape[1] - ddof, 0))
        return matrix.squeezed()
    }

    /// The matrix of Pearson's correlation coefficients (`np.corrcoef`), from -1 to 1: shapes as `covariance`'s.
    ///
    /// - Precondition: at most two axes.
    /// - Complexity: O(V^2 N).
    public func correlation(rowsAreVariables: Bool = true) -> NDArray<Double> {
        let covariances = covariance(rowsAreVariables: rowsAreVariables)
        guard covariances.ndim == 2 else { return covariances / covariances }
        let deviations = sqrt(covariances.diagonal())
        let scaled = covariances / deviations.expandingDimensions(at: 1) / deviations
        return scaled.clipped(to: -1...1)
    }
}
