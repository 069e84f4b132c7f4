import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import ImageFeatures

@Suite("SIFT")
struct SIFTTests {
    /// Keypoints and descriptors of OpenCV 4.14.0.94 for `discs(120, 150, seed: 5)`.
    private func reference() throws -> (image: NDArray<UInt8>, keypoints: [Keypoint], descriptors: [[Float]])
    {
        let lines = try vectorLines("sift.txt")
        let head = parsed(lines[0], as: Int.self)
        var keypoints: [Keypoint] = []
        var descriptors: [[Float]] = []
        for line in lines.dropFirst() {
            let numbers = parsed(line, as: Float.self)
            // OpenCV leaves out that its doubled image is a quarter of a pixel off; its size is a diameter.
            keypoints.append(
                Keypoint(
                    x: numbers[0] - 0.25, y: numbers[1] - 0.25, scale: numbers[2] / 2,
                    angle: numbers[3] * .pi / 180, octave: Int(numbers[4]), level: Int(numbers[5])))
            descriptors.append(Array(numbers[6...]))
        }
        #expect(keypoints.count == head[3])
        return (discs(head[0], head[1], seed: head[2]), keypoints, descriptors)
    }

    @Test(
        "OpenCV finds the same keypoints: seven of eight within a tenth of a pixel, with their sizes and angles"
    )
    func keypoints() throws {
        let (image, expected, _) = try reference()
        let found = try SIFT().keypoints(of: image)
        #expect(abs(found.count - expected.count) <= expected.count / 8)
        var near = 0
        for keypoint in expected {
            near +=
                found.contains {
                    let turn = abs($0.angle - keypoint.angle)
                    return abs($0.x - keypoint.x) < 0.1 && abs($0.y - keypoint.y) < 0.1
                        && abs($0.scale - keypoint.scale) < 0.05 * keypoint.scale
                        && min(turn, 2 * .pi - turn) < 0.2
                } ? 1 : 0
        }
        #expect(near * 8 >= expected.count * 7, "\(near) of \(expected.count)")
    }

    @Test("OpenCV describes its keypoints alike: half of them within 40 of 512, all within 80")
    func descriptors() throws {
        // Not the same bits: OpenCV rounds a keypoint to the octave's pixels before it describes it.
        let (image, keypoints, expected) = try reference()
        let got = try SIFT().descriptors(of: image, at: keypoints)
        #expect(got.shape == [keypoints.count, 128])
        let distances = expected.indices.map { row in
            (0..<128).reduce(Float(0)) { sum, column in
                let difference = Float(got[at: row, column]) - expected[row][column]
                return sum + difference * difference
            }.squareRoot()
        }.sorted()
        #expect(distances[distances.count / 2] < 40, "\(distances[distances.count / 2])")
        #expect((distances.last ?? 999) < 80, "\(distances)")
    }

    @Test("spots are found where they are, with their size and brightness")
    func spot() throws {
        for (height, x, y) in [(80.0, 40.3, 51.6), (-90.0, 33.75, 37.2)] {
            var spots = Spots(0, side: 96, seed: 0)
            spots.spots = [(x, y, 6, 1, 0, height)]
            let found = try SIFT().keypoints(of: spots.drawn(96) { ($0, $1) })
            let best = try #require(found.max { $0.response < $1.response })
            #expect(abs(best.x - Float(x)) < 0.05 && abs(best.y - Float(y)) < 0.05, "\(best)")
            // The difference of Gaussians answers most to a spot of sigma s at a blur of about s.
            #expect(abs(best.scale - 6) < 1.2, "\(best)")
            #expect(best.isBright == (height > 0))
        }
    }

    @Test("a picture turned and scaled is recognised", arguments: [1, 2, 3])
    func invariance(seed: Int) throws {
        let side = 128
        var random = RandomState(seed)
        let angle = random.rand() * 6.28
        let scale = 0.7 + 0.6 * random.rand()
        let middle = Double(side - 1) / 2
        let spots = Spots(50, side: Double(side), seed: seed + 100)
        let before = try SIFT().localFeatures(of: spots.drawn(side) { ($0, $1) })
        let after = try SIFT().localFeatures(
            of: spots.drawn(side) { x, y in
                let (u, v) = ((x - middle) / scale, (y - middle) / scale)
                return (middle + u * cos(angle) - v * sin(angle), middle + u * sin(angle) + v * cos(angle))
            })
        let matches = try DescriptorMatcher(ratio: 0.8).matches(
            from: after.descriptors, to: before.descriptors)
        let right = matches.filter { match in
            let (a, b) = (after.keypoints[match.query], before.keypoints[match.train])
            let (u, v) = ((Double(a.x) - middle) / scale, (Double(a.y) - middle) / scale)
            let x = middle + u * cos(angle) - v * sin(angle)
            let y = middle + u * sin(angle) + v * cos(angle)
            let turn = Double(b.angle - a.angle) - angle
            let apart = abs(turn - (turn / 6.283185).rounded() * 6.283185)
            return hypot(x - Double(b.x), y - Double(b.y)) < 1.5 && apart < 0.3
                && abs(Double(a.scale / b.scale) / scale - 1) < 0.2
        }
        #expect(matches.count >= 15, "seed \(seed): \(matches.count)")
        #expect(right.count * 10 >= matches.count * 9, "seed \(seed): \(right.count) of \(matches.count)")
    }

    @Test("the same bits on any number of threads; descriptors of given keypoints are those that were found")
    func determinism() throws {
        let image = discs(200, 170, seed: 4)
        let all = try onThreads { try SIFT().localFeatures(of: image) }
        #expect(all[0].count > 50)
        for found in all {
            #expect(found.keypoints == all[0].keypoints)
            #expect(found.descriptors.elements == all[0].descriptors.elements)
        }
        let again = try SIFT().descriptors(of: image, at: all[0].keypoints)
        let different = paired(again.elements, all[0].descriptors.elements).count {
            abs(Int($0) - Int($1)) > 1
        }
        #expect(different == 0)
        #expect(try SIFT().keypoints(of: image) == all[0].keypoints)
    }

    @Test("descriptors are bytes of length 512 or a little less, none above half of that")
    func lengths() throws {
        let found = try SIFT().localFeatures(of: discs(120, 120, seed: 8))
        for row in 0..<found.count {
            let values = found.descriptors[row].elements.map { Float($0) }
            let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(length > 440 && length < 520, "row \(row): \(length)")
        }
    }

    @Test("the strongest are kept in their order; an undoubled image has fewer")
    func fewer() throws {
        let image = discs(150, 150, seed: 6)
        var sift = SIFT()
        let all = try sift.localFeatures(of: image)
        sift.maximumCount = 10
        let some = try sift.localFeatures(of: image)
        #expect(some.count == 10 && some.descriptors.shape == [10, 128])
        #expect(try sift.keypoints(of: image) == some.keypoints)
        let weakest = try #require(some.keypoints.map(\.response).min())
        #expect(all.keypoints.count { $0.response > weakest } <= 9)
        sift.maximumCount = nil
        sift.doublesImage = false
        let plain = try sift.keypoints(of: image)
        #expect(plain.count < all.count && notEmpty(plain).allSatisfy { $0.octave >= 0 })
    }

    @Test("a flat image has no keypoints; bad images, keypoints and settings are refused")
    func badInput() throws {
        let flat = NDArray<UInt8>(shape: [50, 60], repeating: 90)
        #expect(try SIFT().localFeatures(of: flat).descriptors.shape == [0, 128])
        #expect(try SIFT().keypoints(of: discs(8, 8, seed: 1)).isEmpty)
        let keypoint = Keypoint(x: 30, y: 20, scale: 3)
        #expect(try notEmpty(SIFT().descriptors(of: flat, at: [keypoint]).elements).allSatisfy { $0 == 0 })
        for shape in [[7, 50], [50, 7], [0, 0], [3, 50, 50]] {
            #expect(throws: DescentError.self) {
                try SIFT().keypoints(of: NDArray(shape: shape, repeating: 0))
            }
        }
        for bad in [
            Keypoint(x: .nan, y: 1, scale: 2), Keypoint(x: 1, y: 1, scale: 0),
            Keypoint(x: 1, y: 1, scale: 1, level: 9),
        ] {
            #expect(throws: DescentError.self) { try SIFT().descriptors(of: flat, at: [bad]) }
        }
        var sift = SIFT()
        sift.levels = 0
        #expect(throws: DescentError.self) { try sift.keypoints(of: flat) }
        sift = SIFT()
        sift.sigma = .nan
        #expect(throws: DescentError.self) { try sift.keypoints(of: flat) }
    }

    @Test("keypoints outside the image, or larger than it, are described without reading beyond it")
    func farAway() throws {
        let image = discs(40, 50, seed: 9)
        let keypoints = [(-30, -30, 5), (1e6, 20, 4), (20, 20, 900), (49.4, 39.4, 2), (0, 0, 0.01)].map {
            Keypoint(x: Float($0.0), y: Float($0.1), scale: Float($0.2), angle: 1, octave: 3, level: 2)
        }
        #expect(try SIFT().descriptors(of: image, at: keypoints).shape == [5, 128])
    }
}
