import Support

/// The channels that pixels are wanted in.
public enum ImageColor: String, Sendable, CaseIterable {
    /// One channel, the luma of ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B of the coded values. `[H, W]`.
    case gray
    /// Red, green, blue, sRGB-coded. `[H, W, 3]`.
    case rgb

    /// The bytes of a pixel.
    package var channels: Int { self == .gray ? 1 : 3 }
}

/// The way in which a picture of one shape is brought into another.
public enum ImageFit: String, Sendable, CaseIterable {
    /// As much of the middle as has the target's shape; the rest is cut off.
    case crop
    /// All of the picture in the middle; what is left over gets the padding's colour.
    case pad
    /// All of the picture, height and width each scaled by their own factor.
    case stretch
}

/// The pixels that are wanted of every picture: size, channels, and what happens to pictures of another shape.
///
/// ```swift
/// let target = ImageTarget(height: 64, width: 64, color: .rgb)
/// let image = try ImageDecoder().decode(contentsOf: "photo.jpg", to: target)   // [64, 64, 3]
/// ```
public struct ImageTarget: Sendable, Equatable {
    /// The height in pixels.
    public var height: Int
    /// The width in pixels.
    public var width: Int
    /// The channels.
    public var color: ImageColor
    /// What happens to pictures of another shape.
    public var fit: ImageFit
    /// The colour beside padded pictures; its opacity is not looked at.
    package var padding: RGBA

    /// Creates a target; by default the middle is cut out, and padding is black.
    ///
    /// - Precondition: 1 to 16,384 pixels along each axis.
    public init(
        height: Int, width: Int, color: ImageColor, fit: ImageFit = .crop, padding: RGBA = RGBA(0, 0, 0)
    ) {
        require(
            (1...16384).contains(height) && (1...16384).contains(width),
            "a target has 1 to 16384 pixels along each axis, not \(height) x \(width)")
        (self.height, self.width, self.color, self.fit, self.padding) = (height, width, color, fit, padding)
    }

    /// The shape of the pixels: `[H, W]` or `[H, W, 3]`.
    package var shape: [Int] { color == .gray ? [height, width] : [height, width, 3] }

    /// The bytes of one picture.
    package var byteCount: Int { height * width * color.channels }
}

/// Where a picture's pixels go: a part of it, resampled to a size, at a place of the target.
struct ImagePlacement: Equatable {
    /// The part that is used, in pixels of the picture.
    var left, top, windowWidth, windowHeight: Double
    /// The size that it is resampled to.
    var width, height: Int
    /// Where that lies in the target.
    var row = 0, column = 0

    /// The placement of a picture of `height` x `width` pixels as it is shown.
    init(height: Int, width: Int, in target: ImageTarget) {
        (left, top, windowWidth, windowHeight) = (0, 0, Double(width), Double(height))
        (self.width, self.height) = (target.width, target.height)
        // Whether the picture is wider, in proportion, than the target: below 2^31 times 2^14.
        let (across, down) = (width * target.height, height * target.width)
        switch target.fit {
        case .stretch: break
        case .crop where across > down:
            windowWidth = Double(down) / Double(target.height)
            left = (Double(width) - windowWidth) / 2
        case .crop:
            windowHeight = Double(across) / Double(target.width)
            top = (Double(height) - windowHeight) / 2
        case .pad where across > down:
            self.height = max(1, (2 * down + width) / (2 * width))
            row = (target.height - self.height) / 2
        case .pad:
            self.width = max(1, (2 * across + height) / (2 * height))
            column = (target.width - self.width) / 2
        }
    }

    /// The same placement for a picture that is stored in another orientation than it is shown. Windows lie in the middle, so
    /// only an exchange of the axes changes them.
    func stored(_ orientation: ImageOrientation) -> ImagePlacement {
        guard orientation.swapsAxes else { return self }
        var other = self
        (other.left, other.top) = (top, left)
        (other.windowWidth, other.windowHeight) = (windowHeight, windowWidth)
        (other.width, other.height) = (height, width)
        return other
    }
}
