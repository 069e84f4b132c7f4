// Arrays as sets: the distinct elements, sorted, in one axis. NaN is equal to no other NaN but in `union`, which takes
// all of them as one (as `unique` does).

extension NDArray {
    /// The intersection of both arrays (`np.intersect1d`).
    ///
    /// - Complexity: O((N + M) log(N + M)).
    public func intersection(_ other: NDArray) -> NDArray {
        let own = unique()
        return own[own.isIn(other)]
    }

    /// The union of both arrays (`np.union1d`).
    ///
    /// - Complexity: O((N + M) log(N + M)).
    public func union(_ other: NDArray) -> NDArray {
        concatenate([flattened(), other.flattened()]).unique()
    }

    /// The difference: the elements that are not in the other array (`np.setdiff1d`).
    ///
    /// - Complexity: O((N + M) log(N + M)).
    public func subtracting(_ other: NDArray) -> NDArray {
        let own = unique()
        return own[own.isIn(other, inverted: true)]
    }

    /// The symmetric difference of both arrays (`np.setxor1d`).
    ///
    /// - Complexity: O((N + M) log(N + M)).
    public func symmetricDifference(_ other: NDArray) -> NDArray {
        concatenate([subtracting(other), other.subtracting(self)]).sorted()
    }
}
