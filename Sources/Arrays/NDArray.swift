import Support

/// A multi-dimensional array with NumPy's semantics: a value whose copies and slices share memory until one of them is
/// written.
///
/// Shapes are written with axis letters (N, C, H, W, D). The element at index (i0, i1, ...) is stored at `offset + i0 *
/// strides[0] + i1 * strides[1] + ...`, in scalars.
///
/// ```swift
/// let w = NDArray([[1.0, 3, 5], [2, 4, 6]])
/// print(w.shape)   // [2, 3]
/// ```
public struct NDArray<Scalar: ArrayScalar>: Sendable {
    /// The length of each axis; empty for a 0-d array.
    public let shape: [Int]
    /// The distance, in scalars, between neighbours along each axis.
    @usableFromInline let strides: [Int]
    /// The position of the first element in the storage.
    @usableFromInline let offset: Int
    @usableFromInline var storage: ArrayStorage<Scalar>

    @usableFromInline
    init(storage: ArrayStorage<Scalar>, shape: [Int], strides: [Int], offset: Int) {
        requireSupported(dimensions: shape.count)
        self.storage = storage
        self.shape = shape
        self.strides = strides
        self.offset = offset
    }

    /// Creates an array of `shape` whose elements `initializer` writes in row-major order, all of them exactly once.
    ///
    /// - Precondition: at most 64 axes and no negative length; `initializer` has initialised every element when it
    ///   returns.
    /// - Complexity: that of `initializer`.
    @inlinable
    public init(
        shape: [Int], initializingWith initializer: (UnsafeMutableBufferPointer<Scalar>) throws -> Void
    ) rethrows {
        requireSupported(dimensions: shape.count)
        require(shape.allSatisfy { $0 >= 0 }, "negative dimensions are not allowed: \(shape)")
        let count = shape.reduce(1, *)
        let storage = ArrayStorage<Scalar>(uninitializedCount: count)
        try initializer(UnsafeMutableBufferPointer(start: storage.base, count: count))
        self.init(storage: storage, shape: shape, strides: Self.rowMajorStrides(of: shape), offset: 0)
    }

    /// Creates an array over memory of another origin, without a copy: the pages of a mapped file.
    ///
    /// `release` is called once, when the last array that uses the memory is gone.
    ///
    /// - Precondition: `base` has the elements of `shape` in row-major order, is aligned to 64 bytes, may be written, and may
    ///   be read up to the next multiple of 64 bytes.
    package init(
        shape: [Int], adopting base: UnsafeMutablePointer<Scalar>, release: @escaping @Sendable () -> Void
    ) {
        requireSupported(dimensions: shape.count)
        require(shape.allSatisfy { $0 >= 0 }, "negative dimensions are not allowed: \(shape)")
        self.init(
            storage: ArrayStorage(adopting: base, count: shape.reduce(1, *), release: release), shape: shape,
            strides: Self.rowMajorStrides(of: shape), offset: 0)
    }

    /// Creates an array of `shape` filled with one value.
    @inlinable
    public init(shape: [Int], repeating value: Scalar) {
        self.init(shape: shape) { $0.initialize(repeating: value) }
    }

    /// Creates an array of `shape` with `elements` in row-major order.
    ///
    /// - Precondition: the product of the shape is the number of elements.
    @inlinable
    public init(shape: [Int], elements: [Scalar]) {
        let count = shape.reduce(1, *)
        require(
            elements.count == count,
            "cannot reshape array of size \(elements.count) into shape \(shapeText(shape))")
        self.init(shape: shape) { _ = $0.initialize(from: elements) }
    }

    /// The number of axes.
    public var ndim: Int { shape.count }

    /// The number of elements: the product of the shape.
    @inlinable public var count: Int { shape.reduce(1, *) }

    /// Whether the elements are contiguous in row-major order.
    public var isContiguous: Bool {
        var expected = 1
        for axis in shape.indices.reversed() {
            if shape[axis] == 0 { return true }
            if shape[axis] != 1 {
                if strides[axis] != expected { return false }
                expected *= shape[axis]
            }
        }
        return true
    }

    /// The strides of a contiguous row-major array of `shape`.
    @usableFromInline
    static func rowMajorStrides(of shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        var step = 1
        for axis in shape.indices.reversed() {
            strides[axis] = step
            step *= shape[axis]
        }
        return strides
    }

    /// The elements in row-major order.
    ///
    /// - Complexity: O(`count`).
    public var elements: [Scalar] {
        withUnsafeElements { [Scalar]($0) }
    }

    /// Calls `body` with the elements in row-major order, without a copy if they are contiguous.
    ///
    /// The pointer is valid only during the call.
    @inlinable
    public func withUnsafeElements<Result>(
        _ body: (UnsafeBufferPointer<Scalar>) throws -> Result
    ) rethrows -> Result {
        let packed = isContiguous ? self : contiguousCopy()
        return try withExtendedLifetime(packed.storage) {
            try body(UnsafeBufferPointer(start: packed.storage.base + packed.offset, count: packed.count))
        }
    }

    /// Calls `body` with the elements in row-major order, for changes in place; makes the storage unique first if it is
    /// shared.
    ///
    /// The pointer is valid only during the call.
    @inlinable
    public mutating func withUnsafeMutableElements<Result>(
        _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
    ) rethrows -> Result {
        if !isKnownUniquelyReferenced(&storage) || !isContiguous { self = contiguousCopy() }
        return try body(UnsafeMutableBufferPointer(start: storage.base + offset, count: count))
    }
}
