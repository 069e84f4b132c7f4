import Arrays
import Testing

@testable import Handwriting

@Suite("Several digits on one picture")
struct SegmentationTests {
    /// A page with digits at places, each enlarged.
    private func page(
        _ digits: [(index: Int, x: Int, y: Int)], factor: Int = 3, width: Int = 500, height: Int = 300
    ) -> NDArray<UInt8> {
        var pixels = [UInt8](repeating: 225, count: width * height)
        for digit in digits {
            let large = Digits.enlarged(Digits.image(digit.index), by: factor)
            let (side, ink) = (large.shape[0], large.elements)
            for y in 0..<side {
                for x in 0..<side where ink[y * side + x] > 0 {
                    let place = (digit.y + y) * width + digit.x + x
                    pixels[place] = min(pixels[place], UInt8(225 - Int(ink[y * side + x]) * 190 / 255))
                }
            }
        }
        return NDArray(shape: [height, width], elements: pixels)
    }

    @Test("Lines are read from the top, digits from the left, each as if alone")
    func order() throws {
        let places = [
            (7, 20, 30), (3, 120, 22), (9, 230, 35), (12, 330, 28), (5, 60, 150), (8, 170, 160),
            (20, 390, 148),
        ]
        let found = try DigitSegmentation().digits(in: page(places.reversed().map { ($0.0, $0.1, $0.2) }))
        #expect(found.map(\.line) == [0, 0, 0, 0, 1, 1, 1])
        let normalization = DigitNormalization()
        for (digit, place) in zip(found, places) {
            #expect(abs(digit.box.x + digit.box.width / 2 - place.1 - 42) < 22)
            #expect(abs(digit.box.y + digit.box.height / 2 - place.2 - 42) < 22)
            let alone = try normalization.image(of: Digits.image(place.0))
            #expect(Digits.difference(digit.image, alone) < 10)
        }
    }

    /// Strokes drawn as rectangles on a sheet.
    private func strokes(_ boxes: [(x: Int, y: Int, width: Int, height: Int)]) -> NDArray<UInt8> {
        var pixels = [UInt8](repeating: 240, count: 400 * 200)
        for box in boxes {
            for y in box.y..<box.y + box.height {
                for x in box.x..<box.x + box.width { pixels[y * 400 + x] = 20 }
            }
        }
        return NDArray(shape: [200, 400], elements: pixels)
    }

    /// A 5: its body, without the hat.
    private func five(_ x: Int) -> [(x: Int, y: Int, width: Int, height: Int)] {
        [(x, 60, 7, 40), (x, 94, 40, 7), (x + 34, 94, 7, 46), (x, 134, 40, 7)]
    }

    @Test("A 5 with its hat apart is one digit, a broken stroke one stroke, specks are none")
    func pieces() throws {
        let hat = (x: 72, y: 46, width: 34, height: 7)
        let broken = [(x: 200, y: 50, width: 8, height: 40), (x: 201, y: 97, width: 8, height: 45)]
        let specks = [(x: 150, y: 100, width: 2, height: 3), (x: 20, y: 20, width: 3, height: 2)]
        let found = try DigitSegmentation().digits(
            in: strokes(five(60) + [hat] + broken + specks + five(280)))
        #expect(found.count == 3)
        #expect(found.first?.box == DigitBox(x: 60, y: 46, width: 46, height: 95))
        #expect(found.dropFirst().first?.box == DigitBox(x: 200, y: 50, width: 9, height: 92))
    }

    @Test("Digits that touch are cut apart")
    func touching() throws {
        // Two rings that share a point, and a third apart.
        var pixels = [UInt8](repeating: 240, count: 400 * 200)
        for y in 0..<200 {
            for x in 0..<400 {
                for middle in [80, 142, 260] {
                    let (dx, dy) = (Double(x - middle) / 30, Double(y - 100) / 45)
                    if abs((dx * dx + dy * dy).squareRoot() - 1) < 0.12 { pixels[y * 400 + x] = 25 }
                }
            }
        }
        let found = try DigitSegmentation().digits(in: NDArray(shape: [200, 400], elements: pixels))
        #expect(found.count == 3)
        #expect(found.map { ($0.box.x + $0.box.width / 2 - 80) / 30 } == [0, 2, 6])
    }
}

@Suite("Examples drawn as strangers write")
struct HandwritingExamplesTests {
    @Test("The same seed, epoch and rows give the same pixels, on any number of threads")
    func reproducible() throws {
        let examples = try HandwritingExamples(Digits.all.images)
        let rows: [Int32] = [5, 0, 4, 99, 5]
        let images = examples.images(rows: rows, seed: 1, epoch: 2)
        #expect(images.shape == [5, 28, 28])
        #expect(images == examples.images(rows: rows, seed: 1, epoch: 2, parts: 1))
        #expect(images[0] == images[4])
        #expect(images[1] == examples.images(rows: [0], seed: 1, epoch: 2)[0])
        #expect(images[0] != examples.images(rows: [5], seed: 1, epoch: 3)[0])
        #expect(images[0] != examples.images(rows: [5], seed: 2, epoch: 2)[0])
    }

    @Test("Without changes an example is nearly its digit, with them it has its form")
    func likeness() throws {
        var still = HandwritingVariation()
        (still.rotation, still.slant, still.aspect, still.bend, still.tilt) = (0, 0, 0, 0, 0)
        (still.thinner, still.thicker, still.markers) = (0, 0, 0)
        (still.tightScans, still.stretchedScans, still.tinyScans) = (0, 0, 0)
        let normalization = DigitNormalization()
        let rows = (0..<100).map { Int32($0) }
        let plain = try HandwritingExamples(Digits.all.images, variation: still)
            .images(rows: rows, seed: 1, epoch: 1)
        var sum = 0.0
        for row in 0..<100 {
            sum += Digits.difference(plain[row], try normalization.image(of: Digits.image(row)))
        }
        #expect(sum / 100 < 8, "\(sum / 100)")
        let wild = try HandwritingExamples(Digits.all.images).images(rows: rows, seed: 1, epoch: 1)
        let inks = (0..<100).map { row in wild[row].elements.reduce(0) { $0 + Int($1) } / 255 }
        // One in a hundred may be a stretched digit whose paper was taken for ink.
        #expect(inks.filter { !(15...260).contains($0) }.count <= 1, "\(inks)")
    }

    @Test("An image without ink gives an empty example; other shapes are refused")
    func empty() throws {
        let examples = try HandwritingExamples(NDArray<UInt8>(shape: [2, 28, 28], repeating: 0))
        #expect(examples.images(rows: [1], seed: 1, epoch: 1).elements.allSatisfy { $0 == 0 })
        for shape in [[28, 28], [1, 28, 20], [1, 100, 100]] {
            #expect(throws: (any Error).self) {
                try HandwritingExamples(NDArray<UInt8>(shape: shape, repeating: 0))
            }
        }
    }
}
