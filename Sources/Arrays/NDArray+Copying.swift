import CKernels

extension NDArray {
    /// The same elements in memory of their own, row-major.
    ///
    /// - Complexity: O(count); rows are copied whole where they lie so, and transpositions in tiles.
    public func contiguousCopy() -> NDArray {
        NDArray(shape: shape) { target in
            guard !target.isEmpty else { return }
            ck_copy(
                Scalar.kernelType, ndim, shape, storage.base + offset, strides, target.baseAddress,
                Self.rowMajorStrides(of: shape))
        }
    }

    /// The array itself if it lies row-major, else a copy that does.
    var packed: NDArray { isContiguous ? self : contiguousCopy() }

    /// The address of the first element; valid while the storage lives.
    var start: UnsafeMutablePointer<Scalar> { storage.base + offset }

    /// Makes the memory this array's own if it is shared, keeping the layout where that is possible.
    mutating func makeUnique() {
        if !ownsItsElements() { self = contiguousCopy() }
    }

    /// Whether each element can be written without changing anything else: no other array has the memory, and no
    /// place stands for several elements, as in a broadcast view.
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
    /// Whether the two arrays are the same elements of the same memory: equal at no cost.
    package func sharesMemory(with other: NDArray) -> Bool {
        storage === other.storage && offset == other.offset && shape == other.shape
            && strides == other.strides
    }
}
