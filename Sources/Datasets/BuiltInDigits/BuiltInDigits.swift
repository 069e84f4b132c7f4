import Arrays
import CKernels
import Support

/// Handwritten digits that need no download: drawn here, by a pen that follows strokes.
///
/// An image is made in five steps: a way of writing its digit is chosen and a random blend of its shapes taken
/// (`DigitStyle`); the strokes are shaken, bent, stretched and leaned (`DigitVariation`); a round pen whose width
/// varies with pressure follows them; the ink's box is scaled to fit 20 x 20 pixels, keeping its proportions;
/// and the whole is moved by whole pixels until the centre of mass is at pixel (14, 14). The last two steps
/// are MNIST's own (LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition,
/// 1998, section III.A), so that a model trained on these digits can read those.
///
/// No pixel and no weight of MNIST is in the product. Its images did take part in the making: the styles were tuned
/// by eye and against MNIST's training images, and the figure on its test images was looked at on the way.
///
/// Each image depends on the seed and its own index only: the number of threads, the other images and the
/// processor change nothing.
public enum BuiltInDigits {
    /// The width and the height of an image, in pixels.
    package static let side = Int(CK_DIGIT_SIDE)

    /// Returns the images `firstIndex ..< firstIndex + count` of the endless stream of digits that `seed` names.
    ///
    /// In every thousand images that begins at a multiple of 1,000, each digit occurs 100 times, in shuffled order.
    ///
    /// ```swift
    /// let train = BuiltInDigits.generate(count: 60_000, seed: 1)
    /// let test = BuiltInDigits.generate(count: 10_000, seed: 1, firstIndex: 60_000)
    /// ```
    ///
    /// - Returns: `images`, N x 28 x 28 (0 paper, 255 ink), and `labels`, N (0...9).
    /// - Precondition: neither `count` nor `firstIndex` is negative.
    /// - Complexity: O(`count`); about 10 microseconds of one processor per image.
    public static func generate(
        count: Int, seed: UInt64, firstIndex: Int = 0
    ) -> (images: NDArray<UInt8>, labels: NDArray<UInt8>) {
        require(count >= 0, "negative dimensions are not allowed: [\(count), \(side), \(side)]")
        require(firstIndex >= 0, "the first index is negative: \(firstIndex)")
        var labels = NDArray<UInt8>(shape: [count], repeating: 0)
        var images = NDArray<UInt8>(shape: [count, side, side], repeating: 0)
        images.withUnsafeMutableElements { pixels in
            labels.withUnsafeMutableElements { classes in
                DigitBook.standard.generate(
                    seed: seed, firstIndex: UInt64(firstIndex), images: pixels, labels: classes)
            }
        }
        return (images, labels)
    }
}
