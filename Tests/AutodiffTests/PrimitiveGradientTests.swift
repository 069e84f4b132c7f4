import Arrays
import TestSupport
import Testing

@testable import Autodiff

/// Every primitive's gradient against central differences in Double.
@Suite struct PrimitiveGradientTests {
    typealias Case = OperatorCheck

    static let cases: [Case] = [
        Case(name: "add", shapes: [[2, 3], [2, 3]]) { $0[0] + $0[1] },
        Case(name: "add, broadcast", shapes: [[2, 3], [3]]) { $0[0] + $0[1] },
        Case(name: "subtract, broadcast", shapes: [[2, 1], [1, 3]]) { $0[0] - $0[1] },
        Case(name: "multiply", shapes: [[2, 3], [2, 3]]) { $0[0] * $0[1] },
        Case(name: "multiply, broadcast", shapes: [[4], [3, 1]]) { $0[0] * $0[1] },
        Case(name: "multiply by itself", shapes: [[3]]) { $0[0] * $0[0] },
        Case(name: "divide", shapes: [[2, 3], [3]], low: 0.5, high: 2) { $0[0] / $0[1] },
        Case(name: "with numbers", shapes: [[3]]) { (3 - $0[0] * 2 + 1) / 4 - 0.5 },
        Case(name: "negate", shapes: [[3]]) { -$0[0] },
        Case(name: "exp", shapes: [[2, 2]]) { $0[0].exp() },
        Case(name: "log", shapes: [[2, 2]], low: 0.5, high: 3) { $0[0].log() },
        Case(name: "square root", shapes: [[2, 2]], low: 0.5, high: 3) { $0[0].squareRoot() },
        Case(name: "power", shapes: [[2, 2]], low: 0.5, high: 3) { $0[0].power(2.5) },
        Case(name: "sigmoid", shapes: [[2, 3]]) { $0[0].sigmoid() },
        Case(name: "tanh", shapes: [[2, 3]]) { $0[0].tanh() },
        // Away from the kink at zero, where no derivative exists.
        Case(name: "relu, positive", shapes: [[2, 3]], low: 0.2, high: 2) { $0[0].relu() },
        Case(name: "relu, negative", shapes: [[2, 3]], low: -2, high: -0.2, isFlat: true) { $0[0].relu() },
        Case(name: "leaky relu", shapes: [[2, 3]], low: -2, high: -0.2) { $0[0].leakyReLU(slope: 0.1) },
        Case(name: "elu", shapes: [[2, 3]]) { $0[0].elu(alpha: 0.7) },
        Case(name: "gelu", shapes: [[2, 3]]) { $0[0].gelu() },
        Case(name: "gelu, tanh", shapes: [[2, 3]]) { $0[0].geluTanh() },
        Case(name: "silu", shapes: [[2, 3]]) { $0[0].silu() },
        Case(name: "softplus", shapes: [[2, 3]]) { $0[0].softplus() },
        Case(name: "softmax of three axes", shapes: [[2, 2, 3]]) { $0[0].activated(.softmax) },
        Case(name: "maximum, broadcast", shapes: [[2, 3], [3]]) { $0[0].maximum($0[1]) },
        Case(name: "minimum, broadcast", shapes: [[2, 1], [2, 3]]) { $0[0].minimum($0[1]) },
        Case(name: "absolute", shapes: [[2, 3]], low: -2, high: -0.2) { $0[0].absolute() },
        Case(name: "max by axis", shapes: [[3, 4]]) { $0[0].max(axis: 1) },
        Case(name: "max by axis 0, kept", shapes: [[3, 4]]) { $0[0].max(axis: 0, keepingDimensions: true) },
        // Wider than the sixteen lanes of its sums.
        Case(name: "layer normalisation", shapes: [[3, 21], [21], [21]]) {
            $0[0].layerNormalized(gain: $0[1], shift: $0[2])
        },
        Case(name: "layer normalisation, two axes", shapes: [[2, 2, 3, 4], [3, 4], [3, 4]]) {
            $0[0].layerNormalized(gain: $0[1], shift: $0[2], epsilon: 0.1)
        },
        Case(name: "dropout", shapes: [[5, 4]]) { $0[0].dropout(rate: 0.4) },
        Case(name: "cross-entropy with targets", shapes: [[2, 3]]) {
            $0[0].softmaxCrossEntropy(
                targets: NDArray(shape: [2, 3], elements: [0.2, 0.5, 1, 0, 0, 2]), divisor: 1.7)
        },
        Case(name: "binary cross-entropy", shapes: [[2, 3]]) {
            $0[0].binaryCrossEntropy(NDArray(shape: [2, 3], elements: [1, 0, 0.5, 0.25, 1, 0]))
        },
        Case(name: "huber", shapes: [[2, 3]]) {
            $0[0].huber(NDArray(shape: [2, 3], elements: [1, 0, 3.5, -5, 2, 0.25]), delta: 1.3)
        },
        Case(name: "hinge", shapes: [[3, 4]]) { $0[0].hinge(labels: [1, 3, 0], margin: 1.5) },
        Case(name: "binary hinge", shapes: [[4, 1]]) {
            $0[0].binaryHinge(NDArray(shape: [4, 1], elements: [1, 0, 0, 1]), margin: 2.5)
        },
        Case(name: "matmul", shapes: [[2, 4], [4, 3]]) { $0[0].matmul($0[1]) },
        Case(name: "sum", shapes: [[2, 3]]) { $0[0].sum() * $0[0].sum() },
        Case(name: "sum by axis 0", shapes: [[2, 3]]) { $0[0].sum(axis: 0) },
        Case(name: "sum by axis 1, kept", shapes: [[2, 3]]) { $0[0].sum(axis: 1, keepingDimensions: true) },
        Case(name: "mean", shapes: [[2, 3]]) { $0[0].mean() * $0[0] },
        Case(name: "reshape", shapes: [[2, 3]]) { $0[0].reshaped(to: [3, 2]) },
        Case(name: "transpose", shapes: [[2, 3]]) { $0[0].transposed() },
        Case(name: "softmax", shapes: [[3, 4]]) { $0[0].softmax() },
        Case(name: "softmax with cross-entropy", shapes: [[3, 4]]) {
            $0[0].softmaxCrossEntropy(labels: [1, 3, 0])
        },
        Case(name: "mean squared error", shapes: [[2, 3]]) {
            $0[0].meanSquaredError(NDArray(shape: [2, 3], elements: [1, 0, 0.5, -1, 2, 0.25]))
        },
        Case(name: "dense, identity", shapes: [[3, 4], [4, 2], [2]]) {
            $0[0].dense(weight: $0[1], bias: $0[2])
        },
        Case(name: "dense, sigmoid", shapes: [[3, 4], [4, 2], [2]]) {
            $0[0].dense(weight: $0[1], bias: $0[2], activation: .sigmoid)
        },
        Case(name: "dense, tanh", shapes: [[3, 4], [4, 2], [2]]) {
            $0[0].dense(weight: $0[1], bias: $0[2], activation: .tanh)
        },
        Case(name: "dense, relu", shapes: [[3, 4], [4, 2], [2]], low: 0.1, high: 1) {
            $0[0].dense(weight: $0[1], bias: $0[2], activation: .relu)
        },
        Case(name: "dense, leaky relu", shapes: [[3, 4], [4, 2], [2]]) {
            $0[0].dense(weight: $0[1], bias: $0[2], activation: .leakyReLU(slope: 0.2))
        },
        Case(name: "dense, gelu", shapes: [[3, 4], [4, 2], [2]]) {
            $0[0].dense(weight: $0[1], bias: $0[2], activation: .gelu)
        },
        Case(name: "dense, softmax", shapes: [[3, 4], [4, 2], [2]]) {
            $0[0].dense(weight: $0[1], bias: $0[2], activation: .softmax)
        },
        Case(name: "a value used twice", shapes: [[2, 2]]) { $0[0].exp() * $0[0] + $0[0] },
    ]

    @Test(arguments: cases)
    func agreesWithCentralDifferences(_ test: Case) { test.expectGradients() }

    /// The negative control of each primitive.
    @Test(arguments: cases)
    func aSpoiledGradientIsFoundOut(_ test: Case) { test.expectSpoiledGradientsAreFound() }

    /// The negative control: pullbacks that are wrong on purpose must be caught.
    @Test func catchesWrongGradients() {
        let x = NDArray<Double>(shape: [3], elements: [0.5, -1, 2])
        let slips: [(String, (NDArray<Double>, NDArray<Double>) -> NDArray<Double>)] = [
            ("a factor forgotten", { x, g in g * x }),
            ("a sign turned", { x, g in g * x * -2 }),
            ("one element in a thousandth", { x, g in g * x * 2.001 }),
            ("not a number", { x, g in g * x * Double.nan }),
        ]
        for (name, pullback) in slips {
            let check = checkGradients(at: [x]) { inputs in
                let value = inputs[0].value
                return inputs[0].tape.record(.array(value * value), from: inputs) {
                    [.array(pullback(value, $0.array()))]
                }
            }
            #expect(!check.passes(tolerance: 1e-6), "\(name) was not caught")
        }
    }

    @Test func aConstantGetsNoGradient() {
        let tape = Tape<Double>()
        let x = tape.variable(NDArray(shape: [2], elements: [1, 2]))
        let c = tape.constant(NDArray(shape: [2], elements: [3, 4]))
        let gradients = tape.gradients(of: (x * c).sum())
        #expect(gradients[x].elements == [3, 4])
        #expect(gradients[c].elements == [0, 0])
    }

    /// A pullback that held a tensor would keep the tape, and with it every value, for ever.
    @Test(arguments: cases)
    func theTapeIsFreedWithItsLastUser(_ test: Case) {
        weak var tape: Tape<Double>?
        do {
            let own = Tape<Double>()
            let inputs = test.shapes.map { own.variable(NDArray(shape: $0, repeating: 0.5)) }
            _ = own.gradients(of: test.computation(inputs))
            tape = own
        }
        #expect(tape == nil, "\(test.name)")
    }
}
