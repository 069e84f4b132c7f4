import Support

extension NDArray {
    /// `np.zeros(shape)`.
    public static func zeros(_ shape: Int...) -> NDArray { zeros(shape: shape) }

    /// `np.zeros(shape)`.
    public static func zeros(shape: [Int]) -> NDArray { NDArray(shape: shape, repeating: Scalar.zeroScalar) }

    /// `np.ones(shape)`.
    public static func ones(_ shape: Int...) -> NDArray { ones(shape: shape) }

    /// `np.ones(shape)`.
    public static func ones(shape: [Int]) -> NDArray { NDArray(shape: shape, repeating: Scalar.oneScalar) }

    /// `np.full(shape, value)`.
    public static func full(shape: [Int], _ value: Scalar) -> NDArray {
        NDArray(shape: shape, repeating: value)
    }

    /// `np.zeros_like(array)`: zeros of the same shape, of this array's own type.
    public static func zeros<Other>(like array: NDArray<Other>) -> NDArray { zeros(shape: array.shape) }

    /// `np.ones_like(array)`.
    public static func ones<Other>(like array: NDArray<Other>) -> NDArray { ones(shape: array.shape) }

    /// `np.eye(rows, columns, k)`: ones on the diagonal (or the one `offset` columns to its right).
    public static func eye(_ rows: Int, _ columns: Int? = nil, offset: Int = 0) -> NDArray {
        let columns = columns ?? rows
        return NDArray(shape: [rows, columns]) { target in
            target.initialize(repeating: Scalar.zeroScalar)
            for row in 0..<rows where (0..<columns).contains(row + offset) {
                target[row * columns + row + offset] = Scalar.oneScalar
            }
        }
    }

    /// The one-hot encoding of labels: (N) to (N, `classes`).
    ///
    /// - Precondition: 0 <= label < classes.
    public static func oneHot(_ labels: NDArray<Int>, classes: Int) -> NDArray {
        NDArray(shape: labels.shape + [classes]) { target in
            target.initialize(repeating: Scalar.zeroScalar)
            labels.withUnsafeElements { labels in
                for (row, label) in labels.enumerated() {
                    require(
                        (0..<classes).contains(label),
                        "index \(label) is out of bounds for axis 1 with size \(classes)")
                    target[row * classes + label] = Scalar.oneScalar
                }
            }
        }
    }
}

extension NDArray where Scalar: NumericScalar {
    /// `np.arange(stop)`: 0, 1, ... below `stop`.
    public static func arange(_ stop: Scalar) -> NDArray { arange(0, stop, 1) }
}

extension NDArray where Scalar: NumericScalar {
    /// `np.arange(start, stop, step)`: start, start + step, ... before `stop`; value i is `start + i * step`. A step that
    /// is infinite, or so large that it passes `stop` at once, gives `start` alone.
    ///
    /// - Precondition: the step is not zero, and the number of values fits in memory.
    public static func arange(_ start: Scalar, _ stop: Scalar, _ step: Scalar = 1) -> NDArray {
        if let integer = Scalar.self as? any IntegerScalar.Type {
            func integers<Whole: IntegerScalar>(_ type: Whole.Type) -> NDArray? {
                guard let start = start as? Whole, let stop = stop as? Whole, let step = step as? Whole else {
                    return nil
                }
                return NDArray<Whole>.steps(start, stop, step) as? NDArray
            }
            if let result = integers(integer) { return result }
        }
        func double(_ value: Scalar) -> Double {
            (value as? Double) ?? (value as? Float).map(Double.init) ?? 0
        }
        require(step != 0, "float division by zero")
        let count = stepCount(double(stop) - double(start), double(step))
        // NumPy fills with start + i * delta, delta = (start + step) - start.
        let delta = (start + step) - start
        return NDArray(shape: [count]) { target in
            var index: Scalar = 0
            for place in target.indices {
                target.initializeElement(
                    at: place, to: place == 0 ? start : place == 1 ? start + step : start + index * delta)
                index += 1
            }
        }
    }
}

/// The number of steps in `distance`.
private func stepCount(_ distance: Double, _ step: Double) -> Int {
    let quotient = distance / step
    // The quotient may have been rounded to zero, or divided by infinity.
    if quotient == 0 && distance != 0 { return quotient.sign == .minus ? 0 : 1 }
    require(!quotient.isNaN, "arange: cannot compute length")
    let count = quotient.rounded(.up)
    require(abs(count) < 0x1p62, "Maximum allowed size exceeded")
    return max(0, Int(count))
}

extension FixedWidthInteger {
    /// |other - self|, which fits where the difference itself may not.
    fileprivate func distanceMagnitude(to other: Self) -> Magnitude {
        let (low, high) = (Swift.min(self, other), Swift.max(self, other))
        return Magnitude(truncatingIfNeeded: high &- low)
    }
}

extension NDArray where Scalar: IntegerScalar {
    /// `arange` of integers: no value between start and stop overflows, for any distance and step.
    fileprivate static func steps(_ start: Scalar, _ stop: Scalar, _ step: Scalar) -> NDArray {
        require(step != 0, "division by zero")
        let distance = Double(start.distanceMagnitude(to: stop))
        let count = stepCount(start < stop ? distance : -distance, Double(step))
        return NDArray(shape: [count]) { target in
            var value = start
            for place in target.indices {
                target.initializeElement(at: place, to: value)
                value &+= step
            }
        }
    }
}

extension NDArray where Scalar: FloatingScalar {
    /// `np.linspace(start, stop, count)`: evenly spaced, both ends included unless `endpoint` is false.
    ///
    /// - Precondition: count >= 0.
    public static func linspace(
        _ start: Scalar, _ stop: Scalar, _ count: Int = 50, endpoint: Bool = true
    ) -> NDArray {
        require(count >= 0, "Number of samples, \(count), must be non-negative.")
        // In double precision and rounded once, as NumPy does.
        let from = Double(start)
        let width = Double(stop) - from
        let divisions = Double(endpoint ? count - 1 : count)
        let step = width / divisions
        return NDArray(shape: [count]) { target in
            for place in target.indices {
                let value =
                    divisions > 0 ? (step == 0 ? Double(place) / divisions * width : Double(place) * step) : 0
                target.initializeElement(at: place, to: Scalar(value + from))
            }
            if endpoint && count > 1 { target[count - 1] = stop }
        }
    }
}
