import Arrays
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
    private static let target = ImageTarget(height: side, width: side, color: .gray, fit: .stretch)

    /// What the picture looks like in 64 bits.
    let hash: PerceptualHash
    /// The picture at 16 x 16 pixels, grey: it tells apart what has one hash by chance.
    let thumbnail: [UInt8]

    init(hash: PerceptualHash, thumbnail: [UInt8]) { (self.hash, self.thumbnail) = (hash, thumbnail) }

    /// The signature of a picture [H, W] or [H, W, 3].
    init(of image: NDArray<UInt8>) {
        self.init(hash: PerceptualHash(of: image), thumbnail: Self.target.resized(image).elements)
    }

    /// That of a picture that cannot be read.
    static let none = PictureSignature(
        hash: PerceptualHash(bits: 0), thumbnail: [UInt8](repeating: 0, count: side * side))
}
