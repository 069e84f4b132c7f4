import Support

/// The encoding of a text file.
public enum TextEncoding: String, Sendable, Codable, CaseIterable {
    /// UTF-8, and with it ASCII.
    case utf8 = "utf-8"
    /// UTF-16, the lower byte first.
    case utf16LittleEndian = "utf-16le"
    /// UTF-16, the higher byte first.
    case utf16BigEndian = "utf-16be"
    /// Windows' code page 949, which contains EUC-KR: Korean Excel's.
    case cp949
    /// Windows' code page 1252, for western European languages.
    case windows1252 = "windows-1252"
    /// ISO 8859-1.
    case latin1 = "latin-1"

    /// The encoding by a name in common use, in upper or lower case: `EUC-KR` and `UHC` are `cp949`.
    ///
    /// - Throws: `usage` for another name.
    public init(named name: String) throws {
        let key = name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
        switch key {
        case "utf8", "ascii", "utf8sig": self = .utf8
        case "utf16le", "utf16": self = .utf16LittleEndian
        case "utf16be": self = .utf16BigEndian
        case "cp949", "ms949", "euckr", "uhc", "windows949", "ksc5601": self = .cp949
        case "windows1252", "cp1252": self = .windows1252
        case "latin1", "iso88591": self = .latin1
        default:
            throw DescentError(
                .usage, "an unknown encoding",
                expected: Self.allCases.map(\.rawValue).joined(separator: ", "),
                got: "\"\(name)\"")
        }
    }

    /// The name by which the C library converts it.
    var converterName: String {
        switch self {
        case .utf8: "UTF-8"
        case .utf16LittleEndian: "UTF-16LE"
        case .utf16BigEndian: "UTF-16BE"
        case .cp949: "CP949"
        case .windows1252: "CP1252"
        case .latin1: "ISO-8859-1"
        }
    }
}
