import CImageFiles
import Glibc
import Support

/// The working memory of a thread that decodes: kept from picture to picture, so that ten thousand small ones take it once.
final class DecodingSpace {
    /// More than this is given back after a picture.
    private static let kept = 1 << 25

    private var buffers: [UnsafeMutableRawBufferPointer] = [
        .init(start: nil, count: 0), .init(start: nil, count: 0), .init(start: nil, count: 0),
    ]

    private var reduced: OpaquePointer?

    deinit {
        for buffer in buffers { free(buffer.baseAddress) }
        cif_jpeg_space_free(reduced)
    }

    /// What the reader of JPEGs at a fraction of their size keeps; nil without memory, which that reader takes too.
    func reducedJPEG() -> OpaquePointer? {
        if reduced == nil { reduced = cif_jpeg_space_make() }
        return reduced
    }

    /// What each buffer holds.
    enum Use: Int {
        case file, decoded, resampled
    }

    /// `count` bytes of any contents; they are valid until the next call for the same use.
    func bytes(_ count: Int, for use: Use, name: String?) throws -> UnsafeMutableRawBufferPointer {
        if buffers[use.rawValue].count < count || buffers[use.rawValue].count > max(count, Self.kept) {
            free(buffers[use.rawValue].baseAddress)
            buffers[use.rawValue] = .init(start: nil, count: 0)
            guard let memory = malloc(max(count, 4096)) else {
                throw DescentError(
                    .unavailable, "not enough memory for the picture", at: name, got: "\(count) bytes")
            }
            buffers[use.rawValue] = .init(start: memory, count: max(count, 4096))
        }
        return .init(rebasing: buffers[use.rawValue][..<count])
    }

    /// The contents of the file at `path`.
    func contents(of path: String, limit: Int) throws -> UnsafeRawBufferPointer {
        let (descriptor, size) = try RegularFile.open(path)
        defer { close(descriptor) }
        guard size <= limit else {
            throw DescentError(
                .badData, "the file is too large for a picture", at: path, expected: "at most \(limit) bytes",
                got: "\(size)")
        }
        let buffer = try bytes(size, for: .file, name: path)
        var filled = 0
        while filled < size {
            let count = read(descriptor, buffer.baseAddress.map { $0 + filled }, size - filled)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw Files.failure(.inputOutput, "cannot read", path) }
            // Became shorter meanwhile.
            if count == 0 { break }
            filled += count
        }
        return .init(rebasing: buffer[..<filled])
    }
}
