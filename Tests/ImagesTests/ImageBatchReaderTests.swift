import Arrays
import Foundation
import Support
import Synchronization
import TestSupport
import Testing

@testable import Images

@Suite struct ImageBatchReaderTests {
    private let directory: TemporaryDirectory
    private let target = ImageTarget(height: 8, width: 9, color: .rgb)

    init() throws { directory = try TemporaryDirectory() }

    /// Every picture of the vectors as a file.
    private func files() throws -> [String] {
        try ImageVectors.read().cases.enumerated().map { index, picture in
            let path = "\(directory.path)/\(index)"
            try picture.file.write(to: URL(fileURLWithPath: path))
            return path
        }
    }

    private func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = "\(directory.path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test(arguments: [1, 2, 7])
    func filesInTheirOrder(threads: Int) throws {
        let paths = try files()
        let reader = ImageBatchReader(threadCount: threads)
        let images = try reader.images(at: paths, to: target)
        #expect(images.shape == [paths.count, 8, 9, 3])
        for (index, path) in paths.enumerated() {
            #expect(
                try images[index].elements == ImageDecoder().decode(contentsOf: path, to: target).elements)
        }
        #expect(try reader.images(at: [], to: target).shape == [0, 8, 9, 3])
    }

    @Test(arguments: [1, 3])
    func theFirstUnreadableFileIsNamed(threads: Int) throws {
        var paths = try files()
        paths.insert("/nowhere", at: 20)
        paths.insert(try write("text", Array("hello".utf8)), at: 12)
        let reader = ImageBatchReader(threadCount: threads)
        let text = failure(in: directory.path) { _ = try reader.images(at: paths, to: target) }
        #expect(text.hasPrefix("badData: DIR/text: not a picture that can be read"))
    }

    @Test func unreadableFilesAreLeftOut() throws {
        let whole = try ImageVectors.bytes("jpeg 4:2:0")
        let paths = [
            try write("a", whole), try write("b", Array(whole.dropLast(40))), "/nowhere",
            try write("c", whole),
        ]
        let done = Mutex<[Int]>([])
        var pixels = [UInt8](repeating: 77, count: 4 * target.byteCount)
        let failures = try pixels.withUnsafeMutableBufferPointer { room in
            try ImageBatchReader(threadCount: 2).read(paths, to: target, into: room, skippingUnreadable: true)
            { count in
                done.withLock { $0.append(count) }
            }
        }
        #expect(failures.map(\.index) == [1, 2])
        #expect(failures.map(\.error.place) == [paths[1], "/nowhere"])
        #expect(failures.map(\.error.kind) == [.badData, .missingInput])
        #expect(done.withLock { $0 } == [1, 2, 3, 4])
        let size = target.byteCount
        let expected = try ImageDecoder().decode(whole, to: target).elements
        #expect(Array(pixels[..<size]) == expected && Array(pixels[(3 * size)...]) == expected)
        #expect(pixels[size..<3 * size].allSatisfy { $0 == 0 })
    }

    @Test func isCancelled() throws {
        let paths = try files()
        let cancellation = Cancellation()
        var pixels = [UInt8](repeating: 0, count: paths.count * target.byteCount)
        let done = Mutex(0)
        let text = failure {
            _ = try pixels.withUnsafeMutableBufferPointer { room in
                try ImageBatchReader(threadCount: 2).read(
                    paths, to: target, into: room, cancellation: cancellation
                ) { count in
                    done.withLock { $0 = count }
                    if count == 5 { cancellation.cancel() }
                }
            }
        }
        #expect(text == "interrupted: stopped")
        #expect(done.withLock { $0 } < 8)
        #expect(failure { _ = try ImageBatchReader().surveys(of: paths, cancellation: cancellation) } == text)
    }

    @Test func surveysOfFiles() throws {
        let paths = try files() + ["/nowhere"]
        let surveys = try ImageBatchReader(threadCount: 2).surveys(of: paths)
        #expect(surveys.count == paths.count)
        for (path, survey) in zip(paths, surveys).dropLast() {
            #expect(try survey.get() == ImageSurvey(contentsOf: path))
            #expect(try survey.get().header == ImageHeader(contentsOf: path))
        }
        #expect(
            failure { _ = try surveys.last?.get() }
                == "missingInput: /nowhere: cannot open: no such file or directory")
        let digests = Set(try surveys.dropLast().map { try $0.get().digest })
        #expect(digests.count == paths.count - 1)
    }
}
