import Support

/// A padding mode: the values that padding adds.
public enum PaddingMode<Scalar: ArrayScalar>: Sendable, Equatable {
    /// One value.
    case constant(Scalar)
    /// The nearest element.
    case edge
    /// The array mirrored at its last element: `c b | a b c | b a`.
    case reflect
    /// The array mirrored behind its last element: `b a | a b c | c b`.
    case symmetric
    /// The array from its other end: `b c | a b c | a b`.
    case wrap
}

extension NDArray {
    /// `np.pad(array, widths, mode)`: `before` and `after` elements more along each axis.
    ///
    /// - Precondition: one pair per axis, none negative; modes other than `.constant` need elements to copy.
    public func padded(_ widths: [(before: Int, after: Int)], mode: PaddingMode<Scalar>) -> NDArray {
        require(
            widths.count == ndim,
            "operands could not be broadcast together with remapped shapes: \(widths.count) widths for "
                + "\(ndim) axes")
        require(
            widths.allSatisfy { $0.before >= 0 && $0.after >= 0 }, "index can't contain negative values")
        if case .constant(let value) = mode {
            let result = NDArray(
                shape: zip(shape, widths).map { $0 + $1.before + $1.after }, repeating: value)
            let inside = zip(shape, widths).map {
                ArrayIndex.strided(start: $1.before, stop: $1.before + $0, step: 1)
            }
            Self.write(self, over: result.view(inside))
            return result
        }
        var result = self
        for (axis, width) in widths.enumerated() where width.before + width.after > 0 {
            let length = shape[axis]
            require(
                length > 0, "can't extend empty axis \(axis) using modes other than 'constant' or 'empty'")
            let places = (-width.before..<(length + width.after)).map { mode.place($0, length) }
            result = result.taking(places, axis: axis)
        }
        return result
    }

    /// The same width at both ends of every axis.
    public func padded(_ width: Int, mode: PaddingMode<Scalar> = .constant(Scalar.zeroScalar)) -> NDArray {
        padded([(before: Int, after: Int)](repeating: (width, width), count: ndim), mode: mode)
    }
}

extension PaddingMode {
    /// The index in 0 ..< length of the element for the index `place`, which may be outside.
    fileprivate func place(_ place: Int, _ length: Int) -> Int {
        func modulo(_ a: Int, _ n: Int) -> Int { ((a % n) + n) % n }
        switch self {
        case .constant, .edge: return min(max(place, 0), length - 1)
        case .wrap: return modulo(place, length)
        case .reflect:
            if length == 1 { return 0 }
            let turned = modulo(place, 2 * (length - 1))
            return turned < length ? turned : 2 * (length - 1) - turned
        case .symmetric:
            let turned = modulo(place, 2 * length)
            return turned < length ? turned : 2 * length - 1 - turned
        }
    }
}
