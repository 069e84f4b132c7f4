import CKernels

// Counting what is not zero.

extension NDArray {
    /// How many elements are not zero (`np.count_nonzero`).
    public func countNonzero() -> Int {
        asType(Bool.self).withUnsafeElements { elements in
            elements.withMemoryRebound(to: UInt8.self) { ck_count_nonzero($0.count, $0.baseAddress) }
        }
    }

    /// How many elements along the axis are not zero.
    public func countNonzero(axis: Int, keepingDimensions: Bool = false) -> NDArray<Int> {
        asType(Bool.self).sum(axis: axis, keepingDimensions: keepingDimensions)
    }

    /// How many elements along several axes are not zero.
    public func countNonzero(axes: [Int], keepingDimensions: Bool = false) -> NDArray<Int> {
        asType(Bool.self).sum(axes: axes, keepingDimensions: keepingDimensions)
    }

    /// Whether any element (that `where` chooses) is not zero.
    public func any(where mask: NDArray<Bool>? = nil) -> Bool {
        selected(asType(Bool.self), mask, otherwise: false).countNonzero() > 0
    }

    /// Whether no element (that `where` chooses) is zero; true for none.
    public func all(where mask: NDArray<Bool>? = nil) -> Bool {
        selected(asType(Bool.self), mask, otherwise: true).countNonzero() == count
    }

    /// Whether any element along the axis is not zero.
    public func any(
        axis: Int, keepingDimensions: Bool = false, where mask: NDArray<Bool>? = nil
    ) -> NDArray<Bool> {
        anyNonzero(reductionAxes(axis), keepingDimensions, mask)
    }

    /// Whether any element along several axes is not zero.
    public func any(
        axes: [Int], keepingDimensions: Bool = false, where mask: NDArray<Bool>? = nil
    ) -> NDArray<Bool> {
        anyNonzero(normalizedAxes(axes), keepingDimensions, mask)
    }

    /// Whether no element along the axis is zero.
    public func all(
        axis: Int, keepingDimensions: Bool = false, where mask: NDArray<Bool>? = nil
    ) -> NDArray<Bool> {
        noZero(reductionAxes(axis), keepingDimensions, mask)
    }

    /// Whether no element along several axes is zero.
    public func all(
        axes: [Int], keepingDimensions: Bool = false, where mask: NDArray<Bool>? = nil
    ) -> NDArray<Bool> {
        noZero(normalizedAxes(axes), keepingDimensions, mask)
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
