import Arrays
import CPNG
import Support

/// Reading and writing of PNG images (ISO/IEC 15948) by libpng's simplified interface.
///
/// Pixels are `NDArray<UInt8>`: grey as `[H, W]`, colour as `[H, W, 3]` (red, green, blue), colour with opacity
/// as `[H, W, 4]`; rows from the top; 0 is black (or transparent), 255 white (or opaque), sRGB-coded.
///
/// ```swift
/// let bytes = try PNG.encode(digit)             // [28, 28]
/// let again = try PNG.decode(bytes, as: .gray)  // the same pixels
/// ```
public enum PNG {
    /// The channels of a pixel.
    public enum Format: Int, Sendable, CaseIterable {
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

    /// The default limit of pixels that `decode` reads: 2^26, 67 million.
    public static let defaultMaximumPixels = 1 << 26

    /// Decodes the pixels of a PNG file.
    ///
    /// Every kind of PNG can be read (1 to 16 bits, palettes, interlaced, with opacity); 16-bit samples are rounded to
    /// 8 bits, and those without colour information taken as sRGB. Colour becomes grey by its luminance (added up in
    /// linear light, ITU-R BT.709 weights). Where the image is transparent and `format` has no opacity, it is
    /// composited over `background`.
    ///
    /// - Parameters:
    ///   - bytes: the file's contents.
    ///   - format: the channels of the result; `nil`: grey if the file holds no colour, else red, green, blue.
    ///   - background: the grey under transparent parts, 0 to 255.
    ///   - maximumPixels: the limit of pixels, checked before memory is allocated.
    ///   - name: the file's name, for the error.
    /// - Throws: `DescentError` of kind `badData`: not a PNG file, damaged, cut off, or too large.
    /// - Complexity: O(H W).
    public static func decode(
        _ bytes: [UInt8], as format: Format? = nil, background: UInt8 = 255,
        maximumPixels: Int = defaultMaximumPixels, name: String? = nil
    ) throws -> NDArray<UInt8> {
        // The signature is checked here because libpng's message for other files refers to its internals.
        guard isSigned(bytes) else {
            throw DescentError(
                .badData, "not a PNG file", at: name, expected: "the signature 89 50 4E 47 0D 0A 1A 0A",
                got: bytes.isEmpty ? "an empty file" : hexadecimal(bytes.prefix(8)))
        }
        return try bytes.withUnsafeBytes { file in
            var image = png_image()
            image.version = png_uint_32(PNG_IMAGE_VERSION)
            defer { png_image_free(&image) }
            guard png_image_begin_read_from_memory(&image, file.baseAddress, file.count) != 0 else {
                throw damaged(image, name)
            }
            let (width, height) = (Int(image.width), Int(image.height))
            // Both are below 2^31 (libpng has checked), so the product is exact.
            guard width * height <= maximumPixels else {
                throw DescentError(
                    .badData, "the picture is too large", at: name,
                    expected: "at most \(maximumPixels) pixels",
                    got: "\(width) x \(height)", advice: "make it smaller first")
            }
            // Deflate makes at most 1,032 bytes of one, and a pixel takes a bit at least: so a short file cannot claim
            // millions of pixels that it does not have.
            guard width * height / 8 <= file.count * 1032 else {
                throw DescentError(
                    .badData, "the PNG file is damaged or cut off", at: name,
                    expected: "data for \(width) x \(height) pixels", got: "\(file.count) bytes")
            }
            let hasColor = image.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
            let format = format ?? (hasColor ? .rgb : .gray)
            image.format = format.libraryCode
            // libpng takes 16-bit samples for linear light unless the file says otherwise; the standard's
            // advice, and what every program writes, is sRGB.
            image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
            var paper = png_color(red: background, green: background, blue: background)
            let shape = format == .gray ? [height, width] : [height, width, format.rawValue]
            return try NDArray(shape: shape) { pixels in
                // libpng writes height rows of width * channels bytes (row stride 0), which is pixels.count.
                guard png_image_finish_read(&image, &paper, pixels.baseAddress, 0, nil) != 0 else {
                    throw damaged(image, name)
                }
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
    public static func encode(indices: NDArray<UInt8>, palette: [RGBA]) throws -> [UInt8] {
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

    /// Returns whether the bytes begin with the signature of PNG.
    package static func isSigned(_ bytes: [UInt8]) -> Bool { bytes.starts(with: signature) }

    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    private static func damaged(_ image: png_image, _ name: String?) -> DescentError {
        DescentError(
            .badData, "the PNG file is damaged or cut off", at: name, got: "libpng: \(message(of: image))")
    }

    private static func message(of image: png_image) -> String {
        // A fixed field of 64 characters, ended by a zero (png.h).
        withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
    }
}
