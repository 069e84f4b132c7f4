import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import ImageFeatures

/// Trilinear votes of HOG against their definition, in double precision, one pixel, cell and bin after another.
@Suite("Histograms of oriented gradients with shared votes")
struct SharedVotesTests {
    /// Small images lie sixteen side by side in vectors, those of more than 4,096 pixels go by rows of blocks.
    static let settings: [(height: Int, width: Int, hog: HistogramOfOrientedGradients)] = [
        (28, 28, trilinear(9, 7, 2)), (28, 28, trilinear(9, 4, 2, isSigned: true)),
        (20, 31, trilinear(8, 5, 1, .l2)), (17, 23, trilinear(4, 3, 3, .l1Sqrt)),
        (25, 31, trilinear(12, 5, 2, .l1Sqrt, isSigned: true)), (19, 16, trilinear(2, 8, 2, .l1)),
        (12, 9, trilinear(1, 1, 4)), (9, 9, trilinear(5, 1, 1, .l1, isSigned: true)),
        (70, 80, trilinear(9, 16, 2)), (90, 60, trilinear(6, 15, 3, .l1Sqrt, isSigned: true)),
        (66, 66, trilinear(1, 22, 2, .l2)), (65, 64, trilinear(9, 32, 2, .l1, isSigned: true)),
        (9, 700, trilinear(7, 3, 3)),
    ]

    @Test("blocks are those of the definition", arguments: settings)
    func blocks(height: Int, width: Int, hog: HistogramOfOrientedGradients) throws {
        for image in [discs(height, width, seed: 11), noise(height, width)] {
            let got = try hog.features(of: image.reshaped(1, height, width))
            let expected = votes(hog, image, side: (hog.blockSize, hog.blockSize), hasWindow: true)
                .flatMap { normalized($0, hog.norm) }
            #expect(got.shape == [1, expected.count])
            // A root makes much of what is nearly nothing: it is compared before it is taken.
            let isRoot = hog.norm == .l1Sqrt
            let worst =
                isRoot
                ? largestDifference(got.elements.map { $0 * $0 }, expected.map { $0 * $0 })
                : largestDifference(got.elements, expected)
            #expect(worst <= 1e-5, "\(worst)")
        }
    }

    @Test("cells are those of one block without a window", arguments: settings)
    func cells(height: Int, width: Int, hog: HistogramOfOrientedGradients) throws {
        let image = noise(height, width)
        let (rows, columns) = (height / hog.cellSize, width / hog.cellSize)
        let got = try hog.cells(of: image.reshaped(1, height, width))
        #expect(got.shape == [1, rows, columns, hog.orientations])
        let expected = votes(hog, image, side: (rows, columns), hasWindow: false)[0]
        let worst = largestDifference(got.elements, expected)
        #expect(worst <= 1e-5 * (expected.max() ?? 0), "\(worst)")
    }

    @Test("a vote between two cells and two directions, hand-worked")
    func handWorked() throws {
        // A step of 100 between columns 3 and 4 of 8: gradients of 100 in both, half a pixel from the border of two
        // cells: 5/8 for the cell they lie in and 3/8 for the other one. Angle 0 lies between the last and first bin.
        let image = NDArray<UInt8>(shape: [1, 4, 8], elements: (0..<32).map { $0 % 8 < 4 ? 0 : 100 })
        let hog = Self.trilinear(4, 4, 1)
        // Both votes together give each cell 100 in each of four rows, of which the share of the row remains:
        // 1 - |y - 1.5| / 4 = 5/8, 7/8, 7/8, 5/8, in all 3; through 16 pixels, half for each direction.
        let each = Float(100.0 * 3 / 16 / 2)
        #expect(try hog.cells(of: image).elements == [each, 0, 0, each, each, 0, 0, each])
    }

    @Test(
        "an image gives the same bits alone, in a crowd, and on any number of threads", arguments: [28, 70])
    func determinism(side: Int) throws {
        let images = NDArray<UInt8>(
            shape: [37, side, side],
            elements: (0..<37).flatMap { discs(side, side, seed: $0 + 1).elements })
        let hog = HistogramOfOrientedGradients(cellSize: 7, interpolation: .trilinear)
        let all = try onThreads { try hog.features(of: images).elements }
        #expect(notEmpty(all).allSatisfy { $0 == all[0] })
        let alone = try hog.features(of: images[33..<34]).elements
        #expect(Array(all[0][(33 * alone.count)..<(34 * alone.count)]) == alone)
    }

    @Test("a flat image gives zeros; no images give no rows; small ones are refused")
    func edges() throws {
        let hog = HistogramOfOrientedGradients(cellSize: 7, interpolation: .trilinear)
        for side in [28, 70] {
            let rows = try hog.features(of: NDArray(shape: [2, side, side], repeating: 200))
            #expect(notEmpty(rows.elements).allSatisfy { $0 == 0 })
        }
        #expect(try hog.features(of: NDArray(shape: [0, 28, 28], repeating: 0)).shape == [0, 324])
        #expect(try hog.cells(of: NDArray(shape: [0, 28, 28], repeating: 0)).shape == [0, 4, 4, 9])
        for shape in [[1, 13, 40], [1, 40, 13], [28, 28]] {
            #expect(throws: DescentError.self) { try hog.features(of: NDArray(shape: shape, repeating: 0)) }
        }
        #expect(throws: DescentError.self) { try hog.cells(of: NDArray(shape: [1, 6, 9], repeating: 0)) }
    }

    @Test("settings are written and read; those without interpolation are of before, unknown ones refused")
    func coding() throws {
        let hog = Self.trilinear(6, 5, 3, .l1, isSigned: true)
        let data = try JSONEncoder().encode(hog)
        #expect(try JSONDecoder().decode(HistogramOfOrientedGradients.self, from: data) == hog)
        let old = #"{"orientations":6,"cellSize":5,"blockSize":3,"norm":"L1","isSigned":true}"#
        let read = try JSONDecoder().decode(HistogramOfOrientedGradients.self, from: Data(old.utf8))
        #expect(read.interpolation == .none && read.isSigned && read.orientations == 6)
        let wrong = String(decoding: data, as: UTF8.self).replacingOccurrences(of: "trilinear", with: "cubic")
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(HistogramOfOrientedGradients.self, from: Data(wrong.utf8))
        }
    }

    // MARK: The definition

    private static func trilinear(
        _ orientations: Int, _ cell: Int, _ block: Int, _ norm: HistogramOfOrientedGradients.Norm = .l2Hys,
        isSigned: Bool = false
    ) -> HistogramOfOrientedGradients {
        HistogramOfOrientedGradients(
            orientations: orientations, cellSize: cell, blockSize: block, norm: norm, isSigned: isSigned,
            interpolation: .trilinear)
    }

    private func noise(_ height: Int, _ width: Int) -> NDArray<UInt8> {
        var random = RandomState(5)
        return NDArray(
            shape: [height, width],
            elements: (0..<height * width).map { _ in UInt8(min(255, random.rand() * 256)) })
    }

    /// Every block's votes, before it is normalised: [row of blocks x column of blocks][row, column, direction].
    private func votes(
        _ hog: HistogramOfOrientedGradients, _ image: NDArray<UInt8>, side: (rows: Int, columns: Int),
        hasWindow: Bool
    ) -> [[Double]] {
        let (height, width, cell) = (image.shape[0], image.shape[1], hog.cellSize)
        let (pixels, bins) = (image.elements.map(Double.init), hog.orientations)
        let full = hog.isSigned ? 2 * Double.pi : Double.pi
        var blocks: [[Double]] = []
        for top in 0...(height / cell - side.rows) {
            for left in 0...(width / cell - side.columns) {
                var block = [Double](repeating: 0, count: side.rows * side.columns * bins)
                for v in 0..<side.rows * cell {
                    for u in 0..<side.columns * cell {
                        let (y, x) = (top * cell + v, left * cell + u)
                        let at = y * width + x
                        let dx = x > 0 && x + 1 < width ? pixels[at + 1] - pixels[at - 1] : 0
                        let dy = y > 0 && y + 1 < height ? pixels[at + width] - pixels[at - width] : 0
                        let turn = (atan2(dy, dx) + 4 * Double.pi).truncatingRemainder(dividingBy: full)
                        let angle = turn / full * Double(bins)
                        let (row, column) = (Double(v) + 0.5, Double(u) + 0.5)
                        var vote = (dx * dx + dy * dy).squareRoot() / Double(cell * cell)
                        if hasWindow {
                            let (high, wide) = (Double(side.rows * cell), Double(side.columns * cell))
                            let (a, b) = ((row - high / 2) / (high / 4), (column - wide / 2) / (wide / 4))
                            vote *= exp(-(a * a + b * b) / 2)
                        }
                        // Only cells around the pixel can be nearer than one cell.
                        for r in max(0, v / cell - 1)..<min(side.rows, v / cell + 2) {
                            for c in max(0, u / cell - 1)..<min(side.columns, u / cell + 2) {
                                let near =
                                    max(0, 1 - abs(row / Double(cell) - Double(r) - 0.5))
                                    * max(0, 1 - abs(column / Double(cell) - Double(c) - 0.5))
                                for k in 0..<bins {
                                    for round in [-bins, 0, bins] {
                                        let away = abs(angle - Double(k + round) - 0.5)
                                        block[(r * side.columns + c) * bins + k] +=
                                            vote * near * max(0, 1 - away)
                                    }
                                }
                            }
                        }
                    }
                }
                blocks.append(block)
            }
        }
        return blocks
    }

    private func normalized(_ block: [Double], _ norm: HistogramOfOrientedGradients.Norm) -> [Double] {
        func unit(_ values: [Double]) -> [Double] {
            let length = (values.reduce(0) { $0 + $1 * $1 } + 1e-10).squareRoot()
            return values.map { $0 / length }
        }
        let sum = block.reduce(0, +) + 1e-5
        return switch norm {
        case .l1: block.map { $0 / sum }
        case .l1Sqrt: block.map { ($0 / sum).squareRoot() }
        case .l2: unit(block)
        case .l2Hys: unit(unit(block).map { min($0, 0.2) })
        }
    }
}
