import Arrays
import Images
import Support

/// What this library asks of a decoder: a header without the pixels, and pixels in the form that a network reads.
struct PictureDecoder: Sendable {
    /// Stands for how pixels are made: a cache of another version is not used.
    let version: Int
    /// The header of a file that begins with these bytes; nil if it is no picture.
    let header: @Sendable (_ bytes: [UInt8], _ name: String) throws -> PictureHeader?
    /// The pixels of a file: [H, W], or [3, H, W].
    let pixels: @Sendable (_ bytes: [UInt8], _ form: ImageForm, _ name: String) throws -> [UInt8]

    /// The largest file that is read.
    static let maximumBytes = 1 << 30
    /// So much of a file as holds the header of nearly every picture.
    private static let headBytes = 1 << 14

    /// The header of a file, or why it cannot be read; nil if it is no picture.
    func headerOfFile(_ path: String) -> Result<PictureHeader, DescentError>? {
        do {
            let (head, isWhole) = try FileBytes.read(path, limit: Self.headBytes)
            do {
                return try header(head, path).map { .success($0) }
            } catch let error as DescentError {
                // Something large stands before the size: a profile, a thumbnail.
                guard !isWhole else { return .failure(error) }
                return try header(try FileBytes.read(path, limit: Self.maximumBytes).bytes, path)
                    .map { .success($0) }
            }
        } catch let error as DescentError {
            return .failure(error)
        } catch {
            return .failure(DescentError(.badData, "cannot read the picture: \(error)", at: path))
        }
    }
}

extension PictureDecoder {
    static let standard = PictureDecoder(version: 1) { bytes, name in
        guard PNG.isSigned(bytes) else { return nil }
        guard bytes.count >= 29 else { throw DescentError(.badData, "the PNG file is cut off", at: name) }
        func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        return PictureHeader(
            format: "PNG", width: number(16), height: number(20), hasColor: bytes[25] & 2 != 0)
    } pixels: { bytes, form, name in
        let image = try PNG.decode(bytes, as: form.isGrayscale ? .gray : .rgb, name: name)
        let (rows, columns, channels) = (image.shape[0], image.shape[1], form.channels)
        return image.withUnsafeElements { source in
            var result = [UInt8](repeating: 0, count: form.rowBytes)
            for channel in 0..<channels {
                for y in 0..<form.height {
                    for x in 0..<form.width {
                        let place = (y * rows / form.height * columns + x * columns / form.width) * channels
                        result[(channel * form.height + y) * form.width + x] = source[place + channel]
                    }
                }
            }
            return result
        }
    }
}
