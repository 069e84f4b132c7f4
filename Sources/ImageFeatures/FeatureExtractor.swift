import Arrays

/// Turns grey images into rows of features, the same way for every image.
///
/// ```swift
/// let rows = try HistogramOfOrientedGradients(cellSize: 7).features(of: digits.images)   // [N, D]
/// ```
public protocol FeatureExtractor: Sendable {
    /// The number of features of an image of `height` x `width` pixels, D.
    ///
    /// - Throws: `badData` when such an image is too small: smaller than a cell or a block.
    func featureCount(height: Int, width: Int) throws -> Int

    /// The features of each image.
    ///
    /// - Parameter images: bytes [N, H, W].
    /// - Returns: [N, D].
    /// - Throws: `badData` when the images are too small.
    func features(of images: NDArray<UInt8>) throws -> NDArray<Float>
}
