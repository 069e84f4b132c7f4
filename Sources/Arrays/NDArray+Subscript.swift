import Support

extension NDArray {
    /// Part of the array, as NumPy's `array[...]`: a view where that is possible, with one axis fewer for each
    /// integer. Assignment broadcasts.
    ///
    /// ```swift
    /// a[0]              // the first row (0-d if there is one axis)
    /// a[1..., .all]     // a[1:, :]
    /// a[.slice(by: -1)] // a[::-1]
    /// a[.all, 2] = b    // a column
    /// ```
    ///
    /// - Precondition: every index is in range; no more indices than axes; the assigned value broadcasts.
    public subscript(_ indices: any ArrayIndexing...) -> NDArray {
        get {
            // A row of a matrix is the usual case: no lists of entries for it.
            if indices.count == 1, ndim > 0, let place = indices[0] as? Int { return row(place) }
            let entries = indices.map(\.arrayIndex)
            return entries.contains(where: \.isAdvanced) ? picked(entries) : view(entries)
        }
        set {
            let entries = indices.map(\.arrayIndex)
            makeUnique()
            if entries.contains(where: \.isAdvanced) {
                setPicked(entries, to: newValue)
            } else {
                Self.write(newValue, over: view(entries))
            }
        }
    }

    /// The element at an index, one integer for each axis. (`array[i]` is always an array, 0-d if there is one axis, so
    /// that `w[0] * 2` cannot mean anything else; `array[at: i]` is always a scalar.)
    ///
    /// - Precondition: as many integers as axes, each in range; negative ones count from the end.
    public subscript(at places: Int...) -> Scalar {
        get { withExtendedLifetime(storage) { storage.base[position(of: places)] } }
        set {
            makeUnique()
            storage.base[position(of: places)] = newValue
        }
    }

    /// Assigns a literal: `array[mask] = 0` fills, `array[0] = [1, 2, 3]` writes a row.
    @_disfavoredOverload
    public subscript(_ indices: any ArrayIndexing...) -> NDArrayLiteral<Scalar> {
        get {
            let part = view(indices.map(\.arrayIndex))
            return NDArrayLiteral(shape: part.shape, elements: part.elements)
        }
        set {
            let entries = indices.map(\.arrayIndex)
            let literal = newValue.checked()
            let values = NDArray(shape: literal.shape, elements: literal.elements)
            makeUnique()
            if entries.contains(where: \.isAdvanced) {
                setPicked(entries, to: values)
            } else {
                Self.write(values, over: view(entries))
            }
        }
    }

    /// The position of the element in the storage.
    private func position(of places: [Int]) -> Int {
        require(
            places.count == ndim,
            "\(places.count) indices do not name one element of an array of shape \(shapeText(shape)); ask for "
                + "the sub-array as NDArray")
        var position = offset
        for axis in places.indices {
            let place = places[axis]
            let length = shape[axis]
            require(
                place >= -length && place < length,
                "index \(place) is out of bounds for axis \(axis) with size \(length)")
            position += (place < 0 ? place + length : place) * strides[axis]
        }
        return position
    }

    /// The only element of an array of one element.
    ///
    /// - Precondition: one element.
    public func item() -> Scalar {
        require(count == 1, "can only convert an array of size 1 to a Python scalar")
        return withExtendedLifetime(storage) { start.pointee }
    }

    /// The entry of the first axis at index `place`.
    private func row(_ place: Int) -> NDArray {
        let length = shape[0]
        require(
            place >= -length && place < length,
            "index \(place) is out of bounds for axis 0 with size \(length)")
        return NDArray(
            storage: storage, shape: Array(shape.dropFirst()), strides: Array(strides.dropFirst()),
            offset: offset + (place < 0 ? place + length : place) * strides[0])
    }

    /// A view of the elements that integers, slices, new axes and the ellipsis select.
    func view(_ entries: [ArrayIndex]) -> NDArray {
        let entries = expandingRest(entries)
        var shape: [Int] = []
        var strides: [Int] = []
        var offset = offset
        var axis = 0
        for entry in entries {
            switch entry {
            case .element(let place):
                let length = self.shape[axis]
                require(
                    place >= -length && place < length,
                    "index \(place) is out of bounds for axis \(axis) with size \(length)")
                offset += (place < 0 ? place + length : place) * self.strides[axis]
                axis += 1
            case .strided(let start, let stop, let step):
                let (first, count) = resolveSlice(start, stop, step, length: self.shape[axis])
                // An empty slice keeps the offset inside the storage.
                if count > 0 { offset += first * self.strides[axis] }
                shape.append(count)
                strides.append(step * self.strides[axis])
                axis += 1
            case .axis:
                shape.append(1)
                strides.append(0)
            case .rest, .places, .mask:
                mistake("an ellipsis or an array is not part of a view")
            }
        }
        return NDArray(storage: storage, shape: shape, strides: strides, offset: offset)
    }

    /// The same index with the ellipsis (or the end) written out as whole axes.
    func expandingRest(_ entries: [ArrayIndex]) -> [ArrayIndex] {
        let used = entries.reduce(0) { $0 + $1.axesUsed }
        require(
            used <= ndim,
            "too many indices for array: array is \(ndim)-dimensional, but \(used) were indexed")
        let whole = [ArrayIndex](repeating: .strided(start: nil, stop: nil, step: 1), count: ndim - used)
        let places = entries.indices.filter { if case .rest = entries[$0] { true } else { false } }
        require(places.count <= 1, "an index can only have a single ellipsis ('...')")
        guard let place = places.first else { return entries + whole }
        return entries[..<place] + whole + entries[(place + 1)...]
    }
}

extension ArrayIndex {
    /// Whether the component indexes by an array, which makes a copy.
    var isAdvanced: Bool {
        switch self {
        case .places, .mask: true
        default: false
        }
    }

    /// The number of the array's axes that it indexes; 0 for the ellipsis.
    var axesUsed: Int {
        switch self {
        case .element, .strided, .places: 1
        case .axis, .rest: 0
        case .mask(let mask): mask.ndim
        }
    }
}

/// The first index and the number of indices of `start:stop:step` in an axis of `length`, by Python's rules.
func resolveSlice(_ start: Int?, _ stop: Int?, _ step: Int, length: Int) -> (first: Int, count: Int) {
    require(step != 0, "slice step cannot be zero")
    let (lowest, highest) = step > 0 ? (0, length) : (-1, length - 1)
    func place(_ bound: Int) -> Int { min(max(bound < 0 ? bound + length : bound, lowest), highest) }
    let first = start.map(place) ?? (step > 0 ? lowest : highest)
    let end = stop.map(place) ?? (step > 0 ? highest : lowest)
    let span = step > 0 ? end - first : first - end
    let size = abs(step)
    return (first, span <= 0 ? 0 : (span - 1) / size + 1)
}
