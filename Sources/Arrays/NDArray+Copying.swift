import CKernels

extension NDArray {
    /// The same elements in memory of their own, row-major.
    ///
    /// - Complexity: O(count); contiguous rows are copied whole, and transpositions in tiles.
    public func contiguousCopy() -> NDArray {
        NDArray(shape: shape) { target in
            guard !target.isEmpty else { return }
            ck_copy(
                Scalar.kernelType, ndim, shape, storage.base + offset, strides, target.baseAddress,
                Self.rowMajorStrides(of: shape))
        }
    }

    /// The array itself if it is contiguous, else a contiguous copy.
    var packed: NDArray { isContiguous ? self : contiguousCopy() }

    /// The address of the first element; valid during the storage's lifetime.
    var start: UnsafeMutablePointer<Scalar> { storage.base + offset }

    /// Makes the storage unique if it is shared, keeping the layout where possible.
    mutating func makeUnique() {
        if !ownsItsElements() { self = contiguousCopy() }
    }

    /// Returns whether each element can be written without changing another: the storage is uniquely referenced, and no
    /// two elements share memory, as in a broadcast view.
    mutating func ownsItsElements() -> Bool {
        for axis in shape.indices where strides[axis] == 0 && shape[axis] > 1 { return false }
        return isKnownUniquelyReferenced(&storage)
    }

    /// Writes `source`, broadcast, over the elements that `view` (of this array's storage) shows.
    ///
    /// - Precondition: this array is the only owner of its memory; `source` broadcasts to the view's shape.
    static func write(_ source: NDArray, over view: NDArray) {
        let strides = source.strides(broadcastTo: view.shape) {
            "could not broadcast input array from shape \(shapeText(source.shape)) into shape "
                + shapeText(view.shape)
        }
        ck_copy(
            Scalar.kernelType, view.ndim, view.shape, source.start, strides, view.start, view.strides)
        withExtendedLifetime(source.storage) {}
    }
}

extension NDArray {
    /// Returns whether the two arrays are views of the same elements: a comparison in O(1).
    package func sharesMemory(with other: NDArray) -> Bool {
        storage === other.storage && offset == other.offset && shape == other.shape
            && strides == other.strides
    }
}
