import Arrays
import Glibc
import Images
import Support

/// What this library asks of a decoder.
struct PictureDecoder: Sendable {
    /// Stands for how pixels are made: a cache of another version is not used.
    let version: Int
    /// The picture in a file's bytes: [H, W] or [H, W, 3] of the target.
    let image: @Sendable (_ bytes: [UInt8], _ target: ImageTarget, _ name: String) throws -> NDArray<UInt8>

    /// PNG, JPEG and WebP.
    static let standard = PictureDecoder(version: 2) { bytes, target, name in
        try ImageDecoder().decode(bytes, to: target, name: name)
    }

    /// The pixels as networks read them: [H, W, 3] as [3, H, W], [H, W] as it is.
    static func planes(of image: NDArray<UInt8>) -> [UInt8] {
        guard image.ndim == 3 else { return image.elements }
        let area = image.shape[0] * image.shape[1]
        return image.withUnsafeElements { source in
            [UInt8](unsafeUninitializedCapacity: 3 * area) { target, count in
                for pixel in 0..<area {
                    target[pixel] = source[3 * pixel]
                    target[area + pixel] = source[3 * pixel + 1]
                    target[2 * area + pixel] = source[3 * pixel + 2]
                }
                count = 3 * area
            }
        }
    }

    /// The header of a file, or why it cannot be read; nil if it is no picture, neither by its contents nor by its name.
    ///
    /// The contents decide. Where they are no picture's the name does: `cat.jpg` with a web page in it is a picture that is
    /// missing, and `notes.txt` is none.
    static func header(ofFile path: String) -> Result<ImageHeader, DescentError>? {
        do {
            return .success(try ImageHeader(contentsOf: path))
        } catch {
            guard claimsToBePicture(path) || beginsAsPicture(path) else { return nil }
            return .failure(
                error as? DescentError
                    ?? DescentError(.badData, "cannot read the picture: \(error)", at: path))
        }
    }

    private static let suffixes: Set = [
        "jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "tif", "tiff", "bmp", "heic", "heif", "avif",
        "jxl",
        "jp2", "pbm", "pgm", "ppm",
    ]

    private static func claimsToBePicture(_ path: String) -> Bool {
        let parts = PathText.name(of: path).utf8.split(separator: UInt8(ascii: "."))
        return parts.count > 1
            && parts.last.map { suffixes.contains(String(Substring($0)).lowercased()) } == true
    }

    private static func beginsAsPicture(_ path: String) -> Bool {
        guard let head = try? FileBytes.read(path, limit: 12).bytes else { return false }
        return head.starts(with: [0x89, 0x50, 0x4E, 0x47]) || head.starts(with: [0xFF, 0xD8, 0xFF])
            || head.starts(with: "RIFF".utf8) && head.dropFirst(8).starts(with: "WEBP".utf8)
    }

    /// The largest file that is read.
    static let maximumBytes = ImageDecoder().maximumBytes
}
