import Arrays
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
