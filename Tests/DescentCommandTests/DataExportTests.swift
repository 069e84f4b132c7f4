import Descent
import Foundation
import TestSupport
import Testing

@testable import DescentCommand

/// What `data export` writes: values as they are in the file, names and targets kept, misfits told.
@Suite struct DataExportTests {
    private let command: CommandRun

    init() throws { command = try CommandRun() }

    private func write(_ text: String, _ file: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(command.directory)/\(file)"))
    }

    private func export(_ data: String, _ out: String, _ more: String...) throws -> CommandRun.Result {
        try command.run(["data", "export", data, "--out", out] + more)
    }

    private func lines(_ file: String) -> [String] {
        command.text(file).split(separator: "\n").map(String.init)
    }

    /// Ten rows that differ in every value.
    private func wines() throws {
        let rows = (0..<10).map { "\(100 + $0),\(Double($0) / 8),\($0 % 2 == 0 ? "red" : "white")" }
        try write("strength,acid,class\n" + rows.joined(separator: "\n") + "\n", "wine.csv")
    }

    @Test func valuesOfATableAreNotScaled() throws {
        try wines()
        let table = try export("wine.csv", "copy.csv", "--test-split", "0")
        #expect(table.code == 0, "\(table.error)")
        #expect(
            lines("copy.csv") == ["strength,acid,class"]
                + (0..<10).map {
                    "\(100 + $0),\(["0", "0.125", "0.25", "0.375", "0.5", "0.625", "0.75", "0.875", "1", "1.125"][$0]),\($0 % 2 == 0 ? "red" : "white")"
                })
        let text = try export("wine.csv", "wine.svm", "--test-split", "0")
        #expect(text.code == 0 && text.error.contains("the classes are 0 red, 1 white"), "\(text.error)")
        #expect(lines("wine.svm").prefix(2) == ["0 1:100.0", "1 1:101.0 2:0.125"])
        // Both parts are in one file.
        #expect(try export("wine.csv", "all.csv", "--quiet").error.isEmpty && lines("all.csv").count == 11)
        #expect(Set(lines("all.csv")) == Set(lines("copy.csv")))
    }

    @Test func textsOfATableBecomeFeaturesThatAreTold() throws {
        let rows = (0..<12).map { "\(["oak", "steel", "clay"][$0 % 3]),\($0 % 2 == 0 ? "a" : "b")" }
        try write("barrel,class\n" + rows.joined(separator: "\n") + "\n", "wine.csv")
        let result = try export("wine.csv", "copy.csv", "--test-split", "0")
        #expect(result.code == 0 && result.error.contains("for each text of \"barrel\""), "\(result.error)")
        #expect(
            lines("copy.csv").prefix(2)
                == ["barrel=clay,barrel=oak,barrel=steel,barrel=(other),class", "0,1,0,0,a"])
    }

    @Test(arguments: ["0", "0.3"]) func numbersToPredictAreKept(share: String) throws {
        let rows = (0..<10).map { "\($0),\(Double($0) + 0.25)" }
        try write("x,y\n" + rows.joined(separator: "\n") + "\n", "line.csv")
        for name in ["copy.csv", "copy.svm", "copy.npz"] {
            let result = try export("line.csv", name, "--task", "regression", "--test-split", share)
            #expect(result.code == 0, "\(name): \(result.error)")
        }
        #expect(Set(lines("copy.csv")) == Set(["x,y"] + rows))
        #expect(
            Set(lines("copy.svm"))
                == Set((0..<10).map { "\(Double($0) + 0.25)" + ($0 == 0 ? "" : " 1:\($0).0") }))
        let file = try NPZ(contentsOf: "\(command.directory)/copy.npz")
        var targets: [Float] = []
        for part in file.names.filter({ $0.hasPrefix("y_") }) {
            let values = try file.array(named: part, as: Float.self)
            let features = try file.array(named: "x_" + part.dropFirst(2), as: Float.self)
            #expect(values.shape == [features.shape[0]])
            #expect(values.elements == features.elements.map { $0 + 0.25 })
            targets += values.elements
        }
        #expect(targets.sorted() == (0..<10).map { Float($0) + 0.25 })
        let folder = try export("line.csv", "folder", "--task", "regression")
        #expect(folder.code == 65 && folder.error.contains("no pictures with classes"), "\(folder.error)")
    }

    /// Names that are whole numbers come back from an archive; of others the numbers are said.
    @Test func archivesKeepClasses() throws {
        let rows = (0..<12).map { "\($0 % 3 + 1),\(["7", "3", "40"][$0 % 3])" }
        try write("x,class\n" + rows.joined(separator: "\n") + "\n", "numbers.csv")
        #expect(try export("numbers.csv", "numbers.npz", "--task", "classification").code == 0)
        let info = try #require(try command.run("data", "info", "numbers.npz", "--json").objects.first)
        let names = (info["classes"] as? [[String: Any]])?.map { $0["name"] as? String }
        #expect(names == ["3", "7", "40"])
        try wines()
        let named = try export("wine.csv", "wine.npz")
        #expect(named.code == 0 && named.error.contains("its classes are 0 red, 1 white"), "\(named.error)")
    }

    /// Examples that have no room with their zeros are text without them, or refused in words.
    @Test func sparseRowsStaySparse() throws {
        let rows = (0..<20).map { "\($0 % 2) \($0 + 1):1 2000000000:0.5" }
        try write(rows.joined(separator: "\n") + "\n", "texts.svm")
        let copy = try export("texts.svm", "copy.svm")
        #expect(copy.code == 0, "\(copy.error)")
        #expect(lines("copy.svm").count == 20)
        #expect(Set(lines("copy.svm")) == Set((0..<20).map { "\($0 % 2) \($0 + 1):1.0 2000000000:0.5" }))
        for name in ["copy.npz", "copy.csv"] {
            let refused = try export("texts.svm", name)
            #expect(refused.code == 64 && refused.error.contains("--out NAME.svm"), "\(refused.error)")
        }
    }

    /// A class whose name is a part of another's line is told too, and a folder's class once.
    @Test func everyFaultyClassIsTold() throws {
        let rows = (0..<10).map { "\($0),many" } + ["10,a b", "11,b"]
        try write("x,class\n" + rows.joined(separator: "\n") + "\n", "few.csv")
        let table = try command.run("data", "check", "few.csv")
        #expect(table.code == 1)
        #expect(
            table.output.split(separator: "\n") == [
                "class a b has 1 training example", "class b has 1 training example",
            ])
        let pixels = (0..<7 * 64).map { UInt8(truncatingIfNeeded: $0 * $0 % 251) }
        try LabeledExamples(
            .bytes(NDArray(shape: [7, 8, 8], elements: pixels)), classes: [0, 0, 0, 1, 1, 1, 2],
            classNames: ["cat", "dog", "alone"]
        ).exportFolder(to: "\(command.directory)/photos")
        let folder = try command.run("data", "check", "photos")
        #expect(folder.code == 1)
        #expect(folder.output.components(separatedBy: "alone").count == 2, "\(folder.output)")
    }
}
