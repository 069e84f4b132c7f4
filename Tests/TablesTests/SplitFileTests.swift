import Support
import TestSupport
import Testing

@testable import Tables

/// A split that is written: every row once, as it stands in the file.
@Suite struct SplitFileTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func split(_ text: String, validation: Double = 0, groupBy: String? = nil) throws {
        let path = "\(directory.path)/all.csv"
        try AtomicFile.write(text, to: path)
        try Table(path).split(test: 0.25, validation: validation, seed: 3, groupBy: groupBy)
            .write(to: "\(directory.path)/parts")
    }

    private func lines(_ file: String) throws -> [String] {
        try directory.text("parts/\(file)").split(separator: "\n").map(String.init)
    }

    @Test func everyRowIsInOnePart() throws {
        let rows = (0..<40).map { "00\($0),\($0).50,\"a, b\",\($0 % 2 == 0 ? "yes" : "no")" }
        try split("code,size,name,class\n\n" + rows.joined(separator: "\n") + "\n", validation: 0.25)
        #expect(try directory.names("parts") == ["test.csv", "train.csv", "val.csv"])
        var found: [String] = []
        for (name, count) in [("train", 20), ("val", 10), ("test", 10)] {
            let lines = try lines("\(name).csv")
            #expect(lines.first == "code,size,name,class" && lines.count == count + 1)
            #expect(lines.count { $0.hasSuffix("yes") } == count / 2)
            found += lines.dropFirst()
        }
        // Codes keep their zeros, numbers their digits.
        #expect(found.sorted() == rows.sorted())
        #expect(
            failure(in: directory.path) { try split("code,class\n1,a\n2,b\n3,a\n4,b\n5,a\n6,b\n7,a\n8,b\n") }
                == "cannotCreate: DIR/parts: the folder is there already; give another `folder`")
        #expect(try directory.names("") == ["all.csv", "parts"])
    }

    /// Semicolons and decimal commas: commas part the columns of the parts, so numbers have a point.
    @Test func numbersWithACommaAreReadAgain() throws {
        let rows = (0..<16).map { "\($0),5;\($0 % 2 == 0 ? "yes" : "no")" }
        try split("size;class\n" + rows.joined(separator: "\n") + "\n")
        let lines = try lines("train.csv") + lines("test.csv").dropFirst()
        #expect(
            Set(lines)
                == Set(["size,class"] + rows.map { $0.replacing(",", with: ".").replacing(";", with: ",") }))
    }

    @Test func groupsStayTogether() throws {
        let rows = (0..<40).map { "\($0),p\($0 % 8),\($0 % 2 == 0 ? "yes" : "no")" }
        try split("size,who,class\n" + rows.joined(separator: "\n") + "\n", groupBy: "who")
        func groups(_ file: String) throws -> Set<Substring> {
            Set(try lines(file).dropFirst().map { $0.split(separator: ",")[1] })
        }
        #expect(try groups("train.csv").isDisjoint(with: groups("test.csv")))
        #expect(try groups("train.csv").union(groups("test.csv")).count == 8)
    }
}
