import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import Autodiff

/// Activations, layer normalisation and the larger of two, forward and backward, against PyTorch.
@Suite struct ActivationTests {
    private func compare<Scalar: DifferentiableScalar>(
        _ name: String, in scalar: Scalar.Type, tolerance: Double,
        _ computation: ([Tensor<Scalar>]) -> Tensor<Scalar>
    ) throws {
        try PrimitiveVectors.load().compare(name, in: scalar, tolerance: tolerance, computation)
    }

    @Test(arguments: [
        "sigmoid", "tanh", "relu", "leaky-relu:0.01", "leaky-relu:0.3", "elu:1.0", "elu:0.5", "gelu",
        "gelu-tanh",
        "silu", "softplus", "softmax",
    ])
    func activationsFollowPyTorch(_ name: String) throws {
        let activation = try Activation(parsing: name)
        try compare(name, in: Double.self, tolerance: 1e-14) { $0[0].activated(activation) }
        try compare(name, in: Float.self, tolerance: 1e-6) { $0[0].activated(activation) }
        // A dense layer of the identity matrix is the same, fused or not.
        try compare(name, in: Double.self, tolerance: 1e-14) { inputs in
            let tape = inputs[0].tape
            return inputs[0].dense(
                weight: tape.constant(.eye(7)), bias: tape.constant(.zeros(7)), activation: activation)
        }
    }

    /// Small results keep their digits: these tails are far below 1, where the tolerance above says nothing.
    /// Values of mpmath 1.3 with 30 digits: x ncdf(x) and log1p(exp(x)).
    @Test func tailsKeepTheirDigits() {
        let tape = Tape<Double>()
        let x = tape.constant(NDArray([-3.0, -6.0, -10.0, -30.0]))
        let gelu: [Double] = [
            -0.0040496940948902836, -5.9195258702261888e-9, -7.6198530241605261e-23, -1.4720141781444561e-196,
        ]
        for (found, wanted) in paired(x.gelu().value.elements, gelu) {
            #expect(abs(found / wanted - 1) < 1e-12)
        }
        let softplus: [Double] = [
            0.048587351573742059, 0.0024756851377304495, 4.5398899216864647e-5, 9.3576229688397368e-14,
        ]
        for (found, wanted) in paired(x.softplus().value.elements, softplus) {
            #expect(abs(found / wanted - 1) < 1e-12)
        }
    }

    @Test func normalisationAndExtremesFollowPyTorch() throws {
        for name in ["layer normalisation", "layer normalisation, two axes"] {
            try compare(name, in: Double.self, tolerance: 1e-13) {
                $0[0].layerNormalized(gain: $0[1], shift: $0[2])
            }
            try compare(name, in: Float.self, tolerance: 2e-6) {
                $0[0].layerNormalized(gain: $0[1], shift: $0[2])
            }
        }
        try compare("maximum", in: Double.self, tolerance: 0) { $0[0].maximum($0[1]) }
        try compare("minimum", in: Double.self, tolerance: 0) { $0[0].minimum($0[1]) }
        try compare("absolute", in: Double.self, tolerance: 0) { $0[0].absolute() }
        try compare("max by axis", in: Double.self, tolerance: 1e-15) { $0[0].max(axis: 1) }
    }

    /// Large enough for several parts; the bits must not show it.
    @Test func partsChangeNoBits() {
        let before = Threads.count
        defer { Threads.setCount(before) }
        var random = RandomState(5)
        let x: NDArray<Float> = random.normal(shape: [700, 130])
        let gain: NDArray<Float> = random.normal(shape: [130])
        func results(threads: Int) -> [[Float]] {
            Threads.setCount(threads)
            let tape = Tape<Float>()
            let (input, weight) = (tape.variable(x), tape.variable(gain))
            let normal = input.layerNormalized(gain: weight, shift: tape.constant(gain))
            let loss = normal.gelu().elu().dropout(rate: 0.3).softmax().huber(x, delta: 0.5)
            let gradients = tape.gradients(of: loss)
            return [loss.value.elements, gradients[input].elements, gradients[weight].elements]
        }
        let one = results(threads: 1)
        for threads in [2, 3, 7] { #expect(results(threads: threads) == one, "\(threads) threads") }
    }

    @Test func textsAreReadAndWritten() throws {
        for name in notEmpty(Activation.names) {
            let activation = try Activation(parsing: name)
            #expect(try Activation(parsing: activation.description) == activation)
            let coded = try JSONEncoder().encode([activation])
            #expect(try JSONDecoder().decode([Activation].self, from: coded) == [activation])
        }
        #expect(try Activation(parsing: "leaky-relu") == .leakyReLU(slope: 0.01))
        #expect(try Activation(parsing: "elu:alpha=0.5") == .elu(alpha: 0.5))
        #expect(Activation("relu") == .relu)
        for wrong in [
            "", "swoosh", "relu:1", "leaky-relu:-1", "leaky-relu:nan", "elu:beta=1", "elu:1,2", "elu:",
            "ReLU",
        ] {
            #expect(Activation(wrong) == nil, "\(wrong)")
        }
        #expect(
            throws: DescentError(
                .usage, "impossible slope", at: "activation 'leaky-relu:-1'",
                expected: "a number from 0 to 3.4e38",
                got: "'-1'")
        ) { try Activation(parsing: "leaky-relu:-1") }
    }
}

/// max(0, x)^2, an activation that the library does not know.
private struct SquaredReLU: ActivationFunction {
    static let kind = "squared-relu"
    static let usage = "squared-relu:1"
    let factor: Double
    init(factor: Double) { self.factor = factor }
    init(from settings: inout SettingText) throws {
        factor = try settings.number("factor", main: true, in: SettingText.fromZero) ?? 1
    }
    var settingsText: String { "\(factor)" }
    func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        x.relu() * x.relu() * Scalar(factor)
    }
}

/// An activation of one's own is read by a registry that has it, applied by layers, and differentiated by its primitives.
@Suite struct OwnActivationTests {
    @Test func isReadOnlyByARegistryThatHasIt() throws {
        var registry = ActivationRegistry.standard
        registry.register(SquaredReLU.self)
        let activation = try Activation(parsing: "squared-relu:0.5", in: registry)
        #expect(activation == Activation(SquaredReLU(factor: 0.5)))
        #expect(activation != Activation(SquaredReLU(factor: 1)))
        #expect(activation != .relu && .relu != activation)
        #expect(activation.description == "squared-relu:0.5")
        #expect(Activation("squared-relu") == nil)
        #expect(registry.names == ActivationRegistry.standard.names + ["squared-relu"])
        #expect(Set([activation, activation, .relu, .elu(), .elu(alpha: 1)]).count == 3)
    }

    @Test func isAppliedByADenseLayerAndDifferentiated() {
        let activation = Activation(SquaredReLU(factor: 0.5))
        let arrays: [NDArray<Double>] = [[[1, -2], [0.5, 3]], [[0.3, -1], [0.7, 0.2]], [0.1, -0.4]]
        let tape = Tape<Double>()
        let inputs = arrays.map { tape.variable($0) }
        let y = inputs[0].dense(weight: inputs[1], bias: inputs[2], activation: activation)
        let z = inputs[0].dense(weight: inputs[1], bias: inputs[2]).value.elements
        #expect(y.value.elements == z.map { max(0, $0) * max(0, $0) * 0.5 })
        #expect(tape.hasKinks)
        let check = checkGradients(at: arrays) {
            $0[0].dense(weight: $0[1], bias: $0[2], activation: activation) * $0[0]
        }
        #expect(check.passes(tolerance: 1e-7))
        #expect(check.inputs.allSatisfy { $0.gradient.elements.contains { $0 != 0 } })
    }

    /// The initialiser of the weights before each kind, as model folders have it.
    @Test func rectifiersAreKnown() {
        let rectifiers = ActivationRegistry.standard.kinds.filter { $0.isRectifier }.map { $0.kind }
        #expect(rectifiers == ["relu", "leaky-relu", "elu", "gelu", "gelu-tanh", "silu"])
    }
}
