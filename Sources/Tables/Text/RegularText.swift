import Support

extension TableText {
    /// The same rows with every quote where RFC 4180 has it and line feeds alone at the ends of rows, which is what the vectorised
    /// reader takes; empty lines stay, so that rows keep their numbers.
    ///
    /// - Throws: `badData` for a quote that never closes, a NUL byte, a field that is too long.
    func regular(delimiter: UInt8) throws -> TableText {
        var scanner = RecordScanner(bytes, delimiter: delimiter)
        let special: Set<UInt8> = [delimiter, UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
        do {
            let storage = try TextStorage.making { text in
                while let fields = try scanner.next() {
                    for (place, field) in fields.enumerated() {
                        if place > 0 { text.append(delimiter) }
                        guard field.isQuoted || field.bytes.contains(where: special.contains) else {
                            field.bytes.withUnsafeBufferPointer { text.append($0) }
                            continue
                        }
                        text.append(UInt8(ascii: "\""))
                        for byte in field.bytes {
                            if byte == UInt8(ascii: "\"") { text.append(byte) }
                            text.append(byte)
                        }
                        text.append(UInt8(ascii: "\""))
                    }
                    text.append(UInt8(ascii: "\n"))
                }
            }
            return try TableText(rewriting: self, as: storage)
        } catch let fault as RecordScanner.Fault {
            throw fault.error(path)
        }
    }
}
