import Glibc
import Support

/// What an image file says of itself before its pixels: kind, size, colour, orientation.
///
/// ```swift
/// let header = try ImageHeader(contentsOf: "photo.jpg")   // a few kilobytes are read, and nothing is decoded
/// print(header.width, header.height)                      // as it is shown, EXIF's orientation included
/// ```
public struct ImageHeader: Sendable, Equatable {
    /// The file's kind, told by its contents.
    public let format: ImageFormat
    /// The width in pixels as the picture is shown.
    public var width: Int { orientation.swapsAxes ? storedHeight : storedWidth }
    /// The height in pixels as the picture is shown.
    public var height: Int { orientation.swapsAxes ? storedWidth : storedHeight }
    /// The width in the file, before the orientation.
    package let storedWidth: Int
    /// The height in the file, before the orientation.
    package let storedHeight: Int
    /// Whether the file has more than lightness (and opacity). Its pixels may be grey nevertheless.
    package let hasColor: Bool
    /// Whether pixels may be transparent.
    package let hasAlpha: Bool
    /// Bits of a sample in the file: 1 to 16.
    package let bitsPerSample: Int
    /// The orientation in which the picture is to be shown.
    package internal(set) var orientation = ImageOrientation.upright
    /// Whether it has several pictures in turn, which is not read.
    package let isAnimated: Bool

    /// The number of pixels.
    package var pixelCount: Int { storedWidth * storedHeight }

    init(
        _ format: ImageFormat, width: Int, height: Int, hasColor: Bool, hasAlpha: Bool = false,
        bitsPerSample: Int = 8, isAnimated: Bool = false
    ) {
        (self.format, storedWidth, storedHeight) = (format, width, height)
        (self.hasColor, self.hasAlpha, self.bitsPerSample) = (hasColor, hasAlpha, bitsPerSample)
        self.isAnimated = isAnimated
    }

    /// Reads the header of the file at `path`.
    ///
    /// - Throws: `missingInput` if it cannot be opened; `badData` if it is no PNG, JPEG or WebP, with the way out, or if its
    ///   header is damaged.
    public init(contentsOf path: String) throws {
        let (descriptor, size) = try RegularFile.open(path)
        defer { close(descriptor) }
        self = try Self.read(ImageBytes(descriptor: descriptor, count: size), name: path)
    }

    /// Reads the header of a file's bytes.
    ///
    /// - Parameters:
    ///   - name: the file's name, for the error.
    ///   - bytes: the file's contents, or their beginning.
    package init(of bytes: [UInt8], name: String? = nil) throws {
        self = try bytes.withUnsafeBytes { try Self.read(ImageBytes($0), name: name) }
    }

    static func read(_ source: ImageBytes, name: String?) throws -> ImageHeader {
        var bytes = source
        let format = try FileKind.format(of: bytes.prefix(FileKind.prefixLength), name: name)
        let header =
            switch format {
            case .png: png(&bytes)
            case .jpeg: jpeg(&bytes)
            case .webp: webp(&bytes)
            }
        guard let header else {
            throw DescentError(
                .badData, "the header of the \(format.rawValue) file is damaged or cut off", at: name,
                advice: "get the file again, or leave it out")
        }
        guard header.storedWidth > 0, header.storedHeight > 0 else {
            throw DescentError(
                .badData, "the picture has no pixels", at: name,
                got: "\(header.storedWidth) x \(header.storedHeight)",
                advice: "get the file again, or leave it out")
        }
        return header
    }
}
