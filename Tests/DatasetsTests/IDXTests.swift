import ArrayFiles
import Arrays
import Foundation
import TestSupport
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
            for bytes in [Self.images, Self.labels, Gzip.pack(Self.images), [0, 0, 8, 3], [0, 0, 13, 3]] {
                let answer = try isIDX(bytes)
                #expect(answer, "\(bytes.prefix(4))")
            }
            for bytes in [Array("\u{89}PNG".utf8), [0, 0, 8], [], [0, 0, 8, 0], [0, 0, 10, 3]] {
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
        #expect(failure { _ = try read([0, 0]) }.contains("got 2 bytes"))
        #expect(failure { _ = try read([]) }.contains("got 0 bytes"))
        #expect(failure { _ = try read(Gzip.pack(Array("<!DOCTYPE html>".utf8))) }.contains("got 0x3C21444F"))
    }

    /// The six types of the format's table, by hand: big-endian, two's complement, IEEE 754.
    @Test func readsEachType() throws {
        let types: [([UInt8], ElementType, [Double])] = [
            ([0x08] + [2, 0, 0, 0, 1] + [0, 0, 0, 2, 0, 255], .uint8, [0, 255]),
            ([0x09, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0x7F, 0x80], .int32, [127, -128]),
            ([0x0B, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0x01, 0x02, 0x80, 0x00], .int32, [258, -32768]),
            (
                [0x0C, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 0xFF, 0xFF, 0xFF, 0xFE], .int32,
                [16_909_060, -2]
            ),
            ([0x0D, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0x3F, 0x80, 0, 0, 0xC0, 0x20, 0, 0], .float32, [1, -2.5]),
            (
                [
                    0x0E, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0x3F, 0xE0, 0, 0, 0, 0, 0, 0, 0x7F, 0xF0, 0, 0, 0, 0, 0,
                    0,
                ],
                .float64, [0.5, .infinity]
            ),
        ]
        for (bytes, type, values) in types {
            for file in [[0, 0] + bytes, Gzip.pack([0, 0] + bytes)] {
                let array = try IDX.readArray(ByteSource(bytes: file, name: "f")).array
                #expect(array.elementType == type && array.shape == [1, 2])
                #expect(array.converted(to: Double.self).elements == values)
                #expect(
                    failure { _ = try IDX.readArray(ByteSource(bytes: file.dropLast(), name: "f")) }
                        != "no error")
            }
            #expect(
                failure { _ = try IDX.readArray(ByteSource(bytes: [0, 0] + bytes + [9])) }.contains(
                    "too long"))
        }
        #expect(
            failure { _ = try IDX.readArray(ByteSource(bytes: [0, 0, 0x0A, 1, 0, 0, 0, 0])) }.contains(
                "not an IDX file"))
    }

    /// Where bytes are needed, other types serve if they hold bytes, and are named if they do not.
    @Test func otherTypesAsBytes() throws {
        let floats: [UInt8] = [0, 0, 0x0D, 1, 0, 0, 0, 2, 0x43, 0x7F, 0, 0, 0, 0, 0, 0]
        #expect(try read(floats, rank: 1).elements == [255, 0])
        #expect(try read([0, 0, 0x0C, 1, 0, 0, 0, 1, 0, 0, 0, 9], rank: 1).elements == [9])
        // 0.5, 256, NaN
        for (bytes, text) in [
            ([0x3F, 0, 0, 0], "0.5"), ([0x43, 0x80, 0, 0], "256.0"), ([0x7F, 0xC0, 0, 0], "nan"),
        ] {
            #expect(
                failure {
                    _ = try read([0, 0, 0x0D, 1, 0, 0, 0, 2, 0, 0, 0, 0] + bytes.map { UInt8($0) }, rank: 1)
                }
                    == "badData: f, element 1: an IDX file of float32 where bytes are needed (expected whole numbers from 0 "
                    + "to 255, got \(text)); scale the numbers to bytes, or read them as they are with IDX.readArray"
            )
        }
        #expect(
            failure { _ = try read(floats) }
                == "badData: f, byte 0: an IDX file of another kind (expected the magic number 0x00000D03, got 0x00000D01); "
                + "it has 1 axis and 3 are needed: are images and labels exchanged?")
    }

    @Test func zerosBehindGzippedData() throws {
        let filled = Gzip.pack(Self.images) + [UInt8](repeating: 0, count: 100)
        #expect(try read(filled).elements == [UInt8](1...12))
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
            failure { _ = try read(Gzip.pack(Self.images) + [1]) }.contains("something follows the gzip data")
        )
    }

    @Test func aHeaderCannotAskForMemory() {
        let header: [UInt8] = [
            0, 0, 8, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        ]
        #expect(
            failure { _ = try read(header) }
                == "badData: f, byte 4: too large (expected at most 268435456 bytes for a file of 16, "
                + "got the shape (4294967295, 4294967295, 4294967295))")
        // An empty axis does not hide two long ones.
        #expect(failure { _ = try read([0, 0, 8, 3, 0, 0, 0, 0] + header[8...]) }.contains("too large"))
        // Within the limit, but more than the packed bytes can become: refused before memory is asked for.
        let large = Gzip.pack([0, 0, 8, 1, 0x0F, 0xFF, 0xFF, 0xFF])
        #expect(
            failure { _ = try read(large, rank: 1) }
                == "badData: f, byte \(large.count): truncated (expected 268435463 bytes for the shape "
                + "(268435455,), got \(large.count) packed); fetch or copy the file again")
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
        let floats: [UInt8] = [0, 0, 0x0D, 1, 0, 0, 0, 2, 0x43, 0x7F, 0, 0, 0, 0, 0, 0]
        let seeds = [
            Self.images, Self.labels, Gzip.pack(Self.images), Gzip.pack(Self.labels), floats,
            Gzip.pack(floats) + [0, 0],
        ]
        let result = fuzz(seeds, seed: 16) { bytes in
            _ = try read(bytes, rank: bytes.count.isMultiple(of: 2) ? 3 : 1)
            _ = try IDX.readArray(ByteSource(bytes: bytes, name: "f"))
        }
        #expect(result.other == nil)
        #expect(result.refused > result.accepted)
    }
}
