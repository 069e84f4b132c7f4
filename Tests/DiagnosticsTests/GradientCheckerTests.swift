import Arrays
import Autodiff
import Datasets
import ExampleData
import Networks
import Support
import TestSupport
import Testing

@testable import Diagnostics

@Suite struct GradientCheckerTests {
    private let inputs: FeatureMatrix
    private let rows: [Int32] = Array(0..<12)
    private let labels: [Int32] = (0..<12).map { $0 % 4 }

    init() {
        var random = RandomState(21)
        let bytes = (0..<12 * 16).map { _ in UInt8(truncatingIfNeeded: random.nextUInt32() % 256) }
        inputs = FeatureMatrix.bytes(NDArray(shape: [12, 16], elements: bytes))
    }

    private func makeChecker(_ activation: Activation = .sigmoid, _ network: Sequential? = nil)
        -> GradientChecker
    {
        let network =
            network
            ?? Sequential {
                Dense(16, 6, activation: activation, initializer: .xavier)
                Dense(6, 4, initializer: .xavier)
            }
        var random = RandomState(8)
        network.initialize(using: &random)
        return GradientChecker(network, inputs: inputs, rows: rows, labels: labels)
    }

    @Test(arguments: [Activation.sigmoid, .tanh, .identity])
    func rightGradientsAgree(activation: Activation) throws {
        let report = try makeChecker(activation).check()
        #expect(report.agrees && report.findings == [.agrees])
        #expect(report.parameters.map(\.name) == ["0.weight", "0.bias", "1.weight", "1.bias"])
        #expect(report.parameters.map(\.elements.count) == [96, 6, 24, 4])
        #expect(notEmpty(report.parameters).allSatisfy { $0.largest < 1e-9 && $0.mean <= $0.largest })
    }

    @Test func everyMistakeIsNamed() throws {
        let expected: [GradientFault: [GradientFinding]] = [
            .sum: [.sumForMean(12)], .sign: [.sign],
            .bias: [.missing, .biasesOnly],
        ]
        for spoil in GradientFault.allCases {
            var checker = makeChecker()
            checker.spoil = spoil
            let report = try checker.check()
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
        var checker = makeChecker()
        checker.step = 1e-12
        #expect(try checker.check().findings == [.rounding])
        checker.step = 0.3
        let report = try checker.check()
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
        let checker = GradientChecker(
            network, inputs: FeatureMatrix.bytes(bytes), rows: [0, 1], labels: [0, 2])
        let report = try checker.check()
        // They are checked where all weights are moved a little, and nothing else is.
        #expect(report.agrees && report.findings == [.agrees] && report.uncheckedCount == 0)
        #expect(report.parameters.map { $0.nudged.isEmpty } == [true, false, true, true])
        #expect(report.parameters[1].nudged.count == report.nudgedCount && report.nudgedCount > 2)
        #expect(report.parameters[1].largest < 1e-8, "\(report.parameters[1].largest)")
        #expect(notEmpty(network.parameters[1].value.elements).allSatisfy { $0 == 0 })
        // Twice the same.
        #expect(try checker.check().parameters[1].gradient == report.parameters[1].gradient)
        // The same with smooth units has none.
        #expect(try makeChecker(.tanh).check().findings == [.agrees])
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
        let report = try GradientChecker(
            network, inputs: FeatureMatrix.bytes(bytes), rows: [0, 1], labels: [0, 2]
        ).check()
        // The first row's units lie exactly where the slope jumps, if it does.
        #expect((report.nudgedCount > 0) == jumps)
        #expect(report.agrees && report.findings == [.agrees])
    }

    @Test func theLargestOfAWindowHasKinks() {
        let network = Sequential {
            Reshape([1, 2, 4])
            MaxPooling(2)
            Flatten()
            Dense(2, 2, initializer: .he)
        }
        let bytes = FeatureMatrix.bytes(NDArray<UInt8>(shape: [1, 8], repeating: 7))
        func kinks(_ network: any Layer, _ loss: Loss) -> Bool {
            let passes = TapeObjective(network, loss: loss, inputs: bytes, rows: [0], labels: [1])
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
        var checker = makeChecker()
        checker.sample = 10
        let once = try checker.check()
        #expect(once.parameters.map(\.elements.count) == [10, 6, 10, 4] && checker.numberCount == 30)
        #expect(try checker.check().parameters.map(\.elements) == once.parameters.map(\.elements))
        checker.seed = 2
        #expect(try checker.check().parameters.map(\.elements) != once.parameters.map(\.elements))
        #expect(checker.estimate() > 0)
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
        let report = try makeChecker(.tanh, network).check()
        // Before a normalisation a constant does nothing: a bias's gradient is zero, as both ways say.
        #expect(report.agrees, "\(report.parameters.map { ($0.name, $0.finding, $0.largest) })")
    }

    /// Biases that are zero and inputs that are zero in places, through convolution, ReLU and pooling: all is checked.
    private func convolutions() -> (network: Sequential, checker: GradientChecker) {
        var random = RandomState(6)
        // A stroke on a blank ground.
        let bytes = (0..<3 * 64).map { place in
            (place % 8 == 3 || place % 64 / 8 == 4) ? UInt8(50 + random.nextUInt32() % 200) : 0
        }
        let network = Sequential {
            Reshape([1, 8, 8])
            Convolution(1, 5, kernel: 3, activation: .relu)
            MaxPooling(2)
            Convolution(5, 6, kernel: 2, activation: .relu)
            Flatten()
            Dense(24, 8, activation: .relu, initializer: .he)
            Dense(8, 3, initializer: .he)
        }
        network.initialize(using: &random)
        let checker = GradientChecker(
            network, inputs: FeatureMatrix.bytes(NDArray(shape: [3, 64], elements: bytes)), rows: [0, 1, 2],
            labels: [0, 2, 1])
        return (network, checker)
    }

    @Test func convolutionsOfBlankGroundsAreChecked() throws {
        let (network, checker) = convolutions()
        let before = network.parameters.map(\.value)
        let report = try checker.check()
        #expect(
            report.agrees && report.uncheckedCount == 0 && report.findings == [.agrees], "\(report.sentences)"
        )
        #expect(report.sentences.isEmpty && report.uncheckedParameters.isEmpty)
        // Every bias of the first convolution lies at a kink.
        #expect(report.parameters[1].nudged.count == 5, "\(report.parameters[1].nudged)")
        #expect(network.parameters.map(\.value) == before)
    }

    /// One sentence for all parameters, whatever their kinks; a mistake is not hidden by being moved.
    @Test func mistakesAmongKinksAreNamedOnce() throws {
        let expected: [GradientFault: (label: String, parameters: Int)] = [
            .factor: ("0.5 times", 8), .sum: ("sum, not mean", 8), .sign: ("wrong sign", 8),
            .bias: ("always zero", 4),
        ]
        for (spoil, wanted) in expected {
            var (_, checker) = convolutions()
            checker.spoil = spoil
            let report = try checker.check()
            #expect(!report.agrees && report.uncheckedCount == 0)
            let found = report.findings.filter { $0 != .biasesOnly }
            #expect(found.map(\.label) == [wanted.label], "\(spoil): \(report.findings)")
            #expect(report.parameters.count { $0.finding.label == wanted.label } == wanted.parameters)
            #expect(report.sentences.count == report.findings.count, "\(report.sentences)")
            if spoil == .factor {
                #expect(report.sentences[0].hasPrefix("all 8 parameters: 0.5 times too small"))
            }
        }
    }

    /// A unit that is always at its kink, wherever the weights are: nothing is known of it, and nobody says "right".
    @Test func whatCannotBeCheckedIsNotCalledRight() throws {
        let parameter = GradientReport.Parameter(
            name: "1.bias", shape: [2], elements: [0, 1], gradient: [0, 0],
            numerical: [.init(slope: 0.5, bend: 1), .init(slope: -0.2, bend: 0.4)])
        let right = GradientReport.Parameter(
            name: "0.weight", shape: [2], elements: [0, 1], gradient: [1, 2],
            numerical: [.init(slope: 1, bend: 0), .init(slope: 2, bend: 0)])
        func report(_ parameters: [GradientReport.Parameter]) -> GradientReport {
            GradientReport(
                parameters, loss: 1, rows: 3, step: 1e-5, tolerance: 1e-5, seconds: 0, isKinked: true,
                again: { places, _ in places.map { _ in CentralDifference(slope: 0, bend: 0) } })
        }
        let whole = report([right, parameter])
        #expect(whole.findings == [.kinks(2)] && whole.uncheckedCount == 2 && whole.numberCount == 4)
        #expect(whole.uncheckedParameters == ["1.bias"] && !whole.agrees)
        #expect(whole.sentences.count == 1 && whole.sentences[0].hasPrefix("1.bias (2 elements): at a kink"))
        // A part of a parameter: the rest was checked, and how much is said.
        let part = GradientReport.Parameter(
            name: "1.bias", shape: [3], elements: [0, 1, 2], gradient: [0, 0, 1],
            numerical: parameter.numerical + [.init(slope: 1, bend: 0)])
        let some = report([right, part])
        #expect(some.agrees && some.uncheckedCount == 2 && some.parameters[1].unchecked == [0, 1])
    }

    @Test func cancellationEndsIt() {
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: DescentError.self) { try makeChecker().check(cancellation: cancellation) }
    }
}
