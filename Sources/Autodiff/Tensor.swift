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

    /// The value as it lies in memory.
    var stored: StoredValue<Scalar> { tape.stored(node) }

    /// Whether a gradient by this value may be asked for.
    var needsGradient: Bool { tape.nodes[node].needsGradient }

    /// The rows that stand behind an input, if most of their numbers are zero.
    var mostlyZeroRows: (any PickedRows)? { tape.mostlyZeroRows(node) }
}
