import Arrays
import Foundation
import TestSupport
import Testing

@testable import ArrayFiles

/// Small files that ask for much memory: each is refused, and before the memory is taken.
struct HostileFileTests {
    /// Little-endian bytes.
    private func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private struct Member {
        var name: String
        var data: [UInt8]
        var size: Int
        var crc: UInt32 = 0
        var isDeflated = true
        /// Whose bytes it uses, instead of its own.
        var shares: Int?
        /// The name in its own header, if it is another one.
        var ownName: String?
    }

    /// A zip archive, by hand after APPNOTE.TXT 4.3.
    private func zip(_ members: [Member]) -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        var offsets: [Int] = []
        for member in members {
            let name = Array(member.name.utf8)
            let own = Array((member.ownName ?? member.name).utf8)
            let fields =
                little(20, 2) + little(1 << 11, 2) + little(member.isDeflated ? 8 : 0, 2) + little(0, 4)
                + little(Int(member.crc), 4) + little(member.data.count, 4) + little(member.size, 4)
            offsets.append(member.shares.map { offsets[$0] } ?? file.count)
            if member.shares == nil {
                file +=
                    little(0x0403_4B50, 4) + fields + little(own.count, 2) + little(0, 2) + own + member.data
            }
            directory +=
                little(0x0201_4B50, 4) + little(20, 2) + fields + little(name.count, 2) + little(0, 12)
                + little(offsets[offsets.count - 1], 4) + name
        }
        return file + directory + little(0x0605_4B50, 4) + little(0, 4) + little(members.count, 2)
            + little(members.count, 2) + little(directory.count, 4) + little(file.count, 4) + little(0, 2)
    }

    /// The npy file of so many zero bytes, deflated; `says`: how many its header claims.
    private func zeros(_ count: Int, says: Int? = nil, name: String = "a") -> Member {
        let empty = NPY.header(of: StoredArray(NDArray<UInt8>(shape: [0], elements: [])))
        let header = replacing(empty, "(0,)", "(\(says ?? count),)")
        let plain = header + [UInt8](repeating: 0, count: count)
        return Member(
            name: name + ".npy", data: Gzip.deflated(plain, level: 9), size: plain.count,
            crc: ZipArchive.checksum([plain]))
    }

    /// The header with another shape, of the same length.
    private func replacing(_ header: [UInt8], _ old: String, _ new: String) -> [UInt8] {
        let place = header.indices.first { header[$0...].starts(with: old.utf8) } ?? 0
        let tail = Array(header[(place + old.utf8.count)...])
        let changed = Array(header[..<place]) + Array(new.utf8) + tail
        // The padding before the last line feed gives way.
        let excess = changed.count - header.count
        return Array(changed.dropLast(excess + 1)) + [0x0A]
    }

    private func read(_ bytes: [UInt8], limit: Int? = nil) throws -> NPZ {
        try NPZ(ByteSource(bytes: bytes, name: "f"), limit: limit)
    }

    @Test func membersThatShareTheirBytes() throws {
        let member = zeros(1_000_000)
        #expect(try read(zip([member])).array(named: "a").shape == [1_000_000])
        let shared =
            [member]
            + (0..<50).map { index in
                var other = member
                other.name = "b\(index).npy"
                other.shares = 0
                return other
            }
        #expect(failure { _ = try read(zip(shared)) }.contains("overlaps what follows it"))
        // Nested: the second begins within the first one's bytes.
        var nested = zip([member, zeros(10, name: "b")])
        let directory = nested.count - 22 - 2 * 51
        nested[directory + 51 + 42] = 4
        nested[directory + 51 + 43] = 0
        #expect(failure { _ = try read(nested) }.contains("overlaps what follows it"))
    }

    @Test func aMemberThatUnpacksToTooMuch() throws {
        // 300 MB from 300 kB, of which not a byte is looked at: the directory says how much it is.
        let bomb = Member(name: "a.npy", data: [UInt8](repeating: 0, count: 300_000), size: 300_000_128)
        let file = try read(zip([bomb, zeros(3, name: "b")]))
        #expect(
            failure { _ = try file.array(named: "a") }.contains(
                "entry \"a.npy\" is too large when unpacked (expected at most 268435456 bytes in all arrays, "
                    + "got 0 before it and 300000128 in it); give a higher limit"))
        #expect(try file.array(named: "b").doubles == [0, 0, 0])
        // A file of honest size may have as much in proportion.
        #expect(
            MemoryLimit.bytes(forFileOf: 1000) == 1 << 28 && MemoryLimit.bytes(forFileOf: 1 << 24) == 1 << 31)
        #expect(
            MemoryLimit.bytes(forFileOf: 1 << 30) == 1 << 32 && MemoryLimit.bytes(forFileOf: .max) == 1 << 32)
    }

    /// Signed bytes become `Int32`: four times what the directory says.
    @Test func whatIsWidenedCounts() throws {
        let header = replacing(
            NPY.header(of: StoredArray(NDArray<UInt8>(shape: [0], elements: []))), "(0,)", "(100000,)")
        let signed = header.map { $0 }.split(separator: UInt8(ascii: "|"), maxSplits: 1)
        let plain =
            Array(signed[0]) + Array("|i".utf8) + signed[1].dropFirst()
            + [UInt8](repeating: 0xFF, count: 100_000)
        let member = Member(
            name: "a.npy", data: Gzip.deflated(plain), size: plain.count, crc: ZipArchive.checksum([plain]))
        #expect(
            failure { _ = try read(zip([member]), limit: 399_999).array(named: "a") }.contains(
                "too large when unpacked (expected at most 399999 bytes, got the shape [100000])"))
        #expect(try read(zip([member]), limit: 400_000).array(named: "a", as: Int32.self)[at: 99_999] == -1)
    }

    @Test func membersThatAreNotWhatTheySay() throws {
        func error(_ change: (inout Member) -> Void) -> String {
            var member = zeros(100_000)
            change(&member)
            return failure { _ = try read(zip([member])).array(named: "a") }
        }
        #expect(
            error { $0.size = 90_000 }.contains(
                "truncated (expected 100000 bytes for the shape [100000], got 89872)"))
        #expect(error { $0.size = 110_000 }.contains("corrupt entry \"a.npy\": its CRC or size is wrong"))
        #expect(error { $0.crc ^= 1 }.contains("corrupt entry \"a.npy\": its CRC or size is wrong"))
        #expect(error { $0.data.removeLast(3) }.contains("corrupt entry \"a.npy\": "))
        #expect(error { $0.data[1] ^= 0xFF }.hasPrefix("badData: f"))
        #expect(error { $0.size = 1 << 31 }.contains("an entry that cannot be in a file of this size"))
        #expect(error { $0.ownName = "b.npy" }.contains("has another name in its own header"))
        #expect(error { $0.isDeflated = false }.contains("is stored, yet has two sizes"))
        // The header of the array is read before the rest: its claim is held against the directory's.
        let claims = zeros(100, says: 400_000_000)
        #expect(
            failure { _ = try read(zip([claims])).array(named: "a") }.contains(
                "truncated (expected 400000000 bytes for the shape [400000000], got 100)"))
    }

    // MARK: Pickles

    private func pickle(_ bytes: [UInt8]) throws -> PickledValue {
        try PickledValue.read(ByteSource(bytes: bytes, name: "f"))
    }

    @Test func picklesOfManyValues() throws {
        func refused(_ bytes: [UInt8]) -> String {
            failure { _ = try PickledValue.read(ByteSource(bytes: bytes, name: "f"), limit: 1 << 20) }
        }
        // Empty lists, each a byte; places of the memo; values that are thrown away again count too.
        let lists = Gzip.pack(
            [UInt8](repeating: UInt8(ascii: "]"), count: 500_000) + [UInt8(ascii: ".")], level: 9)
        #expect(lists.count < 1000)
        #expect(refused(lists).contains("pickle: too many values for a file of this size"))
        #expect(refused([UInt8](repeating: UInt8(ascii: "]"), count: 5000)).contains("too many values"))
        let puts = [UInt8(ascii: "N")] + (0..<6000).flatMap { [UInt8(ascii: "r")] + little($0, 4) }
        #expect(refused(puts).contains("too many values"))
        #expect(
            refused([UInt8](repeating: UInt8(ascii: "N"), count: 5000) + [UInt8(ascii: ".")]) == "no error")
        // Bytes that unpack to more than the limit are not unpacked to their end.
        let long = Gzip.pack([UInt8](repeating: 0, count: 1 << 21))
        #expect(refused(long).contains("too long (expected at most 1048576 bytes"))
        // A list of a hundred thousand numbers is no attack, packed or not.
        let honest = Array(("](" + String(repeating: "K7", count: 100_000) + "e.").utf8)
        for bytes in [honest, Gzip.pack(honest)] {
            guard case .list(let items) = try pickle(bytes) else {
                Issue.record("not a list")
                return
            }
            #expect(items.count == 100_000)
        }
    }

    @Test func keysThatCanChange() {
        for (text, what) in [
            ("(d(lI1\ns.", "a list as a key of a dictionary"),
            ("(d(dI1\ns.", "a dictionary as a key of a dictionary"),
            ("(d((ltI1\ns.", "a list as a key of a dictionary"),
            ("((lI1\nd.", "a list as a key of a dictionary"),
            ("ccollections\nOrderedDict\n((l((lI1\ntatR.", "a list as a key of a dictionary"),
        ] {
            let error = failure { _ = try pickle(Array(text.utf8)) }
            #expect(
                error.hasPrefix("badData: f, byte ") && error.contains("pickle: " + what), "\(text): \(error)"
            )
        }
        #expect(failure { _ = try pickle(Array("(d(I1\nI2\ntI1\ns.".utf8)) } == "no error")
        // Tuples of the same tuple twice, sixty deep: looked at once each.
        let doubled = "})" + (1...60).map { _ in "2\u{86}" }.joined() + "Ns."
        #expect(failure { _ = try pickle(doubled.unicodeScalars.map { UInt8($0.value) }) } == "no error")
    }

    @Test func framesThatOverrun() {
        func framed(_ length: Int, _ body: String) -> [UInt8] {
            [0x80, 4, 0x95] + little(length, 8) + Array(body.utf8)
        }
        #expect(failure { _ = try pickle(framed(2, "N.")) } == "no error")
        #expect(failure { _ = try pickle(framed(1, "N.")) } == "no error")
        #expect(
            failure { _ = try pickle(framed(3, "N.")) }
                == "badData: f, byte 2: pickle: a frame that is longer than the file (expected at most 2 bytes, got 3)"
        )
        #expect(failure { _ = try pickle(framed(-1, "N.")) }.contains("a frame that is longer than the file"))
        #expect(
            failure { _ = try pickle(framed(2, "I1\n.")) }.contains(
                "pickle: a value that runs over the end of its frame (expected byte 13)"))
        #expect(
            failure {
                _ = try pickle([0x80, 4, 0x95] + little(12, 8) + [0x95] + little(1, 8) + Array("N..".utf8))
            }
            .contains("pickle: a frame within a frame"))
    }

    /// What any mutation of these files leaves in memory is in proportion to the file.
    @Test func noMutationTakesMuchMemory() throws {
        let seeds = [zip([zeros(5000), zeros(7, name: "b")]), try decode(ForeignFixtures.mixed)]
        let result = fuzz(seeds, seed: 18) { bytes in
            let file = try read(bytes)
            let total = file.arrays.values.reduce(0) { $0 + $1.byteCount }
            if total > 8 * MemoryLimit.bytes(forFileOf: bytes.count) { throw CocoaError(.fileReadTooLarge) }
            for name in file.names { _ = try file.array(named: name) }
        }
        #expect(result.other == nil && result.accepted > 0 && result.refused > 0)
        let tensors = try decode(ForeignFixtures.tensors)
        let other = fuzz([tensors], seed: 19) { bytes in
            let file = try SafeTensors(ByteSource(bytes: bytes, name: "f"))
            if file.arrays.values.reduce(0, { $0 + $1.byteCount }) > 4 * bytes.count {
                throw CocoaError(.fileReadTooLarge)
            }
        }
        #expect(other.other == nil && other.accepted > 0 && other.refused > 0)
    }
}
