// Index grids, and values at equal ratios.

import Support

extension NDArray where Scalar: FloatingScalar {
    /// base^start to base^stop, the exponents evenly spaced; `np.logspace(start, stop, count)`.
    ///
    /// - Precondition: count >= 0.
    public static func logspace(
        _ start: Scalar, _ stop: Scalar, _ count: Int = 50, endpoint: Bool = true, base: Scalar = 10
    ) -> NDArray {
        // In double precision and rounded once, as NumPy does.
        let exponents = NDArray<Double>.linspace(Double(start), Double(stop), count, endpoint: endpoint)
        return power(NDArray<Double>(Double(base)), exponents).asType()
    }

    /// `count` values from `start` to `stop`, each the same multiple of the one before; `np.geomspace`.
    ///
    /// - Precondition: neither end is 0, both have the same sign, count >= 0.
    public static func geomspace(
        _ start: Scalar, _ stop: Scalar, _ count: Int = 50, endpoint: Bool = true
    ) -> NDArray {
        require(start != 0 && stop != 0, "Geometric sequence cannot include zero")
        require((start < 0) == (stop < 0), "a geometric sequence of real numbers has one sign")
        let sign: Double = start < 0 ? -1 : 1
        let ends = NDArray<Double>([Double(start) * sign, Double(stop) * sign])
        let logarithms = log10(ends).elements
        var result = NDArray<Double>.logspace(logarithms[0], logarithms[1], count, endpoint: endpoint)
        // The ends are set to the arguments: a power of a logarithm is not exact.
        if count > 0 { result[0] = ends[0] }
        if count > 1 && endpoint { result[count - 1] = ends[1] }
        return (result * sign).asType()
    }
}

extension NDArray<Int> {
    /// The index of every element along each axis of an array of this shape, (ndim, shape...); `np.indices`.
    public static func indices(of shape: [Int]) -> NDArray {
        guard !shape.isEmpty else { return .zeros(0) }
        return stack(grid(of: shape.map { NDArray.arange($0) }))
    }

    /// The values of each range at every point of their grid, (ranges, lengths...); `np.mgrid[0:3, 0:2]`.
    public static func mgrid(_ ranges: Range<Int>...) -> NDArray {
        guard !ranges.isEmpty else { return .zeros(0) }
        return stack(grid(of: ranges.map { NDArray.arange($0.lowerBound, $0.upperBound) }))
    }
}

/// The coordinates of every point of a grid, one array per axis, the first axis' along the rows: NumPy's
/// `meshgrid(..., indexing="ij")`.
///
/// - Precondition: vectors.
public func grid<Scalar>(of axes: [NDArray<Scalar>]) -> [NDArray<Scalar>] {
    require(axes.allSatisfy { $0.ndim <= 1 }, "meshgrid takes vectors")
    let lengths = axes.map(\.count)
    return axes.indices.map { axis in
        var shape = [Int](repeating: 1, count: axes.count)
        shape[axis] = lengths[axis]
        return axes[axis].reshaped(to: shape).broadcast(to: lengths).contiguousCopy()
    }
}

extension NDArray {
    /// An array of the same shape and type filled with one value; `np.full_like`.
    public static func full<Other>(like array: NDArray<Other>, _ value: Scalar) -> NDArray {
        full(shape: array.shape, value)
    }

    /// The elements of `choices[p]` where this array of indices has p, all broadcast together; `np.choose`.
    ///
    /// - Precondition: 0 <= p < choices.count; the shapes broadcast.
    public static func choosing(_ places: NDArray<Int>, from choices: [NDArray]) -> NDArray {
        require(!choices.isEmpty, "Need at least one array to choose from.")
        let shape = choices.reduce(places.shape) { commonShape($0, $1.shape) }
        let picked = places.broadcast(to: shape).elements
        let columns = choices.map { $0.broadcast(to: shape).elements }
        return NDArray(
            shape: shape,
            elements: picked.enumerated().map { place, choice in
                require(columns.indices.contains(choice), "invalid entry in choice array")
                return columns[choice][place]
            })
    }
}
