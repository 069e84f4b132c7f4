import ArrayFiles
import Arrays
import Foundation
import Support
import Synchronization
import TestSupport
import Testing

@testable import Datasets

struct DownloadTests {
    /// The four files of a small set, packed, with their MD5.
    private static let bytes: [String: [UInt8]] = {
        // Bytes without a pattern that gzip would find, the same in each run (Marsaglia's xorshift, 2003).
        var state: UInt32 = 2_463_534_242
        let pixels = (0..<4 * 28 * 28).map { _ in
            state ^= state << 13
            state ^= state >> 17
            state ^= state << 5
            return UInt8(truncatingIfNeeded: state >> 7)
        }
        let arrays: [NDArray<UInt8>] = [
            NDArray(shape: [4, 28, 28], elements: pixels), NDArray(shape: [4], elements: [1, 2, 3, 4]),
            NDArray(shape: [1, 28, 28], elements: Array(pixels.prefix(784))),
            NDArray(shape: [1], elements: [9]),
        ]
        return Dictionary(
            uniqueKeysWithValues: zip(DatasetSource.usualNames, arrays.map { Gzip.pack(IDX.encode($0)) }))
    }()
    private static let images = DatasetSource.usualNames[0]

    private func md5(_ bytes: [UInt8]) -> String {
        var md5 = MD5()
        bytes.withUnsafeBytes { md5.update($0) }
        return md5.hexadecimal()
    }

    private func source(_ mirrors: [String], checked: Bool = true) -> DatasetSource {
        let files = DatasetSource.usualNames.map { name in
            DatasetSource.File(name: name, md5: checked ? md5(Self.bytes[name] ?? []) : nil)
        }
        return DatasetSource(
            name: "small", title: "Small", classNames: (0...9).map(String.init), files: files,
            mirrors: mirrors, page: "http://page/")
    }

    private func withCache(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryDirectory { try await body($0 + "/cache") }
    }

    private static let good: @Sendable (TestServer.Request) -> TestServer.Response = { request in
        bytes[String(request.path.dropFirst())].map { .file($0, request) } ?? .init(status: "404 Not Found")
    }

    private func files(_ cache: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: cache + "/small").sorted()
    }

    /// RFC 1321, appendix A.5.
    @Test func digests() {
        #expect(md5([]) == "d41d8cd98f00b204e9800998ecf8427e")
        #expect(md5(Array("message digest".utf8)) == "f96b697d7cb7938d525a2f31aaf161d0")
    }

    @Test func whereDownloadsAreKept() async throws {
        func standard(_ variables: [String: String]) throws -> String {
            let home = Environment.home({ variables[$0] }, system: { nil })
            return try CacheDirectory.standard(Environment.cache({ variables[$0] }, home: home))
        }
        #expect(try standard(["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/descent")
        #expect(try standard(["HOME": "/h"]) == "/h/.cache/descent")
        // The specification: a relative path is to be ignored.
        #expect(try standard(["XDG_CACHE_HOME": "c", "HOME": "/h"]) == "/h/.cache/descent")
        let text = await failure { _ = try standard([:]) }
        #expect(text.hasPrefix("cannotCreate: there is no place for downloads"))
    }

    @Test func fetchesOnceThenReadsTheCache() async throws {
        let server = try TestServer(Self.good)
        defer { server.stop() }
        try await withCache { cache async throws in
            let seen = Mutex<[DownloadProgress]>([])
            let source = source([server.address])
            let data = try await source.load(cacheDirectory: cache) { step in
                seen.withLock { $0.append(step) }
            }
            #expect(data.train.images.shape == [4, 28, 28] && data.test.classes == [9])
            #expect(server.requests.map(\.path) == DatasetSource.usualNames.map { "/" + $0 })
            #expect(try files(cache) == ([".lock"] + DatasetSource.usualNames).sorted())
            let steps = seen.withLock { $0 }
            let size = Self.bytes[Self.images]?.count
            #expect(
                steps.last { $0.file == Self.images }
                    == DownloadProgress(
                        file: Self.images, number: 1, fileCount: 4, host: "127.0.0.1", received: size ?? 0,
                        total: size))
            #expect(steps.map(\.number).max() == 4)

            let again = try await source.load(cacheDirectory: cache)
            #expect(again.checksum == data.checksum)
            #expect(server.requests.count == 4)
        }
    }

    @Test func aDamagedCacheIsFetchedAgain() async throws {
        let server = try TestServer(Self.good)
        defer { server.stop() }
        try await withCache { cache async throws in
            let source = source([server.address])
            _ = try await source.load(cacheDirectory: cache)
            let path = cache + "/small/" + Self.images
            try Data([0x1f, 0x8b, 8, 0]).write(to: URL(fileURLWithPath: path))
            let data = try await source.load(cacheDirectory: cache)
            #expect(data.train.count == 4)
            // The other three were not damaged.
            #expect(server.requests.count == 5 && server.requests.last?.path == "/" + Self.images)
        }
    }

    @Test func aDamagedCacheLosesOneFileWithoutANetwork() async throws {
        let server = try TestServer(Self.good)
        try await withCache { cache async throws in
            _ = try await source([server.address]).load(cacheDirectory: cache)
            server.stop()
            let path = cache + "/small/" + Self.images
            try Data([0x1f, 0x8b, 8, 0]).write(to: URL(fileURLWithPath: path))
            let text = await failure { _ = try await source([]).load(cacheDirectory: cache) }
            #expect(text.hasPrefix("unavailable: cannot download \(Self.images) of Small"))
            #expect(try files(cache) == ([".lock"] + DatasetSource.usualNames.dropFirst()).sorted())
        }
    }

    @Test(arguments: [true, false]) func aWrongChecksumGoesToTheNextMirror(checked: Bool) async throws {
        let wrong = try TestServer { request in
            var response = Self.good(request)
            if request.path == "/" + Self.images { response.body[100] ^= 1 }
            return response
        }
        let right = try TestServer(Self.good)
        defer {
            wrong.stop()
            right.stop()
        }
        try await withCache { cache async throws in
            let source = source([wrong.address, right.address], checked: checked)
            let data = try await source.load(cacheDirectory: cache)
            #expect(data.train.count == 4)
            #expect(wrong.requests.count == 1)
            // The mirror that was right is asked first for the other files.
            #expect(right.requests.count == 4)
        }
        try await withCache { cache async throws in
            let text = await failure { _ = try await source([wrong.address]).load(cacheDirectory: cache) }
            #expect(text.contains("cannot download \(Self.images) of Small (got 127.0.0.1: wrong MD5 "))
            #expect(try files(cache) == [".lock"])
        }
    }

    @Test func aCutIsResumed() async throws {
        let cuts = Mutex(0)
        let server = try TestServer { request in
            var response = Self.good(request)
            if request.path == "/" + Self.images,
                cuts.withLock({
                    $0 += 1; return $0
                }) <= 2
            {
                response.length = response.body.count
                response.body = Array(response.body.prefix(1000))
            }
            return response
        }
        defer { server.stop() }
        try await withCache { cache async throws in
            let data = try await source([server.address]).load(cacheDirectory: cache)
            #expect(data.train.count == 4)
            #expect(server.requests.prefix(3).map(\.rangeStart) == [nil, 1000, 2000])
        }
    }

    /// A part from an earlier run: continued, or replaced when the server ignores ranges, or when it was wrong.
    @Test(arguments: ["range", "no range", "wrong", "complete"]) func anEarlierPart(kind: String) async throws
    {
        let server = try TestServer { request in
            kind == "no range"
                ? Self.good(TestServer.Request(path: request.path, rangeStart: nil)) : Self.good(request)
        }
        defer { server.stop() }
        try await withCache { cache async throws in
            try FileManager.default.createDirectory(
                atPath: cache + "/small", withIntermediateDirectories: true)
            let bytes = try #require(Self.bytes[Self.images])
            let part: [UInt8] =
                switch kind {
                case "wrong": [UInt8](repeating: 0, count: 500)
                case "complete": bytes
                default: Array(bytes.prefix(500))
                }
            try Data(part).write(to: URL(fileURLWithPath: cache + "/small/\(Self.images).part"))
            let data = try await source([server.address]).load(cacheDirectory: cache)
            #expect(data.train.count == 4)
            let asked = server.requests.filter { $0.path == "/" + Self.images }.map(\.rangeStart)
            #expect(asked == (kind == "wrong" ? [500, nil] : [part.count]))
        }
    }

    /// Another process has fetched the file while this one waited for the lock: it is not removed.
    @Test func aFileThatWasReplacedMeanwhileStays() async throws {
        let server = try TestServer(Self.good)
        try await withCache { cache async throws in
            let source = source([server.address])
            _ = try await source.load(cacheDirectory: cache)
            server.stop()
            let path = cache + "/small/" + Self.images
            let whole = try #require(FileManager.default.contents(atPath: path))
            try Data([0x1f, 0x8b, 8, 0]).write(to: URL(fileURLWithPath: path))
            // The lock is held by somebody who puts the file right.
            let lock = open(cache + "/small/.lock", O_RDWR)
            #expect(flock(lock, LOCK_EX) == 0)
            let task = Task { try await source.load(cacheDirectory: cache) }
            try await Task.sleep(nanoseconds: 300_000_000)
            #expect(FileManager.default.fileExists(atPath: path))
            try whole.write(to: URL(fileURLWithPath: path))
            close(lock)
            #expect(try await task.value.train.count == 4)
        }
    }

    /// Another machine that shares the disk, and not the lock, has emptied the part after bytes of it had come.
    @Test func aPartIsCheckedAsItLiesOnTheDisk() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/part"
        var part = try PartFile(path: path)
        defer { part.close() }
        try [UInt8](1...9).withUnsafeBytes { try part.append($0) }
        #expect(try part.md5().hexadecimal() == md5([UInt8](1...9)))
        #expect(truncate(path, 0) == 0)
        #expect(try part.md5().hexadecimal() == md5([]))
        try [UInt8](10...12).withUnsafeBytes { try part.append($0) }
        #expect(try part.md5().hexadecimal() == md5([UInt8](repeating: 0, count: 9) + [10, 11, 12]))
        // What cannot be read is no end.
        #expect(throws: DescentError.self) { try PartFile(path: "/proc/self") }
        var other = try PartFile(path: path)
        #expect(other.count == 12)
        try other.restart()
        other.close()
        #expect(throws: DescentError.self) { try other.md5() }
    }

    @Test func aPartThatIsAPipe() async throws {
        let server = try TestServer(Self.good)
        defer { server.stop() }
        try await withCache { cache async throws in
            try AtomicFile.createDirectory(at: cache + "/small")
            let path = cache + "/small/" + Self.images + ".part"
            #expect(mkfifo(path, 0o600) == 0)
            let text = await failure { _ = try await source([server.address]).load(cacheDirectory: cache) }
            #expect(text == "cannotCreate: \(path): is not a regular file; give a file")
        }
    }

    /// Without an MD5, what comes is unpacked to be checked: no further than its header says.
    @Test func aFileThatUnpacksToTooMuch() async throws {
        let bomb = Gzip.pack(
            [0, 0, 8, 3, 0xFF, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0xFF, count: 8), level: 9)
        let long = Gzip.pack(IDX.encode(NDArray<UInt8>(shape: [4], elements: [1, 2, 3, 4])) + [5], level: 9)
        for (bytes, what) in [
            (bomb, "too large"), (long, "too long"), (Gzip.pack([1, 2, 3]), "not an IDX file"),
        ] {
            let server = try TestServer { request in .file(bytes, request) }
            defer { server.stop() }
            try await withCache { cache async throws in
                let source = source([server.address], checked: false)
                let text = await failure { _ = try await source.load(cacheDirectory: cache) }
                #expect(text.contains("(got 127.0.0.1: \(what))"), "\(text)")
            }
        }
    }

    @Test func noServerAndNoCache() async throws {
        let gone = try TestServer(listens: false, Self.good)
        let empty = try TestServer { _ in .init(status: "404 Not Found") }
        defer {
            gone.stop()
            empty.stop()
        }
        try await withCache { cache async throws in
            let text = await failure {
                _ = try await source([gone.address, empty.address]).load(cacheDirectory: cache)
            }
            #expect(
                text == "unavailable: cannot download train-images-idx3-ubyte.gz of Small "
                    + "(got 127.0.0.1: no connection, 127.0.0.1: HTTP 404); fetch "
                    + DatasetSource.usualNames.joined(separator: ", ")
                    + " by hand (see http://page/) and name their directory, or use the built-in digits, which need no network"
            )
            #expect(try files(cache) == [".lock"])
        }
    }

    // The server never answers, so a download that did not give up would run into the limit.
    @Test(.timeLimit(.minutes(1))) func aSilentServerIsGivenUp() async throws {
        let server = try TestServer { request in
            var response = Self.good(request)
            response.delay = 4
            return response
        }
        defer { server.stop() }
        try await withCache { cache async throws in
            var download = Download(source: source([server.address]), directory: cache + "/small") { _ in }
            download.silence = 1
            let text = await failure { try await download.run() }
            #expect(text.contains("(got 127.0.0.1: no answer in time)"))
        }
    }

    @Test func anEndlessFileIsRefused() async throws {
        let server = try TestServer { _ in .init(body: [UInt8](repeating: 0, count: 20_000)) }
        defer { server.stop() }
        try await withCache { cache async throws in
            var download = Download(source: source([server.address]), directory: cache + "/small") { _ in }
            download.limit = 10_000
            let text = await failure { try await download.run() }
            #expect(text.contains("(got 127.0.0.1: too large: 20000 bytes)"))
        }
    }

    @Test func aCacheThatCannotBeWritten() async throws {
        let text = await failure { _ = try await source([]).load(cacheDirectory: "/dev/null") }
        #expect(
            text == "cannotCreate: /dev/null: cannot make the directory: a file has its name")
    }

    @Test func cancelled() async throws {
        let server = try TestServer { request in
            var response = Self.good(request)
            response.delay = 1
            return response
        }
        defer { server.stop() }
        try await withCache { cache async throws in
            let source = source([server.address])
            let task = Task { try await source.load(cacheDirectory: cache) }
            try await Task.sleep(nanoseconds: 200_000_000)
            task.cancel()
            let text = await failure { _ = try await task.value }
            #expect(
                text == "interrupted: the download was stopped; run it again: it goes on where it stopped")
        }
    }

    /// Two at once, as two processes would: flock is held by each opening of the file.
    @Test func twoAtOnceFetchOnce() async throws {
        let server = try TestServer { request in
            var response = Self.good(request)
            response.delay = 0.05
            return response
        }
        defer { server.stop() }
        try await withCache { cache async throws in
            let source = source([server.address])
            async let first = source.load(cacheDirectory: cache)
            async let second = source.load(cacheDirectory: cache)
            let checksums = try await [first.checksum, second.checksum]
            #expect(checksums[0] == checksums[1])
            #expect(server.requests.count == 4)
        }
    }
}
