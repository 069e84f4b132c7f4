import Arrays
import Support
import TestSupport
import Testing

@testable import Images

@Suite struct PerceptualHashTests {
    /// Random colours of 16 x 16 points, with smooth ways between them: every frequency of the hash has its part.
    private func scene(_ height: Int, _ width: Int, seed: UInt64) -> NDArray<UInt8> {
        var random = SplitMix64(state: seed)
        let points = NDArray(
            shape: [16, 16, 3], elements: (0..<768).map { _ in UInt8.random(in: 0...255, using: &random) })
        return ImageTarget(height: height, width: width, color: .rgb, fit: .stretch).resized(points)
    }

    @Test func copiesAreNear() {
        for seed in 1...5 as ClosedRange<UInt64> {
            let image = scene(120, 160, seed: seed)
            let hash = PerceptualHash(of: image)
            #expect(hash.bits.nonzeroBitCount == 32)
            #expect(hash.distance(to: hash) == 0)
            let small = ImageTarget(height: 60, width: 80, color: .gray, fit: .stretch).resized(image)
            #expect(hash.distance(to: PerceptualHash(of: small)) <= 4)
            let darker = NDArray(shape: image.shape, elements: image.elements.map { $0 / 2 })
            #expect(hash.distance(to: PerceptualHash(of: darker)) <= 4)
        }
    }

    @Test func othersAreFar() {
        let hashes = (1...20 as ClosedRange<UInt64>).map { PerceptualHash(of: scene(64, 64, seed: $0)) }
        for (index, hash) in hashes.enumerated() {
            for other in hashes[..<index] { #expect(hash.distance(to: other) > 10) }
        }
    }

    @Test func aFlatPictureSaysNothing() {
        for value in [0, 77, 255] as [UInt8] {
            #expect(PerceptualHash(of: NDArray<UInt8>(shape: [20, 31], repeating: value)).bits == 0)
        }
    }

    /// A wave along one frequency alone: the bits are those of its coefficient, worked by hand.
    @Test func oneWave() {
        let image = NDArray<UInt8>(shape: [32, 32]) { pixels in
            for index in 0..<1024 {
                let down = Mathematics.cosine(Double(2 * (index / 32) + 1) * 3 * Double.pi / 64)
                let across = Mathematics.cosine(Double(2 * (index % 32) + 1) * 2 * Double.pi / 64)
                pixels[index] = UInt8((128 + 100 * down * across).rounded())
            }
        }
        // Row 3 of frequencies, column 2: the third and the second after those of whole rows and columns.
        #expect(PerceptualHash(of: image).bits >> 17 & 1 == 1)
        let inverse = NDArray(shape: [32, 32], elements: image.elements.map { 255 - $0 })
        #expect(PerceptualHash(of: inverse).bits >> 17 & 1 == 0)
    }

    /// SHA-256 of "abc": FIPS 180-4's own example.
    @Test func digestsOfBytesAndPixels() {
        let digest = Array("abc".utf8).withUnsafeBytes { ContentDigest(of: $0) }
        #expect("\(digest)" == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let flat = NDArray<UInt8>(shape: [2, 3], repeating: 5)
        #expect(
            ContentDigest(ofPixels: flat)
                == ContentDigest(ofPixels: NDArray<UInt8>(shape: [2, 3], repeating: 5)))
        #expect(
            ContentDigest(ofPixels: flat)
                != ContentDigest(ofPixels: NDArray<UInt8>(shape: [3, 2], repeating: 5)))
    }
}
