import Arrays

/// A scalar type of differentiable computations: `Float` for training, `Double` for gradient checks.
public protocol DifferentiableScalar: FloatingScalar {
    /// The kernels of the type; only this package can make them, so that no other type conforms.
    static var _kernels: _Kernels<Self> { get }
}

extension DifferentiableScalar {
    /// The kernels of the type.
    package static var kernels: _Kernels<Self> {
        @specialized(where Self == Float)
        get { _kernels }
    }
}
