import Support

/// `np.concatenate(arrays, axis)`: joins arrays along an existing axis.
///
/// - Precondition: at least one array; the same lengths along the other axes.
/// - Complexity: O(count).
public func concatenate<Scalar>(_ arrays: [NDArray<Scalar>], axis: Int = 0) -> NDArray<Scalar> {
    require(!arrays.isEmpty, "need at least one array to concatenate")
    let ndim = arrays[0].ndim
    require(ndim > 0, "zero-dimensional arrays cannot be concatenated")
    let axis = normalized(axis: axis, ndim: ndim)
    var shape = arrays[0].shape
    shape[axis] = 0
    for (place, array) in arrays.enumerated() {
        require(
            array.ndim == ndim,
            "all the input arrays must have same number of dimensions, but the array at index 0 has "
                + "\(ndim) dimension(s) and the array at index \(place) has \(array.ndim) dimension(s)")
        for other in shape.indices where other != axis {
            require(
                array.shape[other] == shape[other],
                "all the input array dimensions except for the concatenation axis must match exactly, but along "
                    + "dimension \(other), the array at index 0 has size \(shape[other]) and the array at index "
                    + "\(place) has size \(array.shape[other])")
        }
        shape[axis] += array.shape[axis]
    }
    let result = NDArray<Scalar>(shape: shape, uninitialized: ())
    var start = 0
    let whole = [ArrayIndex](repeating: .strided(start: nil, stop: nil, step: 1), count: axis)
    for array in arrays {
        let end = start + array.shape[axis]
        NDArray.write(array, over: result.view(whole + [.strided(start: start, stop: end, step: 1)]))
        start = end
    }
    return result
}

/// `np.stack(arrays, axis)`: joins arrays along a new axis.
///
/// - Precondition: at least one array; all of one shape.
public func stack<Scalar>(_ arrays: [NDArray<Scalar>], axis: Int = 0) -> NDArray<Scalar> {
    require(!arrays.isEmpty, "need at least one array to stack")
    require(
        arrays.allSatisfy { $0.shape == arrays[0].shape }, "all input arrays must have the same shape")
    return concatenate(arrays.map { $0.expandingDimensions(at: axis) }, axis: axis)
}

extension NDArray {
    /// Uninitialised memory.
    init(shape: [Int], uninitialized: Void) {
        self.init(shape: shape) { _ in }
    }
}
