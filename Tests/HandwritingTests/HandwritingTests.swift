import Arrays
import Datasets
import Foundation
import Support
import Testing

@testable import Handwriting

/// Built-in digits as bytes.
enum Digits {
    static let all = BuiltInDigits.generate(count: 100, seed: 3)

    static func image(_ index: Int) -> NDArray<UInt8> { all.images[index] }

    /// An image's pixels, each `factor` x `factor` times.
    static func enlarged(_ image: NDArray<UInt8>, by factor: Int) -> NDArray<UInt8> {
        let (height, width) = (image.shape[0], image.shape[1])
        let pixels = image.elements
        var large = [UInt8](repeating: 0, count: height * width * factor * factor)
        for y in 0..<height * factor {
            for x in 0..<width * factor {
                large[y * width * factor + x] = pixels[y / factor * width + x / factor]
            }
        }
        return NDArray(shape: [height * factor, width * factor], elements: large)
    }

    static func negative(_ image: NDArray<UInt8>) -> NDArray<UInt8> {
        NDArray(shape: image.shape, elements: image.elements.map { 255 - $0 })
    }

    /// The mean of the absolute differences, in levels of 255.
    static func difference(_ one: NDArray<UInt8>, _ other: NDArray<UInt8>) -> Double {
        let sum = zip(one.elements, other.elements).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        return Double(sum) / Double(one.count)
    }
}

@Suite("Digits brought into MNIST's form")
struct DigitNormalizationTests {
    let normalization = DigitNormalization()

    /// The form is LeCun et al. 1998's: the ink's longer side 20 pixels, the centre of mass in the middle (13.5, counted from
    /// the first pixel's middle). The ink's edge is grey over a pixel, so the box of all that is not paper may be 21.
    @Test("The ink is 20 pixels long and centred by mass")
    func form() throws {
        for index in 0..<100 {
            let image = try normalization.image(of: Digits.image(index))
            #expect(image.shape == [28, 28])
            let plane = Plane(width: 28, height: 28, values: image.elements.map { Float($0) })
            let box = try #require(plane.mask(above: 96).bounds)
            #expect((18...21).contains(max(box.width, box.height)), "digit \(index): \(box)")
            // Ink stays within the image, even if its mass lies to one side.
            let isFree = (x: box.left > 1 && box.right < 27, y: box.top > 1 && box.bottom < 27)
            let centre = plane.centreOfMass
            #expect(!isFree.x || abs(centre.x - 14) < 0.5, "digit \(index): \(centre)")
            #expect(!isFree.y || abs(centre.y - 14) < 0.5, "digit \(index): \(centre)")
        }
    }

    @Test("Light on dark and dark on light give the same bits")
    func polarity() throws {
        for index in 0..<100 {
            let image = Digits.image(index)
            #expect(try normalization.image(of: Digits.negative(image)) == normalization.image(of: image))
            let large = Digits.enlarged(image, by: 9)
            #expect(try normalization.image(of: Digits.negative(large)) == normalization.image(of: large))
        }
    }

    @Test("The size of the picture hardly matters")
    func scale() throws {
        var offs: [Double] = []
        for index in 0..<60 {
            let small = try normalization.image(of: Digits.image(index))
            for factor in [3, 8, 20] {
                let large = try normalization.image(of: Digits.enlarged(Digits.image(index), by: factor))
                offs.append(Digits.difference(small, large))
            }
        }
        // Measured 5.9; two different digits of one class differ by 15 to 30. One of the sixty is a smear whose loops the large picture shows.
        #expect(offs.reduce(0, +) / Double(offs.count) < 7)
        #expect(offs.filter { $0 > 10 }.count <= 3)
    }

    /// A disc's edge at distance r: strokes of the same middle line are rings.
    @Test("Strokes of any width become alike", arguments: [6.0, 10, 16, 24])
    func strokeWidth(thickness: Double) throws {
        func ring(_ thickness: Double) -> NDArray<UInt8> {
            var pixels = [UInt8](repeating: 230, count: 200 * 200)
            for y in 0..<200 {
                for x in 0..<200 {
                    let (dx, dy) = ((Double(x) - 99.5) / 45, (Double(y) - 99.5) / 70)
                    let off = abs((dx * dx + dy * dy).squareRoot() - 1) * 55
                    if off < thickness / 2 { pixels[y * 200 + x] = 30 }
                }
            }
            return NDArray(shape: [200, 200], elements: pixels)
        }
        let image = try normalization.image(of: ring(thickness))
        let reference = try normalization.image(of: ring(12))
        #expect(Digits.difference(image, reference) < 9)
    }

    @Test("Settings are kept, and impossible ones refused")
    func settings() throws {
        let coded = try JSONEncoder().encode(DigitNormalization(strokeWidth: 3))
        #expect(try JSONDecoder().decode(DigitNormalization.self, from: coded).strokeWidth == 3)
        let none = try JSONEncoder().encode(DigitNormalization(strokeWidth: nil))
        #expect(try JSONDecoder().decode(DigitNormalization.self, from: none).strokeWidth == nil)
        #expect(throws: DescentError.self) { try DigitNormalization(strokeWidth: 0) }
        #expect(throws: DescentError.self) { try DigitNormalization(strokeWidth: .nan) }
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(DigitNormalization.self, from: Data(#"{"strokeWidth": 100}"#.utf8))
        }
    }

    @Test("Many pictures at once are each as one alone; an empty one stays empty")
    func many() throws {
        var images = Digits.all.images[0..<40].elements
        images.replaceSubrange(784 * 7..<784 * 8, with: [UInt8](repeating: 0, count: 784))
        let result = try normalization.images(of: NDArray(shape: [40, 28, 28], elements: images))
        for index in 0..<40 where index != 7 {
            #expect(try result[index] == normalization.image(of: Digits.image(index)))
        }
        #expect(result[7].elements.allSatisfy { $0 == 0 })
        #expect(throws: DescentError.self) {
            try normalization.images(of: NDArray<UInt8>(shape: [4, 4], repeating: 0))
        }
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: DescentError(.interrupted, "stopped")) {
            try normalization.images(of: Digits.all.images, cancellation: cancellation)
        }
    }
}

@Suite("Pictures without a digit, and what is no picture")
struct BadPictureTests {
    let normalization = DigitNormalization()

    @Test("No ink is an answer of its own", arguments: [1, 2, 28, 41, 300])
    func empty(side: Int) throws {
        for level in [UInt8(0), 128, 255] {
            let blank = NDArray<UInt8>(shape: [side, side], repeating: level)
            #expect(try normalization.imageIfInk(of: blank) == nil)
            do {
                _ = try normalization.image(of: blank)
                Issue.record("blank paper was read")
            } catch {
                #expect(error.kind == .badData && error.what.hasPrefix("no ink"))
            }
            #expect(try DigitSegmentation().digits(in: blank) == [])
        }
    }

    @Test("Paper with grain and a shadow that falls off has no ink")
    func emptySheets() throws {
        var chance = Chance(seed: 1, epoch: 0, index: 0)
        for (width, height) in [(30, 30), (120, 90), (400, 300)] {
            for _ in 0..<6 {
                let slope = (x: chance.uniform(-60...60), y: chance.uniform(-60...60))
                let grain = chance.uniform(0...4)
                let pixels = (0..<width * height).map { place in
                    let (u, v) = (Float(place % width) / Float(width), Float(place / width) / Float(height))
                    return UInt8(max(0, min(255, 170 + slope.x * u + slope.y * v + chance.bell(grain))))
                }
                let sheet = NDArray<UInt8>(shape: [height, width], elements: pixels)
                if max(width, height) > 40 { #expect(try normalization.imageIfInk(of: sheet) == nil) }
            }
        }
    }

    @Test("Other shapes are refused")
    func shapes() {
        for shape in [[], [4], [0, 5], [5, 0], [4, 4, 1], [4, 4, 4], [2, 4, 4, 3], [0, 0, 3]] {
            let pixels = NDArray<UInt8>(shape: shape, repeating: 9)
            #expect(throws: DescentError.self) { try normalization.image(of: pixels) }
            #expect(throws: DescentError.self) { try DigitSegmentation().digits(in: pixels) }
        }
    }

    @Test("Random bytes of any size end in an image or in none")
    func fuzz() throws {
        var chance = Chance(seed: 7, epoch: 0, index: 0)
        for round in 0..<400 {
            let sides = [1, 2, 3, 5, 8, 17, 39, 40, 41, 64, 90]
            var shape = [sides[chance.whole(0...10)], sides[chance.whole(0...10)]]
            if round % 50 == 0 { shape = chance.happens(0.5) ? [1, 3000] : [2000, 2] }
            let count = shape[0] * shape[1]
            let isColour = chance.happens(0.3)
            // Noise, two levels, or blots on paper.
            let kind = chance.whole(0...2)
            let share = chance.uniform(0...1)
            let bytes = (0..<count * (isColour ? 3 : 1)).map { place -> UInt8 in
                switch kind {
                case 0: UInt8(truncatingIfNeeded: chance.next())
                case 1: chance.happens(share) ? 255 : 0
                default: (place / 7 + place / 91) % 5 == 0 ? 20 : 220
                }
            }
            let pixels = NDArray(shape: isColour ? shape + [3] : shape, elements: bytes)
            if let image = try normalization.imageIfInk(of: pixels) { #expect(image.shape == [28, 28]) }
            for digit in try DigitSegmentation().digits(in: pixels) {
                #expect(digit.image.shape == [28, 28] && digit.box.x >= 0 && digit.box.y >= 0)
                #expect(digit.box.width > 0 && digit.box.x + digit.box.width <= shape[1])
                #expect(digit.box.height > 0 && digit.box.y + digit.box.height <= shape[0])
            }
        }
    }

    @Test("A picture of 12 megapixels is read")
    func large() throws {
        let image = Digits.enlarged(Digits.image(0), by: 125)
        let read = try normalization.image(of: image)
        #expect(Digits.difference(read, try normalization.image(of: Digits.image(0))) < 10)
    }
}
