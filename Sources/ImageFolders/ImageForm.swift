import Support

/// The size, cut and colour that every picture is brought to.
public struct ImageForm: Sendable, Hashable {
    /// The width in pixels.
    public let width: Int
    /// The height in pixels.
    public let height: Int
    /// How a picture of another shape is made to fit.
    public let fit: ImageFit
    /// Whether colours are taken away.
    public let isGrayscale: Bool

    /// The largest width and height.
    public static let maximumSide = 4096

    /// A form from its parts.
    ///
    /// - Precondition: sides of 1 to `maximumSide` pixels.
    public init(width: Int, height: Int, fit: ImageFit = .crop, isGrayscale: Bool = false) {
        let sides = 1...Self.maximumSide
        require(sides.contains(width) && sides.contains(height), "pictures of \(width) x \(height) pixels")
        (self.width, self.height, self.fit, self.isGrayscale) = (width, height, fit, isGrayscale)
    }

    /// The number of channels, C.
    public var channels: Int { isGrayscale ? 1 : 3 }
    /// The shape of one example: [H, W], or [3, H, W] with red, green and blue one after another.
    public var exampleShape: [Int] { isGrayscale ? [height, width] : [3, height, width] }
    /// The bytes of one example.
    var rowBytes: Int { width * height * channels }
}

extension ImageForm {
    /// Reads a size: `64`, or `WxH` as in `64x48`.
    ///
    /// - Throws: `usage`.
    public static func size(parsing text: String) throws -> (width: Int, height: Int) {
        let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 1 || parts.count == 2, let width = parts[0], let height = parts[parts.count - 1],
            (1...maximumSide).contains(width), (1...maximumSide).contains(height)
        else {
            throw DescentError(
                .usage, "not a size of pictures", at: "`imageSize`",
                expected: "a number of pixels, or WxH, each at most \(maximumSide)", got: text)
        }
        return (width, height)
    }
}
