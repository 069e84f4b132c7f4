import Arrays
import Support

/// exp(a) / sum exp(a) along the last axis.
struct Softmax: ActivationFunction {
    static let kind = "softmax"

    init() {}
    init(from settings: inout SettingText) throws {}

    func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.softmax() }
}

extension Activation {
    /// exp(a) / sum exp(a) along the last axis.
    public static let softmax = Activation(Softmax())
}

extension Tensor {
    /// exp(x) / sum exp(x) along the last axis of [..., C], the row's maximum subtracted first.
    ///
    /// Vector-Jacobian product: p (g - sum(g p)).
    ///
    /// - Precondition: at least one axis.
    /// - Complexity: O(count).
    public func softmax() -> Tensor<Scalar> {
        require(!shape.isEmpty, "softmax of shape \(shape): rows of scores are needed")
        let rows = shape.dropLast().reduce(1, *)
        let x = value
        let p = NDArray<Scalar>(shape: shape) { p in
            x.withUnsafeElements { Scalar.kernels.softmax($0, rows: rows, into: p) }
        }
        return tape.record(.array(p), from: [self]) { upstream in
            let gradient = NDArray<Scalar>(shape: p.shape) { delta in
                p.withUnsafeElements { p in
                    upstream.array().withUnsafeElements {
                        Scalar.kernels.softmaxGradient(p: p, upstream: $0, rows: rows, into: delta)
                    }
                }
            }
            return [.array(gradient)]
        }
    }
}
