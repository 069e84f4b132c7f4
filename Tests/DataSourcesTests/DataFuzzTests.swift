import ArrayFiles
import Arrays
import ExampleData
import Foundation
import Support
import Tables
import TestSupport
import Testing

@testable import DataSources

/// Mutated files of every format end in examples or in an error; so do the files that a model keeps of its data.
/// DESCENT_FUZZ=1000000 gives each test a million.
@Suite struct DataFuzzTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// The file is found by its content, read, and read again as a run finds it.
    private func load(_ bytes: [UInt8], _ name: String, _ request: DataRequest = DataRequest(seed: 3)) throws
    {
        let path = "\(directory.path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let loaded = try DataFormats.format(of: path).read(path, request)
        let (train, test) = (loaded.split.train, loaded.split.test)
        guard train.exampleShape == test.exampleShape || test.count == 0 else { throw Mismatch.shape }
        for part in [train, test] where part.classes.contains(where: { Int($0) >= part.classNames.count }) {
            throw Mismatch.classes
        }
        guard let origin = loaded.origin else { throw Mismatch.origin }
        var again = DataRequest(origin, featureCount: nil)
        again.input = loaded.input
        let reread = try DataFormats.format(of: path).read(path, again)
        guard reread.split.test.count == test.count else { throw Mismatch.reread }
    }

    private enum Mismatch: Error { case shape, classes, origin, reread }

    @Test func libsvmText() throws {
        let seeds = [
            "1 1:0.5 3:2\n-1 2:1\n1 4:1e3\n-1 1:1 2:2 3:3\n",
            "# c\n2.5 0:1 7:-3e-2 # x\n3 qid:4 1: 5\n\n2.5 1:2\n",
            "1\n2 1:1\n1 2:0\n2 3:4\n",
        ].map { Array($0.utf8) }
        let words = [
            ":", " ", "\n", "#", "qid:", "0:", "2147483647:1", "4294967296:1", "1e999", "nan", "\0", "+1",
            "-",
        ]
        let outcome = fuzz(seeds + [Gzip.pack(seeds[0])], seed: 41, words: words) { try load($0, "f.svm") }
        #expect(outcome.other == nil)
        #expect(outcome.accepted > mutationCount / 100 && outcome.refused > mutationCount / 20, "\(outcome)")
    }

    @Test func archives() throws {
        let path = "\(directory.path)/seed.npz"
        var archive = NPZ()
        archive.set(
            NDArray<UInt8>(shape: [4, 2, 3], elements: (0..<24).map { UInt8($0 * 9) }), named: "x_train")
        archive.set(NDArray<Int32>([1, 0, 2, 1]), named: "y_train")
        archive.set(
            NDArray<UInt8>(shape: [2, 2, 3], elements: [UInt8](repeating: 7, count: 12)), named: "x_test")
        archive.set(NDArray<Int32>([1, 0]), named: "y_test")
        try archive.write(to: path)
        let first = try #require(contents(path))
        var rows = NPZ()
        rows.set(NDArray<Float>(shape: [6, 2], elements: (0..<12).map { Float($0) / 5 }), named: "x")
        rows.set(NDArray<Float>([0, 1, 0, 1, 0, 1]), named: "y")
        try rows.write(to: path)
        let second = try #require(contents(path))
        let words = ["x_train", "y", "<f4", "(2, 3)", "PK", "}", "\0\0\0\0"]
        let outcome = fuzz([first, second], seed: 42, words: words) { try load($0, "f.npz") }
        #expect(outcome.other == nil)
        #expect(outcome.accepted > 0 && outcome.refused > mutationCount / 20, "\(outcome)")
    }

    /// Images and labels in turn are damaged.
    @Test func pairsOfIDX() throws {
        let images: [UInt8] =
            [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 2] + (0..<16).map { UInt8($0 * 15) }
        let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 4, 1, 0, 1, 0]
        let path = "\(directory.path)/t-labels-idx1-ubyte"
        var isLabels = false
        let outcome = fuzz([images, labels], seed: 43) { bytes in
            defer { isLabels.toggle() }
            if isLabels {
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                return try load(images, "t-images-idx3-ubyte")
            }
            try Data(labels).write(to: URL(fileURLWithPath: path))
            try load(bytes, "t-images-idx3-ubyte")
        }
        #expect(outcome.other == nil)
        #expect(outcome.accepted > mutationCount / 20 && outcome.refused > mutationCount / 20, "\(outcome)")
    }

    @Test func tables() throws {
        let text =
            "a,b,label\n"
            + (0..<12).map { "\($0),\($0 % 3 == 0 ? "u" : "v"),\($0 % 2 == 0 ? "x" : "y")\n" }.joined()
        // Without a mark.
        let utf16: [UInt8] = text.utf8.flatMap { [$0, 0] }
        let seeds = [Array(text.utf8), utf16, Gzip.pack(Array(text.utf8))]
        let outcome = fuzz(seeds, seed: 44, words: ["\"", ",", "\n", "\0", "1:2", "nan", "1e999", ";"]) {
            try load($0, "f.csv")
        }
        #expect(outcome.other == nil)
        #expect(outcome.accepted > mutationCount / 100 && outcome.refused > mutationCount / 20, "\(outcome)")
    }

    /// `input.json`: what is read prepares a table, or is refused.
    @Test func inputsOfModels() throws {
        let text =
            "n,c,label\n"
            + (0..<9).map { "\($0),\($0 % 3 == 0 ? "u" : "v"),\($0 % 2 == 0 ? "x" : "y")\n" }.joined()
        let table = try Table(bytes: Array(text.utf8))
        let inputs: [ModelInput] = [
            .table(try TablePreprocessing(fittedTo: table)),
            .images(ImageInput(height: 28, width: 28, isColor: false)),
            .images(ImageInput(digits: .init())),
        ]
        let seeds = try inputs.map { Array(try JSONText(encoding: $0).document.utf8) }
        let words = [
            "{", "}", "[", "]", "\"", "null", "1e300", "-1", "0", "\"n\"", "\"number\":", "\"fill\":", ",",
            "1e-300",
        ]
        let outcome = fuzz(seeds, seed: 45, words: words) { bytes in
            let input: ModelInput
            do {
                input = try JSONText.decode(from: bytes)
            } catch is DecodingError {
                throw DescentError(.badData, "another form")
            }
            if case .table(let preprocessing) = input {
                let features = try preprocessing.applied(to: table).features
                guard features.shape == [9, preprocessing.featureCount] else { throw Mismatch.shape }
                _ = try table.examples(preprocessing)
            }
        }
        #expect(outcome.other == nil)
        #expect(outcome.accepted > mutationCount / 100 && outcome.refused > mutationCount / 20, "\(outcome)")
    }

    /// The origin of data in a run's record.
    @Test func origins() throws {
        var origin = DataOrigin(file: "/a/b.csv", testFile: "/c", testShare: 0.25, seed: 3, firstIndex: 1)
        origin.groupColumn = "who"
        origin.encoding = .cp949
        let seed = Array(try JSONText(encoding: origin).document.utf8)
        let outcome = fuzz([seed], seed: 46, words: ["1e300", "-1", "null", "\"", "{", "2", "0.99"]) {
            bytes in
            do {
                let origin = try JSONText.decode(DataOrigin.self, from: bytes)
                _ = DataRequest(origin, featureCount: 3)
            } catch is DecodingError {
                throw DescentError(.badData, "another form")
            }
        }
        #expect(outcome.other == nil)
        #expect(outcome.accepted > mutationCount / 100 && outcome.refused > mutationCount / 20, "\(outcome)")
    }
}
