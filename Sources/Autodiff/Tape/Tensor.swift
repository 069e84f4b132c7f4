import Arrays

/// A value recorded on a ``Tape``, the argument and result of layers and losses.
///
/// Operations on tensors are primitives; each is recorded, so that ``Tape/gradients(of:)`` can back-propagate through
/// it.
public struct Tensor<Scalar: DifferentiableScalar> {
    /// The tape of the value.
    public let tape: Tape<Scalar>
    let node: Int

    /// The length of each axis.
    public var shape: [Int] {
        @specialized(where Scalar == Float)
        get { tape.nodes[node].shape }
    }

    /// The value as an array.
    public var value: NDArray<Scalar> { tape.value(of: node) }

    /// The value in its own layout.
    var layoutArray: LayoutArray<Scalar> { tape.layoutArray(of: node) }

    /// Whether the backward pass computes a gradient by this value.
    var needsGradient: Bool { tape.nodes[node].needsGradient }
}
