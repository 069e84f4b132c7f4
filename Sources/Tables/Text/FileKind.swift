/// What a file is, told by its first bytes, before it is read as a table.
package enum FileKind {
    /// Another kind of file that people take for a table, and the way out; nil for what may be one.
    package static func other(_ head: some Collection<UInt8>) -> (what: String, advice: String)? {
        let head = Array(head.prefix(4096))
        let others: [([UInt8], String, String)] = [
            ([0xD0, 0xCF, 0x11, 0xE0], "an Excel workbook (.xls)", "save the sheet as CSV"),
            (Array("PAR1".utf8), "a Parquet file", "write it as CSV first"),
            (Array("%PDF".utf8), "a PDF", "give the table as CSV"),
            ([0x28, 0xB5, 0x2F, 0xFD], "a zstd file", "unpack it, or pack it by gzip"),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz file", "unpack it, or pack it by gzip"),
            (Array("BZh".utf8), "a bzip2 file", "unpack it, or pack it by gzip"),
            ([0xFF, 0xFE, 0, 0], "text in UTF-32", "save it as UTF-8"),
            ([0, 0, 0xFE, 0xFF], "text in UTF-32", "save it as UTF-8"),
        ]
        for (magic, what, advice) in others where head.starts(with: magic) {
            // "BZh" and the like may begin a header; binary files have zeros or high bytes soon.
            if head.prefix(64).contains(where: { $0 == 0 || $0 >= 0x80 }) { return (what, advice) }
        }
        return zip(head)
    }

    /// What a zip archive holds, by the name of its first file; nil for what is none, and for NumPy's.
    private static func zip(_ head: [UInt8]) -> (what: String, advice: String)? {
        if head.starts(with: [0x50, 0x4B, 5, 6]) { return ("an empty zip archive", "give the file itself") }
        guard head.starts(with: [0x50, 0x4B, 3, 4]) else { return nil }
        let length = head.count > 30 ? Int(head[26]) | Int(head[27]) << 8 : 0
        let name = String(decoding: head.dropFirst(30).prefix(length), as: UTF8.self)
        if name.hasSuffix(".npy") { return nil }
        if name == "[Content_Types].xml" || name.hasPrefix("_rels/") || name.hasPrefix("xl/") {
            return ("a zip file, as Excel's .xlsx is", "save the sheet as CSV")
        }
        if name == "mimetype" { return ("a zip file, as LibreOffice's .ods is", "save the sheet as CSV") }
        if name.hasSuffix("/data.pkl") { return ("a file of PyTorch's", "write it as npz or CSV first") }
        return (
            name.isEmpty ? "a zip archive" : "a zip archive of \(name.prefix(60)) and perhaps others",
            "unpack it and give the file itself"
        )
    }

    /// Whether bytes begin a table of text: they have a delimiter, or a first line that does not end. Of NUL bytes, which only damage
    /// puts into a text, there may be few, or any number below a whole first line: the reader tells where they are.
    package static func isTable(_ head: [UInt8]) -> Bool {
        guard other(head) == nil, !head.isEmpty else { return false }
        let isUTF16 = head.withUnsafeBufferPointer { TableText.utf16(begins: $0) }
        if isUTF16 { return true }
        let line = head.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        let delimiters = Set(",;\t|".utf8)
        guard head.contains(where: delimiters.contains) || line.count == head.count && head.count >= 4096
        else { return false }
        let zeros = head.count { $0 == 0 }
        guard zeros > 0 else { return true }
        // Binary files have other control characters too.
        let isText = !head.contains { $0 < 0x20 && $0 != 0 && !(0x09...0x0D).contains($0) }
        return isText
            && (8 * zeros <= head.count || !line.contains(0) && line.contains(where: delimiters.contains))
    }
}
