import ArrayFiles
import Foundation
import Support
import TestSupport
import Testing

@testable import Tables

/// What is no table is told with its file, row and column, before memory is taken for it.
@Suite struct BadInputTests {
    private func fault(_ text: String, options: TableOptions = TableOptions()) -> String {
        failure { _ = try table(text, label: "label", options: options) }
    }

    @Test func raggedRows() {
        #expect(
            fault("a,b,label\n1,2,x\n1,2\n")
                == "badData: t.csv, row 3, column 2 \"b\": a row of another length (expected 3 fields, got 2); fill in the fields that are missing"
        )
        #expect(
            fault("a,b,label\n\n1,2,x\n1,2,x,4,5\n")
                == "badData: t.csv, row 4, column 4: a row of another length (expected 3 fields, got 5); a field that contains the delimiter needs quotes"
        )
        // Far behind the sample, in another part.
        let rows = String(repeating: "1,2,x\n3,4,y\n", count: 5_000)
        #expect(
            fault("a,b,label\n\(rows)1\n").hasPrefix(
                "badData: t.csv, row 10002, column 1 \"a\": a row of another length"))
    }

    @Test func openQuotes() {
        #expect(
            fault("a,label\n1,x\n2,\"y\n3,z\n")
                == "badData: t.csv, row 3, column 2: a quote that never closes (expected a closing quote before the end of the file); close it; a quote within a quoted field is doubled"
        )
        let rows = String(repeating: "1,x\n3,y\n", count: 50_000)
        #expect(
            fault("a,label\n\(rows)2,\"y\n\(rows)").hasPrefix(
                "badData: t.csv, row 100002, column 2: a quote that never closes"))
    }

    @Test func longFields() {
        let long = String(repeating: "z", count: 2 << 20)
        let words = "too long a field (expected at most 1,048,576 bytes); a quote before it may not be closed"
        #expect(fault("a,label\n1,x\n\(long),y\n") == "badData: t.csv, row 3, column 1: \(words)")
        #expect(
            fault("a,label\n1,x\n2,\"\(long)\"\n") == "badData: t.csv, row 3, column 2: \(words)")
        let rows = String(repeating: "1,x\n", count: 300)
        #expect(
            fault("a,label\n\(rows)2,\"\(long)\"\n")
                == "badData: t.csv, row 302, column 2 \"label\": \(words)")
        #expect(fault("\(long),label\n1,x\n") == "badData: t.csv, row 1, column 1: \(words)")
    }

    /// A billion characters, packed to a megabyte: refused by the limit of what a file may unpack to, without the memory.
    @Test func bombs() throws {
        let megabyte = Gzip.pack(Array(repeating: UInt8(ascii: "a"), count: 1 << 24), level: 9)
        try withTemporaryDirectory { directory in
            let path = "\(directory)/bomb.csv.gz"
            try AtomicFile.write(
                Gzip.pack(Array("a,label\n1,".utf8)) + Array(repeating: megabyte, count: 60).joined(),
                to: path)
            #expect(
                failure(in: directory) { _ = try Table(path) }
                    == "badData: DIR/bomb.csv.gz, unpacked byte 268435456: too long (expected at most 268435456 bytes, got more after byte 268435456)"
            )
        }
    }

    @Test func zeros() {
        #expect(
            fault("a,label\n1,x\n2,\0y\n")
                == "badData: t.csv, row 3, column 2: a NUL byte (expected text); the file is damaged or not a text; UTF-16 needs its byte order mark, or its name"
        )
        #expect(
            fault("a,label\n" + String(repeating: "1,x\n", count: 90_000) + "\0").hasPrefix(
                "badData: t.csv, row 90002, column 1: a NUL byte"))
    }

    @Test func emptyFiles() {
        #expect(fault("") == "badData: t.csv: an empty file (expected a table)")
        #expect(fault("\n\n") == "badData: t.csv: no rows (expected a table)")
        #expect(
            fault("a,label\n") == "badData: t.csv: no rows below the header (expected a row for each example)"
        )
        let lines = "a,b,c,d,label\n1,2,3,4,x\n" + String(repeating: "\n", count: 3 << 20)
        #expect(fault(lines).hasPrefix("badData: t.csv: more empty lines than rows"))
    }

    @Test func labelsThatAreNotThere() {
        #expect(
            failure { _ = try table("a,b\n1,2\n", label: "c") }
                == "usage: t.csv: no such column for the label (expected one of \"a\", \"b\", got \"c\"); give the name of a column"
        )
        #expect(
            failure { _ = try table("a,b\n1,2\n3,4\n") }
                == "usage: t.csv: which column is the label? (expected a column called label, target, class, species or y, or only one of text, got the columns \"a\", \"b\"; none of text); give the name of the label's column"
        )
        #expect(
            failure { _ = try table("a,b\nx,u\ny,v\nx,u\ny,v\n") }.contains(
                "got the columns \"a\", \"b\"; 2 of text: \"a\", \"b\""))
        #expect(
            failure { _ = try table("a,label\n1,?\n2,\n") }
                == "badData: t.csv, column 2 \"label\": a label without values (expected a class or a number in each row)"
        )
        #expect(
            failure { _ = try table("a,label\n1,2\n2,red\n", task: .regression) }
                == "badData: t.csv, row 3, column 2 \"label\": a label that is no number (expected numbers for a regression, got \"red\")"
        )
        #expect(
            failure { _ = try table("a,label\n1,2\n2,inf\n", task: .regression) }
                == "badData: t.csv, row 3, column 2 \"label\": a label that is not finite (got inf)")
        #expect(
            failure { _ = try table("a,label\n1,2\n", ignoring: ["z"]) }
                == "usage: t.csv: no such column (expected one of \"a\", \"label\", got \"z\")")
    }

    @Test func otherEncodings() {
        func fault(_ bytes: [UInt8], _ encoding: TextEncoding? = nil) -> String {
            failure { _ = try source(bytes, options: TableOptions(encoding: encoding)) }
        }
        let latin = Array("a,b\nx,y\ncaf".utf8) + [0xE9] + Array(",y\n".utf8)
        #expect(
            fault(latin)
                == "badData: t.csv, row 3, byte 11: neither UTF-8 nor CP949 (got byte 0xe9, and in row 3 0xe9); say the encoding, for instance windows-1252, or save the file as UTF-8"
        )
        #expect(fault(latin, .windows1252) == "no error" && fault(latin, .latin1) == "no error")
        #expect(
            fault(latin, .utf8)
                == "badData: t.csv, row 3, byte 11: not utf-8 (got byte 0xe9); say the encoding that the file has"
        )
        #expect(fault([0xEF, 0xBB, 0xBF] + latin).hasPrefix("badData: t.csv, row 3, byte 14: not utf-8"))
        #expect(
            fault([0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00]).hasPrefix(
                "badData: t.csv, row 1, byte 2: not utf-16le"))
    }

    @Test func otherFiles() {
        func fault(_ bytes: [UInt8]) -> String { failure { _ = try source(bytes) } }
        #expect(
            fault([0x50, 0x4B, 3, 4, 0, 0])
                == "badData: t.csv: not a table of text (expected CSV, gzipped or not, got a zip archive); unpack it and give the file itself"
        )
        func archive(_ name: String) -> String {
            var bytes: [UInt8] = [0x50, 0x4B, 3, 4]
            bytes += [UInt8](repeating: 0, count: 22) + [UInt8(name.utf8.count), 0, 0, 0]
            return fault(bytes + Array(name.utf8) + [UInt8](repeating: 0xFF, count: 40))
        }
        #expect(
            archive("[Content_Types].xml")
                == "badData: t.csv: not a table of text (expected CSV, gzipped or not, got a zip file, as Excel's .xlsx is); save the sheet as CSV"
        )
        #expect(archive("mimetype").contains("LibreOffice's .ods"))
        #expect(archive("wine.csv").contains("a zip archive of wine.csv and perhaps others); unpack it"))
        #expect(archive("model/data.pkl").contains("PyTorch"))
        #expect(archive("x_train.npy").contains("NumPy's archive"))
        #expect(fault([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0]).contains("text in UTF-32); save it as UTF-8"))
        #expect(fault(Array("PAR1".utf8) + [0, 1]).contains("a Parquet file"))
        #expect(
            failure { _ = try Table("/nowhere.csv") }
                == "missingInput: /nowhere.csv: cannot open: no such file or directory")
        #expect(failure { _ = try Table("/tmp") } == "missingInput: /tmp: is a directory; give a file")
    }

    @Test func counts() {
        #expect(
            failure { _ = try table("3,2,red,green\n1,2,0\n3,4,1\n") }
                == "badData: t.csv: another number of rows than the first row says (expected 3, got 2); if the first row holds names or values, say so"
        )
    }

    @Test func stopping() throws {
        let cancellation = Cancellation()
        cancellation.cancel()
        try withTemporaryDirectory { directory in
            try AtomicFile.write("a,label\n1,x\n", to: "\(directory)/t.csv")
            #expect(
                failure { _ = try Table("\(directory)/t.csv", cancellation: cancellation) }.hasPrefix(
                    "interrupted: "))
        }
    }
}
