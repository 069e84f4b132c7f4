import Arrays
import Support
import Testing

@testable import ExampleData

@Suite struct SplittingTests {
    private func examples(_ counts: [Int]) -> LabeledExamples {
        let classes = counts.enumerated().flatMap { [Int32](repeating: Int32($0.offset), count: $0.element) }
        let rows = NDArray<Float>(shape: [classes.count, 1], elements: classes.indices.map { Float($0) })
        return LabeledExamples(
            .floats(rows), classes: classes, classNames: counts.indices.map { "class \($0)" })
    }

    /// Each class in the same share; one of two examples may be held, the only one never.
    @Test(arguments: [0.1, 0.2, 0.5, 0.9]) func classesKeepTheirShares(share: Double) {
        let all = examples([40, 10, 2, 1])
        let (learning, held) = all.stratifiedSplit(holding: share, seed: 5)
        #expect(learning.count + held.count == 53)
        let expected = [40, 10].map { Int((share * Double($0)).rounded()) } + [1, 0]
        #expect(held.countsByClass == expected, "\(share)")
        let rows = learning.features.unscaledFloats.elements + held.features.unscaledFloats.elements
        #expect(Set(rows).count == 53)
        // Each part has the order of the whole.
        let heldRows = held.features.unscaledFloats.elements
        #expect(heldRows == heldRows.sorted())
        let again = all.stratifiedSplit(holding: share, seed: 5).held
        #expect(again.contentChecksum == held.contentChecksum)
    }

    /// Parts come together again with their targets and in their storage.
    @Test func partsAreJoined() throws {
        let all = examples([4, 2])
        let (learning, held) = all.stratifiedSplit(holding: 0.5, seed: 1)
        let joined = learning.joined(with: held)
        #expect(joined.classes == learning.classes + held.classes && joined.classNames == all.classNames)
        let numbers = LabeledExamples(
            .floats([[1], [2], [3]]), values: NDArray(shape: [3, 2], elements: [1, 2, 3, 4, 5, 6]))
        let whole = numbers.prefix(1).joined(with: numbers[1..<3])
        #expect(whole.targets == numbers.targets && whole.features.unscaledFloats == [[1], [2], [3]])
        let bytes = LabeledExamples(
            .bytes([[1], [2]], scale: 1), classes: [0, 1], classNames: ["class 0", "class 1"])
        guard case .bytes(let elements) = bytes.joined(with: bytes).features.storage else {
            Issue.record("no bytes")
            return
        }
        #expect(elements.elements == [1, 2, 1, 2] && bytes.joined(with: bytes).features.scale == 1)
        // Rows of two billion columns cannot be unpacked.
        let rows = CompressedRows(
            width: 2_000_000_000, starts: [0, 1, 3], columns: [5, 7, 9], values: [1, 2, 3])
        let sparse = LabeledExamples(.sparse(rows), classes: [0, 1], classNames: ["class 0", "class 1"])
        guard case .sparse(let both) = sparse.joined(with: sparse).features.storage else {
            Issue.record("not sparse")
            return
        }
        #expect(both.shape == [4, 2_000_000_000] && both.entries(ofRow: 3).columns == [7, 9])
        #expect(both.entries(ofRow: 3).values == [2, 3])
        // Parts of other data.
        #expect(all.fits(bytes) && all.fits(held) && !all.fits(numbers) && !all.fits(sparse))
        #expect(!all.fits(examples([1, 1, 1])) && !numbers.fits(all))
        #expect(!numbers.fits(LabeledExamples(.floats([[1]]), values: NDArray(shape: [1], elements: [1]))))
        #expect(numbers.joined(with: bytes.prefix(0)).count == 3)
    }

    @Test func numbersAreSplitWithoutClasses() {
        let all = LabeledExamples(
            .floats(NDArray<Float>(shape: [10, 1], repeating: 1)),
            values: NDArray<Float>(shape: [10], repeating: 2))
        let (learning, held) = all.stratifiedSplit(holding: 0.3, seed: 1)
        #expect(learning.count == 7 && held.count == 3)
    }

    /// The memory is told before it is taken: a table of a terabyte is refused without being made.
    @Test func unpackingSaysItsMemoryBefore() throws {
        let rows = CompressedRows(width: 2_000_000_000, starts: [0, 1, 2], columns: [5, 7], values: [1, 2])
        let features = FeatureMatrix.sparse(rows)
        #expect(!features.canBeUnpacked && features.unpackedByteCount(rows: 2) == 16_000_000_000)
        let error = #expect(throws: DescentError.self) { try features.requireUnpackable(for: "knn") }
        #expect(error?.kind == .badData && error?.place == "knn")
        #expect(error?.got == "14.9 GiB for 2 rows of 2,000,000,000 features")
        #expect(error?.expected == "at most 4.0 GiB")
        // Some at a time.
        let small = FeatureMatrix.sparse(rows.resized(to: 100))
        #expect(throws: Never.self) { try small.requireUnpackable(for: "knn") }
        #expect(throws: DescentError.self) { try small.requireUnpackable(for: "knn", limit: 799) }
        #expect(throws: Never.self) { try small.requireUnpackable(rows: 1, for: "knn", limit: 799) }
        // Rows that have their zeros already take no more.
        #expect(throws: Never.self) {
            try FeatureMatrix.floats(NDArray(shape: [2, 3], repeating: 0)).requireUnpackable(
                for: "knn", limit: 1)
        }
    }

    @Test func rowsAreWidenedAndCut() {
        let rows = CompressedRows(width: 4, starts: [0, 2, 2, 3], columns: [0, 3, 1], values: [1, 2, 3])
        #expect(rows.resized(to: 2).dense().elements == [1, 0, 0, 0, 0, 3])
        #expect(rows.resized(to: 5).dense().elements == [1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0])
        #expect(rows.resized(to: 4).dense() == rows.dense())
    }

    @Test func entriesFromOutsideAreChecked() {
        func rows(_ width: Int, _ starts: [Int], _ columns: [Int32], _ values: [Float]) -> CompressedRows? {
            CompressedRows(checking: width, starts: starts, columns: columns, values: values)
        }
        #expect(rows(3, [0, 1, 2], [2, 0], [1, 2]) != nil)
        for (width, starts, columns, values) in [
            (3, [], [], []), (3, [0, 1], [3], [1]), (3, [0, 2], [1, 1], [1, 2]), (3, [0, 5, 1], [0], [1]),
            (3, [1, 1], [0], [1]), (3, [0, 1], [0], [1, 2]), (3, [0, -1, 1], [0], [1]),
            (3, [0, 1], [-1], [1]),
        ] as [(Int, [Int], [Int32], [Float])] {
            #expect(rows(width, starts, columns, values) == nil, "\(starts) \(columns)")
        }
    }
}
