// Comparison of arrays to a tolerance, and the first mismatch.

/// Tests |a - b| <= absolute + relative |b|, element by element, with broadcasting (`np.isclose`). Infinities are close
/// to themselves; NaN to nothing, unless `equalNaN`, then to NaN.
///
/// - Parameters:
///   - a: the array to compare.
///   - b: the expected array.
///   - relativeTolerance: the allowed difference, relative to |b|.
///   - absoluteTolerance: the allowed difference at b = 0.
///   - equalNaN: whether NaN is close to NaN.
public func isClose<Scalar: FloatingScalar>(
    _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, relativeTolerance: Scalar = 1e-5,
    absoluteTolerance: Scalar = 1e-8, equalNaN: Bool = false
) -> NDArray<Bool> {
    let near = abs(a - b) .<= (abs(b) * relativeTolerance + absoluteTolerance)
    let result = (near .& isFinite(b)) .| (a .== b)
    return equalNaN ? result .| (isNaN(a) .& isNaN(b)) : result
}

/// Tests |a - b| <= absolute + relative |b|, element by element, for other types: compared in double precision.
@_disfavoredOverload
public func isClose<First, Second>(
    _ a: NDArray<First>, _ b: NDArray<Second>, relativeTolerance: Double = 1e-5,
    absoluteTolerance: Double = 1e-8, equalNaN: Bool = false
) -> NDArray<Bool> {
    isClose(
        a.asType(Double.self), b.asType(Double.self), relativeTolerance: relativeTolerance,
        absoluteTolerance: absoluteTolerance, equalNaN: equalNaN)
}

/// Returns whether all elements are close (`np.allclose`), with broadcasting;
/// ``mismatch(_:_:relativeTolerance:absoluteTolerance:equalNaN:)`` with the same arguments finds the first that is not.
public func allClose<Scalar: FloatingScalar>(
    _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, relativeTolerance: Scalar = 1e-5,
    absoluteTolerance: Scalar = 1e-8, equalNaN: Bool = false
) -> Bool {
    isClose(
        a, b, relativeTolerance: relativeTolerance, absoluteTolerance: absoluteTolerance, equalNaN: equalNaN
    ).all()
}

/// Returns whether all elements are close, for other types: compared in double precision.
@_disfavoredOverload
public func allClose<First, Second>(
    _ a: NDArray<First>, _ b: NDArray<Second>, relativeTolerance: Double = 1e-5,
    absoluteTolerance: Double = 1e-8, equalNaN: Bool = false
) -> Bool {
    allClose(
        a.asType(Double.self), b.asType(Double.self), relativeTolerance: relativeTolerance,
        absoluteTolerance: absoluteTolerance, equalNaN: equalNaN)
}

/// A mismatch of two arrays: the first differing index, both elements, and the largest difference.
public struct ArrayMismatch<Scalar: FloatingScalar>: Sendable, Equatable, CustomStringConvertible {
    /// The first index at which they differ, in row-major order; empty when the shapes do not broadcast, or for 0-d
    /// arrays.
    public let index: [Int]
    /// The two elements at the index; nil when the shapes do not broadcast.
    public let values: (first: Scalar, second: Scalar)?
    /// The number of elements that are not close, and the number of all.
    public let mismatched: (count: Int, of: Int)
    /// The largest |a - b| of those that are not close; NaN only where nothing else differs.
    public let largestDifference: Scalar
    /// The shapes that were compared.
    public let shapes: (first: [Int], second: [Int])

    /// The difference |a - b| at the index.
    public var difference: Scalar? { values.map { Swift.abs($0.first - $0.second) } }

    /// The text: `3 of 6 elements differ, first at [0, 2]: 1.5 and 1.25, difference 0.25; largest difference 0.5`.
    public var description: String {
        guard let values, let difference else {
            return "shapes \(shapeText(shapes.first)) and \(shapeText(shapes.second)) do not broadcast"
        }
        return
            "\(mismatched.count) of \(mismatched.of) elements differ, first at \(index): \(values.first) and "
            + "\(values.second), difference \(difference); largest difference \(largestDifference)"
    }

    /// Returns whether two mismatches have the same description.
    public static func == (a: Self, b: Self) -> Bool { a.description == b.description }
}

/// Returns the mismatch of two arrays, or nil if all elements are close. Shapes that do not broadcast are a mismatch
/// too.
///
/// ```swift
/// #expect(mismatch(outputs, expected) == nil)   // a failure prints index, both values and the difference
/// ```
public func mismatch<Scalar: FloatingScalar>(
    _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, relativeTolerance: Scalar = 1e-5,
    absoluteTolerance: Scalar = 1e-8, equalNaN: Bool = false
) -> ArrayMismatch<Scalar>? {
    let shapes = (a.shape, b.shape)
    guard let shape = broadcastShape(a.shape, b.shape) else {
        return ArrayMismatch(
            index: [], values: nil, mismatched: (Swift.max(a.count, b.count), Swift.max(a.count, b.count)),
            largestDifference: .nan, shapes: shapes)
    }
    let close = isClose(
        a, b, relativeTolerance: relativeTolerance, absoluteTolerance: absoluteTolerance, equalNaN: equalNaN)
    let misses = (.!close).flatNonzero()
    guard misses.count > 0 else { return nil }
    let first = misses[at: 0]
    let (left, right) = (a.broadcast(to: shape).flattened(), b.broadcast(to: shape).flattened())
    let differences = abs(left[misses] - right[misses])
    let numbers = NDArray.where(isNaN(differences), -1, differences).max()
    return ArrayMismatch(
        index: unraveled(first, shape), values: (left[at: first], right[at: first]),
        mismatched: (misses.count, close.count), largestDifference: numbers < 0 ? .nan : numbers,
        shapes: shapes)
}

/// The multi-dimensional index of a row-major position.
func unraveled(_ place: Int, _ shape: [Int]) -> [Int] {
    var rest = place
    return shape.reversed().map { length -> Int in
        defer { rest /= length }
        return rest % length
    }.reversed()
}

extension NDArray {
    /// Returns whether shape and all elements are equal (`np.array_equal`); with `equalNaN`, NaN is equal to NaN.
    public func isEqual(to other: NDArray, equalNaN: Bool = false) -> Bool {
        guard equalNaN else { return self == other }
        guard shape == other.shape else { return false }
        return ((self .== other) .| ((self .!= self) .& (other .!= other))).all()
    }
}
