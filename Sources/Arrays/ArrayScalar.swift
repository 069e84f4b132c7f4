/// A type that an `NDArray` can hold: `Float`, `Double`, `Int32`, `Int`, `UInt8` and `Bool`.
public protocol ArrayScalar: BitwiseCopyable, Sendable, Equatable {
    /// The zero of the type; `false` for `Bool`.
    static var zeroScalar: Self { get }
}

extension Float: ArrayScalar {
    /// 0.
    @inlinable public static var zeroScalar: Float { 0 }
}

extension Double: ArrayScalar {
    /// 0.
    @inlinable public static var zeroScalar: Double { 0 }
}

extension Int32: ArrayScalar {
    /// 0.
    @inlinable public static var zeroScalar: Int32 { 0 }
}

extension Int: ArrayScalar {
    /// 0.
    @inlinable public static var zeroScalar: Int { 0 }
}

extension UInt8: ArrayScalar {
    /// 0.
    @inlinable public static var zeroScalar: UInt8 { 0 }
}

extension Bool: ArrayScalar {
    /// `false`.
    @inlinable public static var zeroScalar: Bool { false }
}
