import Arrays
import Autodiff
import ExampleData
import Networks

/// A network on a tape over copied parameters, for layers that a plan does not support: layers of one's own, residual
/// connections.
final class FrozenNetwork: InferenceEngine, @unchecked Sendable {
    // Proof of Sendable: every property is constant, and the values of the parameters are copies. The layers are shared with
    // the code that trains them, but only their forward pass is called, on a tape that has the copies under the parameters'
    // identities: of a parameter itself a layer reads only its constants. The other state of a layer of this package is
    // constant, or primitives behind a lock (`ConvolutionCache`). A layer of another type may have any state, and may be in
    // several networks, or share its state with other layers: so of all networks with one, one is run at a time
    // (`ForeignLayers`).
    private let network: any Layer
    private let parameters: [(parameter: Parameter, value: NDArray<Float>)]
    private let precision: Precision
    /// Whether all layers are of this package (`ReentrantLayer`).
    private let isReentrant: Bool

    /// Copies the present values of the network's parameters.
    init(_ network: any Layer, precision: Precision) {
        self.network = network
        self.precision = precision
        parameters = network.parameters.map { ($0, $0.value) }
        isReentrant = [network].areReentrant
    }

    func outputs(for examples: NDArray<Float>) -> NDArray<Float> {
        run { $0.constant(examples) }
    }

    func outputs(for inputs: FeatureMatrix, rows: [Int32], shape: [Int]) -> NDArray<Float> {
        run { tape in
            let input = tape.input(inputs, rows: rows)
            return shape.count == 1 ? input : input.reshaped(to: [rows.count] + shape)
        }
    }

    private func run(_ input: (Tape<Float>) -> Tensor<Float>) -> NDArray<Float> {
        isReentrant ? pass(input) : ForeignLayers.withTurn { pass(input) }
    }

    private func pass(_ input: (Tape<Float>) -> Tensor<Float>) -> NDArray<Float> {
        let tape = Tape<Float>(recordsGradients: false, isTraining: false, precision: precision)
        for (parameter, value) in parameters { _ = tape.variable(for: parameter) { value } }
        return network(input(tape)).value
    }
}
