import Arrays
import CKernels
import Support

/// The C kernel of an activation: its code and parameter.
package struct ActivationKernel: Sendable, Hashable {
    /// The code, see `ck_activation`.
    package let code: Int32
    /// The slope of leaky ReLU, the alpha of ELU; 0 for the others.
    package let parameter: Double
    /// Whether the derivative is computed from a rather than from h(a); the input is kept then.
    let gradientNeedsInput: Bool
    /// Whether the derivative is discontinuous at zero.
    let hasKink: Bool

    init(
        _ code: ck_activation, parameter: Double = 0, gradientNeedsInput: Bool = false, hasKink: Bool = false
    ) {
        self.code = Int32(code.rawValue)
        self.parameter = parameter
        self.gradientNeedsInput = gradientNeedsInput
        self.hasKink = hasKink
    }

    /// Whether the function is max(0, a).
    var isRectifier: Bool { code == Int32(CK_ACTIVATION_RELU.rawValue) }

    /// Whether the function is the identity.
    package var isIdentity: Bool { code == Int32(CK_ACTIVATION_IDENTITY.rawValue) }
}

/// An activation computed by a kernel, element by element: on its own, or in place on a dense layer's result.
package protocol KernelActivation: ActivationFunction {
    var kernel: ActivationKernel { get }
}

extension KernelActivation {
    /// Applies the activation on its own. The vector-Jacobian product is g h'(x), computed from y or x, whichever the
    /// derivative needs; that one is kept.
    package func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        let kernel = kernel
        if kernel.isIdentity { return x }
        require(kernel.parameter >= 0, "\(text): a parameter below zero")
        if kernel.hasKink { x.tape.hasKinks = true }
        if kernel.isRectifier, let y = x.joinedRectifier() { return y }
        let z = x.layoutArray
        let y = z.mapped { z in
            NDArray<Scalar>(shape: z.shape) { y in
                z.withUnsafeElements { Scalar.kernels.activate(kernel, $0, into: y) }
            }
        }
        let kept = kernel.gradientNeedsInput ? z : y
        return x.tape.record(Value(y), from: [x]) {
            [Value($0.layoutArray.combined(with: kept) { $0.activationGradient(kernel, y: $1) })]
        }
    }
}

extension NDArray where Scalar: DifferentiableScalar {
    /// The gradient by z, given this gradient by y = activation(z).
    @specialized(where Scalar == Float)
    func activationGradient(_ activation: ActivationKernel, y: NDArray) -> NDArray {
        NDArray(shape: shape) { delta in
            withUnsafeElements { upstream in
                y.withUnsafeElements {
                    Scalar.kernels.activationGradient(activation, y: $0, upstream: upstream, into: delta)
                }
            }
        }
    }
}
