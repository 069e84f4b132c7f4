import CKernels
import Support

extension NDArray {
    /// Sorted upwards along `axis` (the last without one): -0 before 0, NaN last.
    ///
    /// - Complexity: O(count log n).
    public func sorted(axis: Int = -1) -> NDArray {
        let place = normalized(axis: axis, ndim: ndim)
        var rows = movingAxis(place, to: ndim - 1).contiguousCopy()
        let length = shape[place]
        rows.withUnsafeMutableElements { elements in
            guard length > 1 else { return }
            let count = elements.count / length
            let bytes = ck_sort_scratch(Scalar.kernelType, count, length)
            withExtendedLifetime(ArrayStorage<UInt8>(uninitializedCount: bytes)) { scratch in
                ck_sort(Scalar.kernelType, count, length, elements.baseAddress, scratch.base)
            }
        }
        return rows.movingAxis(ndim - 1, to: place)
    }

    /// The indices that sort along `axis` (the last without one); equal elements keep their order
    /// (`np.argsort(kind="stable")`).
    ///
    /// - Complexity: O(count log n).
    public func argSorted(axis: Int = -1) -> NDArray<Int> {
        // A 0-d array counts as one of one axis, as in NumPy.
        if ndim == 0 { return flattened().argSorted(axis: axis) }
        let place = normalized(axis: axis, ndim: ndim)
        let rows = movingAxis(place, to: ndim - 1)
        let length = shape[place]
        let places = NDArray<Int>(shape: rows.shape) { target in
            guard length > 0, !target.isEmpty else { return }
            let count = target.count / length
            let bytes = ck_argsort_scratch(Scalar.kernelType, count, length)
            rows.withUnsafeElements { elements in
                withExtendedLifetime(ArrayStorage<UInt8>(uninitializedCount: bytes)) { scratch in
                    target.withMemoryRebound(to: Int64.self) { target in
                        ck_argsort(
                            Scalar.kernelType, count, length, elements.baseAddress, target.baseAddress,
                            scratch.base)
                    }
                }
            }
        }
        return places.movingAxis(ndim - 1, to: place)
    }

    /// The distinct elements, sorted (`np.unique`); all NaN count as one.
    public func unique() -> NDArray { uniqueDetails().values }

    /// The distinct elements, sorted; the first index of each; the index among them of every element; and the count of
    /// each.
    public func uniqueDetails() -> (
        values: NDArray, firstPlaces: NDArray<Int>, inverse: NDArray<Int>, counts: NDArray<Int>
    ) {
        let flat = flattened()
        let order = flat.argSorted().elements
        let elements = flat.elements
        var firsts: [Int] = []
        var counts: [Int] = []
        var inverse = [Int](repeating: 0, count: order.count)
        var last: Scalar?
        for place in order {
            let element = elements[place]
            // NaN differs from itself, yet all of them are one here.
            let isSame = last.map { $0 == element || ($0 != $0 && element != element) } ?? false
            if isSame {
                counts[counts.count - 1] += 1
            } else {
                firsts.append(place)
                counts.append(1)
                last = element
            }
            inverse[place] = firsts.count - 1
        }
        return (
            flat.taking(firsts), NDArray<Int>(firsts), NDArray<Int>(shape: shape, elements: inverse),
            NDArray<Int>(counts)
        )
    }
}

extension NDArray<Int> {
    /// The counts of 0, 1, ... (`np.bincount`), up to the largest or `minimumLength`.
    ///
    /// - Precondition: one axis; no negative element.
    public func binCount(minimumLength: Int = 0) -> NDArray<Int> {
        let bins = elements
        require(bins.allSatisfy { $0 >= 0 }, "'list' argument must have no negative elements")
        var counts = [Int](repeating: 0, count: Swift.max(minimumLength, (bins.max() ?? -1) + 1))
        for bin in bins { counts[bin] += 1 }
        return NDArray(counts)
    }

    /// The sum of the weights of each of 0, 1, ... (`np.bincount(x, weights)`).
    ///
    /// - Precondition: one axis; no negative element; one weight per element.
    public func binCount(weights: NDArray<Double>, minimumLength: Int = 0) -> NDArray<Double> {
        let bins = elements
        require(bins.allSatisfy { $0 >= 0 }, "'list' argument must have no negative elements")
        require(weights.shape == shape, "The weights and list don't have the same length.")
        var sums = [Double](repeating: 0, count: Swift.max(minimumLength, (bins.max() ?? -1) + 1))
        for (bin, weight) in zip(bins, weights.elements) { sums[bin] += weight }
        return NDArray<Double>(sums)
    }
}
