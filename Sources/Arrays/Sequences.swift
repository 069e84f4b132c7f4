// Vectors as sampled functions: sliding products, values between the samples, slopes.

import Support

/// The part of a sliding product to compute, for vectors of M and N elements.
public enum SlidingProductMode: Sendable {
    /// Every overlap: M + N - 1 elements.
    case full
    /// The central part, as long as the longer vector: max(M, N) elements.
    case same
    /// Complete overlaps only: max(M, N) - min(M, N) + 1 elements.
    case valid
}

/// The discrete convolution of two vectors, (a * v)[n] = sum over m of a[m] v[n - m]; `np.convolve`.
///
/// ```swift
/// convolve(NDArray([1, 2, 3]), NDArray([0, 1, 2]))    // [0 1 4 7 6]
/// ```
///
/// - Precondition: vectors, neither empty.
/// - Complexity: O(M N).
public func convolve<Scalar: NumericScalar>(
    _ a: NDArray<Scalar>, _ v: NDArray<Scalar>, mode: SlidingProductMode = .full
) -> NDArray<Scalar> {
    require(a.ndim <= 1 && v.ndim <= 1, "object too deep for desired array")
    require(a.count > 0, "a cannot be empty")
    require(v.count > 0, "v cannot be empty")
    let (long, short) = a.count >= v.count ? (a.flattened(), v.flattened()) : (v.flattened(), a.flattened())
    var full = NDArray<Scalar>.zeros(long.count + short.count - 1)
    // One pass of the vectorised loops for each element of the shorter one.
    for (shift, factor) in short.elements.enumerated() {
        full[shift..<(shift + long.count)] += long * factor
    }
    switch mode {
    case .full: return full
    case .same:
        let start = (short.count - 1) / 2
        return full[start..<(start + long.count)].contiguousCopy()
    case .valid: return full[(short.count - 1)..<long.count].contiguousCopy()
    }
}

/// The cross-correlation of two vectors, c[k] = sum over n of a[n + k] v[n]; `np.correlate`.
///
/// - Precondition: vectors, neither empty.
/// - Complexity: O(M N).
public func correlate<Scalar: NumericScalar>(
    _ a: NDArray<Scalar>, _ v: NDArray<Scalar>, mode: SlidingProductMode = .valid
) -> NDArray<Scalar> {
    // NumPy's middle is that of the vectors as it holds them: the longer one first, the result then reversed.
    if a.count < v.count {
        return convolve(v, a.flattened().flipped(), mode: mode).flipped().contiguousCopy()
    }
    return convolve(a, v.flattened().flipped(), mode: mode)
}

/// The piecewise linear function through the points (xs, ys), at `x`; `np.interp`. Before the first point it is `left`
/// (its y without one), after the last `right`.
///
/// ```swift
/// interpolate(NDArray([2.5]), NDArray([1.0, 2, 3]), NDArray([3.0, 2, 0]))    // [1.]
/// ```
///
/// - Precondition: xs and ys are vectors (N) of the same length, N > 0, xs increasing.
/// - Complexity: O(count log N).
public func interpolate<Scalar: FloatingScalar>(
    _ x: NDArray<Scalar>, _ xs: NDArray<Scalar>, _ ys: NDArray<Scalar>, left: Scalar? = nil,
    right: Scalar? = nil
) -> NDArray<Scalar> {
    require(xs.ndim == 1 && xs.shape == ys.shape, "fp and xp are not of the same length.")
    require(xs.count > 0, "array of sample points is empty")
    let (points, values) = (xs.elements.map { Double($0) }, ys.elements.map { Double($0) })
    let last = points.count - 1
    let (before, after) = (left.map { Double($0) } ?? values[0], right.map { Double($0) } ?? values[last])
    func value(_ x: Double) -> Double {
        // As NumPy: a single point decides for NaN too.
        if x.isNaN { return last == 0 ? values[0] : x }
        if x < points[0] { return before }
        if x > points[last] { return after }
        // The last point that is not after x.
        var (low, high) = (0, last + 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if points[middle] <= x { low = middle } else { high = middle }
        }
        if low == last || points[low] == x { return values[low] }
        let slope = (values[low + 1] - values[low]) / (points[low + 1] - points[low])
        let fromLeft = slope * (x - points[low]) + values[low]
        // Infinite values: NaN from one side may be a number from the other.
        guard fromLeft.isNaN else { return fromLeft }
        let fromRight = slope * (x - points[low + 1]) + values[low + 1]
        return fromRight.isNaN && values[low] == values[low + 1] ? values[low] : fromRight
    }
    return NDArray(shape: x.shape, elements: x.elements.map { Scalar(value(Double($0))) })
}

extension NDArray where Scalar: FloatingScalar {
    /// The slopes along an axis of a function sampled every `spacing`: half the difference of both neighbours, at the ends
    /// the difference to the only one; `np.gradient(f, spacing, axis=axis)`.
    ///
    /// - Parameters:
    ///   - spacing: the distance between samples.
    ///   - axis: the axis of the samples.
    ///   - edgeOrder: the order at the ends; 2 uses a parabola through three points.
    /// - Precondition: at least edgeOrder + 1 elements along the axis.
    /// - Complexity: O(count).
    public func gradient(spacing: Scalar = 1, axis: Int = -1, edgeOrder: Int = 1) -> NDArray {
        slopes(axis: axis, edgeOrder: edgeOrder) { _ in spacing }
    }

    /// The slopes along an axis of a function sampled at `coordinates` (one for each element of the axis), to second order
    /// between unequal steps (B. Fornberg, 1988); `np.gradient(f, coordinates, axis=axis)`.
    ///
    /// - Precondition: at least edgeOrder + 1 elements along the axis, one coordinate for each.
    public func gradient(coordinates: NDArray, axis: Int = -1, edgeOrder: Int = 1) -> NDArray {
        require(
            coordinates.shape == [shape[normalized(axis: axis, ndim: ndim)]],
            "when 1d, distances must match the length of the corresponding dimension")
        let places = coordinates.elements
        return slopes(axis: axis, edgeOrder: edgeOrder) { places[$0 + 1] - places[$0] }
    }

    /// The slopes along every axis, in order; `np.gradient(f, spacing)`.
    public func gradients(spacing: Scalar = 1, edgeOrder: Int = 1) -> [NDArray] {
        (0..<ndim).map { gradient(spacing: spacing, axis: $0, edgeOrder: edgeOrder) }
    }

    /// `step(i)` leads from element i to element i + 1.
    private func slopes(axis: Int, edgeOrder: Int, step: (Int) -> Scalar) -> NDArray {
        let axis = normalized(axis: axis, ndim: ndim)
        require(edgeOrder == 1 || edgeOrder == 2, "'edge_order' greater than 2 not supported")
        let n = shape[axis]
        require(
            n > edgeOrder,
            "Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are required."
        )
        let f = movingAxis(axis, to: 0)
        var result = NDArray.zeros(shape: f.shape)
        for place in 1..<Swift.max(1, n - 1) {
            let (before, after) = (step(place - 1), step(place))
            if before == after {
                result[place] = (f[place + 1] - f[place - 1]) / (2 * after)
            } else {
                let a: Scalar = -after / (before * (before + after))
                let b: Scalar = (after - before) / (before * after)
                let c: Scalar = before / (after * (before + after))
                var slope: NDArray = f[place - 1] * a
                slope += f[place] * b
                slope += f[place + 1] * c
                result[place] = slope
            }
        }
        if edgeOrder == 1 {
            result[0] = (f[1] - f[0]) / step(0)
            result[n - 1] = (f[n - 1] - f[n - 2]) / step(n - 2)
        } else {
            result[0] = Self.parabolaSlope(f[0], f[1], f[2], step(0), step(1))
            // From the other end the steps are negative.
            result[n - 1] = Self.parabolaSlope(f[n - 1], f[n - 2], f[n - 3], -step(n - 2), -step(n - 3))
        }
        return result.movingAxis(0, to: axis)
    }

    /// The slope at the first of three points, `p` apart and then `q`, of the parabola through them.
    private static func parabolaSlope(
        _ first: NDArray, _ second: NDArray, _ third: NDArray, _ p: Scalar, _ q: Scalar
    ) -> NDArray {
        let a: Scalar = -(2 * p + q) / (p * (p + q))
        let b: Scalar = (p + q) / (p * q)
        let c: Scalar = -p / (q * (p + q))
        var sum: NDArray = first * a
        sum += second * b
        sum += third * c
        return sum
    }
}
