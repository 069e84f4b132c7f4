import Arrays
import ImageFeatures
import Images
import Support
import TestSupport
import Testing

@testable import Charts

@Suite("Features drawn over pictures")
struct FeaturePictureTests {
    /// Red, green and blue of a pixel.
    private func color(_ picture: NDArray<UInt8>, _ row: Int, _ column: Int) -> [UInt8] {
        picture[row, column].elements
    }

    @Test("lines cover what they should, half where they end between pixels, and nothing outside")
    func lines() {
        var canvas = PictureCanvas(height: 9, width: 9, color: RGBA(0, 0, 0))
        canvas.line(from: (2.5, 4.5), to: (6.5, 4.5), color: RGBA(200, 100, 0), thickness: 1)
        // Far outside: clipped, not trapped.
        canvas.line(from: (-1e7, -1e7), to: (-5, -9), color: RGBA(255, 255, 255))
        let picture = canvas.picture
        #expect(color(picture, 4, 4) == [200, 100, 0])
        #expect(color(picture, 3, 4) == [0, 0, 0] && color(picture, 5, 4) == [0, 0, 0])
        #expect(color(picture, 4, 0) == [0, 0, 0] && color(picture, 4, 8) == [0, 0, 0])
        canvas = PictureCanvas(height: 9, width: 9, color: RGBA(0, 0, 0))
        canvas.line(from: (2.5, 4), to: (6.5, 4), color: RGBA(200, 100, 0), thickness: 1)
        #expect(color(canvas.picture, 3, 4) == [100, 50, 0] && color(canvas.picture, 4, 4) == [100, 50, 0])
    }

    @Test("a keypoint is a circle of twice its scale with a stroke in its direction")
    func keypoint() throws {
        let image = NDArray<UInt8>(shape: [40, 40], repeating: 80)
        let keypoint = Keypoint(x: 20, y: 19, scale: 4, angle: .pi / 2, isBright: true)
        let picture = try FeaturePicture.keypoints([keypoint], over: image, zoom: 2)
        #expect(picture.shape == [80, 80, 3])
        let (row, column) = (39, 41)
        let bright = color(picture, row + 16, column)
        #expect(bright[0] > 200 && bright[2] < 80)
        #expect(color(picture, row - 16, column)[0] > 150)
        // The stroke goes down, for y does; above the middle there is none.
        #expect(color(picture, row + 8, column)[0] > 170)
        #expect(color(picture, row - 8, column) == [60, 60, 60])
        #expect(try FeaturePicture.keypoints([], over: image).shape == [920, 920, 3])
    }

    @Test("an edge's star lies along the edge; a flat picture has no stars")
    func stars() throws {
        // Dark on the left, bright on the right: the edge is upright.
        let image = NDArray<UInt8>(shape: [16, 16], elements: (0..<256).map { $0 % 16 < 8 ? 0 : 200 })
        let hog = HistogramOfOrientedGradients(cellSize: 16, blockSize: 1)
        let picture = try FeaturePicture.stars(of: hog, over: image, zoom: 8)
        // The first of nine bins has its middle at 10 degrees.
        let (up, across) = (color(picture, 40, 68), color(picture, 63, 40))
        #expect(up[0] > 150 && Int(up[0]) - Int(up[2]) > 60, "\(up)")
        #expect(across[0] == across[2], "\(across)")
        let flat = NDArray<UInt8>(shape: [16, 16], repeating: 100)
        let grey = try FeaturePicture.stars(of: hog, over: flat, zoom: 8).elements
        #expect(notEmpty(grey).allSatisfy { $0 == 45 })
    }

    @Test("matches join two pictures side by side")
    func matches() throws {
        let (a, b) = (
            NDArray<UInt8>(shape: [20, 30], repeating: 40), NDArray<UInt8>(shape: [25, 10], repeating: 40)
        )
        let picture = try FeaturePicture.matches(
            [.init(query: 0, train: 1, distance: 3)], from: [Keypoint(x: 4, y: 10, scale: 1)], over: a,
            to: [Keypoint(x: 2, y: 2, scale: 1), Keypoint(x: 5, y: 10, scale: 1)], over: b, zoom: 3)
        #expect(picture.shape == [75, 90 + 12 + 30, 3])
        for column in stride(from: 20, to: 110, by: 5) {
            let pixel = color(picture, 31, column)
            #expect(Set(pixel).count > 1, "column \(column): \(pixel)")
        }
        #expect(color(picture, 70, 40) == [255, 255, 255])
    }

    @Test("pictures with other axes are refused")
    func badInput() {
        let image = NDArray<UInt8>(shape: [4, 4, 3], repeating: 0)
        #expect(throws: DescentError.self) { try FeaturePicture.keypoints([], over: image) }
        #expect(throws: DescentError.self) {
            try FeaturePicture.stars(of: HistogramOfOrientedGradients(), over: image[0..<4, 0])
        }
    }
}
