import Arrays
import CZlib
import Support

/// An npz file, NumPy's format of several named arrays: a zip archive of npy files.
///
/// A member that is not an array, or of an unsupported type (text, Python objects), does not keep the others from being
/// read: its error is thrown when that member is read.
///
/// ```swift
/// let weights = try NPZ(contentsOf: "weights.npz")
/// print(weights.names, try weights.array(named: "W1", as: Float.self).shape)
/// ```
///
/// Source: NumPy reference, `numpy.savez` and `numpy.savez_compressed`.
public struct NPZ: Sendable {
    private var members = NamedValues<Result<StoredArray, DescentError>>()
    /// The path of the file, for errors.
    package let path: String?

    /// Creates an empty set of arrays.
    public init() { path = nil }

    /// The readable arrays by name, without the `.npy` that the archive appends.
    public var arrays: NamedValues<StoredArray> { members.compactMapValues { try? $0.get() } }

    /// The names of all members, in the order of their bytes; unreadable ones included.
    public var names: [String] { members.keys }

    /// Adds the array, or replaces the one of that name.
    public mutating func set<Scalar: StoredScalar>(_ array: NDArray<Scalar>, named name: String) {
        set(StoredArray(array), named: name)
    }

    /// Adds an array of dynamic element type, or replaces the one of that name.
    public mutating func set(_ array: StoredArray, named name: String) { members[name] = .success(array) }

    /// Removes the member of that name, if there is one.
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

    /// Reads the file at `path`.
    ///
    /// `limit`: the bytes that all compressed arrays may take together, since a small file of zeros could fill the
    /// memory; nil for 256 MiB, or 128 times the file's size up to 4 GiB. Arrays beyond it are not read, and reading
    /// them throws an error that says so. No array takes memory before its header has been checked against the
    /// archive's directory.
    ///
    /// - Throws: `missingInput`, `inputOutput`; `badData` when the archive is invalid.
    public init(contentsOf path: String, limit: Int? = nil) throws {
        try self.init(ByteSource(path: path), limit: limit)
    }

    init(_ source: ByteSource, limit: Int? = nil) throws {
        path = source.path
        let archive = try ZipArchive(source)
        let limit = limit ?? MemoryLimit.bytes(forFileOf: source.size)
        var unpacked = 0
        // A folder's own entry ends with a slash.
        for entry in archive.entries where entry.name.utf8.last != UInt8(ascii: "/") {
            let isArray = entry.name.utf8.suffix(4).elementsEqual(".npy".utf8)
            let name =
                isArray ? PathText.prefix(of: entry.name, bytes: entry.name.utf8.count - 4) : entry.name
            do {
                guard isArray else {
                    throw DescentError(
                        .badData, "entry \(shown(entry.name)) is not an array",
                        at: source.place(entry.offset),
                        expected: "names that end with .npy")
                }
                // Stored entries cannot be larger than the file.
                let cost = entry.method == 0 ? 0 : entry.size
                guard cost <= limit - unpacked else {
                    throw DescentError(
                        .badData, "entry \(shown(entry.name)) is too large when unpacked",
                        at: source.place(entry.place), expected: "at most \(limit) bytes in all arrays",
                        got: "\(unpacked) before it and \(cost) in it", advice: "give a higher limit")
                }
                let memory = entry.method == 0 ? Int.max : limit - unpacked
                let array = try Self.array(entry, in: archive, memory: memory)
                if entry.method != 0 { unpacked += max(cost, array.byteCount) }
                members[name] = .success(array)
            } catch let error as DescentError where error.kind == .badData {
                // An array goes before a file that has its bare name.
                if isArray || members[name] == nil { members[name] = .failure(error) }
            }
        }
    }

    private static func array(
        _ entry: ZipArchive.Entry, in archive: ZipArchive, memory: Int
    ) throws -> StoredArray {
        let reader = try archive.reader(of: entry)
        let array = try NPY.read(reader, memory: memory)
        try reader.finish()
        return array
    }

    /// Writes the file at `path` atomically; the same arrays always give the same bytes.
    ///
    /// `compressed`: deflated, as by `savez_compressed`; else stored.
    ///
    /// - Throws: `cannotCreate`, also for arrays of 4 GiB and more, and for names of more than 65,000 bytes; `inputOutput`;
    ///   `badData` when a member could not be read and so cannot be written.
    public func write(to path: String, compressed: Bool = false) throws {
        let arrays = try members.mapValues { try $0.get() }
        try AtomicFile.write(to: path) { file in
            var directory: [UInt8] = []
            for (name, array) in arrays {
                guard name.utf8.count <= 65_000 else {
                    throw DescentError(
                        .cannotCreate, "the name \(shown(name)) is too long for an npz file", at: path,
                        expected: "at most 65000 bytes")
                }
                guard max(array.byteCount + 128, file.count) < Int(UInt32.max) else {
                    throw DescentError(
                        .cannotCreate, "too large for an npz file: array \(shown(name))", at: path,
                        expected: "less than 4 GiB", advice: "write each array as an npy file")
                }
                let plain = NPY.header(of: array) + array.withUnsafeBytes { [UInt8]($0) }
                let packed = compressed ? Gzip.deflated(plain) : plain
                // Version 2.0, names in UTF-8, the first day that zip knows: 1 January 1980.
                let fields: [UInt8] =
                    little(20, 2) + little(1 << 11, 2) + little(compressed ? 8 : 0, 2) + little(0, 2)
                    + little(0x21, 2) + little(Int(ZipArchive.checksum([plain])), 4) + little(packed.count, 4)
                    + little(plain.count, 4) + little(name.utf8.count + 4, 2) + little(0, 2)
                directory += little(0x0201_4B50, 4) + little(20, 2) + fields
                directory += little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(file.count, 4)
                directory += Array(name.utf8) + Array(".npy".utf8)
                try file.write(little(0x0403_4B50, 4) + fields + Array(name.utf8) + Array(".npy".utf8))
                try file.write(packed)
            }
            let start = file.count
            guard start < Int(UInt32.max), arrays.count < 0xFFFF else {
                throw DescentError(
                    .cannotCreate, "too large for an npz file", at: path,
                    expected: "less than 4 GiB and 65,535 arrays", advice: "write each array as an npy file")
            }
            try file.write(directory)
            try file.write(
                little(0x0605_4B50, 4) + little(0, 4) + little(arrays.count, 2) + little(arrays.count, 2)
                    + little(directory.count, 4) + little(start, 4) + little(0, 2))
        }
    }

    private func little(_ value: Int, _ length: Int) -> [UInt8] {
        (0..<length).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}

extension NamedValues where Value == Result<StoredArray, DescentError> {
    /// The array of that name; `path` is for the errors.
    func stored(named name: String, path: String?) throws -> StoredArray {
        guard let member = self[name] else {
            let some = keys.prefix(8).joined(separator: ", ")
            throw DescentError(
                .badData, "there is no array \(shown(name))", at: path,
                got: isEmpty ? "no arrays" : some + (count > 8 ? ", ..." : ""))
        }
        return try member.get()
    }

    /// The array of that name and type.
    func array<Scalar: StoredScalar>(named name: String, path: String?) throws -> NDArray<Scalar> {
        let stored = try stored(named: name, path: path)
        guard let array = Scalar.load(stored) else {
            throw DescentError(
                .badData, "array \(shown(name)) has another type", at: path,
                expected: Scalar.elementType.rawValue, got: stored.elementType.rawValue)
        }
        return array
    }
}
