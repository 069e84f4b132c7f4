import Support

/// A padding mode that computes values: statistics of the row, or a linear ramp.
public enum NumericPaddingMode<Scalar: NumericScalar>: Sendable {
    /// The row's largest element.
    case maximum
    /// The row's smallest element.
    case minimum
    /// The row's mean; of integers the nearest, to even from the middle.
    case mean
    /// The row's median; of integers the nearest, to even from the middle.
    case median
    /// A linear ramp from this value at the outer end to the element at the edge.
    case linearRamp(to: Scalar)
}

extension NDArray where Scalar: NumericScalar {
    /// `np.pad(array, widths, mode)` with the modes that compute: `before` and `after` elements more along each axis.
    ///
    /// - Precondition: one pair per axis, none negative; axes that are padded are not empty.
    public func padded(_ widths: [(before: Int, after: Int)], mode: NumericPaddingMode<Scalar>) -> NDArray {
        require(
            widths.count == ndim,
            "operands could not be broadcast together with remapped shapes: \(widths.count) widths for "
                + "\(ndim) axes")
        require(
            widths.allSatisfy { $0.before >= 0 && $0.after >= 0 }, "index can't contain negative values")
        var result = self
        for (axis, width) in widths.enumerated() where width.before + width.after > 0 {
            require(
                result.shape[axis] > 0,
                "can't extend empty axis \(axis) using modes other than 'constant' or 'empty'")
            result = result.padded(axis: axis, width, mode)
        }
        return result
    }

    /// The same width at both ends of every axis.
    public func padded(_ width: Int, mode: NumericPaddingMode<Scalar>) -> NDArray {
        padded([(before: Int, after: Int)](repeating: (width, width), count: ndim), mode: mode)
    }

    private func padded(
        axis: Int, _ width: (before: Int, after: Int), _ mode: NumericPaddingMode<Scalar>
    ) -> NDArray {
        let rows = movingAxis(axis, to: ndim - 1)
        let length = shape[axis]
        let kept = Array(rows.shape.dropLast())
        let values = rows.elements
        var padded: [Scalar] = []
        padded.reserveCapacity(values.count / length * (length + width.before + width.after))
        for start in stride(from: 0, to: values.count, by: length) {
            let row = values[start..<(start + length)]
            switch mode {
            case .linearRamp(let end):
                padded += ramp(from: end, to: values[start], width.before)
                padded += row
                padded += ramp(from: end, to: values[start + length - 1], width.after).reversed()
            default:
                let value = mode.value(row)
                padded += repeatElement(value, count: width.before)
                padded += row
                padded += repeatElement(value, count: width.after)
            }
        }
        return NDArray(shape: kept + [length + width.before + width.after], elements: padded)
            .movingAxis(ndim - 1, to: axis)
    }

    /// `count` values from `end` towards `edge`, which follows them; integers are rounded down.
    private func ramp(from end: Scalar, to edge: Scalar, _ count: Int) -> [Scalar] {
        let (start, stop) = (
            NDArray<Scalar>(end).asType(Double.self).item(), NDArray<Scalar>(edge).asType(Double.self).item()
        )
        let values = NDArray<Double>.linspace(start, stop, count, endpoint: false)
        return (Scalar.self is any BinaryInteger.Type ? floor(values) : values).asType(Scalar.self).elements
    }
}

extension NumericPaddingMode {
    /// The padding value of a row.
    fileprivate func value(_ row: ArraySlice<Scalar>) -> Scalar {
        let numbers = NDArray(Array(row))
        switch self {
        case .maximum: return numbers.max()
        case .minimum: return numbers.min()
        case .mean: return Self.rounded(numbers.asType(Double.self).mean())
        default:
            let sorted = numbers.asType(Double.self).sorted().elements
            let middle = sorted.count / 2
            return Self.rounded(
                sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2)
        }
    }

    private static func rounded(_ value: Double) -> Scalar {
        let isInteger = Scalar.self is any BinaryInteger.Type
        return NDArray<Double>(isInteger ? value.rounded(.toNearestOrEven) : value).asType(Scalar.self).item()
    }
}
