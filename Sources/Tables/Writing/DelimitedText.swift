import Arrays
import ExampleData
import Support

/// Writing of tables as delimited text: quotes where RFC 4180 needs them, numbers as the shortest text that reads back as the same.
public enum DelimitedText {
    /// Writes all rows of a table with all columns of its file; a missing value is an empty field.
    ///
    /// - Throws: `cannotCreate`, `inputOutput`; a file is unchanged then.
    public static func write(
        _ table: Table, to path: String, delimiter: DelimitedFormat.Delimiter = .comma
    ) throws {
        try write(to: path, delimiter, header: table.source.names, rows: table.count) { row, line in
            for column in table.source.names.indices {
                line.field(table.text(row: row, column: column) ?? "")
            }
        }
    }

    /// Writes examples: a column for each feature, then the label, by the name of the class or as numbers.
    ///
    /// `featureNames`: by default `x1`, `x2` and so on. Bytes are written unscaled.
    ///
    /// - Precondition: a name for each feature.
    /// - Throws: `cannotCreate`, `inputOutput`; a file is unchanged then.
    public static func write(
        _ examples: LabeledExamples, featureNames: [String]? = nil, labelName: String = "label",
        to path: String,
        delimiter: DelimitedFormat.Delimiter = .comma
    ) throws {
        let width = examples.features.featureCount
        let names = featureNames ?? (0..<width).map { "x\($0 + 1)" }
        require(names.count == width, "\(names.count) names for \(width) features")
        let values = examples.features.unscaledFloats.elements
        let labels = LabelTexts(examples)
        let header =
            names + (labels.width == 1 ? [labelName] : (1...max(1, labels.width)).map { "\(labelName)\($0)" })
        try write(to: path, delimiter, header: header, rows: examples.count) { row, line in
            for value in values[row * width..<(row + 1) * width] { line.field(NumberText.shortest(value)) }
            for label in labels[row] { line.field(label) }
        }
    }

    /// A field as it stands in a file: in quotes where RFC 4180 needs them, or spaces at its ends would get lost.
    package static func field(_ value: String, delimiter: UInt8 = UInt8(ascii: ",")) -> String {
        let utf8 = value.utf8
        let needsQuotes =
            utf8.contains { $0 == delimiter || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
            || utf8.first == 0x20 || utf8.last == 0x20 || utf8.first == 0x09 || utf8.last == 0x09
        guard needsQuotes else { return value }
        var text = "\""
        for scalar in value.unicodeScalars {
            if scalar == "\"" { text += "\"" }
            text.unicodeScalars.append(scalar)
        }
        return text + "\""
    }

    private static func write(
        to path: String, _ delimiter: DelimitedFormat.Delimiter, header: [String], rows: Int,
        _ body: (Int, inout Line) -> Void
    ) throws {
        try AtomicFile.write(to: path) { file in
            var line = Line(
                delimiter: Character(Unicode.Scalar(delimiter.byte)), isOnlyField: header.count == 1)
            for name in header { line.field(name) }
            line.end()
            for row in 0..<rows {
                body(row, &line)
                line.end()
                try flush(&line.text, to: file, isLast: false)
            }
            try flush(&line.text, to: file, isLast: true)
        }
    }

    private static func flush(_ text: inout String, to file: OutputFile, isLast: Bool) throws {
        guard isLast || text.utf8.count > 1 << 16 else { return }
        try Array(text.utf8).withUnsafeBytes { try file.write($0) }
        text = ""
    }

    /// A row that is written.
    private struct Line {
        let delimiter: Character
        /// An empty line would be no row.
        let isOnlyField: Bool
        var text = ""
        private var isFirst = true

        init(delimiter: Character, isOnlyField: Bool) {
            (self.delimiter, self.isOnlyField) = (delimiter, isOnlyField)
        }

        mutating func field(_ value: String) {
            if !isFirst { text.append(delimiter) }
            isFirst = false
            text +=
                isOnlyField && value.isEmpty
                ? "\"\"" : DelimitedText.field(value, delimiter: delimiter.asciiValue ?? 0)
        }

        mutating func end() {
            text += "\n"
            isFirst = true
        }
    }
}

/// The label of each example as text.
private struct LabelTexts {
    private let examples: LabeledExamples
    private let values: [Float]
    /// The number of texts of each example.
    let width: Int

    init(_ examples: LabeledExamples) {
        self.examples = examples
        switch examples.targets {
        case .classes: (values, width) = ([], 1)
        case .values(let numbers): (values, width) = (numbers.elements, numbers.shape[1])
        }
    }

    subscript(row: Int) -> [String] {
        if values.isEmpty, width == 1, !examples.classes.isEmpty {
            return [examples.classNames[Int(examples.classes[row])]]
        }
        return values[row * width..<(row + 1) * width].map(NumberText.shortest)
    }
}

/// Numbers as the shortest text that reads back as the same, without a trailing ".0".
enum NumberText {
    static func shortest(_ number: Float) -> String {
        let text = number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
