import CKernels
import Support

extension NDArray {
    /// `np.take(array, places, axis)`: the entries of an axis at the indices `places`, in new memory; negative indices
    /// count from the end.
    ///
    /// - Precondition: every index is in range.
    /// - Complexity: O(count of the result).
    public func taking(_ places: [Int], axis: Int = 0) -> NDArray {
        // A 0-d array counts as one of one axis, as in NumPy.
        if ndim == 0 { return flattened().taking(places, axis: axis) }
        let axis = normalized(axis: axis, ndim: ndim)
        let length = shape[axis]
        let checked = places.map { place -> Int in
            require(
                place >= -length && place < length,
                "index \(place) is out of bounds for axis \(axis) with size \(length)")
            return place < 0 ? place + length : place
        }
        var result = shape
        result[axis] = places.count
        return withPlanes(axis) { elements, outer, count, inner in
            NDArray(shape: result) { target in
                guard !target.isEmpty else { return }
                ck_take(
                    outer, count, inner * MemoryLayout<Scalar>.stride, elements.baseAddress, checked.count,
                    checked, target.baseAddress)
            }
        }
    }

    /// `np.split(array, parts, axis)`: views of equal length.
    ///
    /// - Precondition: the axis divides evenly.
    public func split(into parts: Int, axis: Int = 0) -> [NDArray] {
        let place = normalized(axis: axis, ndim: ndim)
        require(
            parts > 0 && shape[place] % parts == 0, "array split does not result in an equal division")
        return split(evenlyInto: parts, axis: place)
    }

    /// `np.array_split(array, parts, axis)`: views whose lengths differ by one at most, the longer first.
    ///
    /// - Precondition: at least one part.
    public func split(evenlyInto parts: Int, axis: Int = 0) -> [NDArray] {
        let place = normalized(axis: axis, ndim: ndim)
        require(parts > 0, "number sections must be larger than 0.")
        let (short, longer) = shape[place].quotientAndRemainder(dividingBy: parts)
        var bounds: [Int] = []
        var start = 0
        for part in 0..<(parts - 1) {
            start += part < longer ? short + 1 : short
            bounds.append(start)
        }
        return split(at: bounds, axis: place)
    }

    /// `np.split(array, [b0, b1, ...], axis)`: views before, between and after the bounds.
    public func split(at bounds: [Int], axis: Int = 0) -> [NDArray] {
        let place = normalized(axis: axis, ndim: ndim)
        let whole = [ArrayIndex](repeating: .all, count: place)
        let starts: [Int?] = [nil] + bounds
        let stops: [Int?] = bounds + [nil]
        return zip(starts, stops).map { view(whole + [.slice(from: $0, to: $1)]) }
    }

    /// `np.repeat(array, count, axis)`: each entry of the axis `count` times; each element, flattened, without one.
    public func repeated(_ count: Int, axis: Int? = nil) -> NDArray {
        // A 0-d array counts as one of one axis, as in NumPy.
        if ndim == 0 { return flattened().repeated([count], axis: axis) }
        return repeated(
            [Int](
                repeating: count, count: axis.map { shape[normalized(axis: $0, ndim: ndim)] } ?? self.count),
            axis: axis)
    }

    /// `np.repeat(array, counts, axis)`: entry i of the axis `counts[i]` times.
    ///
    /// - Precondition: one count per entry, none negative.
    public func repeated(_ counts: [Int], axis: Int? = nil) -> NDArray {
        guard let axis else { return flattened().repeated(counts, axis: 0) }
        if ndim == 0 { return flattened().repeated(counts, axis: axis) }
        let length = shape[normalized(axis: axis, ndim: ndim)]
        require(
            counts.count == length,
            "operands could not be broadcast together with shape \(shapeText([length])) \(shapeText([counts.count]))"
        )
        require(counts.allSatisfy { $0 >= 0 }, "repeats may not contain negative values.")
        return taking(counts.indices.flatMap { [Int](repeating: $0, count: counts[$0]) }, axis: axis)
    }

    /// `np.tile(array, counts)`: the array side by side, `counts[i]` times along axis i.
    ///
    /// - Precondition: no negative count.
    public func tiled(_ counts: Int...) -> NDArray {
        require(counts.allSatisfy { $0 >= 0 }, "negative dimensions are not allowed")
        let ones = { (n: Int) in [Int](repeating: 1, count: Swift.max(0, n)) }
        let counts = ones(ndim - counts.count) + counts
        var result = reshaped(to: ones(counts.count - ndim) + shape)
        for (axis, count) in counts.enumerated() where count != 1 {
            let once = Array(0..<result.shape[axis])
            result = result.taking((0..<count).flatMap { _ in once }, axis: axis)
        }
        return result
    }

    /// The entries along `axis` in reverse order (`np.flip`); along all axes without one. No copy.
    public func flipped(axis: Int? = nil) -> NDArray {
        let turned = axis.map { [normalized(axis: $0, ndim: ndim)] } ?? Array(shape.indices)
        return view(shape.indices.map { turned.contains($0) ? .slice(by: -1) : .all })
    }

    /// The entries along several axes in reverse order (`np.flip` with a tuple); along none where `axes` is empty. No
    /// copy.
    ///
    /// - Precondition: existing axes, each at most once.
    public func flipped(axes: [Int]) -> NDArray {
        let turned = axes.map { normalized(axis: $0, ndim: ndim) }
        require(Set(turned).count == turned.count, "repeated axis")
        return view(shape.indices.map { turned.contains($0) ? .slice(by: -1) : .all })
    }

    /// The entries rotated by `shift` along `axis` (`np.roll`); through all elements without an axis.
    public func rolled(_ shift: Int, axis: Int? = nil) -> NDArray {
        guard let axis else { return flattened().rolled(shift, axis: 0).reshaped(to: shape) }
        let length = shape[normalized(axis: axis, ndim: ndim)]
        guard length > 0 else { return self }
        let first = ((-shift % length) + length) % length
        return taking((0..<length).map { ($0 + first) % length }, axis: axis)
    }

    /// The elements (i, i + offset) of a matrix (`np.diagonal`). No copy.
    ///
    /// - Precondition: two axes.
    public func diagonal(offset shift: Int = 0) -> NDArray {
        require(ndim == 2, "diag requires an array of at least two dimensions")
        let row = Swift.max(0, -shift)
        let column = Swift.max(0, shift)
        let length = Swift.max(0, Swift.min(shape[0] - row, shape[1] - column))
        let start = length == 0 ? offset : offset + row * strides[0] + column * strides[1]
        return NDArray(storage: storage, shape: [length], strides: [strides[0] + strides[1]], offset: start)
    }
}

/// `np.meshgrid(x, y, ...)`: the coordinates of every point of a grid, one array per axis. Two vectors of lengths N
/// and M give two (M, N) arrays, x changing along the columns (NumPy's `xy` order).
///
/// - Precondition: vectors.
public func meshgrid<Scalar>(_ axes: NDArray<Scalar>...) -> [NDArray<Scalar>] {
    require(axes.allSatisfy { $0.ndim <= 1 }, "meshgrid takes vectors")
    let lengths = axes.map(\.count)
    return axes.indices.map { axis in
        var shape = [Int](repeating: 1, count: axes.count)
        shape[axis] = lengths[axis]
        let grid = axes[axis].reshaped(to: shape).broadcast(to: lengths)
        return (axes.count >= 2 ? grid.swappingAxes(0, 1) : grid).contiguousCopy()
    }
}
