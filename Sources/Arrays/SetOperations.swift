// Arrays as sets: the different elements, sorted, in one axis. NaN is equal to no other NaN but in `union`, which takes
// all of them as one (as `unique` does).

extension NDArray {
    /// The elements that both have (`np.intersect1d`).
    ///
    /// - Complexity: O((N + M) log(N + M)).
    public func intersection(_ other: NDArray) -> NDArray {
        let own = unique()
        return own[own.isIn(other)]
    }

    /// The elements that one or both have (`np.union1d`).
    ///
    /// - Complexity: O((N + M) log(N + M)).
    public func union(_ other: NDArray) -> NDArray {
        concatenate([flattened(), other.flattened()]).unique()
    }

    /// The elements that the other has not (`np.setdiff1d`).
    ///
    /// - Complexity: O((N + M) log(N + M)).
    public func subtracting(_ other: NDArray) -> NDArray {
        let own = unique()
        return own[own.isIn(other, inverted: true)]
    }

    /// The elements that exactly one has (`np.setxor1d`).
    ///
    /// - Complexity: O((N + M) log(N + M)).
    public func symmetricDifference(_ other: NDArray) -> NDArray {
        concatenate([subtracting(other), other.subtracting(self)]).sorted()
    }
}
