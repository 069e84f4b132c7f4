import Arrays
import Autodiff
import Datasets
import Networks
import Support
import TestSupport
import Testing

@testable import Training


/// Networks of one's own whose layers do not fit are told of before training, by a typed error.
@Suite struct FittingTests {
    private struct Own: Layer {
        var hidden = Dense(144, 8, activation: .relu)
        var output = Dense(8, 4)
        func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
            output(hidden(input))
        }
    }

    private final class Pictures: Layer {
        let convolution: Convolution
        let norm: BatchNormalization
        let output: Dense
        init(channels: Int = 1, norm: Int = 3, outputs: Dense) {
            convolution = Convolution(channels, 3, kernel: 5)
            self.norm = BatchNormalization(norm)
            output = outputs
        }
        func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
            let images = input.reshaped(to: [input.shape[0], 1, 12, 12])
            let found = norm(convolution(images)).relu().maxPooling(
                WindowGeometry(kernel: Extent(2, 2), stride: Extent(2, 2)))
            return output(found.reshaped(to: [input.shape[0], 48]))
        }
    }

    private struct Sum: Layer {
        var one = Dense(144, 4)
        var two = Dense(144, 5)
        func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
            one(input) + two(input)
        }
    }

    private func refusal(_ network: any Layer) -> DescentError? {
        #expect(throws: DescentError.self) {
            try Trainer(epochs: 1).fit(network, on: ToyImages.make(20, seed: 1))
        }
    }

    @Test func theLayerIsNamedWithItsShapes() throws {
        var network = Own()
        _ = try Trainer(epochs: 1).fit(network, on: ToyImages.make(20, seed: 1))
        network.output = Dense(9, 4)
        let error = refusal(network)
        #expect(error?.kind == .usage && error?.place == "'output'", "\(error?.description ?? "")")
        #expect(error?.expected == "shape [N, 9]" && error?.got == "[N, 8]")
        network.hidden = Dense(100, 9)
        #expect(refusal(network)?.place == "'hidden'")
        #expect(refusal(network)?.got == "[N, 144]")
    }

    @Test func outputsThatAreNotTheClassesAreTold() {
        #expect(refusal(Own(output: Dense(8, 3)))?.kind == .usage)
        #expect(
            refusal(
                Sequential {
                    Own(output: Dense(8, 7)); Dense(7, 5)
                })?.kind == .usage)
    }

    @Test func imagesThatDoNotFitAreTold() throws {
        _ = try Trainer(epochs: 1).fit(Pictures(outputs: Dense(48, 4)), on: ToyImages.make(20, seed: 1))
        let convolution = refusal(Pictures(channels: 2, outputs: Dense(48, 4)))
        #expect(convolution?.place == "'convolution'" && convolution?.expected == "shape [N, 2, H, W]")
        #expect(convolution?.got == "[N, 1, 12, 12]")
        let norm = refusal(Pictures(norm: 4, outputs: Dense(48, 4)))
        #expect(norm?.place == "'norm'" && norm?.got == "[N, 3, 8, 8]", "\(norm?.description ?? "")")
        #expect(refusal(Pictures(outputs: Dense(40, 4)))?.place == "'output'")
    }

    @Test func insideOfASequenceTheNumberIsNamed() {
        let error = refusal(
            Sequential {
                Dense(144, 144)
                Own(output: Dense(9, 4))
            })
        #expect(error?.place == "layer 1 (Own), 'output'", "\(error?.description ?? "")")
    }

    private struct Widened: Layer {
        var layer: TransposedConvolution
        var output = Dense(4 * 12 * 12, 4)
        func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
            let images = layer(input.reshaped(to: [input.shape[0], 1, 12, 12]))
            return output(images.reshaped(to: [input.shape[0], 4 * 12 * 12]))
        }
    }

    @Test func transposedConvolutionsThatDoNotFitAreTold() throws {
        func network(_ channels: Int, padding: Padding) -> Widened {
            Widened(layer: TransposedConvolution(channels, 4, kernel: 3, padding: padding))
        }
        #expect(try network(1, padding: 1).fittedOutputShape(for: [144]) == [4])
        let channels = refusal(network(2, padding: 1))
        #expect(channels?.place == "'layer'" && channels?.expected == "shape [N, 2, H, W]")
        #expect(channels?.got == "[N, 1, 12, 12]", "\(channels?.description ?? "")")
        let padding = refusal(network(1, padding: 7))
        #expect(padding?.place == "'layer'", "\(padding?.description ?? "")")
        #expect(padding?.what.contains("leaves nothing") == true)
    }

    private struct Around: Layer {
        let body = Residual { OwnBody() }
        func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
            body(input)
        }
    }

    /// Cannot say its shape, so that the block around it is tried.
    private struct OwnBody: Layer {
        var layer = Dense(144, 4)
        func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
            layer(input)
        }
    }

    @Test func blocksWhoseWaysDoNotFitAreTold() {
        let error = refusal(Around())
        #expect(error?.kind == .usage)
        #expect(
            error?.what.contains("residual: shapes [1, 4] and [1, 144]") == true,
            "\(error?.description ?? "")")
    }

    // What the primitive refuses must not pass the check of the shapes.
    @Test(arguments: [[2, 2, 2], [16, 1, 2], [2, 3, 7]])
    func poolingsThatCannotBeComputedAreTold(sizes: [Int]) {
        let pooling = MaxPooling(
            Extent(sizes[0], sizes[0]), stride: Extent(sizes[1], sizes[1]),
            padding: .pixels(Extent(sizes[2], sizes[2])))
        let error = refusal(
            Sequential {
                Reshape([1, 12, 12])
                pooling
                GlobalAveragePooling()
                Dense(1, 4)
            })
        #expect(error?.kind == .usage)
        #expect(error?.place?.contains("MaxPooling") == true, "\(error?.description ?? "")")
    }

    @Test func averagesOfLargeWindowsAreTaken() throws {
        #expect(try AveragePooling(16).outputShape(for: [1, 32, 32]) == [1, 2, 2])
        #expect(throws: DescentError.self) {
            try AveragePooling(2, padding: 2).outputShape(for: [1, 12, 12])
        }
        #expect(throws: DescentError.self) { try MaxPooling(16).outputShape(for: [1, 32, 32]) }
    }

    @Test func sumsThatDoNotFitAreTold() {
        let error = refusal(Sum())
        #expect(error?.what.contains("+ of shapes [1, 4] and [1, 5]") == true, "\(error?.description ?? "")")
    }

    // The trial changes nothing: no moments, no weights.
    @Test func theTrialLeavesTheNetworkAsItWas() throws {
        let network = Pictures(outputs: Dense(48, 4))
        var random = RandomState(3)
        network.initialize(using: &random)
        let before = network.uniqueNamedParameters.map(\.parameter.value)
        #expect(try network.fittedOutputShape(for: [144]) == [4])
        #expect(network.uniqueNamedParameters.map(\.parameter.value) == before)
    }
}
