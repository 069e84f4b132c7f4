import Foundation
import Support
import TestSupport
import Testing

@testable import ImageFolders

struct LabelTableTests {
    private func table(_ text: String) throws -> LabelTable {
        try LabelTable(Array(text.utf8), name: "l.csv")
    }

    private func rows(_ text: String) throws -> [[String]] {
        try table(text).rows.map { [$0.file, $0.label] }
    }

    @Test func findsColumnsAndSeparators() throws {
        let wanted = [["a.png", "x"], ["b.png", "y z"]]
        for text in [
            "file,label\na.png,x\nb.png,y z\n", "label;filename\r\nx;a.png\r\ny z;b.png",
            "a.png,x\nb.png,y z",
            "id\tclass\textra\na.png\tx\t1\nb.png\ty z\t2\n",
            "\"path\",\"species\"\r\"a.png\",x\r\rb.png,\"y z\"\r",
            " Image , Target \n a.png , x \n b.png , y z \n",
        ] {
            #expect(try rows(text) == wanted, "\(text)")
        }
        let quoted = try table("file,label\n\"a\nb,\"\"c\"\".png\",x\nd.png,y\n")
        #expect(
            quoted.rows.map(\.file) == ["a\nb,\"c\".png", "d.png"] && quoted.rows.map(\.number) == [2, 3])
    }

    @Test(arguments: [
        ("", "l.csv: an empty file (expected a table)"),
        ("file,label\n", "l.csv: there is a header and no row"),
        (
            "one,two,three\n1,2,3\n",
            "l.csv, row 1: no columns of files and labels (expected a header with file and label, got one, two, three); name the columns in the first line"
        ),
        (
            "file,what\na,b\n",
            "l.csv, row 1: no columns of files and labels (expected a header with file and label, got file, what); name the columns in the first line"
        ),
        ("file,label\na,b\nc\n", "l.csv, row 3: a row of another length (expected 2 fields, got 1)"),
        ("file,label\na,b\n\nc,d,e\n", "l.csv, row 4: a row of another length (expected 2 fields, got 3)"),
        ("file,label\n,b\n", "l.csv, row 2, column 1: no file in this row"),
        ("file,label\na, \n", "l.csv, row 2, column 2: no label in this row"),
        (
            "file,label\n\"a,b\nc,d\n",
            "l.csv, row 2, column 1: a quote that never closes (expected a closing quote before the end of the file); close it; a quote within a quoted field is doubled"
        ),
        (
            "file,label\na\0,b\n",
            "l.csv, row 2, column 1: a NUL byte (expected text); the file is damaged or not a text; UTF-16 needs its byte order mark, or its name"
        ),
        (
            "file,label,split\na,b,other\n",
            "l.csv, row 2, column 3: no subset has this name (expected train, validation or test, got other)"
        ),
    ])
    func faults(text: String, message: String) {
        #expect(failure { _ = try table(text) } == "badData: " + message)
    }

    /// In whatever encoding a table may have, as Korean Excel's.
    @Test func encodings() throws {
        let cp949 =
            Array("file,label\na.png,".utf8) + [0xB0, 0xED, 0xBE, 0xE7, 0xC0, 0xCC]
            + Array("\nb.png,x\n".utf8)
        #expect(try LabelTable(cp949, name: "l.csv").rows.map(\.label) == ["고양이", "x"])
        var utf16: [UInt8] = [0xFF, 0xFE]
        for unit in "file,label\na.png,고\n".utf16 {
            utf16 += [UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8)]
        }
        #expect(try LabelTable(utf16, name: "l.csv").rows.map(\.label) == ["고"])
    }

    @Test func faultsOfBytes() {
        func fault(_ bytes: [UInt8]) -> String { failure { _ = try LabelTable(bytes, name: "l.csv") } }
        #expect(
            fault(Array("file,label\n".utf8) + [0x61, 0xFF, 0x2C, 0x62]).hasPrefix(
                "badData: l.csv, row 2, byte 12: neither UTF-8 nor CP949"))
        let long = [UInt8](repeating: 0x61, count: 10_000_000)
        let words = "l.csv, row 1, column 1: too long a field (expected at most 1,048,576 bytes)"
        #expect(fault(long).hasPrefix("badData: " + words))
        #expect(fault([0x22] + long).hasPrefix("badData: " + words))
    }

    @Test func anyBytesAreReadOrRefused() {
        let seeds = [
            "file,label\na.png,x\nb.png,\"y, \"\"z\"\"\"\n",
            "\u{FEFF}label;file;split\r\nx;a;train\r\ny;b;val\r\n",
            "a\tb\nc\td\n",
        ].map { Array($0.utf8) }
        let outcome = fuzz(
            seeds, seed: 11, words: ["\"", ",", ";", "\n", "\r", "\0", "file", "label", "split", "train"]
        ) { _ = try LabelTable($0, name: "f") }
        #expect(outcome.other == nil && outcome.accepted > 0 && outcome.refused > 0)
    }

    @Test func faultsOfFiles() throws {
        let pictures = try PictureFolder(["a.png", "b.png"])
        func fault(_ table: String) throws -> String {
            try pictures.add("labels.csv", text: table)
            return pictures.fault { _ = try pictures.scan() }
        }
        #expect(
            try fault("file,label\na.png,x\nc.png,y\n/etc/passwd,y\n../photos/a.png,y\n")
                == """
                missingInput: DIR/labels.csv: 3 files of the table not in the folder; paths are read from the folder of labels.csv
                    row 3: c.png
                    row 4: /etc/passwd
                    row 5: ../photos/a.png
                """)
        #expect(
            try fault("file,label\na.png,x\nb.png,x\n./a.png,y\n")
                == "badData: DIR/labels.csv, row 4: a file has two classes or subsets (expected x, as in row 2, got y)"
        )
        try pictures.add("labels.csv", text: "file,label\na.png,x\nb.png,y\na.png,x\n")
        #expect(try pictures.scan().files.count == 2 && pictures.scan().repeatedRows == ["a.png"])
    }
}
