import Arrays
import Foundation
import TestSupport
import Testing

@testable import ArrayFiles

struct GzipTests {
    /// `printf 'hello, hello, hello\n' | gzip -n` (gzip 1.12).
    static let hello: [UInt8] = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xd7,
        0x51, 0xc8, 0x40, 0xa2, 0xb8, 0x00, 0xe7, 0x42, 0x6e, 0x52, 0x14, 0x00, 0x00, 0x00,
    ]
    static let text = Array("hello, hello, hello\n".utf8)

    private func read(_ bytes: [UInt8], limit: Int = 1000) throws -> [UInt8] {
        try Gzip.contents(of: UnpackingReader(ByteSource(bytes: bytes, name: "f.gz")), limit: limit)
    }

    @Test func unpacks() throws {
        #expect(try read(Self.hello) == Self.text)
        // RFC 1952, 2.2: members one after another are one file.
        #expect(try read(Self.hello + Self.hello) == Self.text + Self.text)
        #expect(try read(Self.text) == Self.text)
        #expect(try read([]) == [])
    }

    @Test func packs() throws {
        #expect(try read(Gzip.pack(Self.text)) == Self.text)
        #expect(Gzip.pack(Self.text) == Gzip.pack(Self.text))
        #expect(try read(Gzip.pack([])) == [])
        var random = SplitMix64(state: 5)
        let large = (0..<300_000).map { _ in UInt8.random(in: 0..<16, using: &random) }
        for level in [1, 6, 9] {
            let packed = Gzip.pack(large, level: level)
            #expect(packed.count < large.count * 3 / 4)
            #expect(try read(packed, limit: large.count) == large)
        }
    }

    @Test func checksumIsOfTheContents() throws {
        // zlib.crc32(b"hello, hello, hello\n"), and of it twice, in Python 3.11.7.
        for (bytes, crc) in [
            (Self.hello, 0x526E_42E7 as UInt32), (Self.text, 0x526E_42E7),
            (Self.hello + Self.hello, crcOfTwo), (Self.text + Self.text, crcOfTwo),
        ] {
            let reader = try UnpackingReader(ByteSource(bytes: bytes))
            _ = try Gzip.contents(of: reader, limit: 1000)
            #expect(reader.crc32 == crc)
        }
    }
    private let crcOfTwo: UInt32 = 0xAEAE_080B

    @Test func eachTruncationIsFound() {
        for count in 2..<Self.hello.count {
            #expect(
                failure { _ = try read(Array(Self.hello.prefix(count))) }
                    == "badData: f.gz, byte \(count): truncated gzip data; fetch or copy the file again")
        }
    }

    @Test func corruption() {
        var wrongCheck = Self.hello
        wrongCheck[22] ^= 1
        #expect(
            failure { _ = try read(wrongCheck) }
                == "badData: f.gz, byte 26: corrupt gzip data: incorrect data check; fetch or copy the file again"
        )
        var wrongLength = Self.hello
        wrongLength[26] ^= 1
        #expect(failure { _ = try read(wrongLength) }.contains("corrupt gzip data: incorrect length check"))
        for place in 10..<Self.hello.count {
            for bit in 0..<8 {
                var bytes = Self.hello
                bytes[place] ^= 1 << bit
                #expect(
                    failure { _ = try read(bytes) }.hasPrefix("badData: f.gz, "), "byte \(place), bit \(bit)")
            }
        }
    }

    @Test func somethingAfterTheEnd() {
        #expect(
            failure { _ = try read(Self.hello + [1, 2]) }
                == "badData: f.gz, byte 30: something follows the gzip data (expected the end of the file)")
    }

    /// As gzip and Python's gzip do: zeros fill up, and another member may come behind them.
    @Test func zerosBehindTheEnd() throws {
        for zeros in [1, 7, 512, 200_000] {
            let filled = Self.hello + [UInt8](repeating: 0, count: zeros)
            #expect(try read(filled) == Self.text)
            #expect(try read(filled + Self.hello) == Self.text + Self.text)
            #expect(
                failure { _ = try read(filled + [1]) }
                    == "badData: f.gz, byte \(30 + zeros): something follows the gzip data (expected the end of the file)"
            )
        }
    }

    @Test func aLimit() throws {
        #expect(try read(Self.hello, limit: 20) == Self.text)
        #expect(
            failure { _ = try read(Self.hello, limit: 19) }
                == "badData: f.gz, unpacked byte 19: too long (expected at most 19 bytes, got more after byte 19)"
        )
        #expect(
            failure { _ = try read(Self.text, limit: 19) }
                == "badData: f.gz, byte 19: too long (expected at most 19 bytes, got 20 bytes)")
        // 10 MB of zeros in 10 kB: refused after the limit, not after the memory is gone.
        let bomb = Gzip.pack([UInt8](repeating: 0, count: 10_000_000))
        #expect(bomb.count < 11_000)
        #expect(failure { _ = try read(bomb) }.contains("too long (expected at most 1000 bytes"))
    }

    @Test func readsInPiecesOfAnySize() throws {
        for size in [1, 3, 7, 20, 64] {
            let reader = try UnpackingReader(ByteSource(bytes: Self.hello + Self.hello))
            var all: [UInt8] = []
            while true {
                let piece = try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                    count = try reader.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
                all += piece
                if piece.count < size { break }
            }
            #expect(all == Self.text + Self.text)
        }
    }

    @Test func filesThatAreNotThere() throws {
        try withTemporaryDirectory { directory in
            func read(_ path: String) -> String {
                failure(in: directory) { _ = try Gzip.contents(ofFile: path, limit: 10) }
            }
            #expect(
                read(directory + "/no.gz")
                    == "missingInput: DIR/no.gz: cannot open: no such file or directory")
            #expect(read(directory) == "missingInput: DIR: is a directory; give a file")
            #expect(mkfifo(directory + "/pipe", 0o600) == 0)
            #expect(read(directory + "/pipe") == "missingInput: DIR/pipe: is not a regular file; give a file")
            #expect(read("/dev/zero") == "missingInput: /dev/zero: is not a regular file; give a file")
        }
    }

    @Test func noMutationGetsPastTheReader() {
        let result = fuzz([Self.hello, Self.hello + Self.hello, Gzip.pack(Self.text + Self.text)], seed: 11) {
            _ = try read($0)
        }
        #expect(result.other == nil)
        #expect(result.refused > result.accepted)
    }
}
