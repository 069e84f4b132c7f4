import Arrays
import Foundation
import TestSupport
import Testing

@testable import Datasets

/// Changed images, against the same formulas written plainly in double precision.
@Suite struct AugmentationTests {
    private static func pictures(_ count: Int, _ height: Int, _ width: Int) -> NDArray<UInt8> {
        var random = RandomState(7)
        return NDArray(
            shape: [count, height, width],
            elements: (0..<count * height * width).map { _ in
                // Two thirds are background, as in digits.
                random.randint(0, 3) == 0 ? UInt8(random.randint(0, 256)) : 0
            })
    }

    @Test(arguments: [
        (28, 28, "shift=1.5,rotate=9,scale=0.1"), (28, 28, "shift=2,rotate=10,scale=0.1,elastic=20"),
        (28, 28, "elastic=8,sigma=3"), (9, 16, "shift=1,elastic=5,sigma=2"), (33, 20, "rotate=180"),
        (1, 1, "shift=0.5,elastic=1"), (5, 40, "scale=0.5,elastic=3,sigma=0.3"),
    ])
    func imagesAreThoseOfTheFormulas(height: Int, width: Int, text: String) throws {
        let augmentation = try Augmentation(parsing: text)
        let pictures = Self.pictures(40, height, width)
        let rows: [Int32] = [3, 39, 0, 17, 3, 21, 8, 30, 5, 12]
        let changed = augmentation.images(pictures, rows: rows, seed: 5, epoch: 2)
        #expect(changed.shape == [rows.count, height, width])
        var unequal = 0
        for (index, row) in rows.enumerated() {
            let expected = PlainAugmentation(augmentation, height, width, seed: 5, epoch: 2, row: UInt32(row))
                .image(Array(pictures.elements[Int(row) * height * width..<(Int(row) + 1) * height * width]))
            let got = changed.elements[index * height * width..<(index + 1) * height * width]
            for (a, b) in paired(got, expected) where a != b {
                unequal += 1
                // Half way between two numbers single precision may round to the other.
                #expect(abs(Int(a) - Int(b)) == 1, "\(text): row \(row)")
            }
        }
        #expect(unequal * 200 <= rows.count * height * width + 199, "\(text): \(unequal)")
        // The control: another epoch's images are others.
        let others = augmentation.images(pictures, rows: rows, seed: 5, epoch: 3)
        #expect(height == 1 || others != changed)
    }

    @Test func partsAndNeighboursDecideNothing() throws {
        let augmentation = try Augmentation(parsing: "digits")
        let pictures = Self.pictures(20, 28, 28)
        let rows = (0..<20).map { Int32($0) }
        let whole = augmentation.images(pictures, rows: rows, seed: 1, epoch: 1, parts: 1)
        #expect(whole == augmentation.images(pictures, rows: rows, seed: 1, epoch: 1, parts: 7))
        let one = augmentation.images(pictures, rows: [11], seed: 1, epoch: 1)
        #expect(one.elements == Array(whole.elements[11 * 784..<12 * 784]))
    }
}

/// The formulas of `augment.c`, one number after another.
private struct PlainAugmentation {
    let augmentation: Augmentation
    let (height, width): (Int, Int)
    let key: (UInt32, UInt32)
    let (epoch, row): (UInt32, UInt32)

    init(_ augmentation: Augmentation, _ height: Int, _ width: Int, seed: UInt32, epoch: UInt32, row: UInt32)
    {
        self.augmentation = augmentation
        (self.height, self.width) = (height, width)
        key = (seed, 0x6175_676D)
        (self.epoch, self.row) = (epoch, row)
    }

    /// Philox4x32-10 (Salmon et al. 2011).
    private func words(_ counter: UInt32) -> [UInt32] {
        var (c, k) = ([counter, 0, epoch, row], key)
        for _ in 0..<10 {
            let a = UInt64(0xD251_1F53) * UInt64(c[0])
            let b = UInt64(0xCD9E_8D57) * UInt64(c[2])
            c = [
                UInt32(b >> 32) ^ c[1] ^ k.0, UInt32(truncatingIfNeeded: b), UInt32(a >> 32) ^ c[3] ^ k.1,
                UInt32(truncatingIfNeeded: a),
            ]
            k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85)
        }
        return c
    }

    private func unit(_ bits: UInt32) -> Double { (Double(bits & 0xFFFF) + 0.5) / 32768 - 1 }

    /// Uniform numbers, smoothed by a Gaussian that ends at three deviations.
    private func field(_ which: UInt32) -> [Double] {
        guard augmentation.elastic > 0 else { return Array(repeating: 0, count: height * width) }
        let noise = (0..<height * width).map { place -> Double in
            let words = words(1 + which << 31 + UInt32(place / 8))
            let left = 7 - place % 8
            return unit(words[left / 2] >> (left % 2 == 1 ? 16 : 0))
        }
        let radius = max(1, Int((3 * augmentation.smoothness).rounded(.up)))
        let weights = (-radius...radius).map { exp(-0.5 * pow(Double($0) / augmentation.smoothness, 2)) }
        let total = weights.reduce(0, +)
        func smoothed(_ values: [Double], _ dy: Int, _ dx: Int) -> [Double] {
            (0..<height * width).map { place in
                (-radius...radius).reduce(0.0) { sum, k in
                    let (y, x) = (place / width + k * dy, place % width + k * dx)
                    guard (0..<height).contains(y), (0..<width).contains(x) else { return sum }
                    return sum + weights[k + radius] / total * values[y * width + x]
                }
            }
        }
        return smoothed(smoothed(noise, 1, 0), 0, 1).map { $0 * augmentation.elastic }
    }

    func image(_ source: [UInt8]) -> [UInt8] {
        let drawn = words(0)
        let (dx, dy) = (augmentation.shift * unit(drawn[0]), augmentation.shift * unit(drawn[0] >> 16))
        let angle = augmentation.rotation * .pi / 180 * unit(drawn[1])
        let scale = 1 / (1 + augmentation.scaling * unit(drawn[2]))
        let (c, s) = (cos(angle) * scale, sin(angle) * scale)
        let (ex, ey) = (field(0), field(1))
        let (middleX, middleY) = (Double(width - 1) / 2, Double(height - 1) / 2)
        func pixel(_ y: Int, _ x: Int) -> Double {
            (0..<height).contains(y) && (0..<width).contains(x) ? Double(source[y * width + x]) : 0
        }
        return (0..<height * width).map { place in
            let (u, v) = (Double(place % width) - middleX - dx, Double(place / width) - middleY - dy)
            let fromX = min(max(c * u + s * v + middleX + ex[place], -1), Double(width))
            let fromY = min(max(c * v - s * u + middleY + ey[place], -1), Double(height))
            let (x, y) = (Int(fromX.rounded(.down)), Int(fromY.rounded(.down)))
            let (px, py) = (fromX - fromX.rounded(.down), fromY - fromY.rounded(.down))
            let top = pixel(y, x) + px * (pixel(y, x + 1) - pixel(y, x))
            let bottom = pixel(y + 1, x) + px * (pixel(y + 1, x + 1) - pixel(y + 1, x))
            return UInt8(top + py * (bottom - top) + 0.5)
        }
    }
}
