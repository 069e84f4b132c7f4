import Support
import TestSupport
import Testing

@testable import Tables

/// Rows are those of Python's csv module, by the reader that goes byte by byte and by the vectorised one.
@Suite struct ReaderTests {
    @Test func rowsAreThoseOfPython() throws {
        let expected = try Fixture.expected().rows
        #expect(expected.count == 21)
        for (name, rows) in expected {
            let encoding: TextEncoding? = name == "windows.csv" ? .windows1252 : nil
            var reader = try DelimitedReader(Fixture.path(name), encoding: encoding)
            var read: [[String]] = []
            while let row = try reader.next() { read.append(row) }
            #expect(read == rows, "\(name)")
        }
    }

    /// The vectorised reader drops spaces around what is not quoted and what is missing; a number is its shortest text.
    @Test func tablesHoldTheSame() throws {
        for (name, rows) in try Fixture.expected().rows {
            let encoding: TextEncoding? = name == "windows.csv" ? .windows1252 : nil
            let table = try Table(unlabeled: Fixture.path(name), options: TableOptions(encoding: encoding))
            #expect(table.columns.map(\.name) == rows[0], "\(name)")
            let read = (0..<table.count).map { row in
                table.columns.indices.map { table.text(row: row, column: $0) ?? "" }
            }
            let wanted = rows.dropFirst().map { row in
                row.map { field in
                    let point = table.format.decimal == .comma ? field.replacing(",", with: ".") : field
                    return Double(point).map(ColumnValues.text) ?? field
                }
            }
            #expect(read == Array(wanted), "\(name)")
        }
    }

    @Test func formatsAndEncodingsAreDetected() throws {
        func look(_ name: String) throws -> String {
            let table = try Table(unlabeled: Fixture.path(name))
            return "\(table.encoding.rawValue) \(table.format.delimiter) \(table.format.decimal)"
        }
        #expect(try look("plain.csv") == "utf-8 comma point")
        #expect(try look("tabs.tsv") == "utf-8 tab comma")
        #expect(try look("semicolons.csv") == "utf-8 semicolon comma")
        #expect(try look("separator.csv") == "utf-8 semicolon point")
        #expect(try look("pipes.csv") == "utf-8 pipe comma")
        #expect(try look("bom.csv") == "utf-8 comma point")
        #expect(try look("cp949.csv") == "cp949 comma point")
        #expect(try look("euc-kr.csv") == "cp949 comma point")
        #expect(try look("utf16.csv") == "utf-16le comma point")
        #expect(try look("utf16be.csv") == "utf-16be comma point")
        #expect(try look("utf16le.csv") == "utf-16le comma point")
        #expect(try Table(unlabeled: Fixture.path("cp949.csv")).notes.first == "read as cp949")
    }

    @Test func encodingsHaveNames() throws {
        #expect(try TextEncoding(named: "EUC-KR") == .cp949 && TextEncoding(named: "UTF-8") == .utf8)
        #expect(try TextEncoding(named: "Windows-1252") == .windows1252)
        #expect(
            failure { _ = try TextEncoding(named: "klingon") }
                == "usage: an unknown encoding (expected utf-8, utf-16le, utf-16be, cp949, windows-1252, latin-1, got \"klingon\")"
        )
    }

    /// Random texts of the characters that matter, in both readers: ends of rows, quotes and delimiters on both sides of every boundary.
    @Test func bothReadersAgree() throws {
        var random = SplitMix64(state: 77)
        let pieces = [
            "1", "2.5", "-3", "x", "NA", "", "a b", "\"q\"", "\"a,b\"", "\"n\nl\"", "\"d\"\"q\"", "\"\"",
            "st\"ray", "\"a\"b", " pad ", "\"\r\n\"", "é", "12345678901234567890",
        ]
        for round in 0..<max(3_000, mutationCount / 10) {
            let (width, rows) = (Int(random.next() % 4) + 1, Int(random.next() % 30) + 1)
            let end = ["\n", "\r\n", "\r"][Int(random.next() % 3)]
            // Without stray quotes most rounds take the vectorised reader alone.
            let kinds = UInt64(round % 3 == 0 ? pieces.count : 12)
            var text = (0..<width).map { "c\($0)" }.joined(separator: ",") + end
            for _ in 0..<rows {
                text +=
                    (0..<width).map { _ in pieces[Int(random.next() % kinds)] }.joined(separator: ",") + end
                if random.next() % 8 == 0 { text += end }
            }
            try compare(text, "round \(round)")
        }
    }

    private func compare(_ text: String, _ name: Comment) throws {
        let bytes = Array(text.utf8)
        let rows = bytes.withUnsafeBufferPointer { [[RecordScanner.Field]](reading: $0) }.filter {
            !$0.isEmpty
        }
        let (header, expected) = (rows.first ?? [], rows.dropFirst())
        let options = TableOptions(delimiter: .comma, decimal: .point, header: .names)
        guard !expected.isEmpty else {
            #expect(
                failure { _ = try source(bytes, options: options) }.hasPrefix("badData: t.csv: no rows"), name
            )
            return
        }
        let table = try source(bytes, options: options)
        let read = table.rows.map { row in header.indices.map { table.values[$0].text(Int(row)) } }
        let wanted = expected.map { row in
            row.enumerated().map { column, field -> String? in
                var value = field.text
                if !field.isQuoted { value = value.trimmingSpaces }
                let kind = FormatDetection.number(field, .point)
                if kind == 0 { return nil }
                guard kind == 1, case .numbers = table.values[column] else { return value }
                return Double(value.trimmingSpaces).map(ColumnValues.text)
            }
        }
        #expect(read == wanted, name)
        #expect(table.rows.count == expected.count, name)
    }

    /// A quote in a header's field opens nothing, though the survey counts it.
    @Test func strayQuotesInTheHeader() throws {
        for text in [
            "a\"b,c\n1,x\n2,y\n", "a\"b,c\"\n1,x\n2,\"y\n\"\n", "a\"\nx\n\"y\nz\"\n",
            "\n\na,\"b\"c\"\n1,\"x\"\n",
        ] {
            try compare(text, "\(text)")
        }
    }

    /// Rows longer than the sample's usual size.
    @Test func wideTables() throws {
        let names = (0..<60_000).map { "a long name of column \($0)" }.joined(separator: ",")
        let values = (0..<60_000).map { "\($0)" }.joined(separator: ",")
        let wide = try source(Array("\(names)\n\(values)\n\(values)\n".utf8))
        #expect(wide.names.count == 60_000 && wide.rows.count == 2 && wide.values[59_999].text(1) == "59999")
    }

    /// The parts, and so the threads, do not show.
    @Test func partsDoNotShow() throws {
        var random = SplitMix64(state: 3)
        var text = "a,b,c\n"
        for row in 0..<20_000 {
            text += "\(Double(random.next() >> 40) / 1000),t\(random.next() % 300),"
            text +=
                row % 97 == 0
                ? "\"line\n\(random.next() % 9)\"\n" : row % 501 == 0 ? "\n\n" : "\(random.next() % 9)\n"
        }
        func look(_ size: Int) throws -> [[String?]] {
            let table = try source(Array(text.utf8), partSize: size)
            return table.rows.map { row in (0..<3).map { table.values[$0].text(Int(row)) } }
        }
        let whole = try look(1 << 20)
        #expect(whole.count == 20_000)
        for size in [64, 128, 4096, 8256, 65536] { #expect(try look(size) == whole, "\(size)") }
    }
}

extension [[RecordScanner.Field]] {
    init(reading bytes: UnsafeBufferPointer<UInt8>) {
        var scanner = RecordScanner(bytes, delimiter: UInt8(ascii: ","))
        self = []
        while let row = try? scanner.next() { append(row) }
    }
}

extension String {
    var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
