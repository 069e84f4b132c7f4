import Support

extension Table {
    /// Reads a table to learn from.
    ///
    /// - Parameters:
    ///   - path: the file, gzipped or not.
    ///   - label: the label's column; by default one called label, target, class, species or y, else the only one of text.
    ///   - task: by default what the label's values suggest (`notes` says it).
    ///   - ignoring: columns that are no features.
    ///   - options: what is known of the file.
    ///   - cancellation: stops the reading.
    ///   - progress: called with the share that is done, 0 to 1.
    /// - Throws: `missingInput`, `inputOutput`; `usage` when no column is the label; `badData`, with row and column, for what is not a
    ///   table; `interrupted`.
    /// - Complexity: O(bytes of the file); eight bytes of memory for each number.
    public init(
        _ path: String, label: String? = nil, task: TableTask? = nil, ignoring: [String] = [],
        options: TableOptions = TableOptions(), cancellation: Cancellation? = nil,
        progress: ((Double) -> Void)? = nil
    ) throws {
        try self.init(
            TableText(path: path, encoding: options.encoding, cancellation: cancellation), label: label,
            task: task,
            ignoring: ignoring, options: options, cancellation: cancellation, progress: progress)
    }

    /// Reads a table from bytes in memory; `name` is used as the path in errors.
    public init(
        bytes: [UInt8], name: String = "memory", label: String? = nil, task: TableTask? = nil,
        ignoring: [String] = [], options: TableOptions = TableOptions()
    ) throws {
        try self.init(
            TableText(bytes: bytes, path: name, encoding: options.encoding), label: label, task: task,
            ignoring: ignoring, options: options)
    }

    init(
        _ text: TableText, label: String?, task: TableTask?, ignoring: [String], options: TableOptions,
        cancellation: Cancellation? = nil, progress: ((Double) -> Void)? = nil
    ) throws {
        var named: Int?
        let source = try TableSource(text, options: options, cancellation: cancellation, progress: progress) {
            layout in
            named = try LabelChoice.named(
                label, in: layout.names, isHeaded: layout.format.header == .names, path: layout.text.path)
            for name in ignoring { try Self.requireColumn(name, layout.names, layout.text.path) }
            guard let named, layout.mayBeClasses(named, task) else { return [] }
            // Classes keep their texts: 01 is not called 1.
            return [layout.names[named]]
        }
        var columns = ColumnAnalysis.columns(source, rows: source.rows)
        let label = try named ?? LabelChoice.onlyText(columns, path: source.path)
        let target = try TableTarget(source, column: label, task: task)
        let rows = source.rows.filter { !target.isMissing($0) }
        if rows.count < source.rows.count { columns = ColumnAnalysis.columns(source, rows: rows) }
        columns[label].role = .label
        for name in ignoring {
            if let index = source.names.firstIndex(of: name), index != label {
                columns[index].role = .leftOut(.asked)
            }
        }
        var notes = source.notes
        notes.append(
            "label: \"\(source.names[label])\", \(target.task.rawValue)"
                + (target.task == .classification ? " of \(target.classNames.count) classes" : "")
                + (task == nil ? " (\(target.reason))" : ""))
        if rows.count < source.rows.count {
            notes.append(
                "\(Numerals.counted(source.rows.count - rows.count, "row")) without a label left out")
        }
        notes += LabelRepetition.mark(&columns, source, target, rows: rows)
        self.init(
            source: source, target: target, rows: rows, columns: columns,
            notes: notes + Self.leftOut(columns))
    }

    /// Reads a table without looking for a label.
    ///
    /// - Throws: as `init(_:label:)`, but for what is said of labels.
    public init(
        unlabeled path: String, options: TableOptions = TableOptions(), cancellation: Cancellation? = nil,
        progress: ((Double) -> Void)? = nil
    ) throws {
        let text = try TableText(path: path, encoding: options.encoding, cancellation: cancellation)
        let source = try TableSource(text, options: options, cancellation: cancellation, progress: progress) {
            _ in []
        }
        let columns = ColumnAnalysis.columns(source, rows: source.rows)
        self.init(
            source: source, target: nil, rows: source.rows, columns: columns,
            notes: source.notes + Self.leftOut(columns))
    }

    /// One sentence for the columns that are left out for one reason.
    private static func leftOut(_ columns: [TableColumn]) -> [String] {
        columns.compactMap { column in
            guard case .leftOut(let reason) = column.role else { return nil }
            return "column \"\(column.name)\" left out: \(reason.words)"
        }
    }

    static func requireColumn(_ name: String, _ names: [String], _ path: String) throws {
        guard !names.contains(name) else { return }
        throw DescentError(
            .usage, "no such column", at: path, expected: "one of \(LabelChoice.listed(names))",
            got: "\"\(name)\"")
    }
}

extension TableLayout {
    /// Whether the values of a column in the sample may be names of classes: not all numbers, or whole ones.
    func mayBeClasses(_ column: Int, _ task: TableTask?) -> Bool {
        if let task { return task == .classification }
        return !sample.contains { row in
            guard column < row.count, FormatDetection.number(row[column], format.decimal) == 1 else {
                return false
            }
            return row[column].bytes.contains(format.decimal.byte) && !row[column].text.hasSuffix("0")
        }
    }
}
