import Arrays
import CKernels
import Support

/// An integral image (summed-area table): the sums of all pixels above and to the left, so that the sum of any box
/// takes four of them.
///
/// ```swift
/// let integral = try IntegralImage(of: image)          // [H, W]
/// integral.sum(rows: 2..<5, columns: 0..<3)            // of nine pixels
/// ```
///
/// - Complexity: O(H · W) to make, O(1) for a box.
/// - Source: P. Viola, M. Jones, "Rapid Object Detection using a Boosted Cascade of Simple Features", CVPR 2001.
package struct IntegralImage: Sendable {
    /// The height of the image, H.
    package let height: Int
    /// The width of the image, W.
    package let width: Int
    /// [H + 1, W + 1]: entry y * (W + 1) + x is the sum of rows before y and columns before x, modulo 2^32.
    package let sums: [UInt32]

    /// Computes the integral image of a grey image [H, W].
    ///
    /// - Throws: `badData` when the image has another shape.
    package init(of image: NDArray<UInt8>) throws {
        let (height, width) = try imageShape(ofOne: image)
        (self.height, self.width) = (height, width)
        sums = image.withUnsafeElements { pixels in
            [UInt32](unsafeUninitializedCapacity: (height + 1) * (width + 1)) { target, count in
                ck_integral_image(pixels.baseAddress, height, width, target.baseAddress)
                count = (height + 1) * (width + 1)
            }
        }
    }

    /// Returns the sum of the pixels in a box.
    ///
    /// - Precondition: the box is inside the image and has fewer than 2^24 pixels.
    package func sum(rows: Range<Int>, columns: Range<Int>) -> Int {
        func above(_ y: Int, _ x: Int) -> UInt32 { sums[y * (width + 1) + x] }
        let (left, right) = (columns.lowerBound, columns.upperBound)
        let lower = above(rows.upperBound, right) &- above(rows.upperBound, left)
        return Int(lower &- (above(rows.lowerBound, right) &- above(rows.lowerBound, left)))
    }

    /// Computes the determinant (Dxx Dyy - 0.81 Dxy^2) and the trace of SURF's Hessian at a pixel, by box filters
    /// `size` wide, divided by their area; the image counts as 0...1, and as zero outside.
    ///
    /// - Precondition: `size` is 9, 15, 21 or so on (three odd lobes).
    package func hessian(row: Int, column: Int, size: Int) -> (determinant: Float, trace: Float) {
        require(size >= 9 && size % 6 == 3, "a box filter of \(size)")
        var (determinant, trace) = (Float(0), Float(0))
        ck_surf_hessian(
            sums, height, width, row, column, size, &determinant, &trace)
        return (determinant, trace)
    }
}
