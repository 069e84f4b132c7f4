import CKernels

// Counts and tests of non-zero elements.

extension NDArray {
    /// The number of non-zero elements (`np.count_nonzero`).
    public func countNonzero() -> Int {
        asType(Bool.self).withUnsafeElements { elements in
            elements.withMemoryRebound(to: UInt8.self) { ck_count_nonzero($0.count, $0.baseAddress) }
        }
    }

    /// The number of non-zero elements along an axis or several.
    public func countNonzero(axis: some ReductionAxes, keepingDimensions: Bool = false) -> NDArray<Int> {
        asType(Bool.self).sum(axis: axis, keepingDimensions: keepingDimensions)
    }

    /// Returns whether any element (of those that `where` selects) is not zero.
    public func any(where mask: NDArray<Bool>? = nil) -> Bool {
        selected(asType(Bool.self), mask, otherwise: false).countNonzero() > 0
    }

    /// Returns whether all elements (of those that `where` selects) are non-zero; true for none.
    public func all(where mask: NDArray<Bool>? = nil) -> Bool {
        selected(asType(Bool.self), mask, otherwise: true).countNonzero() == count
    }

    /// Tests whether any element along the axis is not zero.
    public func any(
        axis: some ReductionAxes, keepingDimensions: Bool = false, where mask: NDArray<Bool>? = nil
    ) -> NDArray<Bool> {
        anyNonzero(reductionAxes(axis), keepingDimensions, mask)
    }

    /// Tests whether all elements along the axis are non-zero.
    public func all(
        axis: some ReductionAxes, keepingDimensions: Bool = false, where mask: NDArray<Bool>? = nil
    ) -> NDArray<Bool> {
        noZero(reductionAxes(axis), keepingDimensions, mask)
    }

    private func anyNonzero(_ axes: Set<Int>, _ keeping: Bool, _ mask: NDArray<Bool>?) -> NDArray<Bool> {
        selected(asType(Bool.self), mask, otherwise: false).asType(Int.self)
            .reduced(CK_SUM, axes, keeping: keeping) .> 0
    }

    private func noZero(_ axes: Set<Int>, _ keeping: Bool, _ mask: NDArray<Bool>?) -> NDArray<Bool> {
        selected(asType(Bool.self), mask, otherwise: true).asType(Int.self)
            .reduced(CK_SUM, axes, keeping: keeping) .== axes.reduce(1) { $0 * shape[$1] }
    }
}
