import Support

extension TableSplit {
    /// Writes the parts as `train.csv`, `val.csv` and `test.csv` into a new folder: all columns of the file, values as they stand
    /// there, missing ones empty.
    ///
    /// - Parameters:
    ///   - path: the folder, which is not there yet or empty.
    ///   - options: what is known of the file, as it was read.
    ///   - cancellation: ends the work early, with `interrupted`.
    /// - Throws: `cannotCreate` when the folder is there; what reading the file once more throws; `inputOutput`; `interrupted`:
    ///   nothing is left.
    public func write(
        to path: String, options: TableOptions = TableOptions(), cancellation: Cancellation? = nil
    ) throws {
        let parts = [("train", Optional(train)), ("val", validation), ("test", test)]
        var folder = try NewFolder(at: path)
        try folder.fill { folder in
            let source = try verbatim(options, cancellation)
            for (name, part) in parts {
                guard let part else { continue }
                try Cancellation.check(cancellation, at: path)
                let table = Table(
                    source: source, target: nil, rows: part.rows, columns: part.columns, notes: [])
                try DelimitedText.write(table, to: folder.path(ofFile: "\(name).csv"))
            }
        }
    }

    /// The file once more, with numbers as texts: 007 stays what it is. Numbers with a decimal comma are written with a point, since
    /// commas part the columns of what is written.
    private func verbatim(_ options: TableOptions, _ cancellation: Cancellation?) throws -> TableSource {
        let source = train.source
        guard source.format.decimal != .comma else { return source }
        var known = options
        known.textColumns = Set(source.names)
        (known.delimiter, known.decimal) = (source.format.delimiter, source.format.decimal)
        (known.header, known.encoding) = (source.format.header, source.encoding)
        let texts = try Table(unlabeled: train.path, options: known, cancellation: cancellation).source
        guard texts.names == source.names, texts.rows == source.rows else {
            throw DescentError(.badData, "the table has changed while it was read", at: train.path)
        }
        return texts
    }
}
