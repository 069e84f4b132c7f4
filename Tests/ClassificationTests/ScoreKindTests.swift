import Arrays
import Foundation
import Testing

@testable import Classification

/// What is said of an answer, by what its figures are.
@Suite struct ScoreKindTests {
    private func answer(_ basis: ScoreKind, _ shares: [Float]) -> String {
        basis.answer(
            Prediction(
                classNames: ["a", "b", "c", "d"].prefix(shares.count).map { $0 }, probabilities: shares))
    }

    @Test func probabilitiesArePercents() {
        #expect(
            answer(.probabilities, [0.0125, 0.9, 0.0625, 0.025]) == "b  90.00 %   then c 6.25 %, d 2.50 %")
        #expect(answer(.probabilities, [0.25, 0.75]) == "b  75.00 %   then a 25.00 %")
    }

    // Four classes: six decisions, each class in three.
    @Test func votesAreCounted() {
        let sixths: [Float] = [1, 3, 2, 0].map { Float($0) / 6 }
        #expect(answer(.votes(most: 3, decisions: 6), sixths) == "b  3 of 3 votes   then c with 2, a with 1")
        #expect(answer(.votes(most: 1, decisions: 1), [0, 1]) == "b  1 of 1 vote   then a with 0")
    }

    @Test func neighboursAreCountedAndThoseWithoutAnyAreLeftOut() {
        #expect(
            answer(.neighbors(3), [0, 2, 1, 0].map { Float($0) / 3 })
                == "b  2 of 3 neighbours   then c with 1")
        #expect(answer(.neighbors(1), [1, 0]) == "a  1 of 1 neighbour")
        #expect(
            answer(.weightedNeighbors, [0.75, 0.25, 0, 0])
                == "a  75.00 % of the neighbours' weight   then b 25.00 %")
    }

    @Test func whatIsNoProbabilityHasNoPercent() {
        #expect(answer(.scores, [0.1, 0.2, 0.4, 0.3]) == "c   then d, b")
    }
}

/// The first of the largest scores, and the softmax, of rows.
@Suite struct ScoreRowsTests {
    @Test func theFirstOfEqualsWins() {
        let scores: [Float] = [1, 3, 3, 0, 0, 0, -1, -2, 5]
        let classes = scores.withUnsafeBufferPointer { ScoreRows.largest($0, classCount: 3) }
        #expect(classes == [1, 0, 2])
        #expect(ScoreRows.largest([2, 1, 2]) == 0 && ScoreRows.largest([4]) == 0)
        let decided = Answers(decidingBy: NDArray(shape: [3, 3], elements: scores))
        #expect(decided.classes == classes)
        #expect(Answers(decidingBy: NDArray(shape: [0, 3], elements: [])).classes.isEmpty)
    }

    /// Large scores do not overflow: ln 3 apart, 1 to 3.
    @Test func softmaxKeepsRatios() {
        let third = log(3.0)
        let shares = [0, third, 1e5, 1e5 - third].withUnsafeBufferPointer {
            ScoreRows.softmax($0, classCount: 2, exponential: { exp($0) })
        }
        #expect(shares.shape == [2, 2])
        for (share, right) in zip(shares.elements, [0.25, 0.75, 0.75, 0.25] as [Float]) {
            #expect(abs(share - right) < 1e-6)
        }
    }
}
