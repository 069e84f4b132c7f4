import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import Datasets

/// Changed images, against the same formulas written plainly in double precision.
@Suite struct AugmentationTests {
    private static func pictures(
        _ count: Int, _ height: Int, _ width: Int, channels: Int = 1
    ) -> NDArray<UInt8> {
        var random = RandomState(7)
        return NDArray(
            shape: [count] + (channels == 3 ? [3] : []) + [height, width],
            elements: (0..<count * height * width * channels).map { _ in
                // Two thirds are background, as in digits.
                random.randint(0, 3) == 0 ? UInt8(random.randint(0, 256)) : 0
            })
    }

    @Test(
        arguments: [
            (28, 28, "shift=1.5,rotate=9,scale=0.1"), (28, 28, "shift=2,rotate=10,scale=0.1,elastic=20"),
            (28, 28, "elastic=8,sigma=3"), (9, 16, "shift=1,elastic=5,sigma=2"), (33, 20, "rotate=180"),
            (1, 1, "shift=0.5,elastic=1"), (5, 40, "scale=0.5,elastic=3,sigma=0.3"),
            (20, 12, "move=0.2,shear=20,flip=0.5,edge=true"), (16, 16, "brightness=0.3,contrast=0.4"),
            (24, 18, "erase=0.4"), (24, 18, "erase=0.4,edge=true,rotate=5"),
        ], [1, 3])
    func imagesAreThoseOfTheFormulas(_ form: (height: Int, width: Int, text: String), channels: Int) throws {
        let (height, width, text) = (
            form.height, form.width, form.text + (channels == 3 ? ",colour=0.5" : "")
        )
        let augmentation = try Augmentation(parsing: text)
        let pictures = Self.pictures(40, height, width, channels: channels)
        let rows: [Int32] = [3, 39, 0, 17, 3, 21, 8, 30, 5, 12]
        let changed = augmentation.images(pictures, rows: rows, seed: 5, epoch: 2)
        #expect(changed.shape == [rows.count] + pictures.shape.dropFirst())
        var unequal = 0
        let values = height * width * channels
        for (index, row) in rows.enumerated() {
            let source = Array(pictures.elements[Int(row) * values..<(Int(row) + 1) * values])
            let expected = PlainAugmentation(augmentation, height, width, seed: 5, epoch: 2, row: UInt32(row))
                .image(source, channels: channels)
            let got = changed.elements[index * values..<(index + 1) * values]
            for (a, b) in paired(got, expected) where a != b {
                unequal += 1
                // Half way between two numbers single precision may round to the other.
                #expect(abs(Int(a) - Int(b)) == 1, "\(text): row \(row)")
            }
        }
        #expect(unequal * 200 <= rows.count * values + 199, "\(text): \(unequal)")
        // The control: another epoch's images are others.
        let others = augmentation.images(pictures, rows: rows, seed: 5, epoch: 3)
        #expect(height == 1 || others != changed)
    }

    /// Images that were read for a batch are changed as they are among all: by their numbers.
    @Test func numbersDecideAndNotPlaces() throws {
        let augmentation = try Augmentation(parsing: "shift=2,rotate=10,elastic=8,erase=0.3,brightness=0.2")
        let pictures = Self.pictures(40, 16, 16, channels: 3)
        let rows: [Int32] = [3, 39, 0, 17]
        let whole = augmentation.images(pictures, rows: rows, seed: 5, epoch: 2)
        let batch = concatenate(rows.map { pictures[Int($0)..<Int($0) + 1] })
        let read = augmentation.images(batch, rows: [0, 1, 2, 3], numbers: rows, seed: 5, epoch: 2, parts: 3)
        #expect(read == whole)
        #expect(augmentation.images(batch, rows: [0, 1, 2, 3], seed: 5, epoch: 2) != whole)
    }

    /// Each grey image as a colour image of three equal channels has the same changes.
    @Test func coloursMoveTogether() throws {
        let augmentation = try Augmentation(
            parsing: "shift=2,rotate=10,shear=5,flip=0.5,elastic=20,edge=true")
        let grey = Self.pictures(10, 28, 28)
        let colour = NDArray(
            shape: [10, 3, 28, 28],
            elements: (0..<10).flatMap { image in (0..<3).flatMap { _ in grey[image].elements } })
        let rows = (0..<10).map { Int32($0) }
        let changed = augmentation.images(grey, rows: rows, seed: 3, epoch: 1)
        let inColour = augmentation.images(colour, rows: rows, seed: 3, epoch: 1)
        for image in 0..<10 {
            for channel in 0..<3 { #expect(inColour[image, channel] == changed[image]) }
        }
    }

    /// Half of the images are mirrored, and nothing else happens to them.
    @Test func flipsAreMirrorImages() throws {
        let pictures = Self.pictures(400, 6, 7)
        let changed = try Augmentation(parsing: "flip=0.5").images(
            pictures, rows: (0..<400).map { Int32($0) }, seed: 1, epoch: 1)
        var mirrored = 0
        for row in 0..<400 {
            let (before, after) = (pictures[row], changed[row])
            let places = (0..<6).flatMap { y in (0..<7).map { x in y * 7 + 6 - x } }
            let mirror = NDArray(shape: [6, 7], elements: places.map { before.elements[$0] })
            mirrored += after == mirror ? 1 : 0
            #expect(after == mirror || after == before, "row \(row)")
        }
        // Of 400 fair coins fewer than 1 in 10,000 sets has a count outside.
        #expect((160...240).contains(mirrored))
    }

    @Test func textAndSettingsAreOne() throws {
        for text in [
            "digits", "photos",
            "shift=2.0,move=0.1,rotate=3.0,scale=0.2,shear=5.0,flip=0.5,elastic=3.0,sigma=2.0",
            "erase=0.3,brightness=0.1,contrast=0.2,colour=0.3,edge=true",
        ] {
            let augmentation = try Augmentation(parsing: text)
            #expect(try Augmentation(parsing: augmentation.description) == augmentation)
            if text.contains("=") { #expect(augmentation.description == text) }
        }
        #expect(try Augmentation(parsing: "digits") == .digits)
        #expect(try Augmentation(parsing: "photos") == .photographs)
        for text in ["", "shift=0", "sigma=3", "flip=2", "edge=true", "edge=maybe", "blur=1", "shear=-1"] {
            #expect(throws: DescentError.self, "\(text)") { try Augmentation(parsing: text) }
        }
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
    private func words(_ counter: UInt32, _ second: UInt32 = 0) -> [UInt32] {
        var (c, k) = ([counter, second, epoch, row], key)
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

    /// [channels, H, W] in, and out.
    func image(_ source: [UInt8], channels: Int) -> [UInt8] {
        let pixels = height * width
        var image = (0..<channels).flatMap { moved(Array(source[$0 * pixels..<($0 + 1) * pixels])) }
        let drawn = words(0, 1)
        relight(&image, channels, drawn)
        cover(&image, channels, drawn)
        return image
    }

    private func means(_ image: [UInt8], _ channels: Int) -> [Double] {
        (0..<channels).map { channel in
            let plane = image[channel * height * width..<(channel + 1) * height * width]
            return plane.reduce(0) { $0 + Double($1) } / Double(plane.count)
        }
    }

    /// ITU-R BT.601.
    private func grey(_ colour: [Double]) -> Double {
        colour.count == 1 ? colour[0] : 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]
    }

    private func byte(_ x: Double) -> UInt8 { UInt8(min(max(x, 0), 255) + 0.5) }

    private func relight(_ image: inout [UInt8], _ channels: Int, _ drawn: [UInt32]) {
        let a = augmentation
        guard a.brightness > 0 || a.contrast > 0 || a.colour > 0 else { return }
        let light = 1 + a.brightness * unit(drawn[0])
        let contrast = 1 + a.contrast * unit(drawn[0] >> 16)
        let strength = channels == 3 ? 1 + a.colour * unit(drawn[1]) : 1
        let middle = light * grey(means(image, channels))
        for pixel in 0..<height * width {
            let places = (0..<channels).map { $0 * height * width + pixel }
            let colour = places.map { middle + contrast * (light * Double(image[$0]) - middle) }
            let own = grey(colour)
            for (place, value) in zip(places, colour) { image[place] = byte(own + strength * (value - own)) }
        }
    }

    private func cover(_ image: inout [UInt8], _ channels: Int, _ drawn: [UInt32]) {
        guard augmentation.erasing > 0 else { return }
        let (h, w) = (Double(height), Double(width))
        let area = augmentation.erasing * (0.5 + 0.5 * unit(drawn[1] >> 16)) * h * w
        let ratio = exp(log(3) * unit(drawn[2]))
        let (tall, wide) = (0.5 * (area * ratio).squareRoot(), 0.5 * (area / ratio).squareRoot())
        let x = w * (0.5 + 0.5 * unit(drawn[2] >> 16))
        let y = h * (0.5 + 0.5 * unit(drawn[3]))
        let mean = augmentation.extendsEdges ? means(image, channels).map(byte) : [0, 0, 0]
        for row in Int(max(0, y - tall + 0.5))..<max(Int(max(0, y - tall + 0.5)), Int(min(h, y + tall + 0.5)))
        {
            let left = Int(max(0, x - wide + 0.5))
            for column in left..<max(left, Int(min(w, x + wide + 0.5))) {
                for channel in 0..<channels {
                    image[(channel * height + row) * width + column] = mean[channel]
                }
            }
        }
    }

    private func moved(_ source: [UInt8]) -> [UInt8] {
        let drawn = words(0)
        let dx = (augmentation.shift + augmentation.shiftShare * Double(width)) * unit(drawn[0])
        let dy = (augmentation.shift + augmentation.shiftShare * Double(height)) * unit(drawn[0] >> 16)
        let angle = augmentation.rotation * .pi / 180 * unit(drawn[1])
        let scale = 1 / (1 + augmentation.scaling * unit(drawn[2]))
        let (c, s) = (cos(angle) * scale, sin(angle) * scale)
        let k = tan(augmentation.shear * .pi / 180 * unit(drawn[3]))
        let mirror = 0.5 + 0.5 * unit(drawn[3] >> 16) < augmentation.flipProbability ? -1.0 : 1
        let (ex, ey) = (field(0), field(1))
        let (middleX, middleY) = (Double(width - 1) / 2, Double(height - 1) / 2)
        func pixel(_ y: Int, _ x: Int) -> Double {
            if augmentation.extendsEdges {
                return Double(source[min(max(y, 0), height - 1) * width + min(max(x, 0), width - 1)])
            }
            return (0..<height).contains(y) && (0..<width).contains(x) ? Double(source[y * width + x]) : 0
        }
        return (0..<height * width).map { place in
            let (u, v) = (Double(place % width) - middleX - dx, Double(place / width) - middleY - dy)
            // The slanted image, then turned, then mirrored.
            let (right, down) = (c * (u + k * v) + s * v, c * v - s * (u + k * v))
            let fromX = min(max(mirror * right + middleX + ex[place], -1), Double(width))
            let fromY = min(max(down + middleY + ey[place], -1), Double(height))
            let (x, y) = (Int(fromX.rounded(.down)), Int(fromY.rounded(.down)))
            let (px, py) = (fromX - fromX.rounded(.down), fromY - fromY.rounded(.down))
            let top = pixel(y, x) + px * (pixel(y, x + 1) - pixel(y, x))
            let bottom = pixel(y + 1, x) + px * (pixel(y + 1, x + 1) - pixel(y + 1, x))
            return UInt8(top + py * (bottom - top) + 0.5)
        }
    }
}
