import EvaluationMetrics
import Support

/// A confusion matrix for a terminal: all cells where they fit, else a line for each class with what it was taken for.
///
/// ```swift
/// print(ConfusionText(metrics, columns: 80).text)
/// ```
public struct ConfusionText: Sendable {
    private let metrics: ClassificationMetrics
    private let columns: Int
    private let names: [String]

    /// Text of at most `columns` columns, 40 or more.
    public init(_ metrics: ClassificationMetrics, columns: Int = 80) {
        self.metrics = metrics
        self.columns = max(40, columns)
        names = metrics.classNames.map(\.showingControlCharacters)
    }

    /// The lines, each with its newline.
    package var text: String { matrix ?? list }

    /// The longest name that a row begins with.
    private var longestName: Int { min(16, names.map { DisplayWidth.of($0) }.max() ?? 0) }

    /// All cells; nil where they do not fit.
    private var matrix: String? {
        let count = names.count
        guard count > 0 else { return "" }
        let digits = metrics.confusion.flatMap { $0 }.map { Numerals.grouped($0).count }.max() ?? 1
        func room(_ rowWidth: Int) -> Int { (columns - rowWidth - 2) / count - 1 }
        let names = self.names.map { DisplayWidth.shortened($0, to: longestName) }
        let widest = names.map { DisplayWidth.of($0) }.max() ?? 0
        var rows = names
        var cell = min(room(longestName), max(digits, widest))
        guard cell >= digits else { return nil }
        var heads = names.map {
            cell >= 4 ? DisplayWidth.shortened($0, to: cell) : DisplayWidth.beginning($0, cell)
        }
        if Set(heads).count < count || heads.contains("") {
            // Names that begin alike: numbers stand for them, which the rows explain.
            let width = String(count).count
            rows = names.enumerated().map {
                DisplayWidth.padded(String($0 + 1), to: width, isRight: true) + " " + $1
            }
            cell = min(room(longestName + width + 1), max(digits, width, 3))
            guard cell >= max(digits, width) else { return nil }
            heads = (1...count).map(String.init)
        }
        let rowWidth = rows.map { DisplayWidth.of($0) }.max() ?? 0
        func line(_ name: String, _ cells: [String]) -> String {
            DisplayWidth.padded(name, to: rowWidth) + " "
                + cells.map { " " + DisplayWidth.padded($0, to: cell, isRight: true) }.joined() + "\n"
        }
        var text = "confusion: rows are true classes, columns predicted ones\n" + line("", heads)
        for (row, counts) in metrics.confusion.enumerated() {
            text += line(rows[row], counts.map { $0 == 0 ? "\u{B7}" : Numerals.grouped($0) })
        }
        return text
    }

    /// A line for each class with mistakes.
    private var list: String {
        let width = min(22, names.map { DisplayWidth.of($0) }.max() ?? 0)
        let rights = metrics.classes.map { "\($0.correct)/\($0.support)" }
        let rightWidth = max(7, rights.map(\.count).max() ?? 0)
        var text =
            DisplayWidth.padded("true class", to: max(10, width)) + "  "
            + DisplayWidth.padded("correct", to: rightWidth, isRight: true) + "  taken for\n"
        var faultless = 0
        for (row, counts) in metrics.confusion.enumerated() {
            let wrong = counts.indices.filter { $0 != row && counts[$0] > 0 }
                .sorted { (counts[$1], $0) < (counts[$0], $1) }
            guard !wrong.isEmpty else {
                if metrics.classes[row].support > 0 { faultless += 1 }
                continue
            }
            var line =
                DisplayWidth.padded(DisplayWidth.shortened(names[row], to: width), to: max(10, width)) + "  "
                + DisplayWidth.padded(rights[row], to: rightWidth, isRight: true) + "  "
            let start = DisplayWidth.of(line)
            for (place, column) in wrong.enumerated() {
                let name = DisplayWidth.shortened(names[column], to: width)
                let piece = (place == 0 ? "" : ", ") + "\(name) (\(counts[column]))"
                // Room is kept for the words that say how many more there are.
                let isLast = place == wrong.count - 1
                guard
                    DisplayWidth.of(line) + DisplayWidth.of(piece) + (isLast ? 0 : 10) <= columns
                        || place == 0
                else {
                    line += ", +\(wrong.count - place) more"
                    break
                }
                line += place == 0 ? DisplayWidth.shortened(piece, to: max(8, columns - start - 10)) : piece
            }
            text += line + "\n"
        }
        if faultless > 0 { text += "no mistakes: \(Numerals.grouped(faultless)) of \(names.count) classes\n" }
        return text
    }
}
