import Arrays
import Foundation
import Images
import Support
import TestSupport
import Testing

@testable import Charts

@Suite struct ImageGridTests {
    /// The pixels of the first picture in a file: `[H, W, 4]`.
    private func mosaic(_ svg: String) throws -> NDArray<UInt8> {
        let image = try #require(ParsedSVG(svg).all("image").first)
        let base64 = try #require(image.attributes["href"]?.components(separatedBy: "base64,").last)
        let bytes = Array(try #require(Data(base64Encoded: base64)))
        let pixels = withOpacity(
            try ImageDecoder(color: .rgb).decode(bytes),
            try ImageDecoder(color: .rgb, background: 0).decode(bytes))
        #expect(image.attributes["width"] == "\(pixels.shape[1])")
        #expect(image.attributes["height"] == "\(pixels.shape[0])")
        return pixels
    }

    /// A picture over white and over black as one with opacity: where they differ, one sees through.
    private func withOpacity(_ white: NDArray<UInt8>, _ black: NDArray<UInt8>) -> NDArray<UInt8> {
        let (light, dark) = (white.elements, black.elements)
        let pixels = stride(from: 0, to: light.count, by: 3).flatMap { place in
            Array(dark[place..<place + 3]) + [255 - (light[place] - dark[place])]
        }
        return NDArray(shape: Array(white.shape[..<2]) + [4], elements: pixels)
    }

    private func color(_ pixels: NDArray<UInt8>, _ row: Int, _ column: Int) -> RGBA {
        let place = (row * pixels.shape[1] + column) * 4
        let part = pixels.elements[place..<place + 4].map { $0 }
        return RGBA(part[0], part[1], part[2], alpha: part[3])
    }

    @Test func weightsBecomeTilesByColumn() throws {
        // D = 2 (1 x 2), two units: unit 0 is (-1, 0), unit 1 is (1, 0.5). Scale 8, captions below.
        let weights = NDArray<Float>(shape: [2, 2], elements: [-1, 1, 0, 0.5])
        let grid = ImageGrid.weights(weights, tileHeight: 1, tileWidth: 2, coloring: .diverging(limit: 1))
        let svg = try grid.svg()
        let pixels = try mosaic(svg)
        // Tiles are 16 pixels wide and 8 high, 8 apart.
        #expect(pixels.shape == [8, 40, 4])
        for row in [0, 7] {
            for column in 0..<8 { #expect(color(pixels, row, column) == DivergingPalette.color(-1)) }
            for column in 8..<16 { #expect(color(pixels, row, column) == RGBA(255, 255, 255)) }
            for column in 16..<24 { #expect(color(pixels, row, column).alpha == 0) }
            for column in 24..<32 { #expect(color(pixels, row, column) == DivergingPalette.color(1)) }
            for column in 32..<40 {
                // 0.5 of 127 steps is 63.5, rounded to 64.
                #expect(color(pixels, row, column) == DivergingPalette.color(64.0 / 127))
            }
        }
        #expect(ParsedSVG(svg).all("text", class: "caption").map(\.text) == ["0", "1"])
        #expect(ParsedSVG(svg).texts.suffix(3) == ["\u{2264} \u{2212}1.00", "0", "\u{2265} 1.00"])
    }

    @Test func tilesOfTheirOwnScale() throws {
        let tiles = NDArray<Float>(shape: [2, 1, 1], elements: [0.001, -7])
        let svg = try ImageGrid(tiles: tiles, coloring: .divergingPerTile).svg()
        let pixels = try mosaic(svg)
        #expect(color(pixels, 0, 0) == DivergingPalette.color(1))
        #expect(color(pixels, 0, pixels.shape[1] - 1) == DivergingPalette.color(-1))
        #expect(ParsedSVG(svg).all("image").count == 1, "no scale for all, no bar")
    }

    @Test func valuesThatAreNoNumberAreTransparent() throws {
        let tiles = NDArray<Float>(shape: [1, 1, 3], elements: [.nan, .infinity, 0])
        let pixels = try mosaic(ImageGrid(tiles: tiles).svg())
        #expect(color(pixels, 0, 0).alpha == 0)
        #expect(color(pixels, 0, pixels.shape[1] / 2).alpha == 0)
        #expect(color(pixels, 0, pixels.shape[1] - 1) == RGBA(255, 255, 255))
    }

    @Test func grayAndInk() throws {
        let images = NDArray<UInt8>(shape: [1, 1, 2], elements: [0, 255])
        let gray = try mosaic(ImageGrid(images: images, coloring: .gray).svg())
        #expect(color(gray, 0, 0) == RGBA(0, 0, 0))
        #expect(color(gray, 0, gray.shape[1] - 1) == RGBA(255, 255, 255))
        let ink = try mosaic(ImageGrid(images: images, coloring: .ink).svg())
        #expect(color(ink, 0, 0) == RGBA(255, 255, 255))
        #expect(color(ink, 0, ink.shape[1] - 1) == RGBA(0, 0, 0))
    }

    @Test func theUsualMagnitudeLeavesOutliersOut() {
        // 1000 values, 0.001 to 1: 99.5 % of places 0 to 999 is 994.005, rounded up 995, the value 0.996.
        let values = (1...1000).map { Float($0) / 1000 }
        #expect(ImageGrid.usualMagnitude(values) == Double(Float(0.996)))
        #expect(ImageGrid.usualMagnitude([0, 0, 0]) == 1)
        #expect(ImageGrid.usualMagnitude([.nan]) == 1)
        #expect(ImageGrid.usualMagnitude([]) == 1)
        let mostlyZero = [Float](repeating: 0, count: 999) + [-3]
        #expect(ImageGrid.usualMagnitude(mostlyZero) == 3)
    }

    @Test func emphasizedCaptionsStandOut() throws {
        let images = NDArray<UInt8>(shape: [2, 2, 2], repeating: 9)
        let captions: [ImageGrid.Caption] = ["4", .init("4 \u{2192} 9", isEmphasized: true)]
        let parsed = ParsedSVG(try ImageGrid(images: images, captions: captions).svg())
        #expect(parsed.all("text", class: "caption").map(\.text) == ["4"])
        #expect(parsed.all("text", class: "wrong").map(\.text) == ["4 \u{2192} 9"])
    }

    @Test func gridsWithoutTilesOrPixels() throws {
        for shape in [[0, 28, 28], [3, 0, 0]] {
            let svg = try ImageGrid(tiles: NDArray(shape: shape, repeating: 0), title: "none").svg()
            #expect(ParsedSVG(svg).error == nil)
        }
    }

    @Test func divergingColorsAreEvenlyDark() {
        #expect(DivergingPalette.color(0) == RGBA(255, 255, 255))
        #expect(DivergingPalette.color(-2) == RGBA(hex: 0x034A7D))
        #expect(DivergingPalette.color(2) == RGBA(hex: 0x753001))
        var last = 1.1
        for step in 0...20 {
            let value = Double(step) / 20
            let (low, high) = (
                DivergingPalette.color(-value).luminance, DivergingPalette.color(value).luminance
            )
            #expect((low - high).magnitude < 0.03, "\(value)")
            #expect(low < last)
            last = low
        }
    }
}

@Suite struct ConfusionMatrixChartTests {
    @Test func cellsHaveCountsAndShares() {
        let chart = ConfusionMatrixChart(
            counts: [[30, 10], [0, 0]], classNames: ["cat", "dog"], title: "t")
        #expect(chart.summary == "30 of 40 correct: accuracy 75.0\u{A0}%")
        let parsed = ParsedSVG(chart.svg())
        #expect(parsed.all("text", class: "caption").map(\.text) == ["30", "10"])
        #expect(parsed.all("text", class: "small").map(\.text) == ["75.0\u{A0}%", "25.0\u{A0}%"])
        #expect(parsed.all("rect", class: "empty").count == 2)
        // The recall of each class; a class that never came has none.
        #expect(
            parsed.all("text", class: "name").map(\.text) == [
                "cat", "cat", "75.0\u{A0}%", "dog", "dog", "\u{2013}",
            ])
    }

    @Test func noClassesNoCells() {
        let chart = ConfusionMatrixChart(counts: [], classNames: [])
        #expect(chart.summary == "No answers")
        #expect(ParsedSVG(chart.svg()).error == nil)
    }

    @Test func manyClassesHaveCountsOnly() {
        let counts = (0..<26).map { row in (0..<26).map { row == $0 ? 40 : 1 } }
        let parsed = ParsedSVG(
            ConfusionMatrixChart(counts: counts, classNames: (0..<26).map(String.init)).svg())
        #expect(parsed.all("text", class: "caption").count == 676)
        #expect(parsed.all("text", class: "small").isEmpty)
    }
}

@Suite struct VectorFieldChartTests {
    @Test func arrowsAreScaledToTheirDistance() {
        // 2 x 2 arrows over 4 x 4, so 2 apart, at -1 and 1; the longest component, 3, is drawn 2 long.
        let field = VectorFieldChart(title: "", over: -2...2, and: -2...2, columns: 2) { x, y in (3 * x, y) }
        #expect(field.arrows.map { [$0.x, $0.y] } == [[-1, -1], [1, -1], [-1, 1], [1, 1]])
        #expect(field.drawnArrows.map(\.dx) == [-2, 2, -2, 2])
        let thirds: [Int] = field.drawnArrows.map { Int(($0.dy * 3).rounded()) }
        #expect(thirds == [-2, -2, 2, 2])
    }

    @Test func unitsAreEqual() throws {
        let field = VectorFieldChart(title: "", over: 0...4, and: 0...2) { _, _ in (1, 1) }
        let path = try #require(ParsedSVG(field.svg()).all("path", class: "arrow").first?.attributes["d"])
        let shaft = path.dropFirst().split(separator: "M")[0].split(separator: "L").map {
            parsed($0.split(separator: " "), as: Double.self)
        }
        // Up and to the right in equal measure; y grows downwards on the page.
        #expect(((shaft[1][0] - shaft[0][0]) + (shaft[1][1] - shaft[0][1])).magnitude < 0.03)
        #expect(shaft[1][0] > shaft[0][0])
    }

    @Test func arrowsThatAreNoNumberAreLeftOut() {
        let field = VectorFieldChart(title: "", over: 0...1, and: 0...1, columns: 3) { x, _ in
            (x > 0.7 ? .nan : 1, 0)
        }
        #expect(field.drawnArrows.count == 6)
        let still = VectorFieldChart(title: "", over: 0...1, and: 0...1) { _, _ in (0, 0) }
        #expect(still.drawnArrows.isEmpty)
        #expect(ParsedSVG(still.svg()).error == nil)
    }
}
