import Arrays

// Element by element, with NumPy's broadcasting. Where an input was broadcast, its gradient is summed over the axes
// along which it was broadcast.
extension Tensor {
    /// a + b. By a: g; by b: g.
    public static func + (a: Tensor, b: Tensor) -> Tensor {
        guard a.canCombine(b, "+") else { return a }
        let (m, n) = (a.shape, b.shape)
        if m == n {
            if let sum = a.joinedSum(with: b) { return sum }
            let sum = a.layoutArray.combined(with: b.layoutArray, +)
            return a.tape.record(Value(sum), from: [a, b]) { [$0, $0] }
        }
        return a.tape.record(.array(a.value + b.value), from: [a, b]) {
            let g = $0.array()
            return [.array(g.summed(to: m)), .array(g.summed(to: n))]
        }
    }

    /// a - b. By a: g; by b: -g.
    public static func - (a: Tensor, b: Tensor) -> Tensor {
        guard a.canCombine(b, "-") else { return a }
        let (m, n) = (a.shape, b.shape)
        return a.tape.record(.array(a.value - b.value), from: [a, b]) {
            let g = $0.array()
            return [.array(g.summed(to: m)), .array((0 - g).summed(to: n))]
        }
    }

    /// a b. By a: g b; by b: g a.
    public static func * (a: Tensor, b: Tensor) -> Tensor {
        guard a.canCombine(b, "*") else { return a }
        let (x, y) = (a.value, b.value)
        return a.tape.record(.array(x * y), from: [a, b]) {
            let g = $0.array()
            return [.array((g * y).summed(to: x.shape)), .array((g * x).summed(to: y.shape))]
        }
    }

    /// a / b. By a: g / b; by b: -(g a / b) / b, which does not leave the range where b^2 would.
    public static func / (a: Tensor, b: Tensor) -> Tensor {
        guard a.canCombine(b, "/") else { return a }
        let (x, y) = (a.value, b.value)
        return a.tape.record(.array(x / y), from: [a, b]) {
            let g = $0.array()
            return [
                .array((g / y).summed(to: x.shape)), .array((0 - g * (x / y) / y).summed(to: y.shape)),
            ]
        }
    }

    /// a + a number.
    public static func + (a: Tensor, b: Scalar) -> Tensor {
        a.tape.record(.array(a.value + b), from: [a]) { [$0] }
    }
    /// A number + a.
    public static func + (a: Scalar, b: Tensor) -> Tensor { b + a }
    /// a - a number.
    public static func - (a: Tensor, b: Scalar) -> Tensor {
        a.tape.record(.array(a.value - b), from: [a]) { [$0] }
    }
    /// A number - a.
    public static func - (a: Scalar, b: Tensor) -> Tensor {
        b.tape.record(.array(a - b.value), from: [b]) { [.array(0 - $0.array())] }
    }
    /// a times a number.
    public static func * (a: Tensor, b: Scalar) -> Tensor {
        a.tape.record(Value(a.layoutArray.mapped { $0 * b }), from: [a]) {
            [Value($0.layoutArray.mapped { $0 * b })]
        }
    }
    /// A number times a.
    public static func * (a: Scalar, b: Tensor) -> Tensor { b * a }
    /// a divided by a number.
    public static func / (a: Tensor, b: Scalar) -> Tensor {
        a.tape.record(Value(a.layoutArray.mapped { $0 / b }), from: [a]) {
            [Value($0.layoutArray.mapped { $0 / b })]
        }
    }
    /// -a.
    public static prefix func - (a: Tensor) -> Tensor { 0 - a }
}

extension NDArray where Scalar: DifferentiableScalar {
    /// This gradient, summed over the axes along which an input of `shape` was broadcast.
    func summed(to shape: [Int]) -> NDArray {
        guard self.shape != shape else { return self }
        let added = self.shape.count - shape.count
        let stretched = self.shape.indices.filter { $0 < added || shape[$0 - added] != self.shape[$0] }
        return sum(axis: stretched, keepingDimensions: true).reshaped(to: shape)
    }
}
