import Arrays
import ExampleData
import Foundation
import Images
import Support
import Synchronization
import TestSupport
import Testing

@testable import ImageFolders

struct DecodedFolderTests {
    /// A decoder that counts what it decodes.
    private final class Counter: Sendable {
        let count = Atomic<Int>(0)
        var decoder: PictureDecoder {
            PictureDecoder(version: 1) { bytes, target, name in
                self.count.add(1, ordering: .relaxed)
                return try PictureDecoder.standard.image(bytes, target, name)
            }
        }
        var value: Int { count.load(ordering: .relaxed) }
    }

    private func decode(
        _ pictures: PictureFolder, _ options: ImageOptions? = nil, counter: Counter = Counter(),
        cancellation: Cancellation? = nil
    ) throws -> DecodedFolder {
        try pictures.scan().decoded(
            options ?? pictures.options, decoder: counter.decoder, cancellation: cancellation)
    }

    @Test func pixelsAreThoseOfTheDecoder() throws {
        let pictures = try PictureFolder(["a/1.png", "b/1.png", "b/2.png"], side: 12, color: true)
        let data = try decode(pictures).split(ImageSplitOptions())
        #expect(data.train.exampleShape == [3, 12, 12] && data.train.count == 3)
        let features = try #require(data.train.residentFeatures)
        for (row, name) in data.train.files.enumerated() {
            let image = try ImageDecoder().decode(contentsOf: "\(pictures.path)/\(name)")
            guard case .bytes(let bytes) = features.storage else { return }
            #expect(bytes[row].elements == image.permuted([2, 0, 1]).elements)
        }
        #expect(data.train.targets == .classes([0, 1, 1]) && features.scale == 1 / 255)
    }

    @Test func picturesAreDecodedOnce() throws {
        let pictures = try PictureFolder(["a/1.png", "b/1.png", "b/2.png"])
        let counter = Counter()
        for _ in 0..<3 { _ = try decode(pictures, counter: counter) }
        #expect(counter.value == 3)
        // Of a folder that has changed only what is new is decoded.
        try pictures.add("a/2.png", PictureFolder.picture(20))
        pictures.remove("b/1.png")
        let changed = try decode(pictures, counter: counter)
        #expect(counter.value == 4 && changed.records.map(\.path) == ["a/1.png", "a/2.png", "b/2.png"])
        let fresh = PictureDecoder.planes(
            of: try ImageDecoder().decode(contentsOf: pictures.path + "/a/2.png", to: changed.target))
        let examples = try changed.split(ImageSplitOptions()).train
        guard case .bytes(let bytes) = try examples.features(of: [1]).storage else { return }
        #expect(bytes.elements == fresh)
        // A file that was written anew is another, though its size is the same.
        try pictures.add("a/1.png", PNG.encode(PictureFolder.picture(21)))
        _ = try decode(pictures, counter: counter)
        #expect(counter.value == 5)
        var other = pictures.options
        other.imageSize = (4, 4)
        _ = try decode(pictures, other, counter: counter)
        #expect(counter.value == 8)
    }

    @Test func aDamagedCacheIsMadeAgain() throws {
        let pictures = try PictureFolder(["a/1.png", "b/1.png"])
        let counter = Counter()
        let path = try decode(pictures, counter: counter).cachePath
        let whole = try #require(contents(path))
        for damage in 0..<4 {
            var bytes = whole
            switch damage {
            case 0: bytes.removeLast(5)
            case 1: bytes[bytes.count - 20] ^= 1
            case 2: bytes[20] ^= 0x80
            default: bytes = []
            }
            try Data(bytes).write(to: URL(filePath: path))
            _ = try decode(pictures, counter: counter)
            #expect(counter.value == 2 * (damage + 2))
            #expect(try #require(contents(path)) == whole)
        }
    }

    @Test func anyIndexIsReadOrRefused() throws {
        let pictures = try PictureFolder(["a/1.png", "b/1.png"])
        try pictures.add("b/2.png", text: "no")
        var options = pictures.options
        options.skipsUnreadable = true
        let index = try decode(pictures, options).cache.index
        let bytes = index.encoded
        #expect(CacheIndex(bytes) == index)
        var random = SplitMix64(state: 5)
        for _ in 0..<mutationCount { _ = CacheIndex(mutated(bytes, &random)) }
        for _ in 0..<mutationCount {
            _ = CacheIndex.place(inHeader: mutated(index.header(of: bytes), &random))
        }
    }

    @Test func unreadablePicturesAreNamed() throws {
        let pictures = try PictureFolder(["a/1.png", "b/1.png", "a/cut.png"])
        try pictures.add(
            "a/cut.png", Array(try #require(contents(pictures.path + "/a/cut.png")).dropLast(30)))
        try pictures.add("b/page.jpg", text: "<html>")
        let fault = pictures.fault { _ = try decode(pictures) }
        let lines = fault.split(separator: "\n")
        #expect(
            lines.first
                == "badData: DIR: 2 pictures cannot be read; mend or remove them, or go on without: `skipsUnreadable`"
        )
        #expect(lines.count == 3 && lines[1].contains("a/cut.png: ") && lines[2].contains("b/page.jpg: "))
        var options = pictures.options
        options.skipsUnreadable = true
        let decoded = try decode(pictures, options)
        #expect(decoded.folder.files.map(\.path) == ["a/1.png", "b/1.png"] && decoded.unreadable.count == 2)
        #expect(decoded.rows == [0, 2])
        let report = try decoded.report()
        #expect(report.count == 2 && report.names(.unreadable)?.count == 2)
        for name in ["a/1.png", "b/1.png"] { try pictures.add(name, []) }
        #expect(
            pictures.fault { _ = try decode(pictures, options) }.hasPrefix("badData: DIR: 4 pictures cannot"))
    }

    @Test func cancellationLeavesNothing() throws {
        let pictures = try PictureFolder(PictureFolder.names(["a": 30, "b": 30]))
        let folder = try pictures.scan()
        let cancellation = Cancellation()
        let seen = Mutex<[ImageProgress]>([])
        let fault = pictures.fault {
            _ = try folder.decoded(
                pictures.options,
                progress: { step in
                    seen.withLock { $0.append(step) }
                    if step.done == 7 { cancellation.cancel() }
                }, cancellation: cancellation)
        }
        #expect(fault == "interrupted: DIR: stopped")
        #expect(seen.withLock { $0.first } == ImageProgress(done: 1, total: 60))
        #expect(try names(in: pictures.caches).filter { !$0.hasSuffix(".lock") } == [])
        _ = try folder.decoded(pictures.options)
        #expect(try names(in: pictures.caches).filter { !$0.hasSuffix(".lock") }.count == 1)
    }

    @Test func twoProcessesWaitForOneAnother() throws {
        let pictures = try PictureFolder(["a/1.png", "b/1.png"])
        let path = try decode(pictures).cachePath
        let lock = "\(pictures.caches)/.\(PathText.name(of: path)).lock"
        let descriptor = try RegularFile.open(lock).descriptor
        #expect(FileLock.take(descriptor) == .taken)
        let cancellation = Cancellation()
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.2) { cancellation.cancel() }
        #expect(
            failure(in: pictures.caches) { _ = try decode(pictures, cancellation: cancellation) }
                == "interrupted: DIR/.\(PathText.name(of: path)).lock: stopped")
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.2) { FileLock.close(descriptor) }
        let counter = Counter()
        _ = try decode(pictures, counter: counter)
        #expect(counter.value == 0)
    }

    @Test func oldCachesGoFirst() throws {
        let pictures = try PictureFolder(["a/1.png", "b/1.png"])
        var options = pictures.options
        var paths: [String] = []
        for (age, size) in [(300.0, 4), (100, 5), (200, 6)] {
            options.imageSize = (size, size)
            let path = try decode(pictures, options).cachePath
            paths.append(path)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
        }
        let left = "\(pictures.caches)/.left.images.1-2.tmp"
        try Data([1]).write(to: URL(filePath: left))
        options.imageSize = (7, 7)
        options.cache.limit = 20_000
        paths.append(try decode(pictures, options).cachePath)
        #expect(Files.exists(left), "it may be another process's")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -100)], ofItemAtPath: left)
        let used = paths.filter(Files.exists)
        #expect(used.contains(paths[3]) && !used.contains(paths[0]))
        options.imageSize = (8, 8)
        options.cache.limit = 0
        let last = try decode(pictures, options).cachePath
        #expect(paths.filter(Files.exists) == [] && Files.exists(last) && !Files.exists(left))
    }

    @Test func faultsOfCaches() throws {
        let pictures = try PictureFolder(["a/1.png", "b/1.png"])
        try pictures.add("file", text: "x")
        let options = ImageOptions(cache: ImageCacheOptions(directory: pictures.path + "/file"))
        #expect(
            pictures.fault { _ = try decode(pictures, options) }
                == "cannotCreate: DIR/file: cannot make the directory: a file has its name")
        #expect(
            failure { try CacheFolder.requireSpace(2_000_000, in: "/x", available: 1_000_000) }
                == "inputOutput: /x: there is no room for the decoded pictures (expected 2.0 MB, got 1.0 MB free); free some space, set XDG_CACHE_HOME to another disk, or give a smaller `imageSize`"
        )
        try CacheFolder.requireSpace(500_000, in: "/x", available: 1_000_000)
        var sized = pictures.options
        sized.imageSize = (0, 5000)
        #expect(
            failure { _ = try decode(pictures, sized) }
                == "usage: `imageSize`: not a size of pictures (expected 1 to 4096 pixels, got 0x5000)")
    }

    @Test func sizesAreParsed() throws {
        #expect(try ImageTarget.size(parsing: "64") == (64, 64))
        #expect(try ImageTarget.size(parsing: "64x48") == (64, 48))
        for text in ["", "x", "64x", "0", "5000", "-3", "6 4", "1x2x3", "99999999999999999999"] {
            #expect(
                failure { _ = try ImageTarget.size(parsing: text) }.hasPrefix(
                    "usage: `imageSize`: not a size"))
        }
    }

    @Test(arguments: [
        ([(28, 28), (28, 28)], false, 28, 28, "the size of all pictures"),
        ([(640, 480), (320, 240)], true, 64, 48, "the shape of all pictures, the longest side 64"),
        ([(480, 640), (480, 640)], true, 48, 64, "the shape of all pictures, the longest side 64"),
        (
            [(40, 30), (50, 60), (20, 90)], true, 30, 30,
            "a square with the median of the shorter sides, 30, at most 64"
        ),
        (
            [(400, 300), (500, 600)], true, 64, 64,
            "a square with the median of the shorter sides, 500, at most 64"
        ),
        (
            [(1000, 10), (1000, 10)], false, 10, 10,
            "a square with the median of the shorter sides, 10, at most 64"
        ),
    ])
    func sizeFromThePictures(
        sizes: [(Int, Int)], color: Bool, width: Int, height: Int, reason: String
    ) throws {
        let pictures = try PictureFolder()
        for (number, size) in sizes.enumerated() {
            try pictures.add(
                "\(number % 2)/\(number).png",
                PictureFolder.picture(number, height: size.1, width: size.0, color: color && number == 0))
        }
        #expect(
            try pictures.scan().defaultSize
                == DefaultImageSize(width: width, height: height, isGrayscale: !color, reason: reason))
    }

    @Test func picturesAreReadFromTheFileWhereTheyTakeMuchMemory() throws {
        let pictures = try PictureFolder(PictureFolder.names(["a": 9, "b": 7]))
        let decoded = try decode(pictures)
        let options = ImageSplitOptions(validation: 0.25, seed: 3)
        let (small, large) = (
            try decoded.split(options), try decoded.split(options, residentLimit: 100)
        )
        #expect(small.train.residentFeatures != nil && large.train.residentFeatures == nil)
        let rows: [Int32] = [5, 0, 3, 3]
        guard case .bytes(let one) = try small.train.features(of: rows).storage,
            case .bytes(let two) = try large.train.features(of: rows).storage
        else { return }
        #expect(one.elements == two.elements && one.shape == [4, 8, 8])
        #expect(small.train.contentChecksum == large.train.contentChecksum)
        #expect(small.train.contentChecksum != small.validation.contentChecksum)
        #expect(
            try large.train.labeledExamples().contentChecksum == small.train.labeledExamples().contentChecksum
        )
        let loader = BatchLoader(
            large.train, sampler: BatchSampler(count: large.train.count, batchSize: 4, random: RandomState(1))
        )
        #expect(try loader.next().count == 4)
        // The caches may go while they are in use.
        Files.remove(pictures.caches)
        #expect(try large.train.features(of: rows).count == 4)
    }

    @Test func mappedArraysMayBeChanged() throws {
        let pictures = try PictureFolder(["a/1.png", "b/1.png"])
        let path: String
        do {
            let decoded = try decode(pictures)
            path = decoded.cachePath
            var pixels = try decoded.cache.mapped()
            let before = pixels[0].elements
            pixels.withUnsafeMutableElements { $0[0] ^= 255 }
            #expect(pixels[0].elements[0] == before[0] ^ 255)
            #expect(try decoded.cache.mapped()[0].elements == before)
        }
        #expect(ImageCache.open(path) != nil)
    }
}
