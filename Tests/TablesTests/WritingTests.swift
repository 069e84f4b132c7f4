import Arrays
import ExampleData
import Support
import TestSupport
import Testing

@testable import Tables

/// What is written is read back as the same.
@Suite struct WritingTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = "\(directory.path)/out.csv"
    }

    @Test(arguments: DelimitedFormat.Delimiter.allCases)
    func tablesComeBack(delimiter: DelimitedFormat.Delimiter) throws {
        let text =
            "v,\"a,b;c|d\te\",label\n0.1,\"x\"\"y\",p\n-1e300,\"two\nlines\",q\n,\" z \",p\n5e-324,,q\n"
        let original = try table(text)
        try DelimitedText.write(original, to: path, delimiter: delimiter)
        let again = try Table(path, options: TableOptions(delimiter: delimiter, decimal: .point))
        func values(_ table: Table) -> [[String?]] {
            (0..<table.count).map { row in (0..<3).map { table.text(row: row, column: $0) } }
        }
        #expect(
            values(again) == values(original) && again.columns.map(\.name) == original.columns.map(\.name))
        #expect(values(original)[2] == [nil, " z ", "p"])
    }

    @Test func oneColumnWithoutAValue() throws {
        let one = try Table(unlabeled: Fixture.path("plain.csv"))
        #expect(one.count == 2)
        let source = try source(Array("a\n1\n\"\"\n3\n".utf8))
        let table = Table(source: source, target: nil, rows: source.rows, columns: [], notes: [])
        try DelimitedText.write(table, to: path)
        #expect(try directory.text("out.csv") == "a\n1\n\"\"\n3\n")
    }

    @Test func examplesAsText() throws {
        let features = FeatureMatrix.floats(NDArray(shape: [2, 3], elements: [0.1, 0, 1e20, 3, -2.5, 0]))
        let examples = LabeledExamples(features, classes: [1, 0], classNames: ["no", "yes, really"])
        try DelimitedText.write(examples, to: path)
        #expect(try directory.text("out.csv") == "x1,x2,x3,label\n0.1,0,1e+20,\"yes, really\"\n3,-2.5,0,no\n")
        let values = LabeledExamples(features, values: NDArray(shape: [2, 2], elements: [0.5, 2, -1, 1e20]))
        try DelimitedText.write(values, labelName: "y", to: path)
        #expect(try directory.text("out.csv") == "x1,x2,x3,y1,y2\n0.1,0,1e+20,0.5,2\n3,-2.5,0,-1,1e+20\n")
    }
}
