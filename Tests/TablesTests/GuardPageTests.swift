import CKernels
import Glibc
import Support
import TestSupport
import Testing

@testable import Tables

/// The vectorised readers between two pages that may not be touched: a byte read outside ends the test program.
@Suite struct GuardPageTests {
    private static let page = sysconf(Int32(_SC_PAGESIZE))

    /// Memory of `count` bytes, of which the first or the last lies at a page that may not be touched.
    private final class GuardedMemory {
        let area: UnsafeMutableRawPointer
        let size: Int
        let bytes: UnsafeMutablePointer<UInt8>

        init(count: Int, atEnd: Bool) throws {
            let inner = (max(1, count) + page - 1) / page * page
            size = inner + 2 * page
            let mapped = mmap(nil, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            area = try #require(mapped == MAP_FAILED ? nil : mapped)
            try #require(mprotect(area + page, inner, PROT_READ | PROT_WRITE) == 0)
            bytes = (area + page + (atEnd ? inner - count : 0)).assumingMemoryBound(to: UInt8.self)
        }

        deinit { munmap(area, size) }
    }

    /// A text with its padding, and not a byte more.
    private func text(_ content: [UInt8], atEnd: Bool, partSize: Int) throws -> TableText {
        let padding = TextStorage.padding
        let ended = content.last == UInt8(ascii: "\n") ? content : content + [UInt8(ascii: "\n")]
        let memory = try GuardedMemory(count: ended.count + 2 * padding, atEnd: atEnd)
        for (place, byte) in ended.enumerated() { memory.bytes[padding + place] = byte }
        let storage = TextStorage(base: UnsafePointer(memory.bytes + padding), count: ended.count) {
            withExtendedLifetime(memory) {}
        }
        // `rewriting` takes any storage that is UTF-8.
        let plain = try TableText(bytes: ended, partSize: partSize)
        return try TableText(rewriting: plain, as: storage)
    }

    @Test(arguments: [false, true]) func tables(atEnd: Bool) throws {
        let names = [
            "quotes.csv", "stray.csv", "semicolons.csv", "people.csv", "blank.csv", "plain.csv", "pipes.csv",
        ]
        for name in names {
            let whole = try #require(contents(Fixture.path(name)))
            // Cut anywhere, so that each of the vectors' places is the last.
            for cut in stride(from: whole.count, to: max(0, whole.count - 130), by: -1) {
                for partSize in [1 << 20, 64] {
                    do {
                        let text = try text(Array(whole.prefix(cut)), atEnd: atEnd, partSize: partSize)
                        _ = try Table(text, label: nil, task: nil, ignoring: [], options: TableOptions())
                    } catch is DescentError {}
                }
            }
        }
    }

    /// Fields alone have no padding.
    @Test(arguments: [false, true]) func numbers(atEnd: Bool) throws {
        let fields = [
            "", "1", "-", "1.5", "  2  ", "1e", "1e-5", "nan", "NA", "null", "?", "-inf", "infinity",
            "12345678",
            "1234567.8", "123456789012345678901234567890", "0.000000000000000000000000000001", "1,5", "\"1\"",
            "e5", ".",
            "99999999999999999999999e300", "0x1p3", "1.7976931348623157e308", "NaN ", "\t3", "N/A",
        ]
        for field in notEmpty(fields) {
            let bytes = Array(field.utf8)
            for point in [UInt8(ascii: "."), UInt8(ascii: ",")] {
                let memory = try GuardedMemory(count: bytes.count, atEnd: atEnd)
                for (place, byte) in bytes.enumerated() { memory.bytes[place] = byte }
                var (value, expected) = (0.0, 0.0)
                let kind = ck_field_number(memory.bytes, bytes.count, point, &value)
                // With room on both sides it is the same.
                var roomy = [UInt8](repeating: 0x39, count: 64)
                roomy.replaceSubrange(32..<32 + bytes.count, with: bytes)
                let other = roomy.withUnsafeBufferPointer {
                    ck_field_number($0.baseAddress.map { $0 + 32 }, bytes.count, point, &expected)
                }
                #expect(kind == other && (value == expected || value.isNaN && expected.isNaN), "\(field)")
            }
        }
    }

    /// The check of UTF-8 gets bytes with the padding of a text.
    @Test(arguments: [false, true]) func characters(atEnd: Bool) throws {
        let padding = TextStorage.padding
        for count in 0..<150 {
            let content = Array(repeating: Array("aé가😀".utf8), count: 15).joined().prefix(count)
            let memory = try GuardedMemory(count: count + 2 * padding, atEnd: atEnd)
            for (place, byte) in content.enumerated() { memory.bytes[padding + place] = byte }
            let fault = ck_utf8_fault(memory.bytes + padding, count)
            #expect((fault == count) == (String(validating: content, as: UTF8.self) != nil), "\(count)")
        }
    }
}
