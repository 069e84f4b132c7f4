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

    /// An activation by itself: sigmoid (f' = y (1 - y)), ReLU (f' = 1 where y > 0, else 0), tanh (f' = 1 - y^2).
    public func activated(_ activation: Activation) -> Tensor {
        let y = stored.mapped {
            var y = $0
            let rows = y.count == 0 ? 0 : 1
            y.withUnsafeMutableElements { Scalar.addBias(nil, activation: activation, rows: rows, to: $0) }
            return y
        }
        return tape.record(images: y, from: [self]) {
            [$0.combined(with: y) { $0.activationGradient(activation, y: $1) }]
        }
    }

    /// 1 / (1 + exp(-x)).
    public func sigmoid() -> Tensor { activated(.sigmoid) }
    /// max(0, x).
    public func relu() -> Tensor { activated(.relu) }
    /// tanh x.
    public func tanh() -> Tensor { activated(.tanh) }
}
