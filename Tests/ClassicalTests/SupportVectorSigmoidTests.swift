import Arrays
import ExampleData
import Foundation
import Testing

@testable import Classical

/// Sigmoids that a machine gets from its own support vectors.
@Suite struct SupportVectorSigmoidTests {
    /// Four classes around the corners of a square, which overlap.
    private func blobs(_ count: Int, seed: Int) -> LabeledExamples {
        var random = RandomState(seed)
        var (rows, classes): ([Float], [Int32]) = ([], [])
        for row in 0..<count {
            rows += [
                Float(row % 2) + Float(random.randn()) / 2, Float(row / 2 % 2) + Float(random.randn()) / 2,
            ]
            classes.append(Int32(row % 4))
        }
        return LabeledExamples(
            .floats(NDArray(shape: [count, 2], elements: rows)), classes: classes,
            classNames: ["a", "b", "c", "d"])
    }

    /// Two points, each at decision 1 towards its class: the targets (n + 1) / (n + 2) with n = 2 are 3/4, so that A = -ln 3.
    @Test func twoPoints() throws {
        let rows = NDArray<Float>(shape: [2, 1], elements: [-1, 1])
        let examples = LabeledExamples(.floats(rows), classes: [0, 1], classNames: ["left", "right"])
        let machine = try SupportVectorMachine(kernel: .linear).fit(examples)
        let sure = try machine.withSigmoidsOfSupportVectors()
        let sigmoid = try #require(sure.sigmoids?.first)
        #expect(sure.sigmoids?.count == 1 && sigmoid.offset == 0)
        #expect(abs(sigmoid.slope + log(3)) < 1e-4, "\(sigmoid.slope)")
        // P(left | f) = 1 / (1 + 3^-f).
        let answers = try sure.answers(
            for: .floats(NDArray(shape: [2, 1], elements: [-2, 0.5])), cancellation: nil)
        let near = Float(1 / (1 + 3.squareRoot()))
        let expected: [Float] = [0.9, 0.1, near, 1 - near]
        #expect(answers.scores.shape == [2, 2])
        #expect(
            zip(answers.scores.elements, expected).allSatisfy { abs($0 - $1) < 1e-3 }, "\(answers.scores)")
    }

    @Test func eachPairIsAsSureAsItVotes() throws {
        let train = blobs(120, seed: 1), test = blobs(200, seed: 2)
        let machine = try SupportVectorMachine().fit(train)
        let sure = try machine.withSigmoidsOfSupportVectors()
        let sigmoids = try #require(sure.sigmoids)
        #expect(sigmoids.count == 6 && sigmoids.allSatisfy { $0.slope < 0 && $0.offset == 0 })
        let decisions = try machine.decisionValues(of: test.features)
        for (place, decision) in decisions.elements.enumerated() where decision != 0 {
            #expect((sigmoids[place % 6].probability(of: decision) > 0.5) == (decision > 0))
        }
        // The classes are the votes' as before.
        #expect(try sure.classes(of: test.features) == machine.classes(of: test.features))
        #expect(sure.scoreKind == .probabilities)
    }

    @Test func fittedOnesStay() throws {
        var learner = SupportVectorMachine()
        learner.fitsProbabilities = true
        let machine = try learner.fit(blobs(120, seed: 1))
        #expect(try machine.withSigmoidsOfSupportVectors().sigmoids == machine.sigmoids)
    }
}
