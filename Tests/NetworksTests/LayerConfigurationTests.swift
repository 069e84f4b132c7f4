import Arrays
import Autodiff
import Support
import Testing

@testable import Networks

/// A layer and its configuration say the same.
@Suite struct LayerConfigurationTests {
    /// Each kind with a shape that it takes.
    private let layers: [(any DescribedLayer, [Int])] = [
        (Dense(6, 5, activation: .relu), [6]),
        (Convolution(4, 8, kernel: 3, stride: 2, padding: 1, groups: 2, activation: .tanh), [4, 9, 7]),
        (Convolution(1, 3, kernel: Extent(2, 3), dilation: 2, hasBias: false), [1, 9, 7]),
        (TransposedConvolution(4, 6, kernel: 3, stride: 2, groups: 2), [4, 5, 6]),
        (MaxPooling(2), [3, 6, 6]),
        (AveragePooling(3, stride: 2, padding: 1, countsPadding: false), [3, 6, 6]),
        (GlobalAveragePooling(), [3, 6, 6]),
        (BatchNormalization(3, momentum: 0.2, epsilon: 1e-4), [3, 6, 6]),
        (LayerNormalization(4, 5, epsilon: 1e-4), [3, 4, 5]),
        (Dropout(0.25), [7]),
        (ActivationLayer(.elu(alpha: 0.5)), [7]),
        (Flatten(), [3, 6, 6]),
        (Reshape([3, 2]), [6]),
        (
            Residual(projection: Dense(6, 4)) {
                Dense(6, 5)
                BatchNormalization(5)
                Dense(5, 4)
            }, [6]
        ),
    ]

    @Test func everyKindOfTheRegistryIsTried() throws {
        let kinds = Set(try layers.map { try LayerDescription(of: $0.0).kind })
        #expect(kinds == Set(LayerRegistry.standard.names))
        #expect(LayerRegistry.standard.names.count == 13)
    }

    @Test func whatIsMadeIsWhatWasDescribed() throws {
        for (layer, shape) in layers {
            let description = try LayerDescription(of: layer)
            let made = description.makeLayer()
            #expect(try LayerDescription(of: made) == description)
            #expect(made.namedParameters.map(\.name) == layer.namedParameters.map(\.name))
            #expect(made.parameters.map(\.shape) == layer.parameters.map(\.shape))
            #expect(try made.outputShape(for: shape) == description.outputShape(for: shape))
            let cost = try description.cost(for: shape)
            #expect(cost.parameters == layer.parameterCount, "\(description)")
            #expect(cost.storedValues == layer.parameters.reduce(0) { $0 + $1.value.count }, "\(description)")
        }
    }

    /// Both convolutions say the same of themselves: the activation was left out of the transposed one's row in `summary`.
    @Test func bothConvolutionsSayTheirActivation() throws {
        let details = try [
            LayerDescription(
                of: Convolution(4, 8, kernel: 3, stride: 2, padding: 1, groups: 2, activation: .tanh)),
            LayerDescription(
                of: TransposedConvolution(
                    4, 8, kernel: 3, stride: 2, padding: 1, groups: 2, activation: .tanh)),
        ].map { $0.configuration.detail }
        #expect(details == Array(repeating: "3x3, stride 2x2, padding 1x1, 2 groups, tanh", count: 2))
    }

    /// The layer itself is the oracle of its configuration's shape.
    @Test func shapesAreThoseThatTheLayersMake() throws {
        for (layer, shape) in layers {
            let tape = Tape<Float>(recordsGradients: false)
            let output = layer(tape.constant(NDArray(shape: [2] + shape, repeating: 0.5)))
            #expect(
                try LayerDescription(of: layer).outputShape(for: shape) == Array(output.shape.dropFirst()))
        }
    }

    @Test func settingsThatNoLayerHasAreRefusedWithTheirName() {
        let window = WindowGeometry(kernel: 1)
        let wide = WindowGeometry(kernel: 16385)
        let cases: [(LayerDescription, String)] = [
            (.dense(inputs: 0, outputs: 1, activation: .relu), "inputs of a dense"),
            (.dense(inputs: 1, outputs: -7, activation: .relu), "outputs of a dense"),
            (.dense(inputs: 1, outputs: .max, activation: .relu), "outputs of a dense"),
            (
                .convolution(channels: 4, outputs: 4, windows: window, groups: 0, activation: .relu),
                "groups of a convolution"
            ),
            (
                .convolution(channels: 4, outputs: 6, windows: window, groups: 4, activation: .relu),
                "groups of a convolution"
            ),
            (
                .transposedConvolution(channels: .min, outputs: 4, windows: window, activation: .relu),
                "channels of a transposed_convolution"
            ),
            (.maxPooling(wide), "kernel of a max_pooling"),
            (.averagePooling(wide, countsPadding: true), "kernel of a average_pooling"),
            (.batchNormalization(channels: 0), "channels of a batch_normalization"),
            (.batchNormalization(channels: 1, momentum: .nan), "momentum of a batch_normalization"),
            (.batchNormalization(channels: 1, epsilon: 0), "epsilon of a batch_normalization"),
            (.layerNormalization(shape: []), "shape of a layer_normalization"),
            (.layerNormalization(shape: [3, 0]), "shape of a layer_normalization"),
            (.layerNormalization(shape: [3], epsilon: -1), "epsilon of a layer_normalization"),
            (.dropout(rate: 1), "rate of a dropout"), (.dropout(rate: .nan), "rate of a dropout"),
            (.reshape([]), "shape of a reshape"), (.reshape([-3, -2]), "shape of a reshape"),
            (.residual(body: [], projection: nil), "body of a residual"),
            (.residual(body: [.dropout(rate: 2)], projection: nil), "rate of a dropout"),
        ]
        for (layer, name) in cases {
            for ask in [{ _ = try layer.outputShape(for: [6]) }, { _ = try layer.cost(for: [6]) }] {
                let error = #expect(throws: DescentError.self) { try ask() }
                #expect(error?.what == "impossible \(name) layer", "\(layer)")
            }
        }
    }

    @Test func costsAreHeldFarFromOverflow() {
        let most = LayerCost.product([.max, .max])
        #expect(most == .max / 8)
        let large = LayerCost(parameters: .max, storedValues: .max, operations: .max, elementOperations: .max)
        #expect((large + large).parameters == most && (large + large).allOperations == most)
        let odd = LayerCost(parameters: .min, storedValues: -1)
        #expect((odd + odd).parameters == 0)
        #expect(
            LayerCost(parameters: 3) + LayerCost(parameters: 4, storedValues: 9)
                == LayerCost(parameters: 7, storedValues: 12))
    }

    @Test func aLayerWithoutConfigurationIsNamed() {
        struct Mystery: Layer {
            func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x }
        }
        for layer in [Mystery(), Residual { Mystery() }] as [any Layer] {
            let error = #expect(throws: DescentError.self) { try LayerDescription(of: layer) }
            #expect(error?.what == "a model folder cannot describe a layer of type Mystery")
        }
    }

    @Test func misfitsInsideABlockAreNamed() {
        let block = LayerDescription.residual(
            body: [.dense(inputs: 4, outputs: 5, activation: .relu)], projection: nil)
        let error = #expect(throws: DescentError.self) { try block.outputShape(for: [3]) }
        #expect(error?.place == "residual, dense" && error?.got == "[3]")
        let sum = #expect(throws: DescentError.self) { try block.outputShape(for: [4]) }
        #expect(sum?.place == "residual" && sum?.what == "the body's output cannot be added to the input")
    }
}
