import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import ArrayFiles

/// The bytes of a fixture, which NumPy made.
func decode(_ base64: String) throws -> [UInt8] {
    [UInt8](try #require(Data(base64Encoded: base64, options: .ignoreUnknownCharacters)))
}

extension StoredArray {
    /// The elements as float64.
    var doubles: [Double] { converted(to: Double.self).elements }
}

/// The arrays that the npz and pickle fixtures hold, as the script states them.
func expectWeights(_ arrays: NamedValues<StoredArray>, _ comment: Comment? = nil) {
    #expect(arrays.keys == ["W1", "b1", "labels"], comment)
    #expect(arrays["W1"]?.shape == [2, 3] && arrays["W1"]?.elementType == .float32, comment)
    #expect(arrays["W1"]?.doubles == [0, 0.25, 0.5, 0.75, 1, 1.25], comment)
    #expect(arrays["b1"]?.shape == [2] && arrays["b1"]?.elementType == .float64, comment)
    #expect(arrays["b1"]?.doubles == [1, -2], comment)
    #expect(arrays["labels"]?.shape == [2, 2] && arrays["labels"]?.elementType == .uint8, comment)
    #expect(arrays["labels"]?.doubles == [0, 1, 2, 3], comment)
}

struct NumPyFileTests {
    private func read(_ bytes: [UInt8]) throws -> StoredArray {
        try NPY.read(ByteSource(bytes: bytes, name: "f"))
    }

    /// Version 1.0 with that header, unpadded, as the format allows.
    private func npy(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
        [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
            + Array(header.utf8) + data
    }

    @Test(arguments: NumPyFixtures.npy.indices) func readsWhatNumPyWrote(_ index: Int) throws {
        let file = NumPyFixtures.npy[index]
        let array = try read(decode(file.base64))
        #expect(array.elementType == file.type, "\(file.name)")
        #expect(array.shape == file.shape, "\(file.name)")
        let got = array.doubles
        #expect(got.count == file.values.count)
        // One of the files is an empty array.
        for (got, expected) in zip(got, file.values) {
            #expect(got == expected || (got.isNaN && expected.isNaN), "\(file.name)")
        }
    }

    /// Byte for byte what numpy.save writes: row-major files of version 1.0 that need no widening.
    @Test func writesWhatNumPyWrites() throws {
        try withTemporaryDirectory { directory in
            var compared = 0
            for file in NumPyFixtures.npy {
                guard ["<f4", "<f8", "<i4", "<i8", "|u1", "|b1", "0-d", "empty", "1-d"].contains(file.name)
                else {
                    continue
                }
                let bytes = try decode(file.base64)
                try NPY.write(read(bytes), to: directory + "/a")
                #expect(contents(directory + "/a") == bytes, "\(file.name)")
                compared += 1
            }
            #expect(compared == 9)
            #expect(try NPY.read(directory + "/a", as: Double.self).elements == [0, 1, 2])
            #expect(
                failure(in: directory) { _ = try NPY.read(directory + "/a", as: Float.self) }
                    == "badData: DIR/a: the array has another type (expected float32, got float64)")
        }
    }

    static let bad: [(String, [UInt8], String)] = [
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", [0, 0, 0, 0, 0, 0, 0],
            "byte 74: truncated (expected 8 bytes for the shape [2], got 7)"
        ),
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", [0, 0, 0, 0, 0],
            "byte 71: too long (expected 71 bytes for the shape [1], or another array behind them, got 72)"
        ),
        (
            "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904,)}", [],
            "byte 10: an impossible shape (got [4611686018427387904])"
        ),
        (
            "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296, 0)}", [],
            "byte 10: an impossible shape (got [4294967296, 4294967296, 0])"
        ),
        (
            "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000,)}", [1],
            "byte 75: truncated (expected 8000000000 bytes for the shape [1000000000], got 1)"
        ),
        (
            "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}", [],
            "byte 61: npy header: a length that is too large"
        ),
        (
            "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}", [],
            "byte 61: npy header: a broken header (expected a length)"
        ),
        (
            "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", [],
            "byte 20: npy header: a type of element that is not read here "
                + "(expected booleans, integers, float16, float32 or float64, got |O, Python objects)"
        ),
        (
            "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", [],
            "byte 20: npy header: a type of element that is not read here "
                + "(expected booleans, integers, float16, float32 or float64, got <c8, complex numbers)"
        ),
        (
            "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", [],
            "byte 20: npy header: a structured array, which is not read here"
        ),
        (
            "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}", [],
            "byte 44: npy header: a broken header (expected True or False)"
        ),
        ("{'descr': '<f4', 'descr': '<f4'}", [], "byte 27: npy header: the key 'descr' comes twice"),
        ("{'descr': '<f4', 'shape': ()}", [], "byte 39: npy header: there is no 'fortran_order'"),
        (
            "{'kind': 1}", [],
            "byte 11: npy header: an unknown key 'kind' (expected descr, fortran_order, shape)"
        ),
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': ()} x", [0, 0, 0, 0],
            "byte 64: npy header: something follows the dictionary"
        ),
        ("{'descr': '<f4", [], "byte 20: npy header: a string without an end"),
        ("", [], "byte 10: npy header: a broken header (expected {)"),
    ]

    @Test(arguments: bad.indices) func badHeader(_ index: Int) {
        let (header, data, expected) = Self.bad[index]
        #expect(failure { _ = try read(npy(header, data)) } == "badData: f, " + expected)
    }

    @Test func badBeginning() {
        #expect(
            failure { _ = try read(Array("PK\u{3}\u{4}....".utf8)) }
                == "badData: f, byte 0: not an npy file (expected \\x93NUMPY); is it an npz file or a pickle?"
        )
        #expect(failure { _ = try read([]) }.contains("not an npy file"))
        #expect(
            failure { _ = try read([0x93] + Array("NUMPY".utf8) + [4, 0, 0, 0]) }
                == "badData: f, byte 6: an unknown version of npy (expected 1.0, 2.0 or 3.0, got 4.0)")
        #expect(
            failure { _ = try read([0x93] + Array("NUMPY".utf8) + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF]) }
                == "badData: f, byte 8: the header is too long (expected at most 1048576 bytes, got 4294967295)"
        )
        #expect(
            failure { _ = try read([0x93] + Array("NUMPY".utf8) + [1, 0, 0xFF, 0xFF]) }
                == "badData: f, byte 10: truncated (expected 65535 bytes, got 0)")
        let large = npy(
            "{'descr': '<u8', 'fortran_order': False, 'shape': ()}", [UInt8](repeating: 255, count: 8))
        #expect(
            failure { _ = try read(large) }
                == "badData: f, byte 63: a uint64 that is too large (expected at most 9223372036854775807, "
                + "got 18446744073709551615)")
    }

    @Test func noMutationGetsPastTheReader() throws {
        let seeds = try NumPyFixtures.npy.map { try decode($0.base64) }
        let result = fuzz(seeds, seed: 13) { _ = try read($0) }
        #expect(result.other == nil)
        #expect(result.accepted > 0 && result.refused > 0)
    }
}

struct NPZTests {
    private func read(_ bytes: [UInt8]) throws -> NPZ {
        try NPZ(ByteSource(bytes: bytes, name: "f"))
    }

    @Test func readsWhatNumPyWrote() throws {
        expectWeights(try read(decode(NumPyFixtures.npz)).arrays)
        let packed = try read(decode(NumPyFixtures.compressedNPZ))
        expectWeights(packed.arrays)
        #expect(packed.names == ["W1", "b1", "labels"])
        #expect(try packed.array(named: "W1", as: Float.self).shape == [2, 3])
        #expect(
            failure { _ = try packed.array(named: "W2", as: Float.self) }
                == "badData: f: there is no array \"W2\" (got W1, b1, labels)")
    }

    @Test(arguments: [false, true]) func readsWhatItWrote(compressed: Bool) throws {
        try withTemporaryDirectory { directory in
            var file = NPZ()
            file.set(NDArray<Float>(shape: [2, 3], elements: [0, 0.25, 0.5, 0.75, 1, 1.25]), named: "W1")
            file.set(NDArray<Double>(shape: [2], elements: [1, -2]), named: "b1")
            file.set(NDArray<UInt8>(shape: [2, 2], elements: [0, 1, 2, 3]), named: "labels")
            try file.write(to: directory + "/a.npz", compressed: compressed)
            expectWeights(try NPZ(contentsOf: directory + "/a.npz").arrays)
            let bytes = contents(directory + "/a.npz")
            try file.write(to: directory + "/a.npz", compressed: compressed)
            #expect(contents(directory + "/a.npz") == bytes)
            try NPZ().write(to: directory + "/none.npz")
            #expect(try NPZ(contentsOf: directory + "/none.npz").names == [])
        }
    }

    /// Skipped where there is no unzip. NumPy 2.4.6 has read such files too, by hand.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/unzip"), "needs unzip"))
    func otherProgramsReadIt() throws {
        try withTemporaryDirectory { directory in
            var file = NPZ()
            file.set(NDArray<Float>(shape: [1000], repeating: 1), named: "a")
            try file.write(to: directory + "/a.npz", compressed: true)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/unzip")
            process.arguments = ["-tqq", directory + "/a.npz"]
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
    }

    /// Zeros are packed a thousandfold; the limit is for all arrays together, and not for stored ones.
    @Test func compressedArraysHaveALimit() throws {
        try withTemporaryDirectory { directory in
            var file = NPZ()
            let zeros = NDArray<UInt8>(shape: [1_000_000], repeating: 0)
            file.set(zeros, named: "a")
            file.set(zeros, named: "b")
            let path = directory + "/a.npz"
            try file.write(to: path, compressed: true)
            #expect((contents(path)?.count ?? .max) < 5000)
            let limited = try NPZ(contentsOf: path, limit: 1_500_000)
            #expect(try limited.array(named: "a", as: UInt8.self).elements == zeros.elements)
            #expect(
                failure(in: directory) { _ = try limited.array(named: "b") }
                    == "badData: DIR/a.npz, byte \((contents(path)?.count ?? 0) - 22 - 51): entry \"b.npy\" is too large "
                    + "when unpacked (expected at most 1500000 bytes in all arrays, got 1000128 before it and 1000128 in "
                    + "it); give a higher limit")
            let read = try NPZ(contentsOf: path, limit: 2_000_256)
            #expect(try read.array(named: "b", as: UInt8.self).elements == zeros.elements)
            try file.write(to: path)
            #expect(try NPZ(contentsOf: path, limit: 10).names == ["a", "b"])
        }
    }

    /// Longer than the steps in which memory is taken, and with a pattern that shows a piece out of place.
    @Test func unpacksInPieces() throws {
        try withTemporaryDirectory { directory in
            for count in [65_408, 65_409, 300_000] {
                let array = NDArray<UInt8>(
                    shape: [count], elements: (0..<count).map { UInt8(truncatingIfNeeded: $0 * $0 >> 7) })
                var file = NPZ()
                file.set(array, named: "a")
                try file.write(to: directory + "/a.npz", compressed: true)
                let read = try NPZ(contentsOf: directory + "/a.npz").array(named: "a", as: UInt8.self)
                #expect(read.elements == array.elements)
            }
        }
    }

    @Test func damagedArchives() throws {
        let bytes = try decode(NumPyFixtures.npz)
        #expect(
            failure { _ = try read(Array(bytes.dropLast(30))) }
                == "badData: f, byte \(bytes.count - 30): not a zip archive, or a truncated one "
                + "(expected the end of a zip directory)")
        #expect(failure { _ = try read([]) }.contains("not a zip archive, or a truncated one"))
        // The last byte of the first array's data: the entry's own header has 30 bytes, the name and the extra
        // field of zip64.
        let data = 30 + 6 + 20 + 128
        var wrong = bytes
        wrong[data] ^= 1
        #expect(
            failure { _ = try read(wrong).array(named: "W1") }
                == "badData: f, byte 56: corrupt entry \"W1.npy\": its CRC or size is wrong")
        for count in 0..<bytes.count {
            #expect(failure { _ = try read(Array(bytes.prefix(count))) }.hasPrefix("badData: f"))
        }
    }

    @Test func noMutationGetsPastTheReader() throws {
        let seeds = [try decode(NumPyFixtures.npz), try decode(NumPyFixtures.compressedNPZ)]
        let result = fuzz(seeds, seed: 14) {
            let file = try read($0)
            for name in file.names { _ = try file.array(named: name) }
        }
        #expect(result.other == nil)
        #expect(result.refused > result.accepted)
    }
}
