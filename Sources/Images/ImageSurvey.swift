import Arrays
import CDigest
import Support

/// What one look at an image file finds: its header, a digest of its bytes, a hash of what it looks like.
package struct ImageSurvey: Sendable, Equatable {
    /// Size, kind and orientation.
    package let header: ImageHeader
    /// The digest of the file's bytes.
    package let digest: ContentDigest
    /// The hash of the picture.
    package let hash: PerceptualHash

    /// Looks at the file at `path`.
    ///
    /// - Throws: as `ImageDecoder.decode(contentsOf:)` does.
    package init(contentsOf path: String, decoder: ImageDecoder = ImageDecoder()) throws {
        try self.init(contentsOf: path, decoder, DecodingSpace())
    }

    init(contentsOf path: String, _ decoder: ImageDecoder, _ space: DecodingSpace) throws {
        let bytes = try space.contents(of: path, limit: decoder.maximumBytes)
        header = try decoder.checkedHeader(bytes, name: path)
        digest = ContentDigest(of: bytes)
        let target = PerceptualHash.target
        hash = try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: target.byteCount) { pixels in
            try decoder.decode(bytes, to: target, into: pixels, name: path, space)
            return PerceptualHash(reduced: UnsafeBufferPointer(pixels))
        }
    }
}

/// The SHA-256 digest of bytes: the same for equal contents, and different for all others.
package struct ContentDigest: Hashable, Sendable, CustomStringConvertible {
    private let words: [UInt8]

    /// The digest of `bytes`.
    package init(of bytes: UnsafeRawBufferPointer) {
        var context = SHA2_CTX()
        SHA256Init(&context)
        SHA256Update(&context, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
        words = [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            SHA256Final(buffer.baseAddress, &context)
            count = 32
        }
    }

    /// The digest of a picture's shape and pixels, whatever file they came from.
    package init(ofPixels image: NDArray<UInt8>) {
        // The shape first: pixels of 2 x 3 are not those of 3 x 2.
        var bytes = image.shape.flatMap { axis in (0..<8).map { UInt8(truncatingIfNeeded: axis >> (8 * $0)) }
        }
        image.withUnsafeElements { bytes += $0 }
        self = bytes.withUnsafeBytes { ContentDigest(of: $0) }
    }

    /// 64 hexadecimal digits.
    package var description: String {
        words.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
