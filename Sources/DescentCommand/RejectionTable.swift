import Descent

/// What `--reject` leaves of a model's answers: how many, and how many of these are right.
struct RejectionTable {
    /// What one limit leaves.
    struct Row {
        let minimum: Float
        let unsure: Int
        let novel: Int
        let answered: Int
        let correct: Int
    }

    /// The rows, by rising limits; the one that was asked for is among them.
    let rows: [Row]
    private let asked: Float
    private let count: Int
    private let knowsNovelty: Bool

    /// Limits that are tried besides.
    private static let usual: [Float] = [0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99]

    /// - Parameters:
    ///   - minimum: the limit that was asked for.
    ///   - confidence: how sure each answer is; nil where scores have an order only.
    ///   - isCorrect: whether each answer is the right one.
    ///   - isNovel: whether each example is unlike all that was learned; nil where the model does not tell.
    init(_ minimum: Float, confidence: [Float]?, isCorrect: [Bool], isNovel: [Bool]?) {
        (asked, count, knowsNovelty) = (minimum, isCorrect.count, isNovel != nil)
        let limits = confidence == nil ? [minimum] : Set(Self.usual + [minimum]).sorted()
        rows = limits.map { limit in
            var (unsure, novel, answered, correct) = (0, 0, 0, 0)
            for place in isCorrect.indices {
                if let confidence, !(confidence[place] >= limit) {
                    unsure += 1
                } else if isNovel?[place] == true {
                    novel += 1
                } else {
                    answered += 1
                    correct += isCorrect[place] ? 1 : 0
                }
            }
            return Row(minimum: limit, unsure: unsure, novel: novel, answered: answered, correct: correct)
        }
    }

    /// The table for a terminal.
    var text: String {
        var table = TextTable(
            ["--reject", "answered", "of these right", "unsure", "unlike training"],
            alignments: [.right, .right, .right, .right, .right])
        for row in rows {
            table.rows.append([
                (row.minimum == asked ? "* " : "") + (row.minimum == 0 ? "0" : "\(row.minimum)"),
                share(row.answered, of: count), share(row.correct, of: row.answered),
                share(row.unsure, of: count),
                knowsNovelty ? share(row.novel, of: count) : "-",
            ])
        }
        return "answers that are left with --reject\n" + table.text
    }

    private func share(_ part: Int, of all: Int) -> String {
        all == 0 ? "-" : Numerals.percent(Double(part) / Double(all))
    }

    /// The rows for a program.
    var json: JSONText {
        .array(
            rows.map { row in
                [
                    "reject": .rounded(Double(row.minimum), decimals: 6), "answered": .integer(row.answered),
                    "correct": .integer(row.correct), "unsure": .integer(row.unsure),
                    "novel": knowsNovelty ? .integer(row.novel) : .null,
                ]
            })
    }
}
