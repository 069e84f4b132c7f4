import Arrays

// Functions of each element. The vector-Jacobian product of y = f(x) is g f'(x).
extension Tensor {
    /// exp x; f' = y.
    public func exp() -> Tensor {
        let y = Arrays.exp(value)
        return tape.record(y, from: [self]) { [$0 * y] }
    }

    /// The natural logarithm; f' = 1 / x.
    public func log() -> Tensor {
        let x = value
        return tape.record(Arrays.log(x), from: [self]) { [$0 / x] }
    }

    /// The square root; f' = 1 / 2y.
    public func squareRoot() -> Tensor {
        let y = Arrays.sqrt(value)
        return tape.record(y, from: [self]) { [$0 / (y * 2)] }
    }

    /// x to the power of a number; f' = exponent x^(exponent - 1).
    public func power(_ exponent: Scalar) -> Tensor {
        let x = value
        return tape.record(Arrays.power(x, exponent), from: [self]) {
            [$0 * Arrays.power(x, exponent - 1) * exponent]
        }
    }
}
