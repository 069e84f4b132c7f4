import CKernels
import Support

// The largest and smallest elements and their indices. NaN wins; of equal zeros the one that NumPy returns.
//
// `initial` is a further element. `where` (a mask that broadcasts to the array) leaves out the elements at which it is
// false, and needs an initial one.

extension NDArray {
    /// The largest element; NaN if there is one.
    ///
    /// - Precondition: not empty, unless there is an initial one.
    public func max(initial: Scalar? = nil, where mask: NDArray<Bool>? = nil) -> Scalar {
        extreme(CK_LARGEST, allAxes, false, initial, mask).item()
    }

    /// The smallest element; NaN if there is one.
    ///
    /// - Precondition: not empty, unless there is an initial one.
    public func min(initial: Scalar? = nil, where mask: NDArray<Bool>? = nil) -> Scalar {
        extreme(CK_SMALLEST, allAxes, false, initial, mask).item()
    }

    /// The largest elements along an axis or several.
    ///
    /// - Precondition: the axis is not empty, unless there is an initial element.
    public func max(
        axis: some ReductionAxes, keepingDimensions: Bool = false, initial: Scalar? = nil,
        where mask: NDArray<Bool>? = nil
    ) -> NDArray {
        extreme(CK_LARGEST, reductionAxes(axis), keepingDimensions, initial, mask)
    }

    /// The smallest elements along an axis or several.
    ///
    /// - Precondition: the axis is not empty, unless there is an initial element.
    public func min(
        axis: some ReductionAxes, keepingDimensions: Bool = false, initial: Scalar? = nil,
        where mask: NDArray<Bool>? = nil
    ) -> NDArray {
        extreme(CK_SMALLEST, reductionAxes(axis), keepingDimensions, initial, mask)
    }

    /// The row-major index of the first largest element; NaN counts as largest.
    ///
    /// - Precondition: not empty.
    public func argMax() -> Int { place(smallest: false) }

    /// The row-major index of the first smallest element; NaN counts as smallest.
    ///
    /// - Precondition: not empty.
    public func argMin() -> Int { place(smallest: true) }

    /// The indices of the first largest elements along an axis or several.
    public func argMax(axis: Int, keepingDimensions: Bool = false) -> NDArray<Int> {
        places(axis, smallest: false, keeping: keepingDimensions)
    }

    /// The indices of the first smallest elements along an axis or several.
    public func argMin(axis: Int, keepingDimensions: Bool = false) -> NDArray<Int> {
        places(axis, smallest: true, keeping: keepingDimensions)
    }

    private func extreme(
        _ reduction: Int, _ axes: Set<Int>, _ keeping: Bool, _ initial: Scalar?, _ mask: NDArray<Bool>?
    ) -> NDArray {
        let name = reduction == CK_LARGEST ? "maximum" : "minimum"
        guard let initial else {
            require(
                mask == nil,
                "reduction operation '\(name)' does not have an identity, so to use a where mask one has to "
                    + "specify 'initial'")
            require(
                axes.allSatisfy { shape[$0] > 0 },
                "zero-size array to reduction operation \(name) which has no identity")
            return reduced(reduction, axes, keeping: keeping)
        }
        if axes.contains(where: { shape[$0] == 0 }) {
            return .full(shape: reducedShape(axes, keeping: keeping), initial)
        }
        let found = selected(self, mask, otherwise: initial).reduced(reduction, axes, keeping: keeping)
        return .binary(reduction == CK_LARGEST ? CK_MAX : CK_MIN, initial, found)
    }

    private func place(smallest: Bool) -> Int {
        flattened().places(0, smallest: smallest, keeping: false).item()
    }

    private func places(_ axis: Int, smallest: Bool, keeping: Bool) -> NDArray<Int> {
        // A 0-d array counts as one of one axis, as in NumPy.
        if ndim == 0 {
            return flattened().places(axis, smallest: smallest, keeping: false)
        }
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
