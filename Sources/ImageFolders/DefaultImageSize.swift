import Images
import Support

/// The form that is chosen for a folder, and why.
package struct DefaultImageSize: Sendable, Equatable {
    /// The width in pixels.
    package let width: Int
    /// The height in pixels.
    package let height: Int
    /// Whether no file holds colours.
    package let isGrayscale: Bool
    /// The rule that led to it, in words.
    package let reason: String

    /// The longest side that is chosen without being asked for: four times the pixels make four times the training.
    package static let longestSide = 64
}

extension ImageFolder {
    /// The size and colour for these pictures where none are asked for.
    ///
    /// Pictures of one size of at most 64 x 64 keep it. Larger ones of one shape are shrunk to a longest side of 64. Others
    /// become squares with the median of the pictures' shorter sides, at most 64. Colours are taken away where no file has any.
    package var defaultSize: DefaultImageSize {
        let headers = files.compactMap { try? $0.header.get() }
        let isGrayscale = !headers.isEmpty && headers.allSatisfy { !$0.hasColor }
        guard let first = headers.first else {
            return DefaultImageSize(
                width: DefaultImageSize.longestSide, height: DefaultImageSize.longestSide, isGrayscale: false,
                reason: "no picture can be read")
        }
        let limit = DefaultImageSize.longestSide
        let shape = Double(first.width) / Double(first.height)
        let (isOneSize, isOneShape) = (
            headers.allSatisfy { $0.width == first.width && $0.height == first.height },
            headers.allSatisfy { abs(Double($0.width) / Double($0.height) / shape - 1) < 0.02 }
        )
        if isOneSize, max(first.width, first.height) <= limit {
            return DefaultImageSize(
                width: first.width, height: first.height, isGrayscale: isGrayscale,
                reason: "the size of all pictures")
        }
        // A strip of 1000 x 10 would be one pixel high.
        if isOneShape, max(first.width, first.height) > limit, (0.25...4).contains(shape) {
            return DefaultImageSize(
                width: shape >= 1 ? limit : Int((Double(limit) * shape).rounded()),
                height: shape >= 1 ? Int((Double(limit) / shape).rounded()) : limit, isGrayscale: isGrayscale,
                reason: "the shape of all pictures, the longest side \(limit)")
        }
        let shorter = headers.map { min($0.width, $0.height) }.sorted()
        let median = shorter[shorter.count / 2]
        let side = min(limit, median)
        return DefaultImageSize(
            width: side, height: side, isGrayscale: isGrayscale,
            reason: "a square with the median of the shorter sides, \(median), at most \(limit)")
    }
}
