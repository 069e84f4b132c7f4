import Images
import Support

extension ImageTarget {
    /// The largest width and height of examples; a network of larger ones has no use.
    package static let maximumSide = 4096

    /// The shape of one example: [H, W], or [3, H, W] with red, green and blue one after another.
    ///
    /// Networks read channels one after another; pictures are moved so once, when they are decoded.
    var exampleShape: [Int] { color == .gray ? [height, width] : [3, height, width] }

    /// Reads a size: `64`, or `WxH` as in `64x48`.
    ///
    /// - Throws: `usage`.
    package static func size(parsing text: String) throws -> (width: Int, height: Int) {
        let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 1 || parts.count == 2, let width = parts[0], let height = parts[parts.count - 1]
        else {
            throw DescentError(
                .usage, "not a size of pictures", at: "`imageSize`",
                expected: "a number of pixels, or WxH, each at most \(maximumSide)", got: text)
        }
        try check(width: width, height: height)
        return (width, height)
    }

    /// - Throws: `usage` for sides that no example has.
    static func check(width: Int, height: Int) throws {
        let sides = 1...maximumSide
        guard sides.contains(width), sides.contains(height) else {
            throw DescentError(
                .usage, "not a size of pictures", at: "`imageSize`", expected: "1 to \(maximumSide) pixels",
                got: "\(width)x\(height)")
        }
    }
}
