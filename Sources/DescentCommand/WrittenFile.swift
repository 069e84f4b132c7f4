import ArgumentParser
import Descent

/// A picture, a page or a table that a command writes, and the one rule for all of them: its name does not say that it is something
/// else, and it replaces nothing but a file of its own kind that Descent has written.
enum WrittenFile: String {
    case svg = "SVG"
    case png = "PNG"
    case html = "HTML"
    /// The answers of `predict`.
    case csv = "CSV"

    /// The suffixes of such files.
    private var suffixes: [String] {
        switch self {
        case .svg: ["svg"]
        case .png: ["png"]
        case .html: ["html", "htm"]
        case .csv: ["csv"]
        }
    }

    /// Refuses a name that says another kind of file. One that says none, such as `/dev/stdout`, may be any.
    ///
    /// - Throws: `ValidationError`.
    func checkName(_ path: String?, of flag: String) throws {
        guard let path else { return }
        if path.isEmpty { throw ValidationError("\(flag) is empty") }
        let name = PathText.name(of: path)
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return }
        let suffix = name[name.index(after: dot)...].lowercased()
        // A suffix that begins with a digit is the end of a number or a date.
        guard let first = suffix.first, first.isLetter, !suffixes.contains(suffix) else { return }
        throw ValidationError(
            "\(flag) is written as \(rawValue), and '\(path)' says another kind of file: give a name that ends in .\(suffixes[0])"
        )
    }

    /// Finds out whether the file may and can be written: minutes of work should not end in a file that is in the way.
    ///
    /// - Throws: `cannotCreate`.
    func check(_ path: String?) throws {
        guard let path else { return }
        try refuseOthers(at: path)
        try AtomicFile.check(path)
    }

    /// Writes the file, unless another has come in its way.
    ///
    /// - Throws: `cannotCreate`, `inputOutput`.
    func write(_ text: String, to path: String) throws {
        try refuseOthers(at: path)
        try AtomicFile.write(text, to: path)
    }

    /// Writes a PNG file with a mark of this program, by which it is known again.
    ///
    /// - Throws: as for text.
    func write(_ bytes: [UInt8], to path: String) throws {
        try refuseOthers(at: path)
        // Behind the signature and the header, which have a fixed length.
        let start = 33
        try AtomicFile.write(
            self == .png && bytes.count > start
                ? Array(bytes[..<start]) + Self.pngMark + bytes[start...] : bytes, to: path)
    }

    private func refuseOthers(at path: String) throws {
        guard let target = AtomicFile.replaced(by: path), Files.identity(target)?.size != 0 else { return }
        guard !isOurs(Self.beginning(of: target)) else { return }
        throw DescentError(
            .cannotCreate,
            self == .csv
                ? "a file that is no table of answers is in the way"
                : "a file without Descent's mark is in the way", at: path,
            advice: "move it, or give another name")
    }

    private static func beginning(of path: String) -> [UInt8] {
        guard let source = try? ByteSource(path: path) else { return [] }
        return (try? source.bytes(min(source.size, 4096))) ?? []
    }

    private func isOurs(_ head: [UInt8]) -> Bool {
        switch self {
        case .svg:
            let text = String(decoding: head, as: UTF8.self)
            return text.hasPrefix("<svg ") && text.prefix { $0 != ">" }.contains("class=\"descent\"")
        case .png: return head.dropFirst(33).starts(with: Self.pngMark)
        case .csv:
            return [Self.answerColumns, Self.numberColumns].contains {
                head.starts(with: $0.joined(separator: ",").utf8)
            }
        case .html:
            let text = String(decoding: head, as: UTF8.self)
            return text.contains("<meta name=\"generator\" content=\"Descent\"/>")
                || Self.earlierOpenings.contains { text.hasPrefix($0) }
        }
    }

    /// The openings of pages of version 0.1.0, which had no mark.
    private static let earlierOpenings = ["en", "ko"].map { language in
        """
        <!DOCTYPE html>
        <html lang="\(language)">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <title>
        """
    }

    /// The chunk `tEXt` with "Software" and "Descent": its length, its kind, its text and its checksum (ISO/IEC 15948, 11.3.4.3).
    private static let pngMark: [UInt8] =
        [0, 0, 0, 16] + Array("tEXtSoftware\0Descent".utf8) + [0x28, 0x98, 0x4E, 0xA8]
}
