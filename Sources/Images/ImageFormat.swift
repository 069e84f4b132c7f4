import Support

/// A kind of image file that can be read.
public enum ImageFormat: String, Sendable, CaseIterable {
    case png = "PNG"
    case jpeg = "JPEG"
    case webp = "WebP"
}

/// The kind of a file as its first bytes tell it; a name's suffix says nothing.
enum FileKind: Equatable {
    case image(ImageFormat)
    /// A kind that is known and not read: what it is, and the way out.
    case foreign(String, advice: String)
    case unknown

    /// The bytes at a file's beginning that decide.
    static let prefixLength = 512

    private static let toPNG = "convert it first: mogrify -format png FILE (package imagemagick)"
    private static let toJPEG =
        "convert it first: heif-convert FILE OUT.jpg (package libheif-examples), or export it as JPEG"

    /// Signatures at the first byte. Those of formats that share one are told apart in `init`.
    private static let signatures: [(bytes: [UInt8], kind: FileKind)] = [
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .image(.png)),
        ([0xFF, 0xD8, 0xFF], .image(.jpeg)),
        (Array("GIF8".utf8), .foreign("a GIF", advice: toPNG)),
        ([0x49, 0x49, 0x2A, 0x00], .foreign("a TIFF", advice: toPNG)),
        ([0x4D, 0x4D, 0x00, 0x2A], .foreign("a TIFF", advice: toPNG)),
        (Array("BM".utf8), .foreign("a BMP", advice: toPNG)),
        ([0x00, 0x00, 0x01, 0x00], .foreign("an icon (ICO)", advice: toPNG)),
        (Array("8BPS".utf8), .foreign("a Photoshop file", advice: "export it as PNG or JPEG")),
        (
            Array("%PDF".utf8),
            .foreign("a PDF", advice: "draw its pages first: pdftoppm -png FILE OUT (package poppler-utils)")
        ),
        (Array("%!PS".utf8), .foreign("a PostScript file", advice: toPNG)),
        (
            [0xFF, 0x0A],
            .foreign("a JPEG XL", advice: "convert it first: djxl FILE OUT.png (package libjxl-tools)")
        ),
        (
            [0, 0, 0, 12] + Array("JXL ".utf8),
            .foreign("a JPEG XL", advice: "convert it first: djxl FILE OUT.png (package libjxl-tools)")
        ),
        ([0, 0, 0, 12] + Array("jP  ".utf8), .foreign("a JPEG 2000", advice: toPNG)),
        ([0xFF, 0x4F, 0xFF, 0x51], .foreign("a JPEG 2000", advice: toPNG)),
        (Array("PK\u{3}\u{4}".utf8), .foreign("a zip archive", advice: "unpack it first")),
        ([0x1F, 0x8B], .foreign("a gzip file", advice: "unpack it first")),
    ]

    /// The kind of a file that begins with `bytes`.
    init(prefix bytes: [UInt8]) {
        func text(_ range: Range<Int>) -> String? {
            bytes.count < range.upperBound ? nil : String(decoding: bytes[range], as: UTF8.self)
        }
        if let found = Self.signatures.first(where: { bytes.starts(with: $0.bytes) }) {
            self = found.kind
        } else if text(0..<4) == "RIFF" {
            self =
                text(8..<12) == "WEBP"
                ? .image(.webp) : .foreign("a RIFF file that is no WebP", advice: "give a PNG, JPEG or WebP")
        } else if text(4..<8) == "ftyp", let brand = text(8..<12) {
            self = Self.mediaFile(brand)
        } else if bytes.count > 2, bytes[0] == UInt8(ascii: "P"), (0x31...0x37).contains(bytes[1]),
            [0x09, 0x0A, 0x0D, 0x20].contains(bytes[2])
        {
            self = .foreign("a Netpbm picture (PBM, PGM, PPM)", advice: Self.toPNG)
        } else {
            self = Self.markup(bytes)
        }
    }

    /// Files of ISO's base media format, told apart by their brand.
    private static func mediaFile(_ brand: String) -> FileKind {
        switch brand {
        case "avif", "avis":
            .foreign(
                "an AVIF", advice: "convert it first: avifdec FILE OUT.png (package libavif-bin)")
        case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
            .foreign("a HEIC", advice: toJPEG)
        default: .foreign("a video or another media file", advice: "give a PNG, JPEG or WebP")
        }
    }

    private static func markup(_ bytes: [UInt8]) -> FileKind {
        let text = String(decoding: bytes.prefix(prefixLength), as: UTF8.self).lowercased()
        let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        guard start.hasPrefix("<") else { return .unknown }
        if text.contains("<svg") {
            return .foreign(
                "an SVG", advice: "draw it first: rsvg-convert -o OUT.png FILE (package librsvg2-bin)")
        }
        if text.contains("<html") || start.hasPrefix("<!doctype html") {
            return .foreign("a web page", advice: "it was saved instead of the picture: download that again")
        }
        return .unknown
    }

    /// The format of a readable file.
    ///
    /// - Throws: `badData` for every other file, with what it is and the way out.
    static func format(of prefix: [UInt8], name: String?) throws -> ImageFormat {
        let readable = "PNG, JPEG or WebP"
        guard !prefix.isEmpty else {
            throw DescentError(
                .badData, "the file is empty", at: name, expected: readable,
                advice: "get the file again, or leave it out")
        }
        switch FileKind(prefix: prefix) {
        case .image(let format): return format
        case .foreign(let what, let advice):
            throw DescentError(
                .badData, "not a picture that can be read", at: name, expected: readable, got: what,
                advice: advice)
        case .unknown:
            throw DescentError(
                .badData, "not a picture that can be read", at: name, expected: readable,
                got: "a file that begins with \(hexadecimal(prefix.prefix(8)))",
                advice: "give a PNG, JPEG or WebP")
        }
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
    }
}
