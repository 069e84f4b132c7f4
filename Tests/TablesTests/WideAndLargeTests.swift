import Arrays
import Foundation
import Glibc
import Support
import TestSupport
import Testing

@testable import Tables

/// Memory for wide tables and for texts that cannot be read, and files that change while they are read.
@Suite struct WideAndLargeTests {
    private func surveyed(_ count: Int) -> [RowSurvey.Part] {
        (0..<count).map {
            RowSurvey.Part(start: $0 * 10, end: ($0 + 1) * 10, firstRow: $0 * 3, hasQuotes: $0 % 100 == 50)
        }
    }

    /// A gigabyte of 100,000 columns has a thousand parts; lists for all of them would take five gigabytes more.
    @Test(arguments: [0, 1, 700, 100_000, 262_144]) func wideRowsTakeFewLists(texts: Int) throws {
        let survey = surveyed(1_000)
        let parts = ReadingParts(survey, columns: 262_144, texts: texts).parts
        #expect(parts.count * texts <= ReadingParts.listLimit)
        #expect(parts.count * 262_144 <= ReadingParts.flagLimit && parts.count > 3)
        #expect(parts.first?.start == 0 && parts.last?.end == 10_000)
        for (part, next) in zip(parts, parts.dropFirst()) {
            #expect(part.end == next.start && next.firstRow == 3 * next.start / 10)
        }
        #expect(parts.contains { $0.hasQuotes })
        #expect(try TextLists(parts: 1_000, columns: 0).count == 0)
        #expect(ReadingParts(survey, columns: 50, texts: 50).parts.count == 1_000)
    }

    /// Rows in so many parts that some are read together.
    @Test func wideTextsAreReadTogether() throws {
        let (width, rows) = (1_500, 900)
        var text = (0..<width).map { "c\($0)" }.joined(separator: ",") + "\n"
        for row in 0..<rows { text += (0..<width).map { "t\(($0 + row) % 7)" }.joined(separator: ",") + "\n" }
        let source = try source(Array(text.utf8))
        #expect(rows * width > ReadingParts.listLimit)
        for row in 0..<rows {
            for column in stride(from: 0, to: width, by: 97) {
                #expect(source.values[column].text(row) == "t\((column + row) % 7)")
            }
        }
    }

    /// What is left of the file is not what was read: a mapped one ended the program here.
    @Test func aFileMayBecomeShorter() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/t.csv"
        let bytes =
            Array("a,label\n".utf8) + Array(repeating: Array("1,x\n2,y\n".utf8), count: 1_000_000).joined()
        try AtomicFile.write(bytes, to: path)
        let storage = try TextStorage.contents(ofFile: path)
        #expect(truncate(path, 0) == 0)
        #expect(storage.count == bytes.count && memcmp(storage.base, bytes, bytes.count) == 0)
    }

    @Test func aFileThatEndsTooEarlyIsTold() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/t.csv"
        try AtomicFile.write("a,label\n1,x\n2,y", to: path)
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        #expect(
            failure { _ = try TextStorage.read(descriptor, size: 10 << 20, "t.csv") }
                == "inputOutput: t.csv: the file became shorter while it was read (expected 10485760 bytes); read it again when it is written"
        )
        #expect(failure { _ = try TextStorage.read(-1, size: 10, "t.csv") }.contains("cannot read the file"))
        // The size at the beginning counts, and the last row gets its end.
        let storage = try TextStorage.read(descriptor, size: 11, "t.csv")
        #expect(storage.bytes.elementsEqual("a,label\n1,x\n".utf8))
        #expect(storage.base[-1] == 0 && storage.base[12] == 0 && storage.base[storage.count + 63] == 0)
    }

    /// Both ways to a file's bytes give the same, with the padding that the scanners need.
    @Test(arguments: [0, 1, 4_095, 4_096, 4_097, 4 << 20, (8 << 20) + 5])
    func mappedAndReadAreTheSame(size: Int) throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/t.csv"
        try AtomicFile.write(
            Array(repeating: Array(32..<127), count: size / 95 + 1).joined().prefix(size).map { $0 }, to: path
        )
        let read = try TextStorage.contents(ofFile: path)
        let mapped = try TextStorage.contents(ofFile: path, readLimit: -1)
        #expect(read.count == size + (size > 0 ? 1 : 0) && read.count == mapped.count)
        #expect(memcmp(read.base, mapped.base, read.count) == 0)
        for storage in [read, mapped] {
            #expect(
                (1...64).allSatisfy { storage.base[-$0] == 0 && storage.base[storage.count + $0 - 1] == 0 })
        }
    }

    /// 60 texts of 16 MB that end in an error: none of them stays.
    @Test func textThatFailsLeavesNoMemory() throws {
        struct Stop: Error {}
        let chunk = [UInt8](repeating: 65, count: 16 << 20)
        func resident() throws -> Int {
            let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
            return (Int(text.split(separator: " ")[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE))
        }
        let before = try resident()
        for _ in 0..<60 {
            #expect(throws: Stop.self) {
                _ = try TextStorage.making { text in
                    chunk.withUnsafeBufferPointer { text.append($0) }
                    throw Stop()
                }
            }
        }
        // Other tests take some memory at the same time; what was lost were 960 MB and more.
        #expect(try resident() - before < 600 << 20)
    }
}
