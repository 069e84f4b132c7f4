import Arrays
import Support
import TestSupport
import Testing

@testable import Datasets

@Suite("Built-in digits")
struct BuiltInDigitsTests {
    static let seed: UInt64 = 20_26
    /// Two thousand digits, made once: two whole blocks of labels.
    static let sample = BuiltInDigits.generate(count: 2_000, seed: seed)

    private static let side = 28
    private static let imageSize = side * side

    /// The pixels of each image of the sample.
    private static let pictures: [ArraySlice<UInt8>] = {
        let bytes = sample.images.elements
        return (0..<2_000).map { bytes[$0 * imageSize..<($0 + 1) * imageSize] }
    }()

    @Test("The shapes are [N, 28, 28] and [N], also for none")
    func shapes() {
        #expect(Self.sample.images.shape == [2_000, 28, 28])
        #expect(Self.sample.labels.shape == [2_000])
        let none = BuiltInDigits.generate(count: 0, seed: 1)
        #expect(none.images.shape == [0, 28, 28])
        #expect(none.labels.shape == [0])
    }

    @Test("One thread and two make the same bytes")
    func threads() {
        let before = Threads.count
        defer { Threads.setCount(before) }
        Threads.setCount(1)
        let one = BuiltInDigits.generate(count: 700, seed: 3)
        Threads.setCount(2)
        let two = BuiltInDigits.generate(count: 700, seed: 3)
        #expect(one.images.elements == two.images.elements)
        #expect(one.labels.elements == two.labels.elements)
    }

    @Test("An image depends on the seed and its index only, wherever the range begins")
    func ranges() {
        let part = BuiltInDigits.generate(count: 333, seed: Self.seed, firstIndex: 1_234)
        #expect(part.images.elements == Array(Self.pictures[1_234..<1_567].joined()))
        #expect(part.labels.elements == Array(Self.sample.labels.elements[1_234..<1_567]))
    }

    @Test("Other seeds give other images and another order, and no image occurs twice")
    func seeds() {
        let other = BuiltInDigits.generate(count: 2_000, seed: Self.seed + 1)
        let bytes = other.images.elements
        let others = (0..<2_000).map { bytes[$0 * Self.imageSize..<($0 + 1) * Self.imageSize] }
        #expect(Set(Self.pictures.map(Array.init) + others.map(Array.init)).count == 4_000)
        #expect(other.labels.elements != Self.sample.labels.elements)
    }

    @Test("Each thousand holds each digit a hundred times, in no order")
    func labels() {
        let labels = Self.sample.labels.elements
        for block in [labels[..<1_000], labels[1_000...]] {
            #expect(
                (0..<10).map { digit in block.count { $0 == UInt8(digit) } }
                    == [Int](repeating: 100, count: 10))
        }
        #expect(Array(labels[..<1_000]) != Array(labels[1_000...]))
        // Of 1,999 neighbours a tenth should be equal; five deviations are 67.
        let equal = zip(labels, labels.dropFirst()).count { $0 == $1 }
        #expect((133...267).contains(equal), "\(equal) neighbours are equal, seed \(Self.seed)")
    }

    /// MNIST moves each image by whole pixels so that the centre of mass, in pixel indices, comes nearest to 14
    /// (over its 70,000 images the mean index lies between 13.48 and 14.5). A box that is 20 wide and off its
    /// centre by more than 4 cannot be moved so far; that is rare.
    @Test("The centre of mass is at pixel 14, to half a pixel")
    func centres() {
        var centred = 0
        for picture in Self.pictures {
            var mass = 0.0
            var x = 0.0
            var y = 0.0
            for (index, value) in picture.enumerated() {
                mass += Double(value)
                x += Double(value) * Double(index % Self.side)
                y += Double(value) * Double(index / Self.side)
            }
            let (dx, dy) = (abs(x / mass - 14), abs(y / mass - 14))
            #expect(max(dx, dy) <= 2, "seed \(Self.seed)")
            if max(dx, dy) <= 0.5001 { centred += 1 }
        }
        #expect(centred >= 1_990, "only \(centred) of 2,000 are centred, seed \(Self.seed)")
    }

    /// At most 69 lies outside the box: half the edge's softness and the grain.
    @Test("The ink fits 20 x 20 pixels but for its soft edge, and fills one of the two")
    func boxes() {
        for picture in Self.pictures {
            var low = (x: Self.side, y: Self.side)
            var high = (x: -1, y: -1)
            for (index, value) in picture.enumerated() where value > 72 {
                low = (min(low.x, index % Self.side), min(low.y, index / Self.side))
                high = (max(high.x, index % Self.side), max(high.y, index / Self.side))
            }
            let longer = max(high.x - low.x, high.y - low.y) + 1
            #expect((19...20).contains(longer), "seed \(Self.seed)")
        }
    }

    @Test("Grey levels: mostly paper, black cores, grey edges")
    func levels() {
        let bytes = Self.sample.images.elements
        let paper = Double(bytes.count { $0 == 0 }) / Double(bytes.count)
        // MNIST: 0.809 are 0, and of the others 0.385 are 250 and above.
        #expect((0.75...0.85).contains(paper), "\(paper), seed \(Self.seed)")
        let ink = bytes.filter { $0 > 0 }
        let black = Double(ink.count { $0 >= 250 }) / Double(ink.count)
        #expect((0.25...0.5).contains(black), "\(black), seed \(Self.seed)")
        #expect(notEmpty(Self.pictures).allSatisfy { ($0.max() ?? 0) == 255 })
    }

    /// A machine that knows only the mean picture of each digit reads a fair part of other samples: a table of
    /// styles under the wrong digit, or labels out of step with the images, would bring this to a tenth.
    @Test("Images go with their labels")
    func agreement() {
        let labels = Self.sample.labels.elements
        var means = [[Double]](repeating: [Double](repeating: 0, count: Self.imageSize), count: 10)
        for (picture, label) in paired(Self.pictures, labels) {
            for (index, value) in picture.enumerated() { means[Int(label)][index] += Double(value) / 200 }
        }
        let norms = means.map { mean in mean.reduce(0) { $0 + $1 * $1 } }
        let fresh = BuiltInDigits.generate(count: 1_000, seed: Self.seed, firstIndex: 5_000)
        let bytes = fresh.images.elements
        var right = 0
        for (number, label) in fresh.labels.elements.enumerated() {
            let picture = bytes[number * Self.imageSize..<(number + 1) * Self.imageSize]
            let scores = (0..<10).map { digit in
                2 * zip(picture, means[digit]).reduce(0) { $0 + Double($1.0) * $1.1 } - norms[digit]
            }
            if scores.indices.max(by: { scores[$0] < scores[$1] }) == Int(label) { right += 1 }
        }
        #expect(right > 600, "\(right) of 1,000, seed \(Self.seed)")
    }
}

@Suite("The styles of the built-in digits")
struct BuiltInDigitsStyleTests {
    @Test("Every shape can be read, and the shapes of a style agree")
    func tables() throws {
        #expect(Set(DigitStyles.all.map(\.digit)) == Set(0...9))
        for style in DigitStyles.all + DigitStyles.continental {
            let shapes = try style.shapes.map {
                try #require(DigitShape($0), "\(style.digit), \(style.name): \($0)")
            }
            #expect(!shapes.isEmpty && shapes.count <= 8, "\(style.digit), \(style.name)")
            #expect(Set(shapes.map(\.pens)).count == 1, "\(style.digit), \(style.name)")
            #expect(
                notEmpty(shapes).allSatisfy { shape in
                    notEmpty(shape.coordinates).allSatisfy { abs($0 - 50) <= 100 }
                })
            #expect(style.share > 0 && style.freedom > 0 && style.boldness > 0)
        }
    }

    @Test("The notation: points, corners and lifts")
    func notation() throws {
        let shape = try #require(DigitShape("8,-4 !87,3.5 43,100 | 30,54 82,46"))
        // 2: the pen comes down; 1: a corner; 0: a point of a smooth curve.
        #expect(shape.pens == [2, 1, 0, 2, 0])
        #expect(shape.coordinates == [8, -4, 87, 3.5, 43, 100, 30, 54, 82, 46])
    }

    @Test(
        "What is not a shape is refused",
        arguments: ["", "|", "8", "8,", "8,1,2", "x,1", String(repeating: "1,2 ", count: 33)])
    func refused(text: String) {
        #expect(DigitShape(text) == nil)
    }
}
