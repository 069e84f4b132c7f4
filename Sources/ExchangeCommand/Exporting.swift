import Exchange
import Support

/// `descent export`: a trained model in another program's format.
enum Exporting {
    static func run(_ model: String, to out: String, format name: String, into answer: inout ProgramAnswer)
        throws
    {
        let format = try format(name, out)
        let remarks = try ModelExport(contentsOf: model).write(as: format, to: out)
        let size = Int(Files.identity(out)?.size ?? 0)
        let line: JSONText = [
            "version": 1, "path": .string(out), "format": .string(format.rawValue), "bytes": .integer(size),
            "remarks": .array(remarks.map(JSONText.string)),
        ]
        answer.json = line.line
        answer.text =
            (["\(out.showingControlCharacters): \(format.rawValue), \(Numerals.bytes(size))"] + remarks)
            .joined(separator: "\n")
    }

    private static func format(_ name: String, _ out: String) throws -> ExportFormat {
        let names = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
        guard name.isEmpty else {
            guard let format = ExportFormat(rawValue: name) else {
                throw DescentError(
                    .usage, "'\(name)' is invalid", at: "`format`", expected: "one of \(names)")
            }
            return format
        }
        guard let format = ExportFormat(fileName: out) else {
            throw DescentError(
                .usage, "'\(out)' does not say the format", advice: "give `format`, one of \(names)")
        }
        return format
    }
}
