import Support
import TestSupport
import Testing

@testable import Tables

/// Splits hold every row once, classes in their shares, and groups whole.
@Suite struct SplitTests {
    private let flowers: Table

    init() throws {
        flowers = try table(
            "v,who,label\n"
                + (0..<100).map { "\($0),p\($0 % 13),\($0 < 60 ? "a" : $0 < 90 ? "b" : "c")\n" }.joined())
    }

    @Test func classesKeepTheirShares() throws {
        let split = try flowers.split(test: 0.2, validation: 0.1, seed: 1)
        let parts = [split.train, try #require(split.validation), try #require(split.test)]
        #expect(parts.map(\.count) == [70, 10, 20])
        #expect(parts.flatMap(\.rowNumbers).sorted() == flowers.rowNumbers)
        #expect(parts.allSatisfy { $0.rowNumbers == $0.rowNumbers.sorted() })
        let counts = parts.map { part in (0..<3).map { kind in part.classes.count { $0 == kind } } }
        #expect(counts == [[42, 21, 7], [6, 3, 1], [12, 6, 2]])
        #expect(
            try flowers.split(test: 0.2, validation: 0.1, seed: 1).train.rowNumbers == split.train.rowNumbers)
        #expect(
            try flowers.split(test: 0.2, validation: 0.1, seed: 2).train.rowNumbers != split.train.rowNumbers)
        #expect(try flowers.split(test: 0.2).validation == nil)
    }

    /// A table that a model is asked about keeps its rows without a label.
    @Test func rowsWithoutAClass() throws {
        let preprocessing = try TablePreprocessing(fittedTo: flowers)
        let text = "v,who,label\n" + (0..<20).map { "\($0),p,\($0 % 4 == 0 ? "" : "a")\n" }.joined()
        let new = try Table(TableText(bytes: Array(text.utf8)), for: preprocessing)
        let split = try new.split(test: 0.2)
        #expect(split.train.count == 16 && split.test?.classes.sorted() == [-1, 0, 0, 0])
    }

    /// A class of few rows has one in each part, and a single row is learned from.
    @Test func smallClasses() throws {
        let text =
            "v,label\n"
            + (0..<40).map { "\($0),c\($0 < 30 ? 0 : $0 < 35 ? 1 : $0 < 37 ? 2 : $0 - 34)\n" }.joined()
        let split = try table(text, label: "label", task: .classification).split(test: 0.1, seed: 2)
        let test = try #require(split.test)
        let counts = (0..<6).map { kind in test.classes.count { $0 == kind } }
        #expect(counts == [3, 1, 1, 0, 0, 0] && split.train.count == 35)
    }

    @Test func groupsStayTogether() throws {
        let split = try flowers.split(test: 0.3, seed: 4, groupBy: "who")
        let test = try #require(split.test)
        func people(_ table: Table) -> Set<String> {
            Set((0..<table.count).compactMap { table.text(row: $0, column: 1) })
        }
        #expect(people(split.train).isDisjoint(with: people(test)))
        #expect((25...35).contains(test.count) && test.count + split.train.count == 100)
        #expect(split.train.columns[1].role == .leftOut(.asked))
    }

    @Test func sharesThatLeaveNothing() throws {
        #expect(
            failure { _ = try flowers.split(test: 0.6, validation: 0.5) }
                == "usage: t.csv: shares that cannot be held back (expected between 0 and 1 together, got 0.6 for the test, 0.5 for the validation)"
        )
        let two = try table("v,label\n1,a\n2,b\n")
        #expect(
            failure { _ = try two.split(test: 0.5) }.hasPrefix(
                "badData: t.csv: too few rows to hold some back"))
        #expect(
            failure { _ = try flowers.split(test: 0.5, groupBy: "x") }.hasPrefix(
                "usage: t.csv: no such column"))
    }

    /// A table that is read again for a model is cut as it was in training, where rows without a label were left out.
    @Test func rowsWithoutALabelAreLeftOutAgain() throws {
        let text =
            "v,label\n" + (0..<40).map { "\($0),\($0 % 7 == 3 ? "" : $0 % 2 == 0 ? "a" : "b")\n" }.joined()
        let first = try table(text)
        let preprocessing = try TablePreprocessing(fittedTo: first, scaling: .none)
        let new = try TableText(bytes: Array(text.utf8), path: "t.csv")
        let again = try Table(new, for: preprocessing, labeledOnly: true)
        #expect(first.count == 34 && again.rowNumbers == first.rowNumbers)
        #expect(again.notes.contains("6 rows without a label left out"))
        let (one, two) = (try first.split(test: 0.3, seed: 4), try again.split(test: 0.3, seed: 4))
        #expect(one.test?.rowNumbers == two.test?.rowNumbers && one.train.rowNumbers == two.train.rowNumbers)
        #expect(try two.test?.examples(preprocessing).count == one.test?.count)
        // Whoever predicts wants an answer for each row; a class that was not learned is no missing one.
        #expect(try Table(new, for: preprocessing).count == 40)
        let other = try TableText(bytes: Array("v,label\n1,a\n2,\n3,c\n".utf8), path: "new.csv")
        let strange = try Table(other, for: preprocessing, labeledOnly: true)
        #expect(failure { _ = try strange.examples(preprocessing) }.contains("a class that was not learned"))
    }
}
