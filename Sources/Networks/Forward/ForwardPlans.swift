import Arrays
import Autodiff

/// The plans of a `Sequential`, one for each shape of examples and precision that it has met.
///
/// Not for several threads at once, as the parameters that plans watch are not.
final class ForwardPlans {
    private struct Known {
        let shape: [Int]
        let precision: Precision
        /// Nil for layers that have no plan.
        let plan: ForwardPlan?
    }
    private var known: [Known] = []
    /// Examples of more shapes than this are none that come again and again.
    private static let most = 8

    /// What the layers give for `input`, if this is the forward pass of a network in use that a plan knows; else nil.
    @specialized(where Scalar == Float)
    func output<Scalar: DifferentiableScalar>(of layers: [any Layer], for input: Tensor<Scalar>) -> Tensor<
        Scalar
    >? {
        let tape = input.tape
        guard !tape.recordsGradients, !tape.isTraining, tape.trial == nil, input.shape.count > 1,
            input.shape[0] > 0,
            let floats = input as? Tensor<Float>,
            let plan = plan(of: layers, for: input.shape.dropFirst(), tape.precision)
        else { return nil }
        return floats.tape.constant(plan(floats.value)) as? Tensor<Scalar>
    }

    private func plan(of layers: [any Layer], for shape: ArraySlice<Int>, _ precision: Precision)
        -> ForwardPlan?
    {
        for one in known where one.precision == precision && one.shape.elementsEqual(shape) {
            return one.plan
        }
        var layout = ForwardLayout(of: Array(shape))
        let plan = layout.add(layers) ? ForwardPlan(layout, precision: precision) : nil
        if known.count == Self.most { known.removeFirst() }
        known.append(Known(shape: Array(shape), precision: precision, plan: plan))
        return plan
    }
}

/// A network in use, made ready for examples of one shape: primitives, packed weights and buffers that stay.
///
/// Weights are packed again when a parameter has changed, and only then.
final class ForwardPlan {
    private let network: ForwardNetwork
    private let sources: [ForwardLayout.Source]
    /// Each source's parameters' versions when it was packed.
    private var versions: [[UInt]]

    /// A plan for what was laid out; nil if there is nothing to gain, or no fast primitive.
    init?(_ layout: ForwardLayout, precision: Precision) {
        // Dense layers alone skip the zeros of their examples, which a plan would not; and a plan does not round numbers
        // that the processor multiplies as they are.
        guard precision.isAvailable(), case .convolution? = layout.layers.first?.product,
            case .dense? = layout.layers.last?.product,
            let network = ForwardNetwork(layout.layers, precision: precision)
        else { return nil }
        self.network = network
        sources = layout.sources
        versions = [[UInt]](repeating: [], count: sources.count)
    }

    /// The last layer's numbers for examples, shape [N, H].
    func callAsFunction(_ examples: NDArray<Float>) -> NDArray<Float> {
        for index in sources.indices where !sources[index].isOf(versions[index]) {
            let (weight, bias) = sources[index].values()
            network.set(layer: index, weight: weight, bias: bias)
            versions[index] = sources[index].versions
        }
        return network(examples)
    }
}
