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
        #expect(quoted.rows.map(\.file) == ["a\nb,\"c\".png", "d.png"] && quoted.rows.map(\.line) == [2, 4])
    }

    @Test(arguments: [
        ("", "l.csv: the file is empty (expected the columns file and label)"),
        ("file,label\n", "l.csv: there is a header and no row"),
        (
            "one,two,three\n1,2,3\n",
            "l.csv, line 1: no columns of files and labels (expected a header with file and label, got one, two, three); name the columns in the first line"
        ),
        (
            "file,what\na,b\n",
            "l.csv, line 1: no columns of files and labels (expected a header with file and label, got file, what); name the columns in the first line"
        ),
        ("file,label\na,b\nc\n", "l.csv, line 3: a row of another length (expected 2 fields, got 1)"),
        ("file,label\na,b\n\nc,d,e\n", "l.csv, line 4: a row of another length (expected 2 fields, got 3)"),
        ("file,label\n,b\n", "l.csv, line 2, column 1: no file in this row"),
        ("file,label\na, \n", "l.csv, line 2, column 2: no label in this row"),
        ("file,label\n\"a,b\nc,d\n", "l.csv, line 2, column 1: a quote that is not closed"),
        (
            "file,label\n\"a\"x,b\n",
            "l.csv, line 2, column 1: text after a closing quote (expected a separator or the line's end)"
        ),
        ("file,label\na\0,b\n", "l.csv, line 2, column 1: a NUL byte in a field (expected text)"),
        (
            "file,label,split\na,b,other\n",
            "l.csv, line 2, column 3: no subset has this name (expected train, validation or test, got other)"
        ),
    ])
    func faults(text: String, message: String) {
        #expect(failure { _ = try table(text) } == "badData: " + message)
    }

    @Test func faultsOfBytes() {
        func fault(_ bytes: [UInt8]) -> String { failure { _ = try LabelTable(bytes, name: "l.csv") } }
        #expect(
            fault([0xFF, 0xFE, 0x61, 0])
                == "badData: l.csv: the file is UTF-16 (expected UTF-8); save it as UTF-8")
        #expect(
            fault(Array("file,label\n".utf8) + [0x61, 0xE9, 0x2C, 0x62])
                == "badData: l.csv, line 2, column 1: a field is not UTF-8 (expected UTF-8); save the file as UTF-8"
        )
        let long = [UInt8](repeating: 0x61, count: 10_000_000)
        #expect(
            fault(long)
                == "badData: l.csv, line 1, column 1: a field is too long (expected at most 65536 bytes)")
        #expect(fault([0x22] + long) == "badData: l.csv, line 1, column 1: a quote that is not closed")
    }

    @Test func anyBytesAreReadOrRefused() {
        let seeds = [
            "file,label\na.png,x\nb.png,\"y, \"\"z\"\"\"\n",
            "\u{FEFF}label;file;split\r\nx;a;train\r\ny;b;val\r\n",
            "a\tb\nc\td\n",
        ].map { Array($0.utf8) }
        let outcome = fuzz(seeds, seed: 11) { _ = try LabelTable($0, name: "f") }
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
                    line 3: c.png
                    line 4: /etc/passwd
                    line 5: ../photos/a.png
                """)
        #expect(
            try fault("file,label\na.png,x\nb.png,x\n./a.png,y\n")
                == "badData: DIR/labels.csv, line 4: a file has two classes or subsets (expected x, as in line 2, got y)"
        )
        try pictures.add("labels.csv", text: "file,label\na.png,x\nb.png,y\na.png,x\n")
        #expect(try pictures.scan().files.count == 2 && pictures.scan().repeatedRows == ["a.png"])
    }
}
