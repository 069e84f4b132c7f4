import Images
import Support

/// What decoding a picture told of it besides its pixels.
package struct PictureRecord: Sendable, Equatable {
    /// The path from the folder.
    let path: String
    let stamp: FileStamp
    /// The CRC-32 of the file; with its size it stands for the contents.
    let checksum: UInt32
    /// Small grey pixels, by which nearly equal pictures are found.
    let signature: PictureSignature
    /// Why there are no pixels; nil where there are.
    let fault: DescentError?

    /// Size and checksum as text: equal for equal files.
    var contents: String { Self.contents(size: stamp.size, checksum: checksum) }

    static func contents(size: Int, checksum: UInt32) -> String {
        let digits = String(checksum, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits + "-\(size)"
    }
}

/// Numbers that are near one another for pictures that look alike.
struct PictureSignature: Sendable, Equatable {
    /// The length of the thumbnail's sides.
    static let side = 16

    /// Whether each ninth of a line is lighter than its neighbour, for eight lines: it survives another size, another
    /// compression and a little more light.
    let hash: UInt64
    /// The picture at 16 x 16 pixels, grey.
    let thumbnail: [UInt8]

    init(hash: UInt64, thumbnail: [UInt8]) { (self.hash, self.thumbnail) = (hash, thumbnail) }

    static let none = PictureSignature(hash: 0, thumbnail: [UInt8](repeating: 0, count: side * side))

    /// The signature of a picture's pixels [C, H, W].
    init(_ pixels: [UInt8], _ target: ImageTarget) {
        let plane = target.width * target.height
        let gray: [Float] =
            target.color == .gray
            ? pixels.map { Float($0) }
            : (0..<plane).map {
                // Luma by the weights of ITU-R BT.601.
                0.299 * Float(pixels[$0]) + 0.587 * Float(pixels[plane + $0])
                    + 0.114 * Float(pixels[2 * plane + $0])
            }
        thumbnail = Self.averages(gray, target, columns: Self.side, rows: Self.side).map {
            UInt8(max(0, min(255, $0.rounded())))
        }
        let cells = Self.averages(gray, target, columns: 9, rows: 8)
        var hash: UInt64 = 0
        for row in 0..<8 {
            for column in 0..<8 {
                hash = hash << 1 | (cells[row * 9 + column + 1] > cells[row * 9 + column] + 0.5 ? 1 : 0)
            }
        }
        self.hash = hash
    }

    /// The means of `rows` x `columns` equal parts; pixels on an edge belong to both parts by their share.
    private static func averages(
        _ gray: [Float], _ target: ImageTarget, columns: Int, rows: Int
    ) -> [Float] {
        let across = shares(target.width, columns), down = shares(target.height, rows)
        return gray.withUnsafeBufferPointer { gray in
            var lines = [Float](repeating: 0, count: target.height * columns)
            for y in 0..<target.height {
                for (column, share) in across.enumerated() {
                    var sum: Float = 0
                    for (offset, weight) in share.weights.enumerated() {
                        sum += weight * gray[y * target.width + share.start + offset]
                    }
                    lines[y * columns + column] = sum
                }
            }
            var cells = [Float](repeating: 0, count: rows * columns)
            for (row, share) in down.enumerated() {
                for (offset, weight) in share.weights.enumerated() {
                    for column in 0..<columns {
                        cells[row * columns + column] +=
                            weight * lines[(share.start + offset) * columns + column]
                    }
                }
            }
            return cells
        }
    }

    /// Which pixels each of `parts` equal parts of a line covers, and with what weights, which add up to 1.
    private static func shares(_ length: Int, _ parts: Int) -> [(start: Int, weights: [Float])] {
        (0..<parts).map { part in
            let (begin, end) = (
                Double(part) * Double(length) / Double(parts),
                Double(part + 1) * Double(length) / Double(parts)
            )
            let first = min(length - 1, Int(begin)), last = max(first, min(length - 1, Int(end.rounded(.up)) - 1))
            let weights = (first...last).map { pixel in
                Float((min(end, Double(pixel + 1)) - max(begin, Double(pixel))) / (end - begin))
            }
            return (first, weights)
        }
    }
}
