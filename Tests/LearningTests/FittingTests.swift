import Arrays
import Autodiff
import Datasets
import Networks
import Testing

@testable import Learning

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
