/// Columns that say what the label says, in other words: `label_name` beside `label`.
///
/// A model that is given one of them learns nothing else, and has none when it predicts.
enum LabelRepetition {
    /// Leaves out the columns whose values stand one to one for the classes and whose names are made of a label's name. Others that
    /// stand for the classes are told, because they may be what is known of new rows.
    static func mark(
        _ columns: inout [TableColumn], _ source: TableSource, _ target: TableTarget, rows: [Int32]
    ) -> [String] {
        guard case .classes(let classes, let names) = target.values, names.count > 1 else { return [] }
        let labels = Set(
            LabelChoice.names + [
                "name", "names", "labels", "targets", "classes", source.names[target.column].lowercased(),
            ])
        var notes: [String] = []
        for index in columns.indices where index != target.column {
            guard columns[index].role == .number || columns[index].role == .category,
                standsForClasses(source.values[index], classes, count: names.count, rows)
            else { continue }
            let words = columns[index].name.lowercased().split { "_- .".contains($0) }.map(String.init)
            if labels.contains(columns[index].name.lowercased())
                || words.contains(where: { labels.subtracting(["name", "names"]).contains($0) })
            {
                columns[index].role = .leftOut(.repeatsLabel)
            } else {
                notes.append(
                    "column \"\(columns[index].name)\" stands for the label one to one: leave it out unless new rows have it"
                )
            }
        }
        return notes
    }

    private static func standsForClasses(
        _ values: ColumnValues, _ classes: [Int32], count: Int, _ rows: [Int32]
    ) -> Bool {
        var ofClass = [UInt64?](repeating: nil, count: count)
        var classOf: [UInt64: Int32] = [:]
        for row in rows {
            let value: UInt64
            switch values {
            case .numbers(let numbers): value = numbers[Int(row)].bitPattern
            case .texts(let codes, _): value = UInt64(bitPattern: Int64(codes[Int(row)]))
            }
            let kind = classes[Int(row)]
            if values.isMissing(Int(row)) { return false }
            if let known = ofClass[Int(kind)] {
                if known != value { return false }
            } else if classOf.updateValue(kind, forKey: value) != nil {
                return false
            } else {
                ofClass[Int(kind)] = value
            }
        }
        return true
    }
}
