import Support

/// The entries of an array's first axis, one after another.
public struct NDArrayRows<Scalar: ArrayScalar>: IteratorProtocol, Sendable {
    private let array: NDArray<Scalar>
    private var place = 0

    init(_ array: NDArray<Scalar>) { self.array = array }

    /// The next entry: a view with one axis less.
    public mutating func next() -> NDArray<Scalar>? {
        guard place < array.shape[0] else { return nil }
        defer { place += 1 }
        return array[place]
    }
}

extension NDArray: Sequence {
    /// The entries of the first axis, as Python's `for row in a`: views, 0-d ones if there is one axis.
    ///
    /// ```swift
    /// for row in NDArray([[1, 2], [3, 4]]) { print(row.sum()) }   // 3, then 7
    /// ```
    ///
    /// - Precondition: at least one axis.
    public func makeIterator() -> NDArrayRows<Scalar> {
        require(ndim > 0, "iteration over a 0-d array")
        return NDArrayRows(self)
    }

    /// The length of the first axis.
    public var underestimatedCount: Int { shape.first ?? 0 }
}

// A sequence of arrays can be joined to a Swift array by `+`, which would give `a + [[1, 2], [3, 4]]` that meaning. It
// stays arithmetic.

extension NDArray where Scalar: NumericScalar {
    /// The sum, element by element, with broadcasting; `b` lists the entries of an array's first axis.
    public static func + (a: NDArray, b: [NDArray]) -> NDArray { a + stack(b) }
    /// The sum, element by element, with broadcasting; `a` lists the entries of an array's first axis.
    public static func + (a: [NDArray], b: NDArray) -> NDArray { stack(a) + b }
}
