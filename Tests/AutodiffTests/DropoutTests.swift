import Arrays
import CKernels
import Foundation
import TestSupport
import Testing

@testable import Autodiff

@Suite struct DropoutTests {
    /// Masks by Philox in plain Python, which gives the authors' known answers (`Vectors/make_philox_vectors.py`).
    struct Vectors: Decodable {
        struct Answer: Decodable { let counter, key, words: [UInt32] }
        struct Mask: Decodable {
            let count: Int
            let rate: Double
            let seed, step: Int
            let place: UInt32
            let kept: [Int]
        }
        let answers: [Answer]
        let masks: [Mask]

        static func load() throws -> Vectors {
            try vectors("philox.json")
        }
    }

    @Test func philoxGivesTheKnownAnswers() throws {
        for answer in notEmpty(try Vectors.load().answers) {
            var words = [UInt32](repeating: 0, count: 4)
            ck_philox4x32(answer.counter, answer.key, &words)
            #expect(words == answer.words)
        }
    }

    @Test func masksAreThoseOfTheGenerator() throws {
        for mask in notEmpty(try Vectors.load().masks) {
            let stream = RandomStream(
                origin: RandomOrigin(seed: mask.seed, step: mask.step), place: mask.place)
            let ones = NDArray<Double>(shape: [mask.count], repeating: 1)
            let dropped = ones.dropped(rate: mask.rate, by: stream).elements
            #expect(dropped.indices.filter { dropped[$0] != 0 } == mask.kept, "seed \(mask.seed)")
            #expect(Set(dropped) == [0, 1 / (1 - mask.rate)])
        }
    }

    @Test func aShareOfTheNumbersIsDroppedAndTheMeanStays() {
        for rate in [0.1, 0.5, 0.8] {
            let count = 200_000
            let tape = Tape<Float>(seed: 9, step: 4)
            let y = tape.constant(NDArray(shape: [count], repeating: 1)).dropout(rate: rate).value.elements
            let zeros = Double(y.count { $0 == 0 }) / Double(count)
            // Six deviations of a binomial share.
            let tolerance = 6 * (rate * (1 - rate) / Double(count)).squareRoot()
            #expect(abs(zeros - rate) < tolerance, "\(rate)")
            #expect(abs(y.reduce(0.0) { $0 + Double($1) } / Double(count) - 1) < tolerance / (1 - rate))
        }
    }

    @Test func seedStepAndLayerDecide() {
        let x = NDArray<Float>(shape: [400], repeating: 1)
        func masks(seed: Int, step: Int) -> [[Float]] {
            let tape = Tape<Float>(seed: seed, step: step)
            return (0..<2).map { _ in tape.constant(x).dropout(rate: 0.5).value.elements }
        }
        let first = masks(seed: 1, step: 0)
        #expect(first == masks(seed: 1, step: 0))
        #expect(first[0] != first[1])
        #expect(first[0] != masks(seed: 2, step: 0)[0])
        #expect(first[0] != masks(seed: 1, step: 1)[0])
        #expect(first[0] != masks(seed: 1 + 1 << 32, step: 0)[0])
    }

    @Test func nothingIsDroppedInUse() {
        let tape = Tape<Float>(recordsGradients: false, isTraining: false)
        let x = tape.constant(NDArray(shape: [3], elements: [1, 2, 3]))
        #expect(x.dropout(rate: 0.9).value.elements == [1, 2, 3])
        let training = Tape<Float>()
        #expect(training.constant(x.value).dropout(rate: 0).value.elements == [1, 2, 3])
    }
}
