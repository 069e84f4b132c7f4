import ArrayFiles
import Arrays
import Foundation
import Networks
import Support
import Synchronization
import TestSupport
import Testing
import TrainingTestSupport

@testable import Models

/// A folder that must keep its place gets another model, and any step on the way may fail. The oracle is what lay there before,
/// file by file, byte by byte.
@Suite struct FolderFillingTests {
    private let directory: TemporaryDirectory
    private let data = ToyImages.make(40, seed: 1)

    init() throws { directory = try TemporaryDirectory() }

    private var path: String { "\(directory.path)/model" }

    private func write(seed: Int, to path: String) throws {
        let model = TrainableNetwork(
            architecture: try Architecture(named: "mlp:6", inputs: 144, classes: 4),
            classNames: data.classNames,
            preprocessing: Preprocessing(height: 12, width: 12))
        var random = RandomState(seed)
        model.network.initialize(using: &random)
        try ModelFolder(
            model.classifier(), history: history(training: [0.5], test: [0.5]),
            samples: data.prefix(2).features,
            plots: ["learning-curve.svg": "<svg id=\"\(seed)\"/>"]
        ).write(to: .folder(path))
    }

    /// All files below a folder, by path.
    private func contents(_ folder: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
            let item = "\(folder)/\(name)"
            if Files.identity(item) != nil { files[name] = try Files.read(item, limit: 1 << 30) }
        }
        return files
    }

    /// A way to move files that is told which move it is, from 0.
    private static func numbered(
        _ move: @escaping (Int, String, String) -> Int32
    ) -> (String, String) -> Int32 {
        let count = Mutex(0)
        return { old, new in
            let number = count.withLock {
                let now = $0; $0 += 1; return now
            }
            return move(number, old, new)
        }
    }

    /// A former model with the user's own things in it, the new one, and what a save may take away.
    private func prepare() throws -> (new: String, own: OwnFiles) {
        try write(seed: 1, to: path)
        try AtomicFile.write("mine", to: "\(path)/notes.txt")
        try AtomicFile.write("mine", to: "\(path)/plots/photo.png")
        let new = "\(directory.path)/new"
        try write(seed: 2, to: new)
        try AtomicFile.createDirectory(at: "\(new)/checkpoints")
        try AtomicFile.write("end", to: "\(new)/checkpoints/end.safetensors")
        return (new, OwnFiles(in: path, replacing: true))
    }

    @Test func theNewModelComesWhole() throws {
        let (new, own) = try prepare()
        let expected = try contents(new).merging([
            "notes.txt": Array("mine".utf8), "plots/photo.png": Array("mine".utf8),
        ]) { $1 }
        #expect(try FolderFilling(path, own: own).fill(from: new) == [])
        #expect(try contents(path) == expected)
        #expect(throws: Never.self) { try ModelFolder.load(path) }
        #expect(try Files.names(in: path).filter { $0.hasPrefix(".") } == [])
    }

    /// A disk is never renamed across: /dev/shm is another one than that of temporary files.
    @Test(.enabled(if: access("/dev/shm", W_OK) == 0, "needs another disk, /dev/shm"))
    func theNewModelComesFromAnotherDisk() throws {
        let (new, own) = try prepare()
        let other = "/dev/shm/descent-filling-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: other) }
        try FileManager.default.copyItem(atPath: new, toPath: other)
        let expected = try contents(new).merging([
            "notes.txt": Array("mine".utf8), "plots/photo.png": Array("mine".utf8),
        ]) { $1 }
        var placement = FolderPlacement(own: own)
        try placement.fill(path, from: other)
        #expect(try contents(path) == expected)
        #expect(!Files.exists(other))
    }

    @Test func aFullDiskTouchesNothing() throws {
        let (new, own) = try prepare()
        let before = try contents(path)
        let count = try contents(new).count
        for full in 0..<count {
            let copied = Mutex(0)
            let filling = FolderFilling(
                path, own: own,
                copy: { old, new in
                    guard
                        copied.withLock({
                            let now = $0; $0 += 1; return now
                        }) < full
                    else {
                        throw DescentError(.inputOutput, "cannot write: no space left on device", at: new)
                    }
                    try Files.linkOrCopy(old, to: new)
                })
            let error = #expect(throws: DescentError.self) { try filling.fill(from: new) }
            #expect(error?.kind == .inputOutput)
            #expect(try contents(path) == before, "after \(full) files")
        }
    }

    @Test func aFileThatCannotBeMovedIsUndoneWithAllBeforeIt() throws {
        let (new, own) = try prepare()
        let before = try contents(path)
        var failures = 0
        for stop in 0... {
            let filling = FolderFilling(
                path, own: own,
                move: Self.numbered { number, old, new in
                    number == stop ? EPERM : Files.renameToFree(old, new)
                })
            do {
                _ = try filling.fill(from: new)
                break
            } catch let error as DescentError {
                failures += 1
                #expect(error.kind == .cannotCreate && error.what.contains("not permitted"), "\(error)")
                #expect(error.advice == "nothing has changed in \(path)")
                #expect(try contents(path) == before, "after \(stop) moves")
                #expect(throws: Never.self) { try ModelFolder.load(path) }
            }
        }
        // Each file of the two models was once the one that failed; the user's two stay where they are.
        #expect(failures == before.count - 2 + (try contents(new).count))
    }

    /// As when the process is killed, or the disk taken away: from some move on none succeeds, not even one back.
    @Test func whateverIsLeftHalfWayDoesNotLoadAndIsNotLost() throws {
        let (new, own) = try prepare()
        let before = try contents(path)
        let coming = try contents(new)
        let user = ["notes.txt", "plots/photo.png"]
        let start = "\(directory.path)/start"
        try FileManager.default.copyItem(atPath: path, toPath: start)
        for stop in 1... {
            try FileManager.default.removeItem(atPath: path)
            // The same files, so that they are known as Descent's.
            try FileManager.default.copyItem(atPath: start, toPath: path)
            let again = OwnFiles(in: path, replacing: true)
            let filling = FolderFilling(
                path, own: again,
                move: Self.numbered { number, old, new in
                    number >= stop ? EIO : Files.renameToFree(old, new)
                })
            do {
                _ = try filling.fill(from: new)
                break
            } catch let error as DescentError {
                let former = try #require(FolderFilling.former(in: path), "after \(stop) moves")
                #expect(error.advice?.contains(former) == true, "\(error)")
                let loading = #expect(throws: DescentError.self, "after \(stop) moves") {
                    try ModelFolder.load(path)
                }
                #expect(loading?.advice?.contains(former) == true)
                // Every file of both models is somewhere in the folder, whole.
                let left = try contents(path)
                for (name, bytes) in before where !user.contains(name) {
                    #expect(
                        left[name] == bytes || left[PathText.name(of: former) + "/" + name] == bytes,
                        "\(name)")
                }
                for name in user { #expect(left[name] == before[name], "\(name)") }
                for (name, bytes) in notEmpty(coming) {
                    #expect(left.contains { $0.key.hasSuffix(name) && $0.value == bytes }, "\(name)")
                }
                // Nor does the next save take it for free, or for its own.
                let place = ModelDestination.folder(path, replacing: true)
                #expect(throws: DescentError.self) { try place.check() }
                #expect(try contents(path) == left)
            }
        }
        _ = own
    }

    /// What a kill before each move would leave: a copy of the folder at that moment, in which nobody holds a lock.
    @Test func aKilledSaveLosesNeitherModel() throws {
        let (new, own) = try prepare()
        let (before, coming) = (try contents(path), try contents(new))
        let user = ["notes.txt", "plots/photo.png"]
        let last = Mutex(-1)
        let filling = FolderFilling(
            path, own: own,
            move: Self.numbered { [path, directory] number, old, new in
                last.withLock { $0 = number }
                try? FileManager.default.copyItem(atPath: path, toPath: "\(directory.path)/killed-\(number)")
                return Files.renameToFree(old, new)
            })
        _ = try filling.fill(from: new)
        let moves = last.withLock { $0 } + 1
        #expect(moves == before.count - user.count + coming.count)
        for number in 0..<moves {
            let killed = "\(directory.path)/killed-\(number)"
            // Before the first move the former model is there; none is between.
            if number == 0 {
                #expect(throws: Never.self) { try ModelFolder.load(killed) }
            } else {
                #expect(throws: DescentError.self, "\(number)") { try ModelFolder.load(killed) }
            }
            #expect(throws: DescentError.self) {
                try ModelDestination.folder(killed, replacing: number > 0).check()
            }
            let left = try contents(killed)
            for (name, bytes) in before.merging(coming, uniquingKeysWith: { old, _ in old }) {
                #expect(left.contains { $0.key.hasSuffix(name) && $0.value == bytes }, "\(number): \(name)")
            }
            for (name, bytes) in notEmpty(coming) {
                #expect(
                    left.contains { $0.key.hasSuffix(name) && $0.value == bytes }, "\(number): new \(name)")
            }
        }
    }
}
