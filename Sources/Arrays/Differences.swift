// Differences of neighbouring entries, and integrals.

import Support

extension NDArray where Scalar: NumericScalar {
    /// The differences of neighbours along `axis`, `order` times over (`np.diff`).
    ///
    /// ```swift
    /// NDArray([1, 2, 4, 7]).differences()   // [1 2 3]
    /// ```
    ///
    /// - Parameters:
    ///   - order: the number of times that differences are taken.
    ///   - axis: the axis of the differences.
    ///   - prepended: entries put before the first; a 0-d array is one entry.
    ///   - appended: entries put after the last.
    /// - Precondition: at least one axis; order >= 0.
    public func differences(
        order: Int = 1, axis: Int = -1, prepending prepended: NDArray? = nil,
        appending appended: NDArray? = nil
    ) -> NDArray {
        require(order >= 0, "order must be non-negative but got \(order)")
        require(ndim > 0, "diff requires input that is at least one dimensional")
        let place = normalized(axis: axis, ndim: ndim)
        if order == 0 { return self }
        var single = shape
        single[place] = 1
        let parts = [prepended, self, appended].compactMap { part in
            part.map { $0.ndim == 0 ? $0.broadcast(to: single) : $0 }
        }
        var result = parts.count == 1 ? self : concatenate(parts, axis: place)
        let before = [ArrayIndex](repeating: .all, count: place)
        for _ in 0..<order {
            let length = result.shape[place]
            let later = result.view(before + [.slice(from: 1)])
            result = later - result.view(before + [.slice(to: Swift.max(length - 1, 0))])
        }
        return result
    }

    /// The differences of neighbours in row-major order, with optional elements at both ends (`np.ediff1d`).
    public func elementDifferences(beginning: NDArray? = nil, ending: NDArray? = nil) -> NDArray {
        let own = flattened().differences()
        return concatenate([beginning?.flattened(), own, ending?.flattened()].compactMap { $0 })
    }
}

extension NDArray {
    /// The integral along `axis` by trapezoids (`np.trapezoid`) between points that are `spacing` apart.
    ///
    /// - Precondition: at least one axis.
    public func trapezoid(spacing: Scalar.RealScalar = 1, axis: Int = -1) -> NDArray<Scalar.RealScalar> {
        let values = asType(Scalar.RealScalar.self)
        let place = normalized(axis: axis, ndim: ndim)
        let (later, earlier) = values.neighbours(place)
        return ((later + earlier) * spacing / 2).sum(axis: place)
    }

    /// The integral along `axis` by trapezoids (`np.trapezoid`) between the points `x`: one axis of them, or as many as the
    /// array has.
    ///
    /// - Precondition: at least one axis; the shapes fit.
    public func trapezoid(
        at x: NDArray<Scalar.RealScalar>, axis: Int = -1
    ) -> NDArray<Scalar.RealScalar> {
        let values = asType(Scalar.RealScalar.self)
        let place = normalized(axis: axis, ndim: ndim)
        var steps = x.ndim == 1 ? x.differences() : x.differences(axis: axis)
        if x.ndim == 1 {
            steps = steps.reshaped(to: shape.indices.map { $0 == place ? steps.count : 1 })
        }
        let (later, earlier) = values.neighbours(place)
        return (steps * (later + earlier) / 2).sum(axis: place)
    }

    /// All entries along `axis` but the first, and all but the last.
    private func neighbours(_ axis: Int) -> (later: NDArray, earlier: NDArray) {
        let before = [ArrayIndex](repeating: .all, count: axis)
        return (
            view(before + [.slice(from: 1)]),
            view(before + [.slice(to: Swift.max(shape[axis] - 1, 0))])
        )
    }
}

extension NDArray {
    /// The array turned by quarter turns in the plane of two axes, from the first to the second (`np.rot90`). No copy.
    ///
    /// ```swift
    /// NDArray([[1, 2], [3, 4]]).rotated()   // [[2 4]
    ///                                       //  [1 3]]
    /// ```
    ///
    /// - Precondition: two different axes that the array has.
    public func rotated(quarters: Int = 1, axes: (Int, Int) = (0, 1)) -> NDArray {
        require(axes.0 != axes.1 && abs(axes.0 - axes.1) != ndim, "Axes must be different.")
        require(
            [axes.0, axes.1].allSatisfy { $0 >= -ndim && $0 < ndim },
            "Axes=(\(axes.0), \(axes.1)) out of range for array of ndim=\(ndim).")
        switch ((quarters % 4) + 4) % 4 {
        case 0: return self
        case 1: return flipped(axis: axes.1).swappingAxes(axes.0, axes.1)
        case 2: return flipped(axis: axes.0).flipped(axis: axes.1)
        default: return swappingAxes(axes.0, axes.1).flipped(axis: axes.1)
        }
    }
}

/// The indices that sort by several keys (`np.lexsort`), along their last axis: by the last key, where that is equal by
/// the one before it, and so on; where all are equal the order stays.
///
/// ```swift
/// lexSorted([NDArray([1, 2, 1]), NDArray([5, 5, 4])])   // [2 0 1]
/// ```
///
/// - Precondition: at least one key; all of one shape.
/// - Complexity: O(K N log N).
public func lexSorted<Scalar>(_ keys: [NDArray<Scalar>]) -> NDArray<Int> {
    require(!keys.isEmpty, "need sequence of keys with len > 0 in lexsort")
    require(keys.allSatisfy { $0.shape == keys[0].shape }, "all keys need to be the same shape")
    var order = keys[0].argSorted()
    for key in keys.dropFirst() {
        let next = key.takingAlongAxis(order, axis: -1).argSorted()
        order = order.takingAlongAxis(next, axis: -1)
    }
    return order
}
