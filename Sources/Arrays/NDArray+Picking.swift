import CKernels
import Support

extension NDArray {
    /// The row-major positions (in this array's storage, from `offset`) and the shape of the elements that an index
    /// with arrays selects.
    ///
    /// Index arrays (and each integer beside them) broadcast together. Their axes replace the first of them if they are
    /// adjacent, else they come first, as in NumPy.
    private func pick(_ entries: [ArrayIndex]) -> (shape: [Int], places: [Int]) {
        let expanded = expandingRest(entries).flatMap { entry -> [ArrayIndex] in
            guard case .mask(let mask) = entry, mask.ndim > 0 else { return [entry] }
            return mask.nonzero().map { .places($0) }
        }
        checkMasks(expandingRest(entries))
        // Slices and new axes make a view whose indexed axes are still whole; then the indexed axes are gathered.
        var viewEntries: [ArrayIndex] = []
        var picks: [(axis: Int?, places: NDArray<Int>)] = []
        var kept: [(axis: Int, position: Int)] = []
        var positions: [Int] = []
        for (position, entry) in expanded.enumerated() {
            let axis = viewEntries.count
            switch entry {
            case .places(let places):
                picks.append((axis, places))
                positions.append(position)
                viewEntries.append(.strided(start: nil, stop: nil, step: 1))
            case .element(let place):
                picks.append((axis, NDArray<Int>(place)))
                positions.append(position)
                viewEntries.append(.strided(start: nil, stop: nil, step: 1))
            case .mask(let mask):
                // A 0-d mask takes no axis, and gives one of length 1 or 0.
                picks.append((nil, .zeros(mask.item() ? 1 : 0)))
                positions.append(position)
            default:
                kept.append((axis, position))
                viewEntries.append(entry)
            }
        }
        let base = view(viewEntries)
        let common = picks.reduce([Int]()) { shape, pick in
            guard let joint = broadcastShape(shape, pick.places.shape) else {
                mistake(
                    "shape mismatch: indexing arrays could not be broadcast together with shapes "
                        + picks.map { shapeText($0.places.shape) }.joined(separator: " "))
            }
            return joint
        }
        var starts = [Int](repeating: base.offset, count: common.reduce(1, *))
        for pick in picks {
            guard let axis = pick.axis else { continue }
            let length = base.shape[axis]
            let stride = base.strides[axis]
            for (k, place) in pick.places.broadcast(to: common).elements.enumerated() {
                require(
                    place >= -length && place < length,
                    "index \(place) is out of bounds for axis \(axis) with size \(length)")
                starts[k] += (place < 0 ? place + length : place) * stride
            }
        }
        let neighbours = positions.last.map { $0 - (positions.first ?? 0) == positions.count - 1 } ?? true
        let split = neighbours ? kept.prefix { $0.position < (positions.first ?? 0) }.count : 0
        let (outer, inner) = (kept[..<split].map(\.axis), kept[split...].map(\.axis))
        let before = offsets(base, outer)
        let after = offsets(base, inner)
        var places: [Int] = []
        places.reserveCapacity(before.count * starts.count * after.count)
        for b in before { for s in starts { for a in after { places.append(b + s + a) } } }
        let shape = outer.map { base.shape[$0] } + common + inner.map { base.shape[$0] }
        return (shape, places)
    }

    private func checkMasks(_ entries: [ArrayIndex]) {
        var axis = 0
        for entry in entries {
            if case .mask(let mask) = entry {
                for (k, length) in mask.shape.enumerated() {
                    require(
                        length == shape[axis + k],
                        "boolean index did not match indexed array along axis \(axis + k); size of axis is "
                            + "\(shape[axis + k]) but size of corresponding boolean axis is \(length)")
                }
            }
            axis += entry.axesUsed
        }
    }

    /// The distances of all elements of the given axes from the first, row-major.
    private func offsets(_ base: NDArray, _ axes: [Int]) -> [Int] {
        axes.reduce([0]) { starts, axis in
            starts.flatMap { start in (0..<base.shape[axis]).map { start + $0 * base.strides[axis] } }
        }
    }

    /// The elements that an index with arrays selects, in new memory.
    func picked(_ entries: [ArrayIndex]) -> NDArray {
        if entries.count == 1, let quick = pickedQuickly(entries[0]) { return quick }
        let (shape, places) = pick(entries)
        return withExtendedLifetime(storage) {
            NDArray(shape: shape) { target in
                for (k, place) in places.enumerated() {
                    target.initializeElement(at: k, to: storage.base[place])
                }
            }
        }
    }

    /// The two usual cases by a kernel: one mask of the array's own shape, and rows by their indices.
    private func pickedQuickly(_ entry: ArrayIndex) -> NDArray? {
        switch entry {
        case .mask(let mask) where mask.shape == shape:
            return withUnsafeElements { elements in
                mask.withUnsafeElements { mask in
                    mask.withMemoryRebound(to: UInt8.self) { mask in
                        NDArray(shape: [ck_count_nonzero(mask.count, mask.baseAddress)]) { target in
                            _ = ck_compress(
                                Scalar.kernelType, mask.count, elements.baseAddress, mask.baseAddress,
                                target.baseAddress)
                        }
                    }
                }
            }
        case .places(let places) where ndim > 0:
            return taking(places.elements).reshaped(to: places.shape + shape.dropFirst())
        default:
            return nil
        }
    }

    /// Assigns through an index with arrays in it; of several values for one element the last stays.
    func setPicked(_ entries: [ArrayIndex], to values: NDArray) {
        if entries.count == 1, case .mask(let mask) = entries[0], mask.shape == shape, values.ndim == 0,
            isContiguous
        {
            mask.withUnsafeElements { mask in
                mask.withMemoryRebound(to: UInt8.self) { mask in
                    ck_fill_masked(Scalar.kernelType, mask.count, start, mask.baseAddress, values.start)
                }
            }
            withExtendedLifetime((storage, values.storage)) {}
            return
        }
        let (shape, places) = pick(entries)
        let message =
            "shape mismatch: value array of shape \(shapeText(values.shape)) could not be broadcast to indexing "
            + "result of shape \(shapeText(shape))"
        let strides = values.strides(broadcastTo: shape) { message }
        let source = NDArray(storage: values.storage, shape: shape, strides: strides, offset: values.offset)
        source.withUnsafeElements { source in
            for (k, place) in places.enumerated() { storage.base[place] = source[k] }
        }
    }
}

extension NDArray {
    /// `np.nonzero(array)`: for each axis, the indices of the elements that are not zero.
    ///
    /// - Precondition: one axis or more.
    /// - Complexity: O(count).
    public func nonzero() -> [NDArray<Int>] {
        require(
            ndim > 0,
            "Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead:"
                + " reshaped(1).nonzero()")
        var places = [[Int]](repeating: [], count: ndim)
        var index = [Int](repeating: 0, count: ndim)
        withUnsafeElements { elements in
            for element in elements {
                if element != Scalar.zeroScalar {
                    for axis in index.indices { places[axis].append(index[axis]) }
                }
                var axis = ndim - 1
                while axis >= 0 {
                    index[axis] += 1
                    if index[axis] < shape[axis] { break }
                    index[axis] = 0
                    axis -= 1
                }
            }
        }
        return places.map { NDArray<Int>($0) }
    }
}
