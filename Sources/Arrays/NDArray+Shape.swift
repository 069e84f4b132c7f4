import Support

extension NDArray {
    /// The same elements, in row-major order, in another shape; one length may be -1, which is inferred.
    ///
    /// Shares memory if the array is contiguous.
    ///
    /// - Precondition: the shape has as many elements.
    public func reshaped(to shape: [Int]) -> NDArray {
        let message = "cannot reshape array of size \(count) into shape \(shapeText(shape))"
        var shape = shape
        let known = shape.filter { $0 != -1 }.reduce(1, *)
        let unknown = shape.indices.filter { shape[$0] == -1 }
        require(unknown.count <= 1, "can only specify one unknown dimension")
        if let axis = unknown.first {
            require(known != 0 && count % known == 0, message)
            shape[axis] = count / known
        } else {
            require(known == count, message)
        }
        require(shape.allSatisfy { $0 >= 0 }, "negative dimensions not allowed")
        let source = packed
        return NDArray(
            storage: source.storage, shape: shape, strides: Self.rowMajorStrides(of: shape),
            offset: source.offset)
    }

    /// `array.reshape(d0, d1, ...)`; one length may be -1.
    public func reshaped(_ shape: Int...) -> NDArray { reshaped(to: shape) }

    /// The axes in another order: axis i of the result is axis `axes[i]` of this array. No copy.
    ///
    /// - Precondition: each axis once.
    public func permuted(_ axes: [Int]) -> NDArray {
        require(axes.count == ndim, "axes don't match array")
        let order = axes.map { normalized(axis: $0, ndim: ndim) }
        require(Set(order).count == ndim, "repeated axis in transpose")
        return NDArray(
            storage: storage, shape: order.map { shape[$0] }, strides: order.map { strides[$0] },
            offset: offset)
    }

    /// The axes in another order, as `permuted([...])`.
    public func permuted(_ axes: Int...) -> NDArray { permuted(axes) }

    /// The axes in reverse order: a matrix's transpose. No copy.
    public func transposed() -> NDArray { permuted(Array((0..<ndim).reversed())) }

    /// `array.T`: the axes in reverse order. No copy.
    public var T: NDArray { transposed() }

    /// Two axes exchanged. No copy.
    public func swappingAxes(_ first: Int, _ second: Int) -> NDArray {
        var order = Array(0..<ndim)
        order.swapAt(normalized(axis: first, ndim: ndim), normalized(axis: second, ndim: ndim))
        return permuted(order)
    }

    /// One axis moved to another position, the others in order (`np.moveaxis`). No copy.
    public func movingAxis(_ source: Int, to destination: Int) -> NDArray {
        var order = Array(0..<ndim)
        let axis = order.remove(at: normalized(axis: source, ndim: ndim))
        order.insert(axis, at: normalized(axis: destination, ndim: ndim))
        return permuted(order)
    }

    /// A new axis of length 1 at `axis` of the result (`np.expand_dims`). No copy.
    public func expandingDimensions(at axis: Int) -> NDArray {
        let place = normalized(axis: axis, ndim: ndim + 1)
        var (shape, strides) = (shape, strides)
        shape.insert(1, at: place)
        strides.insert(0, at: place)
        return NDArray(storage: storage, shape: shape, strides: strides, offset: offset)
    }

    /// Without the axes of length 1, or without the one given. No copy.
    ///
    /// - Precondition: the axis given has length 1.
    public func squeezed(axis: Int? = nil) -> NDArray {
        var kept = shape.indices.filter { shape[$0] != 1 }
        // A 0-d array has the axes 0 and -1 too here, as in NumPy.
        if let axis, !(ndim == 0 && (axis == 0 || axis == -1)) {
            let place = normalized(axis: axis, ndim: ndim)
            require(
                shape[place] == 1, "cannot select an axis to squeeze out which has size not equal to one")
            kept = shape.indices.filter { $0 != place }
        }
        return NDArray(
            storage: storage, shape: kept.map { shape[$0] }, strides: kept.map { strides[$0] }, offset: offset
        )
    }

    /// One axis with all elements in row-major order; shares memory when it can (`ravel`, and, since arrays are
    /// values, also `flatten`).
    public func flattened() -> NDArray { reshaped(to: [count]) }
}
