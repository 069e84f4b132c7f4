import Arrays
import Support
import TestSupport
import Testing

@testable import Images

/// Mutated files end in pixels or in an error. DESCENT_FUZZ=1000000 gives each reader a million.
@Suite struct ImageFuzzTests {
    @Test(arguments: [("png", 21), ("jpeg", 22), ("webp", 23)] as [(String, UInt64)])
    func mutatedFiles(format: String, seed: UInt64) throws {
        let seeds = try ImageVectors.read().cases.filter { $0.name.hasPrefix(format) }.map(\.bytes)
        let target = ImageTarget(height: 5, width: 7, color: .gray, fit: .pad)
        // Small, because a header that says more than it has costs the time to fill it.
        let decoder = ImageDecoder(maximumPixels: 1 << 14)
        let outcome = fuzz(seeds, seed: seed) { bytes in
            let header = Result { try ImageHeader(of: bytes) }
            do {
                let image = try decoder.decode(bytes)
                let shape =
                    try [header.get().height, header.get().width] + (header.get().hasColor ? [3] : [])
                guard image.shape == shape else { throw Mismatch.shape }
                // Whoever can be decoded can be decoded to a target.
                guard try decoder.decode(bytes, to: target).shape == [5, 7] else { throw Mismatch.shape }
            } catch let error as DescentError where error.kind != .badData {
                throw Mismatch.kind
            }
        }
        #expect(outcome.other == nil)
        #expect(outcome.accepted > 0 && outcome.refused > outcome.accepted / 10)
    }

    private enum Mismatch: Error { case shape, kind }

    /// EXIF alone, which no checksum guards.
    @Test func mutatedEXIF() throws {
        let whole = try ImageVectors.bytes("jpeg orientation 6")
        let start = try #require(whole.indices.first { whole[$0...].starts(with: Array("Exif".utf8)) })
        let exif = Array(whole[start..<min(start + 120, whole.count)])
        let outcome = fuzz([exif], seed: 24) { bytes in
            _ = bytes.withUnsafeBytes { buffer in
                var source = ImageBytes(buffer)
                return ImageOrientation(exif: &source, in: 0..<buffer.count)
            }
        }
        #expect(outcome.other == nil && outcome.accepted == mutationCount)
    }
}
