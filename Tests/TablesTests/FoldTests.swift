import Support
import TestSupport
import Testing

@testable import Tables

@Suite struct FoldTests {
    private static func table(_ labels: [String]) throws -> Table {
        let rows = labels.enumerated().map { "\($0.offset),p\($0.offset / 3),\($0.element)" }
        return try Table(
            bytes: Array((["x,person,label"] + rows).joined(separator: "\n").utf8), label: "label")
    }

    private static let labels = (0..<47).map { ["a", "b", "a", "c", "a"][$0 % 5] }

    @Test func everyRowIsMeasuredOnOnce() throws {
        let table = try Self.table(Self.labels)
        let folds = try table.folds(5, seed: 3)
        #expect(folds.count == 5)
        let held = folds.flatMap { $0.held.numbers(ofColumn: "x") ?? [] }
        #expect(held.sorted() == (0..<47).map(Double.init))
        for fold in folds {
            #expect(fold.train.count + fold.held.count == 47)
            let (train, held) = (
                Set(fold.train.numbers(ofColumn: "x") ?? []), Set(fold.held.numbers(ofColumn: "x") ?? [])
            )
            #expect(train.isDisjoint(with: held))
            // 29 of a, 9 of b, 9 of c.
            for kind in 0..<3 {
                let share = Double(table.classes.count { $0 == Int32(kind) }) / 5
                let count = Double(fold.held.classes.count { $0 == Int32(kind) })
                #expect(abs(count - share) < 1, "\(kind)")
            }
        }
        let again = try table.folds(5, seed: 3)
        #expect(again.map(\.held.rowNumbers) == folds.map(\.held.rowNumbers))
        #expect(try table.folds(5, seed: 4).map(\.held.rowNumbers) != folds.map(\.held.rowNumbers))
    }

    /// Nothing could be learned of a class whose only row is measured on.
    @Test func theOnlyRowOfAClassIsLearnedFrom() throws {
        let folds = try Self.table(["a", "b", "a", "a", "a", "b", "lonely"]).folds(2, seed: 1)
        #expect(folds.allSatisfy { Set($0.train.classes) == [0, 1, 2] })
        #expect(folds.reduce(0) { $0 + $1.held.count } == 6)
    }

    @Test func groupsStayTogether() throws {
        let folds = try Self.table(Self.labels).folds(4, seed: 2, groupBy: "person")
        var seen: [String: Int] = [:]
        for (number, fold) in folds.enumerated() {
            for row in 0..<fold.held.count {
                let person = try #require(fold.held.text(row: row, column: 1))
                #expect(seen[person] ?? number == number)
                seen[person] = number
            }
            #expect((9...15).contains(fold.held.count), "\(fold.held.count)")
            // The column is no feature then.
            #expect(fold.train.columns[1].role == .leftOut(.asked))
        }
        #expect(seen.count == 16)
    }

    @Test func tooFewAreRefused() throws {
        let table = try Self.table(["a", "b", "a", "b"])
        #expect(throws: DescentError.self) { try table.folds(1) }
        let error = #expect(throws: DescentError.self) { try table.folds(5) }
        #expect(error?.kind == .badData)
        #expect(throws: DescentError.self) { try table.folds(3, groupBy: "person") }
        #expect(throws: DescentError.self) { try table.folds(2, groupBy: "nobody") }
    }
}
