import Arrays

/// An element type that both array files and `NDArray` support.
public enum ElementType: String, Sendable, CaseIterable {
    /// IEEE 754 binary32, Swift's `Float`.
    case float32
    /// IEEE 754 binary64, Swift's `Double`.
    case float64
    /// Two's complement, 32 bits.
    case int32
    /// Two's complement, 64 bits, Swift's `Int`.
    case int64
    /// A byte, 0 to 255.
    case uint8
    /// One byte: 0 is false, everything else true.
    case bool

    /// Bytes per element.
    package var size: Int {
        switch self {
        case .uint8, .bool: 1
        case .float32, .int32: 4
        case .float64, .int64: 8
        }
    }
}

/// A scalar type that array files support.
public protocol StoredScalar: ArrayScalar {
    /// The element type in files.
    static var elementType: ElementType { get }
}

extension StoredScalar {
    /// Returns the array in `stored`, if its elements are of this type.
    package static func load(_ stored: StoredArray) -> NDArray<Self>? {
        switch stored {
        case .float32(let array): array as? NDArray<Self>
        case .float64(let array): array as? NDArray<Self>
        case .int32(let array): array as? NDArray<Self>
        case .int64(let array): array as? NDArray<Self>
        case .uint8(let array): array as? NDArray<Self>
        case .bool(let array): array as? NDArray<Self>
        }
    }
}

extension Float: StoredScalar {
    /// `float32`.
    public static var elementType: ElementType { .float32 }
}

extension Double: StoredScalar {
    /// `float64`.
    public static var elementType: ElementType { .float64 }
}

extension Int32: StoredScalar {
    /// `int32`.
    public static var elementType: ElementType { .int32 }
}

extension Int: StoredScalar {
    /// `int64`.
    public static var elementType: ElementType { .int64 }
}

extension UInt8: StoredScalar {
    /// `uint8`.
    public static var elementType: ElementType { .uint8 }
}

extension Bool: StoredScalar {
    /// `bool`.
    public static var elementType: ElementType { .bool }
}

/// An array of dynamic element type, as read from a file.
public enum StoredArray: Sendable {
    /// An array of `Float`.
    case float32(NDArray<Float>)
    /// An array of `Double`.
    case float64(NDArray<Double>)
    /// An array of `Int32`.
    case int32(NDArray<Int32>)
    /// An array of `Int`.
    case int64(NDArray<Int>)
    /// An array of bytes.
    case uint8(NDArray<UInt8>)
    /// An array of Booleans.
    case bool(NDArray<Bool>)

    /// Creates a stored array from a typed one.
    package init<Scalar: StoredScalar>(_ array: NDArray<Scalar>) {
        // A conversion to the type that the array has already is the array.
        self =
            switch Scalar.elementType {
            case .float32: .float32(array.asType())
            case .float64: .float64(array.asType())
            case .int32: .int32(array.asType())
            case .int64: .int64(array.asType())
            case .uint8: .uint8(array.asType())
            case .bool: .bool(array.asType())
            }
    }

    /// The element type.
    package var elementType: ElementType {
        switch self {
        case .float32: .float32
        case .float64: .float64
        case .int32: .int32
        case .int64: .int64
        case .uint8: .uint8
        case .bool: .bool
        }
    }

    /// The length of each axis.
    package var shape: [Int] {
        switch self {
        case .float32(let array): array.shape
        case .float64(let array): array.shape
        case .int32(let array): array.shape
        case .int64(let array): array.shape
        case .uint8(let array): array.shape
        case .bool(let array): array.shape
        }
    }

    /// Converts the elements to `Scalar` as NumPy's `astype` does: fractions are truncated, integers keep their lowest
    /// bits, everything but zero is true.
    ///
    /// ```swift
    /// let images = try NPZ(contentsOf: "images.npz").array(named: "x").converted(to: Float.self)
    /// ```
    ///
    /// - Complexity: O(n); an array of that type is shared.
    package func converted<Scalar: StoredScalar>(to type: Scalar.Type = Scalar.self) -> NDArray<Scalar> {
        switch self {
        case .float32(let array): array.asType()
        case .float64(let array): array.asType()
        case .int32(let array): array.asType()
        case .int64(let array): array.asType()
        case .uint8(let array): array.asType()
        case .bool(let array): array.asType()
        }
    }

    /// The array with elements of another type, converted as by `converted(to:)`.
    package func converted(to type: ElementType) -> StoredArray {
        switch type {
        case .float32: .float32(converted())
        case .float64: .float64(converted())
        case .int32: .int32(converted())
        case .int64: .int64(converted())
        case .uint8: .uint8(converted())
        case .bool: .bool(converted())
        }
    }

    /// The size of all elements in bytes.
    package var byteCount: Int { shape.reduce(1, *) * elementType.size }

    /// Calls `body` with the elements as stored in a little-endian file, row-major; the pointer is valid only during
    /// the call.
    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
    {
        switch self {
        case .float32(let array): try array.withUnsafeElements { try body(UnsafeRawBufferPointer($0)) }
        case .float64(let array): try array.withUnsafeElements { try body(UnsafeRawBufferPointer($0)) }
        case .int32(let array): try array.withUnsafeElements { try body(UnsafeRawBufferPointer($0)) }
        case .int64(let array): try array.withUnsafeElements { try body(UnsafeRawBufferPointer($0)) }
        case .uint8(let array): try array.withUnsafeElements { try body(UnsafeRawBufferPointer($0)) }
        case .bool(let array): try array.withUnsafeElements { try body(UnsafeRawBufferPointer($0)) }
        }
    }

    /// Creates an array of `shape` whose bytes `fill` writes: all of them, little-endian, row-major.
    ///
    /// - Precondition: `checkedCount` has passed the shape.
    init(
        _ type: ElementType, shape: [Int], filling fill: (UnsafeMutableRawBufferPointer) throws -> Void
    ) throws {
        switch type {
        case .float32: self = .float32(try Self.filled(shape, fill))
        case .float64: self = .float64(try Self.filled(shape, fill))
        case .int32: self = .int32(try Self.filled(shape, fill))
        case .int64: self = .int64(try Self.filled(shape, fill))
        case .uint8: self = .uint8(try Self.filled(shape, fill))
        case .bool:
            // A Bool whose byte is neither 0 nor 1 is undefined, so the bytes are checked first.
            let bytes: NDArray<UInt8> = try Self.filled(shape, fill)
            self = .bool(
                NDArray(shape: shape) { target in
                    bytes.withUnsafeElements { source in
                        for index in target.indices {
                            target.initializeElement(at: index, to: source[index] != 0)
                        }
                    }
                })
        }
    }

    private static func filled<Scalar: ArrayScalar>(
        _ shape: [Int], _ fill: (UnsafeMutableRawBufferPointer) throws -> Void
    ) throws -> NDArray<Scalar> {
        try NDArray(shape: shape) { try fill(UnsafeMutableRawBufferPointer($0)) }
    }

    /// The number of elements of an untrusted shape; nil when it, or a stride of it, does not fit in an `Int`, or when
    /// there are more than 64 axes (NumPy's own limit since 2.0).
    static func checkedCount(_ shape: [Int]) -> Int? {
        guard shape.count <= 64 else { return nil }
        // Strides are products of some of the lengths: none may overflow, even where another axis is empty.
        var product = 1
        for length in shape {
            guard length >= 0 else { return nil }
            let (next, overflow) = product.multipliedReportingOverflow(by: max(1, length))
            // Eight bytes per element must fit too.
            guard !overflow, next <= Int.max / 16 else { return nil }
            product = next
        }
        return shape.contains(0) ? 0 : product
    }
}
