import Arrays
import CImageFiles
import Support

/// Reading of PNG, JPEG and WebP pictures.
///
/// Pixels are `NDArray<UInt8>`: grey as `[H, W]`, colour as `[H, W, 3]` (red, green, blue), rows from the top, 0 black, 255
/// white. The kind is told by the contents; EXIF's orientation is honoured; opacity is laid over white; 16 bits are rounded
/// to 8; CMYK becomes colour by (1 - C)(1 - K); colour profiles are ignored. A picture that is cut off or damaged is an error,
/// never half a picture.
///
/// ```swift
/// let photo = try ImageDecoder().decode(contentsOf: "photo.jpg")                       // [H, W, 3]
/// let digit = try ImageDecoder(color: .gray).decode(contentsOf: "seven.png")           // [H, W]
/// let small = try ImageDecoder().decode(contentsOf: "photo.jpg", to: ImageTarget(height: 64, width: 64, color: .rgb))
/// ```
public struct ImageDecoder: Sendable, Equatable {
    /// The default limit of pixels: 100 million.
    public static let defaultMaximumPixels = 100_000_000

    /// The channels of a picture that is decoded as it is; `nil`: grey if the file has no colour, else red, green, blue.
    package var color: ImageColor?
    /// The limit of pixels, checked before memory is taken.
    package var maximumPixels: Int
    /// The grey that shows through where a picture is transparent: 255, white.
    package var background: UInt8

    /// Creates a decoder.
    public init(
        color: ImageColor? = nil, maximumPixels: Int = defaultMaximumPixels, background: UInt8 = 255
    ) {
        (self.color, self.maximumPixels, self.background) = (color, maximumPixels, background)
    }

    /// The limit of a file's bytes: a packed picture is rarely larger than its pixels, which have at most eight.
    package var maximumBytes: Int { min(maximumPixels, 1 << 40) * 8 + 1 << 20 }

    /// Decodes the file at `path`.
    ///
    /// - Throws: `DescentError` that names the file: `missingInput` if it cannot be opened; `badData` if it is no PNG, JPEG or
    ///   WebP (with what it is and the way out), damaged, cut off, animated, or larger than the limit.
    /// - Complexity: O(H W).
    public func decode(contentsOf path: String) throws -> NDArray<UInt8> {
        let space = DecodingSpace()
        return try decode(space.contents(of: path, limit: maximumBytes), name: path, space)
    }

    /// Decodes a file's bytes.
    ///
    /// - Parameters:
    ///   - name: the file's name, for the error.
    ///   - bytes: the file's contents.
    /// - Throws: as `decode(contentsOf:)` does.
    public func decode(_ bytes: [UInt8], name: String? = nil) throws -> NDArray<UInt8> {
        try bytes.withUnsafeBytes { try decode($0, name: name, DecodingSpace()) }
    }

    /// Decodes the file at `path` to the target's size and channels.
    public func decode(contentsOf path: String, to target: ImageTarget) throws -> NDArray<UInt8> {
        try NDArray(shape: target.shape) { try decode(contentsOf: path, to: target, into: $0) }
    }

    /// Decodes a file's bytes to the target's size and channels.
    public func decode(_ bytes: [UInt8], to target: ImageTarget, name: String? = nil) throws -> NDArray<UInt8>
    {
        try NDArray(shape: target.shape) { pixels in
            try bytes.withUnsafeBytes {
                try decode($0, to: target, into: pixels, name: name, DecodingSpace())
            }
        }
    }

    /// Decodes the file at `path` to the target's size and channels, into `pixels`.
    ///
    /// - Precondition: `pixels` has the target's `byteCount`. After an error their contents are unspecified.
    public func decode(
        contentsOf path: String, to target: ImageTarget, into pixels: UnsafeMutableBufferPointer<UInt8>
    ) throws {
        let space = DecodingSpace()
        let bytes = try space.contents(of: path, limit: maximumBytes)
        try decode(bytes, to: target, into: pixels, name: path, space)
    }

    func decode(_ bytes: UnsafeRawBufferPointer, name: String?, _ space: DecodingSpace) throws -> NDArray<
        UInt8
    > {
        let header = try checkedHeader(bytes, name: name)
        let color = color ?? (header.hasColor ? .rgb : .gray)
        let shape = [header.height, header.width] + (color == .rgb ? [3] : [])
        return try NDArray(shape: shape) { pixels in
            let whole = UnsafeMutableRawBufferPointer(pixels)
            guard header.orientation != .upright else {
                return try unpack(bytes, header, color, into: whole, name: name)
            }
            let stored = try space.bytes(whole.count, for: .decoded, name: name)
            try unpack(bytes, header, color, into: stored, name: name)
            orient(
                stored, height: header.storedHeight, width: header.storedWidth, color, header.orientation,
                to: whole, stride: header.width * color.channels)
        }
    }

    /// The header of a picture that may be decoded: within the limit, and not a promise that its file cannot keep.
    func checkedHeader(_ bytes: UnsafeRawBufferPointer, name: String?) throws -> ImageHeader {
        let header = try ImageHeader.read(ImageBytes(bytes), name: name)
        let size = "\(header.storedWidth) x \(header.storedHeight)"
        // Both are below 2^31, so the product is exact.
        guard header.pixelCount <= maximumPixels else {
            throw DescentError(
                .badData, "the picture is too large", at: name, expected: "at most \(maximumPixels) pixels",
                got: size, advice: "make it smaller first")
        }
        guard !header.isAnimated else {
            throw DescentError(
                .badData, "not a picture that can be read", at: name, expected: "a single picture",
                got: "an animated WebP",
                advice: "take a picture out first: webpmux -get frame 1 FILE -o OUT.webp (package webp)")
        }
        // Deflate makes at most 1,032 bytes of one, and a pixel takes a bit at least. A block of 64 pixels of a JPEG takes a
        // bit at least in one component, which may have an eighth of the pixels (lenient by four). WebP has no such bound.
        let most =
            switch header.format {
            case .png: bytes.count * 1032 * 8
            case .jpeg: bytes.count * 8 * 64 * 32
            case .webp: Int.max
            }
        guard header.pixelCount <= most else {
            throw cutOff(
                header.format, name, expected: "data for \(size) pixels", got: "\(bytes.count) bytes")
        }
        return header
    }

    /// Decodes the stored pixels, at `eighths` of their size.
    func unpack(
        _ bytes: UnsafeRawBufferPointer, _ header: ImageHeader, _ color: ImageColor, eighths: Int = 8,
        into pixels: UnsafeMutableRawBufferPointer, name: String?
    ) throws {
        let (width, height, channels) = (header.storedWidth, header.storedHeight, Int32(color.channels))
        let file = bytes.bindMemory(to: UInt8.self).baseAddress
        let to = pixels.bindMemory(to: UInt8.self).baseAddress
        let (status, words) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(CIF_MESSAGE_SIZE)) {
            message in
            message.initialize(repeating: 0)
            let text = message.baseAddress
            let status =
                switch header.format {
                case .png: cif_png_decode(file, bytes.count, width, height, channels, background, to, text)
                case .jpeg:
                    cif_jpeg_decode(file, bytes.count, width, height, Int32(eighths), channels, to, text)
                case .webp: cif_webp_decode(file, bytes.count, width, height, channels, background, to, text)
                }
            // Control characters of a damaged file would reach the terminal, but an error shows them.
            return (status, status == CIF_OK ? "" : text.map { String(cString: $0) } ?? "")
        }
        switch status {
        case CIF_OK: return
        case CIF_CUT_OFF: throw cutOff(header.format, name, got: "\(Self.library(header.format)): \(words)")
        case CIF_UNSUPPORTED:
            throw DescentError(
                .badData, "a kind of \(header.format.rawValue) that cannot be read", at: name,
                got: "\(Self.library(header.format)): \(words)",
                advice: "save it again as PNG or as a usual JPEG")
        case CIF_NO_MEMORY:
            throw DescentError(
                .unavailable, "not enough memory for the picture", at: name, got: "\(width) x \(height)")
        default:
            throw DescentError(
                .badData, "the \(header.format.rawValue) file is damaged", at: name,
                got: "\(Self.library(header.format)): \(words)", advice: "get the file again, or leave it out"
            )
        }
    }

    private static func library(_ format: ImageFormat) -> String {
        switch format {
        case .png: "libpng"
        case .jpeg: "libjpeg"
        case .webp: "libwebp"
        }
    }

    private func cutOff(_ format: ImageFormat, _ name: String?, expected: String? = nil, got: String)
        -> DescentError
    {
        DescentError(
            .badData, "the \(format.rawValue) file is cut off", at: name, expected: expected, got: got,
            advice: "get the file again, or leave it out")
    }

    /// Copies stored pixels as they are to be shown.
    func orient(
        _ pixels: UnsafeMutableRawBufferPointer, height: Int, width: Int, _ color: ImageColor,
        _ orientation: ImageOrientation, to: UnsafeMutableRawBufferPointer, stride: Int
    ) {
        cif_orient(
            pixels.bindMemory(to: UInt8.self).baseAddress, width, height, Int32(color.channels),
            Int32(orientation.rawValue), to.bindMemory(to: UInt8.self).baseAddress, stride)
    }
}
