import CKernels
import Support

// Searching: insertion indices in sorted arrays, non-zero elements, members.

/// The side of equal elements on which a value is inserted.
public enum SearchSide: Sendable {
    /// Before equal elements.
    case left
    /// After equal elements.
    case right
}

extension NDArray {
    /// The insertion index of each value in this sorted array (`np.searchsorted`): the number of elements that are
    /// smaller (`.left`), or not larger (`.right`). NaN comes last.
    ///
    /// ```swift
    /// NDArray([1, 2, 2, 3]).searchSorted(NDArray([2, 9]))   // [1 4]
    /// ```
    ///
    /// - Parameters:
    ///   - values: the values to insert.
    ///   - side: the side of equal elements on which they are inserted.
    ///   - sorter: the indices that sort this array (`argSorted()`), if it is not sorted itself.
    /// - Precondition: one axis.
    /// - Complexity: O(M log N) for M values.
    public func searchSorted(
        _ values: NDArray, side: SearchSide = .left, sorter: NDArray<Int>? = nil
    ) -> NDArray<Int> {
        require(ndim == 1, "object too deep for desired array")
        var sorted = self
        if let sorter {
            require(sorter.shape == shape, "sorter.size must equal a.size")
            require(sorter.elements.allSatisfy { $0 >= 0 && $0 < count }, "Sorter index out of range.")
            sorted = taking(sorter.elements)
        }
        return sorted.withUnsafeElements { sorted in
            values.withUnsafeElements { wanted in
                NDArray<Int>(shape: values.shape) { target in
                    target.withMemoryRebound(to: Int64.self) { target in
                        ck_search_sorted(
                            Scalar.kernelType, sorted.count, sorted.baseAddress, wanted.count,
                            wanted.baseAddress, side == .right ? 1 : 0, target.baseAddress)
                    }
                }
            }
        }
    }

    /// The insertion index of a value in this sorted array.
    public func searchSorted(_ value: Scalar, side: SearchSide = .left, sorter: NDArray<Int>? = nil) -> Int {
        searchSorted(NDArray(value), side: side, sorter: sorter).item()
    }

    /// The bin index of each element (`np.digitize`): the number of edges that are at most the element, or, with
    /// `rightClosed`, less than it. Descending edges count from the other end.
    ///
    /// - Precondition: edges of one axis, ascending or descending.
    /// - Complexity: O(count log K) for K edges.
    public func digitized(by edges: NDArray, rightClosed: Bool = false) -> NDArray<Int> {
        require(
            edges.ndim == 1,
            edges.ndim == 0
                ? "object of too small depth for desired array" : "object too deep for desired array")
        let lower = edges[..<Swift.max(0, edges.count - 1)]
        let upper = edges[Swift.min(1, edges.count)...]
        let side: SearchSide = rightClosed ? .left : .right
        if (lower .<= upper).all() { return edges.searchSorted(self, side: side) }
        require((lower .>= upper).all(), "bins must be monotonically increasing or decreasing")
        return edges.count - edges.flipped().searchSorted(self, side: side)
    }

    /// Tests elements for membership in `values` (`np.isin`), or, inverted, for its absence. NaN is not equal to NaN.
    ///
    /// - Complexity: O((count + M) log M) for M values.
    public func isIn(_ values: NDArray, inverted: Bool = false) -> NDArray<Bool> {
        guard values.count > 0 else { return .full(shape: shape, inverted) }
        let sorted = values.flattened().sorted()
        let places = minimum(sorted.searchSorted(self), sorted.count - 1)
        let found = sorted[places].reshaped(to: shape)
        return inverted ? self .!= found : self .== found
    }

    /// The indices of the non-zero elements, one in a row: (M, ndim) (`np.argwhere`).
    public func argWhere() -> NDArray<Int> {
        guard ndim > 0 else { return NDArray<Int>.zeros(countNonzero(), 0) }
        return stack(nonzero(), axis: 1)
    }

    /// The row-major indices of the non-zero elements (`np.flatnonzero`).
    public func flatNonzero() -> NDArray<Int> { flattened().nonzero()[0] }
}
