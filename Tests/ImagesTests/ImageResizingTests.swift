import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import Images

@Suite struct ImageResizingTests {
    private func noise(_ shape: [Int], seed: UInt64 = 1) -> NDArray<UInt8> {
        var random = SplitMix64(state: seed)
        return NDArray(
            shape: shape,
            elements: (0..<shape.reduce(1, *)).map { _ in UInt8.random(in: 0...255, using: &random) })
    }

    /// The weights by which the pixels of an axis make up pixel `index` of the target: worked out from the definition.
    private func weights(_ extent: Int, _ start: Double, _ length: Double, _ to: Int, _ index: Int)
        -> [Double]
    {
        let ratio = length / Double(to)
        var weights = [Double](repeating: 0, count: extent)
        if ratio >= 1 {
            let (from, end) = (start + Double(index) * ratio, start + Double(index + 1) * ratio)
            for place in 0..<extent {
                weights[place] = max(0, min(Double(place + 1), end) - max(Double(place), from)) / ratio
            }
        } else {
            let center = start + (Double(index) + 0.5) * ratio - 0.5
            for place in -1...extent {
                weights[min(max(place, 0), extent - 1)] += max(0, 1 - abs(center - Double(place)))
            }
        }
        return weights
    }

    /// The whole of `image` at another size, in double precision.
    private func reference(
        _ image: NDArray<UInt8>, _ height: Int, _ width: Int, window: (Double, Double, Double, Double)
    ) -> [Double] {
        let channels = image.ndim == 3 ? 3 : 1
        let pixels = image.elements
        var result: [Double] = []
        for row in 0..<height {
            let down = weights(image.shape[0], window.0, window.2, height, row)
            for column in 0..<width {
                let across = weights(image.shape[1], window.1, window.3, width, column)
                for channel in 0..<channels {
                    var sum = 0.0
                    for (i, weight) in down.enumerated() where weight > 0 {
                        for (j, other) in across.enumerated() where other > 0 {
                            sum +=
                                weight * other * Double(pixels[(i * image.shape[1] + j) * channels + channel])
                        }
                    }
                    result.append(sum)
                }
            }
        }
        return result
    }

    private func expect(_ image: NDArray<UInt8>, _ expected: [Double]) {
        for (got, value) in paired(image.elements, expected) { #expect(abs(Double(got) - value) <= 0.5001) }
    }

    @Test(arguments: [
        [8, 8, 4, 4], [9, 7, 4, 3], [10, 10, 3, 7], [5, 6, 5, 6], [3, 4, 7, 9], [1, 1, 3, 2], [7, 3, 2, 8],
        [40, 30, 1, 1], [13, 17, 12, 16],
    ])
    func stretchedByAreaOrLinearly(sizes: [Int]) {
        for channels in [1, 3] {
            let image = noise(Array(sizes[..<2]) + (channels == 3 ? [3] : []))
            let target = ImageTarget(
                height: sizes[2], width: sizes[3], color: channels == 3 ? .rgb : .gray, fit: .stretch)
            let resized = target.resized(image)
            #expect(resized.shape == target.shape)
            expect(
                resized,
                reference(image, sizes[2], sizes[3], window: (0, 0, Double(sizes[0]), Double(sizes[1]))))
        }
    }

    @Test func wholeFactorsAreMeans() {
        let image = NDArray<UInt8>(shape: [2, 4], elements: [0, 10, 200, 201, 20, 30, 202, 205])
        let target = ImageTarget(height: 1, width: 2, color: .gray, fit: .stretch)
        #expect(target.resized(image).elements == [15, 202])
        #expect(ImageTarget(height: 2, width: 4, color: .gray).resized(image).elements == image.elements)
    }

    @Test func theMiddleIsCutOut() {
        let image = noise([10, 23])
        let resized = ImageTarget(height: 5, width: 5, color: .gray, fit: .crop).resized(image)
        expect(resized, reference(image, 5, 5, window: (0, 6.5, 10, 10)))
        let tall = noise([31, 8, 3])
        let other = ImageTarget(height: 4, width: 6, color: .rgb, fit: .crop).resized(tall)
        let height = 8.0 * 4 / 6
        expect(other, reference(tall, 4, 6, window: ((31 - height) / 2, 0, height, 8)))
    }

    @Test func paddingLiesAround() {
        let image = noise([4, 8])
        let target = ImageTarget(height: 8, width: 8, color: .gray, fit: .pad, padding: RGBA(255, 0, 0))
        let resized = target.resized(image)
        // The luma of red.
        #expect(Array(resized.elements[..<16]) == [UInt8](repeating: 76, count: 16))
        #expect(Array(resized.elements[16..<48]) == image.elements)
        #expect(Array(resized.elements[48...]) == [UInt8](repeating: 76, count: 16))
        let narrow = ImageTarget(height: 2, width: 5, color: .rgb, fit: .pad, padding: RGBA(1, 2, 3))
        let colors = narrow.resized(NDArray<UInt8>(shape: [2, 1], elements: [10, 20])).elements
        #expect(
            colors == [
                1, 2, 3, 1, 2, 3, 10, 10, 10, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 20, 20, 20, 1, 2, 3, 1, 2,
                3,
            ])
        // However flat a picture is, a row of it is seen.
        let line = ImageTarget(height: 4, width: 4, color: .gray, fit: .pad)
        #expect(line.resized(NDArray<UInt8>(shape: [1, 100], repeating: 9)).elements.count { $0 == 9 } == 4)
    }

    @Test func colorBecomesGrayAndGrayColor() {
        let color = NDArray<UInt8>(shape: [1, 2, 3], elements: [255, 0, 0, 10, 20, 30])
        #expect(ImageTarget(height: 1, width: 2, color: .gray).resized(color).elements == [76, 18])
        let gray = NDArray<UInt8>(shape: [1, 2], elements: [7, 9])
        #expect(ImageTarget(height: 1, width: 2, color: .rgb).resized(gray).elements == [7, 7, 7, 9, 9, 9])
    }

    /// Decoding to a target is decoding and resizing, for every kind of file, orientation and fit.
    @Test(arguments: ImageFit.allCases)
    func decodesToATarget(fit: ImageFit) throws {
        let target = ImageTarget(height: 14, width: 17, color: .rgb, fit: fit, padding: RGBA(200, 100, 50))
        for picture in try ImageVectors.read().cases {
            let whole = try ImageDecoder(color: .rgb).decode(picture.bytes)
            let direct = try ImageDecoder().decode(picture.bytes, to: target)
            for (got, expected) in paired(direct.elements, target.resized(whole).elements) {
                // The sums of a turned picture are taken in another order.
                #expect(abs(Int(got) - Int(expected)) <= 1, "\(picture.name)")
            }
        }
    }

    /// A smooth picture is the same whether it is averaged from all of a JPEG or from the low frequencies of its blocks.
    @Test func halvesQuartersAndEighthsOfAJPEG() throws {
        #expect(
            ImageDecoder.eighths(
                for: ImagePlacement(
                    height: 99, width: 99, in: ImageTarget(height: 50, width: 50, color: .gray))) == 8)
        #expect(
            ImageDecoder.eighths(
                for: ImagePlacement(
                    height: 100, width: 300, in: ImageTarget(height: 50, width: 50, color: .gray))) == 4)
        #expect(
            ImageDecoder.eighths(
                for: ImagePlacement(
                    height: 200, width: 300, in: ImageTarget(height: 50, width: 50, color: .gray))) == 2)
        #expect(
            ImageDecoder.eighths(
                for: ImagePlacement(
                    height: 400, width: 800, in: ImageTarget(height: 50, width: 50, color: .gray))) == 1)
        #expect(
            ImageDecoder.eighths(
                for: ImagePlacement(
                    height: 10, width: 10, in: ImageTarget(height: 50, width: 50, color: .gray))) == 8)
    }
}
