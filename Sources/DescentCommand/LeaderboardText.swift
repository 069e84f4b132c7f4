import Descent

/// A leaderboard for a terminal: a table as wide as that, and why the first was taken.
struct LeaderboardText {
    private let board: Leaderboard

    init(_ board: Leaderboard) { self.board = board }

    /// The table and the sentence.
    var text: String {
        let isAccuracy = board.measure == .accuracy
        let measure = isAccuracy ? "accuracy" : "RMSE"
        var table = TextTable(
            ["model", measure, "+-", isAccuracy ? "macro F1" : "R2", "seconds"],
            alignments: [.left, .right, .right, .right, .right])
        table.optional = [3, 4]
        for entry in board.entries where entry.failure == nil {
            table.rows.append(Self.row(entry, board.measure))
        }
        let rows = Numerals.grouped(board.exampleCount)
        let sample = board.exampleCount < board.trainCount ? " drawn by chance" : ""
        var text =
            "\(board.folds)-fold cross-validation on \(rows) training rows\(sample), seed \(board.seed): mean and deviation\n\n"
            + table.text + "\n"
        for entry in board.entries {
            guard let failure = entry.failure else { continue }
            text += "\(entry.name): \(failure.showingControlCharacters)\n"
        }
        for line in board.omitted { text += "not measured: \(line)\n" }
        if let reason = board.reason { text += reason + ".\n" }
        return text
    }

    /// A line of the table.
    static func row(_ entry: Leaderboard.Entry, _ measure: Leaderboard.Measure) -> [String] {
        func figure(_ value: Double?) -> String {
            value.map { measure == .accuracy ? Numerals.percent($0) : Numerals.measure($0) } ?? "-"
        }
        return [
            entry.name + (entry.isBaseline ? " (baseline)" : ""), figure(entry.mean), figure(entry.deviation),
            entry.secondary.map { measure == .accuracy ? Numerals.percent($0) : Numerals.fixed($0, 4) }
                ?? "-",
            Numerals.fixed(entry.seconds, 2),
        ]
    }
}
