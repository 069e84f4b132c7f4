import CKernels
import Support

/// The text of a table in UTF-8, with the survey of its rows.
struct TableText: Sendable {
    /// The name of the file in errors.
    let path: String
    let storage: TextStorage
    /// The first byte after a byte order mark.
    let start: Int
    /// Where rows end.
    let survey: RowSurvey
    /// How the file was encoded.
    let encoding: TextEncoding
    /// Whether the encoding was found out, and is not UTF-8.
    let isEncodingDetected: Bool

    /// Opens a file and brings it to UTF-8.
    ///
    /// - Throws: `missingInput`, `inputOutput`; `badData` for damaged gzip data, another kind of file, bytes that are in no encoding
    ///   that can be detected, or not in `encoding`.
    init(path: String, encoding: TextEncoding? = nil, cancellation: Cancellation? = nil) throws {
        try self.init(
            TextStorage.contents(ofFile: path), path: path, encoding: encoding, cancellation,
            RowSurvey.partSize)
    }

    /// Brings bytes in memory to UTF-8.
    init(
        bytes: [UInt8], path: String = "memory", encoding: TextEncoding? = nil,
        partSize: Int = RowSurvey.partSize
    ) throws {
        let storage = TextStorage.making { text in bytes.withUnsafeBufferPointer { text.append($0) } }
        try self.init(storage, path: path, encoding: encoding, nil, partSize)
    }

    /// The same table as other text, in UTF-8.
    init(rewriting text: TableText, as storage: TextStorage) throws {
        (path, start, encoding, isEncodingDetected) = (text.path, 0, text.encoding, text.isEncodingDetected)
        self.storage = storage
        survey = try RowSurvey(storage, start: 0, cancellation: nil, partSize: text.survey.partSize)
    }

    private init(
        _ storage: TextStorage, path: String, encoding wanted: TextEncoding?, _ cancellation: Cancellation?,
        _ partSize: Int
    ) throws {
        self.path = path
        guard storage.count > 0 else {
            throw DescentError(.badData, "an empty file", at: path, expected: "a table")
        }
        try Self.refuseOtherFiles(storage.bytes, path)
        let (marked, mark) = Self.mark(storage.bytes)
        let found = wanted ?? marked ?? Self.utf16WithoutMark(storage.bytes) ?? .utf8
        let first = marked == found ? mark : 0
        var result = (storage: storage, start: first, encoding: found)
        if found != .utf8 {
            result = (try Self.converted(storage, from: found, start: first, path: path), 0, found)
        }
        var survey = try RowSurvey(
            result.storage, start: result.start, cancellation: cancellation, partSize: partSize)
        if found == .utf8, survey.hasHighBytes {
            let fault = first + ck_utf8_fault(storage.base + first, storage.count - first)
            if fault < storage.count {
                guard wanted == nil, marked == nil else {
                    throw Self.notEncoded(storage, .utf8, byte: fault, path)
                }
                result = (try Self.korean(storage, utf8Fault: fault, path), 0, .cp949)
                survey = try RowSurvey(
                    result.storage, start: 0, cancellation: cancellation, partSize: partSize)
            }
        }
        (self.storage, start, encoding) = result
        self.survey = survey
        isEncodingDetected = wanted == nil && encoding != .utf8
    }

    /// Text that is not UTF-8 and may be what Korean Excel writes.
    private static func korean(_ storage: TextStorage, utf8Fault: Int, _ path: String) throws -> TextStorage {
        do {
            return try storage.converted(from: .cp949)
        } catch let fault as TextStorage.ConversionFault {
            let byte = storage.bytes[min(fault.byte, storage.count - 1)]
            throw DescentError(
                .badData, "neither UTF-8 nor CP949", at: place(storage, byte: utf8Fault, path),
                got: "byte 0x\(String(storage.base[utf8Fault], radix: 16)), and in row "
                    + "\(row(storage, byte: fault.byte)) 0x\(String(byte, radix: 16))",
                advice: "say the encoding, for instance windows-1252, or save the file as UTF-8")
        }
    }

    private static func converted(
        _ storage: TextStorage, from encoding: TextEncoding, start: Int, path: String
    ) throws -> TextStorage {
        do {
            return try storage.converted(from: encoding, start: start)
        } catch let fault as TextStorage.ConversionFault {
            throw notEncoded(storage, encoding, byte: fault.byte, path)
        } catch let error as DescentError {
            throw error.at(path)
        }
    }

    private static func notEncoded(
        _ storage: TextStorage, _ encoding: TextEncoding, byte: Int, _ path: String
    ) -> DescentError {
        DescentError(
            .badData, "not \(encoding.rawValue)", at: place(storage, byte: byte, path),
            got: byte < storage.count
                ? "byte 0x\(String(storage.base[byte], radix: 16))" : "the end of the file",
            advice: "say the encoding that the file has")
    }

    /// The row of a byte, by the line feeds before it.
    private static func row(_ storage: TextStorage, byte: Int) -> Int {
        storage.bytes.prefix(byte).reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
    }

    private static func place(_ storage: TextStorage, byte: Int, _ path: String) -> String {
        "\(path), row \(row(storage, byte: byte)), byte \(byte)"
    }

    /// The encoding that a byte order mark says, and the mark's length.
    private static func mark(_ bytes: UnsafeBufferPointer<UInt8>) -> (TextEncoding?, Int) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
        return (nil, 0)
    }

    /// UTF-16 without a mark: every other byte of the beginning is zero, as the higher halves of ASCII are.
    private static func utf16WithoutMark(_ bytes: UnsafeBufferPointer<UInt8>) -> TextEncoding? {
        let sample = bytes.prefix(512)
        guard sample.count >= 4 else { return nil }
        var zeros = [0, 0]
        for (place, byte) in sample.enumerated() where byte == 0 { zeros[place % 2] += 1 }
        let half = sample.count / 2
        if zeros[0] == 0, zeros[1] * 2 > half { return .utf16LittleEndian }
        if zeros[1] <= 1, zeros[0] * 2 > half { return .utf16BigEndian }
        return nil
    }

    /// Whether a text begins as UTF-16 does, with a mark or without.
    static func utf16(begins bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || utf16WithoutMark(bytes) != nil
    }

    /// Files of other kinds that people take for tables.
    private static func refuseOtherFiles(_ bytes: UnsafeBufferPointer<UInt8>, _ path: String) throws {
        let isArchive = bytes.starts(with: [0x50, 0x4B, 3, 4])
        guard
            let other = FileKind.other(bytes)
                ?? (isArchive ? ("NumPy's archive (.npz)", "give the table as CSV") : nil)
        else { return }
        throw DescentError(
            .badData, "not a table of text", at: path, expected: "CSV, gzipped or not", got: other.what,
            advice: other.advice)
    }
}
