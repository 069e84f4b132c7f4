import Arrays
import Support

/// A safetensors file: named arrays and a few strings.
///
/// The file: the length of the header (8 bytes, little-endian), the header (JSON), the elements. The same arrays always
/// give the same bytes: names are sorted, arrays are stored by decreasing element size and then by name, and the header
/// is padded with spaces so that each array is aligned to its elements.
///
/// ```swift
/// var file = SafeTensors()
/// file.metadata["format"] = "descent"
/// file.set(weights, named: "dense1.weight")
/// try file.write(to: "model.safetensors")
/// let again = try SafeTensors(contentsOf: "model.safetensors")
/// let weights = try again.array(named: "dense1.weight", as: Float.self)
/// ```
///
/// F16 and BF16 are widened to `Float`, integers that `NDArray` does not support to the next larger type. An array of
/// another type (F8_E4M3, C64) does not keep the others from being read: its error is thrown when that array is read.
///
/// Source: the format's own description, github.com/huggingface/safetensors.
public struct SafeTensors: Sendable {
    /// The metadata: strings stored with the arrays.
    public var metadata = NamedValues<String>()
    private var members = NamedValues<Result<StoredArray, DescentError>>()
    /// The path of the file, for errors.
    public let path: String?

    /// Creates an empty set of arrays.
    public init() { path = nil }

    /// The readable arrays by name.
    public var arrays: NamedValues<StoredArray> { members.compactMapValues { try? $0.get() } }

    /// The names of all arrays, in the order of their bytes; unreadable ones included.
    public var names: [String] { members.keys }

    /// Adds the array, or replaces the one of that name.
    ///
    /// - Precondition: the name is not `__metadata__`, which the format reserves.
    public mutating func set<Scalar: StoredScalar>(_ array: NDArray<Scalar>, named name: String) {
        set(StoredArray(array), named: name)
    }

    /// Adds an array of dynamic element type, or replaces the one of that name.
    ///
    /// - Precondition: the name is not `__metadata__`, which the format reserves.
    public mutating func set(_ array: StoredArray, named name: String) {
        require(name != Self.metadataKey, "\(name) is not a name for an array")
        members[name] = .success(array)
    }

    /// Removes the array of that name, if there is one.
    package mutating func remove(named name: String) { members[name] = nil }

    /// Returns the array of that name.
    ///
    /// - Throws: `badData` when it does not exist, cannot be read, or has elements of another type.
    public func array<Scalar: StoredScalar>(
        named name: String, as type: Scalar.Type = Scalar.self
    ) throws -> NDArray<Scalar> {
        try members.array(named: name, path: path)
    }

    /// Returns the array of that name, of any type.
    ///
    /// - Throws: `badData` when it does not exist or cannot be read.
    public func array(named name: String) throws -> StoredArray {
        try members.stored(named: name, path: path)
    }

    // MARK: Reading

    /// Reads the file at `path`.
    ///
    /// - Throws: `missingInput`, `inputOutput`; `badData` with the byte at which the file is invalid. Everything is
    ///   checked against the size of the file before memory is allocated.
    public init(contentsOf path: String) throws {
        try self.init(ByteSource(path: path))
    }

    init(_ source: ByteSource) throws {
        path = source.path
        guard source.size >= 8 else {
            throw DescentError(
                .badData, "not a safetensors file", at: source.place(0), expected: "at least 8 bytes",
                got: "\(source.size)")
        }
        let length = try source.bytes(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(Self.largestHeader), Int(length) <= source.size - 8 else {
            throw DescentError(
                .badData, "the header is longer than the file", at: source.place(0),
                expected: "at most \(min(Self.largestHeader, source.size - 8)) bytes", got: "\(length)",
                advice: "is it a safetensors file?")
        }
        let start = 8 + Int(length)
        var header = SafeTensorsHeader(bytes: try source.bytes(Int(length)), path: source.path, origin: 8)
        try header.parse()
        metadata = header.metadata
        try Self.checkLayout(&header.entries, start: start, source)

        for entry in header.entries {
            do {
                members[entry.name] = .success(try Self.array(entry, start: start, source))
            } catch let error as DescentError where error.kind == .badData {
                members[entry.name] = .failure(error)
            }
        }
    }

    private static func array(
        _ entry: SafeTensorsHeader.Entry, start: Int, _ source: ByteSource
    ) throws -> StoredArray {
        guard let type = entry.type else {
            throw DescentError(
                .badData, "array \(shown(entry.name)) has \(NumPyType.refusal)",
                at: source.place(entry.typePlace),
                expected: "F16, BF16, F32, F64, I8 to I64, U8 to U64 or BOOL",
                got: PathText.prefix(of: entry.typeName, bytes: 40))
        }
        try source.seek(to: start + entry.begin)
        return try type.array(
            shape: entry.shape, isFortran: false, place: source.place(start + entry.begin)
        ) { try source.readExactly(into: $0) }
    }

    /// Sorts the arrays by position, and checks that they fill the data without a gap or an overlap.
    private static func checkLayout(
        _ entries: inout [SafeTensorsHeader.Entry], start: Int, _ source: ByteSource
    ) throws {
        entries.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
        let dataSize = source.size - start
        var next = 0
        for entry in entries {
            guard let count = StoredArray.checkedCount(entry.shape) else {
                throw DescentError(
                    .badData, "array \(shown(entry.name)) has an impossible shape",
                    at: source.place(entry.place),
                    got: "\(entry.shape)")
            }
            guard entry.begin <= entry.end, entry.end <= dataSize else {
                throw DescentError(
                    .badData, "array \(shown(entry.name)) lies outside the file",
                    at: source.place(entry.place),
                    expected: "offsets within \(dataSize) bytes", got: "\(entry.begin) to \(entry.end)",
                    advice: "the file may be truncated")
            }
            // The element size of an unknown type is not known either.
            let bytes = entry.type.map { count * $0.size } ?? (entry.end - entry.begin)
            guard entry.end - entry.begin == bytes else {
                throw DescentError(
                    .badData, "array \(shown(entry.name)) has another size than its shape",
                    at: source.place(entry.place), expected: "\(bytes) bytes",
                    got: "\(entry.end - entry.begin)")
            }
            guard entry.begin == next else {
                let what = entry.begin < next ? "overlaps another" : "leaves a gap before it"
                throw DescentError(
                    .badData, "array \(shown(entry.name)) \(what)", at: source.place(entry.place),
                    expected: "offset \(next)", got: "\(entry.begin)")
            }
            next = entry.end
        }
        guard next == dataSize else {
            throw DescentError(
                .badData, "bytes that belong to no array", at: source.place(start + next),
                expected: "\(start + next) bytes", got: "\(source.size)")
        }
    }

    // MARK: Writing

    /// Writes the file at `path` atomically.
    ///
    /// - Throws: `cannotCreate`, `inputOutput`; `badData` when an array could not be read and so cannot be written.
    public func write(to path: String) throws {
        let arrays = try members.mapValues { try $0.get() }
        let (header, order) = header(of: arrays)
        try AtomicFile.write(to: path) { file in
            try file.write(header)
            for name in order {
                try arrays[name]?.withUnsafeBytes { try file.write($0) }
            }
        }
    }

    /// The size in bytes of the file as written.
    package var byteCount: Int {
        let arrays = arrays
        return header(of: arrays).bytes.count + arrays.values.reduce(0) { $0 + $1.byteCount }
    }

    /// The length and the header, padded to a multiple of 8.
    ///
    /// The order is that of the data: with the largest elements first, all are aligned without gaps.
    private func header(of arrays: NamedValues<StoredArray>) -> (bytes: [UInt8], order: [String]) {
        let sizes = arrays.mapValues(\.elementType.size)
        let order = arrays.keys.sorted { left, right in
            let (one, other) = (sizes[left] ?? 0, sizes[right] ?? 0)
            return one != other ? one > other : Self.bytewise(left, right)
        }
        var ranges = NamedValues<(begin: Int, end: Int)>()
        var offset = 0
        for name in order {
            let size = arrays[name]?.byteCount ?? 0
            ranges[name] = (offset, offset + size)
            offset += size
        }
        var members: [String] = []
        if !metadata.isEmpty {
            let pairs =
                metadata
                .map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
            members.append("\"\(Self.metadataKey)\":{\(pairs.joined(separator: ","))}")
        }
        for (name, array) in arrays {
            guard let (begin, end) = ranges[name] else { continue }
            let shape = array.shape.map(String.init).joined(separator: ",")
            members.append(
                "\(Self.quoted(name)):{\"dtype\":\"\(SafeTensorsHeader.name(of: array.elementType))\","
                    + "\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(end)]}")
        }
        var text = Array("{\(members.joined(separator: ","))}".utf8)
        text += [UInt8](repeating: UInt8(ascii: " "), count: -text.count & 7)
        return ((0..<8).map { UInt8(truncatingIfNeeded: text.count >> ($0 * 8)) } + text, order)
    }

    static let metadataKey = "__metadata__"
    /// The reference implementation's own limit, 100 million bytes.
    private static let largestHeader = 100_000_000

    private static func bytewise(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// A JSON string (RFC 8259, section 7).
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
