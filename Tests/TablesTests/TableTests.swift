import Support
import TestSupport
import Testing

@testable import Tables

/// What columns are, which of them is the label, and what is said of it.
@Suite struct TableTests {
    private func roles(_ table: Table) -> [String] {
        table.columns.map { column in
            if case .leftOut(let reason) = column.role { return reason.words }
            return "\(column.role)"
        }
    }

    @Test func theLabelIsFoundByItsName() throws {
        #expect(try table("Y,Class,x\n1,2,3\n4,5,6\n").labelName == "Class")
        #expect(try table("y,Target,x\n1,2,3\n4,5,6\n").labelName == "Target")
        #expect(try table("label,species\n1,a\n2,b\n").labelName == "label")
        #expect(try table("a,kind\n1,x\n2,y\n3,x\n").labelName == "kind")
        #expect(try table("a,B\n1,x\n2,y\n", label: "b").labelName == "B")
        // Dates and names of rows are no labels.
        #expect(
            try table("name,day,kind,v\nu,2024-01-01,x,1\nv,2024-01-02,y,2\nw,2024-01-01,x,3\n").labelName
                == "kind")
        let headless = try table("1.5,2,a\n2.5,3,b\n3.5,3,a\n", label: "-1")
        #expect(headless.labelName == "column 3" && headless.count == 3 && headless.classes == [0, 1, 0])
    }

    @Test func columnsAreToldApart() throws {
        let table = try table(
            """
            id,name,when,same,empty,code,size,user_id,label
            7,Ann,31.12.2024 14:05,k,,A,1.5,900,yes
            8,Bob,1.1.2025,k,NA,B,NA,17,no
            9,Cy,2025-01-02T03:04:05Z,k,?,A,2.5,5,yes
            10,Di,2025/1/3,k,,B,1.5,31,no
            """)
        #expect(
            roles(table) == [
                "names the row", "names the row", "dates", "all values are the same", "no values", "category",
                "number",
                "names the row", "label",
            ])
        #expect(table.columns[6].missingCount == 1 && table.columns[6].range == 1.5...2.5)
        #expect(table.columns[5].textCount == 2)
        #expect(
            table.notes == [
                "label: \"label\", classification of 2 classes (2 different texts)",
                "column \"code\" stands for the label one to one: leave it out unless new rows have it",
                "column \"id\" left out: names the row", "column \"name\" left out: names the row",
                "column \"when\" left out: dates", "column \"same\" left out: all values are the same",
                "column \"empty\" left out: no values", "column \"user_id\" left out: names the row",
            ])
    }

    @Test func dates() {
        for text in [
            "2024-01-31", "2024/1/31", "31.01.2024", "31. 1. 2024", "2024. 1. 31.", "1/31/2024", "31/1/24",
            "2024-01-31 14:05",
            "2024-01-31T14:05:59.123+09:00", "2024-01-31 02:05 PM", "14:05", "14:05:59",
            "2024-01-31T00:00:00Z",
        ] { #expect(DateText.isDate(text), "\(text)") }
        for text in [
            "1.5.2", "2024-13-01", "1-2", "12", "a-b-c", "2024-01-31x", "192.168.0.1", "1/2/3", "99:99",
            "2024-1-1-1", "",
        ] {
            #expect(!DateText.isDate(text), "\(text)")
        }
    }

    /// `label_name` beside `label`, as in the shared iris.csv: with it nothing else would be learned.
    @Test func whatRepeatsTheLabelIsLeftOut() throws {
        let iris = try table("w,label,label_name\n1,0,setosa\n2,1,virginica\n3,0,setosa\n")
        #expect(roles(iris) == ["number", "label", "says the same as the label"])
        #expect(
            roles(try table("w,label,label_name\n1,0,a\n2,1,a\n3,0,b\n")) == ["number", "label", "category"])
    }

    @Test func classesAreSortedAndKeepTheirTexts() throws {
        #expect(try table("v,label\n1,10\n2,9\n3,10\n4,09\n5,100\n").classNames == ["09", "10", "100"])
        #expect(try table("v,label\n1,b\n2,B\n3,é\n4,a\n").classNames == ["B", "a", "b", "é"])
        #expect(try table("v,label\n1,b\n2,10\n3,9\n").classNames == ["10", "9", "b"])
        let merged = try table("v,label\n1,1\n2,1.0\n3,0\n")
        #expect(merged.classNames == ["0", "1"] && merged.classes == [1, 1, 0])
    }

    @Test func tasksFollowFromTheValues() throws {
        func judge(_ values: [String]) throws -> String {
            let table = try table("v,y\n" + values.enumerated().map { "\($0),\($1)\n" }.joined())
            return "\(table.task?.rawValue ?? "") \(table.notes[0].split(separator: "(").last ?? "")"
        }
        #expect(try judge(["0", "1", "1"]) == "classification 2 different whole numbers)")
        #expect(try judge(["1", "2", "3", "4"]) == "classification 4 different whole numbers)")
        #expect(try judge(["1", "2", "3", "4", "5"]) == "regression 5 different whole numbers)")
        #expect(try judge(["1.5", "2.5", "3.25"]) == "regression 3 different numbers, not all whole)")
        #expect(
            try judge(Array(repeating: ["0.5", "1"], count: 10).flatMap { $0 })
                == "classification 2 different numbers, not all whole)")
        #expect(
            try judge((0..<214).flatMap { ["\($0)", "\($0 + 100)"] })
                == "regression 314 different whole numbers)")
        #expect(try judge((0..<300).map { "\($0 % 26)" }) == "classification 26 different whole numbers)")
        let asked = try table("v,y\n1,0\n2,1\n3,1\n", task: .regression)
        #expect(
            asked.task == .regression && asked.targetValues == [0, 1, 1]
                && asked.notes[0] == "label: \"y\", regression")
    }

    @Test func rowsWithoutALabelAreLeftOut() throws {
        let table = try table("v,label\n1,a\n2,\n\n3,b\n4,NA\n5,a\n")
        #expect(table.count == 3 && table.rowNumbers == [2, 5, 7] && table.classes == [0, 1, 0])
        #expect(table.numbers(ofColumn: "v") == [1, 3, 5])
        #expect(table.notes[1] == "2 rows without a label left out")
    }

    @Test func namesAreMadeUnique() throws {
        let table = try table(" a ,,a,\"b,c\",label\n1,2,3,4,x\n5,6,7,8,y\n")
        #expect(table.columns.map(\.name) == ["a", "column 2", "a (2)", "b,c", "label"])
        #expect(
            table.notes.prefix(2) == [
                "column 2 has no name", "column 3 is called \"a\" again: named \"a (2)\"",
            ])
    }

    /// scikit-learn's own iris.csv begins with the numbers of rows and features and the names of the classes.
    @Test func countsInTheFirstRow() throws {
        let table = try table("4,2,setosa,virginica\n1,2,0\n3,4,1\n5,6,0\n7,9,1\n")
        #expect(
            table.labelName == "target" && table.classNames == ["setosa", "virginica"]
                && table.classes == [0, 1, 0, 1])
        #expect(table.columns.map(\.name) == ["feature 1", "feature 2", "target"])
    }

    @Test func headersAreTold() throws {
        #expect(try source(Array("a,b\nx,y\n".utf8)).format.header == .names)
        #expect(try source(Array("1,b\n2,y\n".utf8)).format.header == .none)
        #expect(
            try source(Array("1,b\n2,y\n".utf8), options: TableOptions(header: .names)).names == ["1", "b"])
        #expect(try source(Array(",b\n0,2\n".utf8)).names == ["column 1", "b"])
    }

    /// A column that looks like numbers until its last row is one of texts; one of text columns keeps its zeros.
    @Test func lateTextsMakeAColumnOfTexts() throws {
        let rows = (0..<1_000).map { "\($0 % 7),1\n" }.joined()
        let late = try source(Array("a,b\n\(rows)x,2\n".utf8))
        guard case .texts(_, let texts) = late.values[0], case .numbers = late.values[1] else {
            Issue.record("other kinds")
            return
        }
        #expect(texts == ["0", "1", "2", "3", "4", "5", "6", "x"])
        let zeros = try source(Array("zip,b\n007,1\n".utf8), options: TableOptions(textColumns: ["zip"]))
        #expect(zeros.values[0].text(0) == "007")
    }

    @Test(.needsShared("fixtures/tabular/iris.csv", "fixtures/tabular/wine.csv"))
    func theSharedTables() throws {
        let iris = try Table(SharedFiles.path("fixtures/tabular/iris.csv"))
        #expect(iris.count == 150 && iris.classNames == ["0", "1", "2"] && iris.labelName == "label")
        #expect(
            roles(iris) == ["number", "number", "number", "number", "label", "says the same as the label"])
        let wine = try Table(SharedFiles.path("fixtures/tabular/wine.csv"), label: "label_name")
        #expect(wine.count == 178 && wine.classNames == ["class_0", "class_1", "class_2"])
        #expect(try TablePreprocessing(fittedTo: wine).featureCount == 13)
    }
}
