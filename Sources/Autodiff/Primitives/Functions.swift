import Arrays

// Functions of each element. The vector-Jacobian product of y = f(x) is g f'(x).
//
// Where f has no derivative, f' is the value of its formula in floating point, as PyTorch and JAX have it: infinity for
// log 0, the root of 0 and 0 to a power between 0 and 1. Such a slope times a gradient of 0 is NaN; add a small number
// under a root that may be of 0: (x * x).sum() + 1e-12.
extension Tensor {
    /// exp x; f' = y.
    public func exp() -> Tensor {
        let y = Arrays.exp(value)
        return tape.record(.array(y), from: [self]) { [.array($0.array() * y)] }
    }

    /// The natural logarithm; f' = 1 / x, infinity at 0.
    public func log() -> Tensor {
        let x = value
        return tape.record(.array(Arrays.log(x)), from: [self]) { [.array($0.array() / x)] }
    }

    /// The square root; f' = 1 / 2y, infinity at 0.
    public func squareRoot() -> Tensor {
        let y = Arrays.sqrt(value)
        return tape.record(.array(y), from: [self]) { [.array($0.array() / (y * 2))] }
    }

    /// x to the power of a number; f' = exponent x^(exponent - 1), and 0 everywhere for the exponent 0: x^0 is 1 at 0 too.
    public func power(_ exponent: Scalar) -> Tensor {
        let x = value
        return tape.record(.array(Arrays.power(x, exponent)), from: [self]) {
            // By the formula, 0 x^(-1): not a number at 0.
            guard exponent != 0 else { return [.array(NDArray(shape: x.shape, repeating: 0))] }
            return [.array($0.array() * Arrays.power(x, exponent - 1) * exponent)]
        }
    }
}
