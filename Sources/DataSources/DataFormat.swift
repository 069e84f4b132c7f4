import ArrayFiles
import ExampleData
import Support
import Tables

/// A format of files that ``DataSource`` reads. A new format is one type in one file, and its line in ``DataFormats``.
package protocol DataFormat: Sendable {
    /// The name: `libsvm`.
    static var name: String { get }

    /// Returns whether a file is of this format, by the first bytes of its unpacked content.
    static func recognizes(_ head: [UInt8], path: String) -> Bool

    /// Reads training and test examples from the file at `path`.
    ///
    /// - Throws: `badData` with the place in the file.
    static func read(_ path: String, _ request: DataRequest) throws -> LoadedData
}

/// The formats, in the order in which they are tried.
package enum DataFormats {
    package static let all: [any DataFormat.Type] = [
        IDXFormat.self, NumPyFormat.self, LibSVMFormat.self, TableFormat.self,
    ]

    /// Bytes that tell a format.
    private static let headLength = 4096

    /// Returns the format of the file at `path`, by its content.
    ///
    /// - Throws: `missingInput`; `badData` for an empty file, and one in no known format.
    static func format(of path: String) throws -> any DataFormat.Type {
        let head = try Gzip.head(ofFile: path, count: headLength)
        guard !head.isEmpty else { throw DescentError(.badData, "the file is empty", at: path) }
        if let format = all.first(where: { $0.recognizes(head, path: path) }) { return format }
        let other = FileKind.other(head)
        throw DescentError(
            .badData, "not a file of examples that is read", at: path,
            expected: all.map { $0.name }.joined(separator: ", "), got: other?.what ?? kind(of: head),
            advice: other?.advice
                ?? "a folder of pictures, a CSV table with a header, or libsvm's text"
                + " (a line for each example: its class, then index:value pairs)")
    }

    /// Returns what a file in another format is, in words.
    private static func kind(of head: [UInt8]) -> String {
        let signs: [([UInt8], String)] = [
            ([0x89, 0x50, 0x4E, 0x47], "a PNG picture"), ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
            ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], "a NumPy array"),
            ([0, 0, 8], "an IDX file"),
        ]
        if let sign = signs.first(where: { head.starts(with: $0.0) }) { return sign.1 }
        return head.contains(0) ? "binary data" : "other text"
    }
}
