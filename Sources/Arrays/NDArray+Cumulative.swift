import CKernels
import Support

// Running sums, products and extremes: the result has the array's shape; of all elements in row-major order, and one
// axis, when none is given.

extension NDArray {
    /// The running sums along `axis`; of all elements in row-major order without one (`np.cumsum`).
    ///
    /// - Complexity: O(count).
    public func cumulativeSum(axis: Int? = nil) -> NDArray<Scalar.SumScalar> {
        asType(Scalar.SumScalar.self).accumulated(CK_SUM, axis)
    }

    /// The running products along `axis`; of all elements in row-major order without one (`np.cumprod`).
    ///
    /// ```swift
    /// NDArray([2, 3, 4]).cumulativeProduct()   // [ 2  6 24]
    /// ```
    public func cumulativeProduct(axis: Int? = nil) -> NDArray<Scalar.SumScalar> {
        asType(Scalar.SumScalar.self).accumulated(CK_PRODUCT, axis)
    }

    /// The largest element so far along `axis` (`np.maximum.accumulate`); NaN stays.
    ///
    /// - Precondition: at least one axis.
    public func cumulativeMaximum(axis: Int = 0) -> NDArray {
        require(ndim > 0, "cannot accumulate on a scalar")
        return accumulated(CK_LARGEST, axis)
    }

    /// The smallest element so far along `axis` (`np.minimum.accumulate`); NaN stays.
    ///
    /// - Precondition: at least one axis.
    public func cumulativeMinimum(axis: Int = 0) -> NDArray {
        require(ndim > 0, "cannot accumulate on a scalar")
        return accumulated(CK_SMALLEST, axis)
    }

    private func accumulated(_ reduction: Int, _ axis: Int?) -> NDArray {
        // A 0-d array counts as one of one axis, as in NumPy.
        guard let axis, ndim > 0 else {
            let flat = flattened()
            return flat.accumulated(reduction, normalized(axis: axis ?? 0, ndim: 1))
        }
        let place = normalized(axis: axis, ndim: ndim)
        return withPlanes(place) { elements, outer, count, inner in
            NDArray(shape: shape) { target in
                ck_cumulative(
                    Scalar.kernelType, Int32(reduction), outer, count, inner, elements.baseAddress,
                    target.baseAddress)
            }
        }
    }
}
