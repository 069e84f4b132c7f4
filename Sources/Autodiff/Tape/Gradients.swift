import Arrays
import Support

/// The gradients of a loss: one for each variable that it depends on.
public struct Gradients<Scalar: DifferentiableScalar> {
    let tape: Tape<Scalar>
    var byNode: [Value<Scalar>?]

    /// The gradient by a variable; zeros if the loss does not depend on it.
    public subscript(variable: Tensor<Scalar>) -> NDArray<Scalar> {
        require(variable.tape === tape, "the variable is on another tape")
        let known = variable.node < byNode.count ? byNode[variable.node] : nil
        return known?.array() ?? NDArray(shape: variable.shape, repeating: 0)
    }

    /// The gradient by the variable of `object`, a parameter; nil if the loss does not depend on it.
    public subscript(object: AnyObject) -> NDArray<Scalar>? {
        @specialized(where Scalar == Float)
        get {
            guard let node = tape.leaf(for: object), node < byNode.count else { return nil }
            return byNode[node]?.array()
        }
    }
}

extension Gradients<Float> {
    /// The gradient by a node, if it is deferred.
    func deferred(at node: Int) -> DeferredGradient? {
        guard node < byNode.count, case .deferred(let gradient)? = byNode[node] else { return nil }
        return gradient as? DeferredGradient
    }

    private func deferred(_ object: AnyObject) -> DeferredGradient? {
        tape.leaf(for: object).flatMap { deferred(at: $0) }
    }

    /// Returns whether the gradient by `object` is deferred, so that `descend` may apply it without computing it.
    package func isDeferred(_ object: AnyObject) -> Bool { deferred(object) != nil }

    /// weight -= rate (gradient + decay weight), if the gradient by `object` need not be computed for it; else false.
    package func descend(_ weight: inout NDArray<Float>, of object: AnyObject, rate: Float, decay: Float)
        -> Bool
    {
        guard let gradient = deferred(object) else { return false }
        gradient.descend(&weight, rate: rate, decay: decay)
        return true
    }
}

extension NDArray where Scalar: DifferentiableScalar {
    /// Adds `other`, of the same shape, element by element.
    @specialized(where Scalar == Float)
    mutating func accumulate(_ other: NDArray) {
        require(shape == other.shape, "gradients of shapes \(shape) and \(other.shape) for one value")
        withUnsafeMutableElements { target in
            other.withUnsafeElements { Scalar.kernels.accumulate($0, into: target) }
        }
    }
}
