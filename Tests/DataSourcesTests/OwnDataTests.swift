import ArrayFiles
import Arrays
import Datasets
import ExampleData
import Foundation
import Handwriting
import ImageFolders
import Support
import Synchronization
import Tables
import TestSupport
import Testing

@testable import DataSources

/// Folders of pictures, tables, npz archives and IDX pairs as data, against the arrays that they were written from.
@Suite struct OwnDataTests {
    private let directory: TemporaryDirectory
    private let digits = BuiltInDigits.dataset(trainCount: 60, testCount: 20)

    init() throws { directory = try TemporaryDirectory() }

    private func load(_ name: String, _ request: DataRequest = DataRequest()) async throws -> LoadedData {
        try await DataSource(named: "\(directory.path)/\(name)").load(request)
    }

    private func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(directory.path)/\(name)"))
    }

    /// The images of a part with their classes, in an order of their own.
    private func pictures(_ examples: LabeledExamples) -> [[UInt8]] {
        (0..<examples.count).map { row in
            examples.images[row].elements + Array(examples.classNames[Int(examples.classes[row])].utf8)
        }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private func images(in directory: String, cache: String) -> DataRequest {
        var request = DataRequest(testShare: 0.25, seed: 4)
        request.images.cache.directory = cache
        return request
    }

    @Test func aFolderOfPicturesIsItsPixels() async throws {
        try digits.train.exportFolder(to: "\(directory.path)/photos")
        let request = images(in: "photos", cache: "\(directory.path)/cache")
        let data = try await load("photos", request)
        #expect(data.split.train.count + data.split.test.count == 60)
        #expect(data.split.train.exampleShape == [28, 28])
        #expect(data.input == .images(ImageInput(height: 28, width: 28, isColor: false)))
        #expect(data.split.train.classNames == (0..<10).map(String.init))
        let memory = try data.split.inMemory()
        #expect(pictures(memory.train.joined(with: memory.test)) == pictures(digits.train))
        // The division is found again from what a model folder keeps, in another order of options.
        var again = DataRequest(testShare: 0, seed: 9)
        again.images.cache = request.images.cache
        again.input = data.input
        again.imageSplit = data.imageSplit
        let same = try await load("photos", again)
        #expect(same.split.test.contentChecksum == data.split.test.contentChecksum)
        #expect(same.split.train.contentChecksum == data.split.train.contentChecksum)
    }

    @Test func aTableIsPreparedByItsTrainingRows() async throws {
        let rows = (0..<40).map {
            "\($0),\($0 % 4 == 0 ? "" : "\(Double($0) / 4)"),\(["red", "blue"][$0 % 2]),\($0 < 20 ? "a" : "b")"
        }
        try write("n,x,colour,kind\n" + rows.joined(separator: "\n") + "\n", "rows.csv")
        var request = DataRequest(testShare: 0.25, seed: 2)
        request.table.label = "kind"
        let data = try await load("rows.csv", request)
        #expect(data.split.train.countsByClass == [15, 15] && data.split.test.countsByClass == [5, 5])
        guard case .table(let preprocessing)? = data.input else { throw Failure() }
        #expect(preprocessing.classNames == ["a", "b"] && preprocessing.labelName == "kind")
        // Standardised by the training rows alone: mean 0 there.
        let memory = try data.split.inMemory()
        let train = memory.train.features.unscaledFloats
        for column in 0..<2 {
            let sum = (0..<30).reduce(0.0) { $0 + Double(train[$1, column].item()) }
            #expect(abs(sum / 30) < 1e-5)
        }
        // The whole file without its labels gives the same rows.
        try write(
            "colour,x,n\n"
                + rows.map { row in
                    let parts = row.split(separator: ",", omittingEmptySubsequences: false)
                    return "\(parts[2]),\(parts[1]),\(parts[0])"
                }.joined(separator: "\n") + "\n", "new.csv")
        let new = try #require(data.input).rows(ofTableAt: "\(directory.path)/new.csv").features
        let all = memory.train.joined(with: memory.test).features.unscaledFloats
        func sorted(_ array: NDArray<Float>) -> [[Float]] {
            (0..<array.shape[0]).map { array[$0].elements }.sorted { $0.lexicographicallyPrecedes($1) }
        }
        #expect(sorted(new.unscaledFloats) == sorted(all))
    }

    @Test func anArchiveOfNumPyHasKerasKeys() async throws {
        var file = NPZ()
        for (part, examples) in [("train", digits.train), ("test", digits.test)] {
            file.set(examples.images, named: "x_\(part)")
            file.set(NDArray(examples.classes.map { Int($0) }), named: "y_\(part)")
        }
        try file.write(to: "\(directory.path)/mnist.npz", compressed: true)
        let data = try await load("mnist.npz")
        let memory = try data.split.inMemory()
        #expect(memory.train.images == digits.train.images)
        #expect(memory.train.classes == digits.train.classes)
        #expect(memory.test.images == digits.test.images)
        #expect(data.split.test.classNames == (0..<10).map(String.init))
        // One label that is no class is named.
        file.set(NDArray([0.5, 1.0]), named: "y_test")
        try file.write(to: "\(directory.path)/wrong.npz")
        let error = await #expect(throws: DescentError.self) { try await load("wrong.npz") }
        #expect(error?.kind == .badData && error?.place?.hasSuffix("wrong.npz, y_test[0]") == true)
    }

    @Test func aPairOfIDXFilesIsOneSet() async throws {
        try IDX.write(digits.train.images, to: "\(directory.path)/my-images-idx3-ubyte")
        let missing = await #expect(throws: DescentError.self) { try await load("my-images-idx3-ubyte") }
        #expect(
            missing?.kind == .missingInput && missing?.expected?.hasSuffix("my-labels-idx1-ubyte") == true)
        try IDX.write(
            NDArray(digits.train.classes.map { UInt8($0) }), to: "\(directory.path)/my-labels-idx1-ubyte")
        let data = try await load("my-images-idx3-ubyte", DataRequest(testShare: 0))
        let train = try data.split.inMemory().train
        #expect(train.images == digits.train.images && data.split.test.count == 0)
        #expect(data.split.train.classes == digits.train.classes)
    }

    /// A model of digits on paper sees every image as its step makes it.
    @Test func digitsOnPaperGoThroughTheirStep() throws {
        let step = DigitNormalization()
        let input = ModelInput.images(ImageInput(digits: step))
        let prepared = try input.prepared(digits.test)
        #expect(prepared.images == (try step.images(of: digits.test.images)))
        #expect(prepared.classes == digits.test.classes)
        #expect(prepared.images != digits.test.images)
        let coded = try JSONDecoder().decode(ModelInput.self, from: JSONEncoder().encode(input))
        #expect(coded == input)
        let table = LabeledExamples(
            .floats(NDArray<Float>(shape: [1, 4], repeating: 1)), classes: [0], classNames: ["0"])
        #expect(throws: DescentError.self) { try input.prepared(table) }
    }

    @Test func otherFilesAreRefusedByTheirContents() async throws {
        try Data([0x7F, 0x45, 0x4C, 0x46, 0, 0, 0, 1]).write(
            to: URL(fileURLWithPath: "\(directory.path)/program.bin"))
        let error = await #expect(throws: DescentError.self) { try await load("program.bin") }
        #expect(error?.kind == .badData && error?.got == "binary data")
        try FileManager.default.createDirectory(
            atPath: "\(directory.path)/empty", withIntermediateDirectories: true)
        await #expect(throws: DescentError.self) { try await load("empty") }
    }

    /// A small limit of memory: the parts are read batch by batch, and are the same.
    @Test func aFolderThatIsNotInMemoryIsTheSame() async throws {
        try digits.train.exportFolder(to: "\(directory.path)/photos")
        var request = images(in: "photos", cache: "\(directory.path)/cache")
        request.validation = .share(0.2)
        let held = try await load("photos", request).split
        request.residentLimit = 0
        let read = try await load("photos", request).split
        for (one, other) in [(held.train, read.train), (held.test, read.test)] {
            #expect(one.residentFeatures != nil && other.residentFeatures == nil && other.count > 10)
            let (none, all) = (try one.unreadByteCount, try other.unreadByteCount)
            #expect(none == 0 && all == other.count * 784)
            let (mine, theirs) = (try one.labeledExamples(), try other.labeledExamples())
            #expect(mine.images == theirs.images && mine.targets == theirs.targets)
            #expect(other.exampleShape == [28, 28] && other.classNames == one.classNames)
            #expect(try other.labeledExamples(3..<7).images == mine[3..<7].images)
        }
        let validation = (try #require(held.validation), try #require(read.validation))
        #expect(validation.0.count == validation.1.count && validation.1.residentFeatures == nil)
        #expect(
            held.checksum == read.checksum && read.train.count + validation.1.count + read.test.count == 60)
    }

    @Test func aFoldersOwnPartsAreItsParts() async throws {
        for (part, count) in [("train", 60), ("val", 20)] {
            let examples = BuiltInDigits.dataset(trainCount: count, testCount: 0).train
            try examples.exportFolder(to: "\(directory.path)/photos/\(part)")
        }
        var request = images(in: "photos", cache: "\(directory.path)/cache")
        request.validation = .count(7)
        let data = try await load("photos", request)
        // A share is not taken where there is a part; the test is drawn from those to learn from.
        #expect(data.split.validation?.count == 20 && data.ownSubsets == [.train, .validation])
        #expect(data.split.train.count + data.split.test.count == 60 && data.split.test.count > 10)
        #expect(!data.notes.contains { $0.contains("not used") })
        // What is stored finds all three again.
        var again = DataRequest(testShare: 0, seed: 9)
        again.images.cache = request.images.cache
        (again.input, again.imageSplit) = (data.input, data.imageSplit)
        let same = try await load("photos", again)
        #expect(same.split.validation?.contentChecksum == data.split.validation?.contentChecksum)
        #expect(same.split.test.contentChecksum == data.split.test.contentChecksum && same.ownSubsets.isEmpty)
    }

    @Test func validationPicturesAreDrawnClassByClass() async throws {
        try digits.train.exportFolder(to: "\(directory.path)/photos")
        var request = images(in: "photos", cache: "\(directory.path)/cache")
        let plain = try await load("photos", request)
        request.validation = .count(12)
        let data = try await load("photos", request)
        #expect(plain.split.validation == nil && data.split.validation?.count == 12)
        // 60 digits have between 3 and 10 of a class.
        #expect(data.split.validation?.countsByClass.allSatisfy { (1...2).contains($0) } == true)
        #expect(data.imageSplit?.validation.count == 12)
        #expect(data.imageSplit?.test == plain.imageSplit?.test && data.ownSubsets.isEmpty)
    }

    private final class Told: Sendable {
        let news = Mutex<[ReadingProgress]>([])
    }

    /// Whoever waits is told, and may stop; nothing partial is left.
    @Test func decodingTellsItsProgressAndStops() async throws {
        try digits.train.exportFolder(to: "\(directory.path)/photos")
        var request = images(in: "photos", cache: "\(directory.path)/cache")
        let (told, cancellation) = (Told(), Cancellation())
        request.cancellation = cancellation
        request.reading = { progress in
            told.news.withLock { $0.append(progress) }
            if case .decoding(let images) = progress, images.done == 20 { cancellation.cancel() }
        }
        let error = await #expect(throws: DescentError.self) { try await load("photos", request) }
        #expect(error?.kind == .interrupted)
        let left = try FileManager.default.contentsOfDirectory(atPath: "\(directory.path)/cache")
        #expect(left.allSatisfy { $0.hasSuffix(".lock") }, "\(left)")
        request.cancellation = nil
        told.news.withLock { $0 = [] }
        _ = try await load("photos", request)
        let last = ReadingProgress.decoding(ImageProgress(done: 60, total: 60))
        #expect(told.news.withLock { $0.count == 60 && $0.contains(last) })
    }

    @Test func aTableTellsItsProgressAndStops() async throws {
        let lines = (0..<200_000).map { "\($0 % 7),\($0 % 11),\($0 % 2 == 0 ? "a" : "b")" }
        try write("x,y,kind\n" + lines.joined(separator: "\n") + "\n", "rows.csv")
        var request = DataRequest()
        let (told, cancellation) = (Told(), Cancellation())
        request.reading = { progress in told.news.withLock { $0.append(progress) } }
        _ = try await load("rows.csv", request)
        #expect(told.news.withLock { !$0.isEmpty })
        request.cancellation = cancellation
        cancellation.cancel()
        let error = await #expect(throws: DescentError.self) { try await load("rows.csv", request) }
        #expect(error?.kind == .interrupted)
    }

    private struct Failure: Error {}

    /// The encoding that was asked for is that of both files, also where a model prepares them.
    @Test func aTestFileHasTheEncodingThatWasAskedFor() async throws {
        // "caf\u{E9}" in windows-1252, which is neither UTF-8 nor CP949.
        func bytes(_ rows: [String]) -> Data {
            Data(
                (["caf\u{E9},size,label"] + rows).joined(separator: "\n").unicodeScalars.map {
                    UInt8($0.value)
                })
        }
        let rows = (0..<20).map { "\($0 % 3).5,\($0),\(["a", "b"][$0 % 2])" }
        try bytes(rows).write(to: URL(fileURLWithPath: directory.path + "/train.csv"))
        try bytes(Array(rows.prefix(6))).write(to: URL(fileURLWithPath: directory.path + "/test.csv"))
        var request = DataRequest(testFile: directory.path + "/test.csv")
        request.table.options.encoding = .windows1252
        let trained = try await load("train.csv", request)
        #expect(trained.split.test.count == 6)
        request.input = trained.input
        let again = try await load("train.csv", request)
        #expect(again.split.test.contentChecksum == trained.split.test.contentChecksum)
    }

    /// Numbers as a label have no classes of which a share is held out, and the rows come with them for what folds them.
    @Test func aTableOfNumbersHasItsRows() async throws {
        let rows = (0..<40).map { "\($0),\(Double($0) * 1.5 + 0.25)" }
        try write("x,y\n" + rows.joined(separator: "\n") + "\n", "line.csv")
        let loaded = try await load("line.csv", DataRequest(testShare: 0.25, seed: 3))
        guard case .values(let targets) = loaded.split.train.targets else {
            Issue.record("classes")
            return
        }
        let table = try #require(loaded.trainingTable)
        #expect(table.task == .regression && table.count == 30)
        #expect(table.targetValues.map { Float($0) } == targets.elements)
        #expect(
            loaded.notes.contains { $0.hasSuffix("held out for the test (25 %, seed 3)") }, "\(loaded.notes)")
    }
}
