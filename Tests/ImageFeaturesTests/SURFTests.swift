import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import ImageFeatures

@Suite("SURF")
struct SURFTests {
    @Test("sums of boxes, hand-worked")
    func integral() throws {
        let image = NDArray<UInt8>(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6])
        let integral = try IntegralImage(of: image)
        #expect(integral.sums == [0, 0, 0, 0, 0, 1, 3, 6, 0, 5, 12, 21])
        #expect(integral.sum(rows: 0..<2, columns: 1..<3) == 16)
        #expect(integral.sum(rows: 1..<2, columns: 0..<2) == 9)
        #expect(integral.sum(rows: 1..<1, columns: 0..<2) == 0)
    }

    @Test("the 9 x 9 box filters, hand-worked")
    func boxes() throws {
        // One bright pixel in the middle of the filters: it lies in the middle lobes of Dxx and Dyy, which count
        // 1 - 3 = -2, and in no lobe of Dxy. Divided by 81: Dxx = Dyy = -2 / 81.
        var pixels = [UInt8](repeating: 0, count: 21 * 21)
        pixels[10 * 21 + 10] = 255
        var integral = try IntegralImage(of: NDArray(shape: [21, 21], elements: pixels))
        var found = integral.hessian(row: 10, column: 10, size: 9)
        #expect(abs(found.determinant - 4 / 6561) < 1e-7 && abs(found.trace + 4 / 81) < 1e-6)
        // Seen from (8, 8) it lies two below and two to the right: in an outer lobe of Dxx and of Dyy, +1 each, and in
        // the lower right lobe of Dxy, -1.
        found = integral.hessian(row: 8, column: 8, size: 9)
        #expect(abs(found.determinant - (1 - 0.81) / 6561) < 1e-7 && abs(found.trace - 2 / 81) < 1e-6)
        // A flat image has no second derivatives.
        integral = try IntegralImage(of: NDArray(shape: [40, 40], repeating: 77))
        found = integral.hessian(row: 20, column: 20, size: 15)
        #expect(found.determinant == 0 && found.trace == 0)
    }

    @Test("spots are found where they are, with their brightness")
    func spot() throws {
        for height in [90.0, -90] {
            var spots = Spots(0, side: 96, seed: 0)
            spots.spots = [(40.4, 51.3, 4, 1, 0, height)]
            let found = try SURF().localFeatures(of: spots.drawn(96) { ($0, $1) })
            let best = try #require(found.keypoints.max { $0.response < $1.response })
            #expect(abs(best.x - 40.4) < 0.5 && abs(best.y - 51.3) < 0.5, "\(best)")
            #expect(best.isBright == (height > 0))
        }
    }

    @Test("a picture turned and scaled is recognised, by 64 and 128 values", arguments: [false, true])
    func invariance(isExtended: Bool) throws {
        let side = 128
        let middle = Double(side - 1) / 2
        let (angle, scale, seed) = (0.6, 0.85, 5)
        let spots = Spots(50, side: Double(side), seed: seed)
        var surf = SURF()
        surf.isExtended = isExtended
        let before = try surf.localFeatures(of: spots.drawn(side) { ($0, $1) })
        func place(_ x: Double, _ y: Double) -> (Double, Double) {
            let (u, v) = ((x - middle) / scale, (y - middle) / scale)
            return (middle + u * cos(angle) - v * sin(angle), middle + u * sin(angle) + v * cos(angle))
        }
        let after = try surf.localFeatures(of: spots.drawn(side, place: place))
        #expect(before.descriptors.shape == [before.count, isExtended ? 128 : 64])
        let matches = try DescriptorMatcher(ratio: 0.8).matches(
            from: after.descriptors, to: before.descriptors)
        let right = matches.count { match in
            let (a, b) = (after.keypoints[match.query], before.keypoints[match.train])
            let (x, y) = place(Double(a.x), Double(a.y))
            return hypot(x - Double(b.x), y - Double(b.y)) < 3
        }
        #expect(matches.count >= 10, "seed \(seed): \(matches.count)")
        #expect(right * 10 >= matches.count * 8, "seed \(seed): \(right) of \(matches.count)")
    }

    @Test("the same bits on any number of threads; upright keypoints have angle 0; rows have unit length")
    func determinism() throws {
        let image = discs(120, 150, seed: 4)
        let all = try onThreads { try SURF().localFeatures(of: image) }
        #expect(all[0].count > 20)
        for found in all {
            #expect(found.keypoints == all[0].keypoints)
            #expect(found.descriptors.elements == all[0].descriptors.elements)
        }
        var upright = SURF()
        upright.isUpright = true
        upright.maximumCount = 7
        #expect(try upright.localFeatures(of: image).count == 7)
        let (keypoints, values) = try upright.detect(in: image)
        #expect(notEmpty(keypoints).allSatisfy { $0.angle == 0 })
        for row in 0..<keypoints.count {
            let length = values[row].elements.reduce(0) { $0 + $1 * $1 }
            #expect(abs(length - 1) < 1e-5)
        }
    }

    @Test("a flat image has no keypoints; bad images and settings are refused")
    func badInput() throws {
        #expect(
            try SURF().localFeatures(of: NDArray(shape: [64, 64], repeating: 3)).descriptors.shape == [0, 64])
        for shape in [[31, 64], [64, 31], [2, 64, 64]] {
            #expect(throws: DescentError.self) {
                try SURF().localFeatures(of: NDArray(shape: shape, repeating: 0))
            }
        }
        var surf = SURF()
        surf.octaves = 5
        #expect(throws: DescentError.self) {
            try surf.localFeatures(of: NDArray(shape: [64, 64], repeating: 0))
        }
    }
}
