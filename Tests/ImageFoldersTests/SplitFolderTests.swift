import Support
import TestSupport
import Testing

@testable import ImageFolders

/// A division as a folder: every picture once, below its subset and its class.
@Suite struct SplitFolderTests {
    private let directory: TemporaryDirectory
    private var target: String { "\(directory.path)/divided" }

    init() throws { directory = try TemporaryDirectory() }

    private func files(below folder: String) throws -> [String] {
        try Files.names(in: folder).flatMap { name -> [String] in
            let path = "\(folder)/\(name)"
            return Files.isDirectory(path) ? try files(below: path).map { "\(name)/\($0)" } : [name]
        }
    }

    @Test func picturesAreInTheirSubsetsAndClasses() throws {
        let photos = try PictureFolder(
            PictureFolder.names(["cat": 10, "dog": 10]) + ["cat/home/00.png", "cat/home/01.png"])
        let data = try photos.scan().split(validation: 0.2, test: 0.3, seed: 1, options: photos.options)
        try data.makeFolder(at: target)
        #expect(try Files.names(in: target) == ["test", "train", "val"])
        let made = try files(below: target)
        #expect(
            made.count == 22
                && Set(made.map { $0.split(separator: "/").dropFirst().joined(separator: "/") }).count == 22)
        #expect(made.contains { $0.hasSuffix("cat/home/00.png") })
        for (subset, name) in [(ImageSubset.train, "train"), (.validation, "val"), (.test, "test")] {
            for entry in notEmpty(data.split.entries(subset)) {
                #expect(
                    contents("\(target)/\(name)/\(entry.file)") == contents("\(photos.path)/\(entry.file)"))
            }
        }
        // Read again it is the same division.
        let again = try ImageFolder(target)
        #expect(again.hasSubsets && again.files.count == 22 && again.classNames == ["cat", "dog"])
        #expect(again.files.count { $0.subset == .test } == data.test.count)
        #expect(photos.fault { try data.makeFolder(at: target) }.hasPrefix("cannotCreate"))
        let stopped = Cancellation()
        stopped.cancel()
        #expect(
            failure { try data.makeFolder(at: target + "2", cancellation: stopped) }.hasPrefix("interrupted"))
        #expect(try directory.names() == ["divided"])
    }

    /// The classes of file names and of labels.csv get folders; two pictures of one name keep apart.
    @Test func otherLayoutsGetFolders() throws {
        let flat = try PictureFolder(["cat.0.png", "cat.1.png", "dog.0.png", "dog.1.png"])
        try flat.scan().split(test: 0.5, seed: 2, options: flat.options).makeFolder(at: target)
        #expect(try files(below: target).count == 4 && Files.names(in: "\(target)/test") == ["cat", "dog"])
        let listed = try PictureFolder(["a/0.png", "cat/0.png", "0.png", "1.png"])
        try listed.add("labels.csv", text: "file,label\na/0.png,dog\ncat/0.png,cat\n0.png,cat\n1.png,dog\n")
        let place = "\(directory.path)/listed"
        try listed.scan().split(test: 0, options: listed.options).makeFolder(at: place)
        #expect(
            try files(below: place).sorted() == [
                "train/cat/0-2.png", "train/cat/0.png", "train/dog/1.png", "train/dog/a/0.png",
            ])
        let odd = try PictureFolder(["0.png", "1.png"])
        try odd.add("labels.csv", text: "file,label\n0.png,a/b\n1.png,c\n")
        let data = try odd.scan().split(options: odd.options)
        #expect(
            odd.fault { try data.makeFolder(at: place + "2") }.hasPrefix("badData: DIR: the name of a class"))
    }
}
