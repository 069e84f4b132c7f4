/// The files of a form that a browser or `curl -F` sends.
///
/// Source: RFC 7578, "Returning Values from Forms: multipart/form-data".
struct MultipartForm {
    /// The parts that have a file name, or no name for a field at all.
    private(set) var files: [[UInt8]] = []
    private static let mostParts = 256

    /// Reads a form.
    ///
    /// - Throws: `ServingError` 400.
    init(_ body: [UInt8], contentType: String) throws(ServingError) {
        guard let boundary = Self.parameter("boundary", of: contentType),
            (1...70).contains(boundary.utf8.count)
        else {
            throw ServingError(400, "the form's Content-Type has no boundary")
        }
        let delimiter = Array("--\(boundary)".utf8)
        guard var place = Self.find(delimiter, in: body, from: 0) else {
            throw ServingError(400, "the form does not begin with its boundary")
        }
        var count = 0
        while true {
            place += delimiter.count
            // Two dashes behind the last boundary.
            if body[place...].starts(with: Array("--".utf8)) { return }
            guard let headEnd = Self.find(Array("\r\n\r\n".utf8), in: body, from: place),
                let end = Self.find(Array("\r\n".utf8) + delimiter, in: body, from: headEnd)
            else { throw ServingError(400, "the form does not end with its boundary") }
            count += 1
            guard count <= Self.mostParts else {
                throw ServingError(400, "the form has more than \(Self.mostParts) parts")
            }
            let head = String(decoding: body[place..<headEnd], as: UTF8.self).lowercased()
            if head.contains("filename=") { files.append(Array(body[headEnd + 4..<max(headEnd + 4, end)])) }
            place = end + 2
        }
    }

    /// A parameter of a header field, with or without quotes.
    private static func parameter(_ name: String, of field: String) -> String? {
        for part in field.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map {
                $0.trimming(while: { $0 == " " || $0 == "\"" })
            }
            if pair.count == 2, pair[0].lowercased() == name { return pair[1] }
        }
        return nil
    }

    private static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first, bytes.count >= pattern.count else { return nil }
        var place = start
        while place <= bytes.count - pattern.count {
            guard let next = bytes[place...(bytes.count - pattern.count)].firstIndex(of: first) else {
                return nil
            }
            if bytes[next..<next + pattern.count].elementsEqual(pattern) { return next }
            place = next + 1
        }
        return nil
    }
}

extension Substring {
    fileprivate func trimming(while isTrimmed: (Character) -> Bool) -> String {
        String(drop(while: isTrimmed).reversed().drop(while: isTrimmed).reversed())
    }
}
