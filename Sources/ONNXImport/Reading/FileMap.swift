import Glibc
import Support

/// The bytes of a file, mapped: weights are read where they lie, and pages that nothing reads take no memory.
///
/// A file must not become shorter while a model of it is in use, as with every mapped file.
final class FileMap: @unchecked Sendable {
    // Proof of Sendable: both properties are constant, and nothing writes to the pages.
    let bytes: UnsafeRawBufferPointer
    let path: String
    private let mapped: UnsafeMutableRawPointer?

    /// Maps the file at `path`.
    ///
    /// - Throws: `missingInput` where it cannot be opened or is no regular file, `inputOutput`.
    init(_ path: String) throws {
        self.path = path
        let (descriptor, size) = try RegularFile.open(path)
        defer { close(descriptor) }
        guard size > 0 else {
            mapped = nil
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let area = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), area != MAP_FAILED else {
            throw DescentError(.inputOutput, "cannot map the file: \(systemMessage(errno))", at: path)
        }
        mapped = area
        bytes = UnsafeRawBufferPointer(start: area, count: size)
    }

    /// Copies `contents`, as if they were a file's.
    init(contents: [UInt8], path: String) {
        self.path = path
        mapped = nil
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: contents.count, alignment: 64)
        copy.copyBytes(from: contents)
        bytes = UnsafeRawBufferPointer(copy)
    }

    deinit {
        if let mapped { munmap(mapped, bytes.count) } else { bytes.deallocate() }
    }
}
