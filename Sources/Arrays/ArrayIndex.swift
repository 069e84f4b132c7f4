/// An index of `array[...]`: an integer, a range, `.all`, `.newAxis`, `.ellipsis`, `.slice(from:to:by:)`, a list of
/// indices, or an array of indices or Booleans.
public protocol ArrayIndexing {
    /// The meaning of the index.
    var arrayIndex: ArrayIndex { get }
}

/// One component of an index.
public enum ArrayIndex: ArrayIndexing, Sendable {
    /// One index; the axis disappears. Negative indices count from the end.
    case element(Int)
    /// `start:stop:step` with Python's rules: negative bounds count from the end, bounds beyond the array are cut.
    case strided(start: Int?, stop: Int?, step: Int)
    /// An axis of length 1.
    case axis
    /// As many whole axes as the other components leave.
    case rest
    /// The indices of an integer array (a copy).
    case places(NDArray<Int>)
    /// The elements at which a mask is true (a copy).
    case mask(NDArray<Bool>)

    /// The index itself.
    public var arrayIndex: ArrayIndex { self }
}

extension ArrayIndexing where Self == ArrayIndex {
    /// `:`, the whole axis.
    public static var all: ArrayIndex { .strided(start: nil, stop: nil, step: 1) }
    /// `None`, a new axis of length 1.
    public static var newAxis: ArrayIndex { .axis }
    /// `...`, as many whole axes as the other components leave.
    public static var ellipsis: ArrayIndex { .rest }
    /// `start:stop:step`.
    ///
    /// - Precondition: the step is not zero.
    public static func slice(from start: Int? = nil, to stop: Int? = nil, by step: Int = 1) -> ArrayIndex {
        .strided(start: start, stop: stop, step: step)
    }
}

extension Int: ArrayIndexing {
    /// One index.
    public var arrayIndex: ArrayIndex { .element(self) }
}

extension Range<Int>: ArrayIndexing {
    /// `lower:upper`; both may be negative.
    public var arrayIndex: ArrayIndex { .strided(start: lowerBound, stop: upperBound, step: 1) }
}

extension ClosedRange<Int>: ArrayIndexing {
    /// `lower:upper+1`; an upper bound of -1 is the last element.
    public var arrayIndex: ArrayIndex {
        .strided(start: lowerBound, stop: upperBound == -1 ? nil : upperBound + 1, step: 1)
    }
}

extension PartialRangeFrom<Int>: ArrayIndexing {
    /// `lower:`.
    public var arrayIndex: ArrayIndex { .strided(start: lowerBound, stop: nil, step: 1) }
}

extension PartialRangeUpTo<Int>: ArrayIndexing {
    /// `:upper`.
    public var arrayIndex: ArrayIndex { .strided(start: nil, stop: upperBound, step: 1) }
}

extension PartialRangeThrough<Int>: ArrayIndexing {
    /// `:upper+1`; an upper bound of -1 is the last element.
    public var arrayIndex: ArrayIndex {
        .strided(start: nil, stop: upperBound == -1 ? nil : upperBound + 1, step: 1)
    }
}

extension [Int]: ArrayIndexing {
    /// The listed indices.
    public var arrayIndex: ArrayIndex { .places(NDArray(self)) }
}

extension NDArray: ArrayIndexing where Scalar: ArrayIndexScalar {
    /// The indices of an integer array, or those at which a mask is true.
    public var arrayIndex: ArrayIndex { Scalar.index(self) }
}

/// A scalar whose arrays can be indices: `Int` (indices) and `Bool` (a mask).
public protocol ArrayIndexScalar: ArrayScalar {
    /// Converts an array of this type to an index.
    static func index(_ array: NDArray<Self>) -> ArrayIndex
}

extension Int: ArrayIndexScalar {
    /// An array of indices.
    public static func index(_ array: NDArray<Int>) -> ArrayIndex { .places(array) }
}

extension Bool: ArrayIndexScalar {
    /// A mask.
    public static func index(_ array: NDArray<Bool>) -> ArrayIndex { .mask(array) }
}
