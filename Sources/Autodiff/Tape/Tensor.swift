import Arrays

/// A value on a tape: what layers and losses compute with.
///
/// Operations on tensors are primitives; each is recorded, so that `Tape.gradients(of:)` can go back through it.
public struct Tensor<Scalar: DifferentiableScalar> {
    /// The tape that the value is on.
    public let tape: Tape<Scalar>
    let node: Int

    /// The length of each axis.
    public var shape: [Int] {
        @specialized(where Scalar == Float)
        get { tape.nodes[node].shape }
    }

    /// The value.
    public var value: NDArray<Scalar> { tape.value(of: node) }

    /// The value in the layout that it has.
    var layoutArray: LayoutArray<Scalar> { tape.layoutArray(of: node) }

    /// Whether a gradient by this value may be asked for.
    var needsGradient: Bool { tape.nodes[node].needsGradient }
}
