import Descent

/// What `data info` says of loaded data.
struct DataSummary {
    private let loaded: LoadedData
    private let name: String

    init(_ loaded: LoadedData, name: String) { (self.loaded, self.name) = (loaded, name) }

    private var parts: [(name: String, examples: any ExampleSource)] {
        let split = loaded.split
        var parts: [(name: String, examples: any ExampleSource)] = [("training", split.train)]
        if let validation = split.validation { parts.append(("validation", validation)) }
        return (parts + [("test", split.test)]).filter { $0.examples.count > 0 }
    }

    private var form: String {
        let shape = loaded.split.train.exampleShape
        guard FeatureMatrix.isImage(shape) else {
            return Numerals.counted(shape.reduce(1, *), "feature")
        }
        return
            "\(shape.count == 3 ? "colour" : "grey") images of \(shape[shape.count - 1])x\(shape[shape.count - 2])"
    }

    var text: String {
        let counts = parts.map { Numerals.counted($0.examples.count, "\($0.name) example") }
        var text = "\(name.showingControlCharacters): \(counts.joined(separator: ", ")); \(form)\n\n"
        let train = loaded.split.train
        if !train.classNames.isEmpty {
            var table = TextTable(
                ["class"] + parts.map(\.name), alignments: [.left] + parts.map { _ in .right })
            let columns = parts.map(\.examples.countsByClass)
            for (index, name) in train.classNames.enumerated() {
                table.rows.append(
                    [name.showingControlCharacters] + columns.map { Numerals.grouped($0[index]) })
            }
            text += table.text
        }
        if case .table(let preprocessing)? = loaded.input {
            text += "\n" + columns(of: preprocessing)
        }
        if !loaded.notes.isEmpty {
            text += "\n" + loaded.notes.map { "- \($0.showingControlCharacters)\n" }.joined()
        }
        return text
    }

    private func columns(of preprocessing: TablePreprocessing) -> String {
        var table = TextTable(["column", "features", "kind"], alignments: [.left, .right, .left])
        for column in preprocessing.columns {
            let kind =
                switch column {
                case .number: "number"
                case .category: "text"
                }
            table.rows.append(
                [column.name.showingControlCharacters, Numerals.grouped(column.featureCount), kind])
        }
        return table.text
    }

    var json: JSONText {
        let classes = loaded.split.train.classNames.enumerated().map { index, name -> JSONText in
            var members = [JSONText.Member("name", .string(name))]
            for part in parts {
                members.append(.init(part.name, .integer(part.examples.countsByClass[index])))
            }
            return .object(members)
        }
        return [
            "version": 1, "data": .string(name),
            "shape": .array(loaded.split.train.exampleShape.map(JSONText.integer)),
            "train": .integer(loaded.split.train.count),
            "validation": .integer(loaded.split.validation?.count ?? 0),
            "test": .integer(loaded.split.test.count),
            "classes": .array(classes), "notes": .array(loaded.notes.map(JSONText.string)),
        ]
    }
}
