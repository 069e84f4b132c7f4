import Arrays
import CPNG
import Support

/// Writing of PNG images (ISO/IEC 15948) by libpng's simplified interface, which reports errors without `longjmp`.
/// `ImageDecoder` reads them.
///
/// Pixels are `NDArray<UInt8>`: grey as `[H, W]`, colour as `[H, W, 3]` (red, green, blue), colour with opacity
/// as `[H, W, 4]`; rows from the top; 0 is black (or transparent), 255 white (or opaque), sRGB-coded.
///
/// ```swift
/// let bytes = try PNG.encode(digit)               // [28, 28]
/// let again = try ImageDecoder().decode(bytes)    // the same pixels
/// ```
public enum PNG {
    /// The channels of a pixel.
    private enum Format: Int {
        /// One channel, the lightness: `[H, W]`.
        case gray = 1
        /// Red, green, blue: `[H, W, 3]`.
        case rgb = 3
        /// Red, green, blue, opacity (not multiplied in): `[H, W, 4]`.
        case rgba = 4

        var libraryCode: png_uint_32 {
            switch self {
            case .gray: 0
            case .rgb: png_uint_32(PNG_FORMAT_FLAG_COLOR)
            case .rgba: png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
            }
        }
    }

    /// Encodes the pixels of `image` as a PNG file.
    ///
    /// - Parameter image: `[H, W]` or `[H, W, 1]` grey, `[H, W, 3]` colour, `[H, W, 4]` colour with opacity.
    /// - Precondition: such a shape, H and W at least 1.
    /// - Throws: `DescentError` of kind `cannotCreate` if libpng refuses (more than 2^31 - 1 bytes a row).
    public static func encode(_ image: NDArray<UInt8>) throws -> [UInt8] {
        let channels = image.ndim == 3 ? image.shape[2] : 1
        guard image.ndim == 2 || image.ndim == 3, let format = Format(rawValue: channels) else {
            mistake("a picture has shape [H, W], [H, W, 3] or [H, W, 4], not \(image.shape)")
        }
        return try image.withUnsafeElements {
            try write(
                $0, width: image.shape[1], height: image.shape[0], format: format.libraryCode, palette: [])
        }
    }

    /// Encodes an image of palette indices as a PNG file: a third of the size of the same image in colour.
    ///
    /// - Parameters:
    ///   - indices: `[H, W]`, each the index of a colour in `palette`.
    ///   - palette: 1 to 256 colours.
    /// - Precondition: two axes, H and W at least 1, every index below `palette.count`.
    package static func encode(indices: NDArray<UInt8>, palette: [RGBA]) throws -> [UInt8] {
        require(indices.ndim == 2, "indices have shape [H, W], not \(indices.shape)")
        require(
            (1...256).contains(palette.count), "a palette has 1 to 256 colours, not \(palette.count)")
        return try indices.withUnsafeElements { pixels in
            let largest = Int(pixels.max() ?? 0)
            require(largest < palette.count, "index \(largest) in a palette of \(palette.count) colours")
            return try write(
                pixels, width: indices.shape[1], height: indices.shape[0],
                format: Format.rgba.libraryCode | png_uint_32(PNG_FORMAT_FLAG_COLORMAP), palette: palette)
        }
    }

    private static func write(
        _ pixels: UnsafeBufferPointer<UInt8>, width: Int, height: Int, format: png_uint_32, palette: [RGBA]
    ) throws -> [UInt8] {
        require(
            width > 0 && height > 0, "a PNG picture has at least one pixel, not \(height) x \(width)")
        guard let pngWidth = png_uint_32(exactly: width), let pngHeight = png_uint_32(exactly: height) else {
            throw DescentError(.cannotCreate, "too large for a PNG file", got: "\(width) x \(height)")
        }
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        image.width = pngWidth
        image.height = pngHeight
        image.format = format
        image.colormap_entries = png_uint_32(palette.count)
        defer { png_image_free(&image) }
        let colors = palette.flatMap { [$0.red, $0.green, $0.blue, $0.alpha] }
        // Room for pixels that do not compress (zlib's worst case is below a thousandth) and all the chunks.
        let raw = pixels.count + height
        var size = png_alloc_size_t(raw + raw / 512 + raw / 8192 * 12 + 8 * colors.count + 4096)
        let capacity = Int(size)
        return try [UInt8](unsafeUninitializedCapacity: capacity) { file, count in
            count = 0
            guard
                png_image_write_to_memory(
                    &image, file.baseAddress, &size, 0, pixels.baseAddress, 0, colors.isEmpty ? nil : colors)
                    != 0
            else {
                throw DescentError(.cannotCreate, "libpng cannot write the picture: \(message(of: image))")
            }
            count = Int(size)
        }
    }

    private static func message(of image: png_image) -> String {
        // A fixed field of 64 characters, ended by a zero (png.h).
        withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
