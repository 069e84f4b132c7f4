import Arrays
import Support

/// Returns N, H and W of grey images.
///
/// - Throws: `badData` when there are not three axes, or an image has no pixels.
func imageShape(of images: NDArray<UInt8>) throws -> (count: Int, height: Int, width: Int) {
    guard images.ndim == 3 else {
        throw DescentError(
            .badData, "features are taken from grey images", expected: "an array [N, H, W]",
            got: "shape \(images.shape)",
            advice: "turn colours into grey first, and give one image as [1, H, W]")
    }
    try checkSides(height: images.shape[1], width: images.shape[2])
    return (images.shape[0], images.shape[1], images.shape[2])
}

/// Returns H and W of one grey image.
///
/// - Throws: `badData` when there are not two axes, or no pixels.
func imageShape(ofOne image: NDArray<UInt8>) throws -> (height: Int, width: Int) {
    guard image.ndim == 2 else {
        throw DescentError(
            .badData, "keypoints are found in one grey image", expected: "an array [H, W]",
            got: "shape \(image.shape)",
            advice: "turn colours into grey first")
    }
    try checkSides(height: image.shape[0], width: image.shape[1])
    return (image.shape[0], image.shape[1])
}

private func checkSides(height: Int, width: Int) throws {
    guard (1...1 << 15).contains(height) && (1...1 << 15).contains(width) else {
        throw DescentError(
            .badData, "an image has sides that features cannot be taken from",
            expected: "1 to 32768 pixels each",
            got: "\(height) x \(width)")
    }
}
