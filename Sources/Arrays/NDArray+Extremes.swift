import CKernels

extension NDArray where Scalar: NumericScalar {
    /// The largest element; NaN if there is one.
    ///
    /// - Precondition: not empty.
    public func max() -> Scalar { extreme(CK_LARGEST, allAxes, keeping: false).item() }

    /// The smallest element; NaN if there is one.
    ///
    /// - Precondition: not empty.
    public func min() -> Scalar { extreme(CK_SMALLEST, allAxes, keeping: false).item() }

    /// The largest elements along one axis.
    ///
    /// - Precondition: the axis is not empty.
    public func max(axis: Int, keepingDimensions: Bool = false) -> NDArray {
        extreme(CK_LARGEST, normalizedAxes([axis]), keeping: keepingDimensions)
    }

    /// The smallest elements along one axis.
    ///
    /// - Precondition: the axis is not empty.
    public func min(axis: Int, keepingDimensions: Bool = false) -> NDArray {
        extreme(CK_SMALLEST, normalizedAxes([axis]), keeping: keepingDimensions)
    }

    /// The largest elements along several axes.
    public func max(axes: [Int], keepingDimensions: Bool = false) -> NDArray {
        extreme(CK_LARGEST, normalizedAxes(axes), keeping: keepingDimensions)
    }

    /// The smallest elements along several axes.
    public func min(axes: [Int], keepingDimensions: Bool = false) -> NDArray {
        extreme(CK_SMALLEST, normalizedAxes(axes), keeping: keepingDimensions)
    }

    /// The row-major place of the first largest element; NaN counts as largest.
    ///
    /// - Precondition: not empty.
    public func argMax() -> Int { place(smallest: false) }

    /// The row-major place of the first smallest element; NaN counts as smallest.
    ///
    /// - Precondition: not empty.
    public func argMin() -> Int { place(smallest: true) }

    /// The places of the first largest elements along one axis.
    public func argMax(axis: Int, keepingDimensions: Bool = false) -> NDArray<Int> {
        places(axis, smallest: false, keeping: keepingDimensions)
    }

    /// The places of the first smallest elements along one axis.
    public func argMin(axis: Int, keepingDimensions: Bool = false) -> NDArray<Int> {
        places(axis, smallest: true, keeping: keepingDimensions)
    }

    private func extreme(_ reduction: Int, _ axes: Set<Int>, keeping: Bool) -> NDArray {
        let name = reduction == CK_LARGEST ? "maximum" : "minimum"
        require(
            axes.allSatisfy { shape[$0] > 0 },
            "zero-size array to reduction operation \(name) which has no identity")
        return reduced(reduction, axes, keeping: keeping)
    }

    private func place(smallest: Bool) -> Int {
        flattened().places(0, smallest: smallest, keeping: false).item()
    }

    private func places(_ axis: Int, smallest: Bool, keeping: Bool) -> NDArray<Int> {
        let axis = normalized(axis: axis, ndim: ndim)
        require(
            shape[axis] > 0, "attempt to get \(smallest ? "argmin" : "argmax") of an empty sequence")
        return withPlanes(axis) { elements, outer, count, inner in
            NDArray<Int>(shape: reducedShape([axis], keeping: keeping)) { target in
                target.withMemoryRebound(to: Int64.self) { target in
                    ck_arg_extreme(
                        Scalar.kernelType, smallest ? 1 : 0, outer, count, inner, elements.baseAddress,
                        target.baseAddress)
                }
            }
        }
    }
}
