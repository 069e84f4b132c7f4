import Arrays
import Autodiff
import Foundation
import Support
import TestSupport
import Testing

@testable import Networks

/// Losses and their gradients against PyTorch (`TestSupport/Vectors/make_primitive_vectors.py`).
@Suite struct LossTests {
    private func expect<Scalar: DifferentiableScalar>(
        _ known: PrimitiveVectors.Case, in scalar: Scalar.Type, tolerance: Double, _ name: String,
        _ loss: (Tensor<Scalar>) -> Tensor<Scalar>
    ) {
        let tape = Tape<Scalar>()
        let scores = tape.variable(known.inputs[0].array(scalar))
        let value = loss(scores)
        // The script weighs a single result by 0.3.
        let gradient = tape.gradients(of: value * Scalar(0.3))[scores]
        expectClose(value.value, known.result.value, absolute: tolerance, "\(name), PyTorch")
        expectClose(gradient, known.gradients[0].value, absolute: tolerance, "\(name): gradient, PyTorch")
    }

    @Test(arguments: [
        "cross-entropy", "cross-entropy:smoothing=0.1", "cross-entropy:weights=1/2/0.5/3",
        "cross-entropy:smoothing=0.2,weights=1/2/0.5/3", "mean-squared-error", "binary-cross-entropy",
        "hinge:1",
        "hinge:2.5", "huber:0.1",
    ])
    func labelsAsInPyTorch(_ name: String) throws {
        let vectors = try PrimitiveVectors.load()
        let known = try #require(vectors.cases["loss \(name)"])
        let loss = try Loss(parsing: name)
        expect(known, in: Double.self, tolerance: 1e-13, name) { loss($0, labels: vectors.labels) }
        expect(known, in: Float.self, tolerance: 4e-6, name) { loss($0, labels: vectors.labels) }
    }

    @Test(arguments: [
        "cross-entropy", "cross-entropy:smoothing=0.2,weights=1/2/0.5/3", "mean-squared-error",
        "binary-cross-entropy", "huber:1.0", "huber:2.25",
    ])
    func targetsAsInPyTorch(_ name: String) throws {
        let vectors = try PrimitiveVectors.load()
        let known = try #require(vectors.cases["targets \(name)"])
        let loss = try Loss(parsing: name)
        let targets =
            name.hasPrefix("cross")
            ? vectors.probabilities : name.hasPrefix("binary") ? vectors.binary : vectors.targets
        expect(known, in: Double.self, tolerance: 1e-13, name) { loss($0, targets: targets.value) }
        expect(known, in: Float.self, tolerance: 4e-6, name) {
            loss($0, targets: targets.value.asType(Float.self))
        }
    }

    /// One column of scores, by hand: margins 1 - (-0.5), 1 - 2, 1 - (-1)(0.25), so losses 1.5, 0, 1.25.
    @Test func oneScoreTellsTwoClassesApart() {
        let tape = Tape<Double>()
        let scores = tape.variable(NDArray(shape: [3, 1], elements: [-0.5, 2, 0.25]))
        let hinge = Loss.hinge(scores, labels: [1, 1, 0])
        #expect(abs(hinge.value.item() - 2.75 / 3) < 1e-15)
        let third = 1.0 / 3
        let slopes = tape.gradients(of: hinge)[scores].elements
        #expect(slopes == [-third, 0, third])
        // log(1 + exp(0.5)), log(1 + exp(-2)), log(1 + exp(0.25)) by Python's math: 0.974077, 0.126928, 0.825939.
        let binary = Loss.binaryCrossEntropy(scores, labels: [1, 1, 0]).value.item()
        #expect(abs(binary - (0.9740769841801067 + 0.12692801104297263 + 0.8259394198788436) / 3) < 1e-14)
    }

    @Test func hugeScoresStayFinite() throws {
        let tape = Tape<Float>()
        let scores = tape.variable(NDArray(shape: [2, 2], elements: [3e38, -3e38, -1e4, 1e4]))
        for name in ["binary-cross-entropy", "cross-entropy:smoothing=0.1", "cross-entropy"] {
            let loss = try Loss(parsing: name)
            let value = loss(
                tape.constant(NDArray(shape: [2, 2], elements: [80, -80, -1e4, 1e4])), labels: [1, 0])
            #expect(value.value.item().isFinite, "\(name)")
        }
        #expect(Loss.huber(scores, targets: NDArray(shape: [2, 2], repeating: 0)).value.item() > 1e37)
    }

    /// A batch all of whose labels weigh nothing must not stop the program.
    @Test func aBatchWithoutWeightHasAFiniteLoss() {
        let tape = Tape<Float>()
        let scores = tape.variable(NDArray(shape: [1, 2], elements: [1, 2]))
        let loss = Loss.crossEntropy(classWeights: [0, 1])(scores, labels: [0])
        #expect(loss.value.item() == 0)
        #expect(tape.gradients(of: loss)[scores].elements == [0, 0])
    }

    @Test func textsAreReadAndWritten() throws {
        for name in notEmpty(Loss.names) {
            let loss = try Loss(parsing: name)
            #expect(try Loss(parsing: loss.description) == loss)
            #expect(try JSONDecoder().decode([Loss].self, from: JSONEncoder().encode([loss])) == [loss])
        }
        // The texts of version 0.1's raw values.
        #expect(Loss("cross-entropy") == .crossEntropy && Loss.crossEntropy.description == "cross-entropy")
        #expect(Loss("mean-squared-error") == .meanSquaredError)
        #expect(Loss("hinge") == .hinge && Loss("huber") == .huber)
        for wrong in [
            "", "cross", "cross-entropy:smoothing=2", "cross-entropy:weights=1/x",
            "cross-entropy:weights=0/0",
            "huber:0", "hinge:-1", "mean-squared-error:1", "cross-entropy:smoothing=0.1,smoothing=0.2",
        ] {
            #expect(Loss(wrong) == nil, "\(wrong)")
        }
    }

    @Test func outputsThatDoNotFitAreRefused() throws {
        try Loss.crossEntropy.check(outputs: 10, classes: 10)
        try Loss.binaryCrossEntropy.check(outputs: 1, classes: 2)
        #expect(throws: DescentError.self) { try Loss.crossEntropy.check(outputs: 1, classes: 2) }
        #expect(throws: DescentError.self) { try Loss.hinge.check(outputs: 9, classes: 10) }
        #expect(
            throws: DescentError(
                .usage, "class weights and classes differ in number",
                at: "loss 'cross-entropy:weights=1.0/2.0'", expected: "3 weights", got: "2")
        ) { try Loss.crossEntropy(classWeights: [1, 2]).check(outputs: 3, classes: 3) }
    }
}
