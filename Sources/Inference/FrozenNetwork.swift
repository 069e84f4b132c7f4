import Arrays
import Autodiff
import ExampleData
import Networks
import Synchronization

/// A network on a tape over copied parameters, for layers that a plan does not know: layers of one's own, residual connections.
final class FrozenNetwork: InferenceEngine, @unchecked Sendable {
    // Proof of Sendable: every property is constant, and the values of the parameters are copies. The layers are shared with
    // whoever trains them, but are only asked for their forward pass on a tape that has the copies under the parameters'
    // identities: of a parameter itself a layer reads nothing but its constants. What a layer of this package keeps beside
    // its parameters is a constant, or primitives behind a lock (`ConvolutionKernels`). A layer of another type may keep what
    // it likes, so networks with one are run by one thread at a time.
    private let network: any Layer
    private let parameters: [(parameter: Parameter, value: NDArray<Float>)]
    private let precision: Precision
    /// Whether all layers are of this package.
    private let isReentrant: Bool
    private let turns = Mutex(())

    /// The network with the values that its parameters have now.
    init(_ network: any Layer, precision: Precision) {
        self.network = network
        self.precision = precision
        parameters = network.parameters.map { ($0, $0.value) }
        isReentrant = Self.isReentrant(network)
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
        isReentrant ? pass(input) : turns.withLock { _ in pass(input) }
    }

    private func pass(_ input: (Tape<Float>) -> Tensor<Float>) -> NDArray<Float> {
        let tape = Tape<Float>(recordsGradients: false, isTraining: false, precision: precision)
        for (parameter, value) in parameters { _ = tape.variable(for: parameter) { value } }
        return network(input(tape)).value
    }

    /// Whether a layer is known to keep nothing that its forward pass in evaluation changes.
    private static func isReentrant(_ layer: any Layer) -> Bool {
        switch layer {
        case let layer as Sequential: layer.layers.allSatisfy(isReentrant)
        case let layer as Residual: isReentrant(layer.body) && (layer.projection.map(isReentrant) ?? true)
        case is Dense, is Convolution, is TransposedConvolution, is MaxPooling, is AveragePooling,
            is GlobalAveragePooling, is BatchNormalization, is LayerNormalization, is Activate, is Dropout,
            is Flatten, is Reshape:
            true
        default: false
        }
    }
}
