import Arrays
import Foundation
import Testing

@testable import Handwriting

/// Differences are means over an image's pixels; two digits of one class differ by 15 to 30, and what these tests found on
/// 2026-12-01 by 5 to 10, mostly at edges.
@Suite("Ink and paper")
struct InkTests {
    let normalization = DigitNormalization()

    /// A digit drawn large on a sheet of grey levels.
    private func sheet(_ index: Int, factor: Int = 6, paper: Int = 220, ink: Int = 40, margin: Int = 60)
        -> Plane
    {
        let large = Digits.enlarged(Digits.image(index), by: factor)
        let (height, width) = (large.shape[0] + 2 * margin, large.shape[1] + 2 * margin)
        let pixels = large.elements
        var sheet = Plane(width: width, height: height, repeating: Float(paper))
        for y in 0..<large.shape[0] {
            for x in 0..<large.shape[1] {
                let share = Float(pixels[y * large.shape[1] + x]) / 255
                sheet[x + margin, y + margin] += share * Float(ink - paper)
            }
        }
        return sheet
    }

    private func bytes(_ plane: Plane) -> NDArray<UInt8> {
        NDArray(
            shape: [plane.height, plane.width],
            elements: plane.values.map { UInt8(max(0, min(255, $0.rounded()))) })
    }

    private func difference(_ plane: Plane, _ index: Int) throws -> Double {
        try Digits.difference(
            normalization.image(of: bytes(plane)), normalization.image(of: bytes(sheet(index))))
    }

    @Test("Shadows, with soft and hard edges, change little")
    func shadows() throws {
        for index in 0..<12 {
            for edge in [1, 8, 60] {
                var plane = sheet(index)
                for y in 0..<plane.height {
                    for x in 0..<plane.width {
                        let way = Float(x + y - plane.width) / Float(edge)
                        plane[x, y] *= 0.6 + 0.4 / (1 + exp(-way))
                    }
                }
                let off = try difference(plane, index)
                #expect(off < 12, "digit \(index), edge \(edge): \(off)")
            }
        }
    }

    @Test("Ruled and squared paper is taken away, pale lines and dark ones", arguments: [150, 60])
    func lines(level: Int) throws {
        for index in 0..<12 {
            for isSquared in [false, true] {
                var plane = sheet(index)
                for y in 0..<plane.height {
                    for x in 0..<plane.width {
                        let isLine = (y + x / 60) % 37 < 2 || isSquared && (x + 400 - y / 60) % 37 < 2
                        if isLine { plane[x, y] = min(plane[x, y], Float(level)) }
                    }
                }
                let off = try difference(plane, index)
                #expect(off < 14, "digit \(index), squared \(isSquared): \(off)")
            }
        }
    }

    /// A disc with a stroke: as broad as a third of the picture, on paper with a shadow.
    @Test("The middle of a blot is ink", arguments: [20, 30, 42])
    func broadStrokes(radius: Int) throws {
        var plane = Plane(width: 240, height: 240, repeating: 210)
        for y in 0..<240 {
            for x in 0..<240 {
                let (dx, dy) = (x - 110, y - 140)
                let isStroke = abs(x - 110 - (140 - y) / 4) < 9 && y > 40 && y < 140
                if dx * dx + dy * dy < radius * radius || isStroke { plane[x, y] = 40 }
                if x + y > 300 { plane[x, y] *= 0.7 }
            }
        }
        let ink = try #require(Ink(in: plane))
        let missing = (0..<240 * 240).filter { place in
            let (dx, dy) = (place % 240 - 110, place / 240 - 140)
            return dx * dx + dy * dy < (radius - 3) * (radius - 3) && !ink.mask.bits[place]
        }
        #expect(missing.isEmpty, "\(missing.count)")
        #expect(ink.mask.count < 4 * radius * radius + 2600)
    }

    @Test("Specks, a frame and a dark edge are not the digit")
    func surroundings() throws {
        for index in 0..<12 {
            var plane = sheet(index)
            var chance = Chance(seed: 2, epoch: 0, index: UInt64(index))
            for _ in 0..<30 {
                let (x, y) = (chance.whole(1...plane.width - 3), chance.whole(1...30))
                for offset in 0..<4 { plane[x + offset % 2, y + offset / 2] = 50 }
            }
            #expect(try difference(plane, index) < 3, "specks, digit \(index)")
            var framed = sheet(index)
            var edged = sheet(index)
            for y in 0..<framed.height {
                for x in 0..<framed.width {
                    let depth = min(min(x, y), min(framed.width - 1 - x, framed.height - 1 - y))
                    if depth < 5 { framed[x, y] = 30 }
                    if x < 25 { edged[x, y] = 60 }
                }
            }
            let offs = try (difference(framed, index), difference(edged, index))
            #expect(offs.0 < 8, "frame, digit \(index): \(offs)")
            #expect(offs.1 < 8, "edge, digit \(index): \(offs)")
        }
    }

    @Test("A small picture's frame is not the digit", arguments: [1, 2])
    func smallFrames(depth: Int) throws {
        for index in 0..<40 {
            let image = Digits.image(index).elements
            var sheet = [UInt8](repeating: 0, count: 36 * 36)
            for place in 0..<784 { sheet[(place / 28 + 4) * 36 + place % 28 + 4] = image[place] }
            let plain = try normalization.image(of: NDArray(shape: [36, 36], elements: sheet))
            for y in 0..<36 {
                for x in 0..<36 where min(min(x, y), min(35 - x, 35 - y)) < depth { sheet[y * 36 + x] = 255 }
            }
            let picture = NDArray(shape: [36, 36], elements: sheet)
            let read = try normalization.image(of: picture)
            #expect(try normalization.image(of: Digits.negative(picture)) == read)
            #expect(Digits.difference(read, plain) < 1, "digit \(index)")
        }
    }

    @Test("Coloured ink of the paper's luminance is found")
    func colour() throws {
        for index in 0..<12 {
            let digit = Digits.enlarged(Digits.image(index), by: 5).elements
            // Both have the luminance 112.
            let (red, green) = ([255.0, 50, 50], [40.0, 160, 52])
            let pixels: [UInt8] = digit.flatMap { level -> [UInt8] in
                let share = Double(level) / 255
                return zip(red, green).map { UInt8($1 + ($0 - $1) * share) }
            }
            let read = try normalization.image(of: NDArray(shape: [140, 140, 3], elements: pixels))
            #expect(Digits.difference(read, try normalization.image(of: Digits.image(index))) < 12)
        }
    }

    @Test("A digit that fills its picture is read in both polarities")
    func tightCuts() throws {
        var mistakes = 0
        for index in 0..<100 {
            let image = Digits.image(index)
            let plane = Plane(width: 28, height: 28, values: image.elements.map { Float($0) })
            let box = try #require(plane.mask(above: 100).bounds)
            let tight = plane.cropped(to: box)
            let square = tight.resampled(toWidth: 16, height: 16).mask(above: 127)
            let binary = Plane(width: 16, height: 16, values: square.bits.map { $0 ? 255 : 0 })
            let whole = try normalization.image(of: image)
            for picture in [tight, tight.negative] {
                #expect(try Digits.difference(normalization.image(of: bytes(picture)), whole) < 14)
            }
            let one = try normalization.image(of: bytes(binary))
            #expect(try normalization.image(of: bytes(binary.negative)) == one)
            // Ink that was taken for paper covers the image.
            if one.elements.reduce(0, { $0 + Int($1) }) > 255 * 784 / 3 { mistakes += 1 }
        }
        #expect(mistakes <= 1)
    }

    @Test("Otsu's level lies between two levels and explains their variance")
    func threshold() throws {
        let two = try #require(Threshold([10, 12, 11, 200, 205, 10, 9]))
        #expect((12..<200).contains(two.level) && two.separation > 0.99)
        #expect(abs(two.lower - 10.4) < 1 && abs(two.upper - 202.5) < 1)
        #expect(Threshold([]) == nil && Threshold([4, 4]) == nil)
        var chance = Chance(seed: 1, epoch: 0, index: 0)
        let bell = try #require(Threshold((0..<20_000).map { _ in chance.bell(3) }))
        // 2 / pi for a normal distribution cut in the middle.
        #expect(abs(bell.separation - 0.637) < 0.03)
    }
}

@Suite("What pictures are computed by")
struct PlaneTests {
    private func noise(_ width: Int, _ height: Int) -> Plane {
        var chance = Chance(seed: UInt64(width), epoch: UInt64(height), index: 0)
        return Plane(
            width: width, height: height, values: (0..<width * height).map { _ in chance.uniform(0...255) })
    }

    /// The oracle looks at every pixel of every window.
    @Test("Sliding extremes and means are those of their windows")
    func windows() {
        for (width, height, radius) in [(1, 1, 3), (7, 5, 1), (5, 9, 2), (20, 3, 6), (13, 13, 30)] {
            let plane = noise(width, height)
            let (high, low, mean) = (plane.dilated(radius), plane.eroded(radius), plane.blurred(radius))
            for y in 0..<height {
                for x in 0..<width {
                    var window: [Float] = []
                    for row in max(0, y - radius)...min(height - 1, y + radius) {
                        for column in max(0, x - radius)...min(width - 1, x + radius) {
                            window.append(plane[column, row])
                        }
                    }
                    #expect(high[x, y] == window.max() && low[x, y] == window.min())
                    #expect(abs(mean[x, y] - window.reduce(0, +) / Float(window.count)) < 0.01)
                }
            }
        }
    }

    @Test("Shrinking keeps the sum, enlarging goes through the values")
    func resampling() {
        let plane = noise(30, 22)
        let small = plane.resampled(x: 0, y: 0, stepX: 2.5, stepY: 2.2, width: 12, height: 10)
        let (sum, shrunk) = (plane.values.reduce(0, +), small.values.reduce(0, +) * 2.5 * 2.2)
        #expect(abs(sum - shrunk) < 1e-4 * sum)
        let same = plane.resampled(x: 0, y: 0, stepX: 1, stepY: 1, width: 30, height: 22)
        #expect(zip(same.values, plane.values).allSatisfy { abs($0 - $1) < 1e-3 })
        let flat = Plane(width: 5, height: 4, repeating: 7).resampled(toWidth: 17, height: 9)
        #expect(flat.values.allSatisfy { abs($0 - 7) < 1e-4 })
    }

    /// The oracle floods each region.
    @Test("Components are what floods reach")
    func components() {
        for round in 0..<40 {
            let mask = noise(3 + round % 14, 2 + round % 9).mask(above: Float(60 + round * 4))
            let map = ComponentMap(mask)
            var seen = [Bool](repeating: false, count: mask.bits.count)
            var areas: [Int] = []
            for start in mask.bits.indices where mask.bits[start] && !seen[start] {
                var (stack, area) = ([start], 0)
                seen[start] = true
                while let place = stack.popLast() {
                    area += 1
                    #expect(map.labels[place] == map.labels[start])
                    let (x, y) = (place % mask.width, place / mask.width)
                    for row in max(0, y - 1)...min(mask.height - 1, y + 1) {
                        for column in max(0, x - 1)...min(mask.width - 1, x + 1) {
                            let next = row * mask.width + column
                            if mask.bits[next], !seen[next] {
                                seen[next] = true
                                stack.append(next)
                            }
                        }
                    }
                }
                areas.append(area)
            }
            #expect(map.components.map(\.area) == areas)
            #expect(map.labels.filter { $0 > 0 }.count == mask.count)
        }
    }

    @Test("Distances from an edge are right to five hundredths")
    func distances() {
        var mask = Mask(width: 41, height: 41, bits: [Bool](repeating: false, count: 41 * 41))
        for y in 0..<41 {
            for x in 0..<41 where (x - 20) * (x - 20) + (y - 20) * (y - 20) <= 144 {
                mask.bits[y * 41 + x] = true
            }
        }
        let distances = EdgeDistances(mask)
        for y in 0..<41 {
            for x in 0..<41 {
                let exact = 12.3 - Float((x - 20) * (x - 20) + (y - 20) * (y - 20)).squareRoot()
                #expect(abs(distances.values[y * 41 + x] - exact) < 0.9 + 0.06 * abs(exact))
            }
        }
        // Twice the area by the perimeter of a disc is its radius; 441 pixels with 100 edges make 11.2.
        #expect(abs(mask.strokeWidth - 441 * 2 / (100 * Float.pi / 4)) < 0.01)
    }

    @Test("A surface is fitted to its own points")
    func surface() {
        var plane = Plane(width: 20, height: 14)
        for y in 0..<14 {
            for x in 0..<20 { plane[x, y] = 100 + Float(x) * 2 - Float(y * y) * 0.3 + Float(x * y) * 0.1 }
        }
        let all = plane.mask(above: -1e9)
        #expect(
            PaperSurface(plane, paper: all, degree: 2).difference(of: plane).values.allSatisfy {
                abs($0) < 0.01
            })
    }
}
