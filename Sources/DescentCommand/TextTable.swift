/// Columns of text, aligned, and on a terminal no wider than that.
struct TextTable {
    /// The alignment of a column.
    enum Alignment { case left, right }

    let header: [String]
    let alignments: [Alignment]
    var rows: [[String]] = []
    /// Columns that are left out, the first one first, where a terminal is too narrow for all.
    var optional: [Int] = []
    /// Columns that are never broken inside a word: names that are copied.
    var whole: Set<Int> = []

    /// Creates a table with its header; columns are aligned to the right by default.
    init(_ header: [String], alignments: [Alignment]? = nil) {
        self.header = header
        self.alignments = alignments ?? header.map { _ in .right }
    }

    /// The lines: as wide as they are, or as the terminal is that they are printed on.
    var text: String {
        Output.standard.isTerminal ? fitted(to: Output.standard.columns) : natural
    }

    /// The lines, three spaces between columns, no spaces at their ends.
    var natural: String { lines(header.indices.map { $0 }, widths: naturalWidths, space: 3) }

    /// Returns the lines, at most `columns` wide if that can be: text is broken at spaces, then columns are left out,
    /// then words are broken.
    func fitted(to columns: Int) -> String {
        let widths = naturalWidths
        if total(widths, space: 3) <= columns { return natural }
        var shown = Array(header.indices)
        var left = optional[...]
        while total(shown.map(leastWidth), space: 2) > columns, let next = left.popFirst() {
            shown.removeAll { $0 == next }
        }
        var fitting = shown.map { widths[$0] }
        let least = shown.map(leastWidth)
        shrink(&fitting, to: columns, least: least)
        let breakable = shown.map { whole.contains($0) || alignments[$0] == .right ? widths[$0] : 12 }
        shrink(&fitting, to: columns, least: zip(least, breakable).map(min))
        let text = lines(shown, widths: fitting, space: 2)
        let missing = header.indices.filter { !shown.contains($0) }.map { header[$0] }
        return missing.isEmpty
            ? text : text + "(not shown on so narrow a terminal: \(missing.joined(separator: ", ")))\n"
    }

    private var naturalWidths: [Int] {
        header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    }

    private func total(_ widths: [Int], space: Int) -> Int {
        widths.reduce(0, +) + space * max(0, widths.count - 1)
    }

    /// Takes from the columns that are furthest above their least width until all fit.
    private func shrink(_ widths: inout [Int], to columns: Int, least: [Int]) {
        while total(widths, space: 2) > columns {
            let most = widths.indices.max { widths[$0] - least[$0] < widths[$1] - least[$1] }
            guard let most, widths[most] > least[most] else { return }
            widths[most] -= 1
        }
    }

    /// Returns the longest piece that is not broken: figures stay whole, text is broken at spaces.
    private func leastWidth(_ column: Int) -> Int {
        let words = header[column].split(separator: " ").map(\.count).max() ?? 0
        let cells = rows.map { row in
            alignments[column] == .right
                ? row[column].count : row[column].split(separator: " ").map(\.count).max() ?? 0
        }
        return max(words, cells.max() ?? 0)
    }

    private func lines(_ shown: [Int], widths: [Int], space: Int) -> String {
        ([header] + rows).map { row in
            let cells = zip(shown, widths).map { Self.broken(row[$0], width: $1) }
            let height = cells.map(\.count).max() ?? 1
            return (0..<height).map { number in
                var line = ""
                for (place, column) in shown.enumerated() {
                    let cell = number < cells[place].count ? cells[place][number] : ""
                    let padding = String(repeating: " ", count: max(0, widths[place] - cell.count))
                    if place > 0 { line += String(repeating: " ", count: space) }
                    line += alignments[column] == .right ? padding + cell : cell + padding
                }
                while line.last == " " { line.removeLast() }
                return line + "\n"
            }.joined()
        }.joined()
    }

    /// `text` in pieces of at most `width` characters, broken at spaces where there are some.
    static func broken(_ text: String, width: Int) -> [String] {
        guard text.count > width, width > 0 else { return [text] }
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            var rest = word
            if !line.isEmpty, line.count + 1 + rest.count <= width {
                line += " \(rest)"
                continue
            }
            if !line.isEmpty { lines.append(line) }
            while rest.count > width {
                lines.append(String(rest.prefix(width)))
                rest = rest.dropFirst(width)
            }
            line = String(rest)
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }
}
