import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import ImageFeatures

@Suite("Histograms of oriented gradients")
struct HistogramOfOrientedGradientsTests {
    @Test("scikit-image 0.26.0 gives the same values: sizes, orientations, cells, blocks and norms")
    func scikitImage() throws {
        let lines = try vectorLines("hog.txt")
        #expect(lines.count == 14)
        for pair in stride(from: 0, to: lines.count, by: 2) {
            let numbers = parsed(lines[pair].prefix(5), as: Int.self)
            let norm = try #require(HistogramOfOrientedGradients.Norm(rawValue: String(lines[pair][5])))
            let expected = parsed(lines[pair + 1], as: Float.self)
            let hog = HistogramOfOrientedGradients(
                orientations: numbers[2], cellSize: numbers[3], blockSize: numbers[4], norm: norm)
            let image = discs(numbers[0], numbers[1], seed: 11)
            let got = try hog.features(of: image.reshaped(1, numbers[0], numbers[1]))
            #expect(got.shape == [1, expected.count])
            let worst = largestDifference(got.elements, expected)
            #expect(worst <= 1e-5, "\(lines[pair]): \(worst)")
        }
    }

    @Test("an edge votes for its direction, hand-worked", arguments: [false, true])
    func edge(isSigned: Bool) throws {
        // Brighter to the right by 10 a pixel: dx = 20 inside, 0 in the first and last column; dy = 0.
        let ramp = NDArray<UInt8>(shape: [1, 4, 4], elements: (0..<16).map { UInt8($0 % 4 * 10) })
        let fall = NDArray<UInt8>(shape: [1, 4, 4], elements: (0..<16).map { UInt8(30 - $0 % 4 * 10) })
        let hog = HistogramOfOrientedGradients(orientations: 4, cellSize: 4, blockSize: 1, isSigned: isSigned)
        #expect(try hog.cells(of: ramp).elements == [10, 0, 0, 0])
        #expect(try hog.cells(of: fall).elements == (isSigned ? [0, 0, 10, 0] : [10, 0, 0, 0]))
        // Brighter downwards: 90 degrees, the third of four unsigned bins and the second of four signed ones.
        let down = NDArray<UInt8>(shape: [1, 4, 4], elements: (0..<16).map { UInt8($0 / 4 * 10) })
        #expect(try hog.cells(of: down).elements == (isSigned ? [0, 10, 0, 0] : [0, 0, 10, 0]))
    }

    @Test("large images and small ones, which other code works on, agree")
    func bothWays() throws {
        // 72 x 72 is worked on row by row, its corner of 64 x 64 sixteen at a time; cells away from the cut agree.
        let large = discs(72, 72, seed: 3)
        let corner = large[0..<64, 0..<64].reshaped(1, 64, 64)
        for (orientations, isSigned) in [(9, false), (9, true), (8, true), (7, true), (5, false)] {
            let hog = HistogramOfOrientedGradients(
                orientations: orientations, cellSize: 9, blockSize: 1, isSigned: isSigned)
            let a = try hog.cells(of: large.reshaped(1, 72, 72)).reshaped(8, 8, orientations)
            let b = try hog.cells(of: corner).reshaped(7, 7, orientations)
            for row in 0..<6 {
                for column in 0..<6 {
                    for bin in 0..<orientations {
                        #expect(abs(a[at: row, column, bin] - b[at: row, column, bin]) < 1e-4)
                    }
                }
            }
        }
    }

    @Test("an image gives the same bits alone, in a crowd, and on any number of threads")
    func determinism() throws {
        for side in [28, 70] {
            let images = NDArray<UInt8>(
                shape: [37, side, side],
                elements: (0..<37).flatMap { discs(side, side, seed: $0 + 1).elements })
            let hog = HistogramOfOrientedGradients(cellSize: 7)
            let all = try onThreads { try hog.features(of: images).elements }
            #expect(notEmpty(all).allSatisfy { $0 == all[0] })
            let alone = try hog.features(of: images[33..<34]).elements
            #expect(Array(all[0][(33 * alone.count)..<(34 * alone.count)]) == alone)
        }
    }

    @Test(
        "a flat image gives zeros; no images give no rows",
        arguments: HistogramOfOrientedGradients.Norm.allCases)
    func flat(norm: HistogramOfOrientedGradients.Norm) throws {
        let hog = HistogramOfOrientedGradients(cellSize: 7, norm: norm)
        let rows = try hog.features(of: NDArray(shape: [2, 28, 28], repeating: 200))
        #expect(notEmpty(rows.elements).allSatisfy { $0 == 0 })
        #expect(try hog.features(of: NDArray(shape: [0, 28, 28], repeating: 0)).shape == [0, 324])
    }

    @Test("images that are too small or have other axes are refused in words")
    func badInput() {
        let hog = HistogramOfOrientedGradients(cellSize: 8)
        for shape in [[1, 15, 40], [1, 40, 15], [1, 0, 5], [28, 28], [1, 28, 28, 3]] {
            #expect(throws: DescentError.self) { try hog.features(of: NDArray(shape: shape, repeating: 0)) }
        }
        #expect(throws: DescentError.self) { try hog.cells(of: NDArray(shape: [1, 7, 9], repeating: 0)) }
    }

    @Test("settings are written and read; those out of range are refused")
    func coding() throws {
        let hog = HistogramOfOrientedGradients(
            orientations: 6, cellSize: 5, blockSize: 3, norm: .l1Sqrt, isSigned: true)
        let data = try JSONEncoder().encode(hog)
        #expect(try JSONDecoder().decode(HistogramOfOrientedGradients.self, from: data) == hog)
        let text = String(decoding: data, as: UTF8.self).replacingOccurrences(of: ":6", with: ":600")
        #expect(throws: DescentError.self) {
            try JSONDecoder().decode(HistogramOfOrientedGradients.self, from: Data(text.utf8))
        }
    }
}
