import ArrayFiles
import Arrays
import ExampleData
import Foundation
import Support
import TestSupport
import Testing

@testable import DataSources

/// Bad files by the name that they were given: what they are, where the fault is, what to do. The words of issue 12's "Bad input".
@Suite struct BadDataTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func fault(_ bytes: [UInt8], _ name: String = "t.csv") async throws -> String {
        let path = "\(directory.path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return await failure(in: directory.path) {
            try await DataSource(named: path).load(DataRequest(seed: 1)).requireTwoClasses(at: path)
        }
    }

    private func fault(_ text: String, _ name: String = "t.csv") async throws -> String {
        try await fault(Array(text.utf8), name)
    }

    private static let rows = (0..<12).map { "\($0),\($0 * $0 % 5),\($0 % 2 == 0 ? "x" : "y")\n" }.joined()
    private static let table = "a,b,label\n" + rows

    @Test func rowsAndQuotes() async throws {
        #expect(try await fault(Self.table) == "no error")
        #expect(
            try await fault(Self.table + "1,2\n").hasPrefix(
                "badData: DIR/t.csv, row 14, column 2 \"b\": a row of another length (expected 3 fields, got 2)"
            ))
        #expect(
            try await fault(Self.table + "1,\"2,x\n").hasPrefix(
                "badData: DIR/t.csv, row 14, column 2: a quote that never closes"))
    }

    /// In the first bytes, where a file's kind is found out, and behind them; in the header, few or many.
    @Test func zeroBytes() async throws {
        let words = ": a NUL byte (expected text); the file is damaged or not a text; "
        let many = String(repeating: Self.rows, count: 200)
        for (text, place) in [
            (Self.table + "1,2\0,x\n", "row 14, column 2"), ("a,b\0,label\n" + Self.rows, "row 1, column 2"),
            ("a,b,label\n" + String(repeating: "\0", count: 500), "row 2, column 1"),
            (Self.table + many + "1,2,\0\n", "row 2414, column 3"),
        ] {
            #expect(try await fault(text).hasPrefix("badData: DIR/t.csv, \(place)" + words), "\(place)")
        }
    }

    @Test func longFields() async throws {
        let long = String(repeating: "7", count: 3 << 20)
        let words = "too long a field (expected at most 1,048,576 bytes)"
        #expect(
            try await fault(Self.table + "1,\(long),x\n").hasPrefix(
                "badData: DIR/t.csv, row 14, column 2 \"b\": \(words)"))
        #expect(try await fault(long).hasPrefix("badData: DIR/t.csv, row 1, column 1: \(words)"))
    }

    @Test func labelsAndClasses() async throws {
        let numbers = "a,b\n" + (0..<12).map { "\($0),\($0 % 5)\n" }.joined()
        #expect(
            try await fault(numbers).hasPrefix(
                "usage: DIR/t.csv: which column is the label? (expected a column called label, target, class, species or y"
            ))
        #expect(
            try await fault(Self.table.replacing(",y\n", with: ",x\n"))
                == "badData: DIR/t.csv, column \"label\": only one class (expected two classes or more, got \"x\" in all of 10 training examples); give examples of others too, or name another label"
        )
        #expect(
            try await fault("1 1:2\n1 2:3\n1 1:1\n", "t.svm")
                == "badData: DIR/t.svm: only one class (expected two classes or more, got \"1\" in all of 2 training examples); give examples of others too"
        )
    }

    @Test func textInUTF16WithoutAMark() async throws {
        for isBig in [false, true] {
            let bytes: [UInt8] = Self.table.utf8.flatMap { isBig ? [0, $0] : [$0, 0] }
            #expect(try await fault(bytes) == "no error", "\(isBig)")
        }
    }

    @Test func filesOfOtherPrograms() async throws {
        let formats = "badData: DIR/t.csv: not a file of examples that is read"
        func archive(_ name: String) -> [UInt8] {
            [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 22) + [UInt8(name.utf8.count), 0, 0, 0]
                + Array(name.utf8) + [UInt8](repeating: 0xFF, count: 40)
        }
        let wide: [UInt8] = Self.table.utf8.flatMap { [$0, 0, 0, 0] }
        for (bytes, ending) in [
            (archive("[Content_Types].xml"), "got a zip file, as Excel's .xlsx is); save the sheet as CSV"),
            (archive("mimetype"), "got a zip file, as LibreOffice's .ods is); save the sheet as CSV"),
            (
                archive("wine.csv"),
                "got a zip archive of wine.csv and perhaps others); unpack it and give the file itself"
            ),
            (
                [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18),
                "got an empty zip archive); give the file itself"
            ),
            (Array("PAR1".utf8) + [0, 1, 2], "got a Parquet file); write it as CSV first"),
            (
                [0xFF, 0xFE, 0, 0] + wide,
                "got text in UTF-32); save it as UTF-8"
            ),
        ] {
            let message = try await fault(bytes)
            #expect(message.hasPrefix(formats) && message.hasSuffix(ending), "\(message)")
        }
        // NumPy's own is one, whatever is wrong with it.
        #expect(try await fault(archive("x_train.npy")).contains("zip"))
        #expect(try await fault([0x80, 4, 0x95, 0x2C, 0] + Array("a,b\n".utf8)).contains("got binary data"))
    }
}
