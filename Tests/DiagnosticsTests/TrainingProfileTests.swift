import Arrays
import Autodiff
import ExampleData
import Networks
import TestSupport
import Testing

@testable import Diagnostics
@testable import Training

@Suite(.serialized) struct TrainingProfileTests {
    private let images = ToyImages.make(200, seed: 1)

    /// What the parts are told by clocks of their own must be what a clock around the step says.
    @Test func thePartsAddUpToTheWhole() throws {
        let networks = [
            Sequential {
                Dense(144, 64, activation: .relu); Dense(64, 4)
            },
            Sequential {
                Reshape([1, 12, 12])
                Convolution(1, 8, kernel: 3, activation: .relu)
                MaxPooling(2)
                Flatten()
                Dense(200, 4)
            },
        ]
        for network in networks {
            let profile = try TrainingProfile.measure(
                network, Trainer(optimizer: .adam(), batchSize: 50), on: images, steps: 40)
            #expect(profile.steps == 40 && profile.batchSize == 50)
            // An unoptimised build spends more between the parts.
            #expect(
                profile.accounted > 0.7 * profile.step && profile.accounted < 1.001 * profile.step,
                "\(profile.accounted) of \(profile.step) seconds: \(profile)")
            let parts =
                profile.layers.map { $0.forward + $0.backward } + [
                    profile.data, profile.lossForward, profile.lossBackward, profile.update,
                ]
            #expect(notEmpty(parts).allSatisfy { $0 >= 0 }, "\(profile)")
            #expect(profile.layers.flatMap(\.indices) == Array(network.layers.indices))
        }
    }

    /// Convolutions wait for the pooling behind them in training; measured, each layer is a row of its own with its time.
    @Test func convolutionsAndPoolingAreToldApart() throws {
        let network = Sequential {
            Reshape([1, 12, 12])
            Convolution(1, 8, kernel: 3, activation: .relu)
            MaxPooling(2)
            Convolution(8, 16, kernel: 3, activation: .relu)
            MaxPooling(3)
            Flatten()
            Dense(16, 4)
        }
        let profile = try TrainingProfile.measure(network, Trainer(batchSize: 50), on: images, steps: 20)
        #expect(profile.layers.map(\.indices) == (0..<7).map { [$0] })
        for index in [1, 3, 6] {
            #expect(profile.layers[index].forward > 0 && profile.layers[index].backward > 0, "\(profile)")
        }
        #expect(notEmpty(profile.layers).allSatisfy { $0.forward + $0.backward < profile.step }, "\(profile)")
    }

    /// Only the layer that sleeps may be said to take long.
    @Test func timeIsThatOfTheLayerThatTookIt() throws {
        struct Slow: Layer {
            func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
                let clock = ContinuousClock()
                let end = clock.now + .milliseconds(5)
                while clock.now < end {}
                return input
            }
            func outputShape(for shape: [Int]) throws -> [Int]? { shape }
        }
        let network = Sequential {
            Dense(144, 8, activation: .relu); Slow(); Dense(8, 4)
        }
        let profile = try TrainingProfile.measure(network, Trainer(batchSize: 20), on: images, steps: 10)
        #expect(profile.layers.count == 3)
        #expect(
            profile.layers[1].forward >= 5e-3 && profile.layers[1].forward > 0.5 * profile.step, "\(profile)")
        #expect(profile.layers[1].backward < 1e-3, "\(profile)")
    }

    /// Two products of 8x144x20 and 4x8x20 numbers; the first layer's data gradient is not needed.
    @Test func operationsAreCountedOnTheWayBack() throws {
        let network = Sequential {
            Dense(144, 8, activation: .relu); Dense(8, 4)
        }
        let profile = try TrainingProfile.measure(network, Trainer(batchSize: 20), on: images, steps: 1)
        #expect(profile.layers.map(\.forwardOperations) == [46_080, 1280])
        #expect(profile.layers.map(\.backwardOperations) == [46_080, 2560])
        #expect(profile.operations == 96_000)
        #expect(profile.roofline.peak > 1e8 && profile.roofline.bandwidth > 1e7, "\(profile.roofline)")
    }

    @Test func anObserverChangesNoBits() {
        func weights(_ observer: TapeObserver?) -> [NDArray<Float>] {
            let network = Sequential {
                Dense(144, 8, activation: .relu); Residual { Dense(8, 8) }; Dense(8, 4)
            }
            var random = RandomState(5)
            network.initialize(using: &random)
            var step = TrainingStep(network, optimizer: .adam())
            step.observer = observer
            let (inputs, labels) = (FeatureMatrix.bytes(images.images), images.classes)
            for start in 0..<5 {
                _ = step(
                    Batch(
                        of: inputs, targets: .classes(labels), rows: (0..<20).map { Int32(20 * start + $0) }))
            }
            return network.parameters.map(\.value)
        }
        let observer = TapeObserver()
        #expect(weights(nil) == weights(observer))
        // Layers inside of layers are part of the outermost.
        #expect(observer.layers.count == 3)
    }

    @Test func aRooflineIsTheSlowerOfTheTwo() {
        let roofline = Roofline(peak: 100, bandwidth: 10)
        #expect(roofline.seconds(operations: 200, bytes: 10) == 2)
        #expect(roofline.seconds(operations: 200, bytes: 50) == 5)
    }
}
