import Arrays
import CKernels
import Support

extension WindowGeometry {
    /// A height and a width in pixels, of a kernel or a stride. An integer literal gives both.
    public struct Extent: Sendable, Hashable, ExpressibleByIntegerLiteral, CustomStringConvertible {
        /// The number of rows.
        public let height: Int
        /// The number of columns.
        public let width: Int

        /// Creates an extent of `height` rows and `width` columns.
        public init(_ height: Int, _ width: Int) {
            self.height = height
            self.width = width
        }

        /// Creates equal height and width.
        public init(integerLiteral value: Int) { self.init(value, value) }

        /// The text `5x3`.
        public var description: String { "\(height)x\(width)" }
    }

    /// The padding of zeros around an image.
    public enum Padding: Sendable, Hashable, ExpressibleByIntegerLiteral {
        /// The padding that keeps the image's size when the stride is 1; the kernel is of odd size.
        case same
        /// The rows above and below, and the columns left and right.
        case pixels(Extent)

        /// Creates the same padding on every side.
        public init(integerLiteral value: Int) { self = .pixels(Extent(value, value)) }
    }
}

// Short names for the package; the public ones are nested, because a user's program has extents of its own.
package typealias Extent = WindowGeometry.Extent
package typealias Padding = WindowGeometry.Padding

/// The geometry of a convolution's or pooling's windows.
///
/// P = floor((H + 2 padding - dilation (kernel - 1) - 1) / stride) + 1, and likewise for the width.
public struct WindowGeometry: Sendable, Hashable {
    /// The size of the window.
    public let kernel: Extent
    /// The distance between adjacent windows.
    public let stride: Extent
    /// The rows of zeros above and columns left; as many below and right.
    public let padding: Extent
    /// The distance between adjacent elements of the window.
    public let dilation: Extent

    /// Creates the geometry of windows of size `kernel`.
    ///
    /// - Precondition: at least one pixel each, none negative; for `same` padding an odd kernel.
    public init(kernel: Extent, stride: Extent = 1, padding: Padding = 0, dilation: Extent = 1) {
        require(
            kernel.height > 0 && kernel.width > 0 && stride.height > 0 && stride.width > 0
                && dilation.height > 0 && dilation.width > 0,
            "windows need at least one pixel: kernel \(kernel), stride \(stride), dilation \(dilation)")
        self.kernel = kernel
        self.stride = stride
        self.dilation = dilation
        switch padding {
        case .same:
            require(
                kernel.height % 2 == 1 && kernel.width % 2 == 1,
                "same padding needs an odd kernel, not \(kernel)")
            self.padding = Extent(
                dilation.height * (kernel.height - 1) / 2, dilation.width * (kernel.width - 1) / 2)
        case .pixels(let extent):
            require(extent.height >= 0 && extent.width >= 0, "negative padding: \(extent)")
            self.padding = extent
        }
    }

    /// The number of windows that fit an image of `height` and `width`; nil if none does.
    package func windows(height: Int, width: Int) -> Extent? {
        let rows = height + 2 * padding.height - dilation.height * (kernel.height - 1) - 1
        let columns = width + 2 * padding.width - dilation.width * (kernel.width - 1) - 1
        guard rows >= 0, columns >= 0 else { return nil }
        return Extent(rows / stride.height + 1, columns / stride.width + 1)
    }

    /// The size of an image that a transposed convolution makes of one of `height` and `width`.
    package func transposedSize(height: Int, width: Int) -> Extent? {
        let rows =
            (height - 1) * stride.height - 2 * padding.height + dilation.height * (kernel.height - 1) + 1
        let columns = (width - 1) * stride.width - 2 * padding.width + dilation.width * (kernel.width - 1) + 1
        return rows > 0 && columns > 0 ? Extent(rows, columns) : nil
    }

    /// The kernels' description for images of `size`, with windows at `out`.
    func form(of size: Extent, out: Extent) -> ck_windows {
        ck_windows(
            height: size.height, width: size.width, out_height: out.height,
            out_width: out.width, kernel_height: kernel.height,
            kernel_width: kernel.width,
            stride_height: stride.height, stride_width: stride.width,
            padding_top: padding.height, padding_left: padding.width)
    }
}
