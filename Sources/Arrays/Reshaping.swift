// Shapes by other rules than `reshaped`: by columns, by repeating, by removing and putting in.

import Support

/// The order of elements: the index that changes fastest.
public enum ElementOrder: Sendable {
    /// The last one (NumPy's "C").
    case rowMajor
    /// The first one (NumPy's "F").
    case columnMajor
}

extension NDArray {
    /// All elements as one vector, counted in this order; `np.ravel(a, order)`.
    ///
    /// - Complexity: O(count), O(1) for contiguous rows.
    public func flattened(order: ElementOrder) -> NDArray {
        order == .rowMajor ? flattened() : transposed().flattened()
    }

    /// The elements in another shape, taken and placed in this order; `np.reshape(a, shape, order)`.
    ///
    /// - Precondition: the counts are the same; at most one -1, which is inferred.
    public func reshaped(to shape: [Int], order: ElementOrder) -> NDArray {
        order == .rowMajor ? reshaped(to: shape) : transposed().reshaped(to: shape.reversed()).transposed()
    }

    /// The elements in row-major order, from the beginning again when they are used up; `np.resize(a, shape)`. An empty
    /// array gives zeros.
    ///
    /// - Precondition: no length is negative.
    public func resized(_ shape: Int...) -> NDArray {
        require(shape.allSatisfy { $0 >= 0 }, "all elements of `new_shape` must be non-negative")
        let wanted = shape.reduce(1, *)
        guard count > 0 && wanted > 0 else { return .zeros(shape: shape) }
        let values = elements
        return NDArray(shape: shape, elements: (0..<wanted).map { values[$0 % values.count] })
    }

    /// The array with axes of length 1 put before, so that there are at least `axes` of them; `np.atleast_1d`,
    /// `np.atleast_2d`. With three a vector (N) becomes (1, N, 1) and a matrix (M, N) becomes (M, N, 1), as
    /// `np.atleast_3d` has it.
    ///
    /// - Precondition: 1, 2 or 3.
    public func withAtLeast(axes: Int) -> NDArray {
        require((1...3).contains(axes), "at least 1, 2 or 3 axes")
        guard ndim < axes else { return self }
        if axes == 3 {
            return reshaped(to: ndim == 0 ? [1, 1, 1] : ndim == 1 ? [1, count, 1] : shape + [1])
        }
        return reshaped(to: [Int](repeating: 1, count: axes - ndim) + shape)
    }

    /// Returns the array without the entries at these indices of an axis (of all elements as one vector without an
    /// axis); `np.delete`.
    ///
    /// - Precondition: -length <= index < length.
    public func removing(at places: [Int], axis: Int? = nil) -> NDArray {
        let array = axis == nil ? flattened() : self
        let axis = normalized(axis: axis ?? 0, ndim: array.ndim)
        let length = array.shape[axis]
        let gone = Set(
            places.map { place in
                require(
                    (-length..<length).contains(place),
                    "index \(place) is out of bounds for axis \(axis) with size \(length)")
                return place < 0 ? place + length : place
            })
        return array.taking((0..<length).filter { !gone.contains($0) }, axis: axis)
    }

    /// Returns the array with values inserted before these indices of an axis (of all elements as one vector without an
    /// axis), counted in the original array; `np.insert(a, places, values, axis)`.
    ///
    /// One value or slice is inserted at every index; several, one at each index.
    ///
    /// - Precondition: -length <= index <= length; the values broadcast to (indices, the other axes).
    public func inserting(_ values: NDArray, at places: [Int], axis: Int? = nil) -> NDArray {
        let array = axis == nil ? flattened() : self
        let axis = normalized(axis: axis ?? 0, ndim: array.ndim)
        let length = array.shape[axis]
        let wanted = places.map { place in
            require(
                (-length...length).contains(place),
                "index \(place) is out of bounds for axis \(axis) with size \(length)")
            return place < 0 ? place + length : place
        }
        var shape = array.shape
        shape[axis] = places.count
        // For a single index the values are laid out along the axis first, as in NumPy.
        let added: NDArray
        if values.ndim == array.ndim && places.count == 1 && values.shape[axis] != 1 {
            shape[axis] = values.shape[axis]
            added = values.broadcast(to: shape)
        } else {
            added = values.broadcast(to: shape)
        }
        let repeated = wanted.count == 1 ? [Int](repeating: wanted[0], count: shape[axis]) : wanted
        // Both are concatenated, then sorted by index; inserted values come first at theirs.
        let keys = (0..<length).map { ($0, 1) } + repeated.map { ($0, 0) }
        let order = keys.indices.sorted { (keys[$0].0, keys[$0].1, $0) < (keys[$1].0, keys[$1].1, $1) }
        return concatenate([array, added], axis: axis).taking(order, axis: axis)
    }

    /// Returns the array with values appended along an axis (both as one vector without an axis); `np.append`.
    ///
    /// - Precondition: the same lengths along the other axes.
    public func appending(_ values: NDArray, axis: Int? = nil) -> NDArray {
        guard let axis else { return concatenate([flattened(), values.flattened()]) }
        return concatenate([self, values], axis: axis)
    }
}

/// Stacks arrays vertically: vectors as rows, other arrays along the first axis; `np.vstack`.
///
/// - Precondition: at least one array; the same lengths along the other axes.
public func stackRows<Scalar>(_ arrays: [NDArray<Scalar>]) -> NDArray<Scalar> {
    concatenate(arrays.map { $0.withAtLeast(axes: 2) })
}

/// Stacks arrays horizontally: vectors end to end, other arrays along the second axis; `np.hstack`.
///
/// - Precondition: at least one array; the same lengths along the other axes.
public func stackColumns<Scalar>(_ arrays: [NDArray<Scalar>]) -> NDArray<Scalar> {
    let filled = arrays.map { $0.withAtLeast(axes: 1) }
    return concatenate(filled, axis: filled.first?.ndim == 1 ? 0 : 1)
}
