import Arrays
import Support

extension WindowGeometry {
    /// The largest window of a max pooling, in pixels: the index of the maximum is a byte.
    package static let mostPixelsOfMaximum = 255

    /// The number of windows that a pooling of images of `height` and `width` has: the only definition of valid
    /// poolings.
    ///
    /// - Parameter takingLargest: whether the pooling takes the largest element of each window, else the mean.
    /// - Throws: `usage`, without a place, when the pooling cannot be computed.
    package func pooledSize(height: Int, width: Int, takingLargest: Bool) throws(DescentError) -> Extent {
        guard dilation == 1 else {
            throw DescentError(.usage, "pooling has no dilation", expected: "1x1", got: "\(dilation)")
        }
        // A window must not be wholly in the padding: it would have no element.
        guard padding.height < kernel.height, padding.width < kernel.width else {
            throw DescentError(
                .usage, "the padding is as large as the window", expected: "less than \(kernel) on each side",
                got: "\(padding)")
        }
        let pixels = kernel.height.multipliedReportingOverflow(by: kernel.width)
        guard !takingLargest || (!pixels.overflow && pixels.partialValue <= Self.mostPixelsOfMaximum) else {
            throw DescentError(
                .usage, "the window has too many pixels", expected: "at most \(Self.mostPixelsOfMaximum)",
                got: "\(kernel)")
        }
        guard let size = windows(height: height, width: width) else {
            throw DescentError(
                .usage, "images are smaller than the window",
                expected: "at least \(kernel) pixels with their padding")
        }
        return size
    }
}
