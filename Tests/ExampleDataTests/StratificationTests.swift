import Arrays
import TestSupport
import Testing

@testable import ExampleData

/// The one division by classes and groups: shares, groups whole, every class learned from.
@Suite struct StratificationTests {
    private func counts(_ parts: [UInt8], _ labels: [Int32], part: UInt8) -> [Int] {
        (0...(labels.max() ?? 0)).map { label in zip(parts, labels).count { $0 == part && $1 == label } }
    }

    @Test func classesKeepTheirShares() {
        let sizes = [60, 35, 3, 1, 1]
        let labels = sizes.enumerated().flatMap { [Int32](repeating: Int32($0.offset), count: $0.element) }
        let parts = Stratification(labels: labels, shares: [0.2, 0.1], seed: 5).parts()
        #expect(counts(parts, labels, part: 1) == [12, 7, 1, 0, 0])
        #expect(counts(parts, labels, part: 2) == [6, 4, 1, 0, 0])
        #expect(counts(parts, labels, part: 0) == [42, 24, 1, 1, 1])
        #expect(Stratification(labels: labels, shares: [0.2, 0.1], seed: 5).parts() == parts)
        #expect(Stratification(labels: labels, shares: [0.2, 0.1], seed: 6).parts() != parts)
        // A share of nothing is no part, and its number stays free.
        #expect(Set(Stratification(labels: labels, shares: [0, 0.1], seed: 5).parts()) == [0, 2])
    }

    /// Groups of one example each are divided as examples are.
    @Test func examplesAreGroupsOfOne() {
        let labels: [Int32] = (0..<200).map { Int32($0 * $0 % 7) % 3 }
        for seed in 0..<5 {
            let alone = Stratification(labels: labels, shares: [0.3], seed: seed).parts()
            let groups = Stratification(labels: labels, groups: Array(0..<200), shares: [0.3], seed: seed)
                .parts()
            #expect(alone == groups)
        }
    }

    @Test func groupsStayWhole() {
        let labels: [Int32] = (0..<120).map { Int32($0 % 2) }
        let groups: [Int] = (0..<120).map { $0 / 9 }
        let parts = Stratification(labels: labels, groups: groups, shares: [0.25, 0.25], seed: 3).parts()
        for group in 0...13 {
            #expect(Set((0..<120).filter { groups[$0] == group }.map { parts[$0] }).count == 1)
        }
        for part: UInt8 in [1, 2] { #expect((18...42).contains(parts.count { $0 == part })) }
        // One group cannot be cut, and nothing is no division.
        #expect(
            Set(Stratification(labels: labels, groups: labels.map { _ in 4 }, shares: [0.5], seed: 1).parts())
                .count == 1)
        #expect(Stratification(labels: [], shares: [0.5], seed: 1).parts().isEmpty)
    }

    /// Examples without a class are divided as a class is; `stratifiedSplit` gives the rows that it always gave.
    @Test func stratifiedSplits() {
        let labels: [Int32] = [-1, 0, -1, 0, -1, 0, -1, 0, -1, 0]
        let parts = Stratification(labels: labels, shares: [0.4], seed: 2).parts()
        #expect(parts.count { $0 == 1 } == 4 && zip(parts, labels).count { $0 == 1 && $1 < 0 } == 2)
        let rows = NDArray<Float>(shape: [12, 1], elements: (0..<12).map { Float($0) })
        let examples = LabeledExamples(
            .floats(rows), classes: [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3], classNames: ["a", "b", "c", "d"])
        let split = examples.stratifiedSplit(holding: 0.3, seed: 9)
        // By NumPy: of `RandomState(9).permutation(12)` the first two of class a and the first of class b.
        #expect(split.held.features.unscaledFloats.elements == Self.held)
        #expect(split.learning.count + split.held.count == 12)
    }

    private static let held: [Float] = [0, 2, 7]
}
