import Arrays
import Support
import TestSupport
import Testing

@testable import Handwriting

/// Pictures of any shape and content, and mutated settings. DESCENT_FUZZ=1000000 gives each test a million.
@Suite struct HandwritingFuzzTests {
    /// The bytes are pixels; the first two say the shape, the third whether there are colours.
    private static func picture(_ bytes: [UInt8]) -> NDArray<UInt8> {
        let channels = (bytes.first ?? 0) % 4 == 0 ? 3 : 1
        let width = 1 + Int(bytes.dropFirst().first ?? 0) % 48
        let height = min(64, bytes.count / (width * channels))
        let pixels = Array(bytes.prefix(height * width * channels))
        return NDArray(
            shape: channels == 3 ? [height, width, 3] : [height, width], elements: pixels)
    }

    @Test func pictures() {
        var random = SplitMix64(state: 60)
        var seeds: [[UInt8]] = [[], [1, 0, 255]]
        for kind in 0..<6 {
            seeds.append(
                (0..<1600).map { place in
                    switch kind {
                    case 0: UInt8.random(in: 0...255, using: &random)
                    case 1: place / 40 % 9 == 4 ? 20 : 240
                    case 2: (place % 41 - 20).magnitude < 3 ? 0 : 255
                    case 3: UInt8(clamping: place / 8)
                    case 4: place % 40 > 10 && place % 40 < 14 && place > 200 && place < 1300 ? 250 : 3
                    default: 128
                    }
                })
        }
        let (normalization, segmentation) = (DigitNormalization(), DigitSegmentation())
        let outcome = fuzz(seeds, seed: 61) { bytes in
            let picture = Self.picture(bytes)
            for digit in try segmentation.digits(in: picture) {
                guard digit.image.shape == [28, 28], digit.box.x >= 0, digit.box.y >= 0,
                    digit.box.x + digit.box.width <= picture.shape[1],
                    digit.box.y + digit.box.height <= picture.shape[0]
                else { throw Mismatch() }
            }
            guard try normalization.image(of: picture).shape == [28, 28] else { throw Mismatch() }
        }
        #expect(outcome.other == nil)
        #expect(outcome.accepted > mutationCount / 20 && outcome.refused > 0, "\(outcome)")
    }

    @Test func settings() throws {
        let seed = Array(try JSONText(encoding: DigitNormalization()).document.utf8)
        let outcome = fuzz([seed], seed: 62, words: ["null", "1e300", "-1", "0", "6", "\"", "{"]) { bytes in
            do {
                _ = try JSONText.decode(DigitNormalization.self, from: bytes)
            } catch is DecodingError {
                throw DescentError(.badData, "another form")
            }
        }
        #expect(outcome.other == nil)
        #expect(outcome.accepted > mutationCount / 50 && outcome.refused > mutationCount / 20, "\(outcome)")
    }

    private struct Mismatch: Error {}
}
