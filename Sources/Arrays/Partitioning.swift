import CKernels
import Support

extension NDArray {
    /// Each row along `axis` partitioned so that the element at each given index is the one that sorting would put
    /// there, with nothing larger before it and nothing smaller after it (`np.partition`); NaN counts as largest. The
    /// order of the others is unspecified.
    ///
    /// ```swift
    /// NDArray([7, 1, 5, 3]).partitioned(at: [1])[1]   // 3
    /// ```
    ///
    /// - Precondition: every index is in range; negative ones count from the end.
    /// - Complexity: O(count) for a fixed number of indices.
    public func partitioned(at places: [Int], axis: Int = -1) -> NDArray {
        let place = normalized(axis: axis, ndim: ndim)
        var rows = movingAxis(place, to: ndim - 1).contiguousCopy()
        rows.partition(at: places)
        return rows.movingAxis(ndim - 1, to: place)
    }

    /// The indices of the elements in the order of `partitioned` (`np.argpartition`).
    ///
    /// - Precondition: every index is in range; negative ones count from the end.
    /// - Complexity: O(count) for a fixed number of indices.
    public func argPartitioned(at places: [Int], axis: Int = -1) -> NDArray<Int> {
        if ndim == 0 { return flattened().argPartitioned(at: places, axis: axis) }
        let place = normalized(axis: axis, ndim: ndim)
        var rows = movingAxis(place, to: ndim - 1).contiguousCopy()
        let length = shape[place]
        let wanted = Self.checked(places, length)
        let from = NDArray<Int>(shape: rows.shape) { target in
            guard !target.isEmpty else { return }
            rows.withUnsafeMutableElements { elements in
                target.withMemoryRebound(to: Int64.self) { target in
                    ck_partition(
                        Scalar.kernelType, elements.count / length, length, elements.baseAddress,
                        target.baseAddress, wanted.count, wanted)
                }
            }
        }
        return from.movingAxis(ndim - 1, to: place)
    }

    /// Partitions contiguous rows along the last axis in place.
    mutating func partition(at places: [Int]) {
        let length = shape[ndim - 1]
        let wanted = Self.checked(places, length)
        guard count > 0 else { return }
        withUnsafeMutableElements { elements in
            ck_partition(
                Scalar.kernelType, elements.count / length, length, elements.baseAddress, nil, wanted.count,
                wanted)
        }
    }

    /// The normalised indices, ascending.
    private static func checked(_ places: [Int], _ length: Int) -> [Int] {
        places.map { place in
            require(
                length == 0 || (place >= -length && place < length),
                "kth(=\(place < 0 ? place + length : place)) out of bounds (\(length))")
            return place < 0 ? place + length : place
        }.sorted()
    }
}

extension NDArray {
    /// `np.take_along_axis(array, places, axis)`: element (..., k, ...) of the result is element (..., places[..., k,
    /// ...], ...) of this array, as returned by `argSorted` and `argMax(keepingDimensions: true)`; other axes
    /// broadcast.
    ///
    /// - Precondition: as many axes as the array; every index is in range, negative ones count from the end.
    public func takingAlongAxis(_ places: NDArray<Int>, axis: Int) -> NDArray {
        let (places, rows, at) = aligned(places, axis)
        let length = rows.shape.last ?? 0
        let wide = places.shape.last ?? 0
        let result = NDArray(shape: places.shape) { target in
            rows.withUnsafeElements { elements in
                places.withUnsafeElements { places in
                    for (k, place) in places.enumerated() {
                        target.initializeElement(
                            at: k, to: elements[k / wide * length + Self.inside(place, length, at)])
                    }
                }
            }
        }
        return result.movingAxis(ndim - 1, to: at)
    }

    /// `np.put_along_axis(array, places, values, axis)`: writes the values to the elements that `takingAlongAxis`
    /// takes; values broadcast to the indices, and of several for one element the last stays.
    ///
    /// - Precondition: as `takingAlongAxis`.
    public mutating func putAlongAxis(_ places: NDArray<Int>, _ values: NDArray, axis: Int) {
        let at = normalized(axis: axis, ndim: ndim)
        var shape = shape
        shape[at] = places.shape[at]
        let wanted = values.broadcast(to: shape).movingAxis(at, to: ndim - 1).packed
        let (places, own, _) = aligned(places, axis)
        var rows = own.contiguousCopy()
        let length = rows.shape.last ?? 0
        let wide = places.shape.last ?? 0
        rows.withUnsafeMutableElements { elements in
            wanted.withUnsafeElements { wanted in
                places.withUnsafeElements { places in
                    for (k, place) in places.enumerated() {
                        elements[k / wide * length + Self.inside(place, length, at)] = wanted[k]
                    }
                }
            }
        }
        self = rows.movingAxis(ndim - 1, to: at).packed
    }

    /// The indices broadcast along the other axes, and this array, both with `axis` last; and the axis from the front.
    private func aligned(
        _ places: NDArray<Int>, _ axis: Int
    ) -> (places: NDArray<Int>, rows: NDArray, axis: Int) {
        let at = normalized(axis: axis, ndim: ndim)
        require(
            places.ndim == ndim, "`indices` and `arr` must have the same number of dimensions")
        var (own, other) = (shape, places.shape)
        (own[at], other[at]) = (1, 1)
        let common = commonShape(own, other)
        func rows<Value>(_ array: NDArray<Value>) -> NDArray<Value> {
            var target = common
            target[at] = array.shape[at]
            return array.broadcast(to: target).movingAxis(at, to: ndim - 1).packed
        }
        return (rows(places), rows(self), at)
    }

    private static func inside(_ place: Int, _ length: Int, _ axis: Int) -> Int {
        require(
            place >= -length && place < length,
            "index \(place) is out of bounds for axis \(axis) with size \(length)")
        return place < 0 ? place + length : place
    }
}
