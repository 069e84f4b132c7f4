import Arrays
import Autodiff
import Datasets
import Networks
import Support
import Testing
import Training

@testable import Models

@Suite struct NetworkSummaryTests {
    @Test func lenetIsCountedByHand() throws {
        let architecture = try Architecture(named: "lenet", inputs: 784, classes: 10)
        let summary = try NetworkSummary(of: architecture.makeNetwork(), inputShape: [784])
        #expect(summary.parameterCount == 61_706)
        // 6 kernels of 25 at 784 places, 16 of 150 at 100, then three products.
        let products = 6 * 25 * 784 + 16 * 150 * 100 + 400 * 120 + 120 * 84 + 84 * 10
        #expect(summary.operations == 2 * products)
        let shapes = summary.layers.compactMap(\.outputShape)
        #expect(shapes.contains([6, 14, 14]) && shapes.contains([16, 5, 5]) && shapes.last == [10])
        #expect(summary.parameterBytes == 4 * 61_706)
        #expect(
            summary.activationBytes == 4 * shapes.reduce(784) { $0 + $1.reduce(1, *) },
            "the input and every layer's output")
    }

    @Test func groupsStridesAndSharedLayersCount() throws {
        let shared = Dense(8, 8)
        let network = Sequential {
            Reshape([4, 6, 6])
            Convolution(4, 8, kernel: 3, stride: 2, padding: 1, groups: 2, hasBias: false)
            TransposedConvolution(8, 2, kernel: 2, stride: 2)
            Reshape([72])
            Dense(72, 8)
            shared
            shared
        }
        let summary = try NetworkSummary(of: network, inputShape: [144])
        #expect(summary.layers.map(\.parameterCount) == [0, 8 * 2 * 9, 8 * 2 * 4 + 2, 0, 72 * 8 + 8, 72, 0])
        #expect(summary.layers.map(\.operations) == [0, 2 * 144 * 9, 2 * 64 * 9, 0, 1152, 128, 128])
        #expect(
            summary.layers[1].detail.contains("stride 2") && summary.layers[1].detail.contains("2 groups"))
    }

    @Test func frozenParametersAreCountedApart() throws {
        let network = try Architecture(named: "lenet", inputs: 784, classes: 10).makeNetwork()
        network.layers[1].freeze()
        let summary = try NetworkSummary(of: network, inputShape: [784])
        #expect(summary.layers[1].frozenCount == 156 && summary.layers[1].parameterCount == 0)
        #expect(summary.frozenCount == 156 && summary.parameterCount == 61_550)
        #expect(summary.parameterBytes == 4 * 61_706)
        network.freeze()
        let error = #expect(throws: DescentError.self) {
            try Trainer().check(network, on: BuiltInDigits.dataset(trainCount: 2, testCount: 1).train)
        }
        #expect(error?.what == "all parameters of the network are frozen")
    }

    @Test func whatDoesNotFitIsNamed() {
        let network = Sequential {
            Dense(784, 5)
            Dense(6, 2)
        }
        #expect {
            try NetworkSummary(of: network, inputShape: [784])
        } throws: {
            ($0 as? DescentError)?.place?.contains("layer 1") == true
        }
    }

    @Test func aLayerOfOnesOwnIsUnknown() throws {
        struct Mystery: Layer {
            func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x }
        }
        let summary = try NetworkSummary(
            of: Sequential([Dense(4, 3), Mystery(), Dense(3, 2)]), inputShape: [4])
        #expect(summary.layers.map(\.outputShape) == [[3], nil, nil])
        #expect(summary.operations == nil && summary.activationBytes == nil && summary.parameterCount == 23)
    }
}
