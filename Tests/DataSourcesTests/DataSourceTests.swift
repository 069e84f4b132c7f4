import ArrayFiles
import Arrays
import ExampleData
import Foundation
import Support
import TestSupport
import Testing

@testable import DataSources

/// What `--data` names, and libsvm's text among it.
@Suite struct DataSourceTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func write(_ text: String, _ name: String, gzipped: Bool = false) throws -> String {
        let path = "\(directory.path)/\(name)"
        let bytes = Array(text.utf8)
        try Data(gzipped ? Gzip.pack(bytes) : bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func load(_ path: String, _ request: DataRequest = DataRequest()) async throws -> LoadedData {
        try await DataSource(named: path).load(request)
    }

    /// Two classes of 10 and 5, three features.
    private static let lines = (0..<15).map { "\($0 < 10 ? "7" : "-2") 1:\($0) 3:0.5" }.joined(
        separator: "\n")

    /// The features of examples in memory.
    private func elements(_ examples: any ExampleSource) -> [Float] {
        examples.residentFeatures?.unscaledFloats.elements ?? []
    }

    @Test func namesAreSourcesAndSoArePaths() throws {
        #expect(try DataSource(named: "mnist").name == "mnist")
        #expect(try DataSource(named: "builtin").kind == .builtIn)
        let path = try write(Self.lines, "points.svm")
        #expect(try DataSource(named: path).name == "points.svm")
        // A path that is not there is a path still: the error is that of a missing file.
        #expect(try DataSource(named: "nowhere/points").kind == .file)
        #expect(try DataSource(named: directory.path).kind == .folder)
        for text in ["mnits", ""] {
            let error = #expect(throws: DescentError.self, "\(text)") { try DataSource(named: text) }
            #expect(error?.kind == .usage && error?.expected?.contains("mnist") == true)
        }
        let both = #expect(throws: DescentError.self) { try DataSource(named: path, directory: "data") }
        #expect(both?.kind == .usage)
    }

    @Test(arguments: [false, true]) func aFileIsSplitByClassAndSeed(gzipped: Bool) async throws {
        let path = try write(Self.lines, "points", gzipped: gzipped)
        let data = try await load(path, DataRequest(testShare: 0.2, seed: 3))
        #expect(data.split.train.count == 12 && data.split.test.count == 3)
        #expect(data.split.train.classNames == ["7", "-2"] && data.split.test.classNames == ["7", "-2"])
        #expect(data.split.train.countsByClass == [8, 4] && data.split.test.countsByClass == [2, 1])
        #expect(
            data.notes == [
                "points has no test file: 3 of 15 examples are held out for the test (20 % of each class, seed 3)"
            ])
        let all = Set(elements(data.split.train)).union(elements(data.split.test))
        #expect(all.isSuperset(of: (0..<15).map { Float($0) }))
        // The same examples again, by what a run's record has; others by another seed.
        let origin = try #require(data.origin)
        let again = try await DataSource(named: path).load(.test, DataRequest(origin, featureCount: 3))
        #expect(elements(again.examples) == elements(data.split.test))
        let other = try await load(path, DataRequest(testShare: 0.2, seed: 4))
        #expect(elements(other.split.test) != elements(data.split.test))
        #expect(other.split.checksum == data.split.checksum)
        let whole = try await load(path, DataRequest(testShare: 0))
        #expect(whole.split.train.count == 15 && whole.split.test.count == 0 && whole.notes.isEmpty)
    }

    @Test func testRowsGetTheFeaturesOfTheTrainingFile() async throws {
        let train = try write(Self.lines, "train")
        let narrow = try write("-2 1:4\n7 2:5\n", "narrow")
        let wide = try write("7 1:1 3:2 5:9\n", "wide")
        let few = try await load(train, DataRequest(testFile: narrow))
        #expect(few.split.test.classes == [1, 0] && elements(few.split.test) == [4, 0, 0, 0, 5, 0])
        #expect(
            few.notes == ["narrow has 2 features where 3 features are expected: the others are zero in it"])
        let many = try await load(train, DataRequest(testFile: wide))
        #expect(elements(many.split.test) == [1, 0, 2])
        #expect(
            many.notes == ["wide has 5 features where 3 features are expected: those beyond are left out"])
        #expect(many.origin?.testFile?.hasSuffix("/wide") == true && many.origin?.testShare == nil)
        let error = await #expect(throws: DescentError.self) {
            try await load(train, DataRequest(testFile: try write("9 1:1\n", "strange")))
        }
        #expect(error?.kind == .badData && error?.what.contains("class") == true)
    }

    /// A file with an index 0 counts from 0, and its test file too, where index 0 never occurs.
    @Test func theFirstIndexIsTheTrainingFiles() async throws {
        let train = try write("1 0:1 2:3\n2 0:4 1:5\n", "zero")
        let test = try write("1 1:7\n", "zero.t")
        let data = try await load(train, DataRequest(testFile: test))
        #expect(data.origin?.firstIndex == 0)
        #expect(elements(data.split.test) == [0, 7, 0])
        let kept = try await DataSource(named: test).load(
            .train, DataRequest(testShare: 0, featureCount: 3, firstIndex: data.origin?.firstIndex))
        #expect(elements(kept.examples) == [0, 7, 0])
    }

    @Test func rowsAreStoredAsTheyAreFilled() async throws {
        let full = try await load(try write(Self.lines, "full"))
        if case .floats? = full.split.train.residentFeatures?.storage {} else { Issue.record("not dense") }
        if case .floats? = full.split.test.residentFeatures?.storage {} else { Issue.record("not dense") }
        let thin = try await load(try write("1 1:1 900000:2\n2 5:1\n1 7:1\n2 8:1\n", "thin"))
        if case .sparse? = thin.split.train.residentFeatures?.storage {} else { Issue.record("not sparse") }
        #expect(thin.split.train.featureCount == 900_000)
    }

    @Test(
        arguments: [
            ("", "empty"), ("\n\n", "not a file of examples"),
            ("\u{89}PNG", "other text"), ("1 2 3\n", "other text"), ("1\n2\n", "not a file"),
        ] as [(String, String)])
    func otherFilesAreRefused(text: String, says: String) async throws {
        let path = try write(text, "file")
        let error = await #expect(throws: DescentError.self) { try await load(path) }
        #expect(error?.kind == .badData && error?.place == path, "\(String(describing: error))")
        #expect(error?.description.contains(says) == true, "\(String(describing: error))")
    }

    @Test func binaryFilesAreNamed() async throws {
        for (bytes, name) in [
            ([0x89, 0x50, 0x4E, 0x47, 0x0D], "PNG"), ([0xFF, 0xD8, 0xFF, 0xE0], "JPEG"),
            ([0, 0, 8, 3], "IDX"),
            ([1, 0, 2], "binary"),
        ] as [([UInt8], String)] {
            let path = "\(directory.path)/\(name)"
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let error = await #expect(throws: DescentError.self) { try await load(path) }
            #expect(error?.got?.contains(name) == true, "\(String(describing: error))")
        }
        let missing = await #expect(throws: DescentError.self) {
            try await load("\(directory.path)/none.svm")
        }
        #expect(missing?.kind == .missingInput)
    }

    /// A gzipped file that is cut, or that unpacks to nearly nothing but repetitions, ends in an error.
    @Test func brokenGzipEndsInAnError() async throws {
        let path = try write(Self.lines, "whole", gzipped: true)
        let bytes = try Files.read(path, limit: 1 << 20)
        let cut = "\(directory.path)/cut"
        try Data(bytes.dropLast(9)).write(to: URL(fileURLWithPath: cut))
        let error = await #expect(throws: DescentError.self) { try await load(cut) }
        #expect(error?.kind == .badData)
    }

    @Test func builtInDigitsHaveBothParts() async throws {
        let source = try DataSource(named: "builtin")
        let data = try await source.load(DataRequest(trainLimit: 20, testLimit: 10))
        #expect(data.split.train.count == 20 && data.split.test.count == 10 && data.notes.isEmpty)
        #expect(data.split.train.residentFeatures?.shape == [20, 28, 28] && data.origin == nil)
        let part = try await source.load(.test, limit: 10)
        #expect(part.examples.contentChecksum == data.split.test.contentChecksum)
    }
}
