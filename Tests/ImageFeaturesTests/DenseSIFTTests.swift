import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import ImageFeatures

@Suite("Dense SIFT")
struct DenseSIFTTests {
    /// One descriptor as its definition has it, pixel by pixel, in double precision.
    private func direct(_ image: NDArray<UInt8>, x: Int, y: Int, cell: Int) -> [Double] {
        let (height, width) = (image.shape[0], image.shape[1])
        var values = [Double](repeating: 0, count: 128)
        for row in 0..<height {
            for column in 0..<width {
                func at(_ r: Int, _ c: Int) -> Double {
                    Double(image[at: min(height - 1, max(0, r)), min(width - 1, max(0, c))])
                }
                let gx = at(row, column + 1) - at(row, column - 1)
                let gy = at(row + 1, column) - at(row - 1, column)
                var direction = -atan2(gy, gx) / (2 * .pi) * 8
                if direction < 0 { direction += 8 }
                for i in 0..<4 {
                    for j in 0..<4 {
                        let down =
                            1 - abs(Double(row) - (Double(y) + (Double(i) - 1.5) * Double(cell)))
                            / Double(cell)
                        let across =
                            1 - abs(Double(column) - (Double(x) + (Double(j) - 1.5) * Double(cell)))
                            / Double(cell)
                        guard down > 0, across > 0 else { continue }
                        let window = exp(-0.125 * (pow(Double(i) - 1.5, 2) + pow(Double(j) - 1.5, 2)))
                        for bin in 0..<8 {
                            let apart = abs(direction - Double(bin))
                            let share = max(0, 1 - min(apart, 8 - apart))
                            values[(i * 4 + j) * 8 + bin] += window * down * across * share * hypot(gx, gy)
                        }
                    }
                }
            }
        }
        for limit in [0.2, 1] {
            let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            guard length > 0 else { return values }
            values = values.map { min(limit, $0 / length) }
        }
        return values.map { min(255, 512 * $0) }
    }

    @Test(
        "every descriptor is what its definition says, to one of 255",
        arguments: [(3, 3), (5, 4), (4, 2), (7, 1)])
    func definition(step: Int, cell: Int) throws {
        let image = discs(21, 26, seed: 2)
        let dense = DenseSIFT(step: step, cellSize: cell)
        let found = try dense.localFeatures(of: image)
        let grid = dense.gridSize(height: 21, width: 26)
        #expect(found.count == grid.rows * grid.columns)
        for (row, keypoint) in found.keypoints.enumerated() {
            let expected = direct(image, x: Int(keypoint.x), y: Int(keypoint.y), cell: cell)
            let worst =
                largestDifference(found.descriptors[row].elements.map(Double.init), expected)
            #expect(worst <= 0.51, "step \(step), cell \(cell), row \(row): \(worst)")
        }
    }

    @Test(
        "28 x 28 pixels have 100 centres at a step of 3; the batch is the images one by one, on any number of threads"
    )
    func batch() throws {
        let images = NDArray<UInt8>(
            shape: [9, 28, 28], elements: (0..<9).flatMap { discs(28, 28, seed: $0 + 1).elements })
        let dense = DenseSIFT(step: 3, cellSize: 3)
        let all = try onThreads { try dense.descriptors(of: images) }
        #expect(all[0].shape == [9, 100, 128])
        #expect(notEmpty(all).allSatisfy { $0.elements == all[0].elements })
        for image in 0..<9 {
            #expect(try dense.localFeatures(of: images[image]).descriptors.elements == all[0][image].elements)
        }
    }

    @Test("a flat image gives zeros; one pixel has one centre; other shapes are refused")
    func badInput() throws {
        let dense = DenseSIFT(step: 3, cellSize: 4)
        #expect(
            try dense.descriptors(of: NDArray(shape: [1, 20, 20], repeating: 9)).elements.allSatisfy {
                $0 == 0
            })
        #expect(try dense.descriptors(of: NDArray(shape: [1, 1, 1], repeating: 9)).shape == [1, 1, 128])
        #expect(try dense.descriptors(of: NDArray(shape: [0, 28, 28], repeating: 9)).shape == [0, 100, 128])
        #expect(throws: DescentError.self) {
            try dense.descriptors(of: NDArray(shape: [4, 4], repeating: 9))
        }
        var bad = dense
        bad.step = 0
        #expect(throws: DescentError.self) {
            try bad.descriptors(of: NDArray(shape: [1, 4, 4], repeating: 9))
        }
    }
}
