import Arrays
import Autodiff
import Networks
import Testing

@testable import Learning

@Suite struct GradientMicroscopeTests {
    private let inputs: ByteRows
    private let rows: [Int32] = Array(0..<12)
    private let labels: [Int32] = (0..<12).map { $0 % 4 }

    init() {
        var random = RandomState(21)
        let bytes = (0..<12 * 16).map { _ in UInt8(truncatingIfNeeded: random.nextUInt32() % 256) }
        inputs = ByteRows(NDArray(shape: [12, 16], elements: bytes))
    }

    private func microscope(_ activation: Activation = .sigmoid, _ network: Sequential? = nil)
        -> GradientMicroscope
    {
        let network =
            network
            ?? Sequential {
                Dense(16, 6, activation: activation, initializer: .xavier)
                Dense(6, 4, initializer: .xavier)
            }
        var random = RandomState(8)
        network.initialize(using: &random)
        return GradientMicroscope(network, inputs: inputs, rows: rows, labels: labels)
    }

    @Test(arguments: [Activation.sigmoid, .tanh, .identity])
    func rightGradientsAgree(activation: Activation) throws {
        let report = try microscope(activation).look()
        #expect(report.agrees && report.findings == [.agrees])
        #expect(report.parameters.map(\.name) == ["0.weight", "0.bias", "1.weight", "1.bias"])
        #expect(report.parameters.map(\.elements.count) == [96, 6, 24, 4])
        #expect(report.parameters.allSatisfy { $0.largest < 1e-9 && $0.mean <= $0.largest })
    }

    @Test func everyMistakeIsNamed() throws {
        let expected: [GradientSpoiler: [GradientFinding]] = [
            .sum: [.sumForMean(12)], .sign: [.sign],
            .bias: [.missing, .biasesOnly],
        ]
        for spoil in GradientSpoiler.allCases {
            var look = microscope()
            look.spoil = spoil
            let report = try look.look()
            #expect(!report.agrees)
            let names = report.findings.map(\.name)
            if spoil == .factor {
                guard case .factor(let factor) = report.findings[0] else {
                    Issue.record("a factor, not \(names)")
                    continue
                }
                #expect(abs(factor - 0.5) < 1e-6)
            } else if spoil == .transpose {
                #expect(names == ["transposed"])
                // Only matrices are spoiled.
                #expect(report.parameters.map(\.finding.isHarmless) == [false, true, false, true])
            } else {
                #expect(report.findings == expected[spoil], "\(spoil): \(names)")
            }
        }
    }

    @Test func aStepThatIsTooSmallOrTooLargeIsNamed() throws {
        var look = microscope()
        look.step = 1e-12
        #expect(try look.look().findings == [.rounding])
        look.step = 0.3
        let report = try look.look()
        #expect(!report.agrees && report.findings == [.curvature])
    }

    @Test func kinksAreNoMistake() throws {
        // Biases are zero and the inputs of the first row too: its units lie exactly at ReLU's kink.
        let bytes = NDArray<UInt8>(shape: [2, 5], elements: [0, 0, 0, 0, 0, 9, 200, 40, 7, 1])
        let network = Sequential {
            Dense(5, 6, activation: .relu, initializer: .he)
            Dense(6, 3, initializer: .he)
        }
        var random = RandomState(4)
        network.initialize(using: &random)
        let look = GradientMicroscope(network, inputs: ByteRows(bytes), rows: [0, 1], labels: [0, 2])
        let report = try look.look()
        #expect(report.agrees)
        #expect(report.findings.map(\.name) == ["kinks"])
        #expect(report.parameters.map(\.finding.name) == ["agrees", "kinks", "agrees", "agrees"])
        // The same with smooth units has none.
        #expect(try microscope(.tanh).look().findings == [.agrees])
    }

    /// A function between two dense layers that no stored property tells of.
    private struct Between: Layer {
        var first = Dense(5, 6, initializer: .he)
        var second = Dense(6, 3, initializer: .he)
        var activation: Activation
        func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
            second(first(input).activated(activation))
        }
    }

    @Test(
        arguments: [
            (.relu, true), (.leakyReLU(slope: 0.1), true), (.elu(alpha: 0.3), true), (.elu(), false),
            (.gelu, false),
        ] as [(Activation, Bool)])
    func theTapeKnowsWhereSlopesJump(activation: Activation, jumps: Bool) throws {
        let bytes = NDArray<UInt8>(shape: [2, 5], elements: [0, 0, 0, 0, 0, 9, 200, 40, 7, 1])
        let network = Between(activation: activation)
        var random = RandomState(4)
        network.initialize(using: &random)
        let report = try GradientMicroscope(
            network, inputs: ByteRows(bytes), rows: [0, 1], labels: [0, 2]
        ).look()
        // The first row's units lie exactly where the slope jumps, if it does.
        #expect(report.findings.map(\.name) == [jumps ? "kinks" : "agrees"])
        #expect(report.agrees)
    }

    @Test func theLargestOfAWindowHasKinks() {
        let network = Sequential {
            Reshape([1, 2, 4])
            MaxPooling(2)
            Flatten()
            Dense(2, 2, initializer: .he)
        }
        let bytes = ByteRows(NDArray<UInt8>(shape: [1, 8], repeating: 7))
        func kinks(_ network: any Layer, _ loss: Loss) -> Bool {
            let passes = TapeForwardPasses(network, loss: loss, inputs: bytes, rows: [0], labels: [1])
            #expect(!passes.hasKinks)
            _ = passes.loss()
            return passes.hasKinks
        }
        #expect(kinks(network, .crossEntropy))
        #expect(kinks(Dense(8, 2), .hinge))
        #expect(kinks(Dense(8, 1), .hinge))
        #expect(!kinks(Dense(8, 2), .huber))
    }

    @Test func aMistakeUpToOneLayerPointsBehindIt() {
        func parameter(_ name: String, wrong: Bool) -> GradientReport.Parameter {
            var random = RandomState(2)
            let slopes = (0..<20).map { _ in random.normal() as Double }
            return GradientReport.Parameter(
                name: name, shape: [4, 5], elements: Array(0..<20),
                gradient: slopes.enumerated().map {
                    wrong && $0.offset % 3 == 0 ? $0.element + 1 : $0.element
                },
                numerical: slopes.map { CentralDifference(slope: $0, bend: 0) })
        }
        let report = GradientReport(
            [
                parameter("0.weight", wrong: true), parameter("1.weight", wrong: true),
                parameter("2.weight", wrong: false),
            ],
            loss: 1, rows: 3, step: 1e-5, tolerance: 1e-5, seconds: 0, isKinked: true,
            again: { places, _ in places.map { _ in CentralDifference(slope: 0, bend: 0) } })
        #expect(report.findings == [.some(7, of: 20), .upTo("1.weight")])
        #expect(!report.agrees && report.parameters[0].largest == 1)
    }

    @Test func whatIsNotANumberIsFound() {
        let one = GradientReport.Parameter(
            name: "w", shape: [2], elements: [0, 1], gradient: [1, .nan],
            numerical: [.init(slope: 1, bend: 0), .init(slope: 1, bend: 0)])
        let report = GradientReport(
            [one], loss: 1, rows: 1, step: 1e-5, tolerance: 1e-5, seconds: 0, isKinked: false,
            again: { _, _ in [] })
        #expect(report.findings == [.notFinite] && report.parameters[0].largest.isNaN)
    }

    @Test func samplesAreOfTheirSizeAndSeeded() throws {
        var look = microscope()
        look.sample = 10
        let once = try look.look()
        #expect(once.parameters.map(\.elements.count) == [10, 6, 10, 4] && look.numberCount == 30)
        #expect(try look.look().parameters.map(\.elements) == once.parameters.map(\.elements))
        look.seed = 2
        #expect(try look.look().parameters.map(\.elements) != once.parameters.map(\.elements))
        #expect(look.estimate() > 0)
    }

    @Test func networksOfOtherLayersAreLookedAtOnTheTape() throws {
        let network = Sequential {
            Reshape([1, 4, 4])
            Convolution(1, 3, kernel: 3, activation: .tanh)
            BatchNormalization(3)
            AveragePooling(2)
            Reshape([3])
            Dense(3, 4, initializer: .xavier)
        }
        let report = try microscope(.tanh, network).look()
        // Before a normalisation a constant does nothing: a bias's gradient is zero, as both ways say.
        #expect(report.agrees, "\(report.parameters.map { ($0.name, $0.finding, $0.largest) })")
    }

    @Test func cancellationEndsIt() {
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: DescentError.self) { try microscope().look(cancellation: cancellation) }
    }
}
