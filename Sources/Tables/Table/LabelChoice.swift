import Support

/// Which column says what should be learned.
enum LabelChoice {
    /// The names of labels, in the order in which they are taken.
    static let names = ["label", "target", "class", "species", "y"]

    /// The column that is called `wanted`, or has that number; nil where nothing is wanted and no name is a label's.
    ///
    /// - Throws: `usage` when there is no such column, with the columns that there are.
    static func named(_ wanted: String?, in columns: [String], isHeaded: Bool, path: String) throws -> Int? {
        guard let wanted else {
            let lower = columns.map { $0.lowercased() }
            return names.lazy.compactMap { lower.firstIndex(of: $0) }.first
        }
        if let exact = columns.firstIndex(of: wanted) { return exact }
        let alike = columns.indices.filter { columns[$0].lowercased() == wanted.lowercased() }
        if alike.count == 1 { return alike[0] }
        // Without names, a column's number; from the end if it is negative.
        if !isHeaded, let number = Int(wanted), number != 0, abs(number) <= columns.count {
            return number > 0 ? number - 1 : columns.count + number
        }
        throw DescentError(
            .usage, "no such column for the label", at: path, expected: "one of \(listed(columns))",
            got: "\"\(wanted)\"",
            advice: "give the name of a column")
    }

    /// The only column of text that is neither the row's name nor a date.
    ///
    /// - Throws: `usage` when there is none, or more than one, with the columns that there are.
    static func onlyText(_ columns: [TableColumn], path: String) throws -> Int {
        let texts = columns.indices.filter { columns[$0].role == .category }
        if texts.count == 1 { return texts[0] }
        let which =
            texts.isEmpty
            ? "none of text" : "\(texts.count) of text: \(listed(texts.map { columns[$0].name }))"
        throw DescentError(
            .usage, "which column is the label?", at: path,
            expected: "a column called \(names.dropLast().joined(separator: ", ")) or y, or only one of text",
            got: "the columns \(listed(columns.map(\.name))); \(which)",
            advice: "give the name of the label's column")
    }

    /// Names in quotes, the first 40 of them.
    static func listed(_ names: [String]) -> String {
        let shown = names.prefix(40).map { "\"\($0)\"" }.joined(separator: ", ")
        return names.count > 40 ? "\(shown) and \(names.count - 40) more" : shown
    }
}
