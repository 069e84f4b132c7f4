import Arrays
import CKernels
import Support

/// SIFT descriptors on a grid instead of at keypoints: upright, all of one size.
///
/// Centres are `step` pixels apart, as many as fit the image; a descriptor has four cells of `cellSize` pixels along
/// each side and may reach over the border, where there are no gradients. Where the image is flat the descriptor is
/// zero.
///
/// ```swift
/// let all = try DenseSIFT(step: 3, cellSize: 3).descriptors(of: digits.images)   // [N, 28, 28] to [N, 100, 128]
/// ```
///
/// - Complexity: O(H · W · cell) for the maps that all descriptors of an image share, then O(128) for each.
/// - Source: D. Lowe (see `SIFT`); the maps: A. Vedaldi, B. Fulkerson, "VLFeat" (2008).
public struct DenseSIFT: LocalFeatureExtractor, Hashable, Codable {
    /// The distance between centres in pixels, 1 or more.
    public var step: Int
    /// The side of a cell in pixels, 1 or more; a descriptor has 4 x 4 cells.
    public var cellSize: Int

    /// Creates an extractor on a grid.
    ///
    /// - Precondition: both are 1...4096.
    public init(step: Int = 3, cellSize: Int = 3) {
        require(
            (1...4096).contains(step) && (1...4096).contains(cellSize),
            "dense SIFT with a step of \(step) and cells of \(cellSize)")
        self.step = step
        self.cellSize = cellSize
    }

    /// The number of values in a descriptor, 128.
    package var descriptorSize: Int { 128 }

    /// Returns the number of rows and columns of centres in an image of `height` x `width`.
    package func gridSize(height: Int, width: Int) -> (rows: Int, columns: Int) {
        (ck_dense_count(height, step), ck_dense_count(width, step))
    }

    /// Computes the descriptors of each image: bytes [N, H, W] to [N, rows * columns, 128].
    ///
    /// - Throws: `badData` when the images have another shape; `usage` for a step or cells out of range.
    package func descriptors(of images: NDArray<UInt8>) throws -> NDArray<UInt8> {
        let (count, height, width) = try imageShape(of: images)
        var settings = try kernelSettings(height: height, width: width)
        let grid = gridSize(height: height, width: width)
        return NDArray(shape: [count, grid.rows * grid.columns, 128]) { target in
            let status = images.withUnsafeElements {
                ck_dense_sift(&settings, count, $0.baseAddress, target.baseAddress)
            }
            requireDone(status, "dense SIFT of images of shape \(images.shape)")
        }
    }

    /// Computes the features of one image [H, W], in row-major order of centres. The scale of each is a third of a
    /// cell, as SIFT has it.
    ///
    /// - Throws: `badData` when the image has another shape.
    package func localFeatures(of image: NDArray<UInt8>) throws -> LocalFeatures {
        let (height, width) = try imageShape(ofOne: image)
        let descriptors = try descriptors(of: image.reshaped(1, height, width))
        let grid = gridSize(height: height, width: width)
        let top = ck_dense_first(height, step)
        let left = ck_dense_first(width, step)
        let keypoints = (0..<grid.rows * grid.columns).map { place in
            Keypoint(
                x: Float(left + place % grid.columns * step), y: Float(top + place / grid.columns * step),
                scale: Float(cellSize) / 3)
        }
        return LocalFeatures(keypoints: keypoints, descriptors: descriptors.reshaped(keypoints.count, 128))
    }

    func kernelSettings(height: Int, width: Int) throws -> ck_dense_sift {
        guard (1...4096).contains(step) && (1...4096).contains(cellSize) else {
            throw DescentError(
                .usage, "settings of dense SIFT are out of range",
                expected: "a step and cells of 1 to 4096 pixels",
                got: "a step of \(step), cells of \(cellSize)")
        }
        return ck_dense_sift(
            height: height, width: width, step: Int32(step), cell: Int32(cellSize))
    }
}
