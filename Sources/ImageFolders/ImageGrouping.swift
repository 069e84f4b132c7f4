import Support

/// What pictures that must stay on one side of a split have in common: one person, one day, one video.
public enum ImageGrouping: Sendable, Equatable {
    /// The first capture group of a regular expression, or all that it matches, in the picture's path.
    case pattern(String)
    /// A column of `labels.csv`.
    case column(String)

    /// The grouping as it is written.
    package var text: String {
        switch self {
        case .pattern(let text), .column(let text): text
        }
    }
}

extension ImageFolder {
    /// Reads a grouping: the name of a column of `labels.csv`, else a regular expression.
    ///
    /// - Throws: `usage` for neither.
    package func grouping(parsing text: String) throws -> ImageGrouping {
        if groupColumns.contains(text) { return .column(text) }
        do {
            _ = try Regex(text)
        } catch {
            throw DescentError(
                .usage, "neither a column of labels.csv nor a regular expression", at: "`groupBy`",
                expected: groupColumns.isEmpty ? nil : "one of \(listed(groupColumns)), or an expression",
                got: text, advice: #"(person\d+)_ groups person1_a.jpg and person1_b.jpg"#)
        }
        return .pattern(text)
    }

    /// The group of each picture; nil for one that stands alone.
    ///
    /// - Throws: `usage` when there is no such column, when the expression is none or matches nothing; `interrupted`.
    func groups(_ grouping: ImageGrouping, cancellation: Cancellation?) throws -> [String?] {
        switch grouping {
        case .column(let name):
            guard let column = groupColumns.firstIndex(of: name) else {
                throw DescentError(
                    .usage, "labels.csv has no such column", at: "`groupBy`",
                    expected: groupColumns.isEmpty
                        ? "a regular expression" : "one of \(listed(groupColumns))",
                    got: name)
            }
            return files.map { $0.attributes[column].isEmpty ? nil : $0.attributes[column] }
        case .pattern(let text):
            guard let expression = try? Regex(text) else {
                _ = try self.grouping(parsing: text)
                return files.map { _ in nil }
            }
            let groups = try files.map { file -> String? in
                try Cancellation.check(cancellation, at: path)
                guard let match = file.path.firstMatch(of: expression) else { return nil }
                let part = match.output.count > 1 ? match.output[1].substring : match.output[0].substring
                return part.flatMap { $0.isEmpty ? nil : String($0) }
            }
            guard groups.contains(where: { $0 != nil }) else {
                throw DescentError(
                    .usage, "the expression matches no picture's path", at: "`groupBy`",
                    expected: "a match in paths such as \(files[0].path)", got: text)
            }
            return groups
        }
    }
}
