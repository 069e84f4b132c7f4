/// Columns of text, aligned.
struct Table {
    /// Where a column's text stands.
    enum Alignment { case left, right }

    let header: [String]
    let alignments: [Alignment]
    var rows: [[String]] = []

    /// A table with its header; columns stand right unless said otherwise.
    init(_ header: [String], alignments: [Alignment]? = nil) {
        self.header = header
        self.alignments = alignments ?? header.map { _ in .right }
    }

    /// The lines, three spaces between columns, no spaces at their ends.
    var text: String {
        let widths = header.indices.map { column in
            ([header] + rows).map { $0[column].count }.max() ?? 0
        }
        return ([header] + rows).map { row in
            var line = ""
            for column in row.indices {
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                if column > 0 { line += "   " }
                line += alignments[column] == .right ? padding + row[column] : row[column] + padding
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
