import Arrays

extension Tensor {
    /// An activation by itself. The vector-Jacobian product is g h'(x), from y or x, whichever its derivative
    /// follows from; that one is kept.
    ///
    /// - Precondition: the slope of a leaky ReLU and the alpha of an ELU are not negative.
    /// - Complexity: O(count).
    public func activated(_ activation: Activation) -> Tensor {
        switch activation {
        case .identity: return self
        case .softmax: return softmax()
        default: break
        }
        require(activation.parameter >= 0, "\(activation): a parameter below zero")
        if activation.hasKink { tape.hasKinks = true }
        let z = layoutArray
        let y = z.mapped { z in
            NDArray<Scalar>(shape: z.shape) { y in
                z.withUnsafeElements { Scalar.kernels.activate(activation, $0, into: y) }
            }
        }
        let kept = activation.gradientNeedsInput ? z : y
        return tape.record(Value(y), from: [self]) {
            [Value($0.layoutArray.combined(with: kept) { $0.activationGradient(activation, y: $1) })]
        }
    }

    /// 1 / (1 + exp(-x)); h' = y (1 - y).
    public func sigmoid() -> Tensor { activated(.sigmoid) }
    /// tanh x; h' = 1 - y^2.
    public func tanh() -> Tensor { activated(.tanh) }
    /// max(0, x); h' = 1 where x > 0, else 0.
    public func relu() -> Tensor { activated(.relu) }
    /// x where x >= 0, else slope x; h' = 1 where x > 0, else slope.
    public func leakyReLU(slope: Double = 0.01) -> Tensor { activated(.leakyReLU(slope: slope)) }
    /// x where x >= 0, else alpha (exp(x) - 1); h' = 1 where x > 0, else y + alpha.
    public func elu(alpha: Double = 1) -> Tensor { activated(.elu(alpha: alpha)) }
    /// x P(x), P the normal distribution; h' = P(x) + x p(x), p its density.
    public func gelu() -> Tensor { activated(.gelu) }
    /// GELU in its form with tanh.
    public func geluTanh() -> Tensor { activated(.geluTanh) }
    /// x s(x), s the sigmoid; h' = s + x s (1 - s).
    public func silu() -> Tensor { activated(.silu) }
    /// log(1 + exp(x)); h' = the sigmoid of x.
    public func softplus() -> Tensor { activated(.softplus) }
}
