import ArrayFiles
import Arrays
import Foundation
import Testing

@testable import Datasets

struct IDXTests {
    /// Two images of 2 x 3, by hand after the format's description.
    static let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3] + [UInt8](1...12)
    static let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 7, 4]

    private func read(_ bytes: [UInt8], rank: Int = 3) throws -> NDArray<UInt8> {
        try IDX.read(ByteSource(bytes: bytes, name: "f"), rank: rank).array
    }

    @Test func readsImagesAndLabels() throws {
        for bytes in [Self.images, Gzip.pack(Self.images)] {
            let array = try read(bytes)
            #expect(array.shape == [2, 2, 3] && array.elements == [UInt8](1...12))
        }
        let labels = try read(Gzip.pack(Self.labels), rank: 1)
        #expect(labels.shape == [2] && labels.elements == [7, 4])
        let none = try read([0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 28])
        #expect(none.shape == [0, 28, 28] && none.elements == [])
    }

    @Test func writesWhatItReads() throws {
        try withTemporaryDirectory { directory in
            let array = NDArray<UInt8>(shape: [2, 2, 3], elements: [UInt8](1...12))
            try IDX.write(array, to: directory + "/a")
            #expect(FileManager.default.contents(atPath: directory + "/a") == Data(Self.images))
            try IDX.write(array, to: directory + "/a.gz")
            #expect(
                FileManager.default.contents(atPath: directory + "/a.gz")?.prefix(2) == Data([0x1f, 0x8b]))
            let again = try IDX.read(directory + "/a.gz", rank: 3)
            #expect(again.shape == [2, 2, 3] && again.elements == array.elements)
            #expect(
                failure(in: directory) { try IDX.write(array, to: directory + "/none/a") }
                    == "cannotCreate: DIR/none/a: cannot write: no such file or directory")
        }
    }

    @Test func tellsIDXFilesFromOthers() throws {
        try withTemporaryDirectory { directory in
            func isIDX(_ bytes: [UInt8]) throws -> Bool {
                try Data(bytes).write(to: URL(fileURLWithPath: directory + "/f"))
                return try IDX.isIDX(directory + "/f")
            }
            for bytes in [Self.images, Self.labels, Gzip.pack(Self.images), [0, 0, 8, 3]] {
                let answer = try isIDX(bytes)
                #expect(answer, "\(bytes.prefix(4))")
            }
            for bytes in [Array("\u{89}PNG".utf8), [0, 0, 8], [], [0, 0, 8, 0], [0, 0, 13, 3]] {
                let answer = try isIDX(bytes)
                #expect(!answer, "\(bytes.prefix(4))")
            }
            #expect(failure { _ = try IDX.isIDX(directory + "/none") }.hasPrefix("missingInput"))
        }
    }

    @Test func wrongMagic() {
        #expect(
            failure { _ = try read(Array("PK\u{3}\u{4}and so on".utf8)) }
                == "badData: f, byte 0: not an IDX file (expected the magic number 0x00000803, got 0x504B0304); "
                + "give the file as it was published, unpacked or gzipped")
        #expect(
            failure { _ = try read(Self.labels) }
                == "badData: f, byte 0: an IDX file of another kind (expected the magic number 0x00000803, "
                + "got 0x00000801); it has 1 axis and 3 are needed: are images and labels exchanged?")
        // 0x0D is float (the format's table): not images of bytes.
        #expect(failure { _ = try read([0, 0, 0x0D, 3] + Self.images[4...]) }.contains("not an IDX file"))
        #expect(failure { _ = try read([0, 0]) }.contains("got 2 bytes"))
        #expect(failure { _ = try read([]) }.contains("got 0 bytes"))
        #expect(failure { _ = try read(Gzip.pack(Array("<!DOCTYPE html>".utf8))) }.contains("got 0x3C21444F"))
    }

    @Test func truncated() {
        #expect(
            failure { _ = try read(Array(Self.images.dropLast())) }
                == "badData: f, byte 27: truncated (expected 28 bytes for the shape (2, 2, 3), got 27); "
                + "fetch or copy the file again")
        #expect(
            failure { _ = try read(Array(Self.images.prefix(9))) }
                == "badData: f, byte 9: truncated (expected 12 bytes from byte 4, got 5)")
        #expect(
            failure { _ = try read(Gzip.pack(Array(Self.images.dropLast()))) }
                == "badData: f, unpacked byte 27: truncated (expected 12 bytes from byte 16, got 11)")
        let packed = Gzip.pack(Self.images)
        for count in 2..<packed.count {
            #expect(failure { _ = try read(Array(packed.prefix(count))) }.hasPrefix("badData: f, "))
        }
        #expect(
            failure { _ = try read(Array(packed.dropLast(4))) }
                == "badData: f, byte \(packed.count - 4): truncated gzip data; fetch or copy the file again")
    }

    @Test func oversized() {
        #expect(
            failure { _ = try read(Self.images + [0]) }
                == "badData: f, byte 28: too long (expected 28 bytes for the shape (2, 2, 3), got 29 bytes)")
        #expect(
            failure { _ = try read(Gzip.pack(Self.images + [0])) }
                == "badData: f, unpacked byte 28: too long (expected 28 bytes for the shape (2, 2, 3), "
                + "got more after byte 28)")
        #expect(
            failure { _ = try read(Gzip.pack(Self.images) + [0]) }.contains("something follows the gzip data")
        )
    }

    @Test func aHeaderCannotAskForMemory() {
        let header: [UInt8] = [
            0, 0, 8, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        ]
        #expect(
            failure { _ = try read(header) }
                == "badData: f, byte 4: too large (expected at most 1073741824 elements, "
                + "got the shape (4294967295, 4294967295, 4294967295))")
        // An empty axis does not hide two long ones.
        #expect(failure { _ = try read([0, 0, 8, 3, 0, 0, 0, 0] + header[8...]) }.contains("too large"))
        // Within the limit, but more than the packed bytes can become: refused before memory is asked for.
        let large = Gzip.pack([0, 0, 8, 1, 0x3F, 0xFF, 0xFF, 0xFF])
        #expect(
            failure { _ = try read(large, rank: 1) }
                == "badData: f, byte \(large.count): truncated (expected 1073741831 bytes for the shape "
                + "(1073741823,), got \(large.count) packed); fetch or copy the file again")
    }

    @Test func corrupt() {
        var packed = Gzip.pack(Self.images)
        packed[packed.count - 6] ^= 1
        #expect(
            failure { _ = try read(packed) }
                == "badData: f, byte \(packed.count - 4): corrupt gzip data: incorrect data check; "
                + "fetch or copy the file again")
    }

    @Test func noMutationGetsPastTheReader() {
        let seeds = [Self.images, Self.labels, Gzip.pack(Self.images), Gzip.pack(Self.labels)]
        let result = fuzz(seeds, seed: 16) { bytes in
            _ = try read(bytes, rank: bytes.count.isMultiple(of: 2) ? 3 : 1)
        }
        #expect(result.other == nil)
        #expect(result.refused > result.accepted)
    }
}
